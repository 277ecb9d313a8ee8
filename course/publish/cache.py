"""The cache of a build, addressed by content, so that a build renders only what changed.

These invariants hold:

- A key is a digest of everything that an entry depends on: the engine's own files, the versions of the
  libraries, the settings and the text itself. So an entry never becomes stale.
- What rendering reads beside its page (a link's target, a snippet) is recorded in the entry, and an entry
  whose recorded dependencies have changed counts as missing.
- An entry has a checksum and is written atomically. One that is truncated, altered or foreign counts as
  missing, and is rendered again.
- After a build, entries that it did not use are removed, except for the previous site, from which the next
  build starts. So the folder holds one state of the course, and deleting it costs only time.
- A cache that cannot be read or written makes a build slower but never makes it fail.
"""

import contextlib
import functools
import hashlib
import io
import os
import pickle
import shutil
import sqlite3
import sys
import threading
import weakref
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

FOLDER = ".cache/course"
"""The cache's folder, relative to the course's."""
FILE = "entries.sqlite"

_KEYS_PER_QUERY = 500
"""Keys in one query."""
_FLUSH_SIZE = 1_000_000
"""Bytes to write at once, a compromise between few writes and short locks."""

_LIBRARIES = (
    "jinja2", "markdown", "markupsafe", "math-core", "mkdocs", "mkdocs-material", "mmdr", "nh3",
    "pydantic", "pygments", "pymdown-extensions", "pyyaml",
)  # fmt: skip
"""Libraries whose version can change a page."""


def digest(*parts: str | bytes) -> str:
    """Return the SHA-256 of *parts*, each preceded by its length, so that different lists never collide."""
    found = hashlib.sha256()
    for part in parts:
        raw = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        found.update(b"%d:" % len(raw))
        found.update(raw)
    return found.hexdigest()


def folder_digest(folder: Path) -> str:
    """Return the digest of the names and contents of all files below *folder*."""
    parts: list[str | bytes] = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            parts += [path.relative_to(folder).as_posix(), path.read_bytes()]
    return digest(*parts)


@functools.cache
def engine_digest() -> str:
    """Return the digest of this engine's code and libraries; a changed engine uses no older entries."""
    ours = Path(__file__).parents[1]
    folders = [folder_digest(ours / name) for name in ("content", "markup", "publish")]
    return digest(sys.version, *folders, *(metadata.version(name) for name in _LIBRARIES))


class Cache:
    """The entries in *folder*, by key, in one SQLite file: opening thousands of files would be slower.

    Each process has its own connection. `put` buffers entries in memory until `flush`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._used: set[str] = set()
        self._waiting: dict[str, bytes] = {}
        self._waiting_bytes = 0
        self._is_damaged = False
        self._open: sqlite3.Connection | None = None
        self._process = 0
        self._end: Callable[[], object] = lambda: None
        """Closes the connection, at the latest when this cache is collected: quizzes are loaded lazily."""
        self._lock = threading.RLock()

    def get(self, key: str) -> bytes | None:
        """Return the entry at *key*; None if it is missing or damaged."""
        return self.get_all([key]).get(key)

    def get_all(self, keys: Sequence[str]) -> dict[str, bytes]:
        """Return the entries at *keys*, without those that are missing or damaged."""
        found = {key: self._waiting[key] for key in keys if key in self._waiting}
        for first in range(0, len(keys), _KEYS_PER_QUERY):
            some = keys[first : first + _KEYS_PER_QUERY]
            marks = ",".join("?" * len(some))
            query = f"SELECT key, data FROM entry WHERE key IN ({marks})"  # noqa: S608 - only marks
            for key, raw in self._execute(query, some):
                data = _verified(raw)
                if data is not None:
                    found.setdefault(key, data)
        self._used.update(found)
        return found

    def has(self, key: str) -> bool:
        """Whether *key* was read, written or marked as used."""
        return key in self._used

    def mark_used(self, *keys: str) -> None:
        """Do not remove the entries at *keys*, which another process has written."""
        self._used.update(keys)

    def put(self, key: str, data: bytes) -> None:
        """Store *data* at *key*; if writing fails, it is simply missing the next time."""
        with self._lock:
            self._used.add(key)
            self._waiting[key] = data
            self._waiting_bytes += len(data)
            if self._waiting_bytes > _FLUSH_SIZE:
                self.flush()

    def flush(self) -> None:
        """Write the buffered entries."""
        with self._lock:
            waiting = self._waiting.items()
            rows = [(key, hashlib.sha256(data).digest() + data) for key, data in waiting]
            if rows:
                self._execute("INSERT OR REPLACE INTO entry VALUES (?, ?)", rows, many=True)
            self._waiting = {}
            self._waiting_bytes = 0

    def sweep(self) -> None:
        """Remove every entry that was not used since this cache was opened."""
        self.flush()
        left = [row for row in self._execute("SELECT key FROM entry") if row[0] not in self._used]
        if left:
            self._execute("DELETE FROM entry WHERE key = ?", left, many=True)
        self.close()
        with contextlib.suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                # Files of earlier versions, and a damaged database.
                if entry.is_file() and (self._is_damaged or not entry.name.startswith(FILE)):
                    os.unlink(entry.path)  # noqa: PTH108

    def close(self) -> None:
        """Close this process's connection; the next use opens another, which ends with this cache."""
        self._end()
        self._open = None

    def _execute(
        self, statement: str, values: Sequence[Any] = (), *, many: bool = False
    ) -> list[Any]:
        """Return the rows of *statement*; none if the file cannot be used."""
        try:
            with self._lock:
                database = self._database()
                if not many:
                    return database.execute(statement, values).fetchall()
                with database:
                    database.executemany(statement, values)
        except sqlite3.OperationalError:  # no such folder, no room, somebody else's turn
            pass
        except (sqlite3.Error, OverflowError):
            self._is_damaged = True
        except OSError:
            pass
        return []

    def _database(self) -> sqlite3.Connection:
        if self._open is None or self._process != os.getpid():  # a fork must not use its parent's
            self.folder.mkdir(parents=True, exist_ok=True)
            opened = sqlite3.connect(self.folder / FILE, timeout=20, check_same_thread=False)
            try:
                _set_up(opened)
            except BaseException:
                opened.close()
                raise
            self._open, self._process = opened, os.getpid()
            self._end = weakref.finalize(self, _close, opened, self._process)
        return self._open


def _close(connection: sqlite3.Connection, process: int) -> None:
    if process == os.getpid():
        connection.close()


def _set_up(opened: sqlite3.Connection) -> None:
    # Entries are checked when they are read, so nothing has to wait for the disk.
    opened.execute("PRAGMA synchronous = OFF")
    # With entries apart from their keys, a build after an edit reads them in a third of the time.
    opened.execute("PRAGMA page_size = 8192")
    opened.execute("PRAGMA journal_mode = PERSIST")
    opened.execute("CREATE TABLE IF NOT EXISTS entry (key TEXT PRIMARY KEY, data BLOB)")


def _verified(raw: Any) -> bytes | None:
    """Return the data of an entry; None if its checksum is wrong."""
    if not isinstance(raw, bytes) or hashlib.sha256(raw[32:]).digest() != raw[:32]:
        return None
    return raw[32:]


def unpickle_plain(entry: bytes) -> Any:
    """Return the plain data in *entry*; None if it cannot be unpickled."""
    return unpickle(entry, _is_plain)


def _is_plain(module: str, name: str) -> bool:
    return module == "datetime" and name in ("date", "datetime", "timedelta", "timezone")


def unpickle(entry: bytes, is_ours: Callable[[str, str], bool]) -> Any:
    """Unpickle *entry*; None if that fails.

    Creates only classes for which *is_ours* returns True, by module and name, so that a file cannot run code.
    """
    try:
        return _Unpickler(entry, is_ours).load()
    except Exception:  # a broken pickle raises anything
        return None


class _Unpickler(pickle.Unpickler):
    def __init__(self, entry: bytes, is_ours: Callable[[str, str], bool]) -> None:
        super().__init__(io.BytesIO(entry))
        self.is_ours = is_ours

    def find_class(self, module: str, name: str) -> Any:
        if self.is_ours(module, name):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} does not belong here")


class FinishedPages:
    """Finished pages with their compressed files, hard-linked into the sites that they belong to.

    A page in the cache and in sites is one file with several names. So a file of a site must be replaced and
    never written in place; every builder and most editors do that. A file that was written in place
    differs from its recorded size or time, and is rendered again.

    The previous site stays in the cache, and the next build starts from it: most of its pages are unchanged,
    and need neither be linked nor removed.
    """

    def __init__(self, cache: Cache) -> None:
        self.cache = cache
        self.folder = cache.folder / "pages"
        self.spare = cache.folder / SPARE
        self._key = digest("finished pages")
        self._known: Any = unpickle_plain(cache.get(self._key) or b"")
        self._noted: dict[str, Any] = {}
        """Size and time of each page's files."""
        self._existing: dict[str, tuple[int, int]] = {}
        """The same of each file from the previous site that is not used yet."""
        self._folders: list[str] = []

    def start(self, site: str) -> None:
        """Start the empty folder *site* from the previous one; `remove_unused` deletes the rest of that."""
        with contextlib.suppress(OSError):  # there is none, or it lies on another disk
            os.rename(self.spare, site)  # noqa: PTH104
            self._scan(site)

    def _scan(self, folder: str) -> None:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    self._folders.append(entry.path)
                    self._scan(entry.path)
                else:
                    found = entry.stat(follow_symlinks=False)
                    self._existing[entry.path] = found.st_size, found.st_mtime_ns

    def place(self, key: str, path: str) -> bool:
        """Link the cached page at *key* to *path*; return False if it is missing or was changed."""
        try:
            facts = self._known[key]
            is_in_place = all(
                self._existing.get(path + suffix) == fact for suffix, fact in facts.items()
            )
            if not is_in_place:
                self._link(key, facts, path)
        except (OSError, LookupError, TypeError, AttributeError):
            return False
        for suffix in facts:
            self._existing.pop(path + suffix, None)
        self._noted[key] = facts
        return True

    def _link(self, key: str, facts: Any, path: str) -> None:
        here = f"{self.folder}/{key}"
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120 - a third of the time
        for suffix, fact in facts.items():
            if _stat(here + suffix) != fact:
                raise LookupError
        for suffix in facts:
            _link(here + suffix, path + suffix)

    def remove_unused(self) -> None:
        """Remove the files of the previous site that no page uses."""
        for path in self._existing:
            os.unlink(path)  # noqa: PTH108
        for folder in reversed(self._folders):
            with contextlib.suppress(OSError):  # most are not empty
                os.rmdir(folder)  # noqa: PTH106
        self._existing, self._folders = {}, []

    def store(self, key: str, path: str) -> Any:
        """Cache the page in the file *path* at *key*; return what to pass to `note`."""
        here = f"{self.folder}/{key}"
        facts = {}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for suffix in _SUFFIXES:
                if os.path.isfile(path + suffix):  # noqa: PTH113
                    _link(path + suffix, here + suffix)
                    facts[suffix] = _stat(here + suffix)
        except OSError:
            return {}
        return facts

    def note(self, key: str, facts: Any) -> None:
        """Record what `store` returned, in this process or another."""
        if facts:
            self._noted[key] = facts

    def sweep(self) -> None:
        """Remove the cached pages that this build did not use."""
        self.cache.put(self._key, pickle.dumps(self._noted, 5))
        with contextlib.suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name.partition(".")[0] not in self._noted:
                    os.unlink(entry.path)  # noqa: PTH108


SPARE = "spare"
"""The folder of the previous site, in the cache's."""

_SUFFIXES = ("", ".br", ".gz")


def _stat(path: str) -> tuple[int, int]:
    found = os.stat(path)  # noqa: PTH116
    return found.st_size, found.st_mtime_ns


def _link(path: str, name: str) -> None:
    try:
        os.link(path, name)
    except FileExistsError:
        os.unlink(name)  # noqa: PTH108
        os.link(path, name)
    except OSError:  # another disk, or one that has no links
        shutil.copy2(path, name)
