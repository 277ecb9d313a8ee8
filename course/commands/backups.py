"""What the commands that make and read backups share."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from course.content.counts import counted
from course.record.backup import archive, saving, upgrading
from course.record.backup.archive import Manifest
from course.record.backup.errors import BackupError
from course.record.backup.saving import Backup
from course.record.store.database import Database

SECRET_KEY = Path("data/secret.key")
"""Where `course serve` keeps the key that it makes."""


def files(config: Mapping[str, Any]) -> dict[str, Path]:
    """Return the files that the record needs beside its database, by the names of their parts.

    A key that the environment sets lies in no file.
    """
    found = {archive.COURSE: Path(config["PUBLISHED_FILE"])}
    return found if config["SECRET_KEY"] else {archive.KEY: SECRET_KEY, **found}


@contextlib.contextmanager
def backup_errors() -> Iterator[None]:
    """Raise ClickException for a BackupError."""
    try:
        yield
    except BackupError as error:
        raise click.ClickException(str(error)) from None


def describe(backup: Backup) -> str:
    """Return where a backup is, its size and what it holds."""
    return f"{backup.path} ({_size(backup.size)}): {holdings(backup.manifest)}"


def holdings(manifest: Manifest) -> str:
    """Return what a backup holds, such as "12 learners, 3 accounts, 45 answers, and the secret key"."""
    rows = ", ".join(
        counted(manifest.rows.get(name, 0), name) for name in ("learner", "account", "answer")
    )
    more = [
        words
        for part, words in (
            (archive.KEY, "the secret key"),
            (archive.COURSE, "the published course"),
        )
        if part in manifest.parts
    ]
    return f"{rows}; {' and '.join(more)}" if more else rows


def _size(size: int) -> str:
    if size < 1_000_000:
        return f"{max(1, round(size / 1000)):,} KB"
    return f"{size / 1_000_000:,.1f} MB"


def upgrade(database: Database, config: Mapping[str, Any], path: Path | None = None) -> bool:
    """Bring *database* up to date, with a backup to *path* before; return whether anything was changed.

    Raises ClickException, and changes nothing, when the backup fails.
    """

    def save() -> Backup:
        made = saving.save(database, path or saving.default_path("before-migration"), files(config))
        click.echo(f"Backed up the record as it is before the migration: {describe(made)}.")
        return made

    try:
        return upgrading.upgrade(database, save)
    except BackupError as error:
        raise click.ClickException(
            f"{error}\nNo backup could be made, so nothing was migrated. To migrate without one, run "
            "'course migrate --no-backup'."
        ) from None
