"""The ASGI application: serves files and answers on the event loop, and everything else in threads.

The most frequent requests need no thread: a file of the site is in memory, and an answer waits in the queue
with others for a shared commit. Both are handled here in order of arrival, so that hundreds of waiting
requests cost no more than a few. All requests to Flask run in a small pool of threads.
"""

import asyncio
import re
from http import HTTPStatus

from course.web.api.answers import PATH, Answers
from course.web.edge import asgi, health, static
from course.web.edge.asgi import Application, Receive, Scope, Send
from course.web.edge.health import Readiness
from course.web.edge.static import SiteFiles

THREADS = 16
"""Concurrent Flask requests in each process; more would only wait for the GIL."""

MAX_HEADER_BYTES = 16 * 1024
"""Maximum size of all header names and values together; browsers send a few hundred bytes."""

MAX_ADDRESS_BYTES = 8 * 1024
"""Maximum size of path and query together."""


class Front:
    """Serves the files of *site* and hands answers to *answers*, all under *base*; the rest to *flask*."""

    def __init__(
        self,
        base: str,
        site: SiteFiles | None,
        answers: Answers,
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
            if path == PATH and scope["method"] == "POST":
                return await self.answers(scope, receive, send)
            if path in (health.ALIVE, health.READY) and scope["method"] == "GET":
                return await self.readiness.respond(path, send)
            if (
                self.site
                and scope["method"] == "GET"
                and await _send_file(self.site, path, scope, send)
            ):
                return None
        return await self.flask(scope, receive, send)


def _refusal(scope: Scope) -> HTTPStatus | None:
    """Return the error status for a request of invalid size, host or address; None for a valid one."""
    if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEADER_BYTES:
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    query = scope["query_string"]
    if len(scope["path"]) + len(query) > MAX_ADDRESS_BYTES:
        return HTTPStatus.REQUEST_URI_TOO_LONG
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if len(hosts) > 1 or (scope["http_version"] == "1.1" and not any(hosts)):  # RFC 9112, 3.2
        return HTTPStatus.BAD_REQUEST
    if not query.isascii() or _SURROGATE.search(scope["path"]):
        return HTTPStatus.BAD_REQUEST
    return None


_SURROGATE = re.compile("[\ud800-\udfff]")
"""Lone surrogates, to which a server decodes bytes that are not UTF-8."""


async def _send_file(site: SiteFiles, path: str, scope: Scope, send: Send) -> bool:
    """Send the file at *path*; return False for a range, a large file, or an address without a file."""
    if site.has_new_build():
        await asyncio.to_thread(site.load_build)
    headers = dict(scope["headers"])
    address = path if path.isascii() else path.encode().decode("latin-1")
    accept_encoding = headers.get(b"accept-encoding", b"").decode("latin-1")
    response = site.cached(address, accept_encoding)
    if b"range" in headers or not (response or site.has_file(address)):
        return False
    if response is None:  # a disk may be slow
        response = await asyncio.to_thread(site.response, address, accept_encoding)
        if response is None:
            return False
    condition = headers.get(b"if-none-match")
    if condition is not None and static.matches_etag(condition.decode("latin-1"), response.etag):
        await asgi.respond(send, 304, response.asgi_not_modified, b"")
    else:
        await asgi.respond(send, 200, response.asgi_headers, response.body)
    return True
