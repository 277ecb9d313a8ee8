"""Work shared out to processes, one for each core."""

import contextlib
import itertools
import os
import signal
import threading
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeVar

FEWEST = 16
"""Below this many things, starting processes takes longer than they save."""
MOST = 8
"""Each process holds the course in memory."""
_AT_ONCE = 4
"""Things that a process takes from the queue at once: its next ones, when these are done."""
_TERM = 800
"""Things after which processes are replaced: each comes to hold by itself what it has looked at."""

T = TypeVar("T")


def spread(
    items: Sequence[T],
    do: Callable[[T], Any],
    on_done: Callable[[int], object] = lambda _: None,
    finish: Callable[[], object] = lambda: None,
) -> dict[int, Any]:
    """Do *do* for *items* in other processes, and return what it returned, by position.

    Where it raised something, or nothing could be spread, nothing is returned: the caller does these things
    itself, and meets again what was wrong. Each process calls *finish* at its end. *on_done* hears how many
    more are done.
    """
    count = min(_cores(), MOST, len(items) // FEWEST)
    # A process with threads must not fork: a lock that another thread holds would stay locked.
    if count < 2 or not hasattr(os, "fork") or threading.active_count() > 1:
        return {}
    terms = max(1, round(len(items) / _TERM))
    ends = [len(items) * term // terms for term in range(terms + 1)]
    found: dict[int, Any] = {}
    for first, last in itertools.pairwise(ends):
        made = _term(items[first:last], do, on_done, finish, count)
        found.update((first + position, what) for position, what in made.items())
    return found


def _term(
    items: Sequence[T],
    do: Callable[[T], Any],
    on_done: Callable[[int], object],
    finish: Callable[[], object],
    count: int,
) -> dict[int, Any]:
    """Do *do* for *items* in *count* processes; as `spread`."""
    from multiprocessing import connection  # a build after an edit does without

    # Who is free takes the next: cores are seldom equally fast, and pages seldom equally long.
    queue, end = os.pipe()
    children = []
    results: dict[int, Any] = {}
    try:
        for _ in range(count):
            reader, writer = os.pipe()
            child = os.fork()
            if not child:
                os.close(end)
                _work(items, do, finish, queue, connection.Connection(writer))
            os.close(writer)
            children.append((child, connection.Connection(reader)))
        _fill(end, len(items))
        open_ends: set[Any] = {ends for _, ends in children}
        while open_ends:
            for ready in connection.wait(list(open_ends)):
                try:
                    said: Any = ready.recv()  # type: ignore[call-arg, union-attr]  # no sockets
                except (EOFError, OSError):
                    open_ends.discard(ready)
                else:
                    results.update(said)
                    on_done(len(said))
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
        for first in range(0, many, _AT_ONCE):
            file.write(first.to_bytes(_TICKET, "little"))


_TICKET = 4
"""Bytes of a position in the queue."""


def _work(
    items: Sequence[T],
    do: Callable[[T], Any],
    finish: Callable[[], object],
    queue: int,
    parent: Any,
) -> NoReturn:
    """Do what the queue gives until it is empty, and end the process."""
    try:
        while ticket := os.read(queue, _TICKET):
            first = int.from_bytes(ticket, "little")
            done = {}
            for position in range(first, min(first + _AT_ONCE, len(items))):
                # Whatever is wrong, the parent meets it again and tells.
                with contextlib.suppress(Exception):
                    done[position] = do(items[position])
            parent.send(done)
        finish()
    finally:
        os._exit(0)  # leaves the parent's open files and its `finally` blocks alone


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
