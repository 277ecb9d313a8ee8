"""Squares: shares as squares along the diagonal of one large square, filled by the sum of their squares."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from course.charts.chart import Chart, Line
from course.charts.drawing import LEFT, RIGHT, Drawing, Tone, number, wide
from course.content.model import Fault, Strict

SIDE = 206


class Shares(Strict):
    """One large square."""

    label: Line
    """What stands above it."""
    shares: list[Annotated[float, Field(gt=0, le=100)]] = Field(min_length=1, max_length=8)
    """Shares in per cent, the largest first."""

    @property
    def index(self) -> float:
        return sum(share**2 for share in self.shares) / 100**2


class Squares(Chart):
    kind: Literal["squares"]
    rows: list[Shares] = Field(min_length=2, max_length=2)
    """The two large squares."""
    index_is: Line
    """What the sum of the squared shares is called."""

    def printed(self) -> list[str]:
        return [
            figure
            for row in self.rows
            for figure in (number(row.index, 2), *(number(share) for share in row.shares))
        ]

    def faults(self) -> Iterator[Fault]:
        yield from super().faults()
        for place, row in enumerate(self.rows):
            if abs(sum(row.shares) - 100) > 0.05:
                hint = "give the rest a share of its own"
                yield Fault(("rows", place, "shares"), "do not add up to 100", hint)
            if wide(row.label, strong=True) > SIDE:
                yield Fault(("rows", place, "label"), "is wider than its square", "shorten it")

    def paint(self, drawing: Drawing, top: float) -> float:
        for left, row in zip((LEFT, RIGHT - SIDE), self.rows, strict=True):
            drawing.text(row.label, left, top + 20, "label-strong")
            self._square(drawing, left, top + 34, row)
            drawing.text(self.index_is, left, top + 34 + SIDE + 32)
            figure = number(row.index, 2)
            drawing.text(figure, left + SIDE, top + 34 + SIDE + 32, "label-strong", 26, "end")
        return top + 34 + SIDE + 40

    def _square(self, drawing: Drawing, left: float, top: float, row: Shares) -> None:
        drawing.rect("soft", left, top, SIDE, SIDE, square=True)
        at = 0.0
        tones: tuple[Tone, Tone] = ("accent", "accent-2")
        for place, share in enumerate(row.shares):
            side = share / 100 * SIDE
            x, y = left + at, top + at
            drawing.rect(tones[place % 2], x, y, side, side, square=True)
            figure, size = f"{number(share)}%", 18 if side > 50 else 16
            if wide(figure, size) < side:
                middle = x + side / 2, y + side / 2 + 6
                drawing.text(figure, *middle, "label-on-accent", size, "middle")
            at += side
        drawing.outline(left, top, SIDE)
