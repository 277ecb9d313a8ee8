"""Builds that were killed leave nothing for long, and a build that runs keeps what is its own."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.publish import leftovers

BUILDER = """
import sys
from pathlib import Path
from course.publish import leftovers
folder, _ = leftovers.start_build(Path(sys.argv[1]))
(folder / "index.html").write_text("half a site")
print(folder, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("the site")
    return site


@contextlib.contextmanager
def building(out: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """Another process that builds."""
    with subprocess.Popen(
        [sys.executable, "-c", BUILDER, str(out)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    ) as process:
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().strip())


def begin_and_end(out: Path) -> None:
    folder, lock = leftovers.start_build(out)
    shutil.rmtree(folder)
    os.close(lock)


def test_what_a_killed_build_left_is_removed_by_the_next_one(out: Path) -> None:
    with building(out) as (process, folder):
        assert (folder / "index.html").is_file()
        process.send_signal(signal.SIGKILL)

    begin_and_end(out)

    assert [path.name for path in out.parent.iterdir()] == ["site"]


def test_a_build_that_runs_keeps_its_folder(out: Path) -> None:
    with building(out) as (_, folder):
        begin_and_end(out)

        assert (folder / "index.html").is_file()


def test_a_site_that_was_moved_aside_by_a_killed_build_comes_back(out: Path) -> None:
    aside = out.parent / ".site-old-x1"
    aside.mkdir()
    out.rename(aside / "site")

    begin_and_end(out)

    assert (out / "index.html").read_text() == "the site"
    assert [path.name for path in out.parent.iterdir()] == ["site"]


def test_folders_of_other_names_stay(out: Path) -> None:
    others = [".site-next", ".site-previous", ".other-new-x1", "site-new-x1"]
    for name in others:
        (out.parent / name).mkdir()

    begin_and_end(out)

    assert {path.name for path in out.parent.iterdir()} == {*others, "site"}
