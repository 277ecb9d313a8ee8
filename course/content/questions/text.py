"""A free answer, which the learner checks against a list after sending it."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from course.content.model import Fault, Passage, PlainText, Text
from course.content.questions.base import (
    Choices,
    Control,
    Entry,
    Fields,
    Given,
    Marked,
    Note,
    Option,
    Question,
    option_key,
    twins,
)


class FreeText(Question):
    """First the text is sent; then the list appears, and sending again records what was ticked."""

    TYPE: ClassVar[str] = "text"
    SCORED: ClassVar[bool] = False
    FOLLOWS_UP: ClassVar[bool] = True
    SECONDS: ClassVar[int] = 120

    type: Literal["text"]
    checklist: list[Text] = Field(min_length=1)
    """What a good answer does; learners tick what theirs does."""
    example: Text | None = None
    """An answer to compare with."""

    def faults(self) -> Iterator[Fault]:
        for position in twins(self.checklist):
            yield Fault(("checklist", position), "reads like one before it", "make each different")

    def form(self, given: Given | None = None) -> list[Control]:
        controls: list[Control] = [Entry("text", "Your answer", "paragraph")]
        if given is not None:
            options = tuple(Option(option_key(text), text) for text in self.checklist)
            legend = "Check your own text: which of these does it do?"
            controls.append(Choices("check", options, many=True, legend=legend))
        return controls

    def read(self, fields: Fields, previous: Given | None = None) -> Given:
        # What was ticked counts whether or not we know of the answer before it: it may still be on its way.
        return super().read(fields, previous or ({} if "check" in fields else None))

    def mark(self, given: Given) -> Marked:
        ticked = given.get("check", [])
        if not ticked:
            return Marked(None)
        return Marked(None, (Note(f"You ticked {len(ticked)} of {len(self.checklist)}."),))

    def key(self) -> list[str]:
        return [self.example] if self.example else []

    def describe(self, given: Given) -> list[Passage]:
        ticked = given.get("check", [])
        return [
            PlainText(given["text"][0]),
            *(f"ticked: {t}" for t in self.checklist if option_key(t) in ticked),
        ]
