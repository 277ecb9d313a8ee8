"""Rate limits in the database: shared by all processes, and not lost at a restart.

They use fixed windows: the first event of a name opens a window, and events until its end are counted. They
are for rare events such as signing in; answers are limited in memory (`course.web.edge.limits`), because a
second write for each would cost too much.
"""

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from course.record.people.tables import RateLimit
from course.record.store.base import now

SKEW = timedelta(minutes=1)
"""A window that ends later than possible, plus this, was opened before the clock was set back."""

PRUNE_BATCH = 100
"""How many expired windows are deleted when a new one opens."""


@dataclass(frozen=True)
class Limit:
    """At most *many* events called *name* in a window of length *within*."""

    name: str
    many: int
    within: timedelta

    @property
    def key(self) -> str:
        """The hash of the name, which is stored."""
        return hashlib.sha256(self.name.encode()).hexdigest()


@dataclass(frozen=True)
class Window:
    """The number of events in a window, and the seconds until it ends."""

    count: int
    seconds: int


def count_event(session: orm.Session, limits: Iterable[Limit]) -> dict[Limit, Window]:
    """Count an event against each of *limits* and return their windows.

    To refuse the event, raise within the transaction: then it is not counted.
    """
    ordered = sorted(limits, key=lambda limit: limit.key)  # the same order everywhere: no deadlocks
    return {limit: _add(session, limit) for limit in ordered}


def read_window(session: orm.Session, limit: Limit) -> Window:
    """Return the window of *limit* without counting; an empty one if none is open."""
    moment = now()
    found = session.execute(
        sa.select(RateLimit.count, RateLimit.ends_at).where(
            RateLimit.name == limit.key,
            RateLimit.ends_at > moment,
            RateLimit.ends_at <= moment + limit.within + SKEW,
        )
    ).one_or_none()
    return Window(0, 0) if found is None else _window(moment, *found)


def _window(moment: datetime, count: int, ends_at: datetime) -> Window:
    return Window(count, max(1, math.ceil((ends_at - moment).total_seconds())))


def _add(session: orm.Session, limit: Limit) -> Window:
    moment = now()
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    ends_at = moment + limit.within
    is_over = sa.or_(RateLimit.ends_at <= moment, RateLimit.ends_at > ends_at + SKEW)
    count, until = session.execute(
        dialect.insert(RateLimit)
        .values(name=limit.key, count=1, ends_at=ends_at)
        .on_conflict_do_update(
            index_elements=["name"],
            set_={
                "count": sa.case((is_over, 1), else_=RateLimit.count + 1),
                "ends_at": sa.case((is_over, ends_at), else_=RateLimit.ends_at),
            },
        )
        .returning(RateLimit.count, RateLimit.ends_at)
    ).one()
    if count == 1:
        _prune(session)
    return _window(moment, count, until)


def _prune(session: orm.Session) -> None:
    """Delete expired windows, except those that another transaction has locked."""
    ended = (
        sa.select(RateLimit.name)
        .where(RateLimit.ends_at < now())
        .limit(PRUNE_BATCH)
        .with_for_update(skip_locked=True)
    )
    session.execute(sa.delete(RateLimit).where(RateLimit.name.in_(ended)))


def uncount_event(session: orm.Session, limits: Iterable[Limit]) -> None:
    """Uncount an event that turned out not to be limited."""
    for key in sorted(limit.key for limit in limits):
        session.execute(
            sa.update(RateLimit)
            .where(RateLimit.name == key, RateLimit.count > 0)
            .values(count=RateLimit.count - 1)
        )
