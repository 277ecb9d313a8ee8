"""course migrate"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import click

from course import settings
from course.content.counts import counted
from course.record.progress import granting
from course.record.store import schema, timeouts
from course.record.store.database import Database
from course.record.store.timeouts import Timeouts


@contextlib.contextmanager
def open_database(
    choose_timeouts: Callable[[Mapping[str, Any]], Timeouts] = timeouts.for_commands,
) -> Iterator[Database]:
    """Open the configured database; raises UsageError or ClickException when it cannot be used."""
    try:
        config = settings.from_environment()
        settings.check_database(config)
        database = Database(config["DATABASE_URL"], choose_timeouts(config))
    except (settings.SettingError, ValueError) as error:
        raise click.UsageError(str(error)) from None
    try:
        with schema.schema_errors(database):
            yield database
    except schema.SchemaError as error:
        raise click.ClickException(str(error)) from None
    finally:
        database.close()


@click.command()
def migrate() -> None:
    """Bring the database to the form that this version of the engine needs.

    Safe to repeat, and to run on several machines at once. `course serve` does it by itself.

    Lists the completions that are kept though they rest on marks and rules of different moments, which
    older versions of the engine took together.
    """
    with open_database(timeouts.for_migrations) as database:
        changed = schema.upgrade(database)
        with database.read() as session:
            mixed = granting.completions_by_mixed_marks(session)
    click.echo("The database was brought up to date." if changed else "The database is up to date.")
    if mixed:
        completions = counted(len(mixed), "completion is", "completions are")
        click.echo(
            f"{completions} kept that an older version of the engine counted by marks and rules of different "
            "moments. Learners and trainers read so on their pages:"
        )
    for fact in mixed:
        click.echo(f"  {fact.learner}: {fact.lesson}, completed {fact.completed_at:%Y-%m-%d}")
