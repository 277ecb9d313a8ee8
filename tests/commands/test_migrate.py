"""course migrate: completions that an older engine counted by mixed marks are kept, counted and listed."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from course.cli import main
from course.record.progress.tables import GrantedCompletion
from course.record.store.database import Database
from tests.record import dumping


def migrate(url: str) -> str:
    result = CliRunner().invoke(main, ["migrate"], env={"COURSE_DATABASE_URL": url})
    assert result.exit_code == 0, result.output
    return result.output


def test_completions_by_mixed_marks_are_kept_and_listed(
    empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # for the backup
    dumping.restore(dumping.DUMPS / "0003", empty_database_url)

    said = migrate(empty_database_url)

    database = Database(empty_database_url)
    with database.read() as session:
        kept = session.scalars(sa.select(GrantedCompletion)).all()
    database.close()
    assert "The database was brought up to date.\n" in said
    assert f"{len(kept)} completions are kept" in said
    assert said.count("one/first, completed 2026-12-01") == len(kept) > 1
    assert {row.reason for row in kept} == {"mixed marks"}
    assert f"{len(kept)} completions are kept" in migrate(empty_database_url), "and again later"


def test_a_database_without_them_says_nothing(database_url: str) -> None:
    assert migrate(database_url) == "The database is up to date.\n"
