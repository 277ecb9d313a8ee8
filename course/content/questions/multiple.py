"""Some options are right, and each choice counts."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from course.content.model import Fault
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
from course.content.questions.shuffled import Shuffled
from course.content.questions.single import KeyedOption


class Multiple(Shuffled, Question):
    """Marked by parts: right options chosen less wrong ones chosen, as a share of the right ones.

    So choosing everything earns nothing extra, and the mark is never below 0.
    """

    TYPE: ClassVar[str] = "multiple"

    type: Literal["multiple"]
    options: list[KeyedOption] = Field(min_length=2)
    """What to choose from; one or more are right."""

    def faults(self) -> Iterator[Fault]:
        if not any(option.correct for option in self.options):
            yield Fault(("options",), "no option is right", "add 'correct: true' to those that are")
        if all(option.correct for option in self.options):
            yield Fault(
                ("options",), "every option is right", "add one that is plausible and wrong"
            )
        yield from repeated("options", [option.text for option in self.options])

    def form(self, given: Given | None = None) -> list[Control]:
        options = tuple(Option(o.key, o.text, o.stays) for o in self.options)
        return [Choices("choice", options, many=True, shuffled=self.varies)]

    def mark(self, given: Given) -> Marked:
        chosen = [option for option in self.options if option.key in given["choice"]]
        right = sum(option.correct for option in self.options)
        hits = sum(option.correct for option in chosen)
        share = max(0.0, (2 * hits - len(chosen)) / right)
        notes = [Note(o.feedback or "", o.correct, about=o.text) for o in chosen]
        if hits < right:
            left = right - hits
            notes.append(
                Note(
                    "One right option is missing."
                    if left == 1
                    else f"{left} right options are missing."
                )
            )
        return Marked(share, tuple(notes))

    def right(self) -> dict[str, list[str]]:
        return {"choice": [option.key for option in self.options if option.correct]}

    def key(self) -> list[str]:
        return [
            f"{option.text} ({option.feedback})" if option.feedback else option.text
            for option in self.options
            if option.correct
        ]

    def say(self, given: Given) -> list[str]:
        chosen = [option.text for option in self.options if option.key in given["choice"]]
        return chosen or ["(no option chosen)"]
