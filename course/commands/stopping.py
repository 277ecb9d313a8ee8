"""Stops the service at the first signal, ignores further ones, and leaves no process behind.

Granian handles signals in two places, and neither tolerates several: the parent process deadlocks when a
second signal arrives while it handles the first (`make` sends one that the process group has got already),
and a worker does so at the third.
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

STOP_SECONDS = 20
"""Seconds in which a worker may finish its requests when the service stops."""

_Args = TypeVarTuple("_Args")

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def prepare(server: "AbstractServer[Any]") -> None:
    """Make *server*, not yet started, stop at the first signal and ignore further ones."""
    granian.loops.register("auto")(_new_loop)
    server.on_startup(lambda: _handle_signals(server))
    server.on_shutdown(lambda: _ignore_stopped_workers(server))


def follow_parent() -> None:
    """Stop this worker when its parent process ends for any reason.

    An orphaned worker would go on serving, and the next start could not bind its address.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_stop_with, args=[parent], name="parent", daemon=True).start()


def _stop_with(parent: BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


class _Loop(uvloop.Loop):
    """An event loop that calls signal handlers only for the first signal."""

    _signalled = False

    def add_signal_handler(
        self, sig: int, callback: Callable[[Unpack[_Args]], object], *args: *_Args
    ) -> None:
        def once(*values: *_Args) -> None:
            if not self._signalled:
                self._signalled = True
                callback(*values)

        super().add_signal_handler(sig, once, *args)


def _new_loop() -> asyncio.AbstractEventLoop:
    loop = _Loop()
    asyncio.set_event_loop(loop)
    return loop


def _handle_signals(server: "AbstractServer[Any]") -> None:
    def stop(_signal: int, _frame: object) -> None:
        if os.getpid() != server.pid:  # a worker that is still starting has its parent's handlers
            os._exit(0)
        server.interrupt_signal = True
        _thread.start_new_thread(wake, ())  # unlike threading.Thread, it takes no lock

    def wake() -> None:
        while True:  # a server that is replacing a worker clears the first one
            server.main_loop_interrupt.set()
            time.sleep(1)

    for number in SIGNALS:
        signal.signal(number, stop)
    _delay_signals_while_forking()


def _delay_signals_while_forking() -> None:
    """Keep signals for a worker that was just forked: Python drops those that come before it runs there."""

    def block() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)

    def unblock() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)

    os.register_at_fork(before=block, after_in_parent=unblock, after_in_child=unblock)


def _ignore_stopped_workers(server: "AbstractServer[Any]") -> None:
    """Do not treat workers as failed that the same signal stopped first."""
    if server.interrupt_signal:
        server.interrupt_children.clear()
