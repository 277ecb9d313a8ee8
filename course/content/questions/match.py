"""Pairs to match."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from course.content.looks import visible_text
from course.content.model import Fault, Strict, Text, beside
from course.content.problems import short
from course.content.questions.base import (
    Control,
    Given,
    Marked,
    Note,
    Option,
    Question,
    Rows,
    option_key,
    repeated,
)
from course.content.questions.scoring import Scored
from course.content.questions.shuffled import Shuffled


class Pair(Strict):
    """What belongs together; the feedback is shown when the learner matched it otherwise."""

    left: Text
    """What is matched."""
    right: Text
    """What belongs to it."""
    feedback: Text | None = None
    """What a learner who matched it otherwise is told."""

    @property
    def key(self) -> str:
        return f"pair.{option_key(self.left)}"

    @property
    def stays(self) -> bool:
        return False


class Distractor(Strict):
    """A right-hand side that belongs to nothing."""

    text: Text
    """The right-hand side."""
    feedback: Text | None = None
    """What a learner who chooses it reads after answering."""
    misconception: Text | None = None
    """What a learner who chooses it seems to believe."""


class Match(Scored, Shuffled, Question):
    """Several lefts may share a right; a pair is a part of the mark."""

    TYPE: ClassVar[str] = "match"
    SECONDS: ClassVar[int] = 90
    MOVES: ClassVar[str] = "pairs"

    type: Literal["match"]
    pairs: list[Pair] = Field(min_length=2)
    """What belongs together."""
    distractors: list[Distractor] = Field(default_factory=list)
    """Right-hand sides that belong to nothing."""

    def faults(self) -> Iterator[Fault]:
        yield from repeated("pairs", [pair.left for pair in self.pairs], "left")
        rights: dict[str, str] = {}
        for position, pair in enumerate(self.pairs):
            right = rights.setdefault(visible_text(pair.right), pair.right)
            if option_key(right) != option_key(pair.right):
                message = (
                    f"'{short(pair.right)}' reads like '{short(right)}', but is another choice"
                )
                yield Fault(("pairs", position, "right"), message, "write both alike")
        if len(rights) == 1 and not self.distractors:
            yield Fault(("pairs",), "every pair has the same right side", "add distractors")
        for position, distractor in enumerate(self.distractors):
            if visible_text(distractor.text) in rights:
                yield Fault(
                    ("distractors", position, "text"),
                    f"'{short(distractor.text)}' is the right side of a pair",
                    "a distractor belongs to nothing",
                )
        yield from repeated("distractors", [distractor.text for distractor in self.distractors])

    def form(self, given: Given | None = None) -> list[Control]:
        texts = [pair.right for pair in self.pairs] + [d.text for d in self.distractors]
        options = {option_key(text): Option(option_key(text), text) for text in texts}
        # By the alphabet: an order that gives nothing away.
        choices = sorted(options.values(), key=lambda option: option.text.casefold())
        lefts = tuple(Option(pair.key, pair.left) for pair in self.pairs)
        return [Rows(lefts, tuple(choices), shuffled=self.varies)]

    def mark(self, given: Given) -> Marked:
        wrong = {option_key(d.text): d.feedback for d in self.distractors}
        notes = []
        for pair in self.pairs:
            chosen = given[pair.key][0]
            right = chosen == option_key(pair.right)
            text = "" if right else wrong.get(chosen) or pair.feedback or ""
            notes.append(Note(text, right, about=pair.left))
        return Marked(self._share([note.right is True for note in notes]), tuple(notes))

    def right(self) -> dict[str, list[str]]:
        return {pair.key: [option_key(pair.right)] for pair in self.pairs}

    def key(self) -> list[str]:
        return [beside(": ", pair.left, pair.right) for pair in self.pairs]

    def describe(self, given: Given) -> list[str]:
        texts = [pair.right for pair in self.pairs] + [d.text for d in self.distractors]
        named = {option_key(text): text for text in texts}
        return [beside(": ", pair.left, named[given[pair.key][0]]) for pair in self.pairs]
