"""Writing: from a save to the page, beside other builders."""

import shutil
import socket
import statistics
import time
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import builds, courses, services
from bench.services import ServiceError
from bench.tables import Table, figure

QUESTIONS = 5
START = 400
"""Seconds that a builder may take until its first page shows."""
PATIENCE = 200
"""Seconds that a save may take to show."""

ENGINE = "course preview"
MKDOCS = "mkdocs serve"
ZENSICAL = "zensical serve"
PREVIEWS = (ENGINE, MKDOCS, ZENSICAL)


@dataclass(frozen=True)
class Sizes:
    lessons: int
    saves: int
    slow_saves: int
    """How many for a builder that makes every page again."""
    others: bool = True
    """Whether the other builders are measured, which takes minutes, and Zensical is installed."""


FULL = Sizes(lessons=1_000, saves=20, slow_saves=2)
QUICK = Sizes(lessons=100, saves=5, slow_saves=2)


def steps(sizes: Sizes) -> int:
    """Return how many steps `measure` tells."""
    return (len(PREVIEWS) + 2 if sizes.others else 1) + 1


def measure(sizes: Sizes, work: Path, step: Callable[[str], None]) -> dict[str, Any]:
    """Save a lesson again and again under each preview."""
    saves: dict[str, list[float]] = {}
    step(f"{sizes.lessons} lessons, {ENGINE}")
    course = work / "course"
    courses.write(course, sizes.lessons, QUESTIONS)
    command = [*services.COURSE, "preview", "--root", str(course), "--port"]
    saves[ENGINE] = _saves(command, course, sizes.saves)
    version = ""
    if sizes.others:
        plain = work / "plain"
        courses.write(plain, sizes.lessons, QUESTIONS, plain=True, without=["navigation.sections"])
        config = str(plain / "mkdocs.yml")
        step(f"{sizes.lessons} lessons, {MKDOCS}")
        command = [*services.PYTHON, "mkdocs", "serve", "-f", config, "-a"]
        saves[MKDOCS] = _saves(command, plain, sizes.slow_saves, as_address=True)
        step("installing Zensical in an environment of its own")
        zensical, version = builds.install_zensical(work / "zensical")
        step(f"{sizes.lessons} lessons, {ZENSICAL}")
        command = [str(zensical), "serve", "-f", config, "-a"]
        saves[ZENSICAL] = _saves(command, plain, sizes.saves, as_address=True)
        step(f"{sizes.lessons} lessons, {ENGINE}, once more")
        command = [*services.COURSE, "preview", "--root", str(course), "--port"]
        saves[ENGINE] += _saves(command, course, sizes.saves)
    step("done")
    shutil.rmtree(work / "zensical", ignore_errors=True)
    return {"sizes": asdict(sizes), "zensical": version, "saves": saves}


def _saves(command: list[str], root: Path, many: int, *, as_address: bool = False) -> list[float]:
    """Start a preview, save a lesson *many* times, and return how long each took to be served."""
    port = _free_port()
    address = [f"127.0.0.1:{port}"] if as_address else [str(port)]
    page = f"http://127.0.0.1:{port}/module-1/lesson-1/"
    lesson = root / "lessons/module-1/lesson-1.md"
    before = lesson.read_text(encoding="utf-8")
    found = []
    with services.running([*command, *address], page, root, {}, START):
        _await(page, "More in", START)
        try:
            for number in range(many):
                time.sleep(1.0)  # until what follows a save is done
                word = f"Word{number}"
                start = time.perf_counter()
                lesson.write_text(before.replace("More in", f"{word} more in"), encoding="utf-8")
                _await(page, word, PATIENCE)
                found.append(time.perf_counter() - start)
        finally:
            lesson.write_text(before, encoding="utf-8")
    return found


def _await(page: str, word: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(page, timeout=seconds) as response:
                if word.encode() in response.read():
                    return
        except OSError:
            pass  # a page that is being written, or no server yet
        time.sleep(0.005)
    raise ServiceError(f"{page} does not show what was saved after {seconds:.0f} seconds.")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def summary(result: dict[str, Any]) -> list[str]:
    """Return what the figures say."""
    lessons = result["sizes"]["lessons"]
    mine = result["saves"][ENGINE]
    others = [
        f"{figure(statistics.median(seconds))} s under `{name}`"
        for name, seconds in result["saves"].items()
        if name != ENGINE
    ]
    beside = f", {' and '.join(others)}" if others else ""
    return [
        f"In a course of {lessons:,} lessons a saved lesson is served "
        f"{1_000 * statistics.median(mine):.0f} ms later by `{ENGINE}`{beside}.",
    ]


def tables(result: dict[str, Any]) -> list[Table]:
    """Return how long a save took to show."""
    return [_latencies(result)]


def _latencies(result: dict[str, Any]) -> Table:
    rows = [
        (
            name,
            str(len(seconds)),
            f"{1_000 * statistics.median(seconds):,.0f}",
            f"{1_000 * min(seconds):,.0f} - {1_000 * max(seconds):,.0f}",
            "" if name == ENGINE else f"{_ratio(result, name):.3f}",
        )
        for name, seconds in result["saves"].items()
    ]
    columns = ("", "Saves", "ms", "Lowest - highest", "Ours to it")
    note = (
        f"From the save of a lesson until its address serves what was saved, asked every 5 ms, in a course "
        f"of {result['sizes']['lessons']:,} lessons. Each lesson has a quiz of {QUESTIONS} questions under "
        f"`{ENGINE}`; the others serve the same Markdown without quizzes and with a pruned navigation. "
        + (
            f"Zensical {result['zensical']} in an environment of its own."
            if result["zensical"]
            else ""
        )
    )
    return Table("Preview", columns, rows, note)


def _ratio(result: dict[str, Any], name: str) -> float:
    ours, other = (statistics.median(result["saves"][kind]) for kind in (ENGINE, name))
    return ours / other
