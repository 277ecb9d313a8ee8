"""course inventory"""

import dataclasses
import datetime
import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from course.commands import options
from course.content import reading, source
from course.content.counts import counted, pluralise
from course.content.problems import CourseError
from course.quality import inventory as counting
from course.quality import material
from course.quality.inventory import Counted, Due, Inventory

MAX_PROBLEMS = 5
"""Problems shown of an invalid course; `course check` lists them all."""

HEADINGS = (
    "Words",
    "Reading",
    "Answering",
    "Plan page",
    "Minutes",
    "Sections",
    "Questions",
    "Unscored",
    "Per objective",
    "Pictures",
    "Sources",
)
MIN_WIDTH = 144


@click.command()
@options.root
@click.option("--due", is_flag=True, help="List only the questions whose facts are due for review.")
@click.option(
    "--within",
    default=30,
    type=click.IntRange(0, 3650),
    show_default=True,
    metavar="DAYS",
    help="How many days ahead a date counts as due.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def inventory(root: Path, due: bool, within: int, as_json: bool) -> None:
    """Count what the course holds: lessons, words, questions, pictures, sources, dates of review.

    With --due, each question whose `review_after` is past or near is one line with its place in the file,
    the earliest first.

    Exit status: 0, also when something is due; 1 when the course is not sound; 2 when the command was called
    wrongly.
    """
    today = datetime.date.today()
    try:
        found = counting.take_inventory(material.read(root, reading.open_course(root), today))
    except (CourseError, source.Unreadable) as error:
        for problem in error.problems[:MAX_PROBLEMS]:
            click.echo(str(problem), err=True)
        click.echo("Not counted: 'course check' tells you what to fix first.", err=True)
        raise SystemExit(1) from None
    soon = found.due_by(today + datetime.timedelta(days=within))
    if as_json:
        click.echo(json.dumps(_report(found, soon, only_due=due), indent=2, ensure_ascii=False))
    elif due:
        _print_due(found, soon, today, within)
    else:
        _print(found, soon, within)


def _print(found: Inventory, soon: tuple[Due, ...], within: int) -> None:
    console = Console(highlight=False)
    console.width = max(console.width, MIN_WIDTH)  # wrapped rows are better than truncated titles
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Lesson", no_wrap=True)
    for head in HEADINGS:
        table.add_column(head, justify="right", no_wrap=True)
    for lesson in found.lessons:
        table.add_row(*_row(lesson))
    console.print(table)
    console.print()
    types = ", ".join(f"{many} {name}" for name, many in found.types.items() if many)
    lines = [f"By type: {types or 'no questions'}.", _sum(found), _time(found)]
    if found.due:
        are = pluralise(len(soon), "is", "are")
        dates = counted(len(found.due), "date")
        near = f"{len(soon)} of {dates} of review {are} past or within {within} days"
        lines.append(f"{near}; the first is {found.due[0].date}.")
    for line in lines:
        console.print(Text(line), soft_wrap=True)


def _row(lesson: Counted) -> tuple[str, ...]:
    least = min(lesson.practice.values())
    return (
        lesson.title,
        f"{lesson.words:,}",
        str(lesson.minutes),
        str(lesson.answering),
        str(lesson.planning or "none"),
        str(lesson.total),
        str(lesson.sections),
        str(lesson.questions),
        str(lesson.unscored),
        f"{least}–{max(lesson.practice.values())}",
        str(lesson.pictures),
        str(lesson.sources),
    )


def _sum(found: Inventory) -> str:
    lessons = found.lessons
    parts = (
        counted(len(lessons), "lesson"),
        counted(sum(lesson.words for lesson in lessons), "word"),
        counted(sum(lesson.questions for lesson in lessons), "question"),
        f"{sum(lesson.unscored for lesson in lessons)} of them unscored",
        counted(sum(len(lesson.practice) for lesson in lessons), "objective"),
        counted(sum(lesson.has_plan for lesson in lessons), "plan page"),
        counted(sum(lesson.pictures for lesson in lessons), "picture"),
        counted(sum(lesson.sources for lesson in lessons), "source"),
        f"{sum(lesson.linked for lesson in lessons)} of them with a link",
    )
    return f"In all: {', '.join(parts)}."


def _time(found: Inventory) -> str:
    lessons = found.lessons
    parts = (
        f"{counted(sum(lesson.minutes for lesson in lessons), 'minute')} to read",
        f"{counted(sum(lesson.answering for lesson in lessons), 'minute')} for questions",
        f"{counted(sum(lesson.planning for lesson in lessons), 'minute')} for plan pages",
    )
    hours = sum(lesson.total for lesson in lessons) / 60
    return f"Time: {', '.join(parts)}; {hours:.1f} hours in all."


def _print_due(found: Inventory, soon: tuple[Due, ...], today: datetime.date, within: int) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for due in soon:
        place = f"{due.place.path}:{due.place.line}:{due.place.column}:"
        when = "since" if due.date <= today else "on"
        console.print(Text.assemble((place, "bold"), f" {due.question}: due {when} {due.date}"))
    if soon:
        console.print(Text(f"{counted(len(soon), 'question')} due for review."))
    else:
        first = f" The next date is {found.due[0].date}." if found.due else ""
        console.print(Text(f"Nothing is due within {within} days.{first}"))


def _report(found: Inventory, soon: tuple[Due, ...], *, only_due: bool) -> dict[str, Any]:
    due = [
        {
            "lesson": one.lesson,
            "question": one.question,
            "review_after": one.date.isoformat(),
            "path": one.place.path,
            "line": one.place.line,
            "column": one.place.column,
        }
        for one in soon
    ]
    if only_due:
        return {"due": due}
    lessons = [
        dataclasses.asdict(lesson) | {"questions": lesson.questions, "total": lesson.total}
        for lesson in found.lessons
    ]
    return {"lessons": lessons, "types": found.types, "due": due}
