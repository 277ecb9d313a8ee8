"""Mail waits in the record with what caused it, is tried again, and ends with its link."""

import contextlib
import email
import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from course.record.mail import mail_queue
from course.record.mail.tables import OutgoingMail
from course.record.people import mail_links
from course.record.people.tables import MailToken
from course.record.store.base import now
from course.record.store.database import Database
from course.web.mail.sending import Sender
from tests.web import mailbox
from tests.web.mail.conftest import Inbox
from tests.web.mailbox import ask, later, link_in, rows
from tests.web.visitors import MAIL, PASSWORD, Browser, count

BACKOFF = mail_queue.DELAYS


def test_the_database_holds_no_link_that_works(
    client: FlaskClient, database: Database, inbox: Inbox, smtp: str, sender: Sender
) -> None:
    ask(client)
    (waiting,) = rows(database)
    stored = link_in(email.message_from_string(f"\n{waiting.body}"))
    assert client.post(stored).status_code == 410

    sender.send_due()

    (sent,) = rows(database)
    token = link_in(inbox.mails[0]).rpartition("/")[2]
    assert token not in waiting.body
    assert (sent.body, sent.nonce) == ("", "")


def test_mail_and_its_cause_are_stored_together(
    app: OpenAPI, client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(*_: Any) -> None:
        raise RuntimeError("at the last moment")

    monkeypatch.setattr(mail_queue, "enqueue", fail)
    with contextlib.suppress(RuntimeError):
        ask(client)

    assert count(database, MailToken) == 0
    assert count(database, OutgoingMail) == 0


def test_a_change_of_password_is_reported_though_the_mail_server_is_away(
    app: OpenAPI, member: FlaskClient, database: Database, away: None, sender: Sender
) -> None:
    form = {"current": PASSWORD, "password": "another horse"}
    assert member.post("/account/password", data=form).location == "/account"
    assert not sender.send_due()
    app.config["SMTP_URL"] = ""
    later(database, BACKOFF[0])

    assert mailbox.last(app)["Subject"].startswith("Your password was set")


def test_mail_is_tried_again_with_growing_pauses_and_then_sent(
    app: OpenAPI,
    client: FlaskClient,
    database: Database,
    away: None,
    sender: Sender,
    inbox: Inbox,
) -> None:
    ask(client)
    for tried, pause in enumerate(BACKOFF[:4], 1):
        assert not sender.send_due()
        (row,) = rows(database)
        assert (row.attempts, row.failed_at) == (tried, None)
        assert pause - timedelta(minutes=1) < row.next_attempt_at - now() <= pause
        assert sender.send_due(), "nothing is due before its time"
        later(database, pause)

    app.config["SMTP_URL"] = ""
    assert client.post(mailbox.link(app)).status_code == 303


def test_a_link_is_good_for_its_whole_time_from_when_it_was_sent(
    app: OpenAPI, client: FlaskClient, database: Database, away: None, sender: Sender
) -> None:
    ask(client)
    sender.send_due()
    later(database, timedelta(minutes=30))
    app.config["SMTP_URL"] = ""

    assert client.get(mailbox.link(app)).status_code == 200


def test_a_mail_whose_time_is_over_has_failed_and_its_text_is_gone(
    client: FlaskClient, database: Database, away: None, sender: Sender
) -> None:
    ask(client)
    sender.send_due()
    later(database, mail_queue.LINK_TIME)
    ask(client, "bob@example.org")
    sender.send_due()

    old, _ = rows(database)
    assert old.failed_at is not None
    assert (old.body, old.nonce, old.error) == ("", "", "Connection refused")


def test_rows_are_removed_in_time(
    client: FlaskClient, database: Database, inbox: Inbox, smtp: str, sender: Sender
) -> None:
    ask(client)
    sender.send_due()
    later(database, mail_queue.SENT_RETENTION)
    ask(client, "bob@example.org")
    sender.send_due()

    assert [row.recipient for row in rows(database)] == ["bob@example.org"]


def test_a_newer_wish_takes_the_place_of_a_mail_that_could_not_be_sent(
    app: OpenAPI, client: FlaskClient, database: Database, away: None, sender: Sender
) -> None:
    """Ten in an hour, and the eleventh is not refused: what could not be sent uses up nothing."""
    statuses = []
    for _ in range(11):
        statuses.append(ask(client))
        sender.send_due()

    assert statuses == [303] * 11
    assert [(row.recipient, row.attempts) for row in rows(database)] == [(MAIL, 1)]
    app.config["SMTP_URL"] = ""
    later(database, BACKOFF[0])
    assert client.post(mailbox.link(app)).status_code == 303


def test_mail_that_failed_for_good_uses_up_nothing(
    client: FlaskClient, inbox: Inbox, smtp: str, sender: Sender
) -> None:
    inbox.refusal = "550 no"
    for _ in range(mail_queue.TO_ONE_ADDRESS + 1):
        assert ask(client) == 303
        sender.send_due()


def test_ending_a_link_ends_its_mail(
    app: OpenAPI, member: FlaskClient, database: Database, away: None
) -> None:
    ask(member)
    member.post("/account/password", data={"current": PASSWORD, "password": "another horse"})

    assert [row.kind for row in rows(database)] == ["sign-up", "notice"], (
        "the first was sent before"
    )


def test_erasing_an_account_erases_its_mail(
    member: FlaskClient, database: Database, away: None
) -> None:
    ask(member)
    member.post("/account/mail", data={"mail": "new@example.org", "current": PASSWORD})
    assert len(rows(database)) == 3, "the sign-up, a link, and one to the new address"
    member.post("/account/erase", data={"current": PASSWORD})

    assert rows(database) == []


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/account/sign-up", {"password": "another horse"}),
        ("/account/sign-in-link", {}),
        ("/account/forgotten", {}),
    ],
)
def test_known_and_unknown_addresses_take_the_same_steps(
    app: OpenAPI,
    member: FlaskClient,
    new_browser: Browser,
    database: Database,
    path: str,
    form: dict[str, str],
) -> None:
    sent: list[str] = []
    sa.event.listen(
        app.extensions["course_database"].engine,
        "before_cursor_execute",
        lambda *said: sent.append(re.sub(r"\d+", "N", said[2])),
    )
    steps = []
    for mail in (MAIL, "bob@example.org"):
        browser = new_browser()
        browser.post("/api/v1/session")
        sent.clear()
        assert browser.post(path, data=form | {"mail": mail}).status_code == 303
        steps.append(list(sent))

    assert steps[0] == steps[1]


def test_a_token_is_derived_with_the_secret_key() -> None:
    token = mail_links.derive_token("key", "nonce")

    assert token == mail_links.derive_token("key", "nonce")
    assert (
        len(
            {
                token,
                mail_links.derive_token("yek", "nonce"),
                mail_links.derive_token("key", "other"),
            }
        )
        == 3
    )
    assert re.fullmatch(r"[\w-]{43}", token)
