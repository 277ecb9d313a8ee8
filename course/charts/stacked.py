"""Stacked bars: each in pieces; if wanted, wedges lead from the pieces of one bar to those of the next."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from pydantic import Field

from course.charts.chart import Amount, Chart, Decimals, Line
from course.charts.drawing import LEFT, ON, RIGHT, Drawing, Tone, wide
from course.content.model import Fault, Strict


class Piece(Strict):
    """A part of a bar."""

    value: Amount
    """The figure; a piece of 0 is not drawn, and keeps its place for the wedges."""
    label: Line | None = None
    """What stands behind the figure."""
    tone: Tone = "accent"
    """Its colour."""


class Pile(Strict):
    """One bar."""

    label: Line
    """What the bar is of."""
    pieces: list[Piece] = Field(min_length=1, max_length=6)
    """Its parts, from left to right."""

    @property
    def sum(self) -> float:
        return sum(piece.value for piece in self.pieces)


class Stacked(Chart):
    kind: Literal["stacked"]
    rows: list[Pile] = Field(min_length=1, max_length=8)
    """The bars, from top to bottom."""
    decimals: Decimals = None
    """Decimals of each figure."""
    joined: bool = False
    """Whether wedges lead from each piece to the one at its place in the next bar."""
    mark: Amount | None = None
    """A figure at which a dashed line crosses all bars."""
    key: dict[Tone, Line] = Field(default_factory=dict)
    """What the colours mean, where the pieces are too small to say it."""

    def printed(self) -> list[str]:
        return [
            self.figure(piece.value, self.decimals)
            for row in self.rows
            for piece in row.pieces
            if piece.value
        ]

    def faults(self) -> Iterator[Fault]:
        yield from super().faults()
        if not self._full:
            yield Fault(("rows",), "are all empty", "give some piece a value above 0")
            return
        for at, row in enumerate(self.rows):
            for place, piece in enumerate(row.pieces[:-1]):
                if piece.value and not self._fits(piece):
                    hint = "shorten its label, or make it the last of its row"
                    message = f"is too narrow for '{self._piece_text(piece)}'"
                    yield Fault(("rows", at, "pieces", place), message, hint)
        if self.mark is not None and not 0 < self.mark <= self._full:
            yield Fault(("mark",), "lies beyond the longest bar", "correct it, or leave it out")

    @property
    def _full(self) -> float:
        return max(row.sum for row in self.rows)

    @property
    def _scale(self) -> float:
        """The length of 1; a dashed line at the end of the bars wants a little room."""
        return (RIGHT - LEFT - (4 if self.mark is not None else 0)) / self._full

    def _piece_text(self, piece: Piece) -> str:
        return f"{self.figure(piece.value, self.decimals)} {piece.label or ''}".strip()

    def _fits(self, piece: Piece) -> bool:
        return wide(self._piece_text(piece)) + 6 <= piece.value * self._scale

    def paint(self, drawing: Drawing, top: float) -> float:
        thick = 64 if self.joined else 46
        starts: list[float] = []
        first = top
        for place, row in enumerate(self.rows):
            below = self.joined and place == len(self.rows) - 1
            if not below:
                drawing.text(row.label, LEFT, top + 22)
                top += 34
            starts.append(top)
            top += thick + (86 if self.joined else 26)
        if self.joined:
            self._wedges(drawing, starts, thick)
        for start, row in zip(starts, self.rows, strict=True):
            self._bar(drawing, row, start, thick)
        end = starts[-1] + thick
        if self.joined:
            end += 30
            drawing.text(self.rows[-1].label, LEFT, end)
        if self.mark is not None:
            x = LEFT + self.mark * self._scale
            drawing.line("line dash", x, first + 26, x, end + 12)
            end += 36
            label = self.figure(self.mark, self.decimals)
            drawing.text(label, x, end, "label-strong", anchor="end")
            drawing.text(self.figure(0), LEFT, end, "label-soft")
        return self._legend(drawing, end) if self.key else end

    def _bar(self, drawing: Drawing, row: Pile, top: float, thick: float) -> None:
        x: float = LEFT
        middle = top + thick / 2 + 7
        for piece in row.pieces:
            width = piece.value * self._scale
            if not piece.value:
                continue
            drawing.rect(piece.tone, x, top, width, thick, square=self.joined)
            label = self._piece_text(piece)
            if self._fits(piece):
                drawing.text(label, x + width / 2, middle, ON[piece.tone], anchor="middle")
            elif x + width + 10 + wide(label, strong=True) <= RIGHT:
                drawing.text(label, x + width + 10, middle, "label-strong")
            else:
                drawing.text(label, RIGHT, top + thick + 24, "label-strong", anchor="end")
            x += width

    def _wedges(self, drawing: Drawing, starts: list[float], thick: float) -> None:
        ends = [self._edges(row) for row in self.rows]
        for place, (above, below) in enumerate(pairwise(ends)):
            high, low = starts[place] + thick, starts[place + 1]
            for piece, (a, b), (c, d) in zip(self.rows[place].pieces, above, below, strict=False):
                if a < b and c < d:
                    corners = [(a, high), (b, high), (d, low), (c, low)]
                    drawing.polygon(f"{piece.tone.removesuffix('-soft')}-soft", corners)

    def _edges(self, row: Pile) -> list[tuple[float, float]]:
        edges: list[tuple[float, float]] = []
        x: float = LEFT
        for piece in row.pieces:
            edges.append((x, x + piece.value * self._scale))
            x = edges[-1][1]
        return edges

    def _legend(self, drawing: Drawing, end: float) -> float:
        x: float = LEFT
        end += 36
        for tone, label in self.key.items():
            if x > LEFT and x + 28 + wide(label) > RIGHT:
                x, end = LEFT, end + 30
            drawing.rect(tone, x, end - 15, 18, 18)
            drawing.text(label, x + 26, end)
            x += 26 + wide(label) + 26
        return end
