"""Machines whose clocks differ, and clocks that are set back: nobody is signed out, no limit stays."""

import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from itsdangerous import TimestampSigner

from course.content.course import Course
from course.record.people import accounts
from course.record.people.tables import Learner, SignIn
from course.record.statistics import figure_cache
from course.record.statistics.tables import LessonFigures
from course.record.store.base import now
from course.record.store.database import Database
from course.web.edge.limit_storage import InProcessStorage
from tests.forms import RIGHT, submission
from tests.web.visitors import Browser, count, who

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what does not differ between databases."""


class Clock:
    """The clock that signs and checks cookies; *ahead* is how many seconds it is fast."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = 0
        monkeypatch.setattr(
            TimestampSigner, "get_timestamp", lambda _: int(time.time()) + self.ahead
        )


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def form(course: Course) -> dict[str, object]:
    return {"question": "pick", "revision": course.asked["pick"][1].revision, **RIGHT["pick"]}


@ON_SQLITE
@pytest.mark.parametrize("ahead", [3, 180, 3600])
def test_a_cookie_of_a_machine_whose_clock_is_ahead_is_accepted_on_every_path(
    client: FlaskClient, course: Course, database: Database, clock: Clock, ahead: int
) -> None:
    clock.ahead = ahead
    client.post("/api/v1/session")
    clock.ahead = 0

    answered = client.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"]))
    by_flask = client.get("/api/v1/session")
    posted = client.post("/answers", data=form(course))

    assert (answered.status_code, posted.status_code) == (201, 303)
    assert by_flask.json["learner"]
    assert count(database, Learner) == 1


@ON_SQLITE
def test_answers_and_pages_agree_after_the_clock_was_set_back(
    app: OpenAPI, learner: FlaskClient, course: Course, clock: Clock
) -> None:
    known = learner.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"]))
    clock.ahead = -3600
    remembered = learner.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"]))
    app.extensions["course_front"].answers.senders._cache.clear()
    looked_up = learner.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"]))
    by_flask = learner.get("/api/v1/session")

    answers = [known, remembered, looked_up]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert by_flask.json["learner"]


@ON_SQLITE
def test_a_cookie_ends_after_its_days_on_every_path(
    learner: FlaskClient, course: Course, clock: Clock
) -> None:
    clock.ahead = int(timedelta(days=366).total_seconds())
    refused = learner.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"]))

    assert refused.status_code == 401
    assert learner.get("/api/v1/session").json["learner"] is None


@ON_SQLITE
def test_a_session_that_ended_is_not_replaced_in_silence(
    learner: FlaskClient, course: Course, database: Database
) -> None:
    with database.write() as session:
        session.execute(sa.update(SignIn).values(ended_at=now()))

    held = learner.post("/answers", data=form(course))
    posted = learner.post("/answers", data={**form(course), "as": "guest"})

    assert "You have been signed out" in held.text
    assert "Your earlier session has ended" in learner.get(posted.location).text


@ON_SQLITE
@pytest.mark.parametrize("cookie", [None, "made.up.entirely"])
def test_who_had_no_session_is_not_said_to_have_lost_one(
    client: FlaskClient, course: Course, cookie: str | None
) -> None:
    if cookie:
        client.set_cookie("course", cookie)

    posted = client.post("/answers", data=form(course))

    assert "has ended" not in client.get(posted.location).text


def test_a_limit_in_memory_ends_though_the_clock_is_set_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    storage = InProcessStorage()
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)
    monkeypatch.setattr(time, "time", lambda: 5_000_000.0)
    counts = [storage.incr("a", 60), storage.incr("a", 60)]
    monkeypatch.setattr(time, "time", lambda: 5_000_000.0 - 3600)
    left = storage.get_expiry("a") - time.time()
    monkeypatch.setattr(time, "monotonic", lambda: 1061.0)

    assert (counts, left) == ([1, 2], 60.0)
    assert (storage.get("a"), storage.incr("a", 60)) == (0, 1)


@ON_SQLITE
def test_a_sign_in_from_the_future_is_not_fresh(
    member: FlaskClient, new_browser: Browser, database: Database
) -> None:
    with database.write() as session:
        session.execute(sa.update(SignIn).values(created_at=now() + timedelta(hours=1)))
    with database.read() as session:
        found = session.scalars(sa.select(SignIn.id).where(SignIn.ended_at.is_(None))).one()
        assert not accounts.is_recent_sign_in(session, found)
    assert who(member) is not None


@ON_SQLITE
def test_figures_counted_in_the_future_are_counted_again(
    database: Database, published: object, course: Course
) -> None:
    assert figure_cache.recount(database, course) == 2
    with database.write() as session:
        session.execute(sa.update(LessonFigures).values(counted_at=now() + timedelta(hours=1)))

    assert figure_cache.recount(database, course) == 2
    assert figure_cache.recount(database, course) == 0
