"""Some options are right, and each choice counts."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from course.content.counts import pluralise
from course.content.model import Fault, beside, has_code
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
from course.content.questions.scoring import Scoring, Weight
from course.content.questions.shuffled import Shuffled
from course.content.questions.single import KeyedOption


class WeightedOption(KeyedOption):
    """An option that may count more or less than others."""

    weight: Weight | None = None
    """With `scoring: weights`, what choosing it adds: above 0 for right options, 0 or less for wrong ones."""


class Multiple(Shuffled, Question):
    """Some options are right; the mark is never below 0.

    By parts it is right options chosen less wrong ones chosen, as a share of the right ones. So whoever
    chooses everything has what the right options exceed the wrong ones by.
    """

    TYPE: ClassVar[str] = "multiple"
    SECONDS: ClassVar[int] = 90

    type: Literal["multiple"]
    options: list[WeightedOption] = Field(min_length=2)
    """What to choose from; one or more are right."""
    scoring: Literal[Scoring, "weights"] = "parts"  # a union would tell of a wrong word twice
    """parts: right choices less wrong ones; all-or-nothing: just the right ones; weights: as options say."""

    def faults(self) -> Iterator[Fault]:
        if not any(option.correct for option in self.options):
            yield Fault(("options",), "no option is right", "add 'correct: true' to those that are")
        if all(option.correct for option in self.options):
            yield Fault(
                ("options",), "every option is right", "add one that is plausible and wrong"
            )
        yield from repeated("options", [option.text for option in self.options])
        yield from self._faults_of_weights()

    def _faults_of_weights(self) -> Iterator[Fault]:
        for position, option in enumerate(self.options):
            place = ("options", position, "weight")
            if option.weight is None:
                continue
            if self.scoring != "weights":
                hint = "add 'scoring: weights' to the question, or remove it"
                yield Fault(place, "counts for nothing here", hint)
            elif option.correct and option.weight <= 0:
                yield Fault(place, "a right option adds something", "give it a weight above 0")
            elif not option.correct and option.weight > 0:
                hint = "give it 0 or less, or mark it 'correct: true'"
                yield Fault(place, "a wrong option adds nothing", hint)
        if self.scoring == "weights" and all(option.weight is None for option in self.options):
            hint = "add 'weight:' to options; those without count 1 if right and -1 if wrong"
            yield Fault(("scoring",), "no option has a weight", hint)

    def form(self, given: Given | None = None) -> list[Control]:
        options = tuple(Option(o.key, o.text, o.stays) for o in self.options)
        return [Choices("choice", options, many=True, shuffled=self.varies)]

    def mark(self, given: Given) -> Marked:
        chosen = [option for option in self.options if option.key in given["choice"]]
        right = sum(option.correct for option in self.options)
        hits = sum(option.correct for option in chosen)
        share = self._share(chosen)
        notes = [Note(o.feedback or "", o.correct, about=o.text) for o in chosen]
        if hits < right:
            left = right - hits
            missing = pluralise(left, "One right option is", f"{left} right options are")
            notes.append(Note(f"{missing} missing."))
        return Marked(share, tuple(notes))

    def _share(self, chosen: Sequence[WeightedOption]) -> float:
        """Return the share of the points for the options *chosen*."""
        right = [option for option in self.options if option.correct]
        if self.scoring == "all-or-nothing":
            return float(list(chosen) == right)
        points = sum(map(self.weight_of, chosen))
        return min(1.0, max(0.0, points / sum(map(self.weight_of, right))))

    def weight_of(self, option: WeightedOption) -> float:
        """Return what choosing *option* adds; the right options together are the whole mark."""
        if self.scoring == "weights" and option.weight is not None:
            return option.weight
        return 1.0 if option.correct else -1.0

    def right(self) -> dict[str, list[str]]:
        right = {"choice": [option.key for option in self.options if option.correct]}
        if self.scoring == "weights":
            right |= {option.key: [f"{self.weight_of(option):g}"] for option in self.options}
        return right

    def key(self) -> list[str]:
        return [
            beside(" ", option.text, _in_brackets(option.feedback))
            if option.feedback
            else option.text
            for option in self.options
            if option.correct
        ]

    def describe(self, given: Given) -> list[str]:
        chosen = [option.text for option in self.options if option.key in given["choice"]]
        return chosen or ["(no option chosen)"]


def _in_brackets(text: str) -> str:
    return text if has_code(text) else f"({text})"
