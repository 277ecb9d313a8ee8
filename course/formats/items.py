"""What passes between a format and a course: questions on their way in and out, and what became of each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from course.content.problems import CourseError, Problem
from course.content.questions.base import Question


class Refused(Exception):
    """This question cannot be converted; carries the reason. Other questions still can."""


@dataclass
class Outcome:
    """The result for one question; *place* is its position in the file or the course."""

    name: str
    place: str
    lost: list[str] = field(default_factory=list)
    """What was left out, or counts otherwise than before."""
    refused: str = ""
    """Why it was not carried at all."""

    @property
    def status(self) -> str:
        """ "whole", "part" or "refused"."""
        return "refused" if self.refused else "part" if self.lost else "whole"

    def report_loss(self, what: str) -> None:
        if what not in self.lost:
            self.lost.append(what)


@dataclass
class Item(Outcome):
    """A question on its way in: *data* is as a quiz file has it, with id and objective still to be settled.

    Its texts name *pictures* as `PICTURE` and the picture's name, until it is known where they will lie.
    """

    data: dict[str, Any] = field(default_factory=dict)
    id: str = ""
    category: str = ""
    """The objective that the file names, or the folder that it keeps the question in."""
    praise: list[str] = field(default_factory=list)
    """Feedback for right answers, which a question here can only put into its explanation."""
    pictures: dict[str, bytes] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    """Notes for review about what was filled in or renamed; nothing of the source is lost."""


PICTURE = "picture:"


@dataclass(frozen=True)
class ExportedQuestion:
    """A question to export, with the lesson that asks it; *folder* is the folder of its page's address."""

    question: Question
    lesson_id: str
    lesson_title: str
    folder: Path

    @property
    def place(self) -> str:
        return self.lesson_id


def moodle_folder(entry: ExportedQuestion) -> str:
    """Return the category in which Moodle shall keep a question: its lesson and its objective."""
    return f"top/{entry.lesson_title.replace('/', '//')}/{entry.question.objective}"


_ROOTS = {"$course$", "$module$", "$system$", "top", ""}


def last_folder(category: str) -> str:
    """Return the innermost folder that a Moodle category names."""
    parts = [part.replace("\0", "/") for part in category.replace("//", "\0").split("/")]
    parts_used = [
        part for part in parts if part.strip() not in _ROOTS and not part.startswith("$cat")
    ]
    return parts_used[-1].strip() if parts_used else ""


class Written(NamedTuple):
    """A file, and what became of each question. *content* is None where none could be carried."""

    content: bytes | None
    outcomes: list[Outcome]


def unusable(
    name: str, message: str, hint: str = "", *, line: int = 1, column: int = 1
) -> CourseError:
    """Return the error of a file that cannot be taken as a whole."""
    return CourseError([Problem(name, line, column, message, hint)])


_SAID = {
    "hint": "the hint",
    "group": "the group",
    "tags": "the tags",
    "sources": "the sources",
    "review_after": "the date for looking at it again",
    "points": "the points",
    "misconception": "the misconceptions",
    "changes": "the decisions about earlier revisions",
    "lint": "the exceptions from 'course lint'",
    "feedback": "the feedback on single parts",
    "example": "the example",
    "checklist": "the checklist",
    "unit": "the unit",
    "shuffle": "the shuffled order",
    "scoring": "how its parts are scored",
    "weight": "the weights of options",
    "marking": "the version of the marking rules",
    "solution": "the worked solution",
    "fixed": "which options keep their place",
}


def left_behind(
    question: Question, carried: Iterable[str], parts: Iterable[str] = ()
) -> Iterator[str]:
    """Yield what of *question* has no place in a format that carries only these keys.

    *carried* are keys of the question, *parts* those of its options, pairs, gaps and the like.
    """
    data = question.model_dump(mode="json", exclude_defaults=True)
    known = {"id", "type", "objective", "prompt", "explanation", *carried}
    for key in data:
        if key not in known:
            yield f"{_SAID.get(key, repr(key))} cannot be carried"
    inner = set()
    for key in known & data.keys():
        inner |= set(_keys_within(data[key]))
    if "blanks" in data:
        inner -= data["blanks"].keys()
    for key in sorted(
        inner - set(parts) - {"text", "correct", "left", "right", "answer", "accept"}
    ):
        yield f"{_SAID.get(key, repr(key))} cannot be carried"


def _keys_within(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _keys_within(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys_within(inner)
