"""Lessons and quizzes as they were read before, as long as their files say the same."""

import importlib
import os
import pickle
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from course.content import lesson, quiz, source
from course.content.course import LESSONS, QUIZZES, Reading
from course.content.problems import Problem
from course.publish import cache, workers
from course.publish.cache import Cache

Read = tuple[Any, list[Problem]]

_TICK = 100_000_000
"""Nanoseconds within which a file can change twice and show the same time."""


class Readings:
    """Reads each file of the course in *root* once; what has no problem is kept in *kept*, too.

    What a file says is known by its size, its times and its number on the disk, as they were when it was last
    read. A file that had changed only just before might have changed again in the same moment, so it is
    read once more.
    """

    def __init__(self, root: Path, kept: Cache) -> None:
        self.root = root
        self.kept = kept
        self._names: dict[Path, str] = {}
        """What each file says, as a digest."""
        self._read: dict[tuple[str, Path], Read] = {}
        self._files = _Files(kept, cache.digest("files", str(root)))

    @property
    def reading(self) -> Reading:
        return Reading(self.lesson, self.quiz)

    def lesson(self, root: Path, path: Path, *, lesson: bool) -> Read:
        return self._get("lesson" if lesson else "page", path)

    def quiz(self, root: Path, path: Path) -> Read:
        return self._get("quiz", path)

    def knows(self, path: Path) -> bool:
        """Whether *path* has been read, or looked for."""
        return path in self._names

    def name(self, path: Path) -> str:
        """Return what *path* says, as a digest; "" where it cannot be read."""
        if path not in self._names:
            self._text(path)
        return self._names.get(path, "")

    def is_as_read(self, path: Path) -> bool:
        """Whether *path* has not been written to since its name was found."""
        return self._files.is_as_noted(path)

    def forget(self, path: Path) -> None:
        """Read *path* again when it is asked for."""
        self._names.pop(path, None)
        for kind in ("lesson", "page", "quiz"):
            self._read.pop((kind, path), None)

    def prepare(self) -> None:
        """Read all files, the new ones in processes of their own."""
        keys: dict[str, tuple[str, Path]] = {}
        new = []
        for kind, path in self._all():
            name = self._files.name(path)
            if name:
                self._names[path] = name
                keys[self._key(kind, path)] = kind, path
            else:
                new.append((kind, path))
        known = self.kept.get_all(list(keys))
        for key, (kind, path) in keys.items():
            found = _loaded(known[key]) if key in known else None
            if found is None:
                new.append((kind, path))
            else:
                self._read[kind, path] = found, []
        made = workers.spread(new, lambda file: self._made(*file), finish=self.kept.flush)
        for position, (name, facts, entry) in made.items():
            kind, path = new[position]
            found = _loaded(entry)
            if found is not None:
                self._names[path] = name
                self._files.note(path, name, facts)
                self.kept.use(self._key(kind, path))
                self._read[kind, path] = found, []

    def _all(self) -> Iterator[tuple[str, Path]]:
        for top, end in ((LESSONS, ".md"), (QUIZZES, ".yml")):
            for folder, _, names in os.walk(self.root / top):
                for name in names:
                    if name.endswith(end):
                        kind = "page" if name == "index.md" else "lesson"
                        yield kind if end == ".md" else "quiz", Path(folder, name)

    def _made(self, kind: str, path: Path) -> tuple[str, Any, bytes]:
        """Read *path* for another process, and return what that needs to know of it."""
        found, problems = self._get(kind, path)
        if found is None or problems:
            raise LookupError("Problems are told where they are gathered.")
        return self._names[path], self._files.facts(path), pickle.dumps(found, 5)

    def _text(self, path: Path) -> str | None:
        """Return what *path* says; None where it cannot be read."""
        try:
            before = self._files.look(path)
            text = source.read_text(self.root, path)
        except (source.Unreadable, OSError):
            return None
        self._names[path] = cache.digest(text)
        self._files.note(path, self._names[path], before)
        return text

    def _get(self, kind: str, path: Path) -> Read:
        if (kind, path) in self._read:
            return self._read[kind, path]
        text = self._text(path)
        entry = self.kept.get(self._key(kind, path)) if text is not None else None
        found = _loaded(entry) if entry is not None else None
        if found is not None:
            self._read[kind, path] = found, []
        else:
            found, problems = self._read[kind, path] = _read(self.root, kind, path, text)
            if found is not None and not problems and text is not None:
                self.kept.put(self._key(kind, path), pickle.dumps(found, 5))
        return self._read[kind, path]

    def _key(self, kind: str, path: Path) -> str:
        name = source.name_of(self.root, path)
        return cache.digest(cache.engine(), kind, name, self._names[path])

    def drop(self) -> None:
        """Let go of what was read: the course has of it what it needs."""
        self._read.clear()

    def done(self) -> None:
        """Note for the next build what each file said."""
        self._files.put()


class _Files:
    """What files said, by what the disk tells of them without reading."""

    def __init__(self, kept: Cache, key: str) -> None:
        self.kept = kept
        self.key = key
        entry = kept.get(key)
        found = cache.plain(entry) if entry is not None else None
        self._before: dict[str, Any] = found if isinstance(found, dict) else {}
        self._now: dict[str, Any] = {}

    def look(self, path: Path) -> tuple[int, ...]:
        """Return what the disk tells of *path*, and when."""
        found = os.stat(path)  # noqa: PTH116
        facts = found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino
        return *facts, time.time_ns()

    def name(self, path: Path) -> str:
        """Return what *path* said, if it is as it was then; else ""."""
        try:
            now = self.look(path)
        except OSError:
            return ""
        name, before = self._before.get(str(path), ("", ()))
        if not name or before[:4] != now[:4] or before[2] > before[4] - _TICK:
            return ""
        self._now[str(path)] = name, before
        return str(name)

    def note(self, path: Path, name: str, facts: Any) -> None:
        """Remember what *path* says, and what the disk told of it before it was read."""
        self._now[str(path)] = name, facts

    def facts(self, path: Path) -> Any:
        return self._now[str(path)][1]

    def is_as_noted(self, path: Path) -> bool:
        try:
            return bool(self.look(path)[:4] == self._now[str(path)][1][:4])
        except (OSError, KeyError):
            return False

    def put(self) -> None:
        self.kept.put(self.key, pickle.dumps(self._now, 5))


def _read(root: Path, kind: str, path: Path, text: str | None) -> Read:
    if kind == "quiz":
        return quiz.read(root, path, text)
    return lesson.read(root, path, text, lesson=kind == "lesson")


def _loaded(entry: bytes) -> Any:
    return cache.loaded(entry, _is_of_lessons)


def _is_of_lessons(module: str, name: str) -> bool:
    """Whether a class is one that lessons and quizzes consist of."""
    if (module, name) == ("datetime", "date"):
        return True
    if not module.startswith("course.content."):
        return False
    found = getattr(sys.modules.get(module) or importlib.import_module(module), name, None)
    return isinstance(found, type) and found.__module__ == module
