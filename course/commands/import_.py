"""course import"""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from course.commands import options
from course.content import reading
from course.content.counts import counted
from course.content.model import slug
from course.content.problems import CourseError, Problem
from course.formats import files, placing
from course.formats.items import Item, Outcome

_STYLES = {"whole": "green", "part": "yellow", "refused": "red"}
_NAMES = {"whole": "whole", "part": "in part", "refused": "refused"}


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--lesson", metavar="NAME", help="The lesson to make or to give a quiz, such as basics/first."
)
@click.option("--to", metavar="FILE", help="The quiz to write, such as quizzes/basics/first.yml.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(files.FORMATS),
    help="What the file is, if it is not recognised.",
)
@click.option(
    "--encoding",
    metavar="NAME",
    help="The encoding of a text file that is not UTF-8, such as cp1252.",
)
@click.option(
    "--dry-run", is_flag=True, help="Show what would become of each question, and write nothing."
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what became of each question into this file, as JSON.",
)
@options.root
def import_(
    file: Path,
    lesson: str | None,
    to: str | None,
    kind: str | None,
    encoding: str | None,
    dry_run: bool,
    report: Path | None,
    root: Path,
) -> None:
    """Make a quiz of the questions in FILE: GIFT, Moodle XML, a QTI package, or CSV.

    Where the lesson does not exist, a short page for it is written and listed in the navigation. No file is
    overwritten. For each question it says whether it was carried whole, in part (and what was left out or
    counts otherwise), or refused (and why).

    Exit status: 0 when at least one question was carried, 1 when none was or the file cannot be read, 2
    when the command was called wrongly.
    """
    if lesson and to:
        raise click.UsageError("Name the place with --lesson or with --to, not with both.")
    try:
        name = _place(file, lesson, to)
        items = files.read(files.load(file), file.name, kind, encoding)
        made = placing.plan(root, items, name, file.name)
        written = [] if dry_run or not made.files else placing.write(root, made)
    except CourseError as error:
        _fail(error.problems)
    _print(items)
    if report:
        _write_report(report, file, made, items, written)
    _finish(root, made, written, dry_run=dry_run)


def _place(file: Path, lesson: str | None, to: str | None) -> str:
    if to:
        return placing.lesson_of_quiz(to)
    return placing.lesson_name(lesson or f"imported/{slug(file.name.split('.')[0])}")


def _fail(problems: Sequence[Problem]) -> None:
    for problem in problems:
        click.echo(str(problem), err=True)
    click.echo("Nothing was imported.", err=True)
    raise SystemExit(1)


def print_outcomes(outcomes: Sequence[Outcome], console: Console) -> None:
    """Print the outcome for each question, and the number of each kind."""
    for outcome in outcomes:
        status = outcome.status
        summary = (
            (f"{_NAMES[status]:<8}", _STYLES[status]),
            " ",
            outcome.name,
            (f"  {outcome.place}", "dim"),
        )
        console.print(Text.assemble(*summary))
        for line in [outcome.refused] if outcome.refused else outcome.lost:
            console.print(Text(f"         {line}"))
    counts = Counter(outcome.status for outcome in outcomes)
    parts = [f"{counts[status]} {name}" for status, name in _NAMES.items()]
    console.print(f"{counted(len(outcomes), 'question')}: {', '.join(parts)}.")


def _print(items: Sequence[Item]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    print_outcomes(items, console)
    remarks = Counter(remark for item in items if not item.refused for remark in item.remarks)
    for remark, count in remarks.items():
        console.print(Text(f"note, {count}×: {remark}", "dim"))


def _finish(root: Path, made: placing.Plan, written: list[str], *, dry_run: bool) -> None:
    if not made.files:
        click.echo("Nothing was imported.", err=True)
        raise SystemExit(1)
    names = written or [path.relative_to(root).as_posix() for path in made.files]
    for name in names:
        click.echo(f"{'would write' if dry_run else 'wrote'} {name}")
    if made.site is not None:
        click.echo(f"{'would list' if dry_run else 'listed'} {made.lesson}.md in {reading.SITE}")
    for line in made.todo:
        click.echo(f"to do: {line}")
    if dry_run or made.todo:
        return
    problems = [problem for problem in reading.read(root)[1] if problem.path in written]
    if problems:
        for problem in problems:
            click.echo(str(problem), err=True)
        raise SystemExit(1)


def _write_report(
    path: Path, file: Path, made: placing.Plan, items: Sequence[Item], written: list[str]
) -> None:
    counts = Counter(item.status for item in items)
    data: dict[str, Any] = {
        "file": file.name,
        "lesson": made.lesson,
        "written": written,
        "to_do": made.todo,
        "counts": {status: counts[status] for status in _NAMES},
        "items": [
            {
                "name": item.name,
                "id": "" if item.refused else item.id,
                "place": item.place,
                "status": item.status,
                "lost": item.lost,
                "refused": item.refused,
                "remarks": item.remarks,
            }
            for item in items
        ],
    }
    try:
        path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from None
