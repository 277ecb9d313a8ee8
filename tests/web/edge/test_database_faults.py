"""The record away, hanging or another one: 503 with Retry-After, never 500, and never without an end."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from course.content.course import Course
from course.record.store import schema
from course.record.store.database import Database
from course.web import create_app
from tests import postgres
from tests.asgi import Asked
from tests.conftest import ORIGIN
from tests.forms import RIGHT, submission

PATIENCE = {
    "DATABASE_CONNECT_TIMEOUT": 1,
    "DATABASE_LOCK_TIMEOUT": 1,
    "DATABASE_STATEMENT_TIMEOUT": 1,
}


class Server:
    """A PostgreSQL server that can be stopped, halted and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.password = "secret"
        postgres.initialise(folder, self.password)
        self.process, self.port = postgres.start(folder, self.password, postgres.HASTY)
        self.execute("CREATE DATABASE course")
        database = Database(self.url)
        schema.upgrade(database)
        database.close()
        self.execute("ALTER DATABASE course RENAME TO migrated")

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres:{self.password}@127.0.0.1:{self.port}/course"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/{database}",
            autocommit=True,
        )

    def execute(self, *statements: str) -> None:
        with self.connect() as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def stop(self) -> None:
        postgres.stop(self.process)

    def start(self) -> None:
        self.process, _ = postgres.start(self.folder, self.password, postgres.HASTY, self.port)

    def renew(self) -> None:
        """Give the database away for an empty one of the same schema."""
        self.execute(
            "DROP DATABASE IF EXISTS course WITH (FORCE)",
            "CREATE DATABASE course TEMPLATE migrated",
        )


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="course-postgres-"))
    made = Server(folder)
    yield made
    made.stop()
    shutil.rmtree(folder)


@pytest.fixture
def database_url(server: Server) -> str:
    """The address of an empty database that belongs to this test."""
    server.renew()
    return server.url


@pytest.fixture
def serve(
    course_file: Path, tmp_path: Path, loop: asyncio.AbstractEventLoop
) -> Iterator[Callable[[str], FlaskClient]]:
    """Starts a service whose patience is short; returns a guest's browser."""
    made: list[OpenAPI] = []

    def start(database_url: str) -> FlaskClient:
        app = create_app(
            {
                "SECRET_KEY": "x" * 32,
                "DATABASE_URL": database_url,
                "PUBLISHED_FILE": str(course_file),
                "SITE_DIR": str(tmp_path / "site"),
                "SERVE_SITE": False,
                "OUTBOX": str(tmp_path / "outbox"),
                "SITE_URL": "http://localhost/",
                **PATIENCE,
            }
        )
        app.wsgi_app = Asked(app.extensions["course_front"], loop)  # type: ignore[method-assign]
        made.append(app)
        browser = app.test_client()
        assert browser.post("/api/v1/session").status_code == 201
        return browser

    yield start
    for app in made:
        app.extensions["course_database"].close()


@pytest.fixture
def client(
    database_url: str, serve: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> FlaskClient:
    monkeypatch.setattr("course.record.store.postgres.GRACE", 0)
    return serve(database_url)


@contextmanager
def away(server: Server) -> Iterator[None]:
    server.stop()
    try:
        yield
    finally:
        server.start()


@contextmanager
def locked(server: Server) -> Iterator[None]:
    """Hold the tables that everything needs, as a migration by hand does."""
    with server.connect("course") as connection:
        connection.execute("BEGIN")
        connection.execute("LOCK TABLE answer, learner, sign_in IN ACCESS EXCLUSIVE MODE")
        yield


@contextmanager
def halted(server: Server) -> Iterator[None]:
    """Stop the server's processes in the block, as a machine does that hangs."""
    main = server.process.pid
    children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
    pids = [main, *map(int, children)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@contextmanager
def read_only(server: Server) -> Iterator[None]:
    """As a standby answers that took the server's address."""
    server.execute(
        "ALTER DATABASE course SET default_transaction_read_only = on",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'course'",
    )
    try:
        yield
    finally:
        server.execute("ALTER DATABASE course RESET default_transaction_read_only")


@contextmanager
def made_read_only(server: Server) -> Iterator[None]:
    """While connections stay open: the server is told to take no more writes."""
    server.execute("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
    try:
        yield
    finally:
        server.execute(
            "SET default_transaction_read_only = off",
            "ALTER SYSTEM RESET default_transaction_read_only",
            "SELECT pg_reload_conf()",
        )


@contextmanager
def without_tables(server: Server) -> Iterator[None]:
    with server.connect("course") as connection:
        connection.execute("ALTER SCHEMA public RENAME TO elsewhere")
        yield
        connection.execute("ALTER SCHEMA elsewhere RENAME TO public")


@contextmanager
def without_a_column(server: Server) -> Iterator[None]:
    """As another version's schema looks."""
    with server.connect("course") as connection:
        for table, column in (("answer", "given"), ("sign_in", "token_hash")):
            connection.execute(f"ALTER TABLE {table} RENAME {column} TO another".encode())
        yield
        for table, column in (("answer", "given"), ("sign_in", "token_hash")):
            connection.execute(f"ALTER TABLE {table} RENAME another TO {column}".encode())


PASSING = [away, locked, halted, read_only, without_tables, without_a_column]


def answer(client: FlaskClient, course: Course) -> tuple[int, str]:
    sent = submission(course, "pick", RIGHT["pick"])
    found = client.post("/api/v1/answers", json=sent)
    return found.status_code, found.headers.get("Retry-After", "")


def post_form(client: FlaskClient, course: Course) -> tuple[int, str]:
    fields = {"question": "pick", "revision": course.asked["pick"][1].revision}
    found = client.post("/answers", data=fields | RIGHT["pick"], headers=ORIGIN)
    return found.status_code, found.headers.get("Retry-After", "")


def open_page(client: FlaskClient, _: Course) -> tuple[int, str]:
    found = client.get("/learning")
    return found.status_code, found.headers.get("Retry-After", "")


def ask_api(client: FlaskClient, _: Course) -> tuple[int, str]:
    found = client.get("/api/v1/progress")
    return found.status_code, found.headers.get("Retry-After", "")


@pytest.mark.parametrize("fault", PASSING)
def test_while_the_database_cannot_be_used_everything_says_so_and_then_goes_on(
    client: FlaskClient, server: Server, course: Course, fault: Callable
) -> None:
    uses = (answer, post_form, open_page, ask_api)
    assert [use(client, course)[0] for use in uses] == [201, 303, 200, 200]

    with fault(server):
        meanwhile = [use(client, course) for use in uses]

    assert meanwhile == [(503, "5")] * len(uses)
    assert [use(client, course)[0] for use in uses] == [201, 303, 200, 200]


def test_a_server_that_takes_no_more_writes_acknowledges_nothing(
    client: FlaskClient, server: Server, course: Course
) -> None:
    assert answer(client, course)[0] == 201

    with made_read_only(server):
        meanwhile = [answer(client, course), post_form(client, course)]

    assert meanwhile == [(503, "5")] * 2
    assert answer(client, course)[0] == 201


def test_another_database_of_the_same_name_is_refused(
    client: FlaskClient, server: Server, course: Course
) -> None:
    assert answer(client, course)[0] == 201

    server.renew()

    found = [use(client, course) for use in (answer, post_form, open_page, ask_api)]
    assert found == [(503, "5")] * 4


def test_after_a_restart_of_the_server_the_first_request_is_served(
    client: FlaskClient, server: Server, course: Course
) -> None:
    uses = (answer, post_form, open_page, ask_api)
    for use in uses:
        use(client, course)
        server.stop()
        server.start()
        assert use(client, course)[0] in (200, 201, 303)


@pytest.mark.parametrize("missing", ["course.sqlite", "course.sqlite-wal"])
def test_a_removed_sqlite_record_is_noticed_by_every_path(
    migrated_sqlite: Path,
    serve: Callable[[str], FlaskClient],
    course: Course,
    tmp_path: Path,
    missing: str,
) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "course.sqlite")
    client = serve(f"sqlite:///{tmp_path}/course.sqlite")
    uses = (answer, post_form, open_page, ask_api)
    assert [use(client, course)[0] for use in uses] == [201, 303, 200, 200]

    (tmp_path / missing).unlink()

    assert [use(client, course) for use in uses] == [(503, "5")] * 4
