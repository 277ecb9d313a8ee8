"""One option of several is right."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from course.content.model import Fault, Text
from course.content.questions.base import (
    Choices,
    Control,
    Given,
    Marked,
    Note,
    Option,
    Question,
    repeated,
)
from course.content.questions.shuffled import MovableOption, Shuffled


class KeyedOption(MovableOption):
    """An option that is right or wrong, and says why."""

    correct: bool = False
    """Whether it is right."""
    misconception: Text | None = None
    """What a learner who chooses it seems to believe."""


class Single(Shuffled, Question):
    """One option of several is right."""

    TYPE: ClassVar[str] = "single"

    type: Literal["single"]
    options: list[KeyedOption] = Field(min_length=2)
    """What to choose from; exactly one is right."""

    def faults(self) -> Iterator[Fault]:
        right = [position for position, option in enumerate(self.options) if option.correct]
        if not right:
            yield Fault(("options",), "no option is right", "add 'correct: true' to one of them")
        for position in right[1:]:
            yield Fault(
                ("options", position, "correct"),
                f"{len(right)} options are right; a single question has one key",
                "keep one, or use 'type: multiple'",
            )
        yield from repeated("options", [option.text for option in self.options])

    def form(self, given: Given | None = None) -> list[Control]:
        options = tuple(Option(o.key, o.text, o.stays) for o in self.options)
        return [Choices("choice", options, shuffled=self.varies)]

    def mark(self, given: Given) -> Marked:
        chosen = next(option for option in self.options if option.key in given["choice"])
        notes = (Note(chosen.feedback, chosen.correct),) if chosen.feedback else ()
        return Marked(1.0 if chosen.correct else 0.0, notes)

    def right(self) -> dict[str, list[str]]:
        return {"choice": [option.key for option in self.options if option.correct]}

    def key(self) -> list[str]:
        return [option.text for option in self.options if option.correct]

    def describe(self, given: Given) -> list[str]:
        return [option.text for option in self.options if option.key in given["choice"]]
