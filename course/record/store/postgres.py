"""Connections to PostgreSQL: time-outs for every wait, and a check that the database is still the same."""

from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import event

from course.record.store.timeouts import Timeouts
from course.record.store.unavailable import Unavailable

GRACE = 2
"""Seconds beyond the server's own statement time-out after which the client closes the connection."""

_IDENTITY = """
SELECT oid, to_regclass('answer')::oid, current_setting('transaction_read_only')
FROM pg_database WHERE datname = current_database()
"""


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that is closed when the server does not respond for *limit* seconds.

    The server's own time-outs do not help when it is stopped or cannot be reached.
    """

    limit: float | None = None
    gave_up = False
    """Whether it was closed for this reason."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Run a generator of the driver, as the base class does."""
        if self.limit is None or timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.limit)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
                self.gave_up = True
                self.close()
            raise


class _Connections:
    """Opens connections to one database."""

    def __init__(self, timeouts: Timeouts) -> None:
        self.timeouts = timeouts
        self._identity: tuple[int, int] | None = None
        """The database and its table of answers, by object ids."""

    def open(self, _: Any, __: Any, given: Any, named: dict[str, Any]) -> BoundedConnection:
        named = {"connect_timeout": self.timeouts.connect, **named}
        connection = BoundedConnection.connect(*given, **named)
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: BoundedConnection) -> None:
        waits = self.timeouts
        connection.limit = waits.connect
        # No JIT: our statements take less than a millisecond, but PostgreSQL cannot estimate lists in JSON,
        # takes some statements for large ones, and spends ten milliseconds on compiling them.
        connection.execute(
            f"SET jit = off; SET lock_timeout = '{waits.lock}s'; "
            f"SET statement_timeout = '{waits.statement}s'"
        )
        self._check(connection.execute(_IDENTITY).fetchone())
        connection.commit()
        connection.limit = waits.statement + GRACE if waits.statement else None

    def _check(self, found: Any) -> None:
        """Raise Unavailable if the server is read-only, or the database was replaced."""
        database, answers, read_only = found
        if read_only == "on":
            raise Unavailable(
                "The database is read-only: it is a standby, or was set so. Point COURSE_DATABASE_URL at the "
                "server that takes writes, or wait until this one does."
            )
        if self._identity not in (None, (database, answers)):
            raise Unavailable(
                "The database was dropped or restored while it was in use. Nothing is recorded until the "
                "service is restarted."
            )
        if answers is not None:
            self._identity = database, answers


def engine(url: sa.URL, timeouts: Timeouts) -> sa.Engine:
    """Return an engine whose connections and pool keep to *timeouts*."""
    made = sa.create_engine(
        url,
        pool_size=8,
        max_overflow=8,
        pool_timeout=timeouts.lock,
        pool_pre_ping=True,
        hide_parameters=True,
    )
    event.listen(made, "do_connect", _Connections(timeouts).open)
    return made
