"""The shipped course, built and served as people get it, and learners who find their way in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from course.content.course import Course
from tests import service
from tests.browser.learner import Learner
from tests.conftest import PARTS
from tests.service import Service

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shipped course, built once."""
    folder = tmp_path_factory.mktemp("shipped")
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
        elif (ROOT / name).is_file():
            shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture(scope="session")
def served(built: Path) -> Iterator[Service]:
    """The service over the shipped course; limits are raised, since all tests come from one address."""
    raised = {"COURSE_LIMIT_SIGN_IN": "10000 per minute", "COURSE_LIMIT_MAIL": "10000 per hour"}
    with service.running(built, **raised) as running:
        yield running


@pytest.fixture
def shipped(served: Service) -> Course:
    return Course.load((served.folder / "build" / "course.json").read_text())


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts; each journey is made both ways."""
    return bool(request.param)


@pytest.fixture
def context(browser: Browser, served: Service, scripts: bool) -> Iterator[BrowserContext]:
    opened = browser.new_context(
        base_url=served.url, java_script_enabled=scripts, viewport={"width": 390, "height": 844}
    )
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A phone's page; what the browser refuses or cannot run fails the test."""
    opened = context.new_page()
    complaints: list[str] = []
    opened.on(
        "console", lambda said: complaints.append(said.text) if said.type == "error" else None
    )
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    # Chromium itself notes an answer with a status of 4xx; a script that handles it cannot prevent that.
    assert [said for said in complaints if "Failed to load resource" not in said] == []


@pytest.fixture
def learner(page: Page, shipped: Course, served: Service, scripts: bool) -> Learner:
    return Learner(page, shipped, served.folder / "data" / "outbox", scripts=scripts)
