"""What requests and responses are on an event loop: the parts of ASGI that we use, and short cuts to them.

The standard: https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from collections.abc import Awaitable, Callable
from typing import Any

from a2wsgi import WSGIMiddleware

Headers = list[tuple[bytes, bytes]]
"""Names in small letters."""

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def headers(named: list[tuple[str, str]]) -> Headers:
    """Return headers of WSGI as ASGI has them."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in named]


async def body(receive: Receive) -> bytes | None:
    """Return the body of a request; None when the connection was closed before its end."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


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


def in_threads(application: Any, threads: int) -> Application:
    """Return an application of WSGI as one of ASGI, which works on *threads* requests at once."""
    within: Any = WSGIMiddleware(application, workers=threads)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def coming() -> dict[str, Any]:  # a2wsgi wants a coroutine, granian gives a future
            return await receive()

        await within(scope, coming, send)

    return answer
