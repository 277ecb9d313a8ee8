"""The service asked as a server asks it, by ASGI, with a client of WSGI in place of a browser."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from a2wsgi.asgi import build_scope
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from course.web.edge.front import Front


class Browser(FlaskClient):
    """A client that sends a form once more where it is told to (307), as every browser does."""

    def open(self, *args: Any, follow_redirects: bool = False, **named: Any) -> TestResponse:
        response = super().open(*args, **named)
        if response.status_code == HTTPStatus.TEMPORARY_REDIRECT:
            response = super().open(response.location, *args[1:], **named)
        if follow_redirects and response.location:
            return super().open(response.location, follow_redirects=True)
        return response


PATIENCE = 60
"""Seconds that a request may take."""


class AtOnce(Executor):
    """Runs what it is given in the thread that gives it."""

    def submit(self, function: Callable[..., Any], /, *values: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(function(*values, **named))
        return done


class Asked:
    """A WSGI application that hands each request, whole, to *front* on an event loop."""

    def __init__(self, front: Front, loop: asyncio.AbstractEventLoop) -> None:
        self.front = front
        self.loop = loop

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        coming: list[dict[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]
        said: list[dict[str, Any]] = []

        def receive() -> Any:  # a future, as granian gives
            message = self.loop.create_future()
            message.set_result(coming.pop() if coming else {"type": "http.disconnect"})
            return message

        async def send(message: Any) -> None:
            said.append(message)

        scope: Any = build_scope(environ)  # type: ignore[arg-type]
        answering = self.front(scope, receive, send)
        if self.loop.is_running():
            asyncio.run_coroutine_threadsafe(answering, self.loop).result(PATIENCE)
        else:
            self.loop.run_until_complete(answering)
        status = HTTPStatus(said[0]["status"])
        headers = [
            (name.decode("latin-1").title(), value.decode("latin-1"))
            for name, value in said[0]["headers"]
        ]
        start_response(f"{status.value} {status.phrase.upper()}", headers)
        return [b"".join(message.get("body", b"") for message in said[1:])]


def raw(
    front: Front,
    loop: asyncio.AbstractEventLoop,
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes | None = b"",
) -> tuple[int, dict[str, str]]:
    """Send a request as granian hands it on; return the status and the headers of the response.

    *target* is the address as it stands in the request, *headers* are of Latin-1. Without *body*, it is one
    that breaks off.
    """
    path, _, query = target.partition("?")
    named = {"host": "localhost", **{name.lower(): value for name, value in headers.items()}}
    if body:
        named.setdefault("content-length", str(len(body)))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.5"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path, errors="replace"),
        "query_string": query.encode("latin-1"),
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in named.items()],
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
    }
    coming: list[dict[str, Any]] = []
    if body is not None:
        coming.append({"type": "http.request", "body": body, "more_body": False})
    said: list[dict[str, Any]] = []

    def receive() -> Any:
        message = loop.create_future()
        message.set_result(coming.pop() if coming else {"type": "http.disconnect"})
        return message

    async def send(message: Any) -> None:
        said.append(message)

    asyncio.run_coroutine_threadsafe(front(scope, receive, send), loop).result(PATIENCE)
    answered = {name.decode(): value.decode("latin-1") for name, value in said[0]["headers"]}
    return said[0]["status"], answered


def in_one_thread(app: Flask, loop: asyncio.AbstractEventLoop) -> Asked:
    """Return a service that records answers in the thread that asks, for a profiler to see."""
    front: Front = app.extensions["course_front"]
    app.extensions["course_recorder"]._writer = AtOnce()
    front.answers.threads = AtOnce()  # type: ignore[assignment]
    front.answers.senders._thread = AtOnce()  # type: ignore[assignment]
    return Asked(front, loop)


def beside(function: Callable[..., Any], *values: Any) -> Any:
    """Run what needs an event loop of its own in a thread: in ours that of Playwright may be running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *values).result(PATIENCE)
