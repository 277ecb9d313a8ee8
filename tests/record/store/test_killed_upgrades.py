"""`course migrate` is killed at many of its statements and begun again, and nothing is lost."""

import itertools
import os
import subprocess
import sys
import uuid
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from course.record.store import schema
from course.record.store.database import Database
from tests.record import dumping
from tests.record.store.test_upgrades import rows

OLD = dumping.DUMPS / "0003"
ANSWERS = 5_000
COPIED = ("attempt", "answer", "lesson_visit")

MIGRATE = """
import os, signal, sys
import sqlalchemy as sa
from course.cli import main

left = int(sys.argv[1])

@sa.event.listens_for(sa.Engine, "before_cursor_execute")
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

main(["migrate"])
"""


@pytest.fixture
def old(empty_database_url: str) -> Iterator[Database]:
    """A record of 5,000 answers at an early schema."""
    dumping.restore(OLD, empty_database_url)
    database = Database(empty_database_url)
    multiply(database)
    yield database
    database.close()


def multiply(database: Database) -> None:
    """Add learners who did what those in the record did, until it has ANSWERS answers."""
    tables = sa.MetaData()
    with database.write() as session:
        connection = session.connection()
        tables.reflect(connection)
        copied = {name: rows_by_learner(connection, tables.tables[name]) for name in COPIED}
        people = sorted(copied["answer"])
        total = sum(map(len, copied["answer"].values()))
        learner, number = tables.tables["learner"], max(people) + 1000
        for source in itertools.cycle(people):
            if total >= ANSWERS:
                return
            row = connection.execute(sa.select(learner).where(learner.c.id == source)).one()
            connection.execute(
                learner.insert().values(row._asdict() | {"id": number, "merged_into": None})
            )
            for name in COPIED:
                new = [copy(row, number) for row in copied[name][source]]
                if new:
                    connection.execute(tables.tables[name].insert(), new)
            total += len(copied["answer"][source])
            number += 1


def rows_by_learner(connection: sa.Connection, table: sa.Table) -> dict[int, list[dict[str, Any]]]:
    found = defaultdict(list)
    for row in connection.execute(sa.select(table)):
        found[row.learner_id].append(row._asdict())
    return found


def copy(row: dict[str, Any], learner: int) -> dict[str, Any]:
    new = row | {"learner_id": learner}
    if "client_id" in row:
        new["client_id"] = (
            uuid.uuid4() if isinstance(row["client_id"], uuid.UUID) else uuid.uuid4().hex
        )
    return new


def migrate(database: Database, folder: Path, statements: int) -> bool:
    """Run `course migrate`, killed at the statement of this number; return whether it came to its end."""
    environment = {
        "COURSE_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    done = subprocess.run(
        [sys.executable, "-c", MIGRATE, str(statements)],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, -9), done.stderr
    return done.returncode == 0


def test_a_migration_that_is_killed_and_begun_again_loses_nothing(
    old: Database, tmp_path: Path
) -> None:
    before = rows(old)
    kills = 0
    while not migrate(old, tmp_path, 4 * 3**kills):
        kills += 1
        assert schema.current(old) == OLD.name
        assert rows(old) == before
    after = rows(old)

    schema.check(old)
    assert kills > 4
    assert len(before["answer"]) >= ANSWERS
    for table, old_rows in before.items():
        columns = old_rows[0].keys() if old_rows else set()
        found = [{name: row[name] for name in columns} for row in after[table]]
        assert sorted(map(repr, found)) == sorted(map(repr, old_rows)), table
    course = dumping.register(old, OLD)
    figures = dumping.figures(old, course)["learners"]
    expected = dumping.expected(OLD, old.url.get_backend_name())["learners"]
    assert {name: figures[name] for name in expected} == expected
