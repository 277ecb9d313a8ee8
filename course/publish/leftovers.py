"""What builds that were killed left beside the site, and how a build shows that it is running."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path


def begin(out: Path) -> tuple[Path, int]:
    """Return a new folder beside *out* to build in, and a lock to close when the build has ended.

    The system releases the lock of a build that is killed. So a folder whose lock can be had is a leftover;
    the lock of the folder above keeps others from looking before a new one has its own.
    """
    with alone(out.parent):
        _clean(out)
        fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-new-", dir=out.parent))
        lock = _open(fresh)
        fcntl.flock(lock, fcntl.LOCK_EX)
    return fresh, lock


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let no other build look for leftovers in *folder*, or change the site there, meanwhile."""
    lock = _open(folder)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _clean(out: Path) -> None:
    for old in out.parent.glob(f".{out.name}-old-*"):
        last = old / out.name
        if last.is_dir() and not out.exists():  # killed between two renames: the last good site
            last.rename(out)
    for pattern in (f".{out.name}-new-*", f".{out.name}-old-*"):
        for folder in out.parent.glob(pattern):
            with contextlib.suppress(OSError):
                _remove(folder)


def _remove(folder: Path) -> None:
    lock = _open(folder)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)


def _open(folder: Path) -> int:
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
