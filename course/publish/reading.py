"""Lessons and quizzes as they were read before, as long as their files say the same."""

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
from course.content.course import Lesson, dump_lesson
from course.content.problems import CourseError, Problem
from course.content.quiz import Quiz
from course.content.reading import LESSONS, PLANS, QUIZZES, Reading, ValidPage, read_page
from course.publish import cache, workers
from course.publish.cache import Cache

Read = tuple[Any, list[Problem]]

_TICK = 100_000_000
"""Nanoseconds within which a file can change twice and show the same time."""

_Page = tuple[str, bool]
"""A page's file, and whether its place lets it be a lesson."""


@dataclasses.dataclass(frozen=True)
class _Known:
    """A page that was sound, and what its files said then."""

    says: tuple[str, ...]
    """The lesson, its quiz and its plan page, each as a digest; "" for none."""
    keys: tuple[str, ...]
    """What the cache has of these files."""
    dump: str
    """Where the cache has the lesson as the service reads it."""
    has_quiz: bool
    aliases: tuple[str, ...]
    lesson: Lesson | None
    """Without its quiz, which is made when something of it is asked for: most of a course never is."""


class Readings:
    """Reads each file of the course in *root* once; what has no problem is kept in *cache*, too.

    What a file says is known by its size, its times and its number on the disk, as they were when it was last
    read. A file that had changed only just before might have changed again in the same moment, so it is
    read once more.
    """

    def __init__(self, root: Path, kept: Cache) -> None:
        self.root = root
        self.cache = kept
        self._names: dict[str, str] = {}
        """What each file says, as a digest."""
        self._read: dict[tuple[str, Path], Read] = {}
        self._files = _Files(kept, cache.digest("files", str(root)))
        self._known: dict[_Page, _Known] = {}
        self._dumps: dict[str, str] = {}
        """Where the cache has each lesson as the service reads it, by the lesson's id."""

    @property
    def reading(self) -> Reading:
        """How to read each file for itself."""
        return Reading(self.lesson, self.quiz)

    @property
    def remembering(self) -> Reading:
        """How to read only the pages that were not sound, or whose files say something else now."""
        return Reading(self.lesson, self.quiz, self.expect, self.recall, self.note)

    def lesson(self, root: Path, path: Path, *, lesson: bool) -> Read:
        return self._get("lesson" if lesson else "page", path)

    def quiz(self, root: Path, path: Path) -> Read:
        return self._get("quiz", path)

    def knows(self, path: Path) -> bool:
        """Whether *path* has been read, or looked for."""
        return str(path) in self._names

    def name(self, path: Path | str) -> str:
        """Return what *path* says, as a digest; "" where it cannot be read."""
        name = str(path)
        if name not in self._names:
            if not os.path.lexists(name):
                return ""
            self._text(Path(path))
        return self._names.get(name, "")

    def is_as_read(self, path: Path | str) -> bool:
        """Whether *path* has not been written to since its name was found."""
        return self._files.is_as_noted(str(path))

    def forget(self, path: Path) -> None:
        """Read *path* again when it is asked for."""
        self._names.pop(str(path), None)
        for kind in ("lesson", "page", "quiz"):
            self._read.pop((kind, path), None)

    # -- pages that were sound

    def expect(self, pages: Sequence[tuple[Path, bool]]) -> None:
        """Find out which files say what they said, and read all others in processes of their own."""
        for file in self._all():
            if name := self._files.name(file):
                self._names[file] = name
        known = _loaded(self.cache.get(self._pages_key) or b"")
        known = known if isinstance(known, dict) else {}
        new = []
        for path, may_be in pages:
            found = known.get((str(path), may_be))
            if found is not None and self._says(str(path), found) == found.says:
                self._take(str(path), may_be, found)
            else:
                new.append((path, may_be))
        made = workers.parallel_map(new, self._made, finish=self.cache.flush)
        for position, (entry, files) in made.items():
            path, may_be = new[position]
            if (found := _loaded(entry)) is not None:
                for name, (says, facts) in files.items():
                    self._names[name] = says
                    self._files.note(name, says, facts)
                self._take(str(path), may_be, found)

    def _take(self, path: str, may_be: bool, known: _Known) -> None:
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
            later = Quiz.later(functools.partial(self._quiz_of, page))
            found = dataclasses.replace(found, quiz=later)
        return ValidPage(found, known.aliases)

    def _quiz_of(self, page: Path) -> Quiz:
        path = Path(self._beside(str(page))[0])
        before = self._names[str(path)]
        found, problems = self._get("quiz", path)
        self._read.pop(("quiz", path), None)  # the lesson has it now
        if found is None or problems or self._names[str(path)] != before:
            message = "was changed while the course was read"
            name = source.name_of(self.root, path)
            raise CourseError(problems or [Problem(name, 1, 1, message, "do the same again")])
        asked: Quiz = found.quiz
        return asked

    def note(self, page: Path, lesson: bool, sound: ValidPage) -> None:
        """Keep a page that is sound."""
        path = str(page)
        files = [path, *self._beside(path)] if sound.lesson is not None else [path]
        says = tuple(self.name(file) for file in files)
        if not all(self.is_as_read(file) for file, name in zip(files, says, strict=True) if name):
            return
        keys = [self._key("lesson" if lesson else "page", page)]
        if sound.lesson is None:
            self._known[path, lesson] = _Known(says, tuple(keys), "", False, sound.aliases, None)
            return
        if sound.lesson.quiz is not None:
            keys.append(self._key("quiz", Path(files[1])))
        dump = cache.digest(cache.engine_digest(), "dump", path, *says)
        self.cache.put(dump, dump_lesson(sound.lesson).encode("utf-8", "surrogatepass"))
        bare = dataclasses.replace(sound.lesson, quiz=None)
        has_quiz = sound.lesson.quiz is not None
        known = _Known(says, tuple(keys), dump, has_quiz, sound.aliases, bare)
        self._take(path, lesson, known)

    def dumped(self, lessons: Iterable[Lesson]) -> dict[str, str]:
        """Return *lessons* as the service reads them, by their id."""
        entries = self.cache.get_all(list(self._dumps.values()))
        found = {}
        for one in lessons:
            key = self._dumps.get(one.id, "")
            if key not in entries:
                entries[key] = dump_lesson(one).encode("utf-8", "surrogatepass")
                if key:
                    self.cache.put(key, entries[key])
            found[one.id] = entries.pop(key).decode("utf-8", "surrogatepass")
        return found

    def _says(self, path: str, known: _Known) -> tuple[str, ...]:
        files = [path, *self._beside(path)]
        return tuple(self._names.get(file, "") for file in files[: len(known.says)])

    def _beside(self, page: str) -> tuple[str, str]:
        """Return the files of the quiz and of the plan page that belong to a page."""
        top = str(self.root)
        inside = page[len(top) + len(LESSONS) + 1 :].removesuffix(".md")
        return f"{top}/{QUIZZES}{inside}.yml", f"{top}/{PLANS}{inside}.yml"

    @property
    def _pages_key(self) -> str:
        return cache.digest("pages as read", cache.engine_digest(), str(self.root))

    def _all(self) -> Iterator[str]:
        for top, end in ((LESSONS, ".md"), (QUIZZES, ".yml"), (PLANS, ".yml")):
            for folder, _, names in os.walk(self.root / top):
                yield from (f"{folder}/{name}" for name in names if name.endswith(end))

    def _made(self, page: tuple[Path, bool]) -> tuple[bytes, dict[str, Any]]:
        """Read *page* for another process, and return what that needs to know of it."""
        path, may_be = page
        read_page(path, self.root, self.remembering, lesson=may_be)
        if (known := self._known.get((str(path), may_be))) is None:
            raise LookupError("Problems are told where they are gathered.")
        files = [str(path), *self._beside(str(path))]
        facts = {f: (self._names[f], self._files.facts(f)) for f in files if f in self._names}
        self._read.clear()
        return pickle.dumps(known, 5), facts

    # -- files

    def _text(self, path: Path) -> str | None:
        """Return what *path* says; None where it cannot be read."""
        try:
            before = self._files.look(str(path))
            text = source.read_text(self.root, path)
        except (source.Unreadable, OSError):
            return None
        self._names[str(path)] = cache.digest(text)
        self._files.note(str(path), self._names[str(path)], before)
        return text

    def _get(self, kind: str, path: Path) -> Read:
        if (kind, path) in self._read:
            return self._read[kind, path]
        found, text = None, None
        if str(path) in self._names:
            entry = self.cache.get(self._key(kind, path))
            found = _loaded(entry) if entry is not None else None
        if found is None:
            text = self._text(path)
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
        return cache.digest(cache.engine_digest(), kind, name, self._names[str(path)])

    def drop(self) -> None:
        """Let go of what was read: the course has of it what it needs."""
        self._read.clear()

    def done(self) -> None:
        """Note for the next build what each file said, and which pages were sound."""
        self._files.put()
        self.cache.put(self._pages_key, pickle.dumps(self._known, 5))
        self.cache.flush()


class _Files:
    """What files said, by what the disk tells of them without reading."""

    def __init__(self, kept: Cache, key: str) -> None:
        self.cache = kept
        self.key = key
        entry = kept.get(key)
        found = cache.unpickle_plain(entry) if entry is not None else None
        self._before: dict[str, Any] = found if isinstance(found, dict) else {}
        self._now: dict[str, Any] = {}

    def look(self, path: str) -> tuple[int, ...]:
        """Return what the disk tells of *path*, and when."""
        found = os.stat(path)  # noqa: PTH116
        facts = found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino
        return *facts, time.time_ns()

    def name(self, path: str) -> str:
        """Return what *path* said, if it is as it was then; else ""."""
        try:
            now = self.look(path)
        except OSError:
            return ""
        name, before = self._before.get(path, ("", ()))
        if not name or before[:4] != now[:4] or before[2] > before[4] - _TICK:
            return ""
        self._now[path] = name, before
        return str(name)

    def note(self, path: str, name: str, facts: Any) -> None:
        """Remember what *path* says, and what the disk told of it before it was read."""
        self._now[path] = name, facts

    def facts(self, path: str) -> Any:
        return self._now[path][1]

    def is_as_noted(self, path: str) -> bool:
        try:
            return bool(self.look(path)[:4] == self._now[path][1][:4])
        except (OSError, KeyError):
            return False

    def put(self) -> None:
        self.cache.put(self.key, pickle.dumps(self._now, 5))


def _read(root: Path, kind: str, path: Path, text: str | None) -> Read:
    if kind == "quiz":
        return quiz.read(root, path, text)
    return lesson.read(root, path, text, lesson=kind == "lesson")


def _loaded(entry: bytes) -> Any:
    return cache.unpickle(entry, _is_of_lessons)


def _is_of_lessons(module: str, name: str) -> bool:
    """Whether a class is one that lessons and quizzes consist of."""
    if (module, name) in (("datetime", "date"), (__name__, "_Known")):
        return True
    if not module.startswith("course.content."):
        return False
    found = getattr(sys.modules.get(module) or importlib.import_module(module), name, None)
    return isinstance(found, type) and found.__module__ == module
