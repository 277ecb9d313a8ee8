"""course statistics"""

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

import click
import sqlalchemy as sa
from markupsafe import Markup
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from course import settings
from course.commands.migrate import open_database
from course.content.counts import counted
from course.content.course import Course
from course.content.problems import did_you_mean, short
from course.markup import figures as markup
from course.record.revisions.published_course import PublicationError, read_course
from course.record.statistics import export, figure_cache, flags
from course.record.statistics import item_statistics as computed
from course.record.statistics.first_answers import Asked
from course.record.statistics.intervals import Estimate
from course.record.statistics.item_statistics import Figures
from course.record.store import schema
from course.record.store.database import Database

CONNECT_SECONDS = 2
"""Seconds for which a build waits for a connection to the database server."""


@click.command()
@click.argument("name", metavar="[LESSON|QUESTION]", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="A table to read here, or a file for spreadsheets or programs.",
)
@click.option("--earlier", is_flag=True, help="Show earlier revisions of the questions, too.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file instead of the terminal.",
)
@click.option(
    "--recount",
    is_flag=True,
    help="Recount the figures that the trainers' pages keep, where they are old; for a timer.",
)
def statistics(
    name: str | None, form: str, earlier: bool, output: Path | None, recount: bool
) -> None:
    """Show question statistics: for the whole course, for one LESSON, or for one QUESTION.

    Each learner's first answer to a question counts, with the mark it had then. Figures come with their
    95% interval, or with "too few". Nothing in the output tells who answered what.

    The trainers' pages of a course with many answers show figures as they were counted last. They have them
    counted when they are looked at; --recount does so beforehand, the LESSON first, at low priority.
    """
    course = _read_course()
    if recount:
        _recount(course, name)
        return
    asked = _select_questions(course, name)
    with open_database() as database:
        schema.check(database)
        with database.read() as session:
            found = computed.compute(session, asked, earlier=earlier)
    every = [one for revisions in found.values() for one in revisions]
    figures = [one for one in every if name is None or name in (one.lesson, one.question.id)]
    try:
        with _open_output(output) as file:
            if form == "table":
                _print(figures, Console(file=file, width=None if output is None else 140))
            else:
                file.write(_FORMATS[form](figures))
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}") from None


def notes(course: Course) -> dict[str, Markup]:
    """Return the preview's note for each question: figures of its latest revision with answers."""
    found = read_figures(course)
    latest = {name: next((one for one in of if one.n), None) for name, of in found.items()}
    return {name: markup.note(one) for name, one in latest.items() if one}


def read_figures(course: Course) -> Mapping[str, tuple[Figures, ...]]:
    """Return the figures of each question and its earlier revisions; empty if no database can be read.

    For builds and previews, which work without a database and do not wait for one. For many answers, the
    figures come from the cache.
    """
    try:
        url = sa.make_url(settings.from_environment()["DATABASE_URL"])
        if url.get_backend_name() == "sqlite":
            if not Path(url.database or "").is_file():
                return {}
        else:
            url = url.difference_update_query(["connect_timeout"]).update_query_dict(
                {"connect_timeout": str(CONNECT_SECONDS)}
            )
        database = Database(url.render_as_string(hide_password=False))
    except (settings.SettingError, sa.exc.SQLAlchemyError, ValueError, OSError, ImportError):
        return {}
    try:
        schema.check(database)
        with database.read() as session:
            revisions = {name: question.revision for name, (_, question) in course.asked.items()}
            return figure_cache.course_figures(session, course, revisions).figures
    except (schema.SchemaError, sa.exc.SQLAlchemyError):
        return {}
    finally:
        database.close()


def _recount(course: Course, name: str | None) -> None:
    lessons = {lesson.id for lesson, _ in _select_questions(course, name).values()} if name else ()
    os.nice(10)  # requests of learners come first
    with open_database() as database:
        schema.check(database)
        lesson_count = figure_cache.recount(database, course, lessons)
    if lesson_count is None:
        click.echo("Another process is counting already.")
    else:
        click.echo(f"Counted {counted(lesson_count, 'lesson')}.")


_FORMATS = {"csv": export.as_csv, "json": export.as_json}


def _read_course() -> Course:
    try:
        path = Path(settings.from_environment()["PUBLISHED_FILE"])
        return read_course(path)
    except settings.SettingError as error:
        raise click.UsageError(str(error)) from None
    except PublicationError as error:
        raise click.ClickException(str(error)) from None


def _select_questions(course: Course, name: str | None) -> Asked:
    """Return the questions of whole lessons, since discrimination compares a question with its lesson."""
    if name is None:
        return course.asked
    lesson = course.asked[name][0] if name in course.asked else course.lessons.get(name)
    if lesson is None:
        hint = did_you_mean(name, [*course.lessons, *course.asked])
        message = f"The course has no lesson and no question '{short(name)}'"
        raise click.UsageError(f"{message}; {hint}" if hint else f"{message}.")
    return {question.id: (lesson, question) for question in lesson.questions}


@contextlib.contextmanager
def _open_output(path: Path | None) -> Iterator[IO[str]]:
    if path is None:
        yield sys.stdout
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        yield file


def _print(figures: list[Figures], console: Console) -> None:
    question = Column("Question", no_wrap=True)
    table = Table(question, "Learners", "Facility", "Discrimination", "Median time")
    for one in figures:
        table.add_row(
            Text(one.question.id if one.is_present else f"{one.question.id} ({one.revision})"),
            str(one.n),
            _format_estimate(one.facility, ".2f"),
            _format_estimate(one.discrimination, ".2f"),
            _format_estimate(one.seconds, ".0f", " s"),
        )
    console.print(table)
    if len({one.question.id for one in figures}) == 1:
        for one in figures:
            _print_chosen(one, console)
    for one in figures:
        if one.is_present and (line := flags.summary_line(one)):
            console.print(Text(line))
    console.print("First answers only; in brackets, the 95% interval.")


def _print_chosen(figures: Figures, console: Console) -> None:
    rows = [part for part in figures.parts if part.text]
    table = Table("Row" if rows else "", "Chosen", "Right", "Learners", "Share")
    for part in figures.parts:
        for number, option in enumerate(part.options, start=1):
            table.add_row(
                Text(part.text or str(number)),
                Text(option.text),
                {None: "", True: "yes", False: "no"}[option.right],
                str(option.count),
                _format_estimate(option.share, ".2f"),
            )
    for typed in figures.typed:
        table.add_row(Text(typed.gap), Text(typed.text), "no", str(typed.count), "")
    if table.row_count:
        console.print(Text(f"Revision {figures.revision}:"))
        console.print(table)


def _format_estimate(estimate: Estimate | None, form: str, unit: str = "") -> str:
    if estimate is None:
        return ""
    if estimate.value is None:
        return "too few" if estimate.n < estimate.needs else estimate.why
    return f"{estimate.value:{form}}{unit} ({estimate.low:{form}}..{estimate.high:{form}})"
