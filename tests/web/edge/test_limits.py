"""Limits of writes, of any kind of request, and by network; answers pass while nobody can count."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from limits.storage import Storage

from course.content.course import Course
from course.record.people.tables import Learner
from course.record.store.database import Database
from course.web import create_app
from course.web.edge import limits
from tests.forms import RIGHT, submission
from tests.web.visitors import count

INVALID: dict[str, dict[str, Any]] = {
    "an empty object": {"path": "/api/v1/answers", "json": {}},
    "no JSON": {"path": "/api/v1/answers", "data": "{", "content_type": "application/json"},
    "no such lesson": {"path": "/api/v1/visits", "json": {"lesson": "none"}},
    "no such path": {"path": "/api/v1/nothing", "json": {}},
    "an unknown question": {"path": "/answers", "data": {"question": "bogus"}},
    "an empty form": {"path": "/answers", "data": {}},
    "an unknown lesson": {"path": "/read", "data": {"lesson": "none"}},
    "a field that cannot be stored": {"path": "/answers", "data": {"question": "a\0b"}},
    "an address that cannot be stored": {"path": "/ans\0wers", "data": {"question": "pick"}},
}


@pytest.mark.parametrize("known", [False, True], ids=["stranger", "guest"])
@pytest.mark.parametrize("sent", INVALID.values(), ids=INVALID)
def test_requests_that_are_no_good_are_limited(
    app: OpenAPI, client: FlaskClient, known: bool, sent: dict[str, Any]
) -> None:
    if known:
        client.post("/api/v1/session")
    app.config["LIMIT_WRITES"] = "6 per minute"
    responses = [client.post(**sent) for _ in range(8)]

    assert responses[0].status_code in (401, 404, 422)
    assert responses[-1].status_code == 429
    assert 0 < int(responses[-1].headers["Retry-After"]) <= 60


def test_an_answer_that_is_refused_is_counted_once(
    app: OpenAPI, learner: FlaskClient, course: Course
) -> None:
    app.config["LIMIT_WRITES"] = "3 per minute"
    sent = submission(course, "pick", {"choice": ["no such option"]})
    statuses = [learner.post("/api/v1/answers", json=sent).status_code for _ in range(5)]

    assert statuses == [422, 422, 422, 429, 429]


def test_an_answer_beyond_the_limit_is_told_when(
    app: OpenAPI, learner: FlaskClient, course: Course
) -> None:
    app.config["LIMIT_WRITES"] = "2 per minute"
    for _ in range(3):
        response = learner.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"]))

    assert response.status_code == 429
    assert (
        response.json["error"]["message"]
        == "That was a lot in a short time. Try again in a minute."
    )
    assert 0 < int(response.headers["Retry-After"]) <= 60


def test_a_form_beyond_the_limit_can_be_sent_again_as_it_was_typed(
    app: OpenAPI, learner: FlaskClient, course: Course
) -> None:
    app.config["LIMIT_WRITES"] = "1 per minute"
    form = {"question": "write", "revision": "x", "text": 'I wrote "this" & <that>.'}
    for _ in range(2):
        response = learner.post("/answers", data=form)

    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert 'name="text" value="I wrote &#34;this&#34; &amp; &lt;that&gt;."' in response.text
    assert '<form method="post" action="/answers?">' in response.text


class Away(Storage):
    """Counts on another machine, which cannot be reached."""

    STORAGE_SCHEME = ["away"]  # noqa: RUF012 - read by limits as it is
    base_exceptions = ConnectionError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        raise ConnectionError("connection refused")

    def get(self, key: str) -> int:
        raise ConnectionError("connection refused")

    def get_expiry(self, key: str) -> float:
        raise ConnectionError("connection refused")

    def check(self) -> bool:
        return False

    def reset(self) -> int:
        return 0

    def clear(self, key: str) -> None:
        pass


def test_answers_are_taken_while_they_cannot_be_counted(
    app: OpenAPI, course: Course, caplog: pytest.LogCaptureFixture
) -> None:
    second = create_app({**app.config, "LIMIT_STORAGE": "away://"})
    client = second.test_client()
    statuses = [client.post("/api/v1/session").status_code]
    for name in ("pick", "tick"):
        sent = submission(course, name, RIGHT[name])
        statuses.append(client.post("/api/v1/answers", json=sent).status_code)
    second.extensions["course_database"].close()

    assert statuses == [201, 201, 201]
    assert [r.message for r in caplog.records if r.levelname == "ERROR"] == [
        "Writes are not limited, they cannot be counted: connection refused"
    ]


def test_each_of_several_processes_allows_its_part(
    app: OpenAPI, learner: FlaskClient, course: Course
) -> None:
    app.config |= {"LIMIT_WRITES": "6 per minute", "WORKERS": 2}
    statuses = [
        learner.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"])).status_code
        for _ in range(4)
    ]

    assert statuses == [201, 201, 201, 429]


@pytest.mark.parametrize(
    "form",
    [
        {"question": "bogus"},
        {},
        {"question": "pick"},
        {"question": "pick", "revision": "unknown"},
        {"question": "write", "revision": "RIGHT"},
    ],
)
def test_what_cannot_be_recorded_makes_nobody(
    client: FlaskClient, course: Course, database: Database, form: dict[str, str]
) -> None:
    if form.get("revision") == "RIGHT":
        form = form | {"revision": course.asked["write"][1].revision}

    assert client.post("/answers", data=form).status_code in (404, 409, 422)
    assert count(database, Learner) == 0
    assert client.get_cookie("course") is None


@pytest.mark.parametrize(
    ("address", "same", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"),
        ("192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"),
    ],
)
def test_a_network_is_what_one_customer_has(
    app: OpenAPI, address: str, same: str, other: str
) -> None:
    found = []
    for one in (address, same, other):
        with app.test_request_context(environ_base={"REMOTE_ADDR": one}):
            found.append(limits.network())

    assert found[0] == found[1]
    assert found[0] != found[2]
    assert not any(one in name for one in (address, same, other) for name in found)
