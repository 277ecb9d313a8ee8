"""What was made before, kept by content, so that a build makes only what changed.

What holds here, whatever happens:

- A key names everything that an entry was made of: the engine's own files, the versions of the libraries,
  the settings and the text itself. So an entry is never out of date; it is either asked for or not.
- What rendering reads beside its page (a link's target, a snippet) is noted in the entry, and an entry
  whose notes no longer hold counts as missing.
- An entry carries its own checksum and takes its place in one step. One that is cut short, altered or
  written by something else counts as missing, and is made anew.
- After a build, what that build did not ask for is removed, but for the site that it took the place of: the
  next build begins as that. So the folder holds one state of the course, and links to the one before,
  and deleting it costs time and nothing else.
- A cache that cannot be read or written makes a build slower and never makes it fail.
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
"""Where the entries lie, in the course's folder."""
FILE = "kept.sqlite"

_KEYS_PER_QUERY = 500
"""Entries to ask for at once."""
_FLUSH_SIZE = 1_000_000
"""Bytes to write at once; a process that waits to write keeps the others waiting, too."""

_LIBRARIES = (
    "jinja2", "markdown", "markupsafe", "math-core", "mkdocs", "mkdocs-material", "mmdr", "nh3",
    "pydantic", "pygments", "pymdown-extensions", "pyyaml",
)  # fmt: skip
"""What has a part in the bytes of a page."""


def digest(*parts: str | bytes) -> str:
    """Name *parts*, each with its length, so that no two lists of them run together."""
    found = hashlib.sha256()
    for part in parts:
        raw = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        found.update(b"%d:" % len(raw))
        found.update(raw)
    return found.hexdigest()


def folder_digest(folder: Path) -> str:
    """Name the content of every file below *folder*."""
    parts: list[str | bytes] = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            parts += [path.relative_to(folder).as_posix(), path.read_bytes()]
    return digest(*parts)


@functools.cache
def engine_digest() -> str:
    """Name this engine: an entry made by another state of it is not taken."""
    ours = Path(__file__).parents[1]
    folders = [folder_digest(ours / name) for name in ("content", "markup", "publish")]
    return digest(sys.version, *folders, *(metadata.version(name) for name in _LIBRARIES))


class Cache:
    """The entries in *folder*, by key: in one file, as opening thousands takes longer than reading them.

    Each process has its own connection. What is put waits in memory for more to come, until `flush`.
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
        """Closes the connection, at the latest when nobody holds this cache: quizzes read from it later."""
        self._lock = threading.RLock()

    def get(self, key: str) -> bytes | None:
        """Return what was put under *key*, or None when that is not to be had whole."""
        return self.get_all([key]).get(key)

    def get_all(self, keys: Sequence[str]) -> dict[str, bytes]:
        """Return what was put under each of *keys*, but for those that are not to be had whole."""
        found = {key: self._waiting[key] for key in keys if key in self._waiting}
        for first in range(0, len(keys), _KEYS_PER_QUERY):
            some = keys[first : first + _KEYS_PER_QUERY]
            marks = ",".join("?" * len(some))
            query = f"SELECT key, data FROM kept WHERE key IN ({marks})"  # noqa: S608 - only marks
            for key, raw in self._execute(query, some):
                data = _verified(raw)
                if data is not None:
                    found.setdefault(key, data)
        self._used.update(found)
        return found

    def has(self, key: str) -> bool:
        """Whether *key* was found or put here, or said to be in use."""
        return key in self._used

    def mark_used(self, *keys: str) -> None:
        """Keep what another process has put under *keys*."""
        self._used.update(keys)

    def put(self, key: str, data: bytes) -> None:
        """Keep *data*, if that can be done; else it is made again the next time."""
        with self._lock:
            self._used.add(key)
            self._waiting[key] = data
            self._waiting_bytes += len(data)
            if self._waiting_bytes > _FLUSH_SIZE:
                self.flush()

    def flush(self) -> None:
        """Write what waits to be written."""
        with self._lock:
            waiting = self._waiting.items()
            rows = [(key, hashlib.sha256(data).digest() + data) for key, data in waiting]
            if rows:
                self._execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", rows, many=True)
            self._waiting = {}
            self._waiting_bytes = 0

    def sweep(self) -> None:
        """Remove every entry that nobody has asked for or put here since this cache was opened."""
        self.flush()
        left = [row for row in self._execute("SELECT key FROM kept") if row[0] not in self._used]
        if left:
            self._execute("DELETE FROM kept WHERE key = ?", left, many=True)
        self.close()
        with contextlib.suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                # What versions before this one kept, and what nobody can read.
                if entry.is_file() and (self._is_damaged or not entry.name.startswith(FILE)):
                    os.unlink(entry.path)  # noqa: PTH108

    def close(self) -> None:
        """Close this process's connection; the next use opens another, which ends with this cache."""
        self._end()
        self._open = None

    def _execute(
        self, statement: str, values: Sequence[Any] = (), *, many: bool = False
    ) -> list[Any]:
        """Return the rows that come of *statement*; none where the file cannot be used."""
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
    opened.execute("PRAGMA journal_mode = PERSIST")
    opened.execute(
        "CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, data BLOB) WITHOUT ROWID"
    )


def _verified(raw: Any) -> bytes | None:
    """Return the data of an entry, if it is as it was put."""
    if not isinstance(raw, bytes) or hashlib.sha256(raw[32:]).digest() != raw[:32]:
        return None
    return raw[32:]


def unpickle_plain(entry: bytes) -> Any:
    """Return the plain data in *entry*; None where that is not to be had."""
    return unpickle(entry, _is_plain)


def _is_plain(module: str, name: str) -> bool:
    return module == "datetime" and name in ("date", "datetime", "timedelta", "timezone")


def unpickle(entry: bytes, is_ours: Callable[[str, str], bool]) -> Any:
    """Return what was pickled; None where that is not to be had.

    Makes only what *is_ours* says yes to, by module and name: a file in a folder must not run code.
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
    """Finished pages, each with what lies beside it, linked into the sites that they belong to.

    A page in two sites, and here, is one file with several names. So nothing may write into a file of a
    site: who changes one replaces it, as every builder and most editors do. One that was written into all
    the same has another time or size than was noted, and is made anew.

    The site that a new one has taken the place of stays here, and the next begins as that: most of its
    pages lie where they belong, and need neither be linked nor removed.
    """

    def __init__(self, cache: Cache) -> None:
        self.cache = cache
        self.folder = cache.folder / "pages"
        self.spare = cache.folder / SPARE
        self._key = digest("finished pages")
        self._known: Any = unpickle_plain(cache.get(self._key) or b"")
        self._noted: dict[str, Any] = {}
        """Of each page, the size and the time of its files."""
        self._existing: dict[str, tuple[int, int]] = {}
        """The same of each file that the new site began with and nobody has asked for yet."""
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
        """Let the page at *key* be the file *path*, and return whether it is here as it was noted."""
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
        """Remove what the site began with and no page is."""
        for path in self._existing:
            os.unlink(path)  # noqa: PTH108
        for folder in reversed(self._folders):
            with contextlib.suppress(OSError):  # most are not empty
                os.rmdir(folder)  # noqa: PTH106
        self._existing, self._folders = {}, []

    def store(self, key: str, path: str) -> Any:
        """Keep the page in the file *path* at *key*; return what is to be noted of it."""
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
        """Remember what `store` returned, in this process or another."""
        if facts:
            self._noted[key] = facts

    def sweep(self) -> None:
        """Remove the pages that nobody has asked for or taken."""
        self.cache.put(self._key, pickle.dumps(self._noted, 5))
        with contextlib.suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name.partition(".")[0] not in self._noted:
                    os.unlink(entry.path)  # noqa: PTH108


SPARE = "spare"
"""Where the site before the last one lies, in the cache's folder."""

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
