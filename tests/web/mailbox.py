"""What the service has mailed, read from its outbox, and what waits in its queue."""

import email
import email.policy
import re
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from course.record.mail.tables import OutgoingMail
from course.record.people.tables import MailToken
from course.record.store.database import Database
from tests.web.visitors import MAIL


def mails(app: OpenAPI) -> list[EmailMessage]:
    """Every mail so far, oldest first; what waits in the queue is sent first."""
    assert app.extensions["course_mail"].send_due()
    folder = Path(app.config["OUTBOX"])
    files = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [email.message_from_bytes(f.read_bytes(), policy=email.policy.default) for f in files]


def last(app: OpenAPI) -> EmailMessage:
    return mails(app)[-1]


def link(app: OpenAPI) -> str:
    """The path of the link in the last mail."""
    found = re.search(r"http://localhost(/account/\S+/\S+)", last(app).get_content())
    assert found is not None
    return found[1]


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
