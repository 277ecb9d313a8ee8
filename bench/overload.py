"""Ten times what the service can take: it sheds what is too much, and is soon as quick as before."""

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import load, recording
from bench.client import Connection, made
from bench.load import Counted, LoadError, Sent
from bench.recording import ANSWERS, Service
from bench.tables import Table, figure
from tests import postgres

WARM_UP = 1
"""Seconds of load before anything is measured: a new process is slow until it has looked everything up."""

SHED = "503 retry"
"""As load.lua counts answers that ask to come back later."""


@dataclass(frozen=True)
class Sizes:
    seconds: int
    """How long the usual load lasts, and the overload."""
    rounds: int
    usual: int = 128
    """Clients that keep the service busy and get every answer through."""
    times: int = 10
    """How many times as many make the overload."""
    calm: float = 1.5
    """Seconds for which one client asks alone, before the overload and after."""
    learners: int = 3_000
    lessons: int = 12
    questions: int = 8
    services: Sequence[tuple[str, int]] = (("SQLite", 1), ("PostgreSQL", 1))


FULL = Sizes(seconds=4, rounds=3)
QUICK = Sizes(seconds=2, rounds=1, learners=1_500)


def steps(sizes: Sizes) -> int:
    """Return how many steps `measure` tells."""
    return 1 + len(sizes.services) * (1 + 2 * sizes.rounds)


def measure(sizes: Sizes, work: Path, step: Callable[[str], None]) -> dict[str, Any]:
    """Load each service as usual and then ten times over, in turn."""
    step("writing the course, starting PostgreSQL")
    root = work / "course"
    bodies = recording.published(root, sizes.lessons, sizes.questions)
    rows = []
    with postgres.running_server() as server:
        for name, workers in sizes.services:
            step(f"{sizes.learners:,} learners for {name}")
            is_sqlite = name == "SQLite"
            url = (
                f"sqlite:///{work}/overload.sqlite"
                if is_sqlite
                else recording.new_database(server, f"overload_{workers}")
            )
            service = recording.prepared(name, workers, url, root, sizes.learners)
            with service.up():
                rows.append(_row(service, sizes, bodies, step))
    return {"sizes": asdict(sizes), "rows": rows}


@dataclass(frozen=True)
class Round:
    usual: Counted
    over: Counted
    before: float
    """Milliseconds within which 99 of 100 answers came to one client before."""
    recovered: float
    """Seconds from the end of the overload until they came as quickly again."""

    @property
    def acknowledged(self) -> int:
        return sum(many for kind, many in self.over.statuses.items() if kind in ("200", "201"))

    @property
    def shed(self) -> int:
        return self.over.statuses.get(SHED, 0)


def _row(
    service: Service, sizes: Sizes, bodies: Path, step: Callable[[str], None]
) -> dict[str, Any]:
    sent = Sent(service.lines(ANSWERS), bodies)
    clients = sizes.usual * sizes.times
    load.run(service.url, WARM_UP, sizes.usual, sent)
    rounds = []
    for number in range(sizes.rounds):
        step(f"{service.label}: the usual load, {sizes.usual} clients")
        before = _alone(service, sizes, bodies, f"before {number}")
        limit = statistics.quantiles([took for _, took in before], n=100, method="inclusive")[98]
        usual = load.run(service.url, sizes.seconds, sizes.usual, sent, seed=2 * number + 1)
        step(f"{service.label}: the overload, {clients:,} clients")
        stored = service.stored()
        over = load.run(
            service.url,
            sizes.seconds,
            clients,
            sent,
            seed=2 * number + 2,
            errors_count=True,
            by_status=True,
        )
        after = _alone(service, sizes, bodies, f"after {number}")
        one = Round(usual, over, limit * 1_000, _recovered(after, limit))
        rounds.append(one)
        _nothing_lost(service, one.acknowledged, service.stored() - stored - len(after), clients)
    return {
        "name": service.label,
        "usual_per_second": statistics.median(one.usual.per_second for one in rounds),
        "offered_per_second": statistics.median(_rate(one, one.over.answered) for one in rounds),
        "acknowledged_per_second": statistics.median(
            _rate(one, one.acknowledged) for one in rounds
        ),
        "kept": statistics.median(
            _rate(one, one.acknowledged) / one.usual.per_second for one in rounds
        ),
        "acknowledged": sum(one.acknowledged for one in rounds),
        "shed": sum(one.shed for one in rounds),
        "other": sum(one.over.answered - one.acknowledged - one.shed for one in rounds),
        "broken": sum(one.over.broken for one in rounds),
        "usual_p99_ms": statistics.median(one.usual.p99 for one in rounds),
        "p99_ms": statistics.median(one.over.p99 for one in rounds),
        "before_ms": statistics.median(one.before for one in rounds),
        "recovered": [one.recovered for one in rounds],
    }


def _rate(one: Round, many: int) -> float:
    return many / one.over.seconds


def _alone(service: Service, sizes: Sizes, bodies: Path, seed: str) -> list[tuple[float, float]]:
    """Send one answer after another; return for each when it came, and how long it took, in seconds."""
    chance = random.Random(seed)
    texts = bodies.read_text(encoding="utf-8").splitlines()
    connection = Connection(service.port)
    found: list[tuple[float, float]] = []
    start = time.perf_counter()
    now = start
    while now - start < sizes.calm or len(found) < 2 * IN_A_ROW:
        answer = made(chance, chance.choice(service.cookies), texts)
        status = connection.send(answer)
        after = time.perf_counter()
        if status == 201:  # else it was shed, and comes too late by the time that it takes now
            found.append((after - start, after - now))
        now = after
    connection.http.close()
    return found


IN_A_ROW = 20
"""So many quick answers, one after another, mean that the overload is over."""

SLOWER = 2
"""How many times as slow still counts as quick: one client alone sees a busy machine's every pause."""


def _recovered(after: Sequence[tuple[float, float]], limit: float) -> float:
    """Return when the first of so many quick answers in a row was sent; the last moment if there are none."""
    quick = 0
    for came, took in after:
        quick = quick + 1 if took <= SLOWER * limit else 0
        if quick == 1:
            first = came - took
        if quick == IN_A_ROW:
            return first
    return after[-1][0]


def _nothing_lost(service: Service, acknowledged: int, stored: int, clients: int) -> None:
    if not acknowledged <= stored <= acknowledged + clients:
        raise LoadError(
            f"{service.label}, overloaded: {acknowledged:,} answers acknowledged, {stored:,} stored"
        )


def summary(result: dict[str, Any]) -> list[str]:
    """Return what an overload does, a sentence for each service."""
    times = result["sizes"]["times"]
    return [
        f"{row['name']}: with {times} times as many clients as keep it busy, it acknowledged "
        f"{row['kept']:.0%} as many answers as before, told {row['shed']:,} to come again in a moment, lost "
        f"none, and was as quick as before {figure(statistics.median(row['recovered']))} s after the end."
        for row in result["rows"]
    ]


def tables(result: dict[str, Any]) -> list[Table]:
    """Return what was offered, taken and shed, and how long it took to recover."""
    sizes = result["sizes"]
    rows = [
        (
            row["name"],
            figure(row["usual_per_second"]),
            figure(row["offered_per_second"]),
            figure(row["acknowledged_per_second"]),
            f"{row['shed']:,}",
            f"{row['other'] + row['broken']:,}",
            figure(row["usual_p99_ms"]),
            figure(row["p99_ms"]),
            f"{figure(min(row['recovered']))} - {figure(max(row['recovered']))}",
        )
        for row in result["rows"]
    ]
    clients = sizes["usual"] * sizes["times"]
    note = (
        f"Usual: {sizes['usual']} clients. Overload: {clients:,} clients, and who is turned away comes back "
        "at once instead of after the second that it is told, which no browser does. Turned away means "
        "status 503 with a Retry-After; failed means any other error, or a broken connection. Every "
        f"acknowledged answer was stored. {sizes['rounds']} times {sizes['seconds']} s each, in turn. Then "
        "one client asks alone: recovered is the second after the end of the overload from which "
        f"{IN_A_ROW} answers in a row took at most {SLOWER} times what 99 of 100 took one client before; "
        "lowest and highest."
    )
    columns = (
        *(
            "",
            "Usual a second",
            "Offered a second",
            "Acknowledged a second",
            "Turned away",
            "Failed",
        ),
        *("Usual p99 ms", "p99 ms", "Recovered s"),
    )
    return [Table("Overload", columns, rows, note)]
