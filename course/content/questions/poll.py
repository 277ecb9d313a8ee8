"""A question without a right answer, which shows what other learners chose."""

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


class PollOption(MovableOption):
    """Something to choose; feedback is a thought in return."""


class Poll(Shuffled, Question):
    """No answer is right; learners see what others chose."""

    TYPE: ClassVar[str] = "poll"
    SCORED: ClassVar[bool] = False
    SECONDS: ClassVar[int] = 30

    type: Literal["poll"]
    options: list[PollOption] = Field(min_length=2)
    """What to choose from."""
    explanation: Text | None = None  # type: ignore[assignment]  # nothing to explain in most polls
    """What to say after the answer."""

    def faults(self) -> Iterator[Fault]:
        yield from repeated("options", [option.text for option in self.options])

    def form(self, given: Given | None = None) -> list[Control]:
        options = tuple(Option(o.key, o.text, o.stays) for o in self.options)
        return [Choices("choice", options, shuffled=self.varies)]

    def mark(self, given: Given) -> Marked:
        chosen = next(option for option in self.options if option.key in given["choice"])
        return Marked(None, (Note(chosen.feedback),) if chosen.feedback else ())

    def key(self) -> list[str]:
        return []

    def describe(self, given: Given) -> list[str]:
        return [option.text for option in self.options if option.key in given["choice"]]
