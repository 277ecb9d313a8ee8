"""Words typed into gaps of the prompt."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from course.content import diagrams
from course.content.folding import FOLDS, fold
from course.content.model import Fault, Id, PlainText, Strict, Text
from course.content.problems import did_you_mean, short
from course.content.questions.base import Control, Entry, Given, Marked, Note, Question, Slip

GAP = re.compile(r"\[\[([^\[\]]*)\]\]")
"""How a gap stands in a prompt: [[name]]."""


class TypedSlip(Slip):
    answer: Text
    """The wrong words."""


class Blank(Strict):
    """The words that fill one gap."""

    accept: list[Text] = Field(min_length=1)
    """The words that are right."""
    feedback: Text | None = None
    """What a learner who writes something else is told."""
    slips: list[TypedSlip] = Field(default_factory=list)
    """Likely wrong answers."""


class Blanks(Question):
    """Case, accents, spaces and outer punctuation do not matter; each gap counts alike."""

    TYPE: ClassVar[str] = "blank"

    type: Literal["blank"]
    blanks: dict[Id, Blank] = Field(min_length=1)
    """The gaps by the names that stand in the prompt as [[name]]."""

    def faults(self) -> Iterator[Fault]:
        for name in GAP.findall("\n".join(diagrams.split(self.prompt)[1::2])):
            message = f"[[{short(name)}]] stands in a diagram, where nobody can type"
            hint = "write the gap into the text; a shape with double sides is A@{ shape: subproc }"
            yield Fault(("prompt",), message, hint)
        gaps = Counter(GAP.findall("\n".join(diagrams.split(self.prompt)[::2])))
        for name in gaps:
            if name not in self.blanks:
                hint = did_you_mean(name, self.blanks)
                message = f"the gap [[{short(name)}]] has no entry under 'blanks'"
                yield Fault(("prompt",), message, hint)
        for name, blank in self.blanks.items():
            if gaps[name] != 1:
                times = "stands more than once" if gaps[name] else "does not stand"
                message = f"[[{name}]] {times} in the prompt"
                yield Fault(("blanks", name), message, "write it there once")
            accepted = {fold(text) for text in blank.accept}
            for position, slip in enumerate(blank.slips):
                if fold(slip.answer) in accepted:
                    yield Fault(
                        ("blanks", name, "slips", position, "answer"),
                        f"'{short(slip.answer)}' is accepted and a slip",
                        "remove it from one of them",
                    )

    def form(self, given: Given | None = None) -> list[Control]:
        gaps = [name for name in GAP.findall(self.prompt) if name in self.blanks]
        return [
            Entry(f"gap.{name}", f"Gap {number} of {len(gaps)}", "word")
            for number, name in enumerate(gaps, start=1)
        ]

    def mark(self, given: Given) -> Marked:
        notes = []
        fold = FOLDS[self.marked_by]
        # In the order of the prompt: PostgreSQL stores what a question holds in an order of its own.
        blanks = sorted(self.blanks.items(), key=lambda pair: self.prompt.find(f"[[{pair[0]}]]"))
        for name, blank in blanks:
            typed = given[f"gap.{name}"][0]
            folded = fold(typed)
            right = folded in {fold(text) for text in blank.accept}
            slip = next((s for s in blank.slips if fold(s.answer) == folded), None)
            text = "" if right else slip.feedback if slip else blank.feedback or ""
            notes.append(Note(text, right, about=PlainText(typed)))
        return Marked(sum(note.right is True for note in notes) / len(notes), tuple(notes))

    def right(self) -> dict[str, list[str]]:
        fold = FOLDS[self.marked_by]
        return {
            f"gap.{name}": sorted({fold(text) for text in blank.accept})
            for name, blank in self.blanks.items()
        }

    def key(self) -> list[PlainText]:
        # Compared with what is typed, letter by letter: no Markdown.
        return [
            PlainText(" / ".join(self.blanks[name].accept)) for name in GAP.findall(self.prompt)
        ]

    def describe(self, given: Given) -> list[PlainText]:
        return [PlainText(given[f"gap.{name}"][0]) for name in GAP.findall(self.prompt)]
