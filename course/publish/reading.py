"""Lessons and quizzes as they were read before, as long as their files say the same."""

import io
import pickle
from pathlib import Path
from typing import Any

from course.content import lesson, quiz, source
from course.content.course import LESSONS, QUIZZES, Reading
from course.content.problems import Problem
from course.publish import cache, workers
from course.publish.cache import Cache

Read = tuple[Any, list[Problem]]


class Readings:
    """Reads each file of the course in *root* once; what has no problem is kept in *kept*, too."""

    def __init__(self, root: Path, kept: Cache) -> None:
        self.root = root
        self.kept = kept
        self.names: dict[Path, str] = {}
        """What each file says, as a digest."""
        self._read: dict[tuple[str, Path], Read] = {}

    @property
    def reading(self) -> Reading:
        return Reading(self.lesson, self.quiz)

    def lesson(self, root: Path, path: Path, *, lesson: bool) -> Read:
        return self._get("lesson" if lesson else "page", path)

    def quiz(self, root: Path, path: Path) -> Read:
        return self._get("quiz", path)

    def forget(self, path: Path) -> None:
        """Read *path* again when it is asked for."""
        for kind in ("lesson", "page", "quiz"):
            self._read.pop((kind, path), None)

    def prepare(self) -> None:
        """Read all files, the new ones in processes of their own."""
        files = [
            ("page" if path.name == "index.md" else "lesson", path)
            for path in (self.root / LESSONS).rglob("*.md")
        ]
        files += [("quiz", path) for path in (self.root / QUIZZES).rglob("*.yml")]
        new = [file for file in files if self._find(*file)]
        workers.spread(new, lambda file: self._get(*file), lambda _: None)

    def _find(self, kind: str, path: Path) -> str:
        """Look *path* up in what was kept; return its text if it must be read, or ""."""
        try:
            text = source.read_text(self.root, path)
        except source.Unreadable:
            return ""
        self.names[path] = cache.digest(text)
        entry = self.kept.get(self._key(kind, path, text))
        found = _loaded(entry) if entry is not None else None
        if found is not None:
            self._read[kind, path] = found, []
            return ""
        return text

    def _get(self, kind: str, path: Path) -> Read:
        if (kind, path) in self._read:
            return self._read[kind, path]
        text = self._find(kind, path)
        if (kind, path) not in self._read:
            found, problems = self._read[kind, path] = _read(self.root, kind, path)
            if found is not None and not problems and source.read_text(self.root, path) == text:
                self.kept.put(self._key(kind, path, text), pickle.dumps(found))
        return self._read[kind, path]

    def _key(self, kind: str, path: Path, text: str) -> str:
        return cache.digest(cache.engine(), kind, source.name_of(self.root, path), text)


def _read(root: Path, kind: str, path: Path) -> Read:
    if kind == "quiz":
        return quiz.read(root, path)
    return lesson.read(root, path, lesson=kind == "lesson")


class _Unpickler(pickle.Unpickler):
    """Makes only what lessons and quizzes consist of: a file in a folder must not run code."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("datetime", "date"):
            return super().find_class(module, name)
        if module.startswith("course.content."):
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a lesson")


def _loaded(entry: bytes) -> Any:
    """Return what *entry* holds; None where that is not to be had."""
    try:
        return _Unpickler(io.BytesIO(entry)).load()
    except Exception:  # a broken pickle raises anything
        return None
