"""What recording one answer costs, counted: statements sent to the database, and calls of functions.

Counts say the same on every machine, however busy. Speeds are measured in bench/.
"""

import asyncio
import contextlib
import cProfile
import json
import pstats
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from werkzeug.test import EnvironBuilder, run_wsgi_app

from course.content.course import Course
from tests.asgi import beside, in_one_thread
from tests.forms import RIGHT, submission

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

STATEMENTS = 5
"""Who sends, with their row held; what they answered before; the answer; its attempt; and the transaction."""

SHARE = {"sqlite": 0.36, "postgresql": 0.41}
"""Of the calls that the same answer takes through Flask, with the same libraries and version of Python.

Counted were 968 of 3,098 and 1,273 of 3,469. The rest is room for other versions, not for a row read through
the ORM or a second look at the session: either takes more than what is left.
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


def answer(application: "WSGIApplication", environ: dict[str, Any]) -> None:
    assert run_wsgi_app(application, environ, buffered=True)[1] == "201 CREATED"


def sends(place: tuple[str, int, str]) -> bool:
    """Return whether calls of this function are statements on their way to the database."""
    file, _, name = place
    if name.startswith("<method 'execute"):
        return "of 'sqlite3." in name
    return name in ("execute", "executemany") and file.endswith("psycopg/cursor.py")


def profiled(app: OpenAPI, learner: FlaskClient, course: Course) -> list[pstats.Stats]:
    """Return what an answer takes by the short way and through Flask.

    Answers before it have looked up what is looked up once.
    """
    with contextlib.closing(asyncio.new_event_loop()) as loop:
        short = in_one_thread(app, loop)
        return [_profiled(way, learner, course) for way in (short, partial(Flask.wsgi_app, app))]


def _profiled(way: "WSGIApplication", learner: FlaskClient, course: Course) -> pstats.Stats:
    for question in ("pick", "tick"):
        answer(way, request(learner, course, question))
    environ = request(learner, course, "pick")
    profiler = cProfile.Profile()
    profiler.runcall(answer, way, environ)
    return pstats.Stats(profiler)


def test_an_answer_takes_few_statements_and_few_of_flask_s_calls(
    app: OpenAPI, learner: FlaskClient, course: Course
) -> None:
    short, through_flask = beside(profiled, app, learner, course)

    found: Profile = short.stats
    statements = sum(many for place, (_, many, *_) in found.items() if sends(place))
    assert 3 <= statements <= STATEMENTS
    share = SHARE[app.extensions["course_database"].engine.dialect.name]
    assert short.total_calls < share * through_flask.total_calls
