"""Things to put in order."""

import hashlib
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag

from course.content.model import Fault, Strict, Text, beside
from course.content.questions.base import (
    Control,
    Given,
    Marked,
    Note,
    Option,
    Question,
    Rows,
    option_key,
    twins,
)
from course.content.questions.scoring import Scored


class Item(Strict):
    """One thing to place; its feedback is shown when it stands elsewhere."""

    text: Text
    """What the learner reads, as Markdown."""
    feedback: Text | None = None
    """What a learner who placed it elsewhere is told."""

    @property
    def key(self) -> str:
        return f"item.{option_key(self.text)}"


def _kind(value: Any) -> str:
    return "group" if isinstance(value, list) else "item"


class Order(Scored, Question):
    """An item that stands where it may is a part of the mark.

    A list within the items is a group whose members may stand in any order among themselves.
    """

    TYPE: ClassVar[str] = "order"
    SECONDS: ClassVar[int] = 90

    type: Literal["order"]
    items: list[
        Annotated[
            Annotated[Item, Tag("item")]
            | Annotated[Annotated[list[Item], Field(min_length=2)], Tag("group")],
            Discriminator(_kind),
        ]
    ] = Field(min_length=1)
    """The items in the right order."""

    def _places(self) -> dict[Item, range]:
        """Return for each item, in the right order, the places (from 1) where it may stand."""
        places: dict[Item, range] = {}
        for entry in self.items:
            group = entry if isinstance(entry, list) else [entry]
            first = len(places) + 1
            places.update({item: range(first, first + len(group)) for item in group})
        return places

    def faults(self) -> Iterator[Fault]:
        steps: list[tuple[str | int, ...]] = []
        texts: list[str] = []
        for position, entry in enumerate(self.items):
            for inner, item in enumerate(entry if isinstance(entry, list) else [entry]):
                within = (inner,) if isinstance(entry, list) else ()
                steps.append(("items", position, *within, "text"))
                texts.append(item.text)
        if len(self.items) == 1:
            yield Fault(("items",), "any order would be right", "add an item outside the group")
        if len(texts) > 7:
            message = f"{len(texts)} items are too many to order"
            yield Fault(("items",), message, "use seven at most")
        for position in twins(texts):
            yield Fault(steps[position], "reads like one before it", "make each different")

    def form(self, given: Given | None = None) -> list[Control]:
        rows = [Option(item.key, item.text) for item in self._places()]
        ranks = tuple(Option(str(place), str(place)) for place in range(1, len(rows) + 1))
        return [Rows(self._mixed(rows), ranks, ranks=True)]

    def _mixed(self, rows: list[Option]) -> tuple[Option, ...]:
        """Return *rows* in an order that is the same every time and never a right one."""
        mixed = sorted(
            rows, key=lambda row: hashlib.sha256(f"{self.id} {row.key}".encode()).digest()
        )
        spans = {item.key: span for item, span in self._places().items()}
        for _ in rows:  # turned round, each item comes to stand at each place once
            if not all(place in spans[row.key] for place, row in enumerate(mixed, start=1)):
                break
            mixed = mixed[1:] + mixed[:1]
        return tuple(mixed)

    def mark(self, given: Given) -> Marked:
        places = self._places()
        right = {item: int(given[item.key][0]) in span for item, span in places.items()}
        notes = tuple(
            Note(item.feedback or "", right=False, about=item.text)
            for item in sorted(places, key=lambda item: int(given[item.key][0]))
            if not right[item]
        )
        return Marked(self._share(list(right.values())), notes)

    def right(self) -> dict[str, list[str]]:
        return {item.key: [str(n) for n in span] for item, span in self._places().items()}

    def key(self) -> list[str]:
        return [
            beside(" / ", *(item.text for item in entry)) if isinstance(entry, list) else entry.text
            for entry in self.items
        ]

    def describe(self, given: Given) -> list[str]:
        ordered = sorted(self._places(), key=lambda item: int(given[item.key][0]))
        return [item.text for item in ordered]
