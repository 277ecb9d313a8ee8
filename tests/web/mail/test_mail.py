"""Mail as it is handed to a real SMTP server, encrypted where it can be."""

import smtplib
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import AuthResult, LoginPassword
from flask_openapi3.openapi import OpenAPI

from course.settings import SettingError
from course.web import create_app
from course.web.mail import sending
from course.web.mail.sending import Server
from tests import postgres

TEXT = "Open this:\n\nhttp://localhost/account/sign-in/" + "x" * 90 + "\n"
SECRET = "p/ss:w@rd"


class Inbox(Message):
    """Keeps what the server was given."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate and its key for this machine, in one file."""
    folder = tmp_path_factory.mktemp("tls")
    made = folder / "both.pem"
    key, own = folder / "key.pem", folder / "certificate.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1"
    extra = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", own]
    subprocess.run([*command.split(), *extra], check=True, capture_output=True)
    made.write_text(key.read_text() + own.read_text())
    return made


@pytest.fixture
def tls(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server needs for TLS; this process trusts it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


def running(inbox: Inbox, **options: Any) -> Iterator[int]:
    controller = Controller(inbox, hostname="127.0.0.1", port=postgres.free_port(), **options)
    controller.start()
    yield controller.port
    controller.stop()


def authenticator(
    server: Any, session: Any, envelope: Any, mechanism: str, data: Any
) -> AuthResult:
    if isinstance(data, LoginPassword):
        is_right = (data.login, data.password) == (b"course", SECRET.encode())
        return AuthResult(success=is_right, handled=False)
    return AuthResult(success=False, handled=False)


@pytest.fixture
def plain_port(inbox: Inbox) -> Iterator[int]:
    yield from running(inbox)


@pytest.fixture
def starttls_port(inbox: Inbox, tls: ssl.SSLContext) -> Iterator[int]:
    """Takes mail only over TLS, and with a password only."""
    yield from running(
        inbox,
        tls_context=tls,
        require_starttls=True,
        authenticator=authenticator,
        auth_required=True,
    )


def deliver(url: str, subject: str = "Your link", text: str = TEXT) -> None:
    made = sending.message("course@localhost", "ada@example.org", subject, text)
    Server.from_url(url).deliver(made)


def text_of(message: Any) -> str:
    return str(message.get_payload(decode=True).decode()).replace("\r\n", "\n")


def test_mail_goes_to_the_server(inbox: Inbox, plain_port: int) -> None:
    deliver(f"smtp://127.0.0.1:{plain_port}")

    (message,) = inbox.mails
    assert (message["To"], message["Subject"]) == ("ada@example.org", "Your link")
    assert message["From"] == "course@localhost"
    assert message["Date"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert text_of(message) == TEXT


def test_mail_is_encrypted_where_the_server_offers_it(inbox: Inbox, starttls_port: int) -> None:
    deliver(f"smtp://course:p%2Fss%3Aw%40rd@127.0.0.1:{starttls_port}")

    assert text_of(inbox.mails[0]) == TEXT


def test_a_server_that_cannot_show_who_it_is_gets_no_mail(
    inbox: Inbox, starttls_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")

    with pytest.raises(ssl.SSLCertVerificationError):
        deliver(f"smtp://127.0.0.1:{starttls_port}")
    assert inbox.mails == []


def test_no_password_is_sent_in_the_clear(inbox: Inbox, plain_port: int) -> None:
    with pytest.raises(smtplib.SMTPException, match="no TLS"):
        deliver(f"smtp://course:secret@127.0.0.1:{plain_port}")
    assert inbox.mails == []


def test_a_wrong_password_is_an_error(inbox: Inbox, starttls_port: int) -> None:
    with pytest.raises(smtplib.SMTPAuthenticationError):
        deliver(f"smtp://course:wrong@127.0.0.1:{starttls_port}")
    assert inbox.mails == []


def test_smtps_is_encrypted_from_the_first_byte(inbox: Inbox, tls: ssl.SSLContext) -> None:
    for port in running(inbox, ssl_context=tls):
        deliver(f"smtps://127.0.0.1:{port}")

    assert text_of(inbox.mails[0]) == TEXT


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", Server("mail.example.org", 25, "", "", False)),
        ("smtps://mail.example.org", Server("mail.example.org", 465, "", "", True)),
        ("smtp://a%40b:c%3Ad@h.example.org:587", Server("h.example.org", 587, "a@b", "c:d", False)),
    ],
)
def test_the_address_of_a_server_says_all(url: str, server: Server) -> None:
    assert Server.from_url(url) == server


@pytest.mark.parametrize(
    "url", ["mail.example.org", "smtp:mail", "http://mail.example.org", "smtp://h:port"]
)
def test_a_wrong_address_stops_the_start(url: str, app: OpenAPI) -> None:
    with pytest.raises(SettingError, match="COURSE_SMTP_URL"):
        create_app({**app.config, "SMTP_URL": url})


def test_words_beyond_ascii_arrive(inbox: Inbox, plain_port: int) -> None:
    text = "Zum Kurs „Über uns“\n"
    deliver(f"smtp://127.0.0.1:{plain_port}", "Schöne Grüße", text)

    assert text_of(inbox.mails[0]) == text


def test_a_header_takes_no_second_line() -> None:
    with pytest.raises(ValueError, match=r"linefeed|newline"):
        sending.message("course@localhost", "ada@example.org\nBcc: eve@example.org", "Link", TEXT)
