"""A backup is the whole record at one moment, and a restore brings exactly that back."""

import contextlib
import gzip
import io
import json
import os
import resource
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from course.record.answering.tables import Answer
from course.record.backup import archive, postgresql, restoring, saving, staging
from course.record.backup.errors import BackupError
from course.record.people.tables import Learner
from course.record.revisions.tables import QuestionRevision
from course.record.store import schema
from tests.record import dumping
from tests.record.backup.conftest import KEY_TEXT, opened, restore, rows, save
from tests.record.writing import writing

DUMPS = sorted(path for path in dumping.DUMPS.iterdir() if path.is_dir())
PROGRAM = """
import sys
from course.record.store.database import Database
database = Database(sys.argv[1])
with database.read() as session:
    session.connection()
print("open", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def opened_by_another_process(url: str) -> Iterator[int]:
    """Have a process read from the database until the block ends; yields the process's number."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        yield process.pid
        process.communicate()


def add_learner(url: str) -> None:
    with opened(url) as database, database.write() as session:
        session.add(Learner(seed="seed"))


@pytest.fixture
def backup(database_url: str, tmp_path: Path, files: dict[str, Path]) -> Path:
    """A backup of a record with one learner, which is still there."""
    add_learner(database_url)
    return save(database_url, tmp_path / "backup.tar.gz", files).path


# What is in it


def test_a_backup_made_while_answers_arrive_has_all_that_were_acknowledged_before(
    database_url: str,
    empty_url: str,
    course_file: Path,
    files: dict[str, Path],
    tmp_path: Path,
) -> None:
    with writing(database_url, course_file) as writer:
        writer.read(40)
        acknowledged = set(writer.acknowledged)
        made = save(database_url, tmp_path / "backup.tar.gz", files)
        writer.read(40)
    restore(empty_url, made.path, files)

    with opened(empty_url) as database, database.read() as session:
        stored = session.execute(
            sa.select(Answer.client_id, Answer.attempt, QuestionRevision.id)
            .join(
                QuestionRevision, Answer.question_revision_id == QuestionRevision.id, isouter=True
            )
            .order_by(Answer.attempt)
        ).all()
    assert len(acknowledged) == 20
    assert acknowledged <= {str(row.client_id) for row in stored}
    assert [row.attempt for row in stored] == list(range(1, len(stored) + 1))
    assert all(row.id is not None for row in stored), "every answer has its question"
    assert made.manifest.rows["answer"] == len(stored)


def test_key_and_course_come_back_with_the_record(
    database_url: str, empty_url: str, backup: Path, files: dict[str, Path], tmp_path: Path
) -> None:
    before, course = rows(database_url), files[archive.COURSE].read_bytes()
    there = {archive.KEY: tmp_path / "new/secret.key", archive.COURSE: tmp_path / "new/course.json"}

    restored = restore(empty_url, backup, there)

    assert rows(empty_url) == before
    assert restored.files == dict.fromkeys(there.values())
    assert there[archive.KEY].read_text() == KEY_TEXT
    assert there[archive.KEY].stat().st_mode & 0o777 == 0o600
    assert there[archive.COURSE].read_bytes() == course
    assert there[archive.COURSE].stat().st_mode & 0o777 == 0o640


def test_another_key_is_put_aside_and_another_course_stays(
    empty_url: str, backup: Path, files: dict[str, Path]
) -> None:
    files[archive.KEY].write_text("another key")
    files[archive.COURSE].write_text("another course")

    restored = restore(empty_url, backup, files)

    aside = restored.files[files[archive.KEY]]
    assert aside is not None
    assert aside.read_text() == "another key"
    assert files[archive.KEY].read_text() == KEY_TEXT
    assert files[archive.COURSE].read_text() == "another course"
    assert restored.left == {files[archive.COURSE]: "it is another one than in the backup"}


def test_only_its_owner_can_read_a_backup(
    database_url: str, files: dict[str, Path], tmp_path: Path
) -> None:
    previous = os.umask(0)
    try:
        path = save(database_url, tmp_path / "made/for/it.tar.gz", files).path
    finally:
        os.umask(previous)

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_root_makes_belongs_to_the_service(
    database_url: str, files: dict[str, Path], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    nobody = 65534
    for path in (data, *tmp_path.glob("course.sqlite*")):
        os.chown(path, nobody, nobody)
    add_learner(database_url)

    made = save(database_url, data / "backups/backup.tar.gz", files)
    files[archive.KEY].write_text("another key")
    restored = restore(database_url, made.path, files, replace=True)

    assert restored.saved is not None
    aside = restored.files[files[archive.KEY]]
    assert aside is not None
    made_by_root = [made.path.parent, made.path, restored.saved, aside, *restored.files]
    records = tmp_path.glob("course.sqlite")
    assert {path.stat().st_uid for path in [*made_by_root, *records]} == {nobody}


def test_what_a_killed_backup_left_is_removed_and_what_another_one_writes_is_not(
    database_url: str, files: dict[str, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    (folder / f"{staging.PREFIX}killed").mkdir(parents=True)
    with staging.staging_folder(folder) as other:
        save(database_url, folder / "backup.tar.gz", files)

        assert sorted(folder.iterdir()) == [other, folder / "backup.tar.gz"]


def test_a_file_that_exists_is_not_overwritten(
    database_url: str, files: dict[str, Path], tmp_path: Path
) -> None:
    path = tmp_path / "backup.tar.gz"
    path.write_text("something else")

    with pytest.raises(BackupError, match=r"exists already\. Give the backup another name"):
        save(database_url, path, files)

    assert path.read_text() == "something else"


@pytest.mark.parametrize("limit", [0, 3_000])
def test_a_disk_that_is_full_leaves_nothing(
    database_url: str, files: dict[str, Path], tmp_path: Path, limit: int
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with opened(database_url) as database:
        assert schema.current(database) == schema.head()
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            with pytest.raises(BackupError):
                saving.save(database, tmp_path / "backups/backup.tar.gz", files)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert list((tmp_path / "backups").iterdir()) == []


# Restoring records of earlier schemas, and over a present one


@pytest.mark.parametrize("folder", DUMPS, ids=lambda folder: folder.name)
def test_a_backup_at_an_earlier_schema_is_restored_and_brought_up_to_date(
    empty_database_url: str, folder: Path, files: dict[str, Path], tmp_path: Path
) -> None:
    dumping.restore(folder, empty_database_url)
    made = save(empty_database_url, tmp_path / "backup.tar.gz", files)

    restored = restore(empty_database_url, made.path, files, replace=True)

    with opened(empty_database_url) as database:
        schema.check(database)
        course = dumping.register(database, folder)
        kind = database.url.get_backend_name()
        assert dumping.figures(database, course) == dumping.expected(folder, kind)
    assert restored.manifest.schema == folder.name
    assert restored.manifest.rows["answer"] > 200


def test_a_present_record_is_replaced_only_when_asked_and_is_saved_first(
    database_url: str, empty_url: str, backup: Path, files: dict[str, Path]
) -> None:
    before = rows(database_url)
    add_learner(database_url)
    present = rows(database_url)

    with pytest.raises(BackupError, match="holds a record already"):
        restore(database_url, backup, files)
    assert rows(database_url) == present
    restored = restore(database_url, backup, files, replace=True)

    assert rows(database_url) == before
    assert restored.saved is not None
    restore(empty_url, restored.saved, files)
    assert rows(empty_url) == present


def test_a_record_of_a_newer_engine_is_replaced_too(
    database_url: str, backup: Path, files: dict[str, Path]
) -> None:
    before = rows(database_url)
    with opened(database_url) as database, database.write() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        session.execute(sa.text("CREATE TABLE newer (learner_id BIGINT REFERENCES learner (id))"))

    restore(database_url, backup, files, replace=True)

    assert rows(database_url) == before


def test_what_is_left_of_a_damaged_record_is_put_aside(
    database_url: str, backup: Path, files: dict[str, Path]
) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL has no file of its own")
    before = rows(database_url)
    record = Path(str(sa.make_url(database_url).database))
    record.write_bytes(b"no database" * 1000)

    with pytest.raises(BackupError, match="or what is left of one"):
        restore(database_url, backup, files)
    restored = restore(database_url, backup, files, replace=True)

    assert rows(database_url) == before
    assert restored.aside is not None
    assert restored.aside.read_bytes() == b"no database" * 1000


def test_a_log_without_its_record_is_put_aside(
    database_url: str, backup: Path, files: dict[str, Path]
) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL has no log beside it")
    before = rows(database_url)
    record = Path(str(sa.make_url(database_url).database))
    log = Path(f"{record}-wal")
    record.unlink()
    log.write_bytes(b"a log")

    with pytest.raises(BackupError, match="or what is left of one"):
        restore(database_url, backup, files)
    restored = restore(database_url, backup, files, replace=True)

    assert rows(database_url) == before
    assert restored.aside is not None
    assert restored.aside.read_bytes() == b"a log"


# What is refused


def rewritten(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """Write a backup like *path* whose parts are what *change* returns, if anything; return it."""
    other = path.with_name("other.tar.gz")
    with tarfile.open(path) as source, tarfile.open(other, "w:gz") as target:
        for member in source:
            file = source.extractfile(member)
            assert file is not None
            data = change(member.name, file.read())
            if data is not None:
                member.size = len(data)
                target.addfile(member, io.BytesIO(data))
    return other


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def manifest_with(**values: object) -> Callable[[str, bytes], bytes]:
    def change(name: str, data: bytes) -> bytes:
        return json.dumps(json.loads(data) | values).encode() if name == archive.MANIFEST else data

    return change


@pytest.mark.parametrize("place", [0.1, 0.5, 0.99])
@pytest.mark.parametrize("part", ["record", archive.KEY, archive.COURSE])
def test_a_part_of_which_a_bit_differs_is_refused_by_its_name(
    database_url: str, backup: Path, files: dict[str, Path], part: str, place: float
) -> None:
    other = rewritten(
        backup,
        lambda name, data: flipped(data, int(len(data) * place)) if name.startswith(part) else data,
    )
    before = rows(database_url)

    with pytest.raises(BackupError, match=rf"is damaged.*\({part}.* is not what was written"):
        restoring.check(other)
    with pytest.raises(BackupError, match=f"{part}.* is not what was written"):
        restore(database_url, other, files, replace=True)

    assert rows(database_url) == before


def test_a_backup_without_one_of_its_parts_is_refused(backup: Path) -> None:
    other = rewritten(backup, lambda name, data: data if name != archive.KEY else None)

    with pytest.raises(BackupError, match=r"secret\.key is missing"):
        restoring.check(other)


def test_a_file_of_which_a_bit_differs_is_refused_or_holds_the_same(
    backup: Path, tmp_path: Path
) -> None:
    """Other bits can mean the same to gzip, such as zeros that are copied from elsewhere."""
    data = backup.read_bytes()
    damaged = tmp_path / "damaged.tar.gz"
    refused = 0
    for at in range(10, len(data), len(data) // 60):
        damaged.write_bytes(flipped(data, at))
        try:
            archive.extract(damaged, Path(tempfile.mkdtemp(dir=tmp_path)))
        except BackupError:
            refused += 1
        else:
            assert gzip.decompress(damaged.read_bytes()) == gzip.decompress(data)
    assert refused > 40


def test_a_file_of_which_the_end_is_missing_is_refused(backup: Path, tmp_path: Path) -> None:
    data = backup.read_bytes()
    cut = tmp_path / "cut.tar.gz"
    for length in [*range(0, len(data), len(data) // 20), len(data) - 1]:
        cut.write_bytes(data[:length])
        with pytest.raises(BackupError, match="a backup"):
            archive.extract(cut, Path(tempfile.mkdtemp(dir=tmp_path)))


def test_a_database_that_is_not_what_the_manifest_says_is_refused(
    database_url: str, backup: Path, files: dict[str, Path]
) -> None:
    counts = archive.read_manifest(backup).rows
    other = rewritten(backup, manifest_with(rows={**counts, "learner": 7}))
    before = rows(database_url)

    with pytest.raises(BackupError, match=r"not hold what (its|the) manifest says"):
        restore(database_url, other, files, replace=True)

    assert rows(database_url) == before


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"schema": "9999", "engine": "7.8"}, "is at schema '9999', written by version 7.8"),
        ({"schema": "9999"}, f"this one knows schemas up to '{schema.head()}'"),
        (
            {"format": 2},
            "has format 2 of backups, and this version of the engine reads up to format 1",
        ),
        ({"moment": "yesterday"}, "is damaged, or not a backup"),
    ],
)
def test_a_backup_of_a_newer_engine_is_refused_with_both_versions(
    empty_url: str,
    backup: Path,
    files: dict[str, Path],
    values: dict[str, object],
    message: str,
) -> None:
    other = rewritten(backup, manifest_with(**values))

    with pytest.raises(BackupError, match=message):
        restoring.check(other)
    with pytest.raises(BackupError, match=message):
        restore(empty_url, other, files)


def test_a_backup_of_the_other_kind_of_database_is_refused(
    empty_url: str, backup: Path, files: dict[str, Path]
) -> None:
    kind = "postgresql" if empty_url.startswith("sqlite") else "sqlite"
    other = rewritten(backup, manifest_with(database=kind))

    with pytest.raises(BackupError, match="can only be restored into the kind of database"):
        restore(empty_url, other, files)


def test_tables_of_another_program_are_not_replaced(
    empty_url: str, backup: Path, files: dict[str, Path]
) -> None:
    engine = sa.create_engine(empty_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE shopping (what TEXT)")
        connection.exec_driver_sql("INSERT INTO shopping VALUES ('milk')")
    engine.dispose()

    with pytest.raises(BackupError, match="another program"):
        restore(empty_url, backup, files, replace=True)

    assert rows(empty_url) == {"shopping": ["('milk',)"]}


def test_a_database_that_another_program_shares_is_not_replaced(
    database_url: str, backup: Path, files: dict[str, Path]
) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("a SQLite file is one program's")
    with opened(database_url) as database, database.write() as session:
        session.execute(sa.text("CREATE TABLE shopping (what TEXT)"))
    before = rows(database_url)

    with pytest.raises(BackupError, match="tables of another program, such as 'shopping'"):
        restore(database_url, backup, files, replace=True)

    assert rows(database_url) == before


def test_a_record_that_is_open_is_not_replaced(
    database_url: str, backup: Path, files: dict[str, Path]
) -> None:
    before = rows(database_url)
    with (
        opened_by_another_process(database_url) as number,
        pytest.raises(BackupError, match="Stop the service") as caught,
    ):
        restore(database_url, backup, files, replace=True)
    if database_url.startswith("sqlite"):
        assert f"Process {number} has the record" in str(caught.value)

    assert rows(database_url) == before
    restore(database_url, backup, files, replace=True)


def test_a_record_that_was_moved_away_under_a_process_is_not_replaced_either(
    database_url: str, backup: Path, files: dict[str, Path]
) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL has no file to move")
    record = Path(str(sa.make_url(database_url).database))
    with opened_by_another_process(database_url) as number:
        record.rename(record.with_name("moved.sqlite"))
        with pytest.raises(BackupError, match=f"Process {number} has the record"):
            restore(database_url, backup, files, replace=True)


def test_a_database_without_a_record_is_not_backed_up(
    empty_url: str, files: dict[str, Path], tmp_path: Path
) -> None:
    with pytest.raises(BackupError, match="There is no record in "):
        save(empty_url, tmp_path / "new/backup.tar.gz", files)

    assert not (tmp_path / "new").exists()


# PostgreSQL's programs


def program(folder: Path, name: str, version: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}.3 (Debian {version}.3-1)'\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("installed", "server", "expected"),
    [([13, 15, 17], 15, 15), ([13, 17], 15, 17), ([16, 17], 15, 16), ([14], 14, 14)],
)
def test_the_programs_of_the_servers_version_are_used_or_the_next_newer_ones(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    installed: list[int],
    server: int,
    expected: int,
) -> None:
    monkeypatch.setattr(postgresql, "VERSIONS", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / str(installed[0]) / "bin"))
    for version in installed:
        for name in postgresql.PROGRAMS:
            program(tmp_path / str(version) / "bin", name, version)

    assert postgresql.find_programs(server) == tmp_path / str(expected) / "bin"


@pytest.mark.parametrize(
    ("installed", "message"),
    [
        ([13, 14], "are of version 14, older than the server's version 15"),
        ([], "are missing, and the server is of version 15"),
    ],
)
def test_missing_programs_are_named_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: list[int], message: str
) -> None:
    monkeypatch.setattr(postgresql, "VERSIONS", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    for version in installed:
        for name in postgresql.PROGRAMS:
            program(tmp_path / str(version) / "bin", name, version)

    with pytest.raises(BackupError, match=message) as caught:
        postgresql.find_programs(15)
    assert str(caught.value).endswith("apt-get install postgresql-client-15")


def test_two_backups_in_one_second_have_two_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    monkeypatch.setattr(saving, "now", lambda: moment)
    monkeypatch.setattr(saving, "FOLDER", tmp_path)
    names = []
    for _ in range(3):
        path = saving.default_path("before-migration")
        path.touch()
        names.append(path.name)

    begins = "course-2026-12-01T09-30-00Z-before-migration"
    assert names == [f"{begins}.tar.gz", f"{begins}-2.tar.gz", f"{begins}-3.tar.gz"]
