"""The database: one engine, reading and writing sessions, and what SQLite and PostgreSQL do unlike."""

import contextlib
import fcntl
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy import event, exc, orm

from course.record.statements import Query, wrapped_errors

BUSY_SECONDS = 15
"""How long a SQLite connection waits for another process before it gives up."""

LOOKING = 4
"""How many connections are kept for queries by themselves; each is out for a moment only."""


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


class Moment(sa.TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets time zones, so they are put back; naive moments are refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC) if value is not None else None

    def result_processor(
        self, dialect: sa.Dialect, coltype: object
    ) -> Callable[[Any], datetime | None] | None:
        if dialect.name == "sqlite":  # of every answer that is read: at once, and not in two steps
            return _from_sqlite
        return super().result_processor(dialect, coltype)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _from_sqlite(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


class Database:
    """One database at *url*. Writers of one machine queue up; readers never wait for them.

    Two processes that write to SQLite with ``synchronous=FULL`` starve each other when left to its
    busy timeout alone, so a writer first takes a lock of this process, then one on a file beside the
    database, and only then begins.
    """

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._queue = threading.Lock()
        self._side_file: IO[bytes] | None = None
        self._kept: list[Any] = []
        """Connections of `cursor` between its blocks: taking one from the pool asks whether it is alive."""
        self._looking: list[Any] = []
        """Connections of `look`."""
        self._may_look = threading.BoundedSemaphore(LOOKING)
        if self.is_sqlite:
            self.engine = self._readers = self._sqlite()
        else:
            self.engine = sa.create_engine(
                self.url, pool_size=8, max_overflow=8, pool_pre_ping=True
            )
            event.listen(self.engine, "connect", _prepare_postgres)
            # As SQLite's transactions are; PostgreSQL's own let each statement see another moment.
            self._readers = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    def _sqlite(self) -> sa.Engine:
        if self.url.database in (None, "", ":memory:"):
            raise ValueError("a record needs a file: use sqlite:///path/to/course.sqlite")
        Path(str(self.url.database)).parent.mkdir(parents=True, exist_ok=True)
        # Transactions begin where we say (below), not where the driver guesses.
        engine = sa.create_engine(
            self.url, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    @contextlib.contextmanager
    def read(self) -> Iterator[orm.Session]:
        """Give a session that sees one moment of the record and changes nothing."""
        with orm.Session(self._readers) as session:
            yield session

    @contextlib.contextmanager
    def write(self) -> Iterator[orm.Session]:
        """Give a session whose work is on disk when the block ends, or undone when it raises."""
        with self._turn(), orm.Session(self.engine, expire_on_commit=False) as session:
            session.connection(execution_options={"course_write": True})
            yield session
            session.commit()

    @contextlib.contextmanager
    def cursor(self) -> Iterator[Any]:
        """Give the driver's own cursor in a transaction like that of `write`, without a session's cost.

        Raises sqlalchemy.exc.DBAPIError for what the driver raises.
        """
        with self._turn():
            connection = self._kept.pop() if self._kept else self.engine.raw_connection()
            try:
                with wrapped_errors(self.engine.dialect):
                    cursor = connection.cursor()
                    if self.is_sqlite:
                        cursor.execute("BEGIN IMMEDIATE")
                    yield cursor
                    connection.commit()
            except BaseException:
                with contextlib.suppress(Exception):
                    connection.rollback()
                connection.invalidate()  # it may be of no use any more
                connection.close()
                raise
            self._kept.append(connection)

    def look(self, query: Query, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return what a query finds by itself: it sees one moment of the record, and costs no session.

        Raises sqlalchemy.exc.DBAPIError.
        """
        with self._may_look:
            try:
                connection = self._looking.pop()
            except IndexError:
                return self._looked(self._to_look(), query, values)
            try:
                return self._looked(connection, query, values)
            except exc.OperationalError:
                if self.is_sqlite:
                    raise
            # The server may have been started anew since.
            return self._looked(self._to_look(), query, values)

    def _looked(
        self, connection: Any, query: Query, values: Mapping[str, Any]
    ) -> list[tuple[Any, ...]]:
        try:
            found = query.on(self.engine.dialect).rows(connection.cursor(), values)
        except BaseException:
            connection.invalidate()  # it may be of no use any more
            connection.close()
            raise
        self._looking.append(connection)
        return found

    def _to_look(self) -> Any:
        connection = self.engine.raw_connection()
        if not self.is_sqlite:  # there a statement by itself begins no transaction anyway
            driver: Any = connection.driver_connection
            driver.autocommit = True
        return connection

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        with self._queue:
            if self._side_file is None:
                self._side_file = Path(f"{self.url.database}.lock").open("ab")  # noqa: SIM115 - kept
                self._share_side_file(self._side_file.fileno())
            fcntl.flock(self._side_file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._side_file, fcntl.LOCK_UN)

    def _share_side_file(self, side_file: int) -> None:
        """Give the side file to whom the database belongs, when root runs a command on it."""
        owner = Path(str(self.url.database))
        if os.geteuid() == 0 and owner.exists():
            os.fchown(side_file, owner.stat().st_uid, owner.stat().st_gid)

    def close(self) -> None:
        """Close every connection."""
        while self._kept:
            self._kept.pop().close()
        while self._looking:
            connection = self._looking.pop()
            connection.invalidate()  # no other use of it begins transactions as this one did
            connection.close()
        self.engine.dispose()
        if self._side_file is not None:
            self._side_file.close()
            self._side_file = None


def _prepare_sqlite(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    cursor.close()


def _prepare_postgres(connection: Any, _: Any) -> None:
    # Our statements take less than a millisecond. PostgreSQL takes some for large ones, by estimates that
    # know nothing of lists in JSON, and compiles them to machine code first, which takes ten.
    connection.execute("SET jit = off")
    connection.commit()


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("course_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
