"""Checks a backup, and makes it the record.

Until the last step nothing of the present record is changed, and that step is a single one: a file that is
renamed, or a transaction of PostgreSQL. So whatever ends a restore leaves the old record or the new one.
"""

import contextlib
import filecmp
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from course import private
from course.record.backup import archive, postgresql, sqlite, staging
from course.record.backup.archive import Manifest
from course.record.backup.contents import Contents
from course.record.backup.errors import BackupError
from course.record.backup.saving import Backup, moment_name
from course.record.store import rows, schema
from course.record.store.base import now
from course.record.store.database import Database
from course.record.store.file_lock import FileLock
from course.record.store.record_file import APPLICATION_ID

KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
MODES = {archive.KEY: 0o600, archive.COURSE: 0o640}


@dataclass
class Restored:
    """What a restore did."""

    manifest: Manifest
    saved: Path | None = None
    """The backup of the record that was there before."""
    aside: Path | None = None
    """What was left of a damaged record that was there before."""
    files: dict[Path, Path | None] = field(default_factory=dict)
    """The files that were restored beside the database, each with where the one before it is now."""
    left: dict[Path, str] = field(default_factory=dict)
    """The files that were not restored, each with the reason."""


def check(path: Path) -> Manifest:
    """Return the manifest of the backup *path*; raises BackupError unless it is whole and can be restored."""
    _check_schema(path, archive.read_manifest(path))
    with _staging_folder(Path(tempfile.gettempdir())) as folder:
        return _unpack(path, folder)


def restore(
    database: Database,
    path: Path,
    files: Mapping[str, Path],
    save: Callable[[], Backup],
    *,
    replace: bool,
) -> Restored:
    """Make the backup *path* the record in *database*, and put *files*, by the names of parts, in place.

    With *replace*, a present record is backed up by *save* first; without, BackupError is raised for one.
    *database* is closed then.
    """
    manifest = archive.read_manifest(path)
    _check_kind(database, path, manifest)
    _check_schema(path, manifest)
    _check_unused(database)
    holds = _holds_anything(database)
    if holds and not replace:
        raise BackupError(
            f"{database.place} holds a record already, or what is left of one. With --replace, that is "
            "saved first, and then replaced. Nothing was changed."
        )
    with _staging_folder(_parent(database)) as folder:
        restored = Restored(_unpack(path, folder))
        part, contents = folder / manifest.record, _contents(manifest)
        if database.is_sqlite:
            _upgrade(Database(_sqlite_url(part), database.timeouts))
            sqlite.as_single_file(part)
        with _without_writers(database):
            if holds:
                _save(database, save, restored)
            _put_in_place(database, part, contents)
        if not database.is_sqlite:
            _upgrade(Database(database.url, database.timeouts))
        for name in files.keys() & manifest.parts.keys():
            _restore_file(folder / name, files[name], restored)
    return restored


# What is checked first


def _check_kind(database: Database, path: Path, manifest: Manifest) -> None:
    kind = "sqlite" if database.is_sqlite else "postgresql"
    if manifest.database != kind:
        raise BackupError(
            f"{path} is the backup of a record in {KINDS[manifest.database]}, and the record here is in "
            f"{KINDS[kind]}: see COURSE_DATABASE_URL. A backup can only be restored into the kind of "
            "database that it was made from. Nothing was changed."
        )


def _check_schema(path: Path, manifest: Manifest) -> None:
    if manifest.schema not in schema.known():
        raise BackupError(
            f"{path} is at schema '{manifest.schema}', written by version {manifest.engine} of the engine; "
            f"this one knows schemas up to '{schema.head()}'. Install version {manifest.engine} or a newer "
            "one, then restore. Nothing was changed."
        )


def _check_unused(database: Database) -> None:
    if database.is_sqlite:
        sqlite.check_unused(database.file)
    else:
        postgresql.check_unused(database)


def _holds_anything(database: Database) -> bool:
    """Return whether *database* has rows, or is damaged; raises BackupError for another program's."""
    if database.is_sqlite and not database.file.path.exists():
        return database.file.log.exists()  # the record is gone, and this may be what is left of it
    try:
        with database.engine.connect() as connection:
            _check_ours(database, connection)
            return rows.has_rows(connection)
    except sa.exc.DatabaseError as error:
        if sqlite.is_damage(error.orig):
            return True
        raise


def _check_ours(database: Database, connection: sa.Connection) -> None:
    made_by = 0
    if database.is_sqlite:
        made_by = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    is_empty = not sa.inspect(connection).get_table_names()
    if made_by not in (0, APPLICATION_ID) or not (is_empty or schema.revision(connection)):
        raise BackupError(
            f"{database.place} holds the tables of another program. Point COURSE_DATABASE_URL elsewhere. "
            "Nothing was changed."
        )


def _unpack(path: Path, folder: Path) -> Manifest:
    """Unpack the backup *path* into *folder*; raises BackupError unless it and its database are whole."""
    manifest = archive.extract(path, folder)
    if manifest.database == "sqlite":
        sqlite.check(folder / manifest.record, path, _contents(manifest))
    else:
        postgresql.check(folder / manifest.record, path)
    return manifest


def _contents(manifest: Manifest) -> Contents:
    return Contents(manifest.schema, manifest.rows, manifest.moment)


# What is done then


def _save(database: Database, save: Callable[[], Backup], restored: Restored) -> None:
    """Back up the present record; what is left of a damaged one is put aside."""
    try:
        if not database.is_sqlite or database.file.path.exists():
            restored.saved = save().path
            return
    except sqlite.Damaged:
        pass
    except sa.exc.DatabaseError as error:
        if not sqlite.is_damage(error.orig):
            raise
    restored.aside = sqlite.put_aside(database.file, f"damaged-{moment_name(now())}")


def _put_in_place(database: Database, part: Path, contents: Contents) -> None:
    if database.is_sqlite:
        database.close()
        sqlite.put_in_place(part, database.file)
    else:
        postgresql.restore(database, part, contents)
        database.close()


def _upgrade(database: Database) -> None:
    try:
        schema.upgrade(database)
    finally:
        database.close()


def _restore_file(part: Path, target: Path, restored: Restored) -> None:
    """Put *part* in place of *target*; another key is put aside, another published course stays."""
    aside = None
    try:
        if target.exists():
            if filecmp.cmp(part, target, shallow=False):
                return
            if part.name != archive.KEY:
                restored.left[target] = "it is another one than in the backup"
                return
            aside = target.with_name(f"{target.name}.{moment_name(now())}")
            _copy(target, aside, 0o600)
        private.make_folder(target.parent)
        new = target.with_name(f".{target.name}.restored")
        _copy(part, new, MODES[part.name])
        private.move_into_place(new, target)
        restored.files[target] = aside
    except OSError as error:
        restored.left[target] = f"it cannot be written ({error.strerror})"


def _copy(source: Path, target: Path, mode: int) -> None:
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)  # before there is anything to read in it
    shutil.copyfile(source, target)
    target.chmod(mode)
    private.give(target, target.parent)


@contextlib.contextmanager
def _without_writers(database: Database) -> Iterator[None]:
    """Let nobody write to a SQLite record in this block: what is acknowledged in it would be lost."""
    if not database.is_sqlite or not database.file.path.exists():
        yield
        return
    lock = FileLock(database.file.lock, database.file.path)
    try:
        with lock.held(database.timeouts.lock):
            yield
    finally:
        lock.close()


@contextlib.contextmanager
def _staging_folder(parent: Path) -> Iterator[Path]:
    try:
        private.make_folder(parent)
        with staging.staging_folder(parent) as folder:
            yield folder
    except OSError as error:
        place = error.filename or parent
        raise BackupError(f"The backup cannot be restored: {error.strerror} ({place}).") from None


def _parent(database: Database) -> Path:
    """Return where a backup is unpacked: on the disk of a SQLite record."""
    return database.file.path.parent if database.is_sqlite else Path(tempfile.gettempdir())


def _sqlite_url(path: Path) -> sa.URL:
    return sa.URL.create("sqlite", database=str(path))
