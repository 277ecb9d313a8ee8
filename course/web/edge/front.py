"""The service as a server's event loop runs it: files and answers at once, all else in threads.

What comes most often needs no thread of its own: a file of the site lies in memory, and an answer waits in
line with many others for one commit. Both are done here, in order of arrival, so that hundreds who wait cost
no more than a few. Pages and whatever else Flask does may take their time; they run in a few threads.
"""

import asyncio
import re
from http import HTTPStatus

from course.web.api import fast_answers
from course.web.edge import asgi, health, static
from course.web.edge.asgi import Application, Receive, Scope, Send
from course.web.edge.health import Readiness
from course.web.edge.static import SiteFiles

THREADS = 16
"""Requests that Flask works on at once in each process; more would only wait for Python."""

LONGEST_HEADERS = 16 * 1024
"""Bytes of all names and values together; browsers send some hundred."""

LONGEST_ADDRESS = 8 * 1024
"""Bytes of path and query."""


class Front:
    """Serves the files of *site* and hands answers to *answers*, all under *base*; the rest to *flask*."""

    def __init__(
        self,
        base: str,
        site: SiteFiles | None,
        answers: Application,
        flask: Application,
        readiness: Readiness,
    ) -> None:
        self.prefix = base.rstrip("/")
        self.site = site
        self.answers = answers
        self.flask = flask
        self.readiness = readiness

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (status := _refusal(scope)):
            return await asgi.refuse(send, status)
        if scope["type"] == "http" and scope["path"].startswith(self.prefix):
            path = scope["path"][len(self.prefix) :]
            if path == fast_answers.PATH and scope["method"] == "POST":
                return await self.answers(scope, receive, send)
            if path in (health.ALIVE, health.READY) and scope["method"] == "GET":
                return await self.readiness.respond(path, send)
            if self.site and scope["method"] == "GET" and await _sent(self.site, path, scope, send):
                return None
        return await self.flask(scope, receive, send)


def _refusal(scope: Scope) -> HTTPStatus | None:
    """Return why a request is not worth looking at, by its size and its addresses alone."""
    if sum(len(name) + len(value) for name, value in scope["headers"]) > LONGEST_HEADERS:
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    query = scope["query_string"]
    if len(scope["path"]) + len(query) > LONGEST_ADDRESS:
        return HTTPStatus.REQUEST_URI_TOO_LONG
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if len(hosts) > 1 or (scope["http_version"] == "1.1" and not any(hosts)):  # RFC 9112, 3.2
        return HTTPStatus.BAD_REQUEST
    if not query.isascii() or _HALF.search(scope["path"]):
        return HTTPStatus.BAD_REQUEST
    return None


_HALF = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair: what a server makes of bytes that are not UTF-8."""


async def _sent(site: SiteFiles, path: str, scope: Scope, send: Send) -> bool:
    """Send the file at *path*, if it lies in memory and is asked for whole."""
    if site.is_new():
        await asyncio.to_thread(site.take_up)
    headers = dict(scope["headers"])
    address = path if path.isascii() else path.encode().decode("latin-1")
    accepts = headers.get(b"accept-encoding", b"").decode("latin-1")
    ready = site.at_hand(address, accepts)
    if b"range" in headers or not (ready or site.has(address)):
        return False
    if ready is None:  # a disk may be slow
        ready = await asyncio.to_thread(site.ready, address, accepts)
        if ready is None:
            return False
    condition = headers.get(b"if-none-match")
    if condition is not None and static.has(condition.decode("latin-1"), ready.etag):
        await asgi.respond(send, 304, ready.raw_not_modified, b"")
    else:
        await asgi.respond(send, 200, ready.raw, ready.body)
    return True
