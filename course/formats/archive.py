"""Zip files from strangers: nothing is unpacked to the disk, and no more is read than a course can hold."""

import io
import stat
import zipfile
import zlib
from pathlib import PurePosixPath

from course.content.problems import short
from course.formats.items import unusable

MAX_BYTES = 200_000_000
"""What all files that are read of an archive may hold together, once unpacked."""
MAX_FILE = 20_000_000
MAX_ENTRIES = 5_000


class Archive:
    """The files of a zip file, read one by one. Sizes are counted as they come, not believed."""

    def __init__(self, content: bytes, name: str) -> None:
        self.name = name
        self._left = MAX_BYTES
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise self._unusable(
                f"is not a whole zip file: {short(error)}", "export it again"
            ) from None
        entries = self._zip.infolist()
        if len(entries) > MAX_ENTRIES:
            raise self._unusable(f"holds {len(entries)} files; the limit is {MAX_ENTRIES}")
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            self._check(entry)
            if not entry.is_dir():
                self._entries[_plain(entry.filename)] = entry

    def _unusable(self, message: str, hint: str = "") -> Exception:
        return unusable(self.name, message, hint)

    def _check(self, entry: zipfile.ZipInfo) -> None:
        path, name = PurePosixPath(_plain(entry.filename)), short(entry.filename)
        if path.is_absolute() or ".." in path.parts or ":" in (path.parts or ("",))[0]:
            hint = "nothing was unpacked; ask whoever made the file for a clean one"
            raise self._unusable(f"the entry '{name}' leads out of the archive", hint)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise self._unusable(f"the entry '{name}' is a link to another file", "remove it")
        if entry.flag_bits & 0x1:
            raise self._unusable(f"the entry '{name}' is encrypted", "save it without a password")

    @property
    def names(self) -> list[str]:
        return list(self._entries)

    def find(self, path: str) -> bytes | None:
        """Return the file at *path*, or None where there is none."""
        entry = self._entries.get(_plain(path))
        return None if entry is None else self._read(entry)

    def read(self, path: str) -> bytes:
        content = self.find(path)
        if content is None:
            raise self._unusable(f"has no file '{short(path)}'", "export it again")
        return content

    def _read(self, entry: zipfile.ZipInfo) -> bytes:
        limit = min(MAX_FILE, self._left)
        try:
            with self._zip.open(entry) as stream:
                content = stream.read(limit + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            ValueError,
        ) as error:
            name = short(error) or "its end is missing"
            raise self._unusable(
                f"the entry '{short(entry.filename)}' is damaged: {name}", "export it again"
            ) from None
        if len(content) > limit:
            most = (MAX_FILE if limit == MAX_FILE else MAX_BYTES) // 1_000_000
            message = f"the entry '{short(entry.filename)}' unpacks to more than {most} MB"
            raise self._unusable(message, "a package of questions holds texts and pictures only")
        self._left -= len(content)
        return content


def _plain(path: str) -> str:
    return path.replace("\\", "/").removeprefix("./")


def packed(files: dict[str, bytes]) -> bytes:
    """Return a zip file that is the same for the same *files*, whenever it is made."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return made.getvalue()
