"""The service asked as a server asks it, by ASGI, with Flask's client for tests in place of a browser."""

import asyncio
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from a2wsgi.asgi import build_scope

from course.web.front import Front

PATIENCE = 60
"""Seconds that a request may take."""


class Asked:
    """A WSGI application that hands each request, whole, to *front* on a running event loop."""

    def __init__(self, front: Front, loop: asyncio.AbstractEventLoop) -> None:
        self.front = front
        self.loop = loop

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        coming: list[dict[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]
        said: list[dict[str, Any]] = []

        async def receive() -> Any:
            return coming.pop() if coming else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            said.append(message)

        scope: Any = build_scope(environ)  # type: ignore[arg-type]
        running = asyncio.run_coroutine_threadsafe(self.front(scope, receive, send), self.loop)
        running.result(PATIENCE)
        status = HTTPStatus(said[0]["status"])
        headers = [
            (name.decode("latin-1").title(), value.decode("latin-1"))
            for name, value in said[0]["headers"]
        ]
        start_response(f"{status.value} {status.phrase.upper()}", headers)
        return [b"".join(message.get("body", b"") for message in said[1:])]
