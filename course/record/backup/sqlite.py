"""The database of a SQLite record: copied, checked, and put in the place of another."""

import contextlib
import fcntl
import os
import sqlite3
import struct
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from course import private
from course.record.backup.contents import Contents, look_through
from course.record.backup.errors import BackupError
from course.record.store.base import now
from course.record.store.database import Database
from course.record.store.record_file import RecordFile

_LOCKED_BYTES = {"": (0x40000002, 510), "-shm": (128, 1)}
"""First byte and number of bytes that each connection in WAL mode locks as long as it is open, in the record
and in the shared memory beside it.

https://www.sqlite.org/src/file/src/os_unix.c
"""

_FLOCK = "hhqqi"
"""The C structure `flock`: kind of lock, origin, first byte, number of bytes, process."""


def dump(database: Database, target: Path) -> Contents:
    """Write *database*, as it is at one moment, into the file *target*; no writer waits for it."""
    moment = now()
    try:
        _copy(database, target)
        with _open(target) as connection:
            return look_through(connection, moment)
    except Damaged as error:
        raise Damaged(
            f"The record {database.file.path} is damaged ({error}). Stop the service and restore a backup."
        ) from None


def _copy(database: Database, target: Path) -> None:
    with database.read() as session, contextlib.closing(sqlite3.connect(target)) as copy:
        source = session.connection().connection.driver_connection
        try:
            source.backup(copy)  # type: ignore[union-attr] # in one step, which no writer restarts
            copy.execute("PRAGMA journal_mode=DELETE").fetchall()
        except sqlite3.Error as error:
            if is_damage(error):
                raise Damaged(str(error)) from None
            raise BackupError(
                f"The record {database.file.path} cannot be copied to {target.parent.parent} ({error}). "
                "See that the disk has room."
            ) from None


def check(part: Path, backup: Path, expected: Contents) -> None:
    """Raise BackupError unless the database *part* of *backup* is undamaged and holds what is expected."""
    try:
        with _open(part) as connection:
            found = look_through(connection, expected.moment)
    except Damaged as error:
        raise BackupError(f"The record in {backup} is damaged ({error}).") from None
    if found != expected:
        raise BackupError(f"The record in {backup} does not hold what its manifest says.")


class Damaged(BackupError):
    """A database cannot be read, or not all of it."""


def is_damage(error: BaseException | None) -> bool:
    """Return whether the driver says that a file is not a database, or a damaged one."""
    return type(error) is sqlite3.DatabaseError


@contextlib.contextmanager
def _open(path: Path) -> Iterator[sa.Connection]:
    """Give a connection to the database *path*; raises Damaged unless all of it can be read."""
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)), poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            problem = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
            if problem != "ok":
                raise Damaged(" ".join(problem.split()))
            yield connection
    except sa.exc.DBAPIError as error:
        raise Damaged(str(error.orig)) from None


def check_unused(file: RecordFile) -> None:
    """Raise BackupError where another process has the record open, even one that was moved away since.

    Call it before this process has: closing a descriptor of the file ends the locks of its connections.
    """
    for suffix, (first, count) in _LOCKED_BYTES.items():
        process = _locking_process(Path(f"{file.path}{suffix}"), first, count)
        if process is not None:
            who = f"Process {process}" if process > 0 else "Another process"
            raise BackupError(
                f"{who} has the record {file.path} open. Stop the service first, then restore. "
                "Nothing was changed."
            )


def _locking_process(path: Path, first: int, count: int) -> int | None:
    """Return the id of a process that has a lock on these bytes of *path*: 0 in another container."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, first, count, 0)
        kind, *_, process = struct.unpack(_FLOCK, fcntl.fcntl(descriptor, fcntl.F_GETLK, asked))
    finally:
        os.close(descriptor)
    return None if kind == fcntl.F_UNLCK else process


def as_single_file(path: Path) -> None:
    """Write the log beside the database *path* into it, and remove the log; nobody else may have it open."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()
        except sqlite3.OperationalError as error:
            raise BackupError(f"{path} cannot be changed ({error}). Nothing was changed.") from None


def put_in_place(part: Path, file: RecordFile) -> None:
    """Make *part* the record at *file*, where nobody has a record open, in one step.

    A log left beside it would be taken for its own.
    """
    if file.log.exists():
        as_single_file(file.path)
    exists = file.path.exists()
    part.chmod(file.path.stat().st_mode & 0o660 if exists else 0o600)
    private.give(part, file.path if exists else file.path.parent)
    private.move_into_place(part, file.path)


def put_aside(file: RecordFile, name: str) -> Path:
    """Give what is left of a damaged record and its log another name beside it; return that."""
    aside = file.path.with_name(f"{file.path.name}.{name}")
    log = Path(f"{aside}-wal")
    if file.path.exists():
        os.link(file.path, aside)  # the record itself stays until another takes its place
    if file.log.exists():
        file.log.rename(log)
    Path(f"{file.path}-shm").unlink(missing_ok=True)
    return aside if aside.exists() else log
