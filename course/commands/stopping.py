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
from collections.abc import Callable, Collection
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any, TypeVarTuple, Unpack

import granian
import uvloop

if TYPE_CHECKING:
    from granian.server.common import AbstractServer

STOP_SECONDS = 20
"""Seconds in which a worker may finish its requests when the service stops."""

_Args = TypeVarTuple("_Args")

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""SIGHUP comes when a terminal is closed; granian would replace its workers, which then nobody could stop."""


def prepare(server: "AbstractServer[Any]") -> None:
    """Make *server*, not yet started, stop at the first signal and ignore further ones."""
    granian.loops.register("auto")(_new_loop)
    ignored = [number for number in SIGNALS if signal.getsignal(number) is signal.SIG_IGN]  # nohup
    server.on_startup(lambda: _handle_signals(server, ignored))
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


def _handle_signals(server: "AbstractServer[Any]", ignored: Collection[int]) -> None:
    def stop(number: int, _frame: object) -> None:
        if os.getpid() != server.pid:  # a worker has its parent's handlers until it sets its own
            if (
                number == signal.SIGHUP
            ):  # it never does: its parent, which gets one too, will stop it
                return
            os._exit(0)
        server.interrupt_signal = True
        _thread.start_new_thread(wake, ())  # unlike threading.Thread, it takes no lock

    def wake() -> None:
        while True:  # a server that is replacing a worker clears the first one
            server.main_loop_interrupt.set()
            time.sleep(1)

    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN if number in ignored else stop)
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
