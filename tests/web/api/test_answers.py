"""Recording an answer over the API: never by Flask, and alike by ASGI and by WSGI."""

import asyncio
import json
from typing import Any

import pytest
from a2wsgi.asgi import build_scope
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from werkzeug.test import EnvironBuilder, run_wsgi_app

from course.content.course import Course
from course.record.store.database import Database
from course.web.api.answers import BesideFlask
from course.web.api.models import AnswerOut
from course.web.people import cookies
from tests.asgi import Asked, beside
from tests.forms import RIGHT, WRONG, submission
from tests.web.api.test_api import rows
from tests.web.visitors import FORM, Browser


@pytest.fixture
def through_flask(app: OpenAPI) -> list[str]:
    """Fills with the paths of the requests that Flask has to deal with."""
    seen: list[str] = []

    @app.before_request
    def see() -> None:
        from flask import request

        seen.append(request.path)

    return seen


@pytest.fixture(params=["ASGI", "WSGI"])
def learner(request: pytest.FixtureRequest, app: OpenAPI, learner: FlaskClient) -> FlaskClient:
    """A guest's browser, of a service under either kind of server."""
    if request.param == "WSGI":
        serve_by_wsgi(app)
    return learner


def serve_by_wsgi(app: OpenAPI) -> BesideFlask:
    asked: Asked = app.wsgi_app  # type: ignore[assignment]
    front: Any = asked.front
    by_wsgi = BesideFlask(front.flask.application, front.answers)
    app.wsgi_app = by_wsgi  # type: ignore[method-assign]
    return by_wsgi


@pytest.mark.parametrize("view", ["", "?view=html", "?other=1&view=html", "?view="])
def test_no_answer_passes_flask_whether_taken_or_refused(
    through_flask: list[str], learner: FlaskClient, course: Course, view: str
) -> None:
    through_flask.clear()

    response = learner.post(
        f"/api/v1/answers{view}", json=submission(course, "pick", RIGHT["pick"])
    )

    assert through_flask == []
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"):
        assert response.headers[name]
    assert response.headers["Cache-Control"] == "no-store"
    if view == "?view=":
        assert (response.status_code, response.json["error"]["code"]) == (422, "invalid")
        assert response.json["error"]["message"] == "view: Input should be 'html'"
    else:
        assert response.status_code == 201
        assert AnswerOut.model_validate(response.json).state == "right"
        assert bool(response.json["html"]) == ("html" in view)


@pytest.mark.parametrize("given", [RIGHT, WRONG], ids=["right", "wrong"])
def test_a_reply_shows_what_the_lesson_shows_then(
    new_browser: Browser, course: Course, given: dict[str, dict[str, list[str]]]
) -> None:
    for _ in range(2):  # the second learner gives the same answers, whose HTML is cached
        browser = new_browser()
        browser.post("/api/v1/session")
        for question, fields in given.items():
            sent = submission(course, question, fields)
            reply = browser.post("/api/v1/answers?view=html", json=sent).json
            again = browser.post("/api/v1/answers?view=html", json=sent).json
            name = course.asked[question][0].id
            state = browser.get(f"/api/v1/lessons?lesson={name}&view=html").json

            shown = {one["question"]: one["html"] for one in state["questions"]}
            assert reply["html"] == again["html"] == shown[question]
            assert reply["lesson"] == again["lesson"] == state["lesson"]


def test_other_methods_are_refused_with_the_one_that_there_is(learner: FlaskClient) -> None:
    response = learner.get("/api/v1/answers")

    assert (response.status_code, response.json["error"]["code"]) == (405, "method-not-allowed")
    assert "POST" in response.headers["Allow"]


def test_a_question_in_the_address_that_cannot_be_stored_is_refused(
    learner: FlaskClient, course: Course
) -> None:
    sent = submission(course, "pick", RIGHT["pick"])

    assert learner.post("/api/v1/answers?view=%00", json=sent).status_code == 422


def test_another_site_is_refused(learner: FlaskClient, course: Course, database: Database) -> None:
    sent = submission(course, "pick", RIGHT["pick"])
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert learner.post("/api/v1/answers", json=sent, headers=headers).status_code == 403

    assert rows(database) == 0


def test_a_remembered_cookie_ends_with_its_sign_in(
    member: FlaskClient, course: Course, database: Database
) -> None:
    sent = submission(course, "pick", RIGHT["pick"])
    assert member.post("/api/v1/answers", json=sent).status_code == 201
    cookie = member.get_cookie("course")
    assert cookie is not None

    member.post("/account/sign-out")
    member.set_cookie("course", cookie.value)
    refused = member.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"]))

    assert (refused.status_code, refused.json["error"]["code"]) == (401, "no-session")
    assert rows(database) == 1


def test_a_guest_s_old_cookie_writes_nothing_into_the_account(
    app: OpenAPI, client: FlaskClient, course: Course, database: Database
) -> None:
    from tests.web import mailbox

    client.post("/api/v1/session")
    client.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"]))
    old = client.get_cookie("course")
    assert old is not None
    client.post("/account/sign-up", data=FORM)
    assert client.post(mailbox.link(app)).status_code == 303  # merged now

    thief = app.test_client()
    thief.set_cookie("course", old.value)
    refused = thief.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"]))

    assert refused.status_code == 401
    assert rows(database) == 1


def test_a_forged_cookie_is_nobody(app: OpenAPI, learner: FlaskClient, course: Course) -> None:
    cookie = learner.get_cookie("course")
    assert cookie is not None
    forger = app.test_client()
    content, signature = cookie.value.rsplit(".", 1)
    other = "A" if signature[0] != "A" else "B"  # the last letter has bits that stand for nothing
    forger.set_cookie("course", f"{content}.{other}{signature[1:]}")

    response = forger.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"]))

    assert response.status_code == 401


@pytest.mark.parametrize("in_memory", [True, False], ids=["counted here", "counted elsewhere"])
def test_each_answer_counts_once_towards_one_limit_with_all_writes(
    app: OpenAPI, learner: FlaskClient, course: Course, in_memory: bool
) -> None:
    app.config["LIMIT_WRITES"] = "3 per minute"
    app.extensions["course_front"].answers.limit.in_memory = in_memory
    good, bad = submission(course, "pick", WRONG["pick"]), {"id": 1}

    statuses = [
        learner.post("/api/v1/answers", json=sent).status_code for sent in (good, bad, good)
    ]
    after = learner.post("/api/v1/visits", json={"lesson": "basics/all-types"})
    refused = learner.post("/api/v1/answers?view=html", json=good)

    assert statuses == [201, 422, 200]
    assert (after.status_code, refused.status_code) == (429, 429)
    assert refused.json["error"]["code"] == "too-many-requests"
    assert 0 < int(refused.headers["Retry-After"]) <= 60


def test_without_a_session_a_network_is_limited(
    app: OpenAPI, course: Course, new_browser: Browser
) -> None:
    app.config["LIMIT_WRITES"] = "1 per minute"
    sent = submission(course, "pick", RIGHT["pick"])
    near = {"REMOTE_ADDR": "192.0.2.1", "REMOTE_PORT": "1"}
    far = {"REMOTE_ADDR": "192.0.2.2", "REMOTE_PORT": "1"}

    statuses = [
        new_browser().post("/api/v1/answers", json=sent, environ_base=place).status_code
        for place in (near, near, far)
    ]

    assert statuses == [401, 429, 401]


def test_a_full_queue_says_when_to_come_back(
    app: OpenAPI, learner: FlaskClient, course: Course, database: Database
) -> None:
    app.extensions["course_recorder"].limit = 0
    for view in ("", "?view=html"):
        response = learner.post(
            f"/api/v1/answers{view}", json=submission(course, "pick", RIGHT["pick"])
        )

        assert (response.status_code, response.json["error"]["code"]) == (503, "busy")
        assert response.headers["Retry-After"] == "1"
    assert rows(database) == 0


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 422),
        (b"[]", "application/json", 422),
        (b'{"id": "x"}', "application/json", 422),
        (b"{}", "text/plain", 422),
        (b"{}", "application/x+json", 422),
        (b"x" * 70_000, "application/json", 413),
    ],
)
def test_what_is_no_answer_is_refused(
    learner: FlaskClient, body: bytes, kind: str, status: int
) -> None:
    response = learner.post("/api/v1/answers", data=body, content_type=kind)

    assert response.status_code == status
    assert response.json["error"]["message"]


def test_of_a_body_that_breaks_off_nothing_is_stored(
    app: OpenAPI, learner: FlaskClient, course: Course, database: Database
) -> None:
    cookie = learner.get_cookie("course")
    assert cookie is not None
    body = json.dumps(submission(course, "pick", RIGHT["pick"])).encode()
    builder = EnvironBuilder(
        "/api/v1/answers",
        method="POST",
        headers={"Cookie": f"course={cookie.value}"},
        content_type="application/json",
    )
    builder.content_length = len(body)
    scope: Any = build_scope(builder.get_environ())  # type: ignore[arg-type]
    coming = [
        {"type": "http.request", "body": body[:20], "more_body": True},
        {"type": "http.disconnect"},
    ]
    said: list[Any] = []

    async def receive() -> dict[str, Any]:
        return coming.pop(0)

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    beside(asyncio.run, app.extensions["course_front"](scope, receive, send))

    assert said[0]["status"] == 400  # a chunk of a nonsensical size ends like this, too
    assert (coming, rows(database)) == ([], 0)


@pytest.mark.parametrize("times", [1, 1_000])
def test_an_answer_that_comes_in_chunks_is_read_and_has_to_end(
    app: OpenAPI, learner: FlaskClient, course: Course, database: Database, times: int
) -> None:
    """A program may send without saying how long it is going to be: one answer, or far too much."""
    cookie = learner.get_cookie("course")
    assert cookie is not None
    body = json.dumps(submission(course, "pick", RIGHT["pick"])).encode() * times
    builder = EnvironBuilder(
        "/api/v1/answers",
        method="POST",
        headers={"Cookie": f"course={cookie.value}", "Transfer-Encoding": "chunked"},
        content_type="application/json",
    )
    scope: Any = build_scope(builder.get_environ())  # type: ignore[arg-type]
    scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"content-length"]
    parts = [body[at : at + 100] for at in range(0, len(body), 100)]
    said: list[Any] = []

    async def receive() -> dict[str, Any]:
        part = parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    beside(asyncio.run, app.extensions["course_front"](scope, receive, send))

    assert said[0]["status"] == (201 if times == 1 else 413)
    assert rows(database) == (1 if times == 1 else 0)


def test_what_is_no_object_is_told_so(learner: FlaskClient) -> None:
    for body in ("{bad", "[]", '"text"'):
        said = learner.post("/api/v1/answers", data=body, content_type="application/json")
        assert said.status_code == 422
        assert said.json["error"]["message"].startswith("Send a JSON object")


def test_only_so_many_cookies_are_remembered(
    app: OpenAPI, learner: FlaskClient, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cookies, "MAX_CACHED", 2)
    cookie = learner.get_cookie("course")
    assert cookie is not None
    for number in range(5):
        builder = EnvironBuilder(
            "/api/v1/answers",
            method="POST",
            data=json.dumps(submission(course, "pick", RIGHT["pick"])),
            headers={"Cookie": f"other={number}; course={cookie.value}"},
            content_type="application/json",
        )
        assert run_wsgi_app(app, builder.get_environ(), buffered=True)[1].startswith("201")
        assert 1 <= len(app.extensions["course_front"].answers.senders) <= 2


def test_by_wsgi_a_response_that_nobody_reads_leaves_nothing_running(
    app: OpenAPI, client: FlaskClient, course: Course
) -> None:
    """As when the client has gone."""
    by_wsgi = serve_by_wsgi(app)
    client.post("/api/v1/session")
    client.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"]))

    async def others() -> int:
        return len(asyncio.all_tasks()) - 1

    assert asyncio.run_coroutine_threadsafe(others(), by_wsgi._loop).result() == 0
