"""Mail: sent through an SMTP server, or written to a folder where there is none.

Send after the transaction that made the links in it. What a mail says is never logged: it holds
secrets.
"""

import email.message
import email.policy
import email.utils
import logging
import os
import smtplib
import ssl
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app, render_template, request, url_for

from course.settings import SettingError
from course.web import parts

log = logging.getLogger(__name__)

SECONDS = 15
"""How long the mail server may take for each step."""


class MailError(Exception):
    """Mail could not be handed over; trying again later may help."""


@dataclass(frozen=True)
class Server:
    """A mail server, as an address such as smtp://user:password@host:587 names it."""

    host: str
    port: int
    user: str
    password: str
    is_tls: bool

    @classmethod
    def at(cls, url: str) -> "Server":
        """Return the server at *url*; raises SettingError."""
        found = urlsplit(url)
        is_tls = found.scheme == "smtps"
        try:
            port = found.port or (465 if is_tls else 25)
        except ValueError:
            port = 0
        if found.scheme not in ("smtp", "smtps") or not found.hostname or not port:
            raise SettingError(
                "COURSE_SMTP_URL must look like smtp://user:password@host:587 or smtps://host."
            )
        user, password = unquote(found.username or ""), unquote(found.password or "")
        return cls(found.hostname, port, user, password, is_tls)

    def deliver(self, message: email.message.EmailMessage) -> None:
        """Hand *message* over; raises SMTPException or OSError."""
        with self._connect() as client:
            client.ehlo()
            is_secret = self.is_tls
            if not is_secret and client.has_extn("starttls"):
                client.starttls(context=ssl.create_default_context())
                is_secret = True
            if self.user and not is_secret:
                raise smtplib.SMTPException("the server offers no TLS, so no password is sent")
            if self.user:
                client.login(self.user, self.password)
            client.send_message(message)

    def _connect(self) -> smtplib.SMTP:
        if self.is_tls:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=SECONDS)


def check(config: Mapping[str, Any]) -> None:
    """Raise SettingError when the settings name no server that could be one."""
    if config["SMTP_URL"]:
        Server.at(config["SMTP_URL"])


def link(endpoint: str, **values: Any) -> str:
    """Return the public address of a view: the site's own, whatever host the request was sent to."""
    path = url_for(endpoint, **values).removeprefix(request.script_root)
    site = current_app.config["PUBLIC_URL"] or request.url_root
    return f"{site.rstrip('/')}{path}"


def write(to: str, template: str, **context: Any) -> None:
    """Send the mail that *template* says: the subject in its first line, the text below."""
    title = parts.published().course.title
    subject, _, text = render_template(f"mail/{template}", title=title, **context).partition("\n")
    send(to, subject, text.strip() + "\n")


def notify(to: str, template: str, **context: Any) -> None:
    """Send a mail that nobody waits for: when it cannot be sent, the log says so."""
    try:
        write(to, template, **context)
    except MailError:
        log.warning("%s was not told by mail: %s", to, template)


def send(to: str, subject: str, text: str) -> None:
    """Send a mail; raises MailError when it is not on its way."""
    url = current_app.config["SMTP_URL"]
    message = _message(current_app.config["MAIL_FROM"], to, subject, text)
    try:
        if url:
            Server.at(url).deliver(message)
        else:
            path = _keep(Path(current_app.config["OUTBOX"]), message)
            log.warning("mail for %s written to %s", to, path)
    except (smtplib.SMTPException, OSError) as error:
        log.error("mail for %s could not be sent: %s", to, error)
        raise MailError(to) from error


def _message(sender: str, to: str, subject: str, text: str) -> email.message.EmailMessage:
    message = email.message.EmailMessage(email.policy.SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = email.utils.localtime()
    domain = email.utils.parseaddr(sender)[1].rpartition("@")[2]
    message["Message-ID"] = email.utils.make_msgid(domain=domain or None)
    message["Auto-Submitted"] = "auto-generated"
    # Chosen here, because a link in a text of long lines is cut when Python chooses.
    message.set_content(text, cte="7bit" if text.isascii() else "quoted-printable")
    return message


def _keep(folder: Path, message: email.message.EmailMessage) -> Path:
    """Write *message* into *folder*, readable for this user only, and return where it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix="mail-")
    with os.fdopen(handle, "wb") as file:
        file.write(message.as_bytes())
    return Path(name).rename(f"{name}.eml")
