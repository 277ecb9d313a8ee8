"""The database: durable, strict, alike on SQLite and PostgreSQL, made by migrations only."""

import contextlib
import shutil
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from course.record.answering import draws
from course.record.answering.tables import Attempt
from course.record.people.tables import Learner
from course.record.revisions.tables import Outline
from course.record.store import schema
from course.record.store.base import Base
from course.record.store.database import Database


def test_migrations_build_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)

    assert differences == []


def test_migrating_twice_changes_nothing(database: Database) -> None:
    assert schema.upgrade(database) is False


def test_a_database_of_a_newer_version_is_left_alone(database: Database) -> None:
    with database.write() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(schema.SchemaError, match="newer"):
        schema.upgrade(database)
    with pytest.raises(schema.SchemaError, match="9999"):
        schema.check(database)


def test_an_empty_database_is_refused_until_it_is_migrated(tmp_path: Path) -> None:
    empty = Database(f"sqlite:///{tmp_path}/new/course.sqlite")

    with pytest.raises(schema.SchemaError, match="course migrate"):
        schema.check(empty)
    assert schema.upgrade(empty) is True
    schema.check(empty)
    empty.close()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 10_000)],
)
def test_sqlite_is_set_to_keep_what_it_acknowledges(
    tmp_path: Path, pragma: str, value: object
) -> None:
    database = Database(f"sqlite:///{tmp_path}/course.sqlite")
    database.create()
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value
    database.close()


def test_a_record_needs_a_file() -> None:
    with pytest.raises(ValueError, match="needs a file"):
        Database("sqlite://")


def test_moments_come_back_in_utc(database: Database) -> None:
    given = datetime(2026, 7, 1, 12, 30, tzinfo=timezone(timedelta(hours=2)))
    with database.write() as session:
        session.add(Outline(number=1, lessons=[], published_at=given))

    with database.read() as session:
        found = session.scalars(sa.select(Outline.published_at)).one()

    assert found == given
    assert found.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(sa.exc.StatementError, match="no time zone"), database.write() as session:
        session.add(Outline(number=1, lessons=[], published_at=datetime(2026, 7, 1)))


def test_what_raises_is_undone(database: Database) -> None:
    def fail() -> None:
        with database.write() as session:
            session.add(Learner())
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    with database.read() as session:
        assert session.scalars(sa.select(Learner)).all() == []


def test_who_reads_sees_one_moment(database: Database) -> None:
    count = sa.select(sa.func.count()).select_from(Learner)
    with database.read() as reading:
        before = reading.scalar(count)
        with database.write() as session:
            session.add(Learner())

        assert reading.scalar(count) == before == 0

    with database.read() as session:
        assert session.scalar(count) == 1


def test_what_is_written_where_only_reading_is_meant_is_not_kept(database: Database) -> None:
    with contextlib.suppress(sa.exc.InternalError), database.read() as session:
        session.add(Learner())
        session.flush()

    with database.write() as session:
        assert session.scalars(sa.select(Learner)).all() == []
        session.add(Learner())  # and the same connection may write again


def test_foreign_keys_are_kept(database: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError), database.write() as session:
        session.add(Attempt(learner_id=77, lesson="nowhere", number=1))


def test_writers_wait_for_each_other(database: Database) -> None:
    """Each adds one to what it read; without a queue some would read the same."""
    with database.write() as session:
        session.add(Outline(number=1, lessons=[]))

    def add(name: int) -> None:
        with database.write() as session:
            row = session.get(Outline, 1, with_for_update=True)
            assert row is not None
            row.lessons = [*row.lessons, str(name)]

    threads = [threading.Thread(target=add, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.read() as session:
        assert len(session.scalars(sa.select(Outline.lessons)).one()) == 16


def test_an_id_of_a_learner_is_never_given_twice(database: Database) -> None:
    with database.write() as session:
        first = Learner()
        session.add(first)
        session.flush()
        session.delete(first)
    with database.write() as session:
        second = Learner()
        session.add(second)
        session.flush()

        assert second.id > first.id


def test_a_query_by_itself_sees_what_was_stored_before_and_outlives_its_connection(
    database: Database,
) -> None:
    for seed in ("first", "second", "third"):
        with database.write() as session:
            learner = Learner(seed=seed)
            session.add(learner)
            session.flush()
            if not database.is_sqlite:
                others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                mine = "datname = current_database() AND pid <> pg_backend_pid()"
                session.execute(sa.text(others + mine))

        assert draws.learner_seed(database, learner.id) == seed


@pytest.mark.parametrize("begins", ["before", "after"])
def test_a_thread_that_outlives_the_database_leaves_nothing_open(
    migrated_sqlite: Path, tmp_path: Path, begins: str
) -> None:
    path = Path(shutil.copy(migrated_sqlite, tmp_path / "course.sqlite"))
    database = Database(f"sqlite:///{path}")
    reading, closed = threading.Event(), threading.Event()

    def read() -> None:
        if begins == "after":
            reading.set()
            closed.wait()
        with database.read() as session:
            session.execute(sa.text("SELECT 1"))
            reading.set()
            closed.wait()

    thread = threading.Thread(target=read)
    thread.start()
    reading.wait()
    database.close()
    closed.set()
    thread.join()

    held = [path.resolve() for path in Path("/proc/self/fd").iterdir()]
    assert [path for path in held if path.is_relative_to(tmp_path)] == []
