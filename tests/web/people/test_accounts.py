"""What account holders and guests do with what is theirs, and nobody else's."""

import csv
import io

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from course.content.course import Course
from course.record.answering.tables import Answer
from course.record.people import personal_data
from course.record.people.tables import Account, Learner, SignIn
from course.record.store import ownership
from course.record.store.database import Database
from course.record.tables import Base
from course.web.people.accounts import browser as browser_name
from tests.forms import WRONG, choice, submission
from tests.web import mailbox
from tests.web.visitors import FORM, MAIL, PASSWORD, Browser, answer, count, who


def signed_in(new_browser: Browser) -> FlaskClient:
    made = new_browser()
    made.post("/account/sign-in", data=FORM, headers={"User-Agent": "Firefox/1 (Windows)"})
    return made


def without_password(
    app: OpenAPI, new_browser: Browser, mail: str = "bob@example.org"
) -> FlaskClient:
    made = new_browser()
    made.post("/account/sign-in-link", data={"mail": mail})
    made.post(mailbox.link(app))
    return made


def sign_in_ids(database: Database) -> list[int]:
    with database.read() as session:
        live = sa.select(SignIn.id).where(SignIn.ended_at.is_(None)).order_by(SignIn.id)
        return list(session.scalars(live))


def test_a_stranger_is_offered_an_account(client: FlaskClient) -> None:
    page = client.get("/account").text

    assert "Create an account" in page
    assert "Nothing has been recorded" in page


def test_a_guest_is_offered_an_account_and_their_data(learner: FlaskClient) -> None:
    page = learner.get("/account").text

    assert "Create an account" in page
    assert "/account/data.csv" in page
    for column in personal_data.COLUMNS:
        assert f"<dt>{column.name}</dt><dd>{column.meaning}</dd>" in page
    assert "/account/erase" in page


def test_an_account_is_shown_with_its_browsers(member: FlaskClient, new_browser: Browser) -> None:
    signed_in(new_browser)
    page = member.get("/account").text

    assert MAIL in page
    assert "(this browser)" in page
    assert "Firefox on Windows" in page


@pytest.mark.parametrize("path", ["password", "mail"])
def test_pages_of_an_account_lead_others_to_the_sign_in(learner: FlaskClient, path: str) -> None:
    for send in (learner.get, learner.post):
        response = send(f"/account/{path}")
        assert (response.status_code, response.location) == (303, "/account/sign-in")


@pytest.mark.parametrize("path", ["erase", "data.json", "data.csv"])
def test_a_stranger_has_no_record(client: FlaskClient, path: str) -> None:
    response = client.get(f"/account/{path}")

    assert (response.status_code, response.location) == (303, "/account")


def test_signing_out_ends_the_token_and_takes_it_from_the_cookie(
    member: FlaskClient, new_browser: Browser
) -> None:
    stolen = new_browser()
    cookie = member.get_cookie("course")
    assert cookie is not None
    stolen.set_cookie("course", cookie.value)
    member.post("/account/sign-out")

    assert who(member) is None
    assert who(stolen) is None
    assert "You’re signed out" in member.get("/account").text
    left = member.get_cookie("course")
    assert left is not None
    stolen.set_cookie("course", left.value)
    assert who(stolen) is None


def test_a_guest_is_never_signed_out(learner: FlaskClient) -> None:
    learner.post("/account/sign-out")

    assert who(learner) == {"guest": True, "mail": None}


def test_one_browser_is_signed_out_at_once(
    member: FlaskClient, new_browser: Browser, database: Database
) -> None:
    other = signed_in(new_browser)
    _, theirs = sign_in_ids(database)
    member.post(f"/account/browsers/{theirs}/end")

    assert who(other) is None
    assert who(member) is not None


def test_all_other_browsers_are_signed_out(member: FlaskClient, new_browser: Browser) -> None:
    others = [signed_in(new_browser), signed_in(new_browser)]
    member.post("/account/browsers/end-others")

    assert [who(other) for other in others] == [None, None]
    assert who(member) is not None


def test_nobody_signs_out_anothers_browser(
    app: OpenAPI, member: FlaskClient, new_browser: Browser, database: Database
) -> None:
    (theirs,) = sign_in_ids(database)
    guest, stranger, bob = new_browser(), new_browser(), without_password(app, new_browser)
    guest.post("/api/v1/session")
    for other in (guest, stranger, bob):
        other.post(f"/account/browsers/{theirs}/end")
        other.post("/account/browsers/end-others")

    assert who(member) == {"guest": False, "mail": MAIL}


def test_a_password_is_changed_with_the_present_one(
    app: OpenAPI, member: FlaskClient, new_browser: Browser
) -> None:
    other = signed_in(new_browser)
    wrong = member.post("/account/password", data={"current": "x", "password": "a new password"})
    assert wrong.status_code == 422
    assert who(other) is not None
    done = member.post(
        "/account/password", data={"current": PASSWORD, "password": "a new password"}
    )

    assert done.location == "/account"
    assert who(member) is not None
    assert who(other) is None
    assert mailbox.last(app)["To"] == MAIL
    again = new_browser().post("/account/sign-in", data=FORM | {"password": "a new password"})
    assert again.status_code == 303


def test_a_first_password_is_set_soon_after_the_link(
    app: OpenAPI, new_browser: Browser, database: Database
) -> None:
    bob = without_password(app, new_browser)
    assert bob.post("/account/password", data={"password": PASSWORD}).status_code == 303

    sent = {"mail": "bob@example.org", "password": PASSWORD}
    assert new_browser().post("/account/sign-in", data=sent).status_code == 303


@pytest.mark.parametrize("path", ["password", "mail"])
def test_without_a_password_changes_need_a_fresh_link(
    app: OpenAPI, new_browser: Browser, database: Database, path: str
) -> None:
    bob = without_password(app, new_browser)
    with database.write() as session:
        for row in session.scalars(sa.select(SignIn)):
            row.created_at = row.created_at.replace(year=2020)
    form = {"password": PASSWORD, "mail": "new@example.org"}

    assert "Send me a link to sign in again" in bob.get(f"/account/{path}").text
    assert bob.post(f"/account/{path}", data=form).status_code == 422
    bob.post("/account/sign-in-link", data={"mail": "bob@example.org"})
    bob.post(mailbox.link(app))
    assert bob.post(f"/account/{path}", data=form).status_code == 303


def test_an_address_is_changed_by_a_link_to_the_new_one(
    app: OpenAPI, member: FlaskClient, new_browser: Browser
) -> None:
    form = {"mail": "New@example.org", "current": PASSWORD}
    wrong = member.post("/account/mail", data=form | {"current": "x"})
    assert wrong.status_code == 422
    member.post("/account/mail", data=form)
    assert who(member) == {"guest": False, "mail": MAIL}
    assert mailbox.last(app)["To"] == "new@example.org"
    member.get(mailbox.link(app))
    member.post(mailbox.link(app))

    assert who(member) == {"guest": False, "mail": "new@example.org"}
    notice = mailbox.last(app)
    assert notice["To"] == MAIL
    assert "new@example.org" in notice.get_content()


def test_nobody_plants_their_account_on_a_strangers_address(
    app: OpenAPI, member: FlaskClient, new_browser: Browser
) -> None:
    member.post("/account/mail", data={"mail": "victim@example.org", "current": PASSWORD})
    path = mailbox.link(app)
    victim, bob = new_browser(), without_password(app, new_browser)
    for other in (victim, bob):
        assert "isn’t signed in to that account" in other.get(path).text
        assert other.post(path).location == "/account/sign-in"

    assert who(member) == {"guest": False, "mail": MAIL}
    assert member.post(path).status_code == 303  # the others have not spent it


def test_a_taken_address_is_told_to_its_holder_only(
    app: OpenAPI, member: FlaskClient, new_browser: Browser
) -> None:
    without_password(app, new_browser)
    member.get("/account")  # where the messages of signing in are read
    answers = []
    for mail in ("bob@example.org", "eve@example.org"):
        posted = member.post("/account/mail", data={"mail": mail, "current": PASSWORD})
        page = member.get(posted.location).text.replace(mail, "MAIL")
        answers.append((posted.status_code, posted.location, page))

    assert answers[0] == answers[1]
    assert "has an account" in mailbox.mails(app)[-2].get_content()


def test_an_address_taken_meanwhile_is_refused(
    app: OpenAPI, member: FlaskClient, new_browser: Browser
) -> None:
    member.post("/account/mail", data={"mail": "bob@example.org", "current": PASSWORD})
    path = mailbox.link(app)
    without_password(app, new_browser)

    assert member.post(path).location == "/account/sign-in"
    assert who(member) == {"guest": False, "mail": MAIL}


def test_an_account_is_deleted_with_its_password(
    member: FlaskClient, course: Course, database: Database
) -> None:
    answer(member, course)
    for wrong in ({}, {"current": "x"}, {"word": "erase"}):
        assert member.post("/account/erase", data=wrong).status_code == 422
    assert count(database, Answer) == 1
    done = member.post("/account/erase", data={"current": PASSWORD})

    assert "Goodbye" in member.get(done.location).text
    assert member.get_cookie("course") is None
    left = [table.__tablename__ for table, _ in ownership.declared(Base) if count(database, table)]
    assert left == []


def test_a_guest_erases_their_record_with_a_word(
    learner: FlaskClient, course: Course, database: Database
) -> None:
    answer(learner, course)
    assert learner.post("/account/erase", data={"word": "no"}).status_code == 422
    assert learner.post("/account/erase", data={"word": " Erase "}).status_code == 303

    assert count(database, Learner) == 0
    assert who(learner) is None


def test_an_account_without_a_password_is_deleted_with_the_word(
    app: OpenAPI, new_browser: Browser, database: Database
) -> None:
    bob = without_password(app, new_browser)
    assert bob.post("/account/erase", data={"word": "erase"}).status_code == 303

    assert count(database, Account) == 0


def test_data_as_json_holds_everything_but_secrets(member: FlaskClient, course: Course) -> None:
    answer(member, course)
    member.post("/api/v1/readings", json={"lesson": "basics/reading"})
    response = member.get("/account/data.json")
    data = response.json

    assert response.headers["Content-Disposition"].startswith('attachment; filename="my-learning-')
    assert data is not None
    assert data["account"]["mail"] == MAIL
    assert data["account"]["has_password"] is True
    assert [visit["lesson"] for visit in data["visits"]] == ["basics/reading"]
    (given,) = data["answers"]
    assert given["question"]["prompt"] == course.asked["pick"][1].prompt
    assert given["question"]["options"][0]["text"]
    assert (given["said"], given["mark"], given["attempt"]) == (["Right"], 1.0, 1)
    for secret in ("argon2", "token", "hash"):
        assert secret not in response.text


def test_data_of_an_open_graded_quiz_keeps_its_key_closed(
    learner: FlaskClient, course: Course
) -> None:
    first, last = (
        submission(course, "graded-one", choice("Three")),
        submission(course, "graded-two", choice("Three")),
    )
    assert learner.post("/api/v1/answers", json=first).status_code == 201
    text = learner.get("/account/data.json").text
    assert "One plus one?" in text
    assert "Two" in text
    for closed in ("correct", "Two it is.", "Add one to one."):
        assert closed not in text
    learner.post("/api/v1/answers", json=last)
    learner.post("/api/v1/answers", json=submission(course, "graded-one", choice("Three")))

    assert "Add one to one." in learner.get("/account/data.json").text


def test_data_as_csv_opens_in_a_spreadsheet(learner: FlaskClient, course: Course) -> None:
    answer(learner, course, "fill")
    write = submission(course, "write", {"text": ["=1+1"]})
    learner.post("/api/v1/answers", json=write)
    response = learner.get("/account/data.csv")

    assert response.mimetype == "text/csv"
    assert response.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert [row["question"] for row in rows] == ["fill", "write"]
    assert rows[0]["lesson"] == "basics/all-types"
    assert (rows[0]["mark"], rows[0]["attempt"]) == ("1.0", "1")
    assert rows[0]["prompt"] == course.asked["fill"][1].prompt
    assert rows[1]["answer"] == "'=1+1"


@pytest.mark.parametrize("text", ["=A1", "+1", "-1", "@sum", "\t=1", "\r=1"])
def test_no_cell_of_the_csv_is_a_formula(
    learner: FlaskClient, course: Course, database: Database, text: str
) -> None:
    answer(learner, course, "write")
    with database.write() as session:
        session.scalars(sa.select(Answer)).one().given = {"text": [text]}
    rows = list(
        csv.DictReader(
            io.StringIO(learner.get("/account/data.csv").data.decode("utf-8-sig"), newline="")
        )
    )

    assert rows[0]["answer"] == f"'{text}"


def test_data_is_of_whoever_asks(member: FlaskClient, new_browser: Browser, course: Course) -> None:
    answer(member, course)
    guest = new_browser()
    guest.post("/api/v1/session")

    data = guest.get("/account/data.json").json
    assert data is not None
    assert (data["account"], data["answers"]) == (None, [])


def test_a_wrong_answer_is_in_the_data_as_it_was_marked(
    learner: FlaskClient, course: Course
) -> None:
    learner.post("/api/v1/answers", json=submission(course, "pick", WRONG["pick"]))

    data = learner.get("/account/data.json").json
    assert data is not None
    assert (data["answers"][0]["share"], data["answers"][0]["said"]) == (0.0, ["Left"])


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/138.0 Safari/537.36 Edg/138.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/138.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari on iPhone"),
        ("Werkzeug/3.1", "A browser"),
        ("", "A browser"),
    ],
)  # fmt: skip
def test_a_browser_is_named_as_a_person_would(agent: str, name: str) -> None:
    assert browser_name(agent) == name
