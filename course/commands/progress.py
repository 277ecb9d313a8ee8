"""course progress"""

from pathlib import Path

import click
import sqlalchemy as sa
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy import orm

from course import settings
from course.commands.migrate import open_database
from course.content.counts import counted
from course.content.dates import sortable
from course.content.percent import percent, percentage
from course.record.people import accounts
from course.record.people.tables import Learner
from course.record.progress import standings as computed
from course.record.revisions.published_course import PublicationError, PublishedCourse
from course.record.revisions.registration import CourseSnapshot
from course.record.store import schema


@click.command()
@click.argument("mail", required=False)
def progress(mail: str | None) -> None:
    """Show how far learners have got: all of them together, or one account by its MAIL.

    Counts learners who answered at least one question or marked a lesson as read. Complete means complete
    by the rule that held when it was reached.
    """
    with open_database() as database:
        schema.check(database)
        try:
            published = PublishedCourse(_course_file(), database).get()
        except PublicationError as error:
            raise click.ClickException(str(error)) from None
        with database.read() as session:
            if mail is not None:
                _print_account(session, published, mail)
            else:
                _print_everyone(session, published)


def _course_file() -> Path:
    return Path(settings.from_environment()["PUBLISHED_FILE"])


def _print_account(session: orm.Session, published: CourseSnapshot, mail: str) -> None:
    try:
        account = accounts.find_by_mail(session, accounts.normalise_address(mail))
    except accounts.InvalidInput as error:
        raise click.UsageError(str(error)) from None
    if account is None:
        raise click.ClickException(f"No account has the address {mail}.")
    standing = computed.course_standing(session, published, account.learner_id)
    table = Table("Lesson", "Answered", "Score", "Complete since")
    for lesson in standing.lessons.values():
        table.add_row(
            lesson.lesson.title,
            f"{lesson.answered} of {lesson.total}",
            "" if lesson.score is None else percentage(percent(lesson.score)),
            sortable(lesson.completed_at) if lesson.completed_at else "",
        )
    Console().print(table)


def _print_everyone(session: orm.Session, published: CourseSnapshot) -> None:
    started = dict.fromkeys(published.course.lessons, 0)
    complete = dict.fromkeys(published.course.lessons, 0)
    learners = session.scalars(sa.select(Learner.id).where(Learner.merged_into.is_(None))).all()
    active = 0
    for learner_id in track(
        learners, "Reading the record", transient=True, console=Console(stderr=True)
    ):
        standing = computed.course_standing(session, published, learner_id)
        active += standing.has_begun
        for name, lesson in standing.lessons.items():
            started[name] += bool(lesson.answered or lesson.read_at)
            complete[name] += lesson.is_complete
    table = Table("Lesson", "Started", "Complete")
    for name, described in published.course.lessons.items():
        table.add_row(described.title, str(started[name]), str(complete[name]))
    console = Console()
    console.print(table)
    console.print(f"{counted(active, 'learner')}, guests included.")
