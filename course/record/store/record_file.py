"""The file of a SQLite record, checked to be still the one that was opened.

A process can go on writing to a file that was removed or replaced, and what it acknowledges is then silently
lost. So the file is compared with the one that was opened, before and after each transaction.

Invariants:
- A connection of its own stays open as long as the record. So the write-ahead log beside the file stays the
  same file, and a record that was removed by mistake can be recovered from /proc/PID/fd.
- Only SQLite opens the file. Closing any other descriptor of it would release SQLite's locks (see
  https://www.sqlite.org/howtocorrupt.html, 2.2).
- Only `create` creates a record: opening one that does not exist is an error.
"""

import contextlib
import os
import sqlite3
import threading
from pathlib import Path
from urllib.parse import quote

from course import private
from course.record.store.unavailable import Unavailable

APPLICATION_ID = 0x43525331
"""Says in the header of a SQLite file that it is a record of this engine ("CRS1")."""

PUT_RIGHT = (
    "Nothing is recorded until that is put right: put the same files back, or stop the service, restore "
    "a backup and start it again."
)


class RecordFile:
    """The file at *path* with SQLite's write-ahead log and our lock beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.log = Path(f"{path}-wal")
        self.lock = Path(f"{path}.lock")
        self._anchor: sqlite3.Connection | None = None
        self._opened: tuple[tuple[int, int], tuple[int, int]] | None = None
        """The identities of the record and its log: device and inode."""
        self._size = 0
        self._damaged: tuple[int, int] | None = None
        """Size and modification time of the file when it was checked and found damaged."""
        self._check_lock = threading.Lock()
        self._remembering = threading.Lock()

    @property
    def uri(self) -> str:
        """The URI of the file for SQLite; it does not create one."""
        return f"file:{quote(str(self.path))}?mode=rw"

    def create(self) -> None:
        """Create an empty file if there is none; raises Unavailable if there are remains of a record."""
        if self.path.exists():
            return
        left = [path for path in (self.log, self.lock) if path.exists()]
        if left and not self.path.exists():
            raise Unavailable(
                f"The record {self.path} is gone, but {left[0]} is still there. Put the record back (from a "
                f"backup, if need be), or remove {left[0]} to start an empty one."
            )
        private.make_folder(self.path.parent)
        with contextlib.suppress(FileExistsError):  # another process was faster
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))

    def check_exists(self) -> None:
        """Raise Unavailable if there is no file, or it was replaced."""
        if self._opened is not None:
            self.check()
        elif not self.path.exists():
            raise Unavailable(f"There is no record at {self.path}.")

    def remember(self) -> None:
        """Remember the identity of the file, once a connection to it is open."""
        with self._remembering:  # threads connect at the same moment, and one anchor is enough
            if self._opened is None:
                self._remember()

    def _remember(self) -> None:
        anchor = sqlite3.connect(self.uri, uri=True, check_same_thread=False)
        try:
            anchor.execute("PRAGMA schema_version").fetchone()  # opens the log as well
            record, log = os.stat(self.path), os.stat(self.log)  # noqa: PTH116 - as in `check`
        except BaseException:
            anchor.close()
            raise
        self._anchor, self._size = anchor, record.st_size
        self._opened = (record.st_dev, record.st_ino), (log.st_dev, log.st_ino)

    def check(self) -> None:
        """Raise Unavailable unless the file is the one that was opened, complete and with its log."""
        if self._opened is None:
            return
        try:
            record = os.stat(self.path)  # noqa: PTH116 - half the time of pathlib, at each answer
        except OSError as error:
            raise self._refused(f"cannot be found any more ({error.strerror})") from None
        if (record.st_dev, record.st_ino) != self._opened[0]:
            raise self._refused("was replaced by another file")
        try:
            log = os.stat(self.log)  # noqa: PTH116
        except OSError:
            raise LogRemoved(self._text(f"has lost its file {self.log.name}")) from None
        if (log.st_dev, log.st_ino) != self._opened[1]:
            raise self._refused(f"has another file {self.log.name} than before")
        if record.st_size < self._size:
            self._check_contents(record)
        self._size = record.st_size

    def save_log(self) -> None:
        """Write the contents of a removed log into the record. Safe while no other process writes."""
        if self._anchor is not None:
            with contextlib.suppress(sqlite3.Error):
                self._anchor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _check_contents(self, record: os.stat_result) -> None:
        """Raise Unavailable if a file that shrank is damaged; VACUUM shrinks it, too."""
        state = record.st_size, record.st_mtime_ns
        with self._check_lock:
            if record.st_size and state != self._damaged:
                try:
                    with contextlib.closing(sqlite3.connect(self.uri, uri=True)) as connection:
                        if connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",):
                            return
                except sqlite3.Error:
                    pass
            self._damaged = state
        raise self._refused("was cut short or overwritten")

    def _text(self, what: str) -> str:
        return f"The record {self.path} {what} while it was in use. {PUT_RIGHT}"

    def _refused(self, what: str) -> Unavailable:
        return Unavailable(self._text(what))

    def close(self) -> None:
        """Close the file, after all other connections to it."""
        if self._anchor is not None:
            self._anchor.close()
        self._anchor = self._opened = None


class LogRemoved(Unavailable):
    """The write-ahead log was removed under a record that is still in its place."""
