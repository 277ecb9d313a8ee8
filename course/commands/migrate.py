"""course migrate"""

import click

from course.record import schema
from course.record.database import Database
from course.web import settings


def open_database() -> Database:
    """Return the database of the settings; exits with a sentence when they are wrong."""
    try:
        return Database(settings.from_environment()["DATABASE_URL"])
    except (settings.SettingError, ValueError) as error:
        raise click.UsageError(str(error)) from None


@click.command()
def migrate() -> None:
    """Bring the database to the form that this version of the engine needs.

    Safe to repeat, and to run on several machines at once. `course serve` does it by itself.
    """
    try:
        changed = schema.upgrade(open_database())
    except schema.SchemaError as error:
        raise click.ClickException(str(error)) from None
    click.echo("The database was brought up to date." if changed else "The database is up to date.")
