"""Limits of mail, to an address and from a network, and what still reaches who needs it."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from course.record.mail import mail_queue
from course.record.mail.tables import OutgoingMail
from course.record.store.database import Database
from tests.web import mailbox
from tests.web.visitors import MAIL, Browser, ask_for_mail, count


def sent(database: Database) -> int:
    return count(database, OutgoingMail)


def test_a_stranger_gets_only_so_many_mails_to_an_address(
    client: FlaskClient, database: Database
) -> None:
    statuses = [ask_for_mail(client, "sign-in-link", "192.0.2.1").status_code for _ in range(7)]

    assert statuses == [303] * mail_queue.FROM_ONE_NETWORK + [429, 429]
    assert sent(database) == mail_queue.FROM_ONE_NETWORK


def test_strangers_cannot_use_up_an_address_s_mail(
    app: OpenAPI, member: FlaskClient, new_browser: Browser, database: Database
) -> None:
    for number in range(4):
        for _ in range(6):
            ask_for_mail(new_browser(), "sign-in-link", f"192.0.2.{number}")
    assert ask_for_mail(new_browser(), "sign-in-link", "198.51.100.1").status_code == 429
    helper = new_browser()
    reset = ask_for_mail(helper, "forgotten", "198.51.100.1")

    assert reset.status_code == 303
    done = helper.post(mailbox.link(app), data={"password": "another horse"})
    assert done.location == "/account"


def test_an_address_gets_only_so_many_mails_from_everybody(
    new_browser: Browser, database: Database
) -> None:
    for number in range(8):
        for path in ("sign-in-link", "forgotten", "sign-up"):
            ask_for_mail(new_browser(), path, f"192.0.2.{number}")

    assert sent(database) <= mail_queue.TO_ONE_ADDRESS + 3


def test_beyond_the_limit_a_mail_of_each_kind_is_sent_from_time_to_time(
    new_browser: Browser, database: Database
) -> None:
    for _ in range(6):
        ask_for_mail(new_browser(), "sign-in-link", "192.0.2.1")
    refused = ask_for_mail(new_browser(), "sign-in-link", "192.0.2.1")
    wait = int(refused.headers["Retry-After"])
    with database.write() as session:
        for row in session.scalars(sa.select(OutgoingMail)):
            row.created_at -= timedelta(seconds=wait)

    assert 0 < wait <= mail_queue.REPEAT_INTERVAL.total_seconds()
    assert ask_for_mail(new_browser(), "sign-in-link", "192.0.2.1").status_code == 303
    assert ask_for_mail(new_browser(), "sign-in-link", "192.0.2.1").status_code == 429


@pytest.mark.parametrize("path", ["sign-in-link", "sign-up", "forgotten"])
def test_a_limit_of_mail_is_the_same_for_known_and_unknown_addresses(
    app: OpenAPI, member: FlaskClient, new_browser: Browser, path: str
) -> None:
    outcomes = []
    mailbox.mails(app)
    with app.extensions["course_database"].write() as session:
        session.execute(sa.delete(OutgoingMail))
    for mail in (MAIL, "bob@example.org"):
        responses = [ask_for_mail(new_browser(), path, "192.0.2.1", mail) for _ in range(6)]
        responses.append(ask_for_mail(new_browser(), "sign-in-link", "192.0.2.1", mail))
        text = re.sub(r"[\w.]+@example.org", "MAIL", responses[5].text)
        outcomes.append(([response.status_code for response in responses], text))

    assert outcomes[0] == outcomes[1]
    assert outcomes[0][0][5] == 429


def test_a_network_asks_for_so_many_mails(app: OpenAPI, client: FlaskClient) -> None:
    app.config["LIMIT_MAIL"] = "3 per hour"
    statuses = [
        ask_for_mail(client, "sign-in-link", "192.0.2.1", f"a{number}@example.org").status_code
        for number in range(5)
    ]

    assert statuses == [303, 303, 303, 429, 429]
    assert ask_for_mail(client, "sign-in-link", "198.51.100.1", "b@example.org").status_code == 303


def test_a_refused_mail_says_when_and_keeps_the_address(app: OpenAPI, client: FlaskClient) -> None:
    app.config["LIMIT_MAIL"] = "1 per hour"
    ask_for_mail(client, "sign-up", "192.0.2.1")
    refused = ask_for_mail(client, "sign-up", "192.0.2.1")

    assert refused.status_code == 429
    assert 3590 < int(refused.headers["Retry-After"]) <= 3600
    assert f'value="{MAIL}"' in refused.text
    assert "another horse" not in refused.text
