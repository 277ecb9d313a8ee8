"""The record away, hanging or another one: 503 with Retry-After, never 500, and never without an end."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from course.content.course import Course
from course.record import schema
from course.record.database import Database
from course.web import create_app
from tests import postgres
from tests.asgi import Asked
from tests.forms import RIGHT, submission

PATIENCE = {
    "DATABASE_CONNECT_TIMEOUT": 1,
    "DATABASE_LOCK_TIMEOUT": 1,
    "DATABASE_STATEMENT_TIMEOUT": 1,
}


class Server:
    """A PostgreSQL server that can be stopped, halted and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.password = "secret"
        postgres.initialise(folder, self.password)
        self.process, self.port = postgres.start(folder, self.password, postgres.HASTY)

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres:{self.password}@127.0.0.1:{self.port}/postgres"

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(
            f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/postgres",
            autocommit=True,
        )

    def stop(self) -> None:
        postgres.stop(self.process)

    def start(self) -> None:
        self.process = postgres.start_at(self.folder, self.port, self.password, postgres.HASTY)

    @contextmanager
    def halted(self) -> Iterator[None]:
        """Stop the server and its backends in the block, as a machine that hangs does."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        pids = [self.process.pid, *map(int, children.read_text().split())]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
