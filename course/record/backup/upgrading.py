"""Upgrades a database, with a backup before one that holds anything is changed."""

import contextlib
from collections.abc import Callable

import sqlalchemy as sa

from course.record.backup.saving import Backup
from course.record.store import schema
from course.record.store.database import Database


def upgrade(database: Database, save: Callable[[], Backup]) -> bool:
    """Bring *database* to this engine's schema, after *save*; return whether anything had to be done.

    A backup before an upgrade that failed, and so changed nothing, is removed: a service that is started
    again and again would fill the disk with them.
    """
    saved: Backup | None = None
    found: str | None = None

    def back_up() -> None:
        nonlocal saved, found
        found, saved = schema.current(database), save()

    try:
        return schema.upgrade(database, back_up)
    except Exception:
        with contextlib.suppress(sa.exc.SQLAlchemyError):
            if saved is not None and schema.current(database) == found:
                saved.path.unlink()
        raise
