"""What the rules read: a course's pages and questions, each with its file and the places in it."""

import datetime
import functools
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.content import lesson as lessons
from course.content import quiz, source
from course.content.course import Course, Lesson
from course.content.problems import Problem
from course.content.questions.base import Question
from course.content.reading import GLOSSARY, LESSONS, PLANS, SITE, quiz_name
from course.quality import markdown

Steps = tuple[str | int, ...]

_SPOKEN = frozenset(
    {
        "checklist", "columns", "criterion", "definition", "description", "example", "explanation",
        "feedback", "hint", "left", "misconception", "objectives", "prompt", "purpose", "right", "rows",
        "solution", "text", "title",
    }
)  # fmt: skip
"""Keys whose values people read. Not accepted words and slips: those may be wrong on purpose."""


class Excuses:
    """The written exceptions of one part of a course, and which of them were needed."""

    def __init__(
        self, document: source.Document, steps: Steps, parent: "Excuses | None" = None
    ) -> None:
        node = document.found((*steps, "lint"))
        written = node.data if node is not None else {}
        self.places: dict[str, Problem] = {}
        """Where each excused rule stands."""
        self.faults: list[Problem] = []
        hint = "write 'RULE: the reason' below 'lint:'"
        if not isinstance(written, dict):
            self.faults.append(document.at((*steps, "lint"), "lint: names no rules", hint))
            written = {}
        for name, reason in written.items():
            here = (*steps, "lint", name)
            if isinstance(reason, str) and reason.strip():
                self.places[name] = document.at(here, "")
            else:
                self.faults.append(document.at(here, f"lint.{name}: gives no reason", hint))
        self.parent = parent
        self.used: set[str] = set()

    def cover(self, rule: str) -> bool:
        """Whether *rule* may be broken here; remembers that the exception was needed."""
        if rule in self.places:
            self.used.add(rule)
            return True
        return self.parent is not None and self.parent.cover(rule)


@dataclass(frozen=True)
class Passage:
    """A text that people read. *start* is where it begins in its file, where words are then sought."""

    text: str
    path: str
    start: Problem
    lines: Sequence[str]
    excuses: Excuses
    in_question: bool = False
    whole_file: bool = False

    @functools.cached_property
    def visible(self) -> str:
        """The text without code and comments; every other character keeps its place."""
        return markdown.visible(self.text)

    @functools.cached_property
    def prose(self) -> str:
        """Only the words that are read as sentences; every character keeps its place."""
        return markdown.prose(self.visible)

    @functools.cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        for line in self.text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        return starts

    def at(self, offset: int, words: str, message: str, hint: str = "") -> Problem:
        """Return a problem at *words*, which stand at *offset* of the text.

        In YAML a text may be folded and escaped, so there the words are looked for from its key on.
        """
        if self.whole_file:
            row = bisect_right(self._line_starts, offset) - 1
            return Problem(self.path, row + 1, offset - self._line_starts[row] + 1, message, hint)
        skip = self.text[:offset].count(words)
        first = self.start.line - 1
        for number in range(first, min(len(self.lines), first + 40)):
            begin = self.start.column - 1 if number == first else 0
            while (column := self.lines[number].find(words, begin)) >= 0:
                if skip == 0:
                    return Problem(self.path, number + 1, column + 1, message, hint)
                skip -= 1
                begin = column + len(words)
        return Problem(self.path, self.start.line, self.start.column, message, hint)


@dataclass(frozen=True)
class Page:
    """A Markdown page; *lesson* is None for one without questions of its own."""

    path: str
    document: source.Document
    body: Passage
    lesson: Lesson | None
    excuses: Excuses

    def at(self, steps: Steps, message: str, hint: str = "") -> Problem:
        return self.document.at(steps, message, hint)


@dataclass(frozen=True)
class Item:
    """One question where it is written."""

    question: Question
    document: source.Document
    position: int
    excuses: Excuses
    today: datetime.date
    page: Page

    @property
    def written(self) -> Mapping[str, Any]:
        """The keys as they stand in the file, defaults left out."""
        data: dict[str, Any] = self.document.data["questions"][self.position]
        return data

    def at(self, steps: Steps, message: str, hint: str = "") -> Problem:
        label = ".".join(str(s + 1) if isinstance(s, int) else s for s in steps)
        text = f"questions.{self.question.id}.{label}: {message}"
        return self.document.at(("questions", self.position, *steps), text, hint)


@dataclass(frozen=True)
class Sheet:
    """One quiz with its lesson."""

    path: str
    document: source.Document
    items: tuple[Item, ...]
    page: Page
    excuses: Excuses

    def at(self, steps: Steps, message: str, hint: str = "") -> Problem:
        return self.document.at(steps, message, hint)


@dataclass(frozen=True, eq=False)
class Material:
    """Everything that trainers wrote."""

    root: Path
    course: Course
    site: source.Document
    pages: tuple[Page, ...]
    sheets: tuple[Sheet, ...]
    excuses: Excuses
    today: datetime.date
    passages: tuple[Passage, ...] = field(default=(), compare=False)

    @property
    def language(self) -> str:
        """The language of the course, such as "en"."""
        node = self.site.found(("theme", "language"))
        named = node.data if node is not None and isinstance(node.data, str) else "en"
        return named.partition("-")[0].partition("_")[0].lower()

    @property
    def all_excuses(self) -> Iterator[Excuses]:
        yield self.excuses
        for page in self.pages:
            yield page.excuses
        for sheet in self.sheets:
            yield sheet.excuses
            yield from (item.excuses for item in sheet.items)


def read(root: Path, course: Course, today: datetime.date) -> Material:
    """Return what the sound *course* in *root* was read from."""
    site = source.parse_yaml(SITE, source.read_text(root, root / SITE), lenient=True)
    excuses = Excuses(site, ("extra",))
    by_path = {lesson.path: lesson for lesson in course.lessons.values()}
    pages = []
    for path in sorted((root / LESSONS).rglob("*.md")):
        inside = path.relative_to(root / LESSONS)
        if not any(part.startswith(".") for part in inside.parts):
            pages.append(_page(root, path, by_path.get(inside.as_posix()), excuses))
    sheets = [
        _sheet(root, page, page.lesson, today, excuses)
        for page in pages
        if page.lesson is not None and page.lesson.quiz is not None
    ]
    passages = [passage for page in pages for passage in _page_passages(page)]
    passages += [passage for sheet in sheets for passage in _sheet_passages(root, sheet)]
    for path in [*sorted((root / PLANS).rglob("*.yml")), root / GLOSSARY]:
        if path.is_file():
            passages += _file_passages(root, path, excuses)
    return Material(
        root, course, site, tuple(pages), tuple(sheets), excuses, today, tuple(passages)
    )


def _page(root: Path, path: Path, lesson: Lesson | None, parent: Excuses) -> Page:
    name = source.name_of(root, path)
    text = source.read_text(root, path)
    document, _, offset = lessons.split(name, text)
    lines = text.split("\n")
    body = "\n".join([" " * len(line) for line in lines[:offset]] + lines[offset:])
    excuses = Excuses(document, (), parent)
    start = Problem(name, offset + 1, 1, "")
    passage = Passage(body, name, start, lines, excuses, whole_file=True)
    return Page(name, document, passage, lesson, excuses)


def _sheet(root: Path, page: Page, lesson: Lesson, today: datetime.date, parent: Excuses) -> Sheet:
    path = root / quiz_name(lesson.path)
    file, problems = quiz.read(root, path)
    if file is None:
        raise source.Unreadable(*problems)
    excuses = Excuses(file.document, (), parent)
    items = []
    for question in file.quiz.questions:
        position = file.places[question.id]
        own = Excuses(file.document, ("questions", position), excuses)
        items.append(Item(question, file.document, position, own, today, page))
    return Sheet(source.name_of(root, path), file.document, tuple(items), page, excuses)


def _page_passages(page: Page) -> Iterator[Passage]:
    lines = page.body.lines
    for steps, text in _texts(page.document.data, ()):
        if steps[0] in ("title", "description", "objectives"):
            start = page.document.at(steps, "")
            yield Passage(text, page.path, start, lines, page.excuses)
    yield page.body


def _sheet_passages(root: Path, sheet: Sheet) -> Iterator[Passage]:
    lines = source.read_text(root, root / sheet.path).split("\n")
    for item in sheet.items:
        for steps, text in _texts(item.written, ()):
            start = sheet.document.at(("questions", item.position, *steps), "")
            yield Passage(text, sheet.path, start, lines, item.excuses, in_question=True)


def _file_passages(root: Path, path: Path, excuses: Excuses) -> Iterator[Passage]:
    """Yield what people read of a plan page or of the glossary."""
    text = source.read_text(root, path)
    name = source.name_of(root, path)
    document = source.parse_yaml(name, text)
    lines = text.split("\n")
    for steps, text in _texts(document.data, ()):
        yield Passage(text, name, document.at(steps, ""), lines, excuses, in_question=True)


def _texts(data: Any, steps: Steps) -> Iterator[tuple[Steps, str]]:
    """Yield every text in *data* that people read, with the steps to it."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in ("lint", "sources", "tags", "changes"):
                yield from _texts(value, (*steps, key))
    elif isinstance(data, list):
        for position, value in enumerate(data):
            yield from _texts(value, (*steps, position))
    elif isinstance(data, str) and any(step in _SPOKEN for step in steps if isinstance(step, str)):
        last = next(step for step in reversed(steps) if isinstance(step, str))
        if last in _SPOKEN or "objectives" in steps:
            yield steps, data
