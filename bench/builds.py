"""Builds: the engine beside plain Material on the same Markdown, for courses of growing length."""

import contextlib
import itertools
import os
import re
import select
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import courses, services
from bench.services import ServiceError
from bench.tables import Table, figure

QUESTIONS = 5
PATIENCE = 600
"""Seconds that one build may take."""

ENGINE = "course build"
PLAIN = "Material alone"
"""With the same theme features."""
PRUNED = "Material, pruned"
"""Without navigation.sections, which keeps every lesson in the navigation of every page."""
BUILDERS = (ENGINE, PLAIN, PRUNED)


@dataclass(frozen=True)
class Sizes:
    repeats: dict[int, int]
    """For each number of lessons, how often it is built."""


FULL = Sizes({20: 3, 200: 3, 1_000: 1})
QUICK = Sizes({20: 2, 200: 1})


@dataclass(frozen=True)
class Built:
    seconds: float
    memory: int
    """The most bytes that the process held at once."""
    site: int
    """Bytes of the site."""


def steps(sizes: Sizes) -> int:
    """Return how many steps `measure` tells."""
    return len(BUILDERS) * sum(sizes.repeats.values())


def measure(sizes: Sizes, work: Path, step: Callable[[str], None]) -> dict[str, Any]:
    """Build each course with each builder in turn, and return the medians."""
    rows = []
    for lessons, repeats in sizes.repeats.items():
        root = work / f"course-{lessons}"
        commands = {name: _written(root / slug, name, lessons) for slug, name in _slugs()}
        found: dict[str, list[Built]] = {name: [] for name in BUILDERS}
        for _ in range(repeats):
            for slug, name in _slugs():
                step(f"{lessons} lessons, {name}")
                found[name].append(build(commands[name], root / slug))
        rows += [_row(lessons, name, found[name], found[ENGINE]) for name in BUILDERS]
        shutil.rmtree(root)
    return {"sizes": asdict(sizes), "rows": rows}


def _slugs() -> Iterator[tuple[str, str]]:
    """Yield the folder's name of each builder."""
    return ((f"builder-{number}", name) for number, name in enumerate(BUILDERS))


def _written(root: Path, builder: str, lessons: int) -> list[str]:
    """Write a course for *builder* and return the command that builds it."""
    is_plain = builder != ENGINE
    without = ["navigation.sections"] if builder == PRUNED else []
    courses.write(root, lessons, QUESTIONS, plain=is_plain, without=without)
    if not is_plain:
        return [*services.COURSE, "build", "--root", str(root)]
    config = str(root / "mkdocs.yml")
    return [*services.PYTHON, "mkdocs", "build", "--strict", "--config-file", config]


def build(command: Sequence[str], root: Path, *, cold: bool = True) -> Built:
    """Build the course in *root*, *cold* from nothing, and return what it took."""
    site = root / "site"
    if cold:
        for folder in (site, root / ".cache"):
            shutil.rmtree(folder, ignore_errors=True)
    log = root / "log"
    start = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            services.tied(command),
            cwd=root,
            env=services.environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        memory = _watch(process.pid)
        seconds = time.perf_counter() - start
        failed = process.wait(1) != 0
    finally:
        process.kill()
        process.wait()
    if failed:
        raise ServiceError(f"The build failed:\n{log.read_text()[-2_000:]}")
    return Built(seconds, memory, sum(p.stat().st_size for p in site.rglob("*") if p.is_file()))


def _watch(pid: int) -> int:
    """Wait for a process to end and return its highest memory.

    The kernel's own account of an ended child would begin with the memory of us, who started it.
    """
    highest = 0
    deadline = time.monotonic() + PATIENCE
    ended = os.pidfd_open(pid)
    try:
        while not select.select([ended], [], [], 0.02)[0]:
            with contextlib.suppress(OSError):
                status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
                if match := re.search(r"VmHWM:\s*(\d+) kB", status):
                    highest = max(highest, int(match[1]) * 1024)
            if time.monotonic() > deadline:
                raise ServiceError(f"A build took more than {PATIENCE} seconds.")
    finally:
        os.close(ended)
    return highest


def _row(lessons: int, name: str, builds: list[Built], ours: list[Built]) -> dict[str, Any]:
    seconds = [built.seconds for built in builds]
    ratios = [our.seconds / built.seconds for our, built in zip(ours, builds, strict=True)]
    return {
        "lessons": lessons,
        "builder": name,
        "seconds": statistics.median(seconds),
        "engine_takes": statistics.median(ratios),
        "memory_mb": statistics.median(built.memory for built in builds) / 2**20,
        "site_mb": builds[-1].site / 2**20,
        "rounds": seconds,
    }


def summary(result: dict[str, Any]) -> list[str]:
    """Return what the figures say about the longest course."""
    rows = result["rows"]
    most = max(row["lessons"] for row in rows)
    ours, plain, pruned = (row for row in rows if row["lessons"] == most)
    growth = _growth(rows).rows[-1]
    return [
        f"{most:,} lessons build in {figure(ours['seconds'])} s with {figure(ours['memory_mb'])} MB of "
        f"memory: {plain['engine_takes']:.2f} times the time of Material alone with the same theme features, "
        f"{pruned['engine_takes']:.2f} times that of Material with a pruned navigation. Material "
        "makes no quizzes.",
        f"From {growth[0]}, a factor of {growth[1]}, the time of a build grows by {growth[2]} (`{ENGINE}`), "
        f"{growth[3]} ({PLAIN}) and {growth[4]} ({PRUNED}).",
    ]


def tables(result: dict[str, Any]) -> list[Table]:
    """Return what was measured, and how it grows with the lessons."""
    return [_speeds(result["rows"]), _growth(result["rows"])]


def _speeds(rows: list[dict[str, Any]]) -> Table:
    cells = [
        (
            f"{row['lessons']:,} lessons, {row['builder']}",
            str(len(row["rounds"])),
            figure(row["seconds"]),
            f"{figure(min(row['rounds']))} - {figure(max(row['rounds']))}",
            "" if row["builder"] == ENGINE else f"{row['engine_takes']:.2f}",
            figure(row["memory_mb"]),
            figure(row["site_mb"]),
        )
        for row in rows
    ]
    columns = ("", "Builds", "Seconds", "Lowest - highest", "Ours to it", "Memory MB", "Site MB")
    note = (
        f"Generated lessons of about 800 words; with `{ENGINE}` each has a quiz of {QUESTIONS} questions. "
        f"{PLAIN} builds the same Markdown without quizzes, with the same theme features and Markdown "
        f"extensions. {PRUNED} does so without navigation.sections: with it, Material keeps every lesson "
        "in the navigation of every page, although navigation.prune is on; our navigation does not. Whole "
        "commands, Python's start included, all in turn; medians. Ours to it is the seconds of "
        f"`{ENGINE}` divided by these. Memory is the most that the process held at once."
    )
    return Table("Builds", columns, cells, note)


def _growth(rows: list[dict[str, Any]]) -> Table:
    sizes = sorted({row["lessons"] for row in rows})
    by = {(row["builder"], row["lessons"]): row["seconds"] for row in rows}
    cells = [
        (
            f"{few:,} to {many:,} lessons",
            figure(many / few),
            *(figure(by[name, many] / by[name, few]) for name in BUILDERS),
        )
        for few, many in itertools.pairwise(sizes)
    ]
    note = "How many times longer a build takes. Above the lessons' own factor it grows faster than they."
    return Table("Growth", ("", "Lessons", *BUILDERS), cells, note)
