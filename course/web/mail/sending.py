"""Sends queued mail to a mail server or, without one, to a folder.

Contents and recipients are never logged: mail contains secrets.
"""

import contextlib
import email.message
import email.policy
import email.utils
import logging
import os
import smtplib
import socket
import ssl
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from course.record.mail import mail_queue
from course.record.mail.tables import OutgoingMail
from course.record.people import mail_links
from course.record.store import unavailable
from course.record.store.database import Database
from course.settings import SettingError

log = logging.getLogger(__name__)

STEP_SECONDS = 15
"""Timeout in seconds for each step of the SMTP dialogue."""

MAX_SECONDS = 60
"""Timeout in seconds for a whole mail; less than `mail_queue.LEASE`."""

POLL = 5.0
"""Seconds between two queries for mail that other processes queued, or that is due for a retry."""

PAUSE = 10.0
"""Seconds to wait after the mail server could not be reached."""


@dataclass(frozen=True)
class Server:
    """A mail server, given by a URL such as smtp://user:password@host:587."""

    host: str
    port: int
    user: str
    password: str
    is_tls: bool

    @classmethod
    def from_url(cls, url: str) -> "Server":
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
        """Send *message*; raises SMTPException or OSError."""
        with self._connected() as client:
            watch = threading.Timer(MAX_SECONDS, _hang_up, [client.sock])
            watch.daemon = True
            watch.start()
            try:
                self._hand_over(client, message)
            finally:
                watch.cancel()

    def _connected(self) -> smtplib.SMTP:
        if self.is_tls:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=STEP_SECONDS, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=STEP_SECONDS)

    def _hand_over(self, client: smtplib.SMTP, message: email.message.EmailMessage) -> None:
        client.ehlo()
        is_encrypted = self.is_tls
        if not is_encrypted and client.has_extn("starttls"):
            client.starttls(context=ssl.create_default_context())
            is_encrypted = True
        if self.user and not is_encrypted:
            raise smtplib.SMTPException("the server offers no TLS, so no password is sent")
        if self.user:
            client.login(self.user, self.password)
        client.send_message(message)


def _hang_up(connection: socket.socket | None) -> None:
    """Close the connection after MAX_SECONDS; the timeout for each step does not limit their sum."""
    if connection is not None:
        with contextlib.suppress(OSError):  # already closed
            connection.shutdown(socket.SHUT_RDWR)


class Sender:
    """Sends queued mail in a background thread, one for each process.

    A mail is claimed in the database before it is sent, so that no two processes send it, and mail queued
    before a stop is sent after the next start.
    """

    def __init__(self, database: Database, config: Mapping[str, Any]) -> None:
        self.database = database
        self.config = config
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._is_failing = False

    def start(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._run, name="mail", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the current mail, then end the thread."""
        self._stopping.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join()

    def wake(self) -> None:
        """Query for due mail now."""
        self._woken.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            if self._try_send_due():
                self._woken.wait(POLL)
            else:
                self._stopping.wait(PAUSE)

    def _try_send_due(self) -> bool:
        """Send due mail; return False if the mail server or the database could not be reached."""
        try:
            return self.send_due()
        except (
            Exception
        ) as error:  # nothing may end this thread: mail is sent once the database is back
            if not unavailable.is_unavailable(error):
                log.exception("Mail could not be looked for.")
            elif not self._is_failing:
                self._is_failing = True
                log.warning(
                    "Mail waits, the record cannot be reached: %s", unavailable.error_message(error)
                )
            return False

    def send_due(self) -> bool:
        """Send all due mail; return False if the mail server could not be reached."""
        with self.database.read() as session:
            is_due = mail_queue.is_due(session)
        if not is_due:
            return True
        with self.database.write() as session:
            self._log_failed(mail_queue.prune(session), "its time was over")
        while (mail := self._claim()) is not None:
            if not self._send(mail):
                return False
        return True

    def _claim(self) -> OutgoingMail | None:
        with self.database.write() as session:
            mail = mail_queue.claim(session)
            if mail is not None:
                session.expunge(mail)
            return mail

    def _send(self, mail: OutgoingMail) -> bool:
        """Send a mail and record the outcome; return whether the mail server could be reached."""
        try:
            self._deliver(mail)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            reason = _reason(error)
            is_mail_specific = isinstance(
                error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError
            )
            with self.database.write() as session:
                is_over = mail_queue.record_failure(
                    session, mail.id, reason, is_final=_is_final(error)
                )
            self._log_failed(is_over, reason)
            if not is_mail_specific and not self._is_failing:
                log.warning("Mail cannot be sent (%s). It waits; 'course mail' counts it.", reason)
                self._is_failing = True
            return is_mail_specific
        with self.database.write() as session:
            mail_queue.record_sent(session, mail.id)
        if self._is_failing:
            log.warning("Mail is sent again.")
            self._is_failing = False
        return True

    def _log_failed(self, many: int, reason: str) -> None:
        if many:
            log.error("%d mail could not be sent (%s). See 'course mail'.", many, reason)

    def _deliver(self, mail: OutgoingMail) -> None:
        body = mail.body
        if mail.nonce:
            token = mail_links.derive_token(self.config["SECRET_KEY"], mail.nonce)
            body = body.replace(mail.nonce, token)
        made = message(self.config["MAIL_FROM"], mail.recipient, mail.subject, body)
        made["Message-ID"] = mail.message_id
        if url := self.config["SMTP_URL"]:
            Server.from_url(url).deliver(made)
        else:
            path = _write_to_outbox(Path(self.config["OUTBOX"]), made)
            log.warning("No mail server is set; a mail was written to %s", path)


def _is_final(error: Exception) -> bool:
    """Return whether the mail server rejected this mail permanently."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, ValueError) or (
        isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
    )


def _reason(error: Exception) -> str:
    """Return why a mail was not sent, without the server's text, which may name people."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            codes = sorted({str(code) for code, _ in error.recipients.values()})
            return f"the receiver was refused with {', '.join(codes)}"
        case smtplib.SMTPResponseException():
            return f"the mail server answered {error.smtp_code} ({type(error).__name__})"
        case TimeoutError():
            return "the mail server did not answer in time"
        case ssl.SSLCertVerificationError():
            return f"the mail server's certificate: {error.verify_message}"
        case smtplib.SMTPException():
            return str(error) if type(error) is smtplib.SMTPException else type(error).__name__
        case OSError(strerror=str() as text):
            return text
    return type(error).__name__


def message(sender: str, to: str, subject: str, text: str) -> email.message.EmailMessage:
    """Return a plain-text mail; raises ValueError for an address with a line break."""
    made = email.message.EmailMessage(email.policy.SMTP)
    made["From"] = sender
    made["To"] = to
    made["Subject"] = subject
    made["Date"] = email.utils.localtime()
    made["Auto-Submitted"] = "auto-generated"
    # Chosen here, because Python's own choice would break links in long lines.
    made.set_content(text, cte="7bit" if text.isascii() else "quoted-printable")
    return made


def _write_to_outbox(folder: Path, message: email.message.EmailMessage) -> Path:
    """Write *message* to a file in *folder* that only this user can read, and return its path."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix="mail-")
    with os.fdopen(handle, "wb") as file:
        file.write(message.as_bytes())
    return Path(name).rename(f"{name}.eml")
