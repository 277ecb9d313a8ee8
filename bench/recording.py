"""The service that records answers: over each database, up, and with learners who are known to it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sqlalchemy as sa

from bench import courses, learners, load, services, submissions
from course.content.reading import open_course
from course.record.store import schema
from course.record.store.database import Database
from tests import postgres

ANSWERS = "/api/v1/answers"


@dataclass(frozen=True)
class Service:
    """The service over one database, with learners' cookies."""

    name: str
    workers: int
    port: int
    database_url: str
    cookies: Sequence[str]
    root: Path
    settings: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def label(self) -> str:
        return f"{self.name}, {many(self.workers)}"

    @contextmanager
    def up(self) -> Iterator[subprocess.Popen[bytes]]:
        """Run it as an operator does, from when it answers."""
        options = ["--no-build", f"--port={self.port}", f"--workers={self.workers}"]
        command = [*services.COURSE, "serve", *options]
        settings = learners.settings(self.database_url, self.root) | dict(self.settings)
        settings["SERVE_SITE"] = "false"  # nothing was built: answers alone are measured
        healthy = f"{self.url}/healthz"
        with services.running(command, healthy, self.root, settings) as process:
            yield process

    def lines(self, path: str) -> Path:
        """Write what load.lua reads of learners who post to *path*."""
        file = self.root / f"learners-{self.port}-{path.count('?')}"
        return load.lines(file, learners.lines(iter(self.cookies), path))

    def stored(self) -> int:
        """Return how many answers the database holds, once that number stands still.

        Asked in our own SQL over a connection of our own: nothing of the service's counts here.
        """
        return settled(lambda: count(self.database_url))


def many(workers: int) -> str:
    return "1 worker" if workers == 1 else f"{workers} workers"


def count(database_url: str) -> int:
    """Return how many answers are stored."""
    engine = sa.create_engine(database_url)
    try:
        with engine.connect() as connection:
            return int(connection.execute(sa.text("SELECT count(*) FROM answer")).scalar_one())
    finally:
        engine.dispose()


def settled(count: Callable[[], int], pause: float = 0.2) -> int:
    """Return what *count* gives once it gives the same again after a *pause* in seconds."""
    before, now = -1, count()
    while before != now:
        time.sleep(pause)
        before, now = now, count()
    return now


def published(root: Path, lessons: int, questions: int) -> Path:
    """Write a course and what a build publishes of it to the service; return the file of bodies to send."""
    courses.write(root, lessons, questions)
    course = open_course(root)
    published = root / "build/course.json"
    published.parent.mkdir()
    published.write_text(course.dump(), encoding="utf-8")
    return load.lines(root / "bodies", submissions.bodies(course))


def prepared(
    name: str,
    workers: int,
    database_url: str,
    root: Path,
    many: int,
    settings: Mapping[str, str] | None = None,
) -> Service:
    """Return a service over a new database with *many* learners; it is not up yet."""
    database = Database(database_url)
    schema.upgrade(database)
    database.close()
    cookies = list(learners.cookies(database_url, root, many))
    port = postgres.free_port()
    return Service(name, workers, port, database_url, cookies, root, settings or {})


def new_database(server: str, name: str) -> str:
    """Make a database on the PostgreSQL *server* and return its address."""
    address = sa.make_url(server)
    with psycopg.connect(plain(server), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return address.set(database=name).render_as_string(hide_password=False)


def plain(url: str) -> str:
    """Return an SQLAlchemy address of PostgreSQL as psycopg reads it."""
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End *process* and all that it started at once, with no chance to tidy up."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
