"""Limits in the database: counted together by all who count, in windows that end."""

import contextlib
import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from course.record.people import rate_limits
from course.record.people.rate_limits import Limit, Window
from course.record.people.tables import RateLimit
from course.record.store.database import Database

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
LIMIT = Limit("password ada@example.org", 3, timedelta(minutes=15))


class Clock:
    def __init__(self) -> None:
        self.moment = NOON

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(rate_limits, "now", made)
    return made


def add(database: Database, *limits: Limit) -> list[tuple[int, int]]:
    with database.write() as session:
        found = rate_limits.count_event(session, limits)
        return [(found[limit].count, found[limit].seconds) for limit in limits]


def test_events_are_counted_until_their_window_ends(database: Database, clock: Clock) -> None:
    assert add(database, LIMIT) == [(1, 900)]
    clock.moment += timedelta(minutes=5)
    assert add(database, LIMIT) == [(2, 600)]
    clock.moment = NOON + timedelta(minutes=15)
    assert add(database, LIMIT) == [(1, 900)]


def test_names_are_counted_apart(database: Database, clock: Clock) -> None:
    other = Limit("password bob@example.org", 3, timedelta(hours=1))

    assert add(database, LIMIT, other) == [(1, 900), (1, 3600)]
    assert add(database, other) == [(2, 3600)]


def test_a_window_is_looked_at_without_counting(database: Database, clock: Clock) -> None:
    def seen() -> Window:
        with database.read() as session:
            return rate_limits.read_window(session, LIMIT)

    assert seen().count == 0
    add(database, LIMIT)
    clock.moment += timedelta(minutes=5)
    assert [seen(), seen()] == [Window(1, 600)] * 2
    clock.moment = NOON + timedelta(minutes=15)
    assert seen().count == 0
    clock.moment = NOON - timedelta(hours=1)
    assert seen().count == 0, "it ends later than it could"


def test_an_event_is_taken_back(database: Database, clock: Clock) -> None:
    add(database, LIMIT)
    add(database, LIMIT)
    with database.write() as session:
        rate_limits.uncount_event(session, [LIMIT])

    assert add(database, LIMIT) == [(2, 900)]


def test_what_is_undone_counts_nowhere(database: Database, clock: Clock) -> None:
    with contextlib.suppress(KeyError), database.write() as session:
        rate_limits.count_event(session, [LIMIT])
        raise KeyError

    assert add(database, LIMIT) == [(1, 900)]


def test_a_window_of_a_clock_that_was_set_back_ends(database: Database, clock: Clock) -> None:
    for _ in range(3):
        add(database, LIMIT)
    clock.moment -= timedelta(hours=1)

    assert add(database, LIMIT) == [(1, 900)]


def test_windows_that_have_ended_are_removed(database: Database, clock: Clock) -> None:
    add(database, *(Limit(f"name {number}", 1, timedelta(minutes=1)) for number in range(20)))
    clock.moment += timedelta(minutes=2)
    add(database, LIMIT)

    with database.read() as session:
        assert session.scalars(sa.select(RateLimit.name)).all() == [LIMIT.key]


def test_nothing_stored_names_anybody(database: Database) -> None:
    add(database, LIMIT)

    with database.read() as session:
        assert "ada" not in str(session.scalars(sa.select(RateLimit.name)).one())


def test_many_at_once_are_all_counted(database: Database) -> None:
    """Each takes some names in an order of its own, and none of them waits for another in a circle."""
    names = [Limit(f"name {number}", 100, timedelta(hours=1)) for number in range(4)]
    start = threading.Barrier(8)

    def count(turn: int) -> None:
        start.wait()
        for _ in range(5):
            add(database, *names[turn % 4 :], *names[: turn % 4])
            with database.write() as session:
                rate_limits.uncount_event(session, names[:1])

    threads = [threading.Thread(target=count, args=[turn]) for turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [count for count, _ in add(database, *names)] == [1, 41, 41, 41]
