"""Requests that stop halfway or name no host or two: they are refused, and hold nothing."""

import asyncio
from typing import Any

import pytest
from flask_openapi3.openapi import OpenAPI

from course.web.edge import asgi

JSON = [(b"content-type", b"application/json"), (b"content-length", b"100")]
HOST = [(b"host", b"localhost")]


def ask(
    app: OpenAPI,
    loop: asyncio.AbstractEventLoop,
    headers: list[tuple[bytes, bytes]],
    *,
    method: str = "GET",
    path: str = "/healthz",
    version: str = "1.1",
    parts: tuple[bytes, ...] = (),
) -> tuple[int, dict[bytes, bytes]]:
    """Send a request whose body never ends; return the status and headers of the response."""
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
        "http_version": version,
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 4000),
        "root_path": "",
    }
    coming = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if coming:
            return coming.pop(0)
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asked = app.extensions["course_front"](scope, receive, send)
    asyncio.run_coroutine_threadsafe(asked, loop).result(60)
    return sent[0]["status"], dict(sent[0]["headers"])


@pytest.mark.parametrize("path", ["/api/v1/answers", "/api/v1/session", "/account/sign-in"])
@pytest.mark.parametrize("parts", [(), (b'{"id": ',)], ids=["no body", "half a body"])
def test_a_body_that_does_not_come_ends_with_its_connection(
    app: OpenAPI,
    loop: asyncio.AbstractEventLoop,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    parts: tuple[bytes, ...],
) -> None:
    monkeypatch.setattr(asgi, "BODY_SECONDS", 0.0)

    status, headers = ask(app, loop, [*HOST, *JSON], method="POST", path=path, parts=parts)

    assert (status, headers[b"connection"]) == (408, b"close")


def test_an_answer_whose_body_does_not_come_ends_with_its_connection(
    app: OpenAPI, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = app.test_client().post("/api/v1/session").headers["Set-Cookie"]
    cookie = (b"cookie", session.split(";")[0].encode())
    monkeypatch.setattr(asgi, "BODY_SECONDS", 0.0)

    status, headers = ask(app, loop, [*HOST, *JSON, cookie], method="POST", path="/api/v1/answers")

    assert (status, headers[b"connection"]) == (408, b"close")


@pytest.mark.parametrize(
    ("hosts", "version", "status"),
    [
        ([b"localhost"], "1.1", 200),
        ([], "1.1", 400),
        ([b""], "1.1", 400),
        ([b"localhost", b"localhost"], "1.1", 400),
        ([b"localhost", b"evil.example"], "1.0", 400),
        ([], "1.0", 200),
    ],
)
def test_a_request_names_one_host(
    app: OpenAPI, loop: asyncio.AbstractEventLoop, hosts: list[bytes], version: str, status: int
) -> None:
    found, _ = ask(app, loop, [(b"host", host) for host in hosts], version=version)

    assert found == status
