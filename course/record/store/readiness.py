"""Readiness: whether answers can be recorded now."""

import os
from pathlib import Path

import sqlalchemy as sa

from course.record.store import schema, unavailable
from course.record.store.database import Database

ROOM = 64 * 1024
"""Bytes that must fit on the disk of a SQLite record."""


def problem(database: Database) -> str | None:
    """Return why the record cannot take answers; None when it can."""
    try:
        database.check()
        if not schema.is_supported(database):
            return "the database is not at this version's schema: run 'course migrate'"
        with database.write() as session:
            session.execute(sa.text("UPDATE alembic_version SET version_num = version_num"))
            session.rollback()
        if database.is_sqlite:
            _write_beside(database.file.path)
    except sa.exc.SQLAlchemyError as error:
        if not unavailable.is_unavailable(error):
            raise
        return f"the record cannot be reached: {unavailable.error_message(error)}"
    except OSError as error:
        return f"nothing can be written beside the record: {error.strerror}"
    return None


def _write_beside(record: Path) -> None:
    """Write and delete a file: a write to the log does not prove that the disk has room for it to grow."""
    probe = record.with_name(f".{record.name}-ready-{os.getpid()}")
    try:
        file = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(file, 0, ROOM)
            os.fsync(file)
        finally:
            os.close(file)
    finally:
        probe.unlink(missing_ok=True)
