"""Pages over a large record: how long the service takes for each, and how many queries it sends.

A record is made with as many learners and answers as wanted, on SQLite and on PostgreSQL. Then every page is
asked for by one learner after another, through the whole application in one process, without sockets.
"""

import json
import random
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from flask.sessions import SecureCookieSessionInterface
from flask_openapi3.openapi import OpenAPI
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench import courses, records, services
from bench.tables import Table, figure
from course.content.course import Course, Lesson
from course.content.reading import open_course
from course.record.statistics import figure_cache
from course.record.store import schema
from course.record.store.database import Database
from course.web import create_app
from tests import postgres
from tests.web.visitors import queries

DATABASES = ("SQLite", "PostgreSQL")
GOAL = 20
"""Milliseconds within which 99 of 100 requests are to be answered."""

WARM_UP = 5


@dataclass(frozen=True)
class Sizes:
    answers: int
    requests: int
    """Of each page, on each database."""
    counted: int
    """Lessons whose figures for trainers are counted, the shortest records first; the first one besides."""
    per_learner: int = 100
    lessons: int = 60
    questions: int = 8


FULL = Sizes(answers=10_000_000, requests=200, counted=20)
QUICK = Sizes(answers=100_000, requests=100, counted=60)


@dataclass(frozen=True)
class Asked:
    """A request: where to, by whom, and with what."""

    path: str
    learner: int
    body: dict[str, Any] | None = None


@dataclass(frozen=True)
class Page:
    """A page, and how to ask for it as a learner would, or a trainer about that learner."""

    name: str
    ask: Callable[["Record", int], Asked]


@dataclass(frozen=True)
class Record:
    """A service over a large record, and who is in it."""

    app: OpenAPI
    course: Course
    made: records.Made
    filled_in: float
    counted_in: dict[str, float]
    """Seconds to count the figures of the lessons with the fewest and with the most answers."""
    sent: list[str]
    """What the service asked its database."""

    @property
    def database(self) -> Database:
        database: Database = self.app.extensions["course_database"]
        return database

    @property
    def first(self) -> str:
        return next(lesson.id for lesson in _asking(self.course))

    def answer(self, learner: int) -> uuid.UUID:
        """Return the id of an answer of a learner."""
        with self.database.read() as session:
            of = "SELECT client_id FROM answer WHERE learner_id = :learner LIMIT 1"
            return uuid.UUID(str(session.execute(sa.text(of), {"learner": learner}).scalar_one()))


def _asking(course: Course) -> list[Lesson]:
    return [lesson for lesson in course.lessons.values() if lesson.questions]


def _teaching(path: str) -> Callable[[Record, int], Asked]:
    def ask(record: Record, learner: int) -> Asked:
        lessons = _asking(record.course)
        names = {
            "learner": learner,
            "answer": record.answer(learner) if "{answer}" in path else "",
            "begins": f"learner{learner % 100}",
            "first": lessons[0].id,
            "last": lessons[-1].id,
        }
        return Asked(path.format(**names), record.made.trainer)

    return ask


PAGES = (
    Page("My learning", lambda _, who: Asked("learning", who)),
    Page("My answers in a lesson", lambda r, who: Asked(f"learning/{r.first}", who)),
    Page("one answer", lambda r, who: Asked(f"learning/answers/{r.answer(who)}", who)),
    Page("questions of a lesson", lambda r, who: Asked(f"quiz/{r.first}", who)),
    Page("progress, for Continue", lambda _, who: Asked("api/v1/progress", who)),
    Page(
        "a lesson's state", lambda r, who: Asked(f"api/v1/lessons?lesson={r.first}&view=html", who)
    ),
    Page("a visit, stored", lambda r, who: Asked("api/v1/visits", who, {"lesson": r.first})),
)
TEACHING = (
    Page("trainers: all lessons", _teaching("teaching")),
    Page("trainers: the first lesson", _teaching("teaching/lessons/{first}")),
    Page("trainers: the last lesson", _teaching("teaching/lessons/{last}")),
    Page("trainers: learners", _teaching("teaching/learners?before={learner}")),
    Page("trainers: learners by address", _teaching("teaching/learners?mail={begins}")),
    Page("trainers: one learner", _teaching("teaching/learners/{learner}")),
    Page("trainers: an answer", _teaching("teaching/learners/{learner}/answers/{answer}")),
)


def steps(sizes: Sizes) -> int:
    """Return how many steps `measure` tells."""
    return len(DATABASES) * (3 + len(PAGES) + len(TEACHING))


def measure(sizes: Sizes, work: Path, step: Callable[[str], None]) -> dict[str, Any]:
    """Make the record on each database, and ask for every page."""
    root = work / "pages"
    courses.write(root, sizes.lessons, sizes.questions)
    course = open_course(root)
    (root / "course.json").write_text(course.dump(), encoding="utf-8")
    found = []
    for name in DATABASES:
        with _record(name, sizes, course, root, step) as record:
            rows = [_measured(page, record, sizes, step) for page in (*PAGES, *TEACHING)]
            found.append(
                {
                    "database": name,
                    "answers": record.made.answers,
                    "learners": len(record.made.thorough) + len(record.made.others),
                    "filled_in": record.filled_in,
                    "counted_in": record.counted_in,
                    "rows": rows,
                }
            )
    return {"sizes": asdict(sizes), "found": found}


@contextmanager
def _record(
    name: str, sizes: Sizes, course: Course, root: Path, step: Callable[[str], None]
) -> Iterator[Record]:
    with ExitStack() as stack:
        step(f"{name}: starting")
        url = f"sqlite:///{root}/record.sqlite"
        if name != "SQLite":
            url = _emptied(stack.enter_context(postgres.running_server()))
        database = Database(url)
        stack.callback(database.close)
        schema.upgrade(database)
        step(f"{name}: making {sizes.answers:,} answers")
        start = time.monotonic()
        made = records.fill(database, course, sizes.answers, sizes.per_learner)
        filled_in = time.monotonic() - start
        step(f"{name}: counting figures for trainers")
        first, *rest = _asking(course)
        counted_in = {}
        for lesson in [*rest[-sizes.counted :][::-1], first]:
            start = time.monotonic()
            figure_cache.recount(database, _alone(course, lesson))
            counted_in[lesson.id] = time.monotonic() - start
        app = _service(url, root)
        stack.callback(app.extensions["course_database"].close)
        ends = {_asking(course)[-1].id, first.id}
        kept_times = {lesson: took for lesson, took in counted_in.items() if lesson in ends}
        yield Record(app, course, made, filled_in, kept_times, queries(app))
    for path in root.glob("record.sqlite*"):
        path.unlink()


def _alone(course: Course, lesson: Lesson) -> Course:
    """Return a course of one lesson of *course*."""
    module = type(course.modules[0])(lesson.title, (lesson,))
    return Course(course.title, course.site_url, (module,))


def _emptied(server: str) -> str:
    address = sa.make_url(server)
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute("CREATE DATABASE pages")
    return address.set(database="pages").render_as_string(hide_password=False)


class _Nobody:
    """Recounts nothing while pages are timed."""

    def start(self, lesson: str = "") -> None:
        """Leave old figures as they are."""


def _service(url: str, root: Path) -> OpenAPI:
    app = create_app(
        {
            "SECRET_KEY": "x" * 32,
            "DATABASE_URL": url,
            "PUBLISHED_FILE": str(root / "course.json"),
            "SITE_DIR": str(root / "site"),
            "LIMIT_WRITES": "1000000 per minute",
            "SITE_URL": "http://localhost/",
            "SERVE_SITE": False,
        }
    )
    app.extensions["course_recounting"] = _Nobody()
    return app


def _measured(
    page: Page, record: Record, sizes: Sizes, step: Callable[[str], None]
) -> dict[str, Any]:
    """Ask for a page as many learners; half of them have done every lesson."""
    step(f"{record.database.engine.dialect.name}: {page.name}")
    chance = random.Random(page.name)
    who = [
        chance.choice(record.made.thorough if turn % 2 else record.made.others)
        for turn in range(sizes.requests)
    ]
    asked = [page.ask(record, learner) for learner in [*who[:WARM_UP], *who]]
    environs = [_environ(record.app, one) for one in asked]
    times, counts = [], set()
    for number, environ in enumerate(environs):
        record.sent.clear()
        start = time.perf_counter()
        _, status, _ = run_wsgi_app(record.app, environ, buffered=True)
        took = time.perf_counter() - start
        if not status.startswith("2"):
            raise services.ServiceError(f"{page.name} was not answered: {status}")
        if number >= len(environs) - len(who):
            times.append(took * 1_000)
            counts.add(len(record.sent))
    times.sort()
    return {
        "name": page.name,
        "p50_ms": times[len(times) // 2],
        "p99_ms": times[int(len(times) * 0.99)],
        "max_ms": times[-1],
        "queries": sorted(counts),
    }


def _environ(app: OpenAPI, asked: Asked) -> dict[str, Any]:
    signed = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signed is not None
    cookie = signed.dumps({"_user_id": records.token(asked.learner), "_permanent": True})
    more: dict[str, Any] = {}
    if asked.body is not None:
        more = {
            "method": "POST",
            "data": json.dumps(asked.body),
            "content_type": "application/json",
        }
    builder = EnvironBuilder(
        f"/{asked.path}",
        base_url="http://localhost/",
        headers=[("Cookie", f"course={cookie}")],
        **more,
    )
    return builder.get_environ()


def summary(result: dict[str, Any]) -> list[str]:
    """Return for each database how many pages are within the goal, and which takes longest."""
    told = []
    for found in result["found"]:
        slowest = max(found["rows"], key=lambda row: row["p99_ms"])
        within = sum(row["p99_ms"] <= GOAL for row in found["rows"])
        told.append(
            f"{found['database']}, {found['learners']:,} learners and {found['answers']:,} answers: of "
            f"{len(found['rows'])} pages, {within} are answered within {GOAL} ms 99 times of 100; longest "
            f"takes {slowest['name']}, {figure(slowest['p99_ms'])} ms."
        )
    return told


def tables(result: dict[str, Any]) -> list[Table]:
    """Return the time of every page on either database."""
    sizes = Sizes(**result["sizes"])
    columns = [
        "",
        *(
            f"{name}: {what}"
            for name in DATABASES
            for what in ("p50 ms", "p99 ms", "Max ms", "Queries")
        ),
    ]
    cells = [
        (of[0]["name"], *(cell for row in of for cell in _cells(row)))
        for of in zip(*(found["rows"] for found in result["found"]), strict=True)
    ]
    made = "; ".join(
        f"{found['database']}: {found['answers']:,} answers of {found['learners']:,} learners, made in "
        f"{found['filled_in']:.0f} s, figures of a lesson counted in "
        + " to ".join(f"{seconds:.1f} s" for seconds in sorted(found["counted_in"].values()))
        for found in result["found"]
    )
    note = (
        f"{sizes.requests} requests of each page, half of them by learners who did all {sizes.lessons} "
        f"lessons with {sizes.questions} questions each, one after another in one process, without HTTP "
        f"and sockets. {made}."
    )
    return [Table("Pages of a large record", columns, cells, note)]


def _cells(row: dict[str, Any]) -> Iterator[str]:
    for name in ("p50_ms", "p99_ms", "max_ms"):
        yield figure(row[name])
    fewest, most = row["queries"][0], row["queries"][-1]
    yield str(most) if fewest == most else f"{fewest} - {most}"
