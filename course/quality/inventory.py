"""What a course holds, counted: lessons, questions, pictures, sources, and what is due for review."""

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from course.content import questions, timing
from course.content.problems import Problem
from course.quality import balance, markdown, reading
from course.quality.material import Item, Material, Page, Sheet

_TAKEN_IN = re.compile(r"""^[ \t]*--8<--[ \t]+["'](?P<path>[^"'\n]+)["']""", re.MULTILINE)
_PICTURE = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")


@dataclass(frozen=True)
class Due:
    """A question whose facts should be looked at again, and where that is written."""

    lesson: str
    question: str
    date: datetime.date
    place: Problem


@dataclass(frozen=True)
class Counted:
    """What one lesson holds."""

    lesson: str
    title: str
    path: str
    minutes: int
    """The reading time that it promises."""
    answering: int
    """The minutes to allow for its questions."""
    planning: int
    """The minutes that its plan page promises; 0 without one."""
    writing: int
    """The least minutes that the entries of its plan page take."""
    takes: tuple[int, int]
    """The least and most minutes to expect, with its questions at most."""
    words: int
    sections: int
    types: dict[str, int]
    """Its questions by type; a type that it lacks is left out."""
    unscored: int
    """Questions that give no points: polls, free texts, first guesses."""
    practice: dict[str, int]
    """For each objective, how many questions practise it; polls and first guesses do not."""
    pictures: int
    sources: int
    linked: int
    """Of the sources, those with an address."""
    reported: int
    """Of the sources, those of which only a report was read."""
    has_plan: bool

    @property
    def questions(self) -> int:
        return sum(self.types.values())

    @property
    def total(self) -> int:
        """The minutes to allow for reading, questions and plan page."""
        return self.minutes + self.answering + self.planning


@dataclass(frozen=True)
class Inventory:
    """What a course holds. *due* is every date of review, the earliest first."""

    lessons: tuple[Counted, ...]
    due: tuple[Due, ...]

    @property
    def types(self) -> dict[str, int]:
        """All questions by type, in the order of the types' names; 0 for one that is not used."""
        found = sum((Counter(lesson.types) for lesson in self.lessons), Counter[str]())
        return {name: found[name] for name in questions.TYPES}

    def due_by(self, day: datetime.date) -> tuple[Due, ...]:
        """Return what should be looked at until *day*."""
        return tuple(due for due in self.due if due.date <= day)


def take_inventory(material: Material) -> Inventory:
    """Return the inventory of a course, with its lessons in order."""
    pages = {page.lesson.id: page for page in material.pages if page.lesson is not None}
    sheets = {sheet.page.path: sheet for sheet in material.sheets}
    taken = reading.figures(material)
    lessons = [
        _counted(pages[name], sheets.get(pages[name].path), taken[pages[name].path])
        for name in material.course.lessons
    ]
    due = sorted(_due(material.sheets), key=lambda due: (due.date, due.place))
    return Inventory(tuple(lessons), tuple(due))


def _counted(page: Page, sheet: Sheet | None, taken: reading.Figures) -> Counted:
    lesson = page.lesson
    assert lesson is not None  # noqa: S101 - the caller's choice of pages
    items = sheet.items if sheet else ()
    listed = page.document.data.get("sources") or []
    return Counted(
        lesson=lesson.id,
        title=lesson.title,
        path=page.path,
        minutes=lesson.minutes,
        answering=timing.answering_minutes(lesson),
        planning=lesson.plan.minutes if lesson.plan else 0,
        writing=timing.writing_minutes(lesson.plan) if lesson.plan else 0,
        takes=taken.minutes,
        words=taken.words,
        sections=sum(1 for section in markdown.sections(page.body.prose) if section.title),
        types=dict(sorted(Counter(item.question.type for item in items).items())),
        unscored=sum(1 for item in items if not item.question.worth),
        practice=_practice(lesson.objectives, items),
        pictures=_pictures(page),
        sources=len(listed),
        linked=sum(1 for source in listed if source.get("url")),
        reported=sum(1 for source in listed if source.get("seen") == "report"),
        has_plan=lesson.plan is not None,
    )


def _practice(objectives: Iterable[str], items: Iterable[Item]) -> dict[str, int]:
    practised = Counter(
        item.question.objective for item in items if balance.practises(item.question)
    )
    return {name: practised[name] for name in objectives}


def _pictures(page: Page) -> int:
    """Count what is taken in, linked as a picture, or drawn in the page itself."""
    text = page.body.text
    taken_in = [match["path"] for match in _TAKEN_IN.finditer(text)]
    shown = sum(1 for link in markdown.links(page.body.visible) if link.is_picture)
    drawn = sum(1 for path in taken_in if path.lower().endswith(_PICTURE))
    return shown + drawn + text.count("<svg")


def _due(sheets: Iterable[Sheet]) -> Iterator[Due]:
    for sheet in sheets:
        lesson = sheet.page.lesson
        for item in sheet.items:
            if lesson is not None and item.question.review_after is not None:
                place = item.at(("review_after",), "")
                yield Due(lesson.id, item.question.id, item.question.review_after, place)
