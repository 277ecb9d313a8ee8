"""The error Unavailable, and which errors of SQLAlchemy mean the same: the record cannot be used now."""

import sqlite3

from sqlalchemy import exc

_STATES = frozenset({"25006", "3D000", "3F000", "42501", "42703", "42P01"})
"""SQLSTATE codes of PostgreSQL for a database that is not ours, or not writable:
read-only transaction, no such database, schema, column or table, no permission.

https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

_CLASSES = frozenset({"08", "53", "55", "57", "58", "XX"})
"""Classes of SQLSTATE codes for a server that is unreachable, full, busy, stopping or damaged."""


class Unavailable(exc.OperationalError):
    """The record cannot be used now; *reason* is a sentence that says why and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(None, None, Exception(reason))
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


def is_unavailable(error: BaseException) -> bool:
    """Return whether *error* means that the database cannot be used now, so that a retry may work."""
    if isinstance(error, (exc.OperationalError, exc.InterfaceError, exc.TimeoutError)):
        return True
    if not isinstance(error, exc.DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state in _STATES or state[:2] in _CLASSES
    return type(error.orig) is sqlite3.DatabaseError  # no database at all, or a damaged one


def error_message(error: BaseException) -> str:
    """Return the driver's message in one line, without the statement and its parameters."""
    message = str(getattr(error, "orig", None) or error)
    return " ".join(message.split()).rstrip(".") or type(error).__name__
