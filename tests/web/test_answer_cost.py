"""What recording one answer costs, counted: statements sent to the database, and calls of functions.

Counts say the same on every machine, however busy. Speeds are measured in bench/.
"""

import asyncio
import cProfile
import json
import pstats
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future
from typing import Any

from a2wsgi.asgi import build_scope
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from werkzeug.test import EnvironBuilder

from course.content.course import Course
from course.web.front import Front
from tests.forms import RIGHT, submission

STATEMENTS = 5
"""Who sends, with their row held; what they answered before; the answer; its attempt; and the transaction."""

CALLS = {"sqlite": 850, "postgresql": 1_250}
"""Counted were 656 and 1,016 with Python 3.11; the same answer through Flask takes 4,000. The rest is room
for other versions of Python and of libraries, not for a row read through the ORM or a second look at the
session: either takes more than what is left.
"""

Profile = dict[tuple[str, int, str], tuple[int, int, float, float, Any]]


class AtOnce(Executor):
    """Runs in the thread that asks, so that the profiler sees it."""

    def submit(self, function: Callable[..., Any], *values: Any, **named: Any) -> Future[Any]:  # type: ignore[override]
        done: Future[Any] = Future()
        done.set_result(function(*values, **named))
        return done


def answer(front: Front, client: FlaskClient, sent: dict[str, Any]) -> Coroutine[Any, Any, None]:
    """Return what answers a request with a new answer of the learner."""
    cookie = client.get_cookie("course")
    assert cookie is not None
    builder = EnvironBuilder(
        "/api/v1/answers",
        method="POST",
        headers={"Cookie": f"course={cookie.value}", "Sec-Fetch-Site": "same-origin"},
        content_type="application/json",
    )
    body = json.dumps(sent).encode()
    builder.content_length = len(body)
    scope: Any = build_scope(builder.get_environ())  # type: ignore[arg-type]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: dict[str, Any]) -> None:
        assert message.get("status", 201) == 201

    return front(scope, receive, send)


def sends(place: tuple[str, int, str]) -> bool:
    """Return whether calls of this function are statements on their way to the database."""
    file, _, name = place
    if name.startswith("<method 'execute"):
        return "of 'sqlite3." in name
    return name in ("execute", "executemany") and file.endswith("psycopg/cursor.py")


def test_an_answer_takes_few_statements_and_calls(
    app: OpenAPI, learner: FlaskClient, course: Course
) -> None:
    front: Front = app.extensions["course_front"]
    app.extensions["course_recorder"]._writer = AtOnce()
    loop = asyncio.new_event_loop()
    for question in ("pick", "tick"):  # what is looked up once, and kept
        sent = submission(course, question, RIGHT[question])
        loop.run_until_complete(answer(front, learner, sent))
    asked = answer(front, learner, submission(course, "pick", RIGHT["pick"]))
    profiler = cProfile.Profile()

    profiler.runcall(loop.run_until_complete, asked)

    loop.close()
    stats = pstats.Stats(profiler)
    found: Profile = stats.stats  # type: ignore[attr-defined]
    statements = sum(many for place, (_, many, *_) in found.items() if sends(place))
    assert 3 <= statements <= STATEMENTS
    assert stats.total_calls < CALLS[app.extensions["course_database"].engine.dialect.name]
