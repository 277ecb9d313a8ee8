"""Removing folders that killed builds left beside the site; a lock marks those of running builds."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path


def start_build(out: Path) -> tuple[Path, int]:
    """Return a new folder beside *out* to build in, and its lock, a file descriptor to close at the end.

    The system releases the lock of a build that is killed, so a folder that can be locked is a leftover.
    The lock on the parent folder prevents other builds from checking a new folder before it is locked.
    """
    with locked(out.parent):
        _clean(out)
        fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-new-", dir=out.parent))
        lock = _open(fresh)
        fcntl.flock(lock, fcntl.LOCK_EX)
    return fresh, lock


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Prevent other builds from removing leftovers in *folder* or replacing the site there."""
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
