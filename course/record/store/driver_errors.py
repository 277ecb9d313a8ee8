"""Removes quoted values from errors of the database drivers, so that no log can contain them.

A driver's message may repeat what was sent: "Key (mail)=(ada@example.org) already exists". Such an error is
rewritten where it is raised, before anything can print it. Its type and its code stay.
"""

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

_DATA = "22"
"""The class of SQLSTATE codes whose messages quote the value that is wrong."""

_QUOTED = re.compile(r"\s*\b(with text|DETAIL:|CONTEXT:|HINT:).*", re.DOTALL)


def hide_values(engine: sa.Engine) -> None:
    """Remove the values from every error of *engine*."""
    event.listen(engine, "handle_error", _rewrite)


def strip_values(error: BaseException) -> BaseException:
    """Remove the values that were sent from the message of a driver's error; return the error."""
    state = getattr(error, "sqlstate", None) or ""
    primary = getattr(getattr(error, "diag", None), "message_primary", None)
    if state.startswith(_DATA):
        message = f"{type(error).__name__} (SQLSTATE {state})"
    else:
        message = primary or _QUOTED.sub("", str(error))
    error.args = (message,)
    return error


def _rewrite(context: Any) -> None:
    error, wrapped = context.original_exception, context.sqlalchemy_exception
    if not isinstance(error, context.dialect.loaded_dbapi.Error):
        return
    strip_values(error)
    if wrapped is not None:
        kind = type(error)
        wrapped.args = (f"({kind.__module__}.{kind.__name__}) {error}",)
