"""Two questions of a monitor: is the process alive (/healthz), and can it serve everything (/readyz)?

A process that is alive but not ready is not to be restarted: lessons are still served, and it gets ready
by itself when the database or the disk does. A load balancer asks for readiness, a supervisor for life.
"""

import asyncio
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

from flask import Flask, Response, current_app

from course.record.revisions.published_course import PublicationError, Shelf
from course.record.store import readiness
from course.record.store.database import Database
from course.record.store.unavailable import is_unavailable, reason
from course.web.edge import asgi, safety
from course.web.edge.asgi import Send
from course.web.edge.static import MARKER

ALIVE = "/healthz"
READY = "/readyz"

KEPT = 1.0
"""Seconds for which an answer holds, so that asking often costs little."""

log = logging.getLogger(__name__)

_HEADERS = {**safety.HEADERS, "Cache-Control": "no-store", "Content-Type": "text/plain"}


class Readiness:
    """Whether this process can serve pages and record answers."""

    def __init__(self, database: Database, shelf: Shelf, site: Path | None) -> None:
        self.database = database
        self.shelf = shelf
        self.site = site
        """The folder of the site, where this process serves it."""
        self._lock = threading.Lock()
        self._until = 0.0
        self._problem: str | None = None
        self._thread = ThreadPoolExecutor(1, "readiness")

    def problem(self) -> str | None:
        """Return why it cannot; None when it can. Waits for the database."""
        with self._lock:
            if time.monotonic() >= self._until:
                found = self._found()
                if found and found != self._problem:
                    log.error("Not ready: %s", found)
                self._problem, self._until = found, time.monotonic() + KEPT
            return self._problem

    def _found(self) -> str | None:
        if self.site is not None and not (self.site / MARKER).is_file():
            return f"there is no built site in {self.site}: run 'course build'"
        try:
            self.shelf.get()
        except PublicationError as error:
            return str(error)
        except Exception as error:
            if not is_unavailable(error):
                raise
            return f"the record cannot be reached: {reason(error)}"
        return readiness.problem(self.database)

    async def respond(self, path: str, send: Send) -> None:
        """Answer from an event loop, in a thread that nothing else waits for."""
        problem = None
        if path == READY:
            loop = asyncio.get_running_loop()
            problem = await loop.run_in_executor(self._thread, self.problem)
        status, body = _said(path, problem)
        length = (b"content-length", b"%d" % len(body))
        await asgi.respond(send, status, [*asgi.headers([*_HEADERS.items()]), length], body)


def _said(path: str, problem: str | None) -> tuple[int, bytes]:
    """Return the status and the body. What is wrong stands in the log: strangers read this as well."""
    if path == ALIVE:
        return 200, b"ok\n"
    return (503, b"not ready\n") if problem else (200, b"ready\n")


def init_app(app: Flask) -> None:
    """Add both addresses to *app*, for servers that run it without an event loop."""
    site = Path(app.config["SITE_DIR"]) if app.config["SERVE_SITE"] else None
    database, shelf = app.extensions["course_database"], app.extensions["course_shelf"]
    app.extensions["course_readiness"] = Readiness(database, shelf, site)
    app.add_url_rule(ALIVE, "alive", alive)
    app.add_url_rule(READY, "ready", ready)


def alive() -> Response:
    """Say that requests are answered."""
    status, body = _said(ALIVE, None)
    return Response(body, status, mimetype="text/plain")


def ready() -> Response:
    """Say whether everything can be served."""
    made = cast(Readiness, current_app.extensions["course_readiness"])
    status, body = _said(READY, made.problem())
    return Response(body, status, mimetype="text/plain")
