"""How a service ends: at once by any signal, however many come, and none of its processes outlives it.

Granian hears of a signal in two places, and neither stands several: the process that starts the workers waits
for itself for ever where a second signal comes while it handles the first (`make` passes on what its whole
group has had already), and so does a worker at the third.
"""

import _thread
import asyncio
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any, TypeVarTuple, Unpack

import granian
import uvloop

if TYPE_CHECKING:
    from granian.server.common import AbstractServer

PATIENCE = 20
"""Seconds that a worker may take to end what it is about, when the service is stopped."""

_Given = TypeVarTuple("_Given")

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def prepare(server: "AbstractServer[Any]") -> None:
    """Let *server*, not yet started, stop by the first signal and not mind those that follow."""
    granian.loops.register("auto")(_loop)
    server.on_startup(lambda: _listen(server))
    server.on_shutdown(lambda: _forgive(server))


def follow_parent() -> None:
    """Let this worker end with the process that started it, however that ended.

    Workers that are left over would go on answering, and keep the address from the next start.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=[parent], name="parent", daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os.kill(os.getpid(), signal.SIGKILL)


class _Loop(uvloop.Loop):
    """An event loop that calls what handles signals once, however many come."""

    _signalled = False

    def add_signal_handler(
        self, sig: int, callback: Callable[[Unpack[_Given]], object], *args: *_Given
    ) -> None:
        def once(*given: *_Given) -> None:
            if not self._signalled:
                self._signalled = True
                callback(*given)

        super().add_signal_handler(sig, once, *args)


def _loop() -> asyncio.AbstractEventLoop:
    loop = _Loop()
    asyncio.set_event_loop(loop)
    return loop


def _listen(server: "AbstractServer[Any]") -> None:
    def stop(_signal: int, _frame: object) -> None:
        if os.getpid() != server.pid:  # a worker that is only starting has its parent's handlers
            os._exit(0)
        server.interrupt_signal = True
        _thread.start_new_thread(wake, ())  # takes no lock of Python's, as threading.Thread would

    def wake() -> None:
        while True:  # a server that is just replacing a worker forgets the first
            server.main_loop_interrupt.set()
            time.sleep(1)

    for number in SIGNALS:
        signal.signal(number, stop)


def _forgive(server: "AbstractServer[Any]") -> None:
    """Take no worker for failed that the same signal ended before the server came to it."""
    if server.interrupt_signal:
        server.interrupt_children.clear()
