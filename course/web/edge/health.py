"""Health checks: is the process alive (/healthz), and is it ready to serve everything (/readyz)?

Do not restart a process that is alive but not ready: it still serves lessons, and becomes ready by itself
once the database or the disk is back. Liveness is for supervisors, readiness for load balancers.
"""

import asyncio
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

from flask import Flask, Response, current_app

from course.record.people.access import Permission
from course.record.revisions.published_course import PublicationError, PublishedCourse
from course.record.store import readiness
from course.record.store.database import Database
from course.record.store.unavailable import error_message, is_unavailable
from course.web.edge import asgi, safety
from course.web.edge.asgi import Send
from course.web.edge.static import MARKER
from course.web.people import access

ALIVE = "/healthz"
READY = "/readyz"

CACHE_SECONDS = 1.0
"""Seconds for which a result is cached, so that frequent checks cost little."""

log = logging.getLogger(__name__)

_HEADERS = {**safety.HEADERS, "Cache-Control": "no-store", "Content-Type": "text/plain"}


class Readiness:
    """Whether this process can serve pages and record answers."""

    def __init__(
        self, database: Database, published_course: PublishedCourse, site: Path | None
    ) -> None:
        self.database = database
        self.published_course = published_course
        self.site = site
        """The folder of the site, where this process serves it."""
        self._lock = threading.Lock()
        self._until = 0.0
        self._problem: str | None = None
        self._thread = ThreadPoolExecutor(1, "readiness")

    def problem(self) -> str | None:
        """Return why this process is not ready; None if it is. Blocks on the database."""
        with self._lock:
            if time.monotonic() >= self._until:
                found = self._find_problem()
                if found and found != self._problem:
                    log.error("Not ready: %s", found)
                self._problem, self._until = found, time.monotonic() + CACHE_SECONDS
            return self._problem

    def _find_problem(self) -> str | None:
        if self.site is not None and not (self.site / MARKER).is_file():
            return f"there is no built site in {self.site}: run 'course build'"
        try:
            self.published_course.get()
        except PublicationError as error:
            return str(error)
        except Exception as error:
            if not is_unavailable(error):
                raise
            return f"the record cannot be reached: {error_message(error)}"
        return readiness.problem(self.database)

    async def respond(self, path: str, send: Send) -> None:
        """Respond from the event loop; the check runs in a thread of its own."""
        problem = None
        if path == READY:
            loop = asyncio.get_running_loop()
            problem = await loop.run_in_executor(self._thread, self.problem)
        status, body = _plain_response(path, problem)
        length = (b"content-length", b"%d" % len(body))
        await asgi.respond(send, status, [*asgi.headers([*_HEADERS.items()]), length], body)


def _plain_response(path: str, problem: str | None) -> tuple[int, bytes]:
    """Return status and body. The reason is only in the log, because this address is public."""
    if path == ALIVE:
        return 200, b"ok\n"
    return (503, b"not ready\n") if problem else (200, b"ready\n")


def init_app(app: Flask) -> None:
    """Have *app* know whether it is ready."""
    site = Path(app.config["SITE_DIR"]) if app.config["SERVE_SITE"] else None
    database, published_course = (
        app.extensions["course_database"],
        app.extensions["course_published"],
    )
    app.extensions["course_readiness"] = Readiness(database, published_course, site)


def register(app: Flask) -> None:
    """Add both addresses to *app*, for WSGI servers."""
    app.add_url_rule(ALIVE, "alive", alive)
    app.add_url_rule(READY, "ready", ready)


@access.requires(Permission.OPEN)
def alive() -> Response:
    """Report that the process is alive."""
    status, body = _plain_response(ALIVE, None)
    return Response(body, status, mimetype="text/plain")


@access.requires(Permission.OPEN)
def ready() -> Response:
    """Report whether the process is ready."""
    made = cast(Readiness, current_app.extensions["course_readiness"])
    status, body = _plain_response(READY, made.problem())
    return Response(body, status, mimetype="text/plain")
