"""Answers a second: the service under clients that never pause, beside what bounds it."""

import statistics
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from bench import commits, courses, load, services, submissions
from bench.load import Counted, LoadError
from bench.tables import Table, figure
from course.content.course import Course
from course.record.database import Database
from course.record.tables import Answer
from tests import postgres

LIMIT = "1000000 per minute"
"""For COURSE_LIMIT_WRITES: counted as always, reached by nobody."""

ANSWERS = "answers"
ANSWERS_HTML = "answers, with HTML"
"""As a page asks for it: the question to show and the lesson's standing come along."""
READS = "who am I"
HELLO = "hello"
ONE = "commits, one connection"
FOUR = "commits, four connections"
PATHS = {
    READS: "api/v1/session",
    ANSWERS: "api/v1/answers",
    ANSWERS_HTML: "api/v1/answers?view=html",
}


@dataclass(frozen=True)
class Sizes:
    seconds: int
    """How long each run takes."""
    rounds: int
    """How often everything runs, in turn."""
    warm_up: int = 1
    clients: int = 32
    lessons: int = 12
    questions: int = 8
    services: Sequence[tuple[str, int]] = (("SQLite", 1), ("PostgreSQL", 1), ("PostgreSQL", 2))
    """Each database with a number of workers."""


FULL = Sizes(seconds=5, rounds=3)
QUICK = Sizes(seconds=2, rounds=1)


@dataclass(frozen=True)
class Service:
    """The service over one database, up and with a session for each client."""

    name: str
    workers: int
    url: str
    database: Database
    cookies: Path
    bodies: Path

    def stored(self) -> int:
        """Return how many answers the database holds, once that number stands still."""
        before, now = -1, self._count()
        while before != now:
            time.sleep(0.5)
            before, now = now, self._count()
        return now

    def _count(self) -> int:
        with self.database.read() as session:
            return session.execute(sa.select(sa.func.count()).select_from(Answer)).scalar_one()


Take = Callable[[int, int], Counted]
"""Measures for a number of seconds, given the number of the round."""


@dataclass
class Check:
    """Whether what was acknowledged is there: answers told of, and rows in the database."""

    name: str
    acknowledged: int = 0
    stored: int = 0
    at_most: int = 0

    def add(self, acknowledged: int, stored: int, under_way: int) -> None:
        """Add a run that ended with up to *under_way* answers not yet told of."""
        if not acknowledged <= stored <= acknowledged + under_way:
            raise LoadError(
                f"{self.name}: {acknowledged:,} answers acknowledged, {stored:,} stored"
            )
        self.acknowledged += acknowledged
        self.stored += stored
        self.at_most += acknowledged + under_way


@dataclass(frozen=True)
class Run:
    """One line of the table."""

    name: str
    where: str
    workers: int
    take: Take


def steps(sizes: Sizes) -> int:
    """Return how many steps `measure` tells."""
    hellos = len({workers for _, workers in sizes.services})
    return 1 + sizes.rounds * (hellos + len(sizes.services) * len(PATHS) + 3)


def measure(sizes: Sizes, work: Path, step: Callable[[str], None]) -> dict[str, Any]:
    """Run everything *rounds* times in turn, and return the medians."""
    checks: list[Check] = []
    with ExitStack() as stack:
        step("starting services")
        runs = _runs(sizes, work, stack, checks)
        for run in runs if sizes.warm_up else ():
            run.take(sizes.warm_up, 0)
        found: list[list[Counted]] = [[] for _ in runs]
        for number in range(1, sizes.rounds + 1):
            for run, counted in zip(runs, found, strict=True):
                step(f"round {number}: {run.name} ({run.where})")
                counted.append(run.take(sizes.seconds, number))
                if not counted[-1].answered:
                    raise LoadError(f"{run.name} ({run.where}): no answer in {sizes.seconds} s")
    hellos = {run.workers: c for run, c in zip(runs, found, strict=True) if run.name == HELLO}
    rows = [_row(run, c, hellos.get(run.workers)) for run, c in zip(runs, found, strict=True)]
    return {"sizes": asdict(sizes), "rows": rows, "checks": [asdict(check) for check in checks]}


def _runs(sizes: Sizes, work: Path, stack: ExitStack, checks: list[Check]) -> list[Run]:
    course = _built(work / "course", sizes)
    bodies = work / "bodies"
    bodies.write_text("\n".join(submissions.bodies(course)), encoding="utf-8")
    server = stack.enter_context(postgres.running_server())
    runs = []
    for workers in sorted({workers for _, workers in sizes.services}):
        url = stack.enter_context(_hello(work, workers))
        runs.append(Run(HELLO, "bare Flask", workers, _gets(url, sizes.clients)))
    for name, workers in sizes.services:
        is_sqlite = name == "SQLite"
        record = f"sqlite:///{work}/record.sqlite" if is_sqlite else _database(server, workers)
        service = stack.enter_context(_service(name, workers, record, work, sizes.clients))
        check = Check(f"{name}, {_many(workers)}")
        checks.append(check)
        whoami = _gets(service.url + PATHS[READS], sizes.clients, service.cookies)
        runs.append(Run(READS, name, workers, whoami))
        for path in (ANSWERS, ANSWERS_HTML):
            runs.append(Run(path, name, workers, _posts(service, path, sizes.clients, check)))
    runs += [
        Run(ONE, "SQLite", 0, _commits(commits.sqlite, f"{work}/record.sqlite")),
        Run(ONE, "PostgreSQL", 0, _commits(commits.postgres, server, 1)),
        Run(FOUR, "PostgreSQL", 0, _commits(commits.postgres, server, 4)),
    ]
    return runs


def _many(workers: int) -> str:
    return "1 worker" if workers == 1 else f"{workers} workers"


def _built(root: Path, sizes: Sizes) -> Course:
    """Write a course, build it as an operator does, and return what was published."""
    courses.write(root, sizes.lessons, sizes.questions)
    command = services.tied([*services.COURSE, "build", "--root", str(root)])
    subprocess.run(
        command, env=services.environment(), check=True, capture_output=True, timeout=120
    )
    return Course.load((root / "build/course.json").read_text(encoding="utf-8"))


def _database(server: str, workers: int) -> str:
    """Make a database on the PostgreSQL *server* and return its address."""
    address = sa.make_url(server)
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE course_{workers}".encode())
    return address.set(database=f"course_{workers}").render_as_string(hide_password=False)


@contextmanager
def _hello(work: Path, workers: int) -> Iterator[str]:
    port = postgres.free_port()
    url = f"http://127.0.0.1:{port}/"
    command = [*services.PYTHON, "bench.hello", str(port), str(workers)]
    with services.running(command, url, work, {}):
        yield url


@contextmanager
def _service(
    name: str, workers: int, database_url: str, work: Path, clients: int
) -> Iterator[Service]:
    port = postgres.free_port()
    url = f"http://127.0.0.1:{port}/"
    settings = {"DATABASE_URL": database_url, "LIMIT_WRITES": LIMIT}
    options = ["--no-build", f"--port={port}", f"--workers={workers}"]
    command = [*services.COURSE, "serve", *options]
    with services.running(command, f"{url}healthz", work / "course", settings):
        cookies = work / f"cookies-{port}"
        cookies.write_text("\n".join(_session(url) for _ in range(clients)), encoding="utf-8")
        database = Database(database_url)
        try:
            yield Service(name, workers, url, database, cookies, work / "bodies")
        finally:
            database.close()


def _session(url: str) -> str:
    """Return the cookie of a new guest."""
    request = urllib.request.Request(f"{url}api/v1/session", method="POST")
    with urllib.request.urlopen(request, timeout=30) as response:
        return str(response.headers["Set-Cookie"]).split(";")[0]


def _gets(url: str, clients: int, cookies: Path | None = None) -> Take:
    return lambda seconds, _: load.run(url, seconds, clients, cookies=cookies)


def _posts(service: Service, path: str, clients: int, check: Check) -> Take:
    def take(seconds: int, number: int) -> Counted:
        before = service.stored()
        counted = load.run(
            service.url + PATHS[path],
            seconds,
            clients,
            cookies=service.cookies,
            bodies=service.bodies,
            seed=number * len(PATHS) + list(PATHS).index(path),  # an id sent twice is stored once
        )
        check.add(counted.answered, service.stored() - before, clients)
        return counted

    return take


def _commits(measured: Callable[..., tuple[float, list[float]]], address: str, *more: int) -> Take:
    def take(seconds: int, _: int) -> Counted:
        rate, times = measured(address, seconds, *more)
        p50, p99 = (commits.percentile(times, percent) for percent in (50, 99))
        return Counted(len(times), rate, p50, p99, max(times) * 1_000)

    return take


def _row(run: Run, counted: list[Counted], hellos: list[Counted] | None) -> dict[str, Any]:
    ratios = [c.per_second / h.per_second for c, h in zip(counted, hellos or (), strict=False)]
    return {
        "name": run.name,
        "where": run.where,
        "workers": run.workers,
        "per_second": statistics.median(c.per_second for c in counted),
        "p50_ms": statistics.median(c.p50 for c in counted),
        "p99_ms": statistics.median(c.p99 for c in counted),
        "max_ms": max(c.max for c in counted),
        "of_hello": statistics.median(ratios) if ratios else None,
        "rounds": [c.per_second for c in counted],
    }


def summary(result: dict[str, Any]) -> list[str]:
    """Return what the figures say, a sentence for each service."""
    by = {(row["name"], row["where"], row["workers"]): row for row in result["rows"]}
    told = []
    for where, workers in result["sizes"]["services"]:
        answer = by[ANSWERS, where, workers]
        html, read = (by[name, where, workers]["per_second"] for name in (ANSWERS_HTML, READS))
        rate = answer["per_second"]
        commit = by[ONE, where, 0]["per_second"]
        told.append(
            f"{where}, {_many(workers)}: {figure(rate)} durable answers a second from "
            f"{result['sizes']['clients']} clients, half of them within {figure(answer['p50_ms'])} ms and "
            f"99 of 100 within {figure(answer['p99_ms'])} ms. That is {answer['of_hello']:.0%} of what bare "
            f"Flask says hello, {rate / read:.0%} of a read that only finds out who asks, and "
            f"{rate / commit:.0%} of bare commits over one connection. With HTML in return, as a page asks "
            f"for it, {figure(html)} a second."
        )
    return told


def tables(result: dict[str, Any]) -> list[Table]:
    """Return what was measured, and the check that nothing was lost."""
    sizes = Sizes(**result["sizes"])
    return [_speeds(result["rows"], sizes), _check(result["checks"], sizes)]


def _speeds(rows: list[dict[str, Any]], sizes: Sizes) -> Table:
    columns = (
        "",
        "Workers",
        "A second",
        "Lowest - highest",
        "p50 ms",
        "p99 ms",
        "Max ms",
        "Of hello",
    )
    cells = []
    for row in rows:
        low, high = min(row["rounds"]), max(row["rounds"])
        ratio = row["of_hello"]
        cells.append(
            (
                f"{row['name']} ({row['where']})",
                str(row["workers"] or ""),
                figure(row["per_second"]),
                f"{figure(low)} - {figure(high)}",
                *(figure(row[key]) for key in ("p50_ms", "p99_ms", "max_ms")),
                f"{ratio:.2f}" if ratio is not None else "",
            )
        )
    note = (
        f"{sizes.clients} clients, each with a guest's session and one request at a time, without a pause; "
        f"{sizes.rounds} times {sizes.seconds} s for each line, all lines in turn; medians. "
        f"Each answer has a new id and is one to the next of {sizes.lessons * sizes.questions} questions of "
        f'all types. COURSE_LIMIT_WRITES was "{LIMIT}". wrk ran on the same processors; it corrects its '
        'percentiles for requests that it sent late, which only raises them. "Of hello" compares with bare '
        "Flask on as many workers, in the same rounds. Commits are bare ones: one row of 200 bytes, "
        "fsynced, in a loop without HTTP."
    )
    return Table("Answers", columns, cells, note)


def _check(checks: list[dict[str, Any]], sizes: Sizes) -> Table:
    keys = ("acknowledged", "stored", "at_most")
    rows = [(check["name"], *(f"{check[key]:,}" for key in keys)) for check in checks]
    note = (
        "Rows counted after every run. When wrk stops it hangs up on requests under way, so up to "
        f"{sizes.clients} answers a run may be stored that nobody was told of; none may be missing. No "
        "request failed, or these tables would not have been written."
    )
    columns = ("", "Acknowledged", "Stored", "At most")
    return Table("Nothing acknowledged was lost", columns, rows, note)
