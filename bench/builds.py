"""Builds: the engine beside plain Material on the same Markdown, for courses of growing length."""

import contextlib
import itertools
import os
import re
import select
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import courses, services
from bench.services import ServiceError
from bench.tables import Table, figure

QUESTIONS = 5

ENGINE = "course build"
PRUNED = "Material, pruned"
"""Without navigation.sections, which keeps every lesson in the navigation of every page."""
PLAIN = "Material alone"
"""With the same theme features."""
ZENSICAL = "Zensical, pruned"
ZENSICAL_PLAIN = "Zensical alone"
BUILDERS = (ENGINE, PRUNED, PLAIN)
OTHERS = (ZENSICAL, ZENSICAL_PLAIN)
EDITED = (ENGINE, ZENSICAL)
"""Builders that keep something for the next build."""


@dataclass(frozen=True)
class Sizes:
    repeats: dict[int, int]
    """For each number of lessons, how often it is built."""
    edits: dict[int, int]
    """For some of them, how often again after one edit."""
    limit: int = 300
    """Seconds after which a build is stopped: without pruning the time grows with the square."""
    others: bool = True
    """Whether Zensical is installed and measured, too."""


FULL = Sizes({20: 3, 200: 3, 1_000: 2, 5_000: 1}, {1_000: 3, 5_000: 1}, limit=120)
QUICK = Sizes({20: 2, 200: 1}, {200: 1}, others=False)


@dataclass(frozen=True)
class Built:
    seconds: float
    memory: int
    """The most bytes that its processes held at once, what they share counted once."""
    site: int
    """Bytes of the site."""
    ended: bool = True
    """Whether it came to its end within the limit."""


def _builders(sizes: Sizes) -> tuple[str, ...]:
    return BUILDERS + OTHERS if sizes.others else BUILDERS


def _edited(sizes: Sizes) -> list[str]:
    return [name for name in EDITED if name in _builders(sizes)]


def steps(sizes: Sizes) -> int:
    """Return how many steps `measure` tells."""
    builds = len(_builders(sizes)) * sum(sizes.repeats.values())
    return builds + len(_edited(sizes)) * sum(sizes.edits.values()) + sizes.others


def measure(sizes: Sizes, work: Path, step: Callable[[str], None]) -> dict[str, Any]:
    """Build each course with each builder in turn, and return the medians."""
    rows: list[dict[str, Any]] = []
    edits: list[dict[str, Any]] = []
    names = _builders(sizes)
    zensical, version = Path(), ""
    if sizes.others:
        step("installing Zensical in an environment of its own")
        zensical, version = install_zensical(work / "zensical-builder")
    for lessons, repeats in sizes.repeats.items():
        root = work / f"course-{lessons}"
        folders = {name: root / f"builder-{number}" for number, name in enumerate(names)}
        commands = {
            name: _written(folder, name, lessons, zensical) for name, folder in folders.items()
        }
        found: dict[str, list[Built]] = {name: [] for name in names}
        for _ in range(repeats):
            for name in names:
                step(f"{lessons:,} lessons, {name}")
                found[name].append(build(commands[name], folders[name], limit=sizes.limit))
        rows += [_row(lessons, name, found[name], found[ENGINE]) for name in names]
        again: dict[str, list[Built]] = {name: [] for name in _edited(sizes)}
        for number in range(sizes.edits.get(lessons, 0)):
            for name, builds in again.items():
                step(f"{lessons:,} lessons, {name}, after an edit")
                edit(folders[name], f"Edit{number}")
                builds.append(build(commands[name], folders[name], cold=False, limit=sizes.limit))
        edits += [
            {"lessons": lessons, "builder": name, "rounds": [built.seconds for built in builds]}
            for name, builds in again.items()
            if builds
        ]
        shutil.rmtree(root)
    return {"sizes": asdict(sizes), "zensical": version, "rows": rows, "edits": edits}


def edit(root: Path, word: str) -> None:
    """Put another *word* into the first lesson of a course."""
    lesson = root / "lessons/module-1/lesson-1.md"
    text = lesson.read_text(encoding="utf-8")
    lesson.write_text(re.sub(r"(\w+ m|M)ore in", f"{word} more in", text), encoding="utf-8")


def install_zensical(folder: Path) -> tuple[Path, str]:
    """Install Zensical from the package index, and return its command and its version."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True)
    pip = [str(folder / "bin/pip"), "--disable-pip-version-check", "install", "--quiet", "zensical"]
    done = subprocess.run(pip, check=False, capture_output=True, text=True)
    if done.returncode:
        raise ServiceError(f"Zensical cannot be installed:\n{done.stderr[-2_000:]}")
    found = sorted((folder / "lib").glob("python*/site-packages/zensical-*.dist-info"))
    return folder / "bin/zensical", found[0].name.removeprefix("zensical-")[: -len(".dist-info")]


def _written(root: Path, builder: str, lessons: int, zensical: Path) -> list[str]:
    """Write a course for *builder* and return the command that builds it."""
    is_plain = builder != ENGINE
    without = ["navigation.sections"] if builder in (PRUNED, ZENSICAL) else []
    courses.write(root, lessons, QUESTIONS, plain=is_plain, without=without)
    if not is_plain:
        return [*services.COURSE, "build", "--root", str(root)]
    config = str(root / "mkdocs.yml")
    if builder in OTHERS:
        return [str(zensical), "build", "-f", config]
    return [*services.PYTHON, "mkdocs", "build", "--strict", "--config-file", config]


def build(command: Sequence[str], root: Path, *, cold: bool = True, limit: int = 300) -> Built:
    """Build the course in *root*, *cold* from nothing, for *limit* seconds at most."""
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
        memory, ended = _watch(process.pid, limit)
        seconds = time.perf_counter() - start
        failed = ended and process.wait(1) != 0
    finally:
        process.kill()
        process.wait()
    if failed:
        raise ServiceError(f"The build failed:\n{log.read_text()[-2_000:]}")
    size = sum(p.stat().st_size for p in site.rglob("*") if p.is_file())
    return Built(seconds, memory, size, ended)


def _watch(pid: int, limit: int) -> tuple[int, bool]:
    """Wait for a process to end; return its highest memory, and whether it ended within the limit."""
    highest = 0
    deadline = time.monotonic() + limit
    end = os.pidfd_open(pid)
    try:
        while not select.select([end], [], [], 0.1)[0]:
            highest = max(highest, sum(map(_memory, _family(pid))))
            if time.monotonic() > deadline:
                return highest, False
    finally:
        os.close(end)
    return highest, True


def _family(pid: int) -> Iterator[int]:
    """Yield a process and all that it has started."""
    yield pid
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="utf-8").split():
                yield from _family(int(child))


def _memory(pid: int) -> int:
    """Return the bytes that a process holds; of those that several share, its part."""
    with contextlib.suppress(OSError):
        said = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
        if match := re.search(r"^Pss:\s*(\d+) kB", said, re.MULTILINE):
            return int(match[1]) * 1024
    return 0


def _row(lessons: int, name: str, builds: list[Built], ours: list[Built]) -> dict[str, Any]:
    seconds = [built.seconds for built in builds]
    ratios = [our.seconds / built.seconds for our, built in zip(ours, builds, strict=True)]
    return {
        "lessons": lessons,
        "builder": name,
        "ended": all(built.ended for built in builds),
        "seconds": statistics.median(seconds),
        "engine_takes": statistics.median(ratios),
        "memory_mb": statistics.median(built.memory for built in builds) / 2**20,
        "site_mb": builds[-1].site / 2**20,
        "rounds": seconds,
    }


def summary(result: dict[str, Any]) -> list[str]:
    """Return what the figures say about the longest courses."""
    rows = result["rows"]
    said = []
    for lessons in sorted({row["lessons"] for row in rows})[-2:]:
        ours, *others = (row for row in rows if row["lessons"] == lessons)
        beside = ", ".join(
            f"{'less than ' if not row['ended'] else ''}{row['engine_takes']:.2f} times that of "
            f"{row['builder']}"
            for row in others
        )
        said.append(
            f"{lessons:,} lessons build in {figure(ours['seconds'])} s with "
            f"{figure(ours['memory_mb'])} MB of memory: {beside}. The others make no quizzes."
        )
    for row in result["edits"]:
        if row["builder"] == ENGINE:
            cold = next(r for r in rows if (r["lessons"], r["builder"]) == (row["lessons"], ENGINE))
            after = statistics.median(row["rounds"])
            said.append(
                f"After one edit in a course of {row['lessons']:,} lessons it builds in {figure(after)} s, "
                f"{after / cold['seconds']:.2f} times the {figure(cold['seconds'])} s from nothing."
            )
    growth = _growth(rows).rows[-1]
    told = ", ".join(
        f"{grown} ({name})" for name, grown in zip(_names(rows), growth[2:], strict=True)
    )
    said.append(f"From {growth[0]}, a factor of {growth[1]}, the time of a build grows by {told}.")
    return said


def tables(result: dict[str, Any]) -> list[Table]:
    """Return what was measured, how it grows with the lessons, and what an edit takes."""
    found = [_speeds(result), _growth(result["rows"])]
    return [*found, _edits(result)] if result["edits"] else found


def _names(rows: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(row["builder"] for row in rows))


def _speeds(result: dict[str, Any]) -> Table:
    cells = [
        (
            f"{row['lessons']:,} lessons, {row['builder']}",
            str(len(row["rounds"])),
            figure(row["seconds"]) if row["ended"] else f"over {result['sizes']['limit']}",
            f"{figure(min(row['rounds']))} - {figure(max(row['rounds']))}" if row["ended"] else "",
            ""
            if row["builder"] == ENGINE
            else f"{'' if row['ended'] else 'under '}{row['engine_takes']:.2f}",
            figure(row["memory_mb"]),
            figure(row["site_mb"]) if row["ended"] else "",
        )
        for row in result["rows"]
    ]
    columns = ("", "Builds", "Seconds", "Lowest - highest", "Ours to it", "Memory MB", "Site MB")
    zensical = (
        f" Zensical {result['zensical']}, in an environment of its own, builds what Material does."
        if result["zensical"]
        else ""
    )
    note = (
        f"Generated lessons of about 800 words; with `{ENGINE}` each has a quiz of {QUESTIONS} questions, "
        f"and every file is compressed as well. {PLAIN} builds the same Markdown without quizzes, with the "
        f"same theme features and Markdown extensions. {PRUNED} does so without navigation.sections: with "
        "it, Material keeps every lesson in the navigation of every page, although navigation.prune is on; "
        f"our navigation does not.{zensical} Whole commands, Python's start included, all in turn; medians; "
        f"stopped after {result['sizes']['limit']} seconds. Ours to it is the seconds of `{ENGINE}` divided "
        "by these. Memory is the most that all processes of a build held at once, looked at ten times a "
        "second, with what they share counted once."
    )
    return Table("Builds", columns, cells, note)


def _growth(rows: list[dict[str, Any]]) -> Table:
    sizes = sorted({row["lessons"] for row in rows})
    by = {(row["builder"], row["lessons"]): row for row in rows}
    cells = [
        (
            f"{few:,} to {many:,} lessons",
            figure(many / few),
            *(_grown(by[name, few], by[name, many]) for name in _names(rows)),
        )
        for few, many in itertools.pairwise(sizes)
    ]
    note = "How many times longer a build takes. Above the lessons' own factor it grows faster than they."
    return Table("Growth", ("", "Lessons", *_names(rows)), cells, note)


def _grown(few: dict[str, Any], many: dict[str, Any]) -> str:
    if not few["ended"]:
        return "?"
    return f"{'' if many['ended'] else 'over '}{figure(many['seconds'] / few['seconds'])}"


def _edits(result: dict[str, Any]) -> Table:
    cold = {(row["lessons"], row["builder"]): row["seconds"] for row in result["rows"]}
    cells = [
        (
            f"{row['lessons']:,} lessons, {row['builder']}",
            str(len(row["rounds"])),
            figure(median := statistics.median(row["rounds"])),
            f"{figure(min(row['rounds']))} - {figure(max(row['rounds']))}",
            f"{median / cold[row['lessons'], row['builder']]:.2f}",
        )
        for row in result["edits"]
    ]
    columns = ("", "Builds", "Seconds", "Lowest - highest", "To nothing")
    note = (
        "Another word in one lesson. Whole commands, Python's start included, in turn; the last column "
        "compares with a build from nothing."
    )
    return Table("Builds after an edit", columns, cells, note)
