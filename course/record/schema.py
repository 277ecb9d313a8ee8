"""Brings a database up to date. Migrations are the only way a schema is made."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from course.record.database import Database

_FOLDER = Path(__file__).parent / "migrations"


class SchemaError(Exception):
    """The database does not fit this version of the engine."""


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """Return the newest revision of the schema that this engine knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(database: Database) -> str | None:
    """Return the revision that *database* is at; None for an empty one."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database) -> bool:
    """Bring *database* to this engine's schema; return whether anything had to be done.

    Raises SchemaError, and changes nothing, when a newer engine made it.
    """
    found = current(database)
    if found == head():
        return False
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found is not None and found not in known:
        raise SchemaError(
            f"The database is at schema '{found}', which this version of the engine does not know: a "
            "newer one has written it. Update the engine, or point COURSE_DATABASE_URL elsewhere. "
            "Nothing was changed."
        )
    with database.write() as session:
        connection = session.connection()
        if not database.is_sqlite:  # two nodes may start at once
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7316001)"))
        command.upgrade(_config(connection), "head")
    return True


def check(database: Database) -> None:
    """Raise SchemaError unless *database* is exactly at this engine's schema."""
    found = current(database)
    if found is None:
        raise SchemaError(
            "There is no record here yet. Run 'course migrate' first, or 'course serve', which does it too."
        )
    if found != head():
        raise SchemaError(
            f"The database is at schema '{found}', this engine needs '{head()}'. Run 'course migrate' first."
        )
