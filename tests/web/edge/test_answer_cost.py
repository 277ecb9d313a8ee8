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
"""Who sends, with their row locked; what they answered before; the answer; its attempt; and the transaction.
With HTML two more, for the whole batch: the learner's visit of the lesson, and their answers in it.
"""

SHARE = 0.5
"""Of the calls that the same answer takes as a form through Flask, with the same libraries and Python."""

SHARE_WITH_HTML = 1.5
"""Of the calls of an answer without HTML: the lesson is read, and the HTML is in the cache."""

Profile = dict[tuple[str, int, str], tuple[int, int, float, float, Any]]


def over_api(client: FlaskClient, course: Course, question: str, view: str) -> EnvironBuilder:
    """Return a new answer of the learner over the API."""
    return EnvironBuilder(
        f"/api/v1/answers{view}",
        method="POST",
        data=json.dumps(submission(course, question, RIGHT[question])),
        headers={"Cookie": cookie(client), "Sec-Fetch-Site": "same-origin"},
        content_type="application/json",
    )


def as_form(client: FlaskClient, course: Course, question: str) -> EnvironBuilder:
    """Return a new answer of the learner as a form posts it."""
    sent = submission(course, question, RIGHT[question])
    about = {name: str(sent[name]) for name in ("id", "question", "revision")}
    return EnvironBuilder(
        "/answers",
        method="POST",
        data={**about, **RIGHT[question]},
        headers={"Cookie": cookie(client), "Sec-Fetch-Site": "same-origin"},
    )


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("course")
    assert found is not None
    return f"course={found.value}"


def answer(application: "WSGIApplication", request: EnvironBuilder) -> None:
    status = run_wsgi_app(application, request.get_environ(), buffered=True)[1]
    assert status[:3] in ("201", "303"), status


def profiled(application: "WSGIApplication", request: Any) -> pstats.Stats:
    """Return what an answer takes; the ones before it have looked up what is looked up once."""
    for question in ("pick", "tick", "pick"):
        answer(application, request(question))
    last = request("pick")
    profiler = cProfile.Profile()
    profiler.runcall(answer, application, last)
    return pstats.Stats(profiler)


def statements(stats: pstats.Stats) -> int:
    """Return how many statements were sent to the database."""
    found: Profile = stats.stats  # type: ignore[attr-defined]
    return sum(many for place, (_, many, *_) in found.items() if sends(place))


def sends(place: tuple[str, int, str]) -> bool:
    """Return whether calls of this function are statements on their way to the database."""
    file, _, name = place
    if name.startswith("<method 'execute"):
        return "of 'sqlite3." in name
    return name in ("execute", "executemany") and file.endswith("psycopg/cursor.py")


def all_profiled(app: OpenAPI, learner: FlaskClient, course: Course) -> list[pstats.Stats]:
    """Return what an answer takes over the API, with HTML, and as a form through Flask."""
    with contextlib.closing(asyncio.new_event_loop()) as loop:
        api = in_one_thread(app, loop)
        ways = [
            (api, lambda question: over_api(learner, course, question, "")),
            (api, lambda question: over_api(learner, course, question, "?view=html")),
            (partial(Flask.wsgi_app, app), lambda question: as_form(learner, course, question)),
        ]
        return [profiled(*way) for way in ways]


def test_an_answer_takes_few_statements_and_few_of_flask_s_calls(
    app: OpenAPI, learner: FlaskClient, course: Course
) -> None:
    plain, with_html, form = beside(all_profiled, app, learner, course)

    assert 3 <= statements(plain) <= STATEMENTS
    assert statements(with_html) <= STATEMENTS + 2
    assert plain.total_calls < SHARE * form.total_calls
    assert with_html.total_calls < SHARE_WITH_HTML * plain.total_calls
