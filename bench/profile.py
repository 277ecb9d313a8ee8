"""Where the time of an answer goes: requests through the application alone, without sockets."""

import asyncio
import contextlib
import cProfile
import json
import pstats
import random
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask_openapi3.openapi import OpenAPI
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench import answers, courses, services, submissions
from bench.tables import Table, figure
from course.content.reading import open_course
from course.record.store import schema
from course.record.store.database import Database
from course.web import create_app
from tests.asgi import in_one_thread

VIEWS = {"answer": "", "answer, with HTML": "html"}
SHOWN = 12

# What cProfile gives for each function: own time is at 2, cumulative time at 3, callers at 4.
Function = tuple[str, int, str]
Stats = dict[Function, tuple[int, int, float, float, dict[Function, tuple[int, int, float, float]]]]


@dataclass(frozen=True)
class Sizes:
    requests: int
    """How many are timed, and as many again under the profiler."""
    learners: int = 20
    lessons: int = 12
    questions: int = 8


FULL = Sizes(requests=1_000)
QUICK = Sizes(requests=300)


def steps(sizes: Sizes) -> int:
    """Return how many steps `measure` tells."""
    return 2 * len(VIEWS)


def measure(sizes: Sizes, work: Path, step: Callable[[str], None]) -> dict[str, Any]:
    """Return for each view how long a request takes, and the share of each library and step."""
    rows = []
    for name, view in VIEWS.items():
        app, environs = prepared(sizes, work / f"profile-{view}", view)
        half = len(environs) // 2
        step(f"{name}, by the clock")
        start = time.perf_counter()
        ask(app, environs[:half])
        seconds = time.perf_counter() - start
        step(f"{name}, under the profiler")
        stats = profiled(app, environs[half:]).stats  # type: ignore[attr-defined]
        rows.append(
            {
                "name": name,
                "milliseconds": seconds / half * 1_000,
                "parts": parts(stats),
                "steps": own_steps(stats),
            }
        )
        app.extensions["course_database"].close()
    return {"sizes": asdict(sizes), "rows": rows}


def prepared(sizes: Sizes, root: Path, view: str = "") -> tuple[OpenAPI, list[dict[str, Any]]]:
    """Return the service over a new SQLite record, and requests ready to be handed to it."""
    courses.write(root, sizes.lessons, sizes.questions)
    course = open_course(root)
    (root / "course.json").write_text(course.dump(), encoding="utf-8")
    url = f"sqlite:///{root}/record.sqlite"
    database = Database(url)
    schema.upgrade(database)
    database.close()
    app = create_app(
        {
            "SECRET_KEY": "x" * 32,
            "DATABASE_URL": url,
            "PUBLISHED_FILE": str(root / "course.json"),
            "SITE_DIR": str(root / "site"),
            "LIMIT_WRITES": answers.LIMIT,
        }
    )
    cookies = [_session(app) for _ in range(sizes.learners)]
    chance = random.Random(1)
    asked = [question for _, question in course.asked.values()]
    environs = []
    for number in range(2 * sizes.requests):
        question = asked[number // len(cookies) % len(asked)]
        body = {
            "id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            "question": question.id,
            "revision": question.revision,
            "given": submissions.given(question, chance),
        }
        builder = EnvironBuilder(
            "/api/v1/answers",
            method="POST",
            query_string=f"view={view}" if view else "",
            headers=[("Cookie", cookies[number % len(cookies)])],
            data=json.dumps(body),
            content_type="application/json",
        )
        environs.append(builder.get_environ())
    return app, environs


def _session(app: OpenAPI) -> str:
    """Return the cookie of a new guest."""
    response = app.test_client().post("/api/v1/session")
    return response.headers["Set-Cookie"].split(";")[0]


def ask(app: OpenAPI, environs: Iterable[dict[str, Any]]) -> None:
    """Hand each request to the application; all must be stored."""
    with contextlib.closing(asyncio.new_event_loop()) as loop:
        asked = in_one_thread(app, loop)
        for environ in environs:
            _, status, _ = run_wsgi_app(asked, environ, buffered=True)
            if status != "201 CREATED":
                raise services.ServiceError(f"An answer was not stored: {status}")


def profiled(app: OpenAPI, environs: Iterable[dict[str, Any]]) -> pstats.Stats:
    """Return what cProfile saw while the application answered."""
    profiler = cProfile.Profile()
    profiler.enable()
    ask(app, environs)
    profiler.disable()
    return pstats.Stats(profiler)


def parts(stats: Stats) -> list[tuple[str, float]]:
    """Return the share of the time spent in each library's own lines, the largest first."""
    spent: dict[str, float] = {}
    for function, (_, _, own, _, callers) in stats.items():
        for part, seconds in _owners(function, own, callers):
            spent[part] = spent.get(part, 0) + seconds
    return _shares(spent)


def _owners(
    function: Function, own: float, callers: dict[Function, tuple[int, int, float, float]]
) -> Iterable[tuple[str, float]]:
    """Yield who pays for a function; one written in C is paid by those who call it."""
    file, _, name = function
    if file != "~":
        yield _part(file), own
    elif "sqlite3." in name:
        yield "SQLite and the disk", own
    else:
        for caller, (_, _, seconds, _) in callers.items():
            yield _part(caller[0]), seconds


def _part(file: str) -> str:
    if file.startswith(str(services.ROOT / "course")):
        return "course"
    if "site-packages/" in file:
        return file.split("site-packages/")[1].split("/")[0].removesuffix(".py")
    return "Python's library"


def own_steps(stats: Stats) -> list[tuple[str, float]]:
    """Return the share of the time until each of our functions returned, the largest first."""
    root = str(services.ROOT / "course")
    spent: dict[str, float] = {}
    for (file, _, name), (_, _, _, cumulative, _) in stats.items():
        if file.startswith(root) and not name.startswith("<"):
            where = Path(file).relative_to(services.ROOT).as_posix()
            spent[f"{where}: {name}"] = max(cumulative, spent.get(f"{where}: {name}", 0))
    whole = sum(own for _, _, own, _, _ in stats.values())
    return [(name, seconds / whole) for name, seconds in _largest(spent)]


def _shares(spent: dict[str, float]) -> list[tuple[str, float]]:
    whole = sum(spent.values())
    return [(name, seconds / whole) for name, seconds in _largest(spent)]


def _largest(spent: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(spent.items(), key=lambda item: -item[1])


def summary(result: dict[str, Any]) -> list[str]:
    """Return who takes the most time of an answer."""
    return [
        f"Of the time of an {row['name'].replace(', ', ' ')}: "
        + ", ".join(f"{part} ({share:.0%})" for part, share in row["parts"][:4])
        + "."
        for row in result["rows"]
    ]


def tables(result: dict[str, Any]) -> list[Table]:
    """Return the largest parts of each view's time."""
    rows = result["rows"]
    clock = ", ".join(f"{figure(row['milliseconds'])} ms ({row['name']})" for row in rows)
    sizes = Sizes(**result["sizes"])
    note = (
        f"{sizes.requests:,} requests of {sizes.learners} learners, one after another in one process on "
        f"SQLite, without HTTP and sockets. By the clock a request takes {clock}; the shares are those of "
        "cProfile, which makes many small calls look dearer than they are."
    )
    return [
        _table("Where the time of an answer goes", "In the lines of", rows, "parts", note),
        _table(
            "The steps of an answer",
            "Until it returned",
            rows,
            "steps",
            "What a step calls is counted in it, so these do not add up.",
        ),
    ]


def _table(title: str, what: str, rows: list[dict[str, Any]], key: str, note: str) -> Table:
    first = rows[0][key][:SHOWN]
    shares = [dict(row[key]) for row in rows]
    cells = [(name, *(f"{of.get(name, 0):.0%}" for of in shares)) for name, _ in first]
    return Table(title, (what, *(row["name"] for row in rows)), cells, note)
