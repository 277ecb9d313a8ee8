"""A parallel map over forked processes, one for each core."""

import contextlib
import itertools
import os
import signal
import threading
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeVar

MIN_ITEMS = 16
"""Below this many items for each process, starting one takes longer than it saves."""
MAX_PROCESSES = 8
"""An upper limit, as each process holds the course in memory."""
_CHUNK_SIZE = 4
"""Items that a process takes from the queue at once."""
_BATCH_SIZE = 800
"""Items after which processes are replaced, because their memory grows with what they have processed."""

T = TypeVar("T")


def parallel_map(
    items: Sequence[T],
    function: Callable[[T], Any],
    on_done: Callable[[int], object] = lambda _: None,
    finish: Callable[[], object] = lambda: None,
) -> dict[int, Any]:
    """Call *function* for *items* in other processes, and return the results by position.

    Items for which it raised, or all items if no processes were started, have no result: the caller
    processes these itself, and gets the same exception. Each process calls *finish* at its end. *on_done* is
    called with the number of items just finished.
    """
    count = min(_cpu_count(), MAX_PROCESSES, len(items) // MIN_ITEMS)
    # A process with threads must not fork: a lock that another thread holds would stay locked.
    if count < 2 or not hasattr(os, "fork") or threading.active_count() > 1:
        return {}
    batches = max(1, round(len(items) / _BATCH_SIZE))
    ends = [len(items) * batch // batches for batch in range(batches + 1)]
    found: dict[int, Any] = {}
    for first, last in itertools.pairwise(ends):
        made = _run_batch(items[first:last], function, on_done, finish, count)
        found.update((first + position, what) for position, what in made.items())
    return found


def _run_batch(
    items: Sequence[T],
    function: Callable[[T], Any],
    on_done: Callable[[int], object],
    finish: Callable[[], object],
    count: int,
) -> dict[int, Any]:
    """Run one batch of `parallel_map` in *count* new processes."""
    from multiprocessing import connection  # a build after an edit does without

    # A free process takes the next chunk: cores are seldom equally fast, and pages seldom equally long.
    queue, end = os.pipe()
    children = []
    results: dict[int, Any] = {}
    try:
        for _ in range(count):
            reader, writer = os.pipe()
            child = os.fork()
            if not child:
                os.close(end)
                _work(items, function, finish, queue, connection.Connection(writer))
            os.close(writer)
            children.append((child, connection.Connection(reader)))
        _fill(end, len(items))
        open_ends: set[Any] = {ends for _, ends in children}
        while open_ends:
            for ready in connection.wait(list(open_ends)):
                try:
                    chunk: Any = ready.recv()  # type: ignore[call-arg, union-attr]  # no sockets
                except (EOFError, OSError):
                    open_ends.discard(ready)
                else:
                    results.update(chunk)
                    on_done(len(chunk))
    finally:
        os.close(queue)
        for child, reading in children:
            reading.close()
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return results


def _fill(queue: int, many: int) -> None:
    with open(queue, "wb") as file:
        for first in range(0, many, _CHUNK_SIZE):
            file.write(first.to_bytes(_TICKET, "little"))


_TICKET = 4
"""Bytes of a position in the queue."""


def _work(
    items: Sequence[T],
    function: Callable[[T], Any],
    finish: Callable[[], object],
    queue: int,
    parent: Any,
) -> NoReturn:
    """Process chunks from the queue until it is empty, then exit the process."""
    try:
        while ticket := os.read(queue, _TICKET):
            first = int.from_bytes(ticket, "little")
            done = {}
            for position in range(first, min(first + _CHUNK_SIZE, len(items))):
                # The parent processes this item again, and reports the error.
                with contextlib.suppress(Exception):
                    done[position] = function(items[position])
            parent.send(done)
        finish()
    finally:
        os._exit(0)  # leaves the parent's open files and its `finally` blocks alone


def _cpu_count() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
