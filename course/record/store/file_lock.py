"""A lock on a file with a time-out, held by one thread of one process at a time."""

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from course import private
from course.record.store.unavailable import Unavailable


class FileLock:
    """The lock on *path*, a file that is created when first needed, with the owner of *beside*.

    The operating system offers no time-out for such a lock. So if it is taken, a background thread waits for
    it; if it is acquired after the caller's time-out, it goes to the next caller, or is released.
    """

    def __init__(self, path: Path, beside: Path) -> None:
        self.path = path
        self.beside = beside
        self._queue = threading.Lock()
        self._state = threading.Condition()
        self._file: int | None = None
        self._waits = False
        """Whether the background thread is waiting for the lock."""
        self._has_come = False
        """Whether it acquired the lock, and no caller has taken it over yet."""
        self._is_wanted = False

    @contextlib.contextmanager
    def held(self, seconds: float) -> Iterator[None]:
        """Hold the lock in the block; raises Unavailable if it cannot be acquired within *seconds*."""
        deadline = time.monotonic() + seconds
        if not self._queue.acquire(timeout=seconds):
            raise self._late(seconds)
        try:
            file = self._file if self._file is not None else self._open()
            self._take(file, deadline, seconds)
            try:
                yield
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)
        finally:
            self._queue.release()

    def close(self) -> None:
        """Close the file; the lock is released with it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _open(self) -> int:
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if self.beside.exists():
            private.give(file, self.beside)
        self._file = file
        return file

    def _take(self, file: int, deadline: float, seconds: float) -> None:
        with self._state:
            if not self._waits:
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return
                self._waits, self._has_come = True, False
                threading.Thread(target=self._wait, args=(file,), daemon=True).start()
            self._is_wanted = True
            self._state.wait_for(lambda: self._has_come, max(0.0, deadline - time.monotonic()))
            self._is_wanted = False
            if not self._has_come:
                raise self._late(seconds)
            self._waits = self._has_come = False

    def _wait(self, file: int) -> None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError:  # closed meanwhile
            return
        with self._state:
            if self._is_wanted:
                self._has_come = True
                self._state.notify()
            else:
                fcntl.flock(file, fcntl.LOCK_UN)
                self._waits = False

    def _late(self, seconds: float) -> Unavailable:
        return Unavailable(
            f"Another process or thread has been writing to {self.beside} for {seconds:g} seconds."
        )
