"""course migrate"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from course import settings
from course.commands import backups
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
@click.option(
    "--backup",
    "path",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the backup before a change goes.  [default: a new file in data/backups/]",
)
@click.option("--no-backup", is_flag=True, help="Make no backup before a change.")
def migrate(path: Path | None, no_backup: bool) -> None:
    """Bring the database to the form that this version of the engine needs.

    Safe to repeat, and to run on several machines at once. `course serve` does it by itself. Before a
    database that holds anything is changed, a backup of it is made, as `course backup` does; if that cannot
    be made, nothing is changed.

    Lists the completions that are kept though they rest on marks and rules of different moments, which
    older versions of the engine took together.
    """
    if path is not None and no_backup:
        raise click.UsageError("Give --backup or --no-backup, not both.")
    with open_database(timeouts.for_migrations) as database:
        if no_backup:
            changed = schema.upgrade(database)
        else:
            changed = backups.upgrade(database, settings.from_environment(), path)
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
