"""Records written at earlier schemas, brought up to date: nothing lost, and every figure as it was."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from course.record.store import schema
from course.record.store.database import Database
from tests.record import dumping

FOLDERS = sorted(path for path in dumping.DUMPS.iterdir() if path.is_dir())


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture
def restored(folder: Path, empty_database_url: str) -> Iterator[Database]:
    """A database as a dump left it."""
    dumping.restore(folder, empty_database_url)
    database = Database(empty_database_url)
    yield database
    database.close()


def rows(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table, as plain data."""
    tables = sa.MetaData()
    with database.engine.connect() as connection:
        tables.reflect(connection)
        return {
            name: [dict(row._mapping) for row in connection.execute(sa.select(table))]
            for name, table in tables.tables.items()
            if name != "alembic_version"
        }


def test_a_dump_is_at_the_schema_it_is_named_after(folder: Path, restored: Database) -> None:
    assert schema.current(restored) == folder.name


def test_every_row_is_there_after_the_upgrade(folder: Path, restored: Database) -> None:
    before = rows(restored)
    schema.upgrade(restored)
    after = rows(restored)

    schema.check(restored)
    assert len(before["answer"]) > 200
    for table, old_rows in before.items():
        columns = old_rows[0].keys() if old_rows else set()
        kept = [{name: row[name] for name in columns} for row in after[table]]
        assert sorted(map(repr, kept)) == sorted(map(repr, old_rows)), table


def test_every_figure_is_as_it_was(folder: Path, restored: Database) -> None:
    schema.upgrade(restored)
    course = dumping.register(restored, folder)

    found = dumping.figures(restored, course)

    expected = dumping.expected(folder, restored.url.get_backend_name())
    assert found.keys() == expected.keys()
    assert found["learners"].keys() == expected["learners"].keys()
    for learner, figures in expected["learners"].items():
        assert found["learners"][learner] == figures, learner
    assert known_then(found["statistics"], expected["statistics"]) == expected["statistics"]


def known_then(found: Any, expected: Any) -> Any:
    """Return *found* with only the figures that *expected* has: later versions add some."""
    if isinstance(expected, dict):
        return {name: known_then(found[name], value) for name, value in expected.items()}
    if isinstance(expected, list) and len(found) == len(expected):
        return [known_then(*pair) for pair in zip(found, expected, strict=True)]
    return found


def test_taking_the_course_up_adds_no_revision(folder: Path, restored: Database) -> None:
    """The engine finds the questions as they were published: their hashes are the same."""
    schema.upgrade(restored)
    before = rows(restored)
    dumping.register(restored, folder)
    after = rows(restored)

    for table in ("question_revision", "lesson_revision", "outline"):
        assert after[table] == before[table]
