"""What is logged when something fails: what went wrong, and nothing of whom it concerns."""

import logging

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from course.content.course import Course
from course.record.people.access import Permission
from course.record.store.database import Database
from course.web.people import access
from tests.forms import submission
from tests.web import mailbox
from tests.web.visitors import FORM, MAIL, PASSWORD

SECRETS = (MAIL, "ada@", "argon2", PASSWORD, "in my own words")


def refuse(database: Database, table: str, rule: str) -> None:
    """Have the database refuse each new row of *table* for which *rule* does not hold."""
    statements = [f"ALTER TABLE {table} ADD CONSTRAINT refused CHECK ({rule}) NOT VALID"]
    if database.is_sqlite:
        statements = [
            f"CREATE TRIGGER refused BEFORE INSERT ON {table} WHEN NOT (NEW.{rule}) "
            "BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: refused'); END"
        ]
    execute(database, *statements)


def execute(database: Database, *statements: str) -> None:
    with database.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.fixture
def app(app: OpenAPI, caplog: pytest.LogCaptureFixture) -> OpenAPI:
    """The service as it runs, with all that it logs."""
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    caplog.set_level(logging.DEBUG)
    return app


def test_a_sign_up_that_fails_logs_no_address_and_no_hash(
    client: FlaskClient, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    refuse(database, "mail_token", "purpose = 'nothing'")
    caplog.clear()

    assert client.post("/account/sign-up", data=FORM).status_code >= 500

    assert "refused" in caplog.text
    assert not [secret for secret in SECRETS if secret in caplog.text]


def test_what_is_there_already_is_not_quoted(
    client: FlaskClient, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    execute(database, "CREATE UNIQUE INDEX refused ON mail_token (mail)")
    client.post("/account/sign-up", data=FORM)
    caplog.clear()

    assert client.post("/account/sign-up", data=FORM).status_code >= 500

    assert "unique constraint" in caplog.text.lower()
    assert not [secret for secret in SECRETS if secret in caplog.text]


def test_a_link_that_fails_logs_neither_its_token_nor_the_account(
    app: OpenAPI, client: FlaskClient, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    client.post("/account/sign-up", data=FORM)
    link = mailbox.link(app)
    refuse(database, "sign_in", "learner_id < 0")
    caplog.clear()

    assert client.post(link).status_code >= 500

    assert "refused" in caplog.text
    assert link.rpartition("/")[2] not in caplog.text
    assert not [secret for secret in SECRETS if secret in caplog.text]


def test_an_answer_that_cannot_be_stored_is_not_quoted(
    learner: FlaskClient, course: Course, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    refuse(database, "answer", "attempt > 5")
    caplog.clear()
    sent = submission(course, "write", {"text": ["in my own words"]})

    for path, more in (("/api/v1/answers", {"json": sent}), ("/answers", {"data": form(sent)})):
        assert learner.post(path, **more).status_code >= 500  # type: ignore[arg-type]

    assert "refused" in caplog.text
    assert "in my own words" not in caplog.text


def form(sent: dict[str, object]) -> dict[str, object]:
    return {"question": "write", "revision": sent["revision"], "text": "in my own words"}


def test_a_value_that_no_check_knew_of_is_the_senders_fault(
    app: OpenAPI, client: FlaskClient, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/too-large")
    @access.requires(Permission.OPEN)
    def too_large() -> str:
        with database.read() as session:
            session.execute(sa.text("SELECT CAST(:what AS uuid)"), {"what": "in my own words"})
        return "it was stored"

    answered = client.get("/too-large")

    if not database.is_sqlite:  # which takes any text for any type
        assert answered.status_code == 422
        assert "in my own words" not in caplog.text
        assert not [record for record in caplog.records if record.exc_info]


def test_parameters_are_hidden_wherever_a_database_is_opened(database: Database) -> None:
    assert database.engine.hide_parameters
