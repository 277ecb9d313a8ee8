"""Migrations: brings a database to the current schema. Nothing else creates tables."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from course.record.progress import mixed_marks
from course.record.store import rows, unavailable
from course.record.store.database import Database
from course.record.store.record_file import APPLICATION_ID

_FOLDER = Path(__file__).parent / "migrations"


class SchemaError(Exception):
    """The database cannot be opened, or does not match this version of the engine; says what to do."""


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """Return the newest schema revision of this engine."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(database: Database) -> str | None:
    """Return the schema revision of *database*; None if it is empty or does not exist."""
    if database.is_sqlite and not database.file.path.exists():
        return None
    with database.engine.connect() as connection:
        return revision(connection)


def revision(connection: sa.Connection) -> str | None:
    """Return the revision that the database of *connection* is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def is_supported(database: Database) -> bool:
    """Return whether this engine can work with *database*: at its own schema, or at that of a newer engine.

    A newer schema is compatible as long as machines with the older version are running.
    """
    found = current(database)
    return found == head() or (found is not None and found not in known())


def known() -> set[str]:
    """Return every revision of the schema that this engine can upgrade from, and its own."""
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def upgrade(database: Database, back_up: Callable[[], object] | None = None) -> bool:
    """Bring *database* to this engine's schema; return whether anything was changed.

    A database that holds anything is changed only after *back_up* has returned. Raises SchemaError, and
    changes nothing, when a newer engine made it.
    """
    with schema_errors(database):
        database.create()
        found = current(database)
        if found == head():
            _sign(database)
            return False
        _check_ours(database, found)
        if back_up is not None and _has_rows(database):
            back_up()
        _upgrade(database, found)
        _sign(database)
    return True


def _has_rows(database: Database) -> bool:
    with database.engine.connect() as connection:
        return rows.has_rows(connection)


def _upgrade(database: Database, found: str | None) -> None:
    with database.write() as session:
        connection = session.connection()
        if not database.is_sqlite:  # two nodes may start at once
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7316001)"))
        command.upgrade(_config(connection), "head")
        if found is not None and found < mixed_marks.ENDED_WITH:
            mixed_marks.save_completions(session)


def _check_ours(database: Database, found: str | None) -> None:
    """Raise SchemaError for a database of a newer engine, and a SQLite file of another program."""
    if found is not None and found not in known():
        raise SchemaError(
            f"The database is at schema '{found}', which this version of the engine does not know: a "
            "newer one has written it. Update the engine, or point COURSE_DATABASE_URL elsewhere. "
            "Nothing was changed."
        )
    if not database.is_sqlite or found is not None:
        return
    with database.engine.connect() as connection:
        made_by = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
    if made_by not in (0, APPLICATION_ID) or tables:
        raise SchemaError(
            f"{database.file.path} is the database of another program. Point COURSE_DATABASE_URL elsewhere. "
            "Nothing was changed."
        )


def _sign(database: Database) -> None:
    """Set the application id in the header of a SQLite file, unless it is set."""
    if not database.is_sqlite:
        return
    with database.engine.connect() as connection:
        made_by = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    if made_by == 0:
        with database.write() as session:
            session.execute(sa.text(f"PRAGMA application_id = {APPLICATION_ID}"))


@contextlib.contextmanager
def schema_errors(database: Database) -> Iterator[None]:
    """Raise SchemaError, naming the database, for any error of reading or writing it."""
    try:
        yield
    except unavailable.Unavailable as error:
        raise SchemaError(str(error)) from None
    except sa.exc.SQLAlchemyError as error:
        if not unavailable.is_unavailable(error):
            raise
        raise SchemaError(_sentence(database, error)) from None
    except OSError as error:
        if not database.is_sqlite:
            raise
        raise SchemaError(_sentence(database, error)) from None


def _sentence(database: Database, error: Exception) -> str:
    reason = unavailable.error_message(error)
    if not database.is_sqlite:
        place = database.url.render_as_string(hide_password=True)
        return f"The database {place} cannot be used ({reason}). Start it, or correct COURSE_DATABASE_URL."
    path = database.file.path
    if "not a database" in reason or "malformed" in reason:
        hint = "Restore a backup with 'course restore --replace', or point COURSE_DATABASE_URL elsewhere"
    else:
        hint = "Let the user who runs this read and write it and its folder, and see that the disk has room"
    return f"The record {path} cannot be used ({reason}). {hint}."


def check(database: Database) -> None:
    """Raise SchemaError unless *database* is exactly at this engine's schema."""
    with schema_errors(database):
        found = current(database)
    if found is None:
        raise SchemaError(
            "There is no record here yet. Run 'course migrate' first, or 'course serve', which does it too."
        )
    if found != head():
        raise SchemaError(
            f"The database is at schema '{found}', this engine needs '{head()}'. Run 'course migrate' first."
        )
