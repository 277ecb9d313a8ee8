"""What tests of backups share: a record with answers, its files beside it, a place to restore it to."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from course.record.backup import archive, restoring, saving
from course.record.backup.restoring import Restored
from course.record.backup.saving import Backup
from course.record.store.database import Database
from tests.conftest import _execute, _named

KEY_TEXT = "k" * 64


@pytest.fixture
def files(tmp_path: Path, course_file: Path) -> dict[str, Path]:
    """The files of an installation, by the names of their parts."""
    key = tmp_path / "data/secret.key"
    key.parent.mkdir()
    key.write_text(KEY_TEXT)
    return {archive.KEY: key, archive.COURSE: course_file}


@pytest.fixture
def empty_url(database_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, of the same kind as that of `database_url`."""
    url = sa.make_url(database_url)
    if url.get_backend_name() == "sqlite":
        yield f"sqlite:///{tmp_path / 'other.sqlite'}"
        return
    name = f"{url.database}"[:50] + "_other"
    _execute(database_url, f'CREATE DATABASE "{name}"')
    yield _named(database_url, name)
    _execute(_named(database_url, "postgres"), f'DROP DATABASE "{name}" WITH (FORCE)')


@contextlib.contextmanager
def opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def save(url: str, path: Path, files: dict[str, Path]) -> Backup:
    with opened(url) as database:
        return saving.save(database, path, files)


def restore(
    url: str, path: Path, files: dict[str, Path], *, replace: bool = False, saved: str = "saved"
) -> Restored:
    with opened(url) as database:
        return restoring.restore(
            database,
            path,
            files,
            lambda: saving.save(database, path.with_name(saved), files),
            replace=replace,
        )


def rows(url: str) -> dict[str, list[Any]]:
    """Return every row of every table, as text."""
    tables = sa.MetaData()
    with opened(url) as database, database.engine.connect() as connection:
        tables.reflect(connection)
        return {
            name: sorted(map(repr, connection.execute(sa.select(table))))
            for name, table in tables.tables.items()
        }
