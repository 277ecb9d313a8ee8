"""Makes a backup."""

import itertools
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from course import __version__, private
from course.record.backup import archive, postgresql, sqlite, staging
from course.record.backup.archive import Manifest
from course.record.backup.errors import BackupError
from course.record.store import schema
from course.record.store.base import now
from course.record.store.database import Database

FOLDER = Path("data/backups")
"""Where backups go that nobody gave another place."""


@dataclass(frozen=True)
class Backup:
    """A backup at *path*, with its size in bytes and its manifest."""

    path: Path
    size: int
    manifest: Manifest


def default_path(occasion: str = "") -> Path:
    """Return where a backup of this moment goes, such as course-2026-12-01T09-30-00Z.tar.gz.

    A second one in the same second gets a number: a service may be started again at once.
    """
    name = f"course-{moment_name(now())}{occasion and f'-{occasion}'}"
    numbered = (f"{name}-{number}" for number in itertools.count(2))
    names = itertools.chain([name], numbered)
    return next(path for one in names if not (path := FOLDER / f"{one}.tar.gz").exists())


def moment_name(moment: datetime) -> str:
    """Return *moment* as a part of file names."""
    return f"{moment:%Y-%m-%dT%H-%M-%SZ}"


def save(database: Database, path: Path, files: Mapping[str, Path]) -> Backup:
    """Back up *database* into the file *path*, with those of *files*, by the names of parts, that exist.

    *path* is whole as soon as it exists. Raises BackupError where it exists already, or cannot be written.
    """
    if path.exists():
        raise BackupError(f"{path} exists already. Give the backup another name.")
    if schema.current(database) is None:
        raise BackupError(
            f"There is no record in {database.place}, so there is nothing to back up."
        )
    dump = sqlite.dump if database.is_sqlite else postgresql.dump
    try:
        _make_folder(path.parent)
        with staging.staging_folder(path.parent) as folder:
            name = archive.SQLITE if database.is_sqlite else archive.POSTGRESQL
            contents = dump(database, folder / name)
            names = [name]
            for part, source in files.items():
                if source.is_file():
                    shutil.copyfile(source, folder / part)
                    names.append(part)
            manifest = Manifest(
                archive.FORMAT,
                __version__,
                contents.schema,
                "sqlite" if database.is_sqlite else "postgresql",
                contents.moment,
                contents.rows,
                {name: archive.describe_part(folder / name) for name in names},
            )
            written = folder / "backup"
            archive.write(written, manifest, folder)
            written.chmod(0o600)
            private.give(written, path.parent)
            private.move_into_place(written, path)
    except OSError as error:
        raise BackupError(f"The backup {path} cannot be written: {error.strerror}.") from None
    return Backup(path, path.stat().st_size, manifest)


def _make_folder(folder: Path) -> None:
    """Make *folder* for the owner of the one it is in: a service, where root makes its backups."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        private.make_folder(folder)
        private.give(folder, folder.parent)
