"""Many clients at once: wrk, and what it counts."""

import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

SCRIPT = Path(__file__).with_suffix(".lua")

PATIENCE = 30
"""Seconds after which wrk counts an answer as missing."""

THREADS = 2
"""More of them take longer turns from the service than they send faster."""


class LoadError(Exception):
    """A run that says nothing about speed: something failed in it."""


@dataclass(frozen=True)
class Sent:
    """What clients send: learners, a line each of method, path and headers, and bodies for them in turn.

    Without learners they get the address itself; without bodies, what the learners' lines say.
    """

    learners: Path | None = None
    bodies: Path | None = None


@dataclass(frozen=True)
class Counted:
    """One run of wrk; times in milliseconds."""

    answered: int
    per_second: float
    """Without refused ones."""
    p50: float
    p99: float
    p999: float
    max: float
    processor: float = 0.0
    """Seconds of a processor that the clients took for each second of the run."""
    refused: int = 0
    """How many answers were errors."""
    broken: int = 0
    """How many connections broke or got no answer."""
    seconds: float = 0.0
    statuses: Mapping[str, int] = field(default_factory=dict)
    """Answers by status, where they were counted: "503 retry" says when to come back."""


def run(
    url: str,
    seconds: int,
    clients: int,
    sent: Sent | None = None,
    *,
    seed: int = 0,
    errors_count: bool = False,
    by_status: bool = False,
) -> Counted:
    """Ask *url* without pause from *clients* at once; raises LoadError unless all goes well.

    With *errors_count*, errors are counted instead. *seed* decides the ids: the same ones come twice when
    it does.
    """
    if shutil.which("wrk") is None:
        raise LoadError("wrk is not installed: run scripts/debian-tools wrk")
    threads = min(THREADS, clients)
    files = [str(path) for path in (sent.learners, sent.bodies) if path] if sent else []
    more = [str(threads), str(seed), *files] + (["count"] if by_status else [])
    ended = subprocess.run(
        [
            *("wrk", f"--threads={threads}", f"--connections={clients}"),
            *(f"--duration={seconds}s", f"--timeout={PATIENCE}s"),
            *(f"--script={SCRIPT}", url, "--", *more),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds + 2 * PATIENCE,
        check=False,
    )
    if ended.returncode != 0 or not ended.stderr.startswith("answered"):
        raise LoadError(f"wrk failed:\n{ended.stdout}{ended.stderr}")
    counted = read(ended.stderr, clients)
    if (counted.refused or counted.broken) and not errors_count:
        raise LoadError(
            f"{url}: {counted.answered} answers, {counted.refused} of them errors, "
            f"{counted.broken} broken connections"
        )
    return counted


def read(said: str, clients: int) -> Counted:
    """Return what load.lua wrote when it was done."""
    facts: dict[str, int] = {}
    took: dict[int, int] = {}
    statuses: Counter[str] = Counter()
    for line in said.splitlines():
        match line.split(" ", 2):
            case ["took", value, many]:
                took[int(value)] = int(many)
            case ["status", many, kind]:
                statuses[kind] += int(many)
            case [name, value]:
                facts[name] = int(value)
    answered, time = facts["answered"], facts["microseconds"]
    if answered // clients:
        took = as_measured(took, time // (answered // clients))
    p50, p99, p999 = (percentile(took, percent) / 1_000 for percent in (50, 99, 99.9))
    return Counted(
        answered=answered,
        per_second=(answered - facts["refused"]) / time * 1e6,
        p50=p50,
        p99=p99,
        p999=p999,
        max=facts["max"] / 1_000,
        processor=facts["busy"] / time,
        refused=facts["refused"],
        broken=facts["broken"],
        seconds=time / 1e6,
        statuses=dict(statuses),
    )


def as_measured(took: Mapping[int, int], interval: int) -> dict[int, int]:
    """Return how often each time was measured, from what wrk makes of it.

    wrk supposes that each client meant to send a request every *interval* and adds, for each longer time,
    those that it would have sent meanwhile. Our clients wait for their answer and mean no such thing: nobody
    waited for what wrk adds. It goes from short times to long ones and adds to shorter ones only, so the way
    back begins with the longest.
    """
    found = dict(took)
    for time in sorted(took, reverse=True):
        if time < 2 * interval:
            break
        for added in range(time - interval, interval, -interval):
            found[added] -= found[time]
    return {time: many for time, many in found.items() if many}


def percentile(took: Mapping[int, int], percent: float) -> float:
    """Return the time within which *percent* of the answers came; 0 without any."""
    needed = sum(took.values()) * percent / 100
    for time in sorted(took):
        needed -= took[time]
        if needed <= 0:
            return time
    return max(took, default=0)


def lines(path: Path, texts: Iterable[str]) -> Path:
    """Write *texts* to *path*, one a line."""
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return path
