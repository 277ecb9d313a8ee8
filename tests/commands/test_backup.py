"""course backup, course restore, and the backup before a migration."""

import json
import re
import sqlite3
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course.cli import main
from course.record.backup import archive, postgresql
from course.record.people.tables import Learner
from course.record.store import schema
from course.record.store.database import Database
from tests import service
from tests.record import dumping

OLD = dumping.DUMPS / "0003"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command in an installation whose folder is empty."""
    (tmp_path / "course").mkdir()
    monkeypatch.chdir(tmp_path / "course")

    def command(*arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(main, arguments, env=environment)

    return command


def add_learner(url: str) -> None:
    database = Database(url)
    with database.write() as session:
        session.add(Learner(seed="seed"))
    database.close()


def revision(url: str) -> str | None:
    database = Database(url)
    try:
        return schema.current(database)
    finally:
        database.close()


def backups() -> list[str]:
    return sorted(path.name for path in Path("data/backups").glob("*"))


def test_a_record_goes_to_another_installation(
    run: Callable[..., Result], database_url: str, course_file: Path
) -> None:
    environment = {"COURSE_DATABASE_URL": database_url, "COURSE_PUBLISHED_FILE": str(course_file)}
    add_learner(database_url)
    Path("data").mkdir()
    Path("data/secret.key").write_text("k" * 64)

    made = run("backup", **environment)
    [name] = backups()
    checked = run("restore", "--check", f"data/backups/{name}")
    refused = run("restore", f"data/backups/{name}", **environment)
    replaced = run("restore", "--replace", f"data/backups/{name}", **environment)

    assert (made.exit_code, checked.exit_code, refused.exit_code, replaced.exit_code) == (
        0,
        0,
        1,
        0,
    )
    held = "1 learner, 0 accounts, 0 answers; the secret key and the published course."
    assert re.fullmatch(rf"Wrote data/backups/{name} \(\d+ KB\): {held}\n", made.output)
    assert re.fullmatch(r"course-2\d{3}(-\d\d){2}T\d\d(-\d\d){2}Z\.tar\.gz", name)
    assert re.search(rf" is undamaged: the record of .+ UTC, with {held}\n$", checked.output)
    assert "holds a record already" in refused.output
    assert "secret" not in refused.output.replace("secret key", ""), "a password is not shown"
    assert re.match(rf"Restored into .+: the record of .+ UTC, with {held}\n", replaced.output)
    before = next(name for name in backups() if name.endswith("-before-restore.tar.gz"))
    assert f"The record that was there before is in data/backups/{before}.\n" in replaced.output
    assert replaced.output.endswith("Start the service now.\n")


def test_a_key_of_the_environment_is_not_in_a_backup_and_both_commands_say_so(
    run: Callable[..., Result], database_url: str
) -> None:
    environment = {"COURSE_DATABASE_URL": database_url, "COURSE_SECRET_KEY": "k" * 64}
    Path("data").mkdir()
    Path("data/secret.key").write_text("of no use")

    made = run("backup", "here.tar.gz", **environment)
    restored = run("restore", "here.tar.gz", **environment)

    with tarfile.open("here.tar.gz") as tar:
        assert archive.KEY not in tar.getnames()
    assert "The secret key is not in it: COURSE_SECRET_KEY sets it." in made.output
    assert "No secret key is in the backup" in restored.output
    assert Path("data/secret.key").read_text() == "of no use"


def test_a_backup_where_there_is_no_record_is_refused_and_makes_nothing(
    run: Callable[..., Result],
) -> None:
    result = run("backup")

    assert result.exit_code == 1
    assert result.output == (
        "Error: There is no record in data/course.sqlite, so there is nothing to back up.\n"
    )
    assert list(Path().iterdir()) == []


def test_wrong_usage_is_status_2(run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert run("restore", str(tmp_path / "missing")).exit_code == 2
    assert run("restore", "--check", "--replace", str(tmp_path / "file")).exit_code == 2
    assert run("migrate", "--backup", "file", "--no-backup").exit_code == 2


# Before a migration


def test_a_record_is_backed_up_before_it_is_migrated(
    run: Callable[..., Result], empty_database_url: str
) -> None:
    environment = {"COURSE_DATABASE_URL": empty_database_url}
    dumping.restore(OLD, empty_database_url)

    result = run("migrate", **environment)

    assert result.exit_code == 0
    [name] = backups()
    assert name.endswith("-before-migration.tar.gz")
    assert result.output.startswith(
        f"Backed up the record as it is before the migration: data/backups/{name}"
    )
    assert "The database was brought up to date." in result.output
    assert archive.read_manifest(Path("data/backups", name)).schema == OLD.name
    assert run("migrate", **environment).exit_code == 0
    assert backups() == [name], "an up-to-date database is not backed up"


@pytest.mark.parametrize(
    ("options", "made"), [(("--backup", "here.tar.gz"), ["here.tar.gz"]), (("--no-backup",), [])]
)
def test_the_backup_before_a_migration_goes_where_it_shall(
    run: Callable[..., Result], empty_database_url: str, options: tuple[str, ...], made: list[str]
) -> None:
    dumping.restore(OLD, empty_database_url)

    result = run("migrate", *options, COURSE_DATABASE_URL=empty_database_url)

    assert result.exit_code == 0
    assert revision(empty_database_url) == schema.head()
    assert [path.name for path in Path().glob("**/*.tar.gz")] == made


def test_an_empty_database_is_migrated_without_a_backup(
    run: Callable[..., Result], empty_database_url: str
) -> None:
    result = run("migrate", COURSE_DATABASE_URL=empty_database_url)

    assert result.output == "The database was brought up to date.\n"
    assert list(Path().glob("**/*.tar.gz")) == []


def test_nothing_is_migrated_where_the_backup_cannot_be_made(
    run: Callable[..., Result], empty_database_url: str
) -> None:
    dumping.restore(OLD, empty_database_url)
    Path("here.tar.gz").touch()

    result = run("migrate", "--backup", "here.tar.gz", COURSE_DATABASE_URL=empty_database_url)

    assert result.exit_code == 1
    assert result.output == (
        "Error: here.tar.gz exists already. Give the backup another name.\n"
        "No backup could be made, so nothing was migrated. To migrate without one, run "
        "'course migrate --no-backup'.\n"
    )
    assert revision(empty_database_url) == OLD.name


def test_nothing_is_migrated_where_pg_dump_is_missing(
    run: Callable[..., Result], empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if empty_database_url.startswith("sqlite"):
        pytest.skip("SQLite needs no program")
    dumping.restore(OLD, empty_database_url)
    monkeypatch.setattr(postgresql, "VERSIONS", Path("nowhere"))

    result = run("migrate", COURSE_DATABASE_URL=empty_database_url, PATH="")

    assert result.exit_code == 1
    assert "Install them, on Debian with: apt-get install postgresql-client-" in result.output
    assert "course migrate --no-backup" in result.output
    assert revision(empty_database_url) == OLD.name


def test_a_migration_that_fails_leaves_the_record_as_it_was_and_no_backup(
    run: Callable[..., Result], empty_database_url: str
) -> None:
    dumping.restore(OLD, empty_database_url)
    database = Database(empty_database_url)
    with database.write() as session:
        session.connection().exec_driver_sql("CREATE TABLE outgoing_mail (in_the_way INTEGER)")
    database.close()

    result = run("migrate", COURSE_DATABASE_URL=empty_database_url)

    assert result.exit_code != 0
    assert revision(empty_database_url) == OLD.name
    assert backups() == []


def test_the_service_makes_a_backup_before_it_migrates(course_root: Path) -> None:
    (course_root / "data").mkdir()
    with sqlite3.connect(course_root / "data/course.sqlite") as connection:
        connection.executescript((OLD / "sqlite.sql").read_text("utf-8"))
    connection.close()

    with service.running(course_root) as running:
        log = running.log.read_text()

    [made] = (course_root / "data/backups").iterdir()
    assert f"Backed up the record as it is before the migration: data/backups/{made.name}" in log
    with tarfile.open(made) as tar:
        manifest = tar.extractfile(archive.MANIFEST)
        assert manifest is not None
        assert json.load(manifest)["schema"] == OLD.name
