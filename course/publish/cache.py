"""What was made before, kept by content, so that a build makes only what changed.

What holds here, whatever happens:

- A key names everything that an entry was made of: the engine's own files, the versions of the libraries,
  the settings and the text itself. So an entry is never out of date; it is either asked for or not.
- What rendering reads beside its page (a link's target, a snippet) is noted in the entry, and an entry
  whose notes no longer hold counts as missing.
- An entry carries its own checksum and takes its place in one step. One that is cut short, altered or
  written by something else counts as missing, and is made anew.
- After a build, what that build did not ask for is removed. So the folder holds one state of the course,
  and deleting it costs time and nothing else.
- A cache that cannot be read or written makes a build slower and never makes it fail.
"""

import contextlib
import functools
import hashlib
import os
import sys
from importlib import metadata
from pathlib import Path

FOLDER = ".cache/course"
"""Where the entries lie, in the course's folder."""

_LIBRARIES = (
    "jinja2", "markdown", "markupsafe", "mkdocs", "mkdocs-material", "nh3", "pydantic", "pygments",
    "pymdown-extensions", "pyyaml",
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


def of_folder(folder: Path) -> str:
    """Name the content of every file below *folder*."""
    parts: list[str | bytes] = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            parts += [path.relative_to(folder).as_posix(), path.read_bytes()]
    return digest(*parts)


@functools.cache
def engine() -> str:
    """Name this engine: an entry made by another state of it is not taken."""
    ours = Path(__file__).parents[1]
    folders = [of_folder(ours / name) for name in ("content", "markup", "publish")]
    return digest(sys.version, *folders, *(metadata.version(name) for name in _LIBRARIES))


class Cache:
    """The entries in *folder*, by key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._used: set[str] = set()
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)

    def get(self, key: str) -> bytes | None:
        """Return what was put under *key*, or None when that is not to be had whole."""
        try:
            raw = (self.folder / key).read_bytes()
        except OSError:
            return None
        data = raw[32:]
        if hashlib.sha256(data).digest() != raw[:32]:
            return None
        self._used.add(key)
        return data

    def has(self, key: str) -> bool:
        """Whether *key* was found or put here."""
        return key in self._used

    def put(self, key: str, data: bytes) -> bool:
        """Keep *data*, and return whether that went well; else it is made again the next time."""
        new = self.folder / f"{key}.{os.getpid()}"
        try:
            new.write_bytes(hashlib.sha256(data).digest() + data)
            new.replace(self.folder / key)
        except OSError:
            return False
        self._used.add(key)
        return True

    def sweep(self) -> None:
        """Remove every entry that nobody has asked for or put here since this cache was opened."""
        with contextlib.suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name not in self._used:
                    Path(entry.path).unlink(missing_ok=True)
