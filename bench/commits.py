"""What durability costs alone: one small row after another, each committed to the disk."""

import math
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import sqlalchemy as sa

ROW = "x" * 200
TABLE = "CREATE TABLE IF NOT EXISTS bench_commit (text TEXT)"

Times = list[float]


def sqlite(path: str, seconds: float) -> tuple[float, Times]:
    """Commit to the SQLite file *path*; return commits per second, and the time of each."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=15)
    try:
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(TABLE)
        return _rate(
            _timed(
                lambda: connection.execute("INSERT INTO bench_commit VALUES (?)", [ROW]), seconds
            )
        )
    finally:
        connection.close()


def postgres(url: str, seconds: float, connections: int) -> tuple[float, Times]:
    """Commit to a PostgreSQL database from several connections at once."""
    address = sa.make_url(url).set(drivername="postgresql")
    text = address.render_as_string(hide_password=False)
    with psycopg.connect(text, autocommit=True) as connection:
        connection.execute(TABLE)

    def one(_: int) -> Times:
        with psycopg.connect(text, autocommit=True) as connection:
            return _timed(
                lambda: connection.execute("INSERT INTO bench_commit VALUES (%s)", [ROW]), seconds
            )

    with ThreadPoolExecutor(connections) as pool:
        return _rate(*pool.map(one, range(connections)))


def _timed(commit: Callable[[], object], seconds: float) -> Times:
    times = []
    start = before = time.perf_counter()
    while before - start < seconds:
        commit()
        after = time.perf_counter()
        times.append(after - before)
        before = after
    return times


def _rate(*loops: Times) -> tuple[float, Times]:
    return sum(len(times) / sum(times) for times in loops), [t for times in loops for t in times]


def percentile(times: Times, percent: float) -> float:
    """Return a percentile of *times* in milliseconds."""
    ordered = sorted(times)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)] * 1_000
