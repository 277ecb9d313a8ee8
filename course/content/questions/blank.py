"""Words typed into gaps of the prompt."""

import re
import unicodedata
from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from course.content.model import Fault, Id, Strict, Text
from course.content.problems import did_you_mean
from course.content.questions.base import Control, Entry, Given, Marked, Note, Question, Slip

GAP = re.compile(r"\[\[([^\[\]]*)\]\]")
"""How a gap stands in a prompt: [[name]]."""


class TypedSlip(Slip):
    answer: Text


class Blank(Strict):
    """The words that fill one gap."""

    accept: list[Text] = Field(min_length=1)
    feedback: Text | None = None
    slips: list[TypedSlip] = Field(default_factory=list)


class Blanks(Question):
    """Case, accents, spaces and closing punctuation do not matter; each gap counts alike."""

    TYPE: ClassVar[str] = "blank"

    type: Literal["blank"]
    blanks: dict[Id, Blank] = Field(min_length=1)

    def faults(self) -> Iterator[Fault]:
        gaps = GAP.findall(self.prompt)
        for name in gaps:
            if name not in self.blanks:
                hint = did_you_mean(name, self.blanks)
                yield Fault(("prompt",), f"the gap [[{name}]] has no entry under 'blanks'", hint)
        for name, blank in self.blanks.items():
            if gaps.count(name) != 1:
                times = "does not stand" if name not in gaps else "stands more than once"
                yield Fault(
                    ("blanks", name), f"[[{name}]] {times} in the prompt", "write it there once"
                )
            accepted = {fold(text) for text in blank.accept}
            for position, slip in enumerate(blank.slips):
                if fold(slip.answer) in accepted:
                    yield Fault(
                        ("blanks", name, "slips", position, "answer"),
                        f"'{slip.answer}' is accepted and a slip",
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
        for name, blank in self.blanks.items():
            typed = given[f"gap.{name}"][0]
            right = fold(typed) in {fold(text) for text in blank.accept}
            slip = next((s for s in blank.slips if fold(s.answer) == fold(typed)), None)
            text = "" if right else slip.feedback if slip else blank.feedback or ""
            notes.append(Note(text, right, about=typed))
        return Marked(sum(note.right is True for note in notes) / len(notes), tuple(notes))

    def key(self) -> list[str]:
        return [" / ".join(self.blanks[name].accept) for name in GAP.findall(self.prompt)]

    def say(self, given: Given) -> list[str]:
        return [given[f"gap.{name}"][0] for name in GAP.findall(self.prompt)]


def fold(text: str) -> str:
    """Return *text* as it is compared: no case, accents, outer punctuation or double spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(plain.split()).strip(" .,;:!?\"'“”‘’«»")
