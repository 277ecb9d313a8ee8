"""course admin: administrators without a mail server."""

from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from course.cli import main
from course.record.people import accounts
from course.record.people.tables import Account
from course.record.store.database import Database

MAIL = "boss@example.org"


def run(database: Database, *arguments: str, typed: str = "") -> Result:
    url = database.url.render_as_string(hide_password=False)
    return CliRunner().invoke(
        main,
        ["admin", "create", *arguments],
        input=typed,
        env={"COURSE_DATABASE_URL": url, "COURSE_SITE_URL": "http://localhost/"},
    )


def roles(database: Database) -> dict[str, str]:
    with database.read() as session:
        return {account.mail: account.role for account in session.scalars(sa.select(Account))}


def test_the_link_signs_an_administrator_in(database: Database, client: FlaskClient) -> None:
    done = run(database, MAIL)

    assert done.exit_code == 0
    link = urlsplit(done.output.split()[-1])
    assert link.netloc == "localhost"
    assert client.post(link.path).status_code == 303
    assert roles(database) == {MAIL: "administrator"}
    assert f"{MAIL}</strong> (administrator)" in client.get("/account").text


def test_an_account_is_promoted(database: Database) -> None:
    with database.write() as session:
        accounts.create_account(session, MAIL, None, "hash")
    assert run(database, " Boss@Example.org").exit_code == 0

    assert roles(database) == {MAIL: "administrator"}


def test_an_account_is_given_another_role(database: Database) -> None:
    given = run(database, MAIL, "--role", "trainer")
    taken = run(database, MAIL, "--role", "learner")

    assert f"{MAIL} is a trainer." in given.output
    assert taken.exit_code == 0
    assert roles(database) == {MAIL: "learner"}


def test_a_password_is_asked_for_twice_and_not_shown(
    database: Database, client: FlaskClient
) -> None:
    done = run(database, MAIL, "--password", typed="correct horse\ncorrect horse\n")

    assert done.exit_code == 0
    assert "correct" not in done.output
    assert "http" not in done.output
    form = {"mail": MAIL, "password": "correct horse"}
    assert client.post("/account/sign-in", data=form).status_code == 303


@pytest.mark.parametrize(
    ("arguments", "typed"),
    [(["nonsense"], ""), ([MAIL, "--password"], "short\nshort\n")],
)
def test_what_cannot_be_is_refused(database: Database, arguments: list[str], typed: str) -> None:
    assert run(database, *arguments, typed=typed).exit_code == 1
    assert roles(database) == {}
