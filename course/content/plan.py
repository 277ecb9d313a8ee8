"""Plan pages: what a learner makes of a lesson for their own work, one YAML file beside each lesson."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field

from course.content import source
from course.content.model import Fault, Id, Strict, Text, place, validated
from course.content.problems import Problem


class Part(Strict):
    """One thing to write: a few lines, or a table when it has columns."""

    id: Id
    """A name that stays; learners' pages refer to it."""
    prompt: Text
    """What to write, as Markdown."""
    example: Text | None = None
    """One good entry."""
    columns: list[Text] = Field(default_factory=list)
    """The heads of a table's columns, besides that of its rows."""
    rows: list[Text] = Field(default_factory=list)
    """What the rows are about."""
    blank_rows: Annotated[int, Field(ge=0, le=20)] = 0
    """Rows whose subject the learner chooses."""


class Criterion(Strict):
    """One thing that makes the page good, for those who review it."""

    id: Id
    """A name that stays."""
    criterion: Text
    """What is to be seen on the page."""


class Plan(Strict):
    """A page of the learner's own plan."""

    title: Text
    """What the page is called."""
    purpose: Text
    """What it is good for."""
    minutes: Annotated[int, Field(ge=1, le=240)]
    """How long it takes."""
    parts: list[Part] = Field(min_length=1)
    """What is to be written, in order."""
    rubric: list[Criterion] = Field(min_length=1)
    """What makes it good."""

    def faults(self) -> Iterator[Fault]:
        for name in ("parts", "rubric"):
            seen: set[str] = set()
            for position, entry in enumerate(getattr(self, name)):
                if entry.id in seen:
                    yield Fault((name, position, "id"), "used twice", "give each its own")
                seen.add(entry.id)
        for position, part in enumerate(self.parts):
            if part.columns and not (part.rows or part.blank_rows):
                hint = "add 'rows:' with their heads, or 'blank_rows: 5'"
                yield Fault(("parts", position, "columns"), "a table without rows", hint)
            if not part.columns and (part.rows or part.blank_rows):
                key = "rows" if part.rows else "blank_rows"
                hint = "add 'columns:' with their heads"
                yield Fault(("parts", position, key), "a table without columns", hint)


def read(root: Path, path: Path) -> tuple[Plan | None, list[Problem]]:
    """Return the plan page in *path* and all its problems; None where nothing of it can be used."""
    name = source.name_of(root, path)
    try:
        document = source.parse_yaml(name, source.read_text(root, path))
    except source.Unreadable as error:
        return None, error.problems
    problems = list(document.problems)
    plan, found = validated(Plan, document.data, document, (), "plan page")
    problems += found
    if plan is not None:
        problems += [
            document.at(fault.steps, f"{place(fault.steps)}: {fault.message}", fault.hint)
            for fault in plan.faults()
        ]
    return plan, problems
