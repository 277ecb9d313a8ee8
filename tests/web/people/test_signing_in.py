"""Signing up and in: the same answer for everyone, links that only the right person can use."""

import re
import threading

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from werkzeug.test import TestResponse

from course.content.course import Course
from course.record.answering.tables import Answer
from course.record.mail.tables import OutgoingMail
from course.record.people import accounts
from course.record.people.tables import Account, Learner, MailToken, RateLimit, SignIn
from course.record.store.database import Database
from tests.web import mailbox
from tests.web.visitors import FORM, MAIL, PASSWORD, Browser, answer, count, who


def said(response: TestResponse) -> tuple[int, str, str]:
    """What a response tells, apart from the secrets that differ in each."""
    headers = [(k, v) for k, v in response.headers if k not in ("Set-Cookie", "Content-Length")]
    text = re.sub(r"[\w.]+@example.org", "MAIL", response.text)
    return response.status_code, str(headers), text


def test_a_guest_signs_up_with_one_click_in_the_same_browser(
    app: OpenAPI, client: FlaskClient, course: Course, database: Database
) -> None:
    answer(client, course)
    asked = client.post("/account/sign-up", data=FORM)

    assert asked.status_code == 303
    assert f"sent an email to {MAIL}" in client.get(asked.location).text
    assert count(database, Account) == 0
    page = client.get(mailbox.link(app)).text
    assert "<button" in page
    assert 'type="password"' not in page
    assert count(database, Account) == 0
    assert client.post(mailbox.link(app)).location == "/account"
    assert who(client) == {"guest": False, "mail": MAIL}
    assert count(database, Learner) == 1
    assert count(database, Answer) == 1
    assert "You’re signed in" in client.get("/account").text


def test_signing_up_changes_the_token_of_the_browser(
    app: OpenAPI, client: FlaskClient, new_browser: Browser
) -> None:
    client.post("/api/v1/session")
    planted = client.get_cookie("course")
    assert planted is not None
    client.post("/account/sign-up", data=FORM)
    client.post(mailbox.link(app))

    thief = new_browser()
    thief.set_cookie("course", planted.value)
    assert who(thief) is None


def test_another_browser_has_to_know_the_password(
    app: OpenAPI, client: FlaskClient, new_browser: Browser, course: Course, database: Database
) -> None:
    answer(client, course)
    client.post("/account/sign-up", data=FORM)
    other = new_browser()
    answer(other, course, "tick")

    assert 'type="password"' in other.get(mailbox.link(app)).text
    wrong = other.post(mailbox.link(app), data={"password": "a wrong guess"})
    assert wrong.status_code == 422
    assert "That isn’t the password" in wrong.text
    assert count(database, Account) == 0
    assert other.post(mailbox.link(app), data={"password": PASSWORD}).status_code == 303
    assert who(other) == {"guest": False, "mail": MAIL}
    assert who(client) is None
    with database.read() as session:
        account = session.scalars(sa.select(Account)).one()
        owners = session.scalars(sa.select(Answer.learner_id)).all()
        assert owners == [account.learner_id] * 2


def test_nobody_plants_a_password_on_a_strangers_address(
    app: OpenAPI, new_browser: Browser, database: Database
) -> None:
    attacker, victim = new_browser(), new_browser()
    attacker.post("/account/sign-up", data=FORM | {"password": "planted by me"})
    for typed in ({}, {"password": PASSWORD}):
        assert victim.post(mailbox.link(app), data=typed).status_code == 422

    assert count(database, Account) == 0
    victim.post("/account/sign-in-link", data={"mail": MAIL})
    victim.post(mailbox.link(app))
    assert who(victim) == {"guest": False, "mail": MAIL}
    tried = attacker.post("/account/sign-in", data=FORM | {"password": "planted by me"})
    assert tried.status_code == 422
    assert who(attacker) == {"guest": True, "mail": None}


def test_a_link_asked_for_elsewhere_signs_only_the_opening_browser_in(
    app: OpenAPI, new_browser: Browser
) -> None:
    attacker, victim = new_browser(), new_browser()
    attacker.post("/api/v1/session")
    attacker.post("/account/sign-in-link", data={"mail": MAIL})
    victim.post(mailbox.link(app))

    assert who(victim) == {"guest": False, "mail": MAIL}
    assert who(attacker) == {"guest": True, "mail": None}


def test_opening_a_link_changes_nothing(
    app: OpenAPI, client: FlaskClient, database: Database
) -> None:
    client.post("/account/sign-in-link", data={"mail": MAIL})
    for method in (client.get, client.head, client.get):
        assert method(mailbox.link(app)).status_code == 200

    assert count(database, Account) == 0
    assert client.post(mailbox.link(app)).status_code == 303


def test_a_link_is_used_once(app: OpenAPI, client: FlaskClient) -> None:
    client.post("/account/sign-in-link", data={"mail": MAIL})
    client.post(mailbox.link(app))

    for response in (client.post(mailbox.link(app)), client.get(mailbox.link(app))):
        assert response.status_code == 410
        assert "no longer works" in response.text


@pytest.mark.parametrize("purpose", ["sign-in", "sign-up", "reset", "mail"])
def test_a_made_up_link_is_refused(member: FlaskClient, purpose: str) -> None:
    assert member.get(f"/account/{purpose}/made-up").status_code == 410
    assert (
        member.post(f"/account/{purpose}/made-up", data={"password": PASSWORD}).status_code == 410
    )


def test_a_link_for_one_purpose_is_none_for_another(app: OpenAPI, client: FlaskClient) -> None:
    client.post("/account/sign-up", data=FORM)
    token = mailbox.link(app).rpartition("/")[2]

    for purpose in ("sign-in", "reset"):
        assert (
            client.post(f"/account/{purpose}/{token}", data={"password": PASSWORD}).status_code
            == 410
        )


def test_of_two_clicks_at_once_one_wins(
    app: OpenAPI, client: FlaskClient, new_browser: Browser, database: Database
) -> None:
    client.post("/account/sign-in-link", data={"mail": MAIL})
    path = mailbox.link(app)
    start = threading.Barrier(4)
    statuses: list[int] = []

    def click() -> None:
        fresh = new_browser()
        start.wait()
        statuses.append(fresh.post(path).status_code)

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [303, 410, 410, 410]
    assert count(database, Account) == 1


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/account/sign-up", {"password": "another horse"}),
        ("/account/sign-in", {"password": "a wrong guess"}),
        ("/account/sign-in-link", {}),
        ("/account/forgotten", {}),
    ],
)
def test_a_known_and_an_unknown_address_get_the_same_answer(
    app: OpenAPI, member: FlaskClient, new_browser: Browser, path: str, form: dict[str, str]
) -> None:
    answers = []
    for mail in (MAIL, "bob@example.org"):
        fresh = new_browser()
        posted = fresh.post(path, data=form | {"mail": mail})
        cookies = bool(fresh.get_cookie("course"))
        followed = fresh.get(posted.location).text if posted.location else ""
        answers.append((said(posted), cookies, followed.replace(mail, "MAIL")))

    assert answers[0] == answers[1]


def test_an_unknown_address_takes_a_check_of_a_password_too(
    app: OpenAPI, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = []
    passwords = app.extensions["course_passwords"]
    monkeypatch.setattr(passwords, "verify", lambda *given: checked.append(given))
    client.post("/account/sign-in", data=FORM)

    assert checked == [(PASSWORD, None)]


def test_an_address_with_an_account_is_told_so_by_mail(
    app: OpenAPI, member: FlaskClient, new_browser: Browser, database: Database
) -> None:
    stranger = new_browser()
    stranger.post("/account/sign-up", data=FORM | {"password": "another horse"})

    text = mailbox.last(app).get_content()
    assert "It already exists" in text
    assert "http://localhost/account/forgotten" in text
    assert count(database, Account) == 1
    stranger.post(mailbox.link(app))
    assert who(stranger) == {"guest": False, "mail": MAIL}
    assert new_browser().post("/account/sign-in", data=FORM).status_code == 303


def test_a_second_link_to_sign_up_makes_no_second_account(
    app: OpenAPI, client: FlaskClient, database: Database
) -> None:
    client.post("/account/sign-up", data=FORM)
    first = mailbox.link(app)
    client.post("/account/sign-up", data=FORM | {"password": "another horse"})
    client.post(mailbox.link(app))
    again = client.post(first, data={"password": PASSWORD})

    assert again.location == "/account/sign-in"
    assert count(database, Account) == 1
    assert client.post("/account/sign-in", data=FORM).status_code == 422


def test_signing_in_brings_along_what_the_guest_did(
    app: OpenAPI, member: FlaskClient, new_browser: Browser, course: Course, database: Database
) -> None:
    guest = new_browser()
    answer(guest, course)
    answer(member, course)
    signed_in = guest.post("/account/sign-in", data=FORM | {"mail": "  ADA@Example.org "})

    assert signed_in.location == "/account"
    assert who(guest) == {"guest": False, "mail": MAIL}
    with database.read() as session:
        account = session.scalars(sa.select(Account)).one()
        found = session.execute(
            sa.select(Answer.learner_id, Answer.attempt).order_by(Answer.attempt)
        )
        assert [tuple(row) for row in found] == [(account.learner_id, 1), (account.learner_id, 2)]


def test_signing_in_changes_the_token_of_the_browser(
    member: FlaskClient, new_browser: Browser
) -> None:
    victim, thief = new_browser(), new_browser()
    thief.post("/api/v1/session")
    planted = thief.get_cookie("course")
    assert planted is not None
    victim.set_cookie("course", planted.value)
    victim.post("/account/sign-in", data=FORM)

    assert who(victim) == {"guest": False, "mail": MAIL}
    assert who(thief) is None


@pytest.mark.parametrize(
    "form",
    [
        {"mail": MAIL, "password": "wrong password"},
        {"mail": "bob@example.org", "password": PASSWORD},
        {"mail": "nonsense", "password": PASSWORD},
        {"mail": MAIL},
        {},
    ],
)
def test_a_wrong_sign_in_is_refused_and_the_password_not_repeated(
    member: FlaskClient, new_browser: Browser, form: dict[str, str]
) -> None:
    fresh = new_browser()
    response = fresh.post("/account/sign-in", data=form)

    assert response.status_code == 422
    assert "<title>Error: Sign in" in response.text
    assert 'role="alert"' in response.text
    assert 'aria-invalid="true"' in response.text
    assert form.get("password", "nothing typed") not in response.text
    assert who(fresh) is None


def test_an_account_without_a_password_opens_to_no_password(
    app: OpenAPI, client: FlaskClient, new_browser: Browser
) -> None:
    client.post("/account/sign-in-link", data={"mail": MAIL})
    client.post(mailbox.link(app))

    for password in ("", "None", PASSWORD):
        tried = new_browser().post("/account/sign-in", data={"mail": MAIL, "password": password})
        assert tried.status_code == 422


def test_a_reset_sets_the_password_and_ends_other_sign_ins(
    app: OpenAPI, member: FlaskClient, new_browser: Browser
) -> None:
    helper = new_browser()
    helper.post("/account/forgotten", data={"mail": MAIL})
    path = mailbox.link(app)
    short = helper.post(path, data={"password": "short"})
    assert short.status_code == 422
    done = helper.post(path, data={"password": "a new password"})

    assert done.location == "/account"
    assert who(helper) == {"guest": False, "mail": MAIL}
    assert who(member) is None
    assert mailbox.last(app)["Subject"].startswith("Your password was set")
    assert new_browser().post("/account/sign-in", data=FORM).status_code == 422
    assert (
        new_browser()
        .post("/account/sign-in", data=FORM | {"password": "a new password"})
        .status_code
        == 303
    )
    assert helper.post(path, data={"password": "once more, please"}).status_code == 410


def test_a_reset_link_ends_when_the_address_is_another(
    app: OpenAPI, member: FlaskClient, database: Database
) -> None:
    member.post("/account/forgotten", data={"mail": MAIL})
    with database.write() as session:
        account = session.scalars(sa.select(Account)).one()
        account.mail = "new@example.org"

    assert member.post(mailbox.link(app), data={"password": "a new password"}).status_code == 410


def test_an_unknown_address_is_not_given_a_reset(app: OpenAPI, client: FlaskClient) -> None:
    client.post("/account/forgotten", data={"mail": MAIL})

    assert "This address has no account" in mailbox.last(app).get_content()
    assert mailbox.link(app).startswith("/account/sign-in/")


def test_a_password_is_refused_before_any_mail(app: OpenAPI, client: FlaskClient) -> None:
    response = client.post("/account/sign-up", data=FORM | {"password": "short"})

    assert response.status_code == 422
    assert "10 characters or more" in response.text
    assert MAIL in response.text
    assert mailbox.mails(app) == []


def test_someone_signed_in_may_sign_up_another_address(
    app: OpenAPI, member: FlaskClient, course: Course, database: Database
) -> None:
    answer(member, course)
    member.post("/account/sign-up", data=FORM | {"mail": "bob@example.org"})
    member.post(mailbox.link(app), data={"password": PASSWORD})

    assert who(member) == {"guest": False, "mail": "bob@example.org"}
    with database.read() as session:
        ada = accounts.find_by_mail(session, MAIL)
        assert ada is not None
        assert session.scalars(sa.select(Answer.learner_id)).all() == [ada.learner_id]


def test_links_name_the_site_and_not_the_host_of_the_request(
    app: OpenAPI, client: FlaskClient
) -> None:
    app.config["PUBLIC_URL"] = "https://learn.example.org/course/"
    client.post("/account/sign-in-link", data={"mail": MAIL}, base_url="http://evil.example/course")

    text = mailbox.last(app).get_content()
    assert "https://learn.example.org/course/account/sign-in/" in text
    assert "evil" not in text


def test_other_sites_cannot_sign_a_browser_in(member: FlaskClient, new_browser: Browser) -> None:
    fresh = new_browser()
    response = fresh.post("/account/sign-in", data=FORM, headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 403
    assert who(fresh) is None


@pytest.fixture(params=["password", "sign-in-link", "ask-sign-up", "sign-up-link", "reset-link"])
def way_in(request: pytest.FixtureRequest, app: OpenAPI) -> str:
    """The path of a form that signs in, with whatever has to be there for it."""
    made = app.test_client()
    if request.param in ("password", "reset-link"):
        made.post("/account/sign-up", data=FORM)
        made.post(mailbox.link(app))
    if request.param == "password":
        return "/account/sign-in"
    if request.param == "ask-sign-up":
        return "/account/sign-up"
    asked = {"sign-in-link": "sign-in-link", "sign-up-link": "sign-up", "reset-link": "forgotten"}
    made.post(f"/account/{asked[request.param]}", data=FORM)
    return mailbox.link(app)


def everything(database: Database) -> list[object]:
    """What the record holds of people and limits."""
    tables = (Account, Learner, SignIn, MailToken, OutgoingMail, RateLimit)
    with database.read() as session:
        return [session.execute(sa.select(table.__table__)).all() for table in tables]


def test_a_browser_that_refuses_cookies_is_told_so_by_each_way_in_and_nothing_is_stored(
    app: OpenAPI, database: Database, way_in: str
) -> None:
    before = everything(database)

    for _ in range(3):
        refused = app.test_client(use_cookies=False).post(way_in, data=FORM)

        assert refused.status_code == 403
        assert "Your browser is blocking the cookie that keeps you signed in." in refused.text
        assert "Allow cookies for this site, then try again." in refused.text
        assert PASSWORD not in refused.text
    assert everything(database) == before


@pytest.mark.parametrize("path", ["/account/sign-in", "/account/sign-up"])
def test_a_browser_that_refuses_cookies_keeps_the_typed_address(app: OpenAPI, path: str) -> None:
    refused = app.test_client(use_cookies=False).post(path, data=FORM)

    assert f'value="{MAIL}"' in refused.text


def test_the_form_that_told_of_refused_cookies_signs_in_once_they_are_allowed(
    app: OpenAPI, new_browser: Browser, way_in: str
) -> None:
    refused = app.test_client(use_cookies=False).post(way_in, data=FORM)
    form = re.search(r'<form class="account-form"[^>]*|<form method="post"[^>]*', refused.text)
    assert form is not None
    action = re.search(r'action="([^"]+)"', form[0])

    assert action is not None
    assert new_browser().post(action[1], data=FORM).status_code == 303


def test_a_refusal_offers_the_cookie_to_a_browser_that_allows_it_by_now(
    new_browser: Browser, way_in: str
) -> None:
    allowing = new_browser()

    assert allowing.post(f"{way_in}?cookies=1", data=FORM).status_code == 403
    assert allowing.post(f"{way_in}?cookies=1", data=FORM).status_code == 303


def test_no_secret_is_kept_in_the_clear(
    app: OpenAPI, member: FlaskClient, database: Database
) -> None:
    token = mailbox.link(app).rpartition("/")[2]
    with database.read() as session:
        rows = [*session.scalars(sa.select(MailToken)), *session.scalars(sa.select(SignIn))]
        rows += session.scalars(sa.select(Account))
        kept = " ".join(str(vars(row)) for row in rows)

    assert PASSWORD not in kept
    assert token not in kept
    assert "$argon2id$" in kept


@pytest.mark.parametrize("path", ["sign-in", "sign-up", "forgotten", "sent", "goodbye", ""])
def test_pages_need_no_script_and_no_style_of_their_own(client: FlaskClient, path: str) -> None:
    page = client.get(f"/account/{path}".rstrip("/")).text

    assert "<script" not in page
    assert "style=" not in page
    for field in re.findall(r"<input[^>]+>", page):
        name = re.search(r'id="([^"]+)"', field)
        assert name is not None
        assert f'<label for="{name[1]}">' in page
        assert "autocomplete=" in field
