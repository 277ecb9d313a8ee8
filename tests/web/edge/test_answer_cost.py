"""What recording one answer costs, counted: statements sent to the database, and calls of functions.

Counts say the same on every machine, however busy. Speeds are measured in bench/.
"""

import asyncio
import contextlib
import cProfile
import json
import pstats
from typing import Any

from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from werkzeug.test import EnvironBuilder, run_wsgi_app

from course.content.course import Course
from tests.asgi import Asked, beside, in_one_thread
from tests.forms import RIGHT, submission

STATEMENTS = 5
"""Who sends, with their row held; what they answered before; the answer; its attempt; and the transaction."""

CALLS = {"sqlite": 1_000, "postgresql": 1_400}
"""Counted were 841 and 1,188 with Python 3.11; the same answer through Flask takes 4,000. The rest is room
for other versions of Python and of libraries, not for a row read through the ORM or a second look at the
session: either takes more than what is left.
"""

Profile = dict[tuple[str, int, str], tuple[int, int, float, float, Any]]


def request(client: FlaskClient, course: Course, question: str) -> dict[str, Any]:
    """Return a new answer of the learner as the server hands it to the application."""
    cookie = client.get_cookie("course")
    assert cookie is not None
    builder = EnvironBuilder(
        "/api/v1/answers",
        method="POST",
        data=json.dumps(submission(course, question, RIGHT[question])),
        headers={"Cookie": f"course={cookie.value}", "Sec-Fetch-Site": "same-origin"},
        content_type="application/json",
    )
    return builder.get_environ()


def answer(asked: Asked, environ: dict[str, Any]) -> None:
    assert run_wsgi_app(asked, environ, buffered=True)[1] == "201 CREATED"


def sends(place: tuple[str, int, str]) -> bool:
    """Return whether calls of this function are statements on their way to the database."""
    file, _, name = place
    if name.startswith("<method 'execute"):
        return "of 'sqlite3." in name
    return name in ("execute", "executemany") and file.endswith("psycopg/cursor.py")


def profiled(app: OpenAPI, learner: FlaskClient, course: Course) -> pstats.Stats:
    """Return what an answer takes; answers before it have looked up what is looked up once, and kept."""
    with contextlib.closing(asyncio.new_event_loop()) as loop:
        asked = in_one_thread(app, loop)
        for question in ("pick", "tick"):
            answer(asked, request(learner, course, question))
        environ = request(learner, course, "pick")
        profiler = cProfile.Profile()
        profiler.runcall(answer, asked, environ)
    return pstats.Stats(profiler)


def test_an_answer_takes_few_statements_and_calls(
    app: OpenAPI, learner: FlaskClient, course: Course
) -> None:
    stats = beside(profiled, app, learner, course)

    found: Profile = stats.stats
    statements = sum(many for place, (_, many, *_) in found.items() if sends(place))
    assert 3 <= statements <= STATEMENTS
    assert stats.total_calls < CALLS[app.extensions["course_database"].engine.dialect.name]
