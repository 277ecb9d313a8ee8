"""Who sends is looked up for many at once, and cached."""

import asyncio
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from sqlalchemy.exc import OperationalError

from course.content.course import Course
from course.record.people import learners
from course.record.people.tables import SignIn
from course.record.store.database import Database
from course.web.people.cookies import SenderCache
from tests.asgi import beside
from tests.forms import RIGHT, submission
from tests.web.visitors import Browser


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Fills with how many tokens each query asks about."""
    found: list[int] = []
    identified = learners.identify_all

    def count(source: Any, tokens: Iterable[str]) -> Any:
        found.append(len(list(tokens)))
        return identified(source, tokens)

    monkeypatch.setattr(learners, "identify_all", count)
    return found


def header(browser: FlaskClient) -> str:
    cookie = browser.get_cookie("course")
    assert cookie is not None
    return f"course={cookie.value}"


async def asked(cookies: SenderCache, headers: list[str]) -> list[int | None]:
    found = await asyncio.gather(*map(cookies.sender, headers))
    return [sender and sender.learner_id for sender in found]


def test_who_comes_during_a_query_shares_the_next(
    app: OpenAPI, new_browser: Browser, course: Course, database: Database, groups: list[int]
) -> None:
    browsers = [new_browser() for _ in range(5)]
    for browser in browsers:
        browser.post("/api/v1/session")
    headers = [*map(header, browsers), "course=made.up", "course=", "other=1"]
    cookies = SenderCache(app, database)
    groups.clear()

    first = beside(asyncio.run, asked(cookies, headers))
    again = beside(asyncio.run, asked(cookies, headers))

    assert len(set(first[:5])) == 5
    assert None not in first[:5]
    assert first[5:] == [None, None, None]
    assert first == again
    assert groups == [5], "one query for all, and none for those in the cache"


def test_an_unavailable_database_refuses_answers_until_it_is_back(
    learner: FlaskClient, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception("away"))

    with monkeypatch.context() as broken:
        broken.setattr(learners, "identify_all", away)
        response = learner.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"]))
    after = learner.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"]))

    assert (response.status_code, response.json["error"]["code"]) == (503, "database-away")
    assert response.headers["Retry-After"] == "5"
    assert after.status_code == 201


def test_other_cookies_beside_a_good_one_take_no_memory(
    app: OpenAPI, learner: FlaskClient, database: Database
) -> None:
    cookies = SenderCache(app, database)
    good = header(learner)
    headers = [f"j{n}={'x' * 10_000}; {good}; k{n}=1" for n in range(300)]

    found = beside(asyncio.run, asked(cookies, headers))

    assert None not in found
    assert list(cookies._cache) == [good.removeprefix("course=")]


def test_the_first_of_several_cookies_counts_as_it_does_for_flask(
    app: OpenAPI, learner: FlaskClient, database: Database
) -> None:
    cookies = SenderCache(app, database)
    good = header(learner)

    found = beside(asyncio.run, asked(cookies, [f"{good}; course=other", f"course=other; {good}"]))

    assert [sender is not None for sender in found] == [True, False]


def test_a_cookie_that_we_did_not_sign_is_not_looked_up(
    app: OpenAPI, database: Database, groups: list[int]
) -> None:
    found = beside(asyncio.run, asked(SenderCache(app, database), [f"course={'x' * 5000}"]))

    assert (found, groups) == ([None], [])


def test_a_long_cookie_is_good_and_not_cached(app: OpenAPI, database: Database) -> None:
    with database.write() as session:
        token = learners.start_guest(session, "test")
    cookies = SenderCache(app, database)
    assert cookies.serializer is not None
    long = cookies.serializer.dumps({"_user_id": token, "_flashes": [secrets.token_hex(5_000)]})

    found = beside(asyncio.run, asked(cookies, [f"course={long}"]))

    assert None not in found
    assert len(cookies) == 0


def test_a_visit_is_noted_with_an_answer(
    app: OpenAPI, learner: FlaskClient, course: Course, database: Database
) -> None:
    before = datetime(2020, 1, 1, tzinfo=UTC)
    with database.write() as session:
        session.execute(sa.update(SignIn).values(last_seen_at=before))

    learner.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"]))

    with database.read() as session:
        assert session.scalars(sa.select(SignIn.last_seen_at)).one() > before
