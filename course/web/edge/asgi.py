"""The parts of ASGI that we use, and an adapter that runs a WSGI application in threads.

Specification: https://asgi.readthedocs.io/en/latest/specs/www.html
"""

import asyncio
import io
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

from a2wsgi.wsgi import build_environ

from course.web.edge import safety

Headers = list[tuple[bytes, bytes]]
"""Header names are in lower case."""

BODY_SECONDS = 30.0
"""Seconds in which the body of a request must arrive, so that a stalled client cannot hold its connection."""

CHUNK_BYTES = 256 * 1024
"""Bytes of a response that are collected before they are sent; most pages are smaller."""

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def headers(named: list[tuple[str, str]]) -> Headers:
    """Convert WSGI headers to ASGI headers."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in named]


async def body(receive: Receive, longest: int) -> bytes | HTTPStatus:
    """Return the request's body, truncated after *longest* bytes or slightly later; a status on failure."""
    chunks: list[bytes] = []
    length = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return HTTPStatus.BAD_REQUEST
                chunks.append(message.get("body", b""))
                length += len(chunks[-1])
                if length > longest or not message.get("more_body"):
                    return b"".join(chunks)
    except TimeoutError:
        return HTTPStatus.REQUEST_TIMEOUT


async def respond(send: Send, status: int, sent: Headers, body: bytes) -> None:
    """Send a complete response; *sent* are its headers, Content-Length included."""
    await send({"type": "http.response.start", "status": status, "headers": sent})
    await send({"type": "http.response.body", "body": body})


async def complete_response(
    application: Application, scope: Scope, body: bytes
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Call *application* with a whole body; return the status, the headers and the body of its response."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await application(scope, receive, send)
    start, *parts = sent
    headers = [
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]
    ]
    return start["status"], headers, b"".join(part.get("body", b"") for part in parts)


async def refuse(send: Send, status: HTTPStatus) -> None:
    """Send a one-line response to a request that is rejected before it is handled."""
    body = f"{status.phrase}\n".encode()
    headers = (
        *safety.HEADERS.items(),
        ("Cache-Control", "no-store"),
        ("Content-Type", "text/plain"),
    )
    sent = [(name.lower().encode(), value.encode()) for name, value in headers]
    if status == HTTPStatus.REQUEST_TIMEOUT:
        sent.append((b"connection", b"close"))
    await respond(send, int(status), [*sent, (b"content-length", b"%d" % len(body))], body)


class InThreads:
    """An ASGI application that runs a WSGI application in up to *threads* threads.

    No thread waits for the event loop, so none is left blocked when the loop stops. A thread returns the
    first chunk of the response; the loop then requests the others one at a time.
    """

    def __init__(self, application: Any, threads: int, longest: int) -> None:
        """*longest* is the number of bytes after which a request's body is truncated."""
        self.application = application
        self.longest = longest
        self.threads = ThreadPoolExecutor(threads, "wsgi")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sent = await body(receive, self.longest)
        if isinstance(sent, HTTPStatus):
            return await refuse(send, sent)
        environ: Any = build_environ(scope, io.BytesIO(sent))  # type: ignore[arg-type]
        if environ.pop(
            "HTTP_TRANSFER_ENCODING", None
        ):  # it was sent in chunks, and is complete now
            environ["CONTENT_LENGTH"] = str(len(sent))
        loop = asyncio.get_running_loop()
        response = _Response(self.application, environ)
        try:
            chunk = await loop.run_in_executor(self.threads, response.start)
            start = {"status": response.status, "headers": response.headers}
            await send({"type": "http.response.start", **start})
            while not response.is_whole:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                chunk = await loop.run_in_executor(self.threads, response.chunk)
            await send({"type": "http.response.body", "body": chunk})
        finally:
            if not response.is_whole:
                await loop.run_in_executor(self.threads, response.close)


class _Response:
    """The response of a WSGI application, produced chunk by chunk."""

    def __init__(self, application: Any, environ: dict[str, Any]) -> None:
        self.application = application
        self.environ = environ
        self.status = 500
        self.headers: Headers = []
        self.is_whole = False

    def start(self) -> bytes:
        """Call the application and return the first chunk of its response."""
        self._iterable = self.application(self.environ, self._start_response)
        self._chunks = iter(self._iterable)
        return self.chunk()

    def chunk(self) -> bytes:
        """Return the next chunk: CHUNK_BYTES or slightly more, unless it is the last one."""
        found: list[bytes] = []
        length = 0
        for piece in self._chunks:
            found.append(piece)
            length += len(piece)
            if length >= CHUNK_BYTES:
                break
        else:
            self.close()
        return b"".join(found)

    def close(self) -> None:
        """Close the application's iterable, so that it releases its resources."""
        self.is_whole = True
        getattr(getattr(self, "_iterable", None), "close", lambda: None)()

    def _start_response(self, status: str, named: list[tuple[str, str]], _: Any = None) -> None:
        self.status = int(status.split(" ", 1)[0])
        self.headers = headers(named)
