"""Every link and sign-in of an account ends when its password or its address changes, and no others do."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from course.record.people import access, accounts, mail_links
from course.record.people.mail_links import InvalidLink
from course.record.people.tables import Account, SignIn
from course.record.store.database import Database
from tests.web import mailbox
from tests.web.visitors import FORM, MAIL, PASSWORD, Browser, who

NEW_MAIL = "new@example.org"
NEW_PASSWORD = "another horse"


def change_password(app: OpenAPI, member: FlaskClient, database: Database) -> None:
    form = {"current": PASSWORD, "password": NEW_PASSWORD}
    assert member.post("/account/password", data=form).location == "/account"


def reset_password(app: OpenAPI, member: FlaskClient, database: Database) -> None:
    member.post("/account/forgotten", data={"mail": MAIL})
    done = member.post(mailbox.link(app), data={"password": NEW_PASSWORD})
    assert done.location == "/account"


def set_password_by_command(app: OpenAPI, member: FlaskClient, database: Database) -> None:
    with database.write() as session:
        accounts.set_role(session, MAIL, access.LEARNER, "hash")


def change_address(app: OpenAPI, member: FlaskClient, database: Database) -> None:
    member.post("/account/mail", data={"mail": NEW_MAIL, "current": PASSWORD})
    assert member.post(mailbox.link(app)).location == "/account"


Change = Callable[[OpenAPI, FlaskClient, Database], None]
CHANGES = [change_password, reset_password, set_password_by_command, change_address]


@pytest.mark.parametrize("with_learner", [True, False], ids=["learner", "address only"])
@pytest.mark.parametrize("purpose", mail_links.LIFETIMES)
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_ends_every_earlier_link_of_the_account(
    app: OpenAPI,
    member: FlaskClient,
    database: Database,
    change: Change,
    purpose: str,
    with_learner: bool,
) -> None:
    addresses = [MAIL, "third@example.org"] if with_learner else [MAIL]
    with database.write() as session:
        owner = session.scalars(sa.select(Account.learner_id)).one() if with_learner else None
        tokens = [mail_links.issue(session, purpose, mail, owner) for mail in addresses]
        other = mail_links.issue(session, purpose, "bob@example.org")

    change(app, member, database)

    with database.read() as session:
        for token in tokens:
            with pytest.raises(InvalidLink):
                mail_links.find(session, purpose, token)
        assert mail_links.find(session, purpose, other).mail == "bob@example.org"


@pytest.mark.parametrize("purpose", mail_links.LIFETIMES)
def test_a_link_sent_to_an_address_before_it_was_the_account_s_ends_too(
    app: OpenAPI, member: FlaskClient, database: Database, purpose: str
) -> None:
    with database.write() as session:
        token = mail_links.issue(session, purpose, NEW_MAIL)

    change_address(app, member, database)

    with database.read() as session, pytest.raises(InvalidLink):
        mail_links.find(session, purpose, token)


def test_a_sign_in_link_sent_before_a_reset_signs_nobody_in(
    app: OpenAPI, member: FlaskClient, new_browser: Browser, database: Database
) -> None:
    thief = new_browser()
    thief.post("/account/sign-in-link", data={"mail": MAIL})
    stolen = mailbox.link(app)
    reset_password(app, member, database)

    assert thief.get(stolen).status_code == 410
    assert thief.post(stolen).status_code == 410
    assert who(thief) is None


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_signs_every_other_browser_out(
    app: OpenAPI,
    member: FlaskClient,
    new_browser: Browser,
    database: Database,
    change: Change,
) -> None:
    other = new_browser()
    assert other.post("/account/sign-in", data=FORM).status_code == 303

    change(app, member, database)

    assert who(other) is None


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/account/sign-in", {}),
        ("/account/password", {"password": NEW_PASSWORD}),
        ("/account/erase", {}),
    ],
)
def test_a_password_that_is_changed_while_it_is_checked_opens_nothing(
    app: OpenAPI,
    member: FlaskClient,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    form: dict[str, str],
) -> None:
    passwords = app.extensions["course_passwords"]
    verify = passwords.verify

    def check_slowly(password: str, kept: str | None) -> bool:
        set_password_by_command(app, member, database)
        return bool(verify(password, kept))

    monkeypatch.setattr(passwords, "verify", check_slowly)

    member.post(path, data={**FORM, "current": PASSWORD, **form})

    with database.read() as session:
        assert session.scalars(sa.select(Account.password_hash)).one() == "hash"
        assert session.scalars(sa.select(SignIn).where(SignIn.ended_at.is_(None))).all() == []
