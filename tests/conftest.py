"""What tests share: a small course, a migrated database of either kind, an application over both."""

import asyncio
import gc
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from course.content.course import Course
from course.content.reading import open_course
from course.record.revisions import published_course, registration
from course.record.revisions.registration import CourseSnapshot
from course.record.store import schema
from course.record.store.database import Database
from course.web import create_app
from tests import postgres, uses
from tests.asgi import Asked, Browser

SMALL = Path(__file__).parent / "courses" / "small"
"""A course of two modules: a quiz with all eight types, a graded quiz, a lesson without questions."""

PARTS = ("lessons", "quizzes", "plans", "mkdocs.yml", "glossary.yml")
"""What a course is made of, as far as it is there."""

ORIGIN = {"Sec-Fetch-Site": "same-origin"}

# A shell ignores Ctrl+C for what it starts in the background; programs that tests end by it would, too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Mark what each test uses, so that `make quick` can choose."""
    for item in items:
        uses.mark(item)


@pytest.fixture(scope="session", autouse=True)
def garbage() -> Iterator[None]:
    """Exclude from garbage collection what all tests hold, once.

    A service does so whenever it loads a course, which here would scan the whole suite for each test.
    """
    gc.freeze()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(published_course, "_freeze_garbage", lambda: None)
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Start Debian's Chromium; its sandbox refuses to run as root."""
    chromium = os.environ.get("COURSE_CHROMIUM") or shutil.which("chromium")
    assert chromium, (
        "No Chromium: install it with 'apt-get install chromium', or set COURSE_CHROMIUM."
    )
    return {"executable_path": chromium, "args": ["--no-sandbox"] if os.geteuid() == 0 else []}


@pytest.fixture(scope="session")
def base_url() -> None:
    """Stand in for the fixture of pytest-base-url, which pytest 9.2 warns about."""


@pytest.fixture
def course_root(tmp_path: Path) -> Path:
    """A copy of the small course, to change at will."""
    return Path(shutil.copytree(SMALL, tmp_path / "small"))


@pytest.fixture
def course() -> Course:
    return open_course(SMALL)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.sqlite"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with postgres.running_server(postgres.HASTY) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> str:
    """A server whose database "migrated" can be copied."""
    _execute(postgres_url, "CREATE DATABASE migrated")
    database = Database(_named(postgres_url, "migrated"))
    schema.upgrade(database)
    database.close()
    return postgres_url


def _named(url: str, name: str) -> str:
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)


def _execute(url: str, statement: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, empty database; each test runs once on either kind."""
    if request.param == "sqlite":
        path = tmp_path / "course.sqlite"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("migrated_postgres")
    name = f"test_{tmp_path.name}".replace("-", "_").lower()[:60]
    _execute(server, f'CREATE DATABASE "{name}" TEMPLATE migrated')
    yield _named(server, name)
    _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table; each test runs once on either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    server = request.getfixturevalue("postgres_url")
    name = f"empty_{tmp_path.name}".replace("-", "_").lower()[:60]
    _execute(server, f'CREATE DATABASE "{name}"')
    yield _named(server, name)
    _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def published(database: Database, course: Course) -> CourseSnapshot:
    """The small course, registered in the database."""
    with database.write() as session:
        return registration.register(session, course)


@pytest.fixture
def course_file(course: Course, tmp_path: Path) -> Path:
    path = tmp_path / "course.json"
    path.write_text(course.dump(), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop that runs in a thread."""
    made = asyncio.new_event_loop()
    thread = threading.Thread(target=made.run_forever)
    thread.start()
    yield made
    made.call_soon_threadsafe(made.stop)
    thread.join()
    made.close()


@pytest.fixture
def app(
    database_url: str, course_file: Path, tmp_path: Path, loop: asyncio.AbstractEventLoop
) -> Iterator[OpenAPI]:
    """The service over the small course, without a built site; asked as a server asks it, by ASGI."""
    made = create_app(
        {
            "SECRET_KEY": "x" * 32,
            "DATABASE_URL": database_url,
            "PUBLISHED_FILE": str(course_file),
            "SITE_DIR": str(tmp_path / "site"),
            "SERVE_SITE": False,
            "OUTBOX": str(tmp_path / "outbox"),
            "ARGON2": {"time_cost": 1, "memory_cost": 8, "parallelism": 1},
            "SITE_URL": "http://localhost/",
            "TESTING": True,
        }
    )
    made.test_client_class = Browser
    made.wsgi_app = Asked(made.extensions["course_front"], loop)  # type: ignore[method-assign]
    yield made
    made.extensions["course_database"].close()


@pytest.fixture
def client(app: OpenAPI) -> FlaskClient:
    """A browser that has not been here before."""
    return app.test_client()


@pytest.fixture
def learner(client: FlaskClient) -> FlaskClient:
    """A browser with a guest's session."""
    assert client.post("/api/v1/session").status_code == 201
    return client
