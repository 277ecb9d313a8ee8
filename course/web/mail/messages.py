"""Mail composed by requests, which queue it in the same transaction as what caused it."""

import email.utils
import secrets
from collections.abc import Mapping
from typing import Any, cast

from flask import current_app, render_template, request, url_for

from course.record.mail import mail_queue
from course.record.mail.mail_queue import Draft
from course.record.people import mail_links
from course.web import current
from course.web.mail import sending
from course.web.mail.sending import Sender, Server


def check(config: Mapping[str, Any]) -> None:
    """Raise SettingError if COURSE_SMTP_URL is invalid."""
    if config["SMTP_URL"]:
        Server.from_url(config["SMTP_URL"])


def link(endpoint: str, **values: Any) -> str:
    """Return the public address of a view, independent of the request's Host header."""
    path = url_for(endpoint, **values).removeprefix(request.script_root)
    site = current_app.config["PUBLIC_URL"] or request.url_root
    return f"{site.rstrip('/')}{path}"


def compose(to: str, kind: str, template: str, *, nonce: str = "", **context: Any) -> Draft:
    """Render *template* as a mail; its first line is the subject.

    Raises ValueError for an address with a line break.
    """
    title = current.published().course.title
    subject, _, text = render_template(f"mail/{template}", title=title, **context).partition("\n")
    domain = email.utils.parseaddr(current_app.config["MAIL_FROM"])[1].rpartition("@")[2]
    message_id = email.utils.make_msgid(domain=domain or None)
    draft = Draft(to, kind, subject, text.strip() + "\n", message_id, nonce)
    sending.message(current_app.config["MAIL_FROM"], draft.recipient, subject, draft.body)
    return draft


def notice(to: str, template: str, **context: Any) -> Draft:
    """Return a mail that reports a change."""
    return compose(to, mail_queue.NOTICE, template, **context)


def new_token() -> tuple[str, str]:
    """Return a nonce for a mail, and the token that replaces it when the mail is sent."""
    nonce = secrets.token_urlsafe(32)
    return nonce, mail_links.derive_token(current_app.config["SECRET_KEY"], nonce)


def wake_sender() -> None:
    """Wake the sender, because mail was queued."""
    cast(Sender, current_app.extensions["course_mail"]).wake()
