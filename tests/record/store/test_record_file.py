"""A SQLite record that is removed, replaced or damaged while it is in use takes no more answers."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from course.record.answering import draws
from course.record.people.tables import Learner
from course.record.store import schema
from course.record.store.database import Database
from course.record.store.record_file import APPLICATION_ID, RecordFile
from course.record.store.schema import SchemaError
from course.record.store.timeouts import Timeouts
from course.record.store.unavailable import Unavailable, is_unavailable


@pytest.fixture
def path(migrated_sqlite: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(migrated_sqlite, tmp_path / "course.sqlite"))


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{path}")
    add_learner(opened)
    yield opened
    opened.close()


def add_learner(database: Database) -> None:
    with database.write() as session:
        session.add(Learner(seed="seed"))


def count_learners(database: Database) -> int:
    with database.read() as session:
        return session.scalars(sa.select(sa.func.count()).select_from(Learner)).one()


def remove(path: Path) -> None:
    path.unlink()


def replace(path: Path) -> None:
    copy = shutil.copy(path, path.with_name("copy.sqlite"))
    Path(copy).replace(path)


def truncate(path: Path) -> None:
    os.truncate(path, 0)


def cut_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def overwrite(path: Path) -> None:
    path.write_text("This is no database.\n")


def remove_log(path: Path) -> None:
    path.with_name("course.sqlite-wal").unlink()


def replace_log(path: Path) -> None:
    remove_log(path)
    path.with_name("course.sqlite-wal").touch()


FAULTS = [remove, replace, truncate, cut_short, overwrite, remove_log, replace_log]


def write(database: Database) -> None:
    add_learner(database)


def read(database: Database) -> None:
    count_learners(database)


def look(database: Database) -> None:
    draws.learner_seed(database, 1)


def record(database: Database) -> None:
    with database.cursor() as cursor:
        cursor.execute("UPDATE learner SET seed = 'other'")


@pytest.mark.parametrize("use", [write, read, look, record])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_record_that_is_not_the_one_opened_is_refused(
    database: Database, path: Path, fault: Callable[[Path], None], use: Callable[[Database], None]
) -> None:
    use(database)

    fault(path)

    with pytest.raises(Unavailable, match=r"course\.sqlite"):
        use(database)


@pytest.mark.parametrize("fault", FAULTS)
def test_what_was_written_into_a_file_without_a_name_is_not_acknowledged(
    database: Database, path: Path, fault: Callable[[Path], None]
) -> None:
    def write() -> None:
        with database.write() as session:
            session.add(Learner())
            session.flush()
            fault(path)

    def record() -> None:
        with database.cursor() as cursor:
            cursor.execute("UPDATE learner SET seed = 'other'")

    for use in (write, record):
        with pytest.raises(sa.exc.DatabaseError) as caught:
            use()
        assert is_unavailable(caught.value)


def test_a_record_that_comes_back_is_used_again(database: Database, path: Path) -> None:
    path.rename(path.with_name("elsewhere.sqlite"))
    with pytest.raises(Unavailable, match="cannot be found any more"):
        add_learner(database)

    path.with_name("elsewhere.sqlite").rename(path)
    add_learner(database)

    assert count_learners(database) == 2


def test_nothing_is_made_in_the_place_of_a_removed_record(database: Database, path: Path) -> None:
    remove(path)

    for use in (write, read, look, record):
        with pytest.raises(Unavailable):
            use(database)

    assert not path.exists()


def test_a_removed_log_costs_no_acknowledged_row(database: Database, path: Path) -> None:
    for _ in range(20):
        add_learner(database)
    remove_log(path)

    with pytest.raises(Unavailable, match=r"course\.sqlite-wal"):
        add_learner(database)

    with contextlib.closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as file:
        assert file.execute("SELECT count(*) FROM learner").fetchone() == (21,)
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_record_may_become_smaller_by_vacuum(database: Database, path: Path) -> None:
    with database.write() as session:
        session.execute(sa.text("CREATE TABLE filler (content BLOB)"))
        session.execute(sa.text("INSERT INTO filler VALUES (zeroblob(1000000))"))
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        add_learner(database)
        before = path.stat().st_size
        other.execute("DROP TABLE filler")
        other.execute("VACUUM")
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    add_learner(database)

    assert path.stat().st_size < before
    assert count_learners(database) == 3


def test_no_empty_record_is_begun_where_one_is_gone(database: Database, path: Path) -> None:
    database.close()
    remove(path)
    again = Database(f"sqlite:///{path}")

    with pytest.raises(SchemaError, match=r"gone, but .*course\.sqlite\.lock is still there"):
        schema.upgrade(again)

    assert not path.exists()
    path.with_name("course.sqlite.lock").unlink()
    assert schema.upgrade(again) is True
    again.close()


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE places (name TEXT)")
    database = Database(f"sqlite:///{path}")

    with pytest.raises(SchemaError, match="another program"):
        schema.upgrade(database)

    database.close()


def test_a_record_from_before_gets_its_application_id(database: Database, path: Path) -> None:
    with database.write() as session:
        session.execute(sa.text("PRAGMA application_id = 0"))

    schema.upgrade(database)

    with database.read() as session:
        assert session.scalar(sa.text("PRAGMA application_id")) == APPLICATION_ID


def test_a_new_record_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/data/course.sqlite")
    schema.upgrade(database)
    add_learner(database)

    modes = {file.name: file.stat().st_mode & 0o777 for file in (tmp_path / "data").iterdir()}
    database.close()

    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert modes == dict.fromkeys(
        ["course.sqlite", "course.sqlite-shm", "course.sqlite-wal", "course.sqlite.lock"], 0o600
    )


HOLDER = """
import fcntl, sys
file = open(sys.argv[1] + ".lock", "ab")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def held_by_another_process(path: Path) -> Iterator[None]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield


def test_a_writer_does_not_wait_without_end_for_another_process(path: Path) -> None:
    database = Database(f"sqlite:///{path}", Timeouts(lock=0))
    with held_by_another_process(path):
        for _ in range(2):  # the second finds a thread that waits for the first
            with pytest.raises(Unavailable, match="has been writing"):
                add_learner(database)
        assert count_learners(database) == 0, "reading goes on"

    database.timeouts = Timeouts(lock=30)
    add_learner(database)

    assert count_learners(database) == 1
    database.close()


def test_a_writer_gets_its_turn_when_another_process_is_done(path: Path) -> None:
    database = Database(f"sqlite:///{path}", Timeouts(lock=30))
    with held_by_another_process(path) as _:
        database.timeouts = Timeouts(lock=0)
        with pytest.raises(Unavailable):
            add_learner(database)
        database.timeouts = Timeouts(lock=30)

    for _ in range(3):
        add_learner(database)

    assert count_learners(database) == 3
    database.close()


def test_threads_that_connect_at_the_same_moment_open_one_anchor(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = RecordFile(path)
    opened: list[sqlite3.Connection] = []
    together = threading.Barrier(2)
    connect = sqlite3.connect

    def slow(*arguments: Any, **named: Any) -> sqlite3.Connection:
        with contextlib.suppress(threading.BrokenBarrierError):
            together.wait(0.2)  # a second thread would join here, if it were let in
        opened.append(connect(*arguments, **named))
        return opened[-1]

    monkeypatch.setattr("course.record.store.record_file.sqlite3.connect", slow)
    with contextlib.closing(connect(path)) as first:
        first.execute("PRAGMA journal_mode=WAL")
        first.execute("SELECT 1 FROM learner").fetchone()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: file.remember(), range(2)))
    file.close()

    assert len(opened) == 1
