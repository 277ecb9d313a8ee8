"""Mail, as requests see it: drafted here, and put into the queue of the record with what caused it."""

import email.utils
import secrets
from collections.abc import Mapping
from typing import Any, cast

from flask import current_app, render_template, request, url_for

from course.record.mail import mail_queue
from course.record.mail.mail_queue import Draft
from course.record.people import mail_links
from course.web import parts
from course.web.mail import sending
from course.web.mail.sending import Sender, Server


def check(config: Mapping[str, Any]) -> None:
    """Raise SettingError when the settings name no server that could be one."""
    if config["SMTP_URL"]:
        Server.at(config["SMTP_URL"])


def link(endpoint: str, **values: Any) -> str:
    """Return the public address of a view: the site's own, whatever host the request was sent to."""
    path = url_for(endpoint, **values).removeprefix(request.script_root)
    site = current_app.config["PUBLIC_URL"] or request.url_root
    return f"{site.rstrip('/')}{path}"


def compose(to: str, kind: str, template: str, *, nonce: str = "", **context: Any) -> Draft:
    """Return the mail that *template* describes: the subject in its first line, the text below.

    Raises ValueError for an address that would end its header.
    """
    title = parts.published().course.title
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
    """Return a nonce for a mail, and the token that takes its place when the mail is sent."""
    nonce = secrets.token_urlsafe(32)
    return nonce, mail_links.derived(current_app.config["SECRET_KEY"], nonce)


def wake() -> None:
    """Let mail be sent that was queued just now."""
    cast(Sender, current_app.extensions["course_mail"]).wake()
