"""Alive and ready are two; and the event loop waits for nothing."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from sqlalchemy import orm
from werkzeug.test import Client

from course.content.course import Course
from course.record.people.tables import SignIn
from course.record.store import readiness
from course.record.store.base import now
from course.record.store.database import Database
from course.record.store.unavailable import Unavailable
from course.web.edge import health
from tests.forms import RIGHT, submission

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(params=["ASGI", "WSGI"])
def monitor(
    request: pytest.FixtureRequest, app: OpenAPI, monkeypatch: pytest.MonkeyPatch
) -> Client:
    """Asks a server of either kind, and each time anew."""
    monkeypatch.setattr(health, "CACHE_SECONDS", 0)
    if request.param == "WSGI":
        return Client(app.extensions["course_front"].flask.application)
    return app.test_client()


def state(monitor: Client) -> tuple[int, int]:
    alive, ready = monitor.get("/healthz"), monitor.get("/readyz")
    assert ready.text == ("ready\n" if ready.status_code == 200 else "not ready\n")
    return alive.status_code, ready.status_code


def test_a_service_in_order_is_alive_and_ready(monitor: Client) -> None:
    assert state(monitor) == (200, 200)


@SQLITE
def test_without_its_record_it_is_alive_and_not_ready(
    monitor: Client, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    assert state(monitor) == (200, 200)

    database.file.path.rename(database.file.path.with_name("away"))
    assert state(monitor) == (200, 503)
    assert "Not ready: the record cannot be reached" in caplog.text

    database.file.path.with_name("away").rename(database.file.path)
    assert state(monitor) == (200, 200)


@SQLITE
def test_with_a_full_disk_it_is_not_ready(
    monitor: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A disk that has no room left for more than the operating system can count."""
    monkeypatch.setattr(readiness, "ROOM", 2**62)

    assert state(monitor) == (200, 503)
    assert "nothing can be written beside the record" in caplog.text


@SQLITE
def test_asking_leaves_nothing_beside_the_record(monitor: Client, database: Database) -> None:
    state(monitor)

    names = {path.name for path in database.file.path.parent.iterdir()}
    assert not [name for name in names if "ready" in name]


def test_at_an_older_schema_it_is_not_ready_and_at_a_newer_one_it_is(
    monitor: Client, database: Database
) -> None:
    for revision, ready in (("0001", 503), ("9999", 200)):
        with database.write() as session:
            session.execute(sa.text(f"UPDATE alembic_version SET version_num = '{revision}'"))

        assert state(monitor) == (200, ready)


def test_without_a_course_it_is_not_ready(monitor: Client, course_file: Path) -> None:
    course_file.unlink()

    assert state(monitor) == (200, 503)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_with_a_database_that_takes_no_writes_it_is_not_ready(
    monitor: Client, app: OpenAPI, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    assert state(monitor) == (200, 200)

    name = database.url.database
    with database.write() as session:
        session.execute(sa.text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'))
    app.extensions["course_database"].close()

    assert state(monitor) == (200, 503)
    assert "read-only" in caplog.text


@SQLITE
def test_while_a_new_course_waits_for_the_record_everybody_else_is_served(
    learner: FlaskClient,
    app: OpenAPI,
    database: Database,
    course: Course,
    course_file: Path,
) -> None:
    sent = submission(course, "pick", RIGHT["pick"])
    with ThreadPoolExecutor(1) as other:
        with database.write():
            os.utime(course_file, ns=(time.time_ns(), time.time_ns()))  # a new course
            answering = other.submit(learner.post, "/api/v1/answers", json=sent)
            for _ in range(3):
                assert app.test_client().get("/healthz").status_code == 200
            assert not answering.done()

        assert answering.result(30).status_code == 201


def test_who_was_not_seen_lately_still_reads_while_nothing_can_be_written(
    learner: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner.get("/learning")
    with database.write() as session:
        session.execute(sa.update(SignIn).values(last_seen_at=now() - timedelta(days=1)))

    @contextmanager
    def full(_: Database) -> Iterator[orm.Session]:
        raise Unavailable("The disk is full.")
        yield

    with monkeypatch.context() as patch:
        patch.setattr(Database, "write", full)
        assert learner.get("/learning").status_code == 200
        assert learner.post("/read", data={"lesson": "basics/reading"}).status_code == 503
