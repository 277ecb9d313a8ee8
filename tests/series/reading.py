"""The lessons of the shipped course, cut into what its house rules speak of: sections, cases, sources.

A *case* is what stands before a paragraph that begins "What this does not prove.", back to the heading or
to the end of the case before.
"""

import datetime
import re
from dataclasses import dataclass
from pathlib import Path

from course.content import lesson as lessons
from course.content import reading
from course.content.course import Course, Lesson
from course.content.lesson import Source
from course.content.questions.base import Question
from course.quality import inventory, markdown, material
from course.quality.inventory import Inventory

ROOT = Path(__file__).parents[2]

LIMIT = "**What this does not prove.**"

YEAR = re.compile(r"\b(?:18|19|20)\d\d\b")

_BLOCK = re.compile(r"^/// (?:quiz|plan).*\n///$", re.MULTILINE)
_NAMES = re.compile(r"\b[A-Z][\w’'-]{2,}")
_NO_NAMES = frozenset(
    {
    "The", "Journal", "Company", "Tribunal", "January", "February", "March", "April", "May",
    "June", "July", "August", "September", "October", "November", "December", "Business",
    "American", "British", "European", "National", "United", "Kingdom", "States", "Customer",
    "Management", "Public", "Value", "Survey", "Rules", "Act", "Local", "Special",
    }
)  # fmt: skip


def names(source: Source) -> set[str]:
    """Return the names in a source by which a text may call it."""
    return {re.sub("['’]s?$", "", name) for name in _NAMES.findall(source.text)} - _NO_NAMES


def is_named(source: Source, text: str) -> bool:
    """Whether *text* calls the source by a name, or, where it has none, by two words of its own."""
    if found := names(source):
        return any(name in text for name in found)
    words = set(re.findall(r"[a-z]{5,}", source.text.lower()))
    return sum(word in text.lower() for word in words) >= 2


@dataclass(frozen=True)
class Section:
    title: str
    text: str
    words: int
    questions: tuple[Question, ...]

    @property
    def cases(self) -> list[str]:
        """The cases in it, each with its limits left out."""
        parts = f"{self.title}\n\n{self.text}".split(LIMIT)
        return [parts[0], *(part.split("\n\n", 1)[-1] for part in parts[1:])][:-1]

    @property
    def paragraphs(self) -> list[str]:
        return [part for part in self.text.split("\n\n") if part.strip()]


@dataclass(frozen=True)
class Told:
    """One lesson."""

    lesson: Lesson
    text: str
    sources: tuple[Source, ...]
    date: datetime.date
    opening: Section
    sections: tuple[Section, ...]
    """Those that teach: without the opening and the plan page."""
    plan: Section

    @property
    def name(self) -> str:
        return self.lesson.id


@dataclass(frozen=True)
class Series:
    course: Course
    lessons: tuple[Told, ...]
    inventory: Inventory

    @property
    def questions(self) -> list[Question]:
        return [question for told in self.lessons for question in told.lesson.questions]


def read() -> Series:
    found = reading.open_course(ROOT)
    read_from = material.read(ROOT, found, datetime.date.today())
    pages = {page.lesson.id: page for page in read_from.pages if page.lesson is not None}
    told = tuple(_told(pages[name]) for name in found.lessons)
    return Series(found, told, inventory.take_inventory(read_from))


def _told(page: material.Page) -> Told:
    lesson = page.lesson
    assert lesson is not None
    meta = lessons.LessonMeta.model_validate(page.document.data)
    assert meta.date is not None
    parts = re.split(r"^## +(.+)$", page.body.visible, flags=re.MULTILINE)
    counted = {section.title: section.words for section in markdown.sections(page.body.prose)}
    sections = [
        Section(
            title,
            text,
            counted[title],
            tuple(q for q in lesson.questions if lesson.places[q.id].section == title),
        )
        for title, text in zip(["", *parts[1::2]], parts[::2], strict=True)
    ]
    return Told(
        lesson,
        page.body.visible,
        tuple(meta.sources),
        meta.date,
        sections[0],
        tuple(sections[1:-1]),
        sections[-1],
    )


def runs_of_questions(section: Section) -> list[int]:
    """Return how many quiz blocks stand together each time, with no text in between."""
    marked = _BLOCK.sub("\0", section.text)
    return [len(run.split("\0")) - 1 for run in re.findall(r"\0(?:\s*\0)*", marked)]
