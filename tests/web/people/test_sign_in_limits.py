"""Limits of signing in, by account and by network, that lock nobody out who has the right password."""

import threading

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from werkzeug.test import TestResponse

from course.record.mail.tables import OutgoingMail
from course.record.people.accounts import Passwords
from course.record.people.tables import RateLimit
from course.record.revisions.published_course import PublicationError, PublishedCourse
from course.record.revisions.registration import CourseSnapshot
from course.record.store.database import Database
from course.web import create_app
from tests import asgi
from tests.web import mailbox
from tests.web.visitors import FORM, MAIL, PASSWORD, Browser, ask_for_mail, at, who

WRONG = FORM | {"password": "a wrong guess"}


def sign_in(browser: FlaskClient, form: dict[str, str], network: str = "192.0.2.1") -> TestResponse:
    return browser.post("/account/sign-in", data=form, **at(network))


def guess(
    new_browser: Browser, many: int, network: str = "192.0.2.1", mail: str = MAIL
) -> list[int]:
    """The statuses of so many wrong passwords, each from a new browser."""
    form = WRONG | {"mail": mail}
    return [sign_in(new_browser(), form, network).status_code for _ in range(many)]


@pytest.fixture
def owner(member: FlaskClient) -> FlaskClient:
    """A browser in which Ada was signed in before."""
    member.post("/account/sign-out")
    return member


def test_wrong_passwords_for_an_account_are_limited_in_a_network(
    app: OpenAPI, member: FlaskClient, new_browser: Browser
) -> None:
    app.config["LIMIT_PASSWORD"] = "3 per 15 minutes"

    assert guess(new_browser, 5) == [422, 422, 422, 429, 429]
    assert guess(new_browser, 1, "198.51.100.1") == [422]
    assert guess(new_browser, 1, mail="bob@example.org") == [422]


def test_wrong_passwords_are_limited_in_a_network_whatever_the_account(
    app: OpenAPI, new_browser: Browser
) -> None:
    app.config["LIMIT_SIGN_IN"] = "3 per minute"
    statuses = [guess(new_browser, 1, mail=f"a{n}@example.org")[0] for n in range(5)]

    assert statuses == [422, 422, 422, 429, 429]


def test_a_class_behind_one_address_signs_in(
    app: OpenAPI, member: FlaskClient, new_browser: Browser, database: Database
) -> None:
    app.config |= {"LIMIT_SIGN_IN": "3 per minute", "LIMIT_PASSWORD": "3 per minute"}
    statuses = [sign_in(new_browser(), FORM).status_code for _ in range(8)]

    assert statuses == [303] * 8


def test_a_class_behind_one_address_signs_up(app: OpenAPI, new_browser: Browser) -> None:
    """Each new browser is first asked whether it returns cookies."""
    app.config["LIMIT_SIGN_IN"] = "3 per minute"
    sent = [
        ask_for_mail(new_browser(), "sign-up", "192.0.2.1", f"a{n}@example.org") for n in range(8)
    ]

    assert [response.request.path for response in sent] == ["/account/sign-up"] * 8
    assert [response.status_code for response in sent] == [303] * 8


def test_who_is_turned_away_because_many_sign_in_has_used_up_nothing(
    app: OpenAPI, member: FlaskClient, new_browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config |= {"LIMIT_SIGN_IN": "3 per minute", "LIMIT_PASSWORD": "3 per minute"}
    passwords = app.extensions["course_passwords"]
    with monkeypatch.context() as patch:
        patch.setattr(passwords, "_admitted", threading.Semaphore(0))
        refused = [sign_in(new_browser(), FORM) for _ in range(5)]

    assert [response.status_code for response in refused] == [503] * 5
    assert refused[0].headers["Retry-After"] == "5"
    assert f'value="{MAIL}"' in refused[0].text
    assert sign_in(new_browser(), FORM).status_code == 303


def test_an_attempt_that_the_service_could_not_look_at_has_used_up_nothing(
    app: OpenAPI, member: FlaskClient, new_browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["LIMIT_SIGN_IN"] = "3 per minute"

    def gone(_: PublishedCourse) -> CourseSnapshot:
        raise PublicationError("There is no course.")

    with monkeypatch.context() as patch:
        patch.setattr(PublishedCourse, "get", gone)
        refused = [sign_in(new_browser(), FORM) for _ in range(5)]

    assert [response.status_code for response in refused] == [503] * 5
    assert refused[0].headers["Retry-After"] == "5"
    assert sign_in(new_browser(), FORM).status_code == 303


def test_sign_ins_at_the_same_moment_do_not_hinder_each_other(
    app: OpenAPI, member: FlaskClient, new_browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["LIMIT_SIGN_IN"] = "2 per minute"
    statuses: list[int] = []
    verify = Passwords.verify

    def while_others_come(passwords: Passwords, password: str, kept: str | None) -> bool:
        if len(statuses) < 5:
            statuses.append(0)
            place, mail = len(statuses) - 1, f"a{len(statuses)}@example.org"
            statuses[place] = sign_in(new_browser(), FORM | {"mail": mail}).status_code
        return verify(passwords, password, kept)

    with monkeypatch.context() as patch:
        patch.setattr(Passwords, "verify", while_others_come)
        first = sign_in(new_browser(), FORM)

    assert first.status_code == 303
    assert 429 not in statuses


def test_a_link_that_is_not_good_counts(app: OpenAPI, new_browser: Browser) -> None:
    app.config["LIMIT_SIGN_IN"] = "3 per minute"
    for _ in range(3):
        assert new_browser().post("/account/sign-in/guess").status_code == 410

    assert new_browser().post("/account/forgotten", data={"mail": MAIL}).status_code == 429


def test_the_right_password_after_some_wrong_ones_signs_in(
    app: OpenAPI, member: FlaskClient, new_browser: Browser
) -> None:
    app.config["LIMIT_PASSWORD"] = "3 per 15 minutes"
    guess(new_browser, 2)

    assert sign_in(new_browser(), FORM).status_code == 303
    assert guess(new_browser, 2) == [422, 429], "what went well is not counted"


def test_all_processes_count_together_and_a_restart_forgets_nothing(
    app: OpenAPI, member: FlaskClient, new_browser: Browser, database: Database
) -> None:
    app.config["LIMIT_PASSWORD"] = "3 per 15 minutes"
    guess(new_browser, 3)
    second = create_app({**app.config, "LIMIT_PASSWORD": "3 per 15 minutes"})
    second.test_client_class = asgi.Browser
    response = sign_in(second.test_client(), FORM)
    second.extensions["course_database"].close()

    assert response.status_code == 429


def test_guessing_from_many_networks_is_slowed_and_the_owner_s_first_try_passes(
    app: OpenAPI, member: FlaskClient, new_browser: Browser
) -> None:
    app.config["LIMIT_ACCOUNT"] = "6 per hour"
    for number in range(3):
        assert guess(new_browser, 2, f"192.0.2.{number}") == [422, 422]

    assert guess(new_browser, 2, "198.51.100.1") == [422, 429]
    assert guess(new_browser, 1, "192.0.2.1") == [429]
    assert sign_in(new_browser(), FORM, "203.0.113.1").status_code == 303


def test_strangers_cannot_lock_the_owner_s_browser_out(
    app: OpenAPI, owner: FlaskClient, new_browser: Browser
) -> None:
    """Not even from the owner's own network."""
    app.config |= {"LIMIT_ACCOUNT": "2 per hour", "LIMIT_PASSWORD": "3 per hour"}
    assert guess(new_browser, 4)[-1] == 429

    assert sign_in(owner, WRONG).status_code == 422
    assert sign_in(owner, FORM).status_code == 303


def test_a_known_browser_has_a_limit_too(app: OpenAPI, owner: FlaskClient) -> None:
    app.config["LIMIT_PASSWORD"] = "3 per hour"
    statuses = [sign_in(owner, WRONG).status_code for _ in range(4)]

    assert statuses == [422, 422, 422, 429]


def test_a_browser_that_was_a_guest_or_another_s_is_a_stranger(
    app: OpenAPI, member: FlaskClient, new_browser: Browser
) -> None:
    app.config["LIMIT_PASSWORD"] = "2 per hour"
    other = new_browser()
    other.post("/account/sign-in-link", data={"mail": "bob@example.org"})
    other.post(mailbox.link(app))
    other.post("/account/sign-out")
    guess(new_browser, 2)

    assert sign_in(other, FORM).status_code == 429


def test_the_link_by_mail_stays_open_when_passwords_are_limited(
    app: OpenAPI, member: FlaskClient, new_browser: Browser
) -> None:
    app.config |= {"LIMIT_SIGN_IN": "2 per hour", "LIMIT_PASSWORD": "2 per hour"}
    assert guess(new_browser, 3)[-1] == 429
    browser = new_browser()

    assert ask_for_mail(browser, "sign-in-link", "192.0.2.1").status_code == 303
    assert browser.post(mailbox.link(app), **at("192.0.2.1")).status_code == 303


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("password", {"password": "another horse"}),
        ("mail", {"mail": "new@example.org"}),
        ("erase", {}),
    ],
)
def test_the_present_password_is_not_guessed_by_who_is_signed_in(
    app: OpenAPI, member: FlaskClient, path: str, form: dict[str, str]
) -> None:
    app.config["LIMIT_PASSWORD"] = "3 per hour"
    guesses = [
        member.post(f"/account/{path}", data=form | {"current": "a guess"}).status_code
        for _ in range(4)
    ]
    right = member.post(f"/account/{path}", data=form | {"current": PASSWORD})

    assert guesses == [422, 422, 422, 429]
    assert right.status_code == 429


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("sign-in", {"mail": "no address", "password": PASSWORD}),
        ("sign-in", {}),
        ("sign-up", {"mail": MAIL, "password": "short"}),
        ("sign-up", {}),
        ("sign-in-link", {"mail": "no address"}),
        ("forgotten", {}),
        ("reset/made-up", {"password": "another horse"}),
        ("sign-in/made-up", {}),
        ("sign-up/made-up", {"password": "another horse"}),
    ],
)
def test_forms_that_cannot_be_used_are_limited(
    app: OpenAPI, client: FlaskClient, path: str, form: dict[str, str]
) -> None:
    app.config["LIMIT_SIGN_IN"] = "3 per minute"
    responses = [client.post(f"/account/{path}", data=form) for _ in range(5)]
    statuses = [response.status_code for response in responses]

    assert statuses[:3] == [statuses[0]] * 3
    assert statuses[0] in (410, 422)
    if "made-up" not in path:  # there the form itself is gone
        assert statuses[3:] == [429, 429]


def test_a_limit_says_when_and_the_page_keeps_what_was_typed_but_no_password(
    app: OpenAPI, client: FlaskClient
) -> None:
    app.config["LIMIT_PASSWORD"] = "1 per 15 minutes"
    client.post("/account/sign-in", data=WRONG)
    refused = client.post("/account/sign-in", data=WRONG)

    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    assert f'value="{MAIL}"' in refused.text
    assert "Try again in 15 minutes" in refused.text
    assert WRONG["password"] not in refused.text


def test_no_password_is_offered_to_be_sent_again(app: OpenAPI, client: FlaskClient) -> None:
    app.config["LIMIT_WRITES"] = "1 per minute"
    for _ in range(2):
        response = client.post("/account/sign-in", data=WRONG)

    assert response.status_code == 429
    assert WRONG["password"] not in response.text


def test_nothing_that_is_counted_names_a_person_or_a_network(
    client: FlaskClient, database: Database
) -> None:
    sign_in(client, WRONG)
    ask_for_mail(client, "sign-in-link", "192.0.2.1")
    with database.read() as session:
        names = [*session.scalars(sa.select(RateLimit.name))]
        names += session.scalars(sa.select(OutgoingMail.network))

    assert len(names) >= 3
    assert not [name for name in names if "192.0.2" in name or "ada" in name]
    assert who(client) is None
