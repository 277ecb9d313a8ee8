"""Who visits the service: browsers, guests, and Ada, who has an account."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from course.content.course import Course
from course.record.store.database import Database
from course.record.store.statements import Query
from tests.forms import RIGHT, submission

MAIL = "ada@example.org"
PASSWORD = "correct horse"
FORM = {"mail": MAIL, "password": PASSWORD}

Browser = Callable[[], FlaskClient]
"""Makes a browser that has not been here before."""


def who(client: FlaskClient) -> dict[str, object] | None:
    """Whom the service takes a browser for."""
    found: dict[str, object] | None = client.get("/api/v1/session").json["learner"]  # type: ignore[index]
    return found and {name: found[name] for name in ("guest", "mail")}


def at(network: str) -> dict[str, Any]:
    """What a request from an address of this network has besides."""
    return {"environ_overrides": {"REMOTE_ADDR": network, "REMOTE_PORT": "1"}}


def ask_for_mail(browser: FlaskClient, path: str, network: str, mail: str = MAIL) -> TestResponse:
    """Send a form of the account pages that has a link mailed."""
    form = {"mail": mail, "password": "another horse"}
    return browser.post(f"/account/{path}", data=form, **at(network))


def answer(client: FlaskClient, course: Course, question: str = "pick") -> None:
    client.post("/api/v1/session")
    sent = client.post("/api/v1/answers", json=submission(course, question, RIGHT[question]))
    assert sent.status_code == 201


def count(database: Database, table: type) -> int:
    with database.read() as session:
        return session.scalars(sa.select(sa.func.count()).select_from(table)).one()


def queries(app: Flask) -> list[str]:
    """Fills with what the service asks its database from now on; where transactions begin is left out."""
    database: Database = app.extensions["course_database"]
    sent: list[str] = []

    def note(text: str) -> None:
        if not text.startswith("BEGIN"):
            sent.append(text)

    def noted_query(query: Query, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        note(query.on(database.engine.dialect).text)
        return Database.query(database, query, values)

    sa.event.listen(database.engine, "before_cursor_execute", lambda *said: note(said[2]))
    database.query = noted_query  # type: ignore[method-assign]  # it goes past the engine
    return sent
