"""The file of a backup: a tar file, compressed by gzip, with a manifest and the parts that it lists.

The manifest comes first, so that reading it takes no time. It has the SHA-256 of each part; the manifest
itself, and everything between the parts, is covered by the checksum of gzip.
"""

import contextlib
import gzip
import hashlib
import io
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Literal

from pydantic import TypeAdapter

from course.record.backup.errors import BackupError

FORMAT = 1
"""The version of the format; a higher one needs a newer engine."""

MANIFEST = "manifest.json"
SQLITE = "record.sqlite"
POSTGRESQL = "record.dump"
KEY = "secret.key"
COURSE = "course.json"

LEVEL = 3
"""Of gzip: level 6 takes nearly twice the time to save a few per cent of the size."""

_MAX_MANIFEST = 1024 * 1024
_BLOCK = 1024 * 1024


@dataclass(frozen=True)
class Part:
    """One file in a backup; its size in bytes and its SHA-256 as hexadecimal digits."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds; *rows* counts those of each table, *moment* is that of the record, in UTC."""

    format: int
    engine: str
    schema: str
    database: Literal["sqlite", "postgresql"]
    moment: datetime
    rows: Mapping[str, int]
    parts: Mapping[str, Part]

    @property
    def record(self) -> str:
        """The name of the part that holds the database."""
        return SQLITE if self.database == "sqlite" else POSTGRESQL


@dataclass(frozen=True)
class _Version:
    format: int


_manifest = TypeAdapter(Manifest)
_version = TypeAdapter(_Version)
"""What every format's manifest has."""


def describe_part(path: Path) -> Part:
    """Return the entry of the file *path* in a manifest."""
    with path.open("rb") as file:
        return Part(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def write(path: Path, manifest: Manifest, folder: Path) -> None:
    """Write the backup *path* from the parts of *manifest*, which are files in *folder*."""
    text = _manifest.dump_json(manifest, indent=1)
    with tarfile.open(path, "w:gz", compresslevel=LEVEL) as tar:
        _add(tar, manifest, MANIFEST, len(text), io.BytesIO(text))
        for name, part in manifest.parts.items():
            with (folder / name).open("rb") as file:
                _add(tar, manifest, name, part.size, file)


def _add(tar: tarfile.TarFile, manifest: Manifest, name: str, size: int, file: IO[bytes]) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(manifest.moment.timestamp())
    tar.addfile(member, file)


def read_manifest(path: Path) -> Manifest:
    """Return the manifest of the backup *path*, whose parts are not looked at; raises BackupError."""
    with _open(path) as (_, tar):
        return _next_manifest(path, tar)


def extract(path: Path, folder: Path) -> Manifest:
    """Unpack the backup *path* into *folder*; raises BackupError unless all is as it was written."""
    with _open(path) as (file, tar):
        manifest = _next_manifest(path, tar)
        found = set()
        while (member := tar.next()) is not None:
            _extract(path, manifest, tar, member, folder)
            found.add(member.name)
        while file.read(_BLOCK):  # to its end, where gzip compares its checksum
            pass
    if missing := manifest.parts.keys() - found:
        raise _damaged(path, f"{min(missing)} is missing")
    return manifest


@contextlib.contextmanager
def _open(path: Path) -> Iterator[tuple[gzip.GzipFile, tarfile.TarFile]]:
    try:
        with gzip.open(path) as file, tarfile.open(fileobj=file, mode="r|") as tar:
            yield file, tar
    except gzip.BadGzipFile:
        raise _damaged(path, "it is not compressed by gzip, or its checksum is wrong") from None
    except (tarfile.TarError, zlib.error, EOFError, ValueError) as error:
        raise _damaged(path, " ".join(str(error).split()) or type(error).__name__) from None
    except OSError as error:
        raise BackupError(f"{path} cannot be read or unpacked: {error.strerror}.") from None


def _next_manifest(path: Path, tar: tarfile.TarFile) -> Manifest:
    member = tar.next()
    file = tar.extractfile(member) if member and member.name == MANIFEST else None
    if member is None or file is None or member.size > _MAX_MANIFEST:
        raise BackupError(f"{path} is not a backup of a course: it does not begin with a manifest.")
    text = file.read()
    version = _version.validate_json(text).format
    if version > FORMAT:
        raise BackupError(
            f"{path} has format {version} of backups, and this version of the engine reads up to format "
            f"{FORMAT}. Update the engine first."
        )
    return _manifest.validate_json(text)


def _extract(
    path: Path, manifest: Manifest, tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path
) -> None:
    expected = manifest.parts.get(member.name)
    source = tar.extractfile(member)
    if expected is None or source is None or Path(member.name).name != member.name:
        raise _damaged(path, f"{member.name} is not in its manifest")
    digest = hashlib.sha256()
    with (folder / member.name).open("xb") as target:
        while block := source.read(_BLOCK):
            digest.update(block)
            target.write(block)
    if digest.hexdigest() != expected.sha256:
        raise _damaged(path, f"{member.name} is not what was written")


def _damaged(path: Path, reason: str) -> BackupError:
    return BackupError(f"{path} is damaged, or not a backup ({reason}). Use another backup.")
