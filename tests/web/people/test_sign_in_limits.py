"""Limits: wrong passwords, mail and writes, by account and by network, without locking out who is right."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from limits.storage import Storage
from werkzeug.test import TestResponse

from course.content.course import Course
from course.record.mail import mail_queue
from course.record.mail.tables import OutgoingMail
from course.record.people.accounts import Passwords
from course.record.people.tables import Learner, RateLimit
from course.record.revisions.published_course import PublicationError, PublishedCourse
from course.record.revisions.registration import Published
from course.record.store.database import Database
from course.web import create_app
from course.web.edge import limits
from tests import asgi
from tests.forms import RIGHT, submission
from tests.web import mailbox
from tests.web.visitors import FORM, MAIL, PASSWORD, Browser, count, who

WRONG = FORM | {"password": "a wrong guess"}


def at(network: str) -> dict[str, Any]:
    return {"environ_overrides": {"REMOTE_ADDR": network, "REMOTE_PORT": "1"}}


def sign_in(browser: FlaskClient, form: dict[str, str], network: str = "192.0.2.1") -> TestResponse:
    return browser.post("/account/sign-in", data=form, **at(network))


def guess(
    new_browser: Browser, many: int, network: str = "192.0.2.1", mail: str = MAIL
) -> list[int]:
    """The statuses of so many wrong passwords, each from a new browser."""
    form = WRONG | {"mail": mail}
    return [sign_in(new_browser(), form, network).status_code for _ in range(many)]


def ask(browser: FlaskClient, path: str, network: str, mail: str = MAIL) -> TestResponse:
    form = {"mail": mail, "password": "another horse"}
    return browser.post(f"/account/{path}", data=form, **at(network))


@pytest.fixture
def owner(member: FlaskClient) -> FlaskClient:
    """A browser in which Ada was signed in before."""
    member.post("/account/sign-out")
    return member


# Passwords


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
    sent = [ask(new_browser(), "sign-up", "192.0.2.1", f"a{n}@example.org") for n in range(8)]

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

    def gone(_: PublishedCourse) -> Published:
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

    assert ask(browser, "sign-in-link", "192.0.2.1").status_code == 303
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


# Mail


def sent(database: Database) -> int:
    return count(database, OutgoingMail)


def test_a_stranger_gets_only_so_many_mails_to_an_address(
    client: FlaskClient, database: Database
) -> None:
    statuses = [ask(client, "sign-in-link", "192.0.2.1").status_code for _ in range(7)]

    assert statuses == [303] * mail_queue.FROM_ONE_NETWORK + [429, 429]
    assert sent(database) == mail_queue.FROM_ONE_NETWORK


def test_strangers_cannot_use_up_an_address_s_mail(
    app: OpenAPI, member: FlaskClient, new_browser: Browser, database: Database
) -> None:
    for number in range(4):
        for _ in range(6):
            ask(new_browser(), "sign-in-link", f"192.0.2.{number}")
    assert ask(new_browser(), "sign-in-link", "198.51.100.1").status_code == 429
    helper = new_browser()
    reset = ask(helper, "forgotten", "198.51.100.1")

    assert reset.status_code == 303
    done = helper.post(mailbox.link(app), data={"password": "another horse"})
    assert done.location == "/account"


def test_an_address_gets_only_so_many_mails_from_everybody(
    new_browser: Browser, database: Database
) -> None:
    for number in range(8):
        for path in ("sign-in-link", "forgotten", "sign-up"):
            ask(new_browser(), path, f"192.0.2.{number}")

    assert sent(database) <= mail_queue.TO_ONE_ADDRESS + 3


def test_beyond_the_limit_a_mail_of_each_kind_is_sent_from_time_to_time(
    new_browser: Browser, database: Database
) -> None:
    for _ in range(6):
        ask(new_browser(), "sign-in-link", "192.0.2.1")
    refused = ask(new_browser(), "sign-in-link", "192.0.2.1")
    wait = int(refused.headers["Retry-After"])
    with database.write() as session:
        for row in session.scalars(sa.select(OutgoingMail)):
            row.created_at -= timedelta(seconds=wait)

    assert 0 < wait <= mail_queue.REPEAT_INTERVAL.total_seconds()
    assert ask(new_browser(), "sign-in-link", "192.0.2.1").status_code == 303
    assert ask(new_browser(), "sign-in-link", "192.0.2.1").status_code == 429


@pytest.mark.parametrize("path", ["sign-in-link", "sign-up", "forgotten"])
def test_a_limit_of_mail_is_the_same_for_known_and_unknown_addresses(
    app: OpenAPI, member: FlaskClient, new_browser: Browser, path: str
) -> None:
    outcomes = []
    mailbox.mails(app)
    with app.extensions["course_database"].write() as session:
        session.execute(sa.delete(OutgoingMail))
    for mail in (MAIL, "bob@example.org"):
        responses = [ask(new_browser(), path, "192.0.2.1", mail) for _ in range(6)]
        responses.append(ask(new_browser(), "sign-in-link", "192.0.2.1", mail))
        text = re.sub(r"[\w.]+@example.org", "MAIL", responses[5].text)
        outcomes.append(([response.status_code for response in responses], text))

    assert outcomes[0] == outcomes[1]
    assert outcomes[0][0][5] == 429


def test_a_network_asks_for_so_many_mails(app: OpenAPI, client: FlaskClient) -> None:
    app.config["LIMIT_MAIL"] = "3 per hour"
    statuses = [
        ask(client, "sign-in-link", "192.0.2.1", f"a{number}@example.org").status_code
        for number in range(5)
    ]

    assert statuses == [303, 303, 303, 429, 429]
    assert ask(client, "sign-in-link", "198.51.100.1", "b@example.org").status_code == 303


def test_a_refused_mail_says_when_and_keeps_the_address(app: OpenAPI, client: FlaskClient) -> None:
    app.config["LIMIT_MAIL"] = "1 per hour"
    ask(client, "sign-up", "192.0.2.1")
    refused = ask(client, "sign-up", "192.0.2.1")

    assert refused.status_code == 429
    assert 3590 < int(refused.headers["Retry-After"]) <= 3600
    assert f'value="{MAIL}"' in refused.text
    assert "another horse" not in refused.text


# Writes


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


def test_no_password_is_offered_to_be_sent_again(app: OpenAPI, client: FlaskClient) -> None:
    app.config["LIMIT_WRITES"] = "1 per minute"
    for _ in range(2):
        response = client.post("/account/sign-in", data=WRONG)

    assert response.status_code == 429
    assert WRONG["password"] not in response.text


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


def test_nothing_that_is_counted_names_a_person_or_a_network(
    client: FlaskClient, database: Database
) -> None:
    sign_in(client, WRONG)
    ask(client, "sign-in-link", "192.0.2.1")
    with database.read() as session:
        names = [*session.scalars(sa.select(RateLimit.name))]
        names += session.scalars(sa.select(OutgoingMail.network))

    assert len(names) >= 3
    assert not [name for name in names if "192.0.2" in name or "ada" in name]
    assert who(client) is None
