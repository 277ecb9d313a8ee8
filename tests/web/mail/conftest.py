"""Mail servers that work, are away or say nothing, and the service's sender."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from flask_openapi3.openapi import OpenAPI

from course.web.mail.sending import Sender
from tests import postgres


class Inbox(Message):
    """Keeps what the server was given; refuses receivers with *refusal* where one is set."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []
        self.refusal = ""

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if not self.refusal:
            envelope.rcpt_tos.append(address)
        return self.refusal or "250 OK"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def smtp(inbox: Inbox, app: OpenAPI) -> Iterator[str]:
    """A mail server that works, and that the service is set to."""
    controller = Controller(inbox, hostname="127.0.0.1", port=postgres.free_port())
    controller.start()
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{controller.port}"
    yield app.config["SMTP_URL"]
    controller.stop()


@pytest.fixture
def away(app: OpenAPI) -> None:
    """A mail server that takes no connection."""
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{postgres.free_port()}"


@pytest.fixture
def silent(app: OpenAPI) -> Iterator[socket.socket]:
    """A mail server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        app.config["SMTP_URL"] = f"smtp://127.0.0.1:{server.getsockname()[1]}"
        yield server


@pytest.fixture
def sender(app: OpenAPI) -> Sender:
    made: Sender = app.extensions["course_mail"]
    return made
