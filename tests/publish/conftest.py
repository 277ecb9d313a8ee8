"""A small course with a question of every type, and its site, built once for each worker."""

import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

from course.content.course import Course
from course.publish import site
from tests.publish.fake_service import FakeService, serving

TINY = Path(__file__).parent / "tiny"


@dataclass(frozen=True)
class Built:
    course: Course
    root: Path
    course_file: Path

    @property
    def pages(self) -> list[Path]:
        return sorted(self.root.rglob("*.html"))

    def text(self, name: str) -> str:
        return (self.root / name).read_text("utf-8")


def copied(folder: Path) -> Path:
    """Return a copy of the small course in *folder*, without what was kept of builds."""
    ignored = shutil.ignore_patterns(".cache")
    return Path(shutil.copytree(TINY, folder / "tiny", ignore=ignored))


@pytest.fixture(scope="session")
def tiny_site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("published")
    course_file = folder / "course.json"
    course = site.build(
        copied(folder), folder / "site", course_file, site_url="https://example.org/learn/"
    )
    return Built(course, folder / "site", course_file)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """Return a copy of the small course, to change."""
    return copied(tmp_path)


@pytest.fixture(scope="session")
def root_site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Return the small course as it is served at the root of a local address.

    Material leaves a page without loading only for addresses of the sitemap, so the port must be known.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
    folder = tmp_path_factory.mktemp("served")
    course_file = folder / "course.json"
    course = site.build(copied(folder), folder / "site", course_file, site_url=address)
    return Built(course, folder / "site", course_file)


@pytest.fixture
def service(root_site: Built) -> Iterator[FakeService]:
    with serving(root_site.root, root_site.course) as running:
        yield running


@pytest.fixture
def refusals(page: Page) -> list[str]:
    """Gather what the browser refuses or cannot run while the test's page is open."""
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    return said
