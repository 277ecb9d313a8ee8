"""Cached lessons and quizzes, valid as long as their files are unchanged."""

import contextlib
import dataclasses
import functools
import importlib
import os
import pickle
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from course.content import lesson, quiz, source
from course.content.course import Lesson, dump_lesson, dump_quiz
from course.content.problems import CourseError, Problem
from course.content.quiz import Quiz
from course.content.reading import (
    LESSONS,
    PLANS,
    QUIZZES,
    Reading,
    ValidPage,
    plan_name,
    quiz_name,
    read_page,
)
from course.publish import workers
from course.publish.cache import Cache, digest, engine_digest, unpickle, unpickle_plain

Read = tuple[Any, list[Problem]]

_TICK = 100_000_000
"""Nanoseconds within which a file can change twice and have the same modification time."""

_Page = tuple[str, bool]
"""A page's file, and whether its location allows it to be a lesson."""


@dataclasses.dataclass(frozen=True)
class _Known:
    """A page without problems, and the digests of its files at that time."""

    digests: tuple[str, ...]
    """The digests of the lesson, its quiz and its plan page; "" for none."""
    keys: tuple[str, ...]
    """The cache keys of these files."""
    dump: str
    """The cache key of the lesson as serialised for the service."""
    has_quiz: bool
    aliases: tuple[str, ...]
    lesson: Lesson | None
    """The lesson without its quiz, which is loaded on first use: most of a course never is."""


class Readings:
    """Reads each file of the course in *root* once, and stores results without problems in *cache*.

    A file counts as unchanged if its size, times and inode are those of the last reading. A file that had
    been modified just before that might have changed again within the clock's resolution, so it is reread.
    """

    def __init__(self, root: Path, cache: Cache) -> None:
        self.root = root
        self.cache = cache
        self._file_digests: dict[str, str] = {}
        """The digest of each file's content."""
        self._read: dict[tuple[str, Path], Read] = {}
        self._files = _Files(cache, digest("files", str(root)))
        self._known: dict[_Page, _Known] = {}
        self._dumps: dict[str, str] = {}
        """The cache key of each lesson as serialised for the service, by lesson id."""

    @property
    def full_reading(self) -> Reading:
        """How to read every file."""
        return Reading(self.lesson, self.quiz)

    @property
    def incremental_reading(self) -> Reading:
        """How to read only pages that had problems or whose files have changed."""
        return Reading(self.lesson, self.quiz, self.expect, self.recall, self.note)

    def lesson(self, root: Path, path: Path, *, lesson: bool) -> Read:
        return self._get("lesson" if lesson else "page", path)

    def quiz(self, root: Path, path: Path) -> Read:
        return self._get("quiz", path)

    def knows(self, path: Path) -> bool:
        """Whether *path* has been read, or looked for."""
        return str(path) in self._file_digests

    def name(self, path: Path | str) -> str:
        """Return the digest of the content of *path*; "" if it cannot be read."""
        name = str(path)
        if name not in self._file_digests:
            if not os.path.lexists(name):
                return ""
            self._read_text(Path(path))
        return self._file_digests.get(name, "")

    def is_unchanged(self, path: Path | str) -> bool:
        """Whether *path* has not been written to since its digest was computed."""
        return self._files.is_unchanged(str(path))

    def invalidate(self, path: Path) -> None:
        """Read *path* again on its next use."""
        self._file_digests.pop(str(path), None)
        for kind in ("lesson", "page", "quiz"):
            self._read.pop((kind, path), None)

    # -- pages without problems

    def expect(self, pages: Sequence[tuple[Path, bool]]) -> None:
        """Find out which files are unchanged, and read all others in worker processes."""
        for file in self._source_files():
            if name := self._files.name(file):
                self._file_digests[file] = name
        known = _loaded(self.cache.get(self._pages_key) or b"")
        known = known if isinstance(known, dict) else {}
        new = []
        for path, may_be in pages:
            found = known.get((str(path), may_be))
            if found is not None and self._digests(str(path), found) == found.digests:
                self._use_cached(str(path), may_be, found)
            else:
                new.append((path, may_be))
        made = workers.parallel_map(new, self._read_in_worker, finish=self.cache.flush)
        for position, (entry, files) in made.items():
            path, may_be = new[position]
            if (found := _loaded(entry)) is not None:
                for name, (found_digest, facts) in files.items():
                    self._file_digests[name] = found_digest
                    self._files.note(name, found_digest, facts)
                self._use_cached(str(path), may_be, found)

    def _use_cached(self, path: str, may_be: bool, known: _Known) -> None:
        self._known[path, may_be] = known
        self.cache.mark_used(*known.keys)
        if known.lesson is not None:
            self.cache.mark_used(known.dump)
            self._dumps[known.lesson.id] = known.dump

    def recall(self, page: Path, lesson: bool) -> ValidPage | None:
        known = self._known.get((str(page), lesson))
        if known is None:
            return None
        found = known.lesson
        if found is not None and known.has_quiz:
            later = Quiz.later(functools.partial(self._load_quiz, page))
            found = dataclasses.replace(found, quiz=later)
        return ValidPage(found, known.aliases)

    def _load_quiz(self, page: Path) -> Quiz:
        path = Path(self._related_files(str(page))[0])
        before = self._file_digests[str(path)]
        found, problems = self._get("quiz", path)
        self._read.pop(("quiz", path), None)  # the lesson has it now
        if found is None or problems or self._file_digests[str(path)] != before:
            message = "was changed while the course was read"
            name = source.name_of(self.root, path)
            raise CourseError(problems or [Problem(name, 1, 1, message, "do the same again")])
        asked: Quiz = found.quiz
        return asked

    def note(self, page: Path, lesson: bool, sound: ValidPage) -> None:
        """Cache a page that has no problems."""
        path = str(page)
        files = [path, *self._related_files(path)] if sound.lesson is not None else [path]
        digests = tuple(self.name(file) for file in files)
        if not all(
            self.is_unchanged(file) for file, name in zip(files, digests, strict=True) if name
        ):
            return
        keys = [self._key("lesson" if lesson else "page", page)]
        if sound.lesson is None:
            self._known[path, lesson] = _Known(digests, tuple(keys), "", False, sound.aliases, None)
            return
        quiz_dump = ""
        if sound.lesson.quiz is not None:
            keys += [self._key("quiz", Path(files[1])), self._key("quiz dump", Path(files[1]))]
            quiz_dump = self._dump_quiz(keys[-1], sound.lesson.quiz)
        dump = digest(engine_digest(), "dump", path, *digests)
        self.cache.put(dump, _encoded(dump_lesson(sound.lesson, quiz_dump)))
        bare = dataclasses.replace(sound.lesson, quiz=None)
        has_quiz = sound.lesson.quiz is not None
        known = _Known(digests, tuple(keys), dump, has_quiz, sound.aliases, bare)
        self._use_cached(path, lesson, known)

    def _dump_quiz(self, key: str, asked: Quiz) -> str:
        """Return *asked* as `dump_quiz` does, from the cache where it is at *key*.

        Serialising models takes a build after an edit to a lesson longer than all else about its quiz.
        """
        with contextlib.suppress(LookupError, UnicodeDecodeError):  # no such entry, or another's
            return _decoded(self.cache.get_all([key])[key])
        found = dump_quiz(asked)
        self.cache.put(key, _encoded(found))
        return found

    def dump_lessons(self, lessons: Iterable[Lesson]) -> dict[str, str]:
        """Return *lessons* as serialised for the service, by lesson id."""
        entries = self.cache.get_all(list(self._dumps.values()))
        found = {}
        for one in lessons:
            key = self._dumps.get(one.id, "")
            if key not in entries:
                entries[key] = _encoded(dump_lesson(one))
                if key:
                    self.cache.put(key, entries[key])
            found[one.id] = _decoded(entries.pop(key))
        return found

    def _digests(self, path: str, known: _Known) -> tuple[str, ...]:
        files = [path, *self._related_files(path)]
        return tuple(self._file_digests.get(file, "") for file in files[: len(known.digests)])

    def _related_files(self, page: str) -> tuple[str, str]:
        """Return the paths of a page's quiz and plan page."""
        top = str(self.root)
        inside = page[len(top) + len(LESSONS) + 2 :]
        return f"{top}/{quiz_name(inside)}", f"{top}/{plan_name(inside)}"

    @property
    def _pages_key(self) -> str:
        return digest("pages as read", engine_digest(), str(self.root))

    def _source_files(self) -> Iterator[str]:
        for top, end in ((LESSONS, ".md"), (QUIZZES, ".yml"), (PLANS, ".yml")):
            for folder, _, names in os.walk(self.root / top):
                yield from (f"{folder}/{name}" for name in names if name.endswith(end))

    def _read_in_worker(self, page: tuple[Path, bool]) -> tuple[bytes, dict[str, Any]]:
        """Read *page* in a worker; return the pickled result, and digest and stat of each file."""
        path, may_be = page
        read_page(path, self.root, self.incremental_reading, lesson=may_be)
        if (known := self._known.get((str(path), may_be))) is None:
            raise LookupError("Pages with problems are read again in the main process.")
        files = [str(path), *self._related_files(str(path))]
        facts = {
            f: (self._file_digests[f], self._files.facts(f))
            for f in files
            if f in self._file_digests
        }
        self._read.clear()
        return pickle.dumps(known, 5), facts

    # -- files

    def _read_text(self, path: Path) -> str | None:
        """Return the text of *path*; None if it cannot be read."""
        try:
            before = self._files.stat(str(path))
            text = source.read_text(self.root, path)
        except (source.Unreadable, OSError):
            return None
        self._file_digests[str(path)] = digest(text)
        self._files.note(str(path), self._file_digests[str(path)], before)
        return text

    def _get(self, kind: str, path: Path) -> Read:
        if (kind, path) in self._read:
            return self._read[kind, path]
        found, text = None, None
        if str(path) in self._file_digests:
            entry = self.cache.get(self._key(kind, path))
            found = _loaded(entry) if entry is not None else None
        if found is None:
            text = self._read_text(path)
            entry = self.cache.get(self._key(kind, path)) if text is not None else None
            found = _loaded(entry) if entry is not None else None
        if found is not None:
            self._read[kind, path] = found, []
        else:
            found, problems = self._read[kind, path] = _read(self.root, kind, path, text)
            if found is not None and not problems and text is not None:
                self.cache.put(self._key(kind, path), pickle.dumps(found, 5))
        return self._read[kind, path]

    def _key(self, kind: str, path: Path) -> str:
        name = source.name_of(self.root, path)
        return digest(engine_digest(), kind, name, self._file_digests[str(path)])

    def release(self) -> None:
        """Release the files read so far; the course holds what it needs of them."""
        self._read.clear()

    def save(self) -> None:
        """Store for the next build the digest of each file, and the pages without problems."""
        self._files.put()
        self.cache.put(self._pages_key, pickle.dumps(self._known, 5))
        self.cache.flush()


class _Files:
    """The digests of files, by their stat."""

    def __init__(self, cache: Cache, key: str) -> None:
        self.cache = cache
        self.key = key
        entry = cache.get(key)
        found = unpickle_plain(entry) if entry is not None else None
        self._before: dict[str, Any] = found if isinstance(found, dict) else {}
        self._now: dict[str, Any] = {}

    def stat(self, path: str) -> tuple[int, ...]:
        """Return the size, times and inode of *path*, and the time now."""
        found = os.stat(path)  # noqa: PTH116
        facts = found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino
        return *facts, time.time_ns()

    def name(self, path: str) -> str:
        """Return the stored digest of *path* if the file is unchanged; else ""."""
        try:
            now = self.stat(path)
        except OSError:
            return ""
        name, before = self._before.get(path, ("", ()))
        if not name or before[:4] != now[:4] or before[2] > before[4] - _TICK:
            return ""
        self._now[path] = name, before
        return str(name)

    def note(self, path: str, name: str, facts: Any) -> None:
        """Store the digest of *path*, and its stat from before it was read."""
        self._now[path] = name, facts

    def facts(self, path: str) -> Any:
        return self._now[path][1]

    def is_unchanged(self, path: str) -> bool:
        try:
            return bool(self.stat(path)[:4] == self._now[path][1][:4])
        except (OSError, KeyError):
            return False

    def put(self) -> None:
        self.cache.put(self.key, pickle.dumps(self._now, 5))


def _read(root: Path, kind: str, path: Path, text: str | None) -> Read:
    if kind == "quiz":
        return quiz.read(root, path, text)
    return lesson.read(root, path, text, lesson=kind == "lesson")


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _decoded(entry: bytes) -> str:
    return entry.decode("utf-8", "surrogatepass")


def _loaded(entry: bytes) -> Any:
    return unpickle(entry, _is_content_class)


def _is_content_class(module: str, name: str) -> bool:
    """Whether a class may be unpickled: one that lessons and quizzes consist of."""
    if (module, name) in (("datetime", "date"), (__name__, "_Known")):
        return True
    if not module.startswith("course.content."):
        return False
    found = getattr(sys.modules.get(module) or importlib.import_module(module), name, None)
    return isinstance(found, type) and found.__module__ == module
