"""Mail is sent in the background: no page waits for a mail server, whatever that server does."""

import logging
import socket
import stat
import threading
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from sqlalchemy.exc import OperationalError

from course.record.mail import mail_queue
from course.record.mail.tables import OutgoingMail
from course.record.store.database import Database
from course.web.mail import sending
from course.web.mail.sending import Sender
from tests.web import mailbox
from tests.web.mail.conftest import Inbox
from tests.web.mailbox import ask, later, link_in, rows
from tests.web.visitors import MAIL, who

BACKOFF = mail_queue.DELAYS


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
