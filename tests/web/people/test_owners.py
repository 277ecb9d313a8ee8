"""An answer is recorded for the person who gave it, or not at all; for nobody, nothing is."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from course.content.course import Course
from course.record.answering.tables import Answer
from course.record.people.tables import Learner
from course.record.progress.tables import LessonVisit
from course.record.store.database import Database
from course.web.people.owners import Owners
from tests.forms import RIGHT, submission
from tests.web import mailbox
from tests.web.answering.test_answers import form
from tests.web.visitors import FORM, Browser, count

WAYS = pytest.mark.parametrize("view", ["", "?view=html"])


def key(client: FlaskClient) -> str:
    return str(client.get("/api/v1/session").json["learner"]["key"])


def send(client: FlaskClient, course: Course, view: str, owner: str) -> Any:
    sent = submission(course, "pick", RIGHT["pick"], owner=owner)
    return client.post(f"/api/v1/answers{view}", json=sent)


@WAYS
def test_an_answer_of_somebody_else_is_refused(
    learner: FlaskClient, new_browser: Browser, course: Course, database: Database, view: str
) -> None:
    other = new_browser()
    other.post("/api/v1/session")
    assert key(other) != key(learner)

    refused = send(other, course, view, key(learner))

    assert (refused.status_code, refused.json["error"]["code"]) == (409, "other-learner")
    assert count(database, Answer) == 0
    assert send(learner, course, view, key(learner)).status_code == 201
    assert send(other, course, view, "").status_code == 201


@WAYS
def test_what_a_guest_answered_follows_into_the_account_and_into_no_other(
    app: OpenAPI,
    member: FlaskClient,
    new_browser: Browser,
    course: Course,
    database: Database,
    view: str,
) -> None:
    guest = new_browser()
    guest.post("/api/v1/session")
    owner = key(guest)
    lost = submission(course, "tick", RIGHT["tick"], owner=owner)
    assert guest.post("/api/v1/answers", json=lost).status_code == 201  # its reply got lost

    guest.post("/account/sign-in", data=FORM)

    assert guest.get("/api/v1/session").json["merged"] == [owner]
    assert send(guest, course, view, owner).status_code == 201
    assert guest.post(f"/api/v1/answers{view}", json=lost).status_code == 200
    stranger = new_browser()
    stranger.post("/account/sign-up", data={**FORM, "mail": "bob@example.org"})
    assert stranger.post(mailbox.link(app)).status_code == 303
    assert send(stranger, course, view, owner).status_code == 409
    assert count(database, Answer) == 2


def test_a_guest_who_makes_an_account_stays_the_same_owner(
    app: OpenAPI, learner: FlaskClient
) -> None:
    owner = key(learner)

    learner.post("/account/sign-up", data=FORM)
    learner.post(mailbox.link(app))

    assert key(learner) == owner


@pytest.mark.parametrize("path", ["visits", "readings"])
def test_visits_and_readings_have_an_owner_too(
    learner: FlaskClient, new_browser: Browser, database: Database, path: str
) -> None:
    other = new_browser()
    other.post("/api/v1/session")
    body = {"lesson": "basics/reading", "owner": key(learner)}

    assert other.post(f"/api/v1/{path}", json=body).status_code == 409
    assert count(database, LessonVisit) == 0
    assert learner.post(f"/api/v1/{path}", json=body).status_code in (201, 204)


def test_a_key_says_nothing_of_the_learner_and_depends_on_the_secret(database: Database) -> None:
    keys = {
        Owners(secret, database).key(learner_id) for secret in ("a", "b") for learner_id in (1, 2)
    }

    assert len(keys) == 4
    assert all(re.fullmatch("[0-9a-f]{24}", made) for made in keys)


def test_a_page_made_for_one_learner_answers_for_nobody_else(
    member: FlaskClient, app: OpenAPI, course: Course, database: Database
) -> None:
    member.post("/answers", data=form(course, "pick", RIGHT["pick"]))
    page = member.get("/quiz/basics/all-types").text
    owner = re.search(r'name="owner" value="([0-9a-f]+)"', page)
    assert owner
    assert owner[1] == key(member)
    member.post("/account/sign-out")
    member.post("/account/sign-up", data={**FORM, "mail": "bob@example.org"})
    assert member.post(mailbox.link(app)).status_code == 303

    held = member.post("/answers", data=form(course, "tick", RIGHT["tick"], owner=owner[1]))

    assert held.status_code == 409
    assert "Someone else was signed in" in held.text
    assert count(database, Answer) == 1
    assert member.post("/answers", data=fields(held.text)).status_code == 303
    assert count(database, Answer) == 2


def fields(page: str) -> dict[str, list[str]]:
    """Return the hidden fields of a page's form."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page):
        found.setdefault(name, []).append(value)
    return found


def test_a_form_of_a_session_that_ended_waits_for_its_sender(
    member: FlaskClient, course: Course, database: Database
) -> None:
    cookie = member.get_cookie("course")
    assert cookie is not None
    member.post("/account/sign-out")
    member.set_cookie("course", cookie.value)  # signed out elsewhere: this browser has not noticed
    learners = count(database, Learner)

    held = member.post("/answers", data=form(course, "tick", RIGHT["tick"]))

    assert held.status_code == 401
    assert "You have been signed out. Sign in again to save your answer." in held.text
    assert (count(database, Answer), count(database, Learner)) == (0, learners)
    member.post("/account/sign-in", data=FORM)
    assert member.post("/answers", data=fields(held.text)).status_code == 303
    assert "1 of 8 questions answered" in member.get("/learning").text


def test_a_form_of_a_session_that_ended_is_not_stored_for_who_signs_in_instead(
    app: OpenAPI, member: FlaskClient, course: Course, database: Database
) -> None:
    mine, cookie = key(member), member.get_cookie("course")
    assert cookie is not None
    member.post("/account/sign-out")
    member.set_cookie("course", cookie.value)
    sent = form(course, "tick", RIGHT["tick"], owner=mine)
    held = fields(member.post("/answers", data=sent).text)
    member.post("/account/sign-up", data={**FORM, "mail": "bob@example.org"})
    assert member.post(mailbox.link(app)).status_code == 303

    assert member.post("/answers", data=held).status_code == 409
    assert member.post("/answers", data={**held, "as": "guest"}).status_code == 409
    assert count(database, Answer) == 0


def test_a_page_of_somebody_who_signed_out_makes_nobody(
    member: FlaskClient, course: Course, database: Database
) -> None:
    mine = key(member)
    member.post("/account/sign-out")
    learners = count(database, Learner)

    held = member.post("/answers", data=form(course, "tick", RIGHT["tick"], owner=mine))

    assert held.status_code == 401
    assert "You have been signed out." in held.text
    assert count(database, Learner) == learners
    member.post("/account/sign-in", data=FORM)
    assert member.post("/answers", data=fields(held.text)).status_code == 303


def test_who_was_signed_out_may_go_on_as_a_guest_on_a_page_of_their_own(
    member: FlaskClient, course: Course, database: Database
) -> None:
    mine, cookie = key(member), member.get_cookie("course")
    assert cookie is not None
    member.post("/account/sign-out")
    member.set_cookie("course", cookie.value)
    held = fields(
        member.post("/answers", data=form(course, "pick", RIGHT["pick"], owner=mine)).text
    )

    assert member.post("/answers", data={**held, "as": "guest"}).status_code == 303
    assert count(database, Answer) == 1


def test_who_was_signed_out_may_go_on_as_a_guest(
    member: FlaskClient, course: Course, database: Database
) -> None:
    cookie = member.get_cookie("course")
    assert cookie is not None
    member.post("/account/sign-out")
    member.set_cookie("course", cookie.value)

    sent = form(course, "pick", RIGHT["pick"])
    assert member.post("/answers", data=sent).status_code == 401
    assert member.post("/answers", data={**sent, "as": "guest"}).status_code == 303

    assert count(database, Answer) == 1


@pytest.mark.parametrize(
    ("path", "sent"),
    [("/answers", {}), ("/read", {"lesson": "basics/reading"})],
)
def test_for_a_browser_that_refuses_cookies_nothing_is_stored_and_it_is_told(
    app: OpenAPI, course: Course, database: Database, path: str, sent: dict[str, str]
) -> None:
    client = app.test_client(use_cookies=False)

    for _ in range(3):
        refused = client.post(path, data=sent or form(course, "pick", RIGHT["pick"]))

        assert refused.status_code == 403
        assert "needs a cookie" in refused.text
    assert (count(database, Learner), count(database, Answer)) == (0, 0)


def test_a_script_asks_whether_cookies_return_before_anybody_is_made(
    app: OpenAPI, client: FlaskClient, database: Database
) -> None:
    without = app.test_client(use_cookies=False)
    without.get("/api/v1/session?check=true")
    refused = without.post("/api/v1/session?seed=abc&check=true")

    assert (refused.status_code, refused.json["error"]["code"]) == (403, "cookies-refused")
    assert count(database, Learner) == 0
    client.get("/api/v1/session?check=true")
    assert client.post("/api/v1/session?seed=abc&check=true").status_code == 201
    assert "Set-Cookie" not in client.get("/api/v1/session?check=true").headers
