"""course migrate"""

import contextlib
from collections.abc import Iterator

import click

from course import settings
from course.record import schema
from course.record.database import Database


@contextlib.contextmanager
def open_database() -> Iterator[Database]:
    """Give the database of the settings; ends with a sentence when they are wrong."""
    try:
        database = Database(settings.from_environment()["DATABASE_URL"])
    except (settings.SettingError, ValueError) as error:
        raise click.UsageError(str(error)) from None
    try:
        yield database
    except schema.SchemaError as error:
        raise click.ClickException(str(error)) from None
    finally:
        database.close()


@click.command()
def migrate() -> None:
    """Bring the database to the form that this version of the engine needs.

    Safe to repeat, and to run on several machines at once. `course serve` does it by itself.
    """
    with open_database() as database:
        changed = schema.upgrade(database)
    click.echo("The database was brought up to date." if changed else "The database is up to date.")
