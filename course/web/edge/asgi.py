"""What requests and responses are on an event loop: the parts of ASGI that we use, and short cuts to them.

The standard: https://asgi.readthedocs.io/en/latest/specs/www.html
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
"""Names in small letters."""

BODY_SECONDS = 30.0
"""Seconds for the body of a request to arrive: whoever sends a part of it and stops holds a connection."""

PART = 256 * 1024
"""Bytes of a response that are made before they are sent: all of most pages."""

COUNTED = "course.counted"
"""In the scope, and the environment, of a request that was counted against the limit on writes before."""

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def headers(named: list[tuple[str, str]]) -> Headers:
    """Return headers of WSGI as ASGI has them."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in named]


async def body(receive: Receive, longest: int) -> bytes | HTTPStatus:
    """Return the body of a request, cut off soon after *longest* bytes; a status when it does not come."""
    parts: list[bytes] = []
    length = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return HTTPStatus.BAD_REQUEST
                parts.append(message.get("body", b""))
                length += len(parts[-1])
                if length > longest or not message.get("more_body"):
                    return b"".join(parts)
    except TimeoutError:
        return HTTPStatus.REQUEST_TIMEOUT


def replayed(body: bytes, receive: Receive) -> Receive:
    """Return what receives *body* once more, and then what else comes."""
    left = [body]

    async def again() -> dict[str, Any]:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return await receive()

    return again


async def respond(send: Send, status: int, sent: Headers, body: bytes) -> None:
    """Send a response, whole; its length is among the headers *sent*, where it has one."""
    await send({"type": "http.response.start", "status": status, "headers": sent})
    await send({"type": "http.response.body", "body": body})


async def refuse(send: Send, status: HTTPStatus) -> None:
    """Send a response of one line, for a request that no part of the service looks at."""
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
    """An application of WSGI as one of ASGI, which works on *threads* requests at once.

    A thread waits for nothing of the event loop, so none is left over when that is stopped. What a response
    begins with comes back from the thread that made it; of a long one, the loop asks for part after part.
    """

    def __init__(self, application: Any, threads: int, longest: int) -> None:
        """*longest* is the number of bytes that a request may send; what is longer is cut off there."""
        self.application = application
        self.longest = longest
        self.threads = ThreadPoolExecutor(threads, "wsgi")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sent = await body(receive, self.longest)
        if isinstance(sent, HTTPStatus):
            return await refuse(send, sent)
        environ: Any = build_environ(scope, io.BytesIO(sent))  # type: ignore[arg-type]
        environ[COUNTED] = COUNTED in scope
        if environ.pop("HTTP_TRANSFER_ENCODING", None):  # it came in chunks, and is whole now
            environ["CONTENT_LENGTH"] = str(len(sent))
        loop = asyncio.get_running_loop()
        response = _Response(self.application, environ)
        try:
            part = await loop.run_in_executor(self.threads, response.begin)
            start = {"status": response.status, "headers": response.headers}
            await send({"type": "http.response.start", **start})
            while not response.is_whole:
                await send({"type": "http.response.body", "body": part, "more_body": True})
                part = await loop.run_in_executor(self.threads, response.part)
            await send({"type": "http.response.body", "body": part})
        finally:
            if not response.is_whole:
                await loop.run_in_executor(self.threads, response.close)


class _Response:
    """The response of an application of WSGI, as it is made, part by part."""

    def __init__(self, application: Any, environ: dict[str, Any]) -> None:
        self.application = application
        self.environ = environ
        self.status = 500
        self.headers: Headers = []
        self.is_whole = False

    def begin(self) -> bytes:
        """Run the application and return the first part of what it says."""
        self._said = self.application(self.environ, self._start)
        self._parts = iter(self._said)
        return self.part()

    def part(self) -> bytes:
        """Return the next part, of PART bytes or somewhat more unless it is the last one."""
        found: list[bytes] = []
        length = 0
        for piece in self._parts:
            found.append(piece)
            length += len(piece)
            if length >= PART:
                break
        else:
            self.close()
        return b"".join(found)

    def close(self) -> None:
        """Let go of what the application holds."""
        self.is_whole = True
        getattr(getattr(self, "_said", None), "close", lambda: None)()

    def _start(self, status: str, named: list[tuple[str, str]], _: Any = None) -> None:
        self.status = int(status.split(" ", 1)[0])
        self.headers = headers(named)
