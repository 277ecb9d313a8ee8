"""Mail waits in the record and is sent in the background: no page waits for a mail server."""

import contextlib
import email
import logging
import re
import socket
import stat
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from sqlalchemy.exc import OperationalError

from course.record.mail import mail_queue
from course.record.mail.tables import OutgoingMail
from course.record.people import mail_links
from course.record.people.tables import MailToken
from course.record.store.base import now
from course.record.store.database import Database
from course.web.mail import sending
from course.web.mail.sending import Sender
from tests import postgres
from tests.web import mailbox
from tests.web.visitors import MAIL, PASSWORD, Browser, count, who

BACKOFF = mail_queue.DELAYS


class Inbox(Message):
    """Keeps what the server was given; refuses receivers with *refusal* where one is set."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []
        self.refusal = ""

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if not self.refusal:
            envelope.rcpt_tos.append(address)
        return self.refusal or "250 OK"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def smtp(inbox: Inbox, app: OpenAPI) -> Iterator[str]:
    """A mail server that works, and that the service is set to."""
    controller = Controller(inbox, hostname="127.0.0.1", port=postgres.free_port())
    controller.start()
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{controller.port}"
    yield app.config["SMTP_URL"]
    controller.stop()


@pytest.fixture
def away(app: OpenAPI) -> None:
    """A mail server that takes no connection."""
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{postgres.free_port()}"


@pytest.fixture
def silent(app: OpenAPI) -> Iterator[socket.socket]:
    """A mail server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        app.config["SMTP_URL"] = f"smtp://127.0.0.1:{server.getsockname()[1]}"
        yield server


@pytest.fixture
def sender(app: OpenAPI) -> Sender:
    made: Sender = app.extensions["course_mail"]
    return made


def rows(database: Database) -> list[OutgoingMail]:
    with database.read() as session:
        return list(session.scalars(sa.select(OutgoingMail).order_by(OutgoingMail.id)))


def later(database: Database, by: timedelta) -> None:
    """Let time pass for everything that waits or was sent."""
    columns = [
        column.name for column in OutgoingMail.__table__.columns if column.name.endswith("_at")
    ]
    with database.write() as session:
        for row in session.scalars(sa.select(OutgoingMail)):
            for name in [*columns, "claimed_until"]:
                if getattr(row, name) is not None:
                    setattr(row, name, getattr(row, name) - by)
        for link in session.scalars(sa.select(MailToken)):
            link.expires_at -= by


def ask(browser: FlaskClient, mail: str = MAIL) -> int:
    return browser.post("/account/sign-in-link", data={"mail": mail}).status_code


def link_in(message: Any) -> str:
    text = message.get_payload(decode=True).decode()
    found = re.search(r"http://localhost(/account/\S+/\S+)", text)
    assert found is not None
    return found[1]


def test_a_mail_is_sent_with_a_link_that_works(
    client: FlaskClient, database: Database, inbox: Inbox, smtp: str, sender: Sender
) -> None:
    assert ask(client) == 303
    assert inbox.mails == []

    assert sender.send_due()

    (message,) = inbox.mails
    assert message["To"] == MAIL
    assert client.post(link_in(message)).status_code == 303
    assert who(client) == {"guest": False, "mail": MAIL}


def test_no_page_waits_for_a_silent_mail_server(
    client: FlaskClient, silent: socket.socket, sender: Sender
) -> None:
    """Every page answers while the sender hangs at a server that says nothing."""
    connected, done = threading.Event(), threading.Event()

    def hang() -> None:
        connection, _ = silent.accept()
        connected.set()
        done.wait(30)
        connection.close()

    assert ask(client) == 303
    server = threading.Thread(target=hang)
    server.start()
    sending_thread = threading.Thread(target=sender.send_due)
    sending_thread.start()
    try:
        assert connected.wait(30)
        statuses = [ask(client, f"other{number}@example.org") for number in range(5)]
        statuses.append(client.get("/account/sign-in").status_code)
        assert sending_thread.is_alive()
    finally:
        done.set()
        sending_thread.join()
        server.join()

    assert statuses == [303] * 5 + [200]


def test_a_connection_that_takes_too_long_is_ended(
    client: FlaskClient,
    database: Database,
    silent: socket.socket,
    sender: Sender,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The server greets, and then says nothing; no step may take longer than all of them."""
    monkeypatch.setattr(sending, "MAX_SECONDS", 0.2)
    connections: list[socket.socket] = []

    def greet() -> None:
        connection, _ = silent.accept()
        connections.append(connection)
        connection.sendall(b"220 welcome\r\n")

    server = threading.Thread(target=greet)
    server.start()
    ask(client)

    assert not sender.send_due()

    server.join()
    connections[0].close()
    assert [row.attempts for row in rows(database)] == [1]


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


def test_every_attempt_sends_the_same_mail(
    app: OpenAPI, client: FlaskClient, database: Database, sender: Sender
) -> None:
    """It may have arrived, though the service ended before it could note that."""
    ask(client)
    (before,) = mailbox.mails(app)
    with database.write() as session:
        session.execute(sa.delete(OutgoingMail))
    ask(client)
    with database.write() as session:
        claimed = mail_queue.claim(session)
        assert claimed is not None
        claimed_id, body = claimed.message_id, claimed.body
    assert sender.send_due()
    assert len(mailbox.mails(app)) == 1, "another sender leaves alone what is claimed"

    later(database, mail_queue.LEASE + timedelta(seconds=1))
    again = mailbox.last(app)

    assert again["Message-ID"] == claimed_id
    assert again["Message-ID"] != before["Message-ID"]
    assert body


def test_of_many_senders_one_sends(
    client: FlaskClient, app: OpenAPI, database: Database, inbox: Inbox, smtp: str
) -> None:
    for number in range(5):
        ask(client, f"ada{number}@example.org")
    senders = [Sender(database, app.config) for _ in range(4)]
    start = threading.Barrier(4)

    def send(sender: Sender) -> None:
        start.wait()
        sender.send_due()

    threads = [threading.Thread(target=send, args=[sender]) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    receivers = sorted(message["To"] for message in inbox.mails)
    assert receivers == [f"ada{number}@example.org" for number in range(5)]


def test_what_was_queued_before_a_stop_is_sent_after_the_start(
    client: FlaskClient, app: OpenAPI, database: Database, inbox: Inbox, smtp: str
) -> None:
    ask(client)

    Sender(database, app.config).send_due()

    assert [message["To"] for message in inbox.mails] == [MAIL]


def test_the_sender_in_the_background_is_woken_by_a_request(
    client: FlaskClient, app: OpenAPI, inbox: Inbox, smtp: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "POLL", 600.0)
    arrived = threading.Event()
    monkeypatch.setattr(inbox, "handle_message", lambda _: arrived.set())
    sender: Sender = app.extensions["course_mail"]
    sender.start()

    ask(client)

    assert arrived.wait(30)
    sender.stop()


def test_a_record_that_is_away_for_a_while_ends_no_sender(
    client: FlaskClient,
    app: OpenAPI,
    inbox: Inbox,
    smtp: str,
    sender: Sender,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(sending, "PAUSE", 0.0)
    arrived, tried = threading.Event(), threading.Event()
    monkeypatch.setattr(inbox, "handle_message", lambda _: arrived.set())
    find = mail_queue.is_due
    failing = [1, 2, 3]

    def fail_at_first(session: Any) -> bool:
        if failing:
            failing.pop()
            raise OperationalError("SELECT 1", {}, Exception("away"))
        tried.set()
        return find(session)

    monkeypatch.setattr(mail_queue, "is_due", fail_at_first)
    ask(client)
    sender.start()

    assert tried.wait(30)
    assert arrived.wait(30)
    sender.stop()
    assert caplog.text.count("the record cannot be reached: away") == 1
    assert "Traceback" not in caplog.text


def test_a_receiver_that_is_refused_for_good_fails_at_once_and_is_logged_without_a_name(
    client: FlaskClient,
    database: Database,
    inbox: Inbox,
    smtp: str,
    sender: Sender,
    caplog: pytest.LogCaptureFixture,
) -> None:
    inbox.refusal = f"550 no such user {MAIL}"
    ask(client)

    assert sender.send_due(), "the server can be reached"

    (row,) = rows(database)
    assert row.failed_at is not None
    assert row.error == "the receiver was refused with 550"
    assert "1 mail could not be sent (the receiver was refused with 550)" in caplog.text
    assert MAIL not in caplog.text
    assert "/account/sign-in/" not in caplog.text


def test_a_receiver_that_is_refused_for_now_keeps_nobody_else_waiting(
    client: FlaskClient,
    database: Database,
    inbox: Inbox,
    smtp: str,
    sender: Sender,
) -> None:
    inbox.refusal = "451 greylisted"
    ask(client)
    ask(client, "bob@example.org")

    assert sender.send_due()

    assert [(row.attempts, row.failed_at) for row in rows(database)] == [(1, None), (1, None)]


def test_a_server_that_is_away_is_logged_once_without_names(
    client: FlaskClient,
    database: Database,
    away: None,
    sender: Sender,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ask(client)
    for _ in range(3):
        sender.send_due()
        later(database, BACKOFF[2])

    assert caplog.text.count("Mail cannot be sent (Connection refused)") == 1
    assert MAIL not in caplog.text
    assert "/account/sign-in/" not in caplog.text


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


def test_without_a_server_mail_is_kept_for_the_operator_only(
    app: OpenAPI, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    ask(client)
    ask(client, "bob@example.org")
    mailbox.mails(app)

    folder = Path(app.config["OUTBOX"])
    files = list(folder.iterdir())
    assert [path.suffix for path in files] == [".eml", ".eml"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert f"a mail was written to {folder}" in caplog.text
    assert MAIL not in caplog.text
    assert "/account/sign-in/" not in caplog.text


def test_a_mail_is_a_mail_for_programs(app: OpenAPI, client: FlaskClient) -> None:
    ask(client)

    message = mailbox.last(app)
    assert isinstance(message, EmailMessage)
    assert message.get_content_type() == "text/plain"
    assert "localhost" in message["Message-ID"]


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
