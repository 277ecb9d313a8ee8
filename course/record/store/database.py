"""The database: one engine, sessions for reading and writing, for SQLite and PostgreSQL alike."""

import contextlib
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc, orm, pool

from course.record.store import driver_errors
from course.record.store.file_lock import FileLock
from course.record.store.record_file import LogRemoved, RecordFile
from course.record.store.statements import Query, wrapped_errors
from course.record.store.timeouts import Timeouts
from course.record.store.unavailable import Unavailable

QUERY_CONNECTIONS = 4
"""How many connections `query` uses at once; each for one statement."""


class Database:
    """One database at *url*. Writers of one machine queue up; readers never wait for them.

    Two processes that write to SQLite with ``synchronous=FULL`` starve each other when left to its
    busy timeout alone, so a writer first takes a lock of this process, then one on a file beside the
    database, and only then begins.

    Every wait ends after *timeouts*. All methods raise sqlalchemy.exc.SQLAlchemyError, including Unavailable
    when the database was replaced by another one.
    """

    def __init__(self, url: str | sa.URL, timeouts: Timeouts = Timeouts()) -> None:  # noqa: B008 - it is frozen
        self.url = sa.make_url(url)
        self.timeouts = timeouts
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._write_connections: list[Any] = []
        """Idle connections of `cursor`: taking one from the pool would ping the server each time."""
        self._query_connections: list[Any] = []
        """Idle connections of `query`."""
        self._query_slots = threading.BoundedSemaphore(QUERY_CONNECTIONS)
        if self.is_sqlite:
            if self.url.database in (None, "", ":memory:"):
                raise ValueError("a record needs a file: use sqlite:///path/to/course.sqlite")
            self.file = RecordFile(Path(str(self.url.database)))
            self._lock = FileLock(self.file.lock, self.file.path)
            self.engine = self._readers = self._sqlite()
        else:
            from course.record.store import postgres  # SQLite is to work without its driver

            self.engine = postgres.engine(self.url, timeouts)
            # As SQLite's transactions are; PostgreSQL's own let each statement see another moment.
            self._readers = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        driver_errors.hide_values(self.engine)
        self._is_closed = False
        event.listen(self.engine, "checkin", self._close_returned)

    @property
    def place(self) -> str:
        """The path of a SQLite record, or the address of a database without its password."""
        if self.is_sqlite:
            return str(self.file.path)
        return self.url.render_as_string(hide_password=True)

    def _sqlite(self) -> sa.Engine:
        # Transactions begin where we say (below), not where the driver guesses.
        waits = {"timeout": self.timeouts.lock, "isolation_level": None}
        engine = sa.create_engine(
            self.url, connect_args=waits, pool_timeout=self.timeouts.lock, hide_parameters=True
        )
        event.listen(engine, "do_connect", self._connect_sqlite)
        event.listen(engine, "connect", self._prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _connect_sqlite(self, dialect: Any, _: Any, __: Any, named: dict[str, Any]) -> Any:
        self.file.check_exists()
        return dialect.loaded_dbapi.connect(self.file.uri, uri=True, **named)

    def _prepare_sqlite(self, connection: Any, _: Any) -> None:
        try:
            _set_up_sqlite(connection, self.timeouts)
            if not self._is_closed:
                self.file.remember()
        except BaseException:
            connection.close()
            raise

    def create(self) -> None:
        """Create an empty database if it is a file that does not exist yet; raises Unavailable."""
        if self.is_sqlite:
            self.file.create()

    def check(self) -> None:
        """Raise Unavailable if the database was replaced since it was opened.

        PostgreSQL is checked with each new connection instead.
        """
        if self.is_sqlite:
            self.file.check()

    @contextlib.contextmanager
    def read(self) -> Iterator[orm.Session]:
        """Yield a read-only session on one snapshot of the record."""
        self.check()
        with orm.Session(self._readers) as session:
            yield session

    @contextlib.contextmanager
    def write(self) -> Iterator[orm.Session]:
        """Yield a session that is committed when the block ends, and rolled back when it raises."""
        with self._turn(), orm.Session(self.engine, expire_on_commit=False) as session:
            session.connection(execution_options={"course_write": True})
            yield session
            session.commit()
            self.check()

    @contextlib.contextmanager
    def cursor(self) -> Iterator[Any]:
        """Yield the driver's own cursor in a transaction like that of `write`, without the cost of a session.

        Raises sqlalchemy.exc.DBAPIError for what the driver raises.
        """
        with self._turn():
            connection = (
                self._write_connections.pop() if self._write_connections else self._connection()
            )
            try:
                with wrapped_errors(self.engine.dialect):
                    cursor = connection.cursor()
                    if self.is_sqlite:
                        cursor.execute("BEGIN IMMEDIATE")
                    yield cursor
                    connection.commit()
                    self.check()
            except BaseException as error:
                self._note_lost(error, connection)
                with contextlib.suppress(Exception):
                    connection.rollback()
                _discard(connection)
                raise
            if self._is_closed:
                _discard(connection)
            else:
                self._write_connections.append(connection)

    def query(self, query: Query, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows of a single query, outside any session: cheaper, and still one snapshot.

        Raises sqlalchemy.exc.DBAPIError.
        """
        self.check()
        if not self._query_slots.acquire(timeout=self.timeouts.lock):
            raise Unavailable("All connections for reading are in use.")
        try:
            return self._query(query, values)
        finally:
            self._query_slots.release()

    def _query(self, query: Query, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        try:
            connection = self._query_connections.pop()
        except IndexError:
            return self._query_with(self._query_connection(), query, values)
        try:
            return self._query_with(connection, query, values)
        except exc.OperationalError as error:
            if not error.connection_invalidated:
                raise
        # The server may have been restarted.
        return self._query_with(self._query_connection(), query, values)

    def _query_with(
        self, connection: Any, query: Query, values: Mapping[str, Any]
    ) -> list[tuple[Any, ...]]:
        try:
            with wrapped_errors(self.engine.dialect):
                found = query.on(self.engine.dialect).rows(connection.cursor(), values)
        except BaseException as error:
            self._note_lost(error, connection)
            _discard(connection)
            raise
        if self._is_closed:
            _discard(connection)
        else:
            self._query_connections.append(connection)
        return found

    def _query_connection(self) -> Any:
        connection = self._connection()
        if not self.is_sqlite:  # there a statement by itself begins no transaction anyway
            with wrapped_errors(self.engine.dialect):
                connection.driver_connection.autocommit = True
        return connection

    def _connection(self) -> Any:
        """Return a connection of the driver from the pool; raises sqlalchemy.exc.SQLAlchemyError."""
        with wrapped_errors(self.engine.dialect):
            return self.engine.raw_connection()

    def _note_lost(self, error: BaseException, connection: Any) -> None:
        """Note in *error* whether the server had closed the connection, since a new one may work then."""
        if not self.is_sqlite and isinstance(error, exc.DBAPIError):
            driver = connection.driver_connection
            error.connection_invalidated = driver.closed and not driver.gave_up

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        with self._lock.held(self.timeouts.lock):
            try:
                self.check()
                yield
            except LogRemoved:
                self.file.save_log()
                raise

    def close(self) -> None:
        """Close every connection; one in use is closed when its thread returns it."""
        self._is_closed = True
        while self._write_connections:
            self._write_connections.pop().close()
        while self._query_connections:  # no other use of them begins transactions as this one did
            _discard(self._query_connections.pop())
        self.engine.dispose()
        if self.is_sqlite:
            self.file.close()
            self._lock.close()

    def _close_returned(self, _: Any, entry: pool.ConnectionPoolEntry) -> None:
        if self._is_closed:
            entry.invalidate()


def _discard(connection: Any) -> None:
    """Close a connection that may be broken."""
    connection.invalidate()
    connection.close()


def _set_up_sqlite(connection: Any, timeouts: Timeouts) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={timeouts.lock * 1000}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("course_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
