"""Answers a second: the service under clients that never pause, beside what bounds it and a rival."""

import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench import answers_told, commits, kolibri, load, recording, services
from bench.load import Counted, LoadError, Sent
from bench.recording import ANSWERS, Service
from bench.tables import Table
from tests import postgres

LIMIT = "1000000 per minute"
"""For COURSE_LIMIT_WRITES where a few learners send a great deal: counted as always, reached by nobody."""

RECORDED = "answers"
RECORDED_HTML = "answers, with HTML"
"""As a page asks for it: the question to show and the lesson's standing come along."""
CEILING = "nothing stored"
HELLO = "hello"
KOLIBRI = "Kolibri"
COMMITS = "commits"


@dataclass(frozen=True)
class Sizes:
    seconds: int
    """How long each run takes."""
    rounds: int
    """How often everything runs, in turn."""
    warm_up: int = 1
    clients: Sequence[int] = (1, 8, 32, 128, 256)
    """Numbers of clients with one worker."""
    several: Sequence[int] = (32, 256)
    """Numbers of clients with more workers."""
    usual: int = 32
    """How many clients where one number is enough."""
    learners: int = 3_000
    lessons: int = 12
    questions: int = 8
    services: Sequence[tuple[str, int]] = (
        *(("SQLite", 1), ("SQLite", 2)),
        *(("PostgreSQL", 1), ("PostgreSQL", 2)),
    )
    """Each database with a number of workers."""
    rival: bool = True
    rival_seconds: int = 6
    """It answers so little that shorter runs say nothing."""
    rival_learners: int = 256


FULL = Sizes(seconds=3, rounds=2)
QUICK = Sizes(
    seconds=1,
    rounds=1,
    warm_up=0,
    clients=(1, 32, 256),
    several=(32,),
    learners=600,
    services=(("SQLite", 1), ("PostgreSQL", 1), ("PostgreSQL", 2)),
    rival=False,
)

Take = Callable[[int], Counted]
"""Measures, given the number of the round."""


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
    """One thing measured with one number of clients."""

    name: str
    where: str
    workers: int
    clients: int
    take: Take
    counted: list[Counted] = field(default_factory=list)


def steps(sizes: Sizes) -> int:
    """Return how many steps `measure` tells."""
    by_workers = {workers: len(_clients(sizes, workers)) for _, workers in sizes.services}
    bounds = 2 * sum(by_workers.values())
    mine = sum(by_workers[workers] + 1 for _, workers in sizes.services)
    rival = len(sizes.clients) if sizes.rival else 0
    start = 1 + len(sizes.services) + (1 if sizes.rival else 0)
    return start + sizes.rounds * (bounds + mine + rival + 3)


def _clients(sizes: Sizes, workers: int) -> Sequence[int]:
    return sizes.clients if workers == 1 else sizes.several


def measure(sizes: Sizes, work: Path, step: Callable[[str], None]) -> dict[str, Any]:
    """Run everything *rounds* times in turn, and return the medians."""
    checks: list[Check] = []
    with ExitStack() as stack:
        runs = list(_runs(sizes, work, stack, checks, step))
        for run in runs if sizes.warm_up else ():
            if run.name != COMMITS and run.clients == sizes.usual:
                run.take(0)
        for number in range(1, sizes.rounds + 1):
            for run in runs:
                step(f"round {number}: {run.name} ({run.where}), {run.clients} at once")
                run.counted.append(run.take(number))
    rows = [_row(run, runs) for run in runs]
    return {"sizes": asdict(sizes), "rows": rows, "checks": [asdict(check) for check in checks]}


def _runs(
    sizes: Sizes, work: Path, stack: ExitStack, checks: list[Check], step: Callable[[str], None]
) -> Iterator[Run]:
    step("writing the course, starting PostgreSQL")
    root = work / "course"
    bodies = recording.published(root, sizes.lessons, sizes.questions)
    server = stack.enter_context(postgres.running_server())
    made = [_service(place, sizes, work, server, step) for place in sizes.services]
    for service in made:
        stack.enter_context(service.up())
    posts = Sent(made[0].lines(ANSWERS), bodies)
    for workers in sorted({service.workers for service in made}):
        for name, where, sent in ((HELLO, "bare Flask", None), (CEILING, "Flask", posts)):
            url = stack.enter_context(bare(name, work, workers))
            for clients in _clients(sizes, workers):
                take = _takes(url, sizes.seconds, clients, sent)
                yield Run(name, where, workers, clients, take)
    for service in made:
        checks.append(Check(service.label))
        seeds = iter(range(1, 1_000_000))
        sent = Sent(service.lines(ANSWERS), bodies)
        for clients in _clients(sizes, service.workers):
            take = _records(service, sizes.seconds, clients, sent, checks[-1], seeds)
            yield Run(RECORDED, service.name, service.workers, clients, take)
        sent = Sent(service.lines(f"{ANSWERS}?view=html"), bodies)
        take = _records(service, sizes.seconds, sizes.usual, sent, checks[-1], seeds)
        yield Run(RECORDED_HTML, service.name, service.workers, sizes.usual, take)
    if sizes.rival:
        step("Kolibri: installing (the first time), starting, signing learners in")
        rival = stack.enter_context(kolibri.running(work, sizes.rival_learners))
        checks.append(Check(KOLIBRI))
        for clients in sizes.clients:
            yield Run(KOLIBRI, "SQLite", 1, clients, _rival(rival, sizes, clients, checks[-1]))
    yield from _commits(sizes, work, server)


def _service(
    place: tuple[str, int], sizes: Sizes, work: Path, server: str, step: Callable[[str], None]
) -> Service:
    name, workers = place
    step(f"{sizes.learners:,} learners for {name}, {recording.many(workers)}")
    url = (
        f"sqlite:///{work}/record-{workers}.sqlite"
        if name == "SQLite"
        else recording.new_database(server, f"course_{workers}")
    )
    return recording.prepared(name, workers, url, work / "course", sizes.learners)


@contextmanager
def bare(name: str, work: Path, workers: int) -> Iterator[str]:
    """Run one of the applications of bench/hello.py and yield its address."""
    port = postgres.free_port()
    url = f"http://127.0.0.1:{port}"
    which = "hello" if name == HELLO else "ceiling"
    command = [*services.PYTHON, "bench.hello", which, str(port), str(workers)]
    with services.running(command, f"{url}/", work, {}):
        yield url


def _takes(url: str, seconds: int, clients: int, sent: Sent | None) -> Take:
    return lambda _: load.run(url, seconds, clients, sent)


def _records(
    service: Service, seconds: int, clients: int, sent: Sent, check: Check, seeds: Iterator[int]
) -> Take:
    def take(_: int) -> Counted:
        before = service.stored()
        # An id sent twice is stored once, so no seed serves twice.
        counted = load.run(service.url, seconds, clients, sent, seed=next(seeds))
        check.add(counted.answered, service.stored() - before, clients)
        return counted

    return take


def _rival(rival: kolibri.Kolibri, sizes: Sizes, clients: int, check: Check) -> Take:
    def take(number: int) -> Counted:
        before = recording.settled(rival.stored, kolibri.PAUSE)
        counted = load.run(
            rival.url,
            sizes.rival_seconds if number else 1,
            clients,
            rival.sent,
            seed=number * 1_000 + clients,
            errors_count=True,
        )
        under_way = clients + counted.refused + counted.broken
        stored = recording.settled(rival.stored, kolibri.PAUSE) - before
        check.add(counted.answered - counted.refused, stored, under_way)
        return counted

    return take


def _commits(sizes: Sizes, work: Path, server: str) -> Iterator[Run]:
    yield Run(COMMITS, "SQLite", 0, 1, _commit(commits.sqlite, f"{work}/commits.sqlite", sizes))
    for connections in (1, sizes.usual):
        take = _commit(commits.postgres, server, sizes, connections)
        yield Run(COMMITS, "PostgreSQL", 0, connections, take)


def _commit(
    measured: Callable[..., tuple[float, list[float]]], address: str, sizes: Sizes, *more: int
) -> Take:
    def take(_: int) -> Counted:
        rate, times = measured(address, sizes.seconds, *more)
        p50, p99, p999 = (commits.percentile(times, percent) for percent in (50, 99, 99.9))
        return Counted(len(times), rate, p50, p99, p999, max(times) * 1_000)

    return take


def _row(run: Run, runs: list[Run]) -> dict[str, Any]:
    counted = run.counted
    told = {
        "per_second": statistics.median(c.per_second for c in counted),
        "p50_ms": statistics.median(c.p50 for c in counted),
        "p99_ms": statistics.median(c.p99 for c in counted),
        "p999_ms": statistics.median(c.p999 for c in counted),
        "max_ms": max(c.max for c in counted),
        "processor": statistics.median(c.processor for c in counted),
        "refused": sum(c.refused + c.broken for c in counted),
        "rounds": [c.per_second for c in counted],
    }
    names = {"name": run.name, "where": run.where, "workers": run.workers, "clients": run.clients}
    others = {"hello": HELLO, "ceiling": CEILING, "kolibri": KOLIBRI, "commits": COMMITS}
    return names | told | {f"of_{key}": _beside(run, other, runs) for key, other in others.items()}


def _beside(run: Run, name: str, runs: Sequence[Run]) -> float | None:
    """Return how many times as many a run had as its counterpart called *name*, in the same rounds."""
    for other in runs:
        if other.name == name and _compares(run, other):
            pairs = zip(run.counted, other.counted, strict=True)
            ratios = [mine.per_second / its.per_second for mine, its in pairs if its.answered]
            return statistics.median(ratios) if ratios else None
    return None


def _compares(run: Run, other: Run) -> bool:
    if other.name == COMMITS:
        return other.where == run.where and other.clients == 1
    if other.name == KOLIBRI:
        return other.clients == run.clients
    return (other.workers, other.clients) == (run.workers, run.clients)


def summary(result: dict[str, Any]) -> list[str]:
    """Return what the figures say."""
    return answers_told.summary(result)


def tables(result: dict[str, Any]) -> list[Table]:
    """Return what was measured, and the check that nothing was lost."""
    return answers_told.tables(result)
