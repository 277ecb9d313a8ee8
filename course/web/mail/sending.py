"""Mail, as it leaves: from the queue of the record to a mail server, or to a folder where there is none.

What a mail contains is never logged, since it holds secrets; nor is whom it is for.
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

SECONDS = 15
"""How long the mail server may take for each step."""

LONGEST = 60
"""How long it may take for a mail altogether, in seconds; less than `outgoing_mail.LEASE`."""

POLL = 5.0
"""Seconds after which a sender looks for mail that other processes queued, or that is to be tried again."""

PAUSE = 10.0
"""Seconds for which a sender leaves a mail server alone that cannot be reached."""


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
        with self._connected() as client:
            watch = threading.Timer(LONGEST, _hang_up, [client.sock])
            watch.daemon = True
            watch.start()
            try:
                self._hand_over(client, message)
            finally:
                watch.cancel()

    def _connected(self) -> smtplib.SMTP:
        if self.is_tls:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=SECONDS)

    def _hand_over(self, client: smtplib.SMTP, message: email.message.EmailMessage) -> None:
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


def _hang_up(connection: socket.socket | None) -> None:
    """End a connection on which each step is quick enough and all of them together are not."""
    if connection is not None:
        with contextlib.suppress(OSError):  # it has ended by itself
            connection.shutdown(socket.SHUT_RDWR)


class Sender:
    """Sends the mail that waits in the record, in a thread of its own.

    Each process has one. A mail is claimed in the record before it is sent, so no two send the same, and
    what was queued before a stop is sent after the next start.
    """

    def __init__(self, database: Database, config: Mapping[str, Any]) -> None:
        self.database = database
        self.config = config
        self._woken = threading.Event()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._is_failing = False

    def start(self) -> None:
        """Send in the background from now on, until the process ends."""
        self._thread = threading.Thread(target=self._run, name="mail", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the mail that is being sent, and send no more."""
        self._ended.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join()

    def wake(self) -> None:
        """Look for mail at once."""
        self._woken.set()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._woken.clear()
            if self._passes():
                self._woken.wait(POLL)
            else:
                self._ended.wait(PAUSE)

    def _passes(self) -> bool:
        """Send what is due; return False where mail server or record could not be reached."""
        try:
            return self.send_due()
        except (
            Exception
        ) as error:  # nothing may end this thread: mail is sent when the record is back
            if not unavailable.is_unavailable(error):
                log.exception("Mail could not be looked for.")
            elif not self._is_failing:
                self._is_failing = True
                log.warning(
                    "Mail waits, the record cannot be reached: %s", unavailable.reason(error)
                )
            return False

    def send_due(self) -> bool:
        """Send every mail that is due; return False where the mail server could not be reached."""
        with self.database.read() as session:
            is_due = mail_queue.is_due(session)
        if not is_due:
            return True
        with self.database.write() as session:
            self._given_up(mail_queue.prune(session), "its time was over")
        while (mail := self._claimed()) is not None:
            if not self._send(mail):
                return False
        return True

    def _claimed(self) -> OutgoingMail | None:
        with self.database.write() as session:
            mail = mail_queue.claim(session)
            if mail is not None:
                session.expunge(mail)
            return mail

    def _send(self, mail: OutgoingMail) -> bool:
        """Send one mail and note the outcome; return whether the mail server could be reached."""
        try:
            self._deliver(mail)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            reason = _reason(error)
            is_of_this_mail = isinstance(
                error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError
            )
            with self.database.write() as session:
                is_over = mail_queue.record_failure(
                    session, mail.id, reason, is_final=_is_final(error)
                )
            self._given_up(is_over, reason)
            if not is_of_this_mail and not self._is_failing:
                log.warning("Mail cannot be sent (%s). It waits; 'course mail' counts it.", reason)
                self._is_failing = True
            return is_of_this_mail
        with self.database.write() as session:
            mail_queue.record_sent(session, mail.id)
        if self._is_failing:
            log.warning("Mail is sent again.")
            self._is_failing = False
        return True

    def _given_up(self, many: int, reason: str) -> None:
        if many:
            log.error("%d mail could not be sent (%s). See 'course mail'.", many, reason)

    def _deliver(self, mail: OutgoingMail) -> None:
        body = mail.body
        if mail.nonce:
            token = mail_links.derived(self.config["SECRET_KEY"], mail.nonce)
            body = body.replace(mail.nonce, token)
        made = message(self.config["MAIL_FROM"], mail.recipient, mail.subject, body)
        made["Message-ID"] = mail.message_id
        if url := self.config["SMTP_URL"]:
            Server.at(url).deliver(made)
        else:
            path = _keep(Path(self.config["OUTBOX"]), made)
            log.warning("No mail server is set; a mail was written to %s", path)


def _is_final(error: Exception) -> bool:
    """Return whether a mail server will never take this mail."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, ValueError) or (
        isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
    )


def _reason(error: Exception) -> str:
    """Return why a mail was not sent, without anything that names people, such as the server's own words."""
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
    """Return a mail of plain text; raises ValueError for an address that would end its header."""
    made = email.message.EmailMessage(email.policy.SMTP)
    made["From"] = sender
    made["To"] = to
    made["Subject"] = subject
    made["Date"] = email.utils.localtime()
    made["Auto-Submitted"] = "auto-generated"
    # Chosen here, because a link in a text of long lines is cut when Python chooses.
    made.set_content(text, cte="7bit" if text.isascii() else "quoted-printable")
    return made


def _keep(folder: Path, message: email.message.EmailMessage) -> Path:
    """Write *message* into *folder*, readable for this user only, and return where it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix="mail-")
    with os.fdopen(handle, "wb") as file:
        file.write(message.as_bytes())
    return Path(name).rename(f"{name}.eml")
