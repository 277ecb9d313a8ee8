"""Loads the record and the changed course for `impact`, `decide` and `publish`, and compares them."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import sqlalchemy as sa
from sqlalchemy import orm

from course import settings
from course.commands.migrate import open_database
from course.content import decisions, history, lesson, reading
from course.content.course import Course, Lesson
from course.content.problems import CourseError, errors
from course.content.reading import LESSONS
from course.record.answering.tables import Answer
from course.record.publishing import impact, summary
from course.record.publishing.impact_model import Impact
from course.record.publishing.summary import Summary
from course.record.revisions.published_course import PublicationError, PublishedCourse
from course.record.revisions.registration import CourseSnapshot, Timeline
from course.record.store import schema

summary_option = click.option(
    "--summary",
    "summary_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file of 'course record summary', to read instead of the database.",
)


@dataclass(frozen=True)
class Assessment:
    """A summary of the record, the changed course, and the impact of publishing it."""

    summary: Summary
    course: Course
    impact: Impact


def assess(
    root: Path,
    *,
    base: str | None = None,
    commit: str | None = None,
    summary_file: Path | None = None,
) -> Assessment:
    """Return what publishing *root* (or its *commit*) would do, compared with the commit *base* if given.

    Raises ClickException when the record, a commit or the course cannot be read.
    """
    record = _from_file(summary_file) if summary_file else from_database(root)
    before = None
    if base is not None:
        with _checked_out(root, base) as folder:
            before = _open_course(folder, f"The course at commit {base}")
    with _checked_out(root, commit) if commit else contextlib.nullcontext(root) as folder:
        after = _open_course(folder, "The course")
        _check_same_course(record.course, after)
        found = impact.assess(record, after, before=before, is_named=_naming_check(folder))
    _check_known_revisions(root, after, record)
    return Assessment(record, after, found)


def from_database(root: Path = Path()) -> Summary:
    """Return the summary of the configured database; the published file is relative to *root*."""
    with open_database() as database:
        schema.check(database)
        path = root / settings.from_environment()["PUBLISHED_FILE"]
        with contextlib.suppress(PublicationError):
            published = PublishedCourse(path, database).get()  # which registers it first
            with database.read() as session:
                return summary.compute(session, published)
        with database.read() as session:
            _check_no_answers(session, path)
            return summary.compute(
                session, CourseSnapshot(Course("", "", ()), Timeline({}, ()), {})
            )


def _check_no_answers(session: orm.Session, path: Path) -> None:
    if session.scalar(sa.select(Answer.question).limit(1)) is not None:
        raise click.ClickException(
            f"The record holds answers, but there is no published course at {path}. Name the file with "
            "COURSE_PUBLISHED_FILE, or build the course that was published with 'course build'."
        )


def _from_file(path: Path) -> Summary:
    try:
        return summary.load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, summary.SummaryError) as error:
        raise click.ClickException(f"{path}: {error}") from None


@contextlib.contextmanager
def _checked_out(root: Path, commit: str) -> Iterator[Path]:
    try:
        with history.checked_out(root, commit) as folder:
            yield folder
    except history.NoHistory as error:
        raise click.ClickException(str(error)) from None


def _open_course(root: Path, what: str) -> Course:
    try:
        return reading.open_course(root)
    except CourseError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        raise click.ClickException(f"{what} has problems; fix them first.") from None


def _check_same_course(published: Course, after: Course) -> None:
    known = set(published.asked) | set(published.lessons)
    if known and not known & (set(after.asked) | set(after.lessons)):
        raise click.ClickException(
            f"The record is of another course, '{published.title}': not one lesson or question of it is "
            f"in '{after.title}'."
        )


def _check_known_revisions(root: Path, after: Course, record: Summary) -> None:
    """Raise ClickException for entries under `changes:` that name unknown revisions."""
    live = {name: (question.revision,) for name, (_, question) in record.course.asked.items()}
    problems = decisions.problems(root, after, {**live, **record.known})
    for problem in problems:
        click.echo(str(problem), err=True)
    if errors(problems):
        raise click.ClickException("Some decisions name unknown revisions; fix them first.")


def _naming_check(root: Path) -> Callable[[Lesson], bool]:
    def is_named(one: Lesson) -> bool:
        file, _ = lesson.read(root, root / LESSONS / one.path, lesson=True)
        return file is not None and file.meta is not None and file.meta.id is not None

    return is_named
