"""Work shared out to processes, one for each core."""

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

FEWEST = 16
"""Below this many things, starting processes takes longer than they save."""
MOST = 8
"""Each process holds the course in memory."""

T = TypeVar("T")


def spread(items: Sequence[T], do: Callable[[T], object], on_done: Callable[[int], None]) -> bool:
    """Do *do* for each of *items* in other processes, and return whether that was tried.

    What *do* returns or raises is lost: it keeps its results where the caller finds them, and the caller
    does again what is missing there. *on_done* hears how many more are done.
    """
    count = min(_cores(), MOST, len(items) // FEWEST)
    # A process with threads must not fork: a lock that another thread holds would stay locked.
    if count < 2 or not hasattr(os, "fork") or threading.active_count() > 1:
        return False
    reader, writer = os.pipe()
    children = [_fork(items[n::count], do, writer) for n in range(count)]
    os.close(writer)
    try:
        while done := os.read(reader, 4096):
            on_done(len(done))
    finally:
        os.close(reader)
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return True


def _fork(items: Sequence[T], do: Callable[[T], object], writer: int) -> int:
    child = os.fork()
    if child:
        return child
    try:
        for item in items:
            # Whatever is wrong, the parent meets it again and tells.
            with contextlib.suppress(Exception):
                do(item)
            os.write(writer, b".")
    finally:
        os._exit(0)  # leaves the parent's open files and its `finally` blocks alone


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
