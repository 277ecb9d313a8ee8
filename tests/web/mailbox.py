"""What the service has mailed, read from its outbox."""

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path

from flask_openapi3.openapi import OpenAPI


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
