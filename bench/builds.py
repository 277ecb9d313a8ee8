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
from collections.abc import Callable, Sequence
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


@dataclass(frozen=True)
class Sizes:
    repeats: dict[int, int]
    """For each number of lessons, how often it is built."""


FULL = Sizes({20: 5, 200: 3, 1_000: 1})
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
    return 2 * sum(sizes.repeats.values())


def measure(sizes: Sizes, work: Path, step: Callable[[str], None]) -> dict[str, Any]:
    """Build each course with either builder in turn, and return the medians."""
    rows = []
    for lessons, repeats in sizes.repeats.items():
        root = work / f"course-{lessons}"
        courses.write(root / "engine", lessons, QUESTIONS)
        courses.write(root / "plain", lessons, QUESTIONS, plain=True)
        config = str(root / "plain/mkdocs.yml")
        commands = {
            ENGINE: [*services.COURSE, "build", "--root", str(root / "engine")],
            PLAIN: [*services.PYTHON, "mkdocs", "build", "--strict", "--config-file", config],
        }
        sites = {ENGINE: root / "engine/site", PLAIN: root / "plain/site"}
        found: dict[str, list[Built]] = {ENGINE: [], PLAIN: []}
        for _ in range(repeats):
            for name, command in commands.items():
                step(f"{lessons} lessons, {name}")
                found[name].append(build(command, sites[name], root))
        ratio = statistics.median(
            ours.seconds / plain.seconds
            for ours, plain in zip(found[ENGINE], found[PLAIN], strict=True)
        )
        rows += [_row(lessons, name, builds, ratio) for name, builds in found.items()]
        shutil.rmtree(root)
    return {"sizes": asdict(sizes), "rows": rows}


def build(command: Sequence[str], site: Path, cwd: Path) -> Built:
    """Build from nothing into *site* and return what it took."""
    shutil.rmtree(site, ignore_errors=True)
    log = cwd / "log"
    start = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            services.tied(command),
            cwd=cwd,
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


def _row(lessons: int, name: str, builds: list[Built], ratio: float) -> dict[str, Any]:
    seconds = [built.seconds for built in builds]
    return {
        "lessons": lessons,
        "builder": name,
        "seconds": statistics.median(seconds),
        "ratio": ratio if name == ENGINE else 1.0,
        "memory_mb": statistics.median(built.memory for built in builds) / 2**20,
        "site_mb": builds[-1].site / 2**20,
        "rounds": seconds,
    }


def summary(result: dict[str, Any]) -> list[str]:
    """Return what the figures say about the longest course."""
    rows = result["rows"]
    ours = max((row for row in rows if row["builder"] == ENGINE), key=lambda row: row["lessons"])
    growth = _growth(rows).rows
    grown = f" {growth[-1][0]}: {growth[-1][2]} times the seconds." if growth else ""
    return [
        f"{ours['lessons']:,} lessons build in {figure(ours['seconds'])} s with {figure(ours['memory_mb'])} "
        f"MB of memory: {ours['ratio']:.2f} times the time of Material alone, which makes no quizzes.{grown}"
    ]


def tables(result: dict[str, Any]) -> list[Table]:
    """Return what was measured, and how it grows with the lessons."""
    rows = result["rows"]
    return [_speeds(rows), _growth(rows)]


def _speeds(rows: list[dict[str, Any]]) -> Table:
    columns = ("", "Builds", "Seconds", "Lowest - highest", "Ratio", "Memory MB", "Site MB")
    cells = [
        (
            f"{row['lessons']:,} lessons, {row['builder']}",
            str(len(row["rounds"])),
            figure(row["seconds"]),
            f"{figure(min(row['rounds']))} - {figure(max(row['rounds']))}",
            f"{row['ratio']:.2f}",
            figure(row["memory_mb"]),
            figure(row["site_mb"]),
        )
        for row in rows
    ]
    note = (
        f"Generated lessons of about 800 words; with `{ENGINE}` each has a quiz of {QUESTIONS} questions. "
        "Material alone builds the same Markdown without quizzes, with the same theme features "
        "(navigation.prune among them) and Markdown extensions. Whole commands, Python's start included, "
        "either builder in turn; medians. Memory is the most that the process held at once."
    )
    return Table("Builds", columns, cells, note)


def _growth(rows: list[dict[str, Any]]) -> Table:
    sizes = sorted({row["lessons"] for row in rows})
    by = {(row["builder"], row["lessons"]): row["seconds"] for row in rows}
    cells = [
        (
            f"{few:,} to {many:,} lessons",
            figure(many / few),
            *(figure(by[name, many] / by[name, few]) for name in (ENGINE, PLAIN)),
        )
        for few, many in itertools.pairwise(sizes)
    ]
    note = "How many times longer a build takes. Above the lessons' own factor it grows faster than they."
    return Table("Growth", ("", "Lessons", ENGINE, PLAIN), cells, note)
