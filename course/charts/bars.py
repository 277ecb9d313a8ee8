"""Bars: one figure a row, from a common line."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from course.charts.chart import Chart, Decimals, Line, Row
from course.charts.drawing import LARGE, LEFT, RIGHT, Drawing, wide
from course.content.model import Fault

NARROWEST = 150
"""A full bar that is shorter shows nothing."""


class Whole(Row):
    """A piece of the last bar, which shows all rows together."""

    value: Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False)]
    """How much of the whole it is."""


class Bars(Chart):
    kind: Literal["bars"]
    rows: list[Row] = Field(min_length=2, max_length=14)
    """The figures, from top to bottom."""
    decimals: Decimals = None
    """Decimals of each figure."""
    out_of: Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False)] | None = None
    """What a full bar would be, such as 100; without it the longest bar is full."""
    labels: Literal["beside", "above"] = "beside"
    """Where the names of the rows stand."""
    whole: list[Whole] = Field(default_factory=list, max_length=3)
    """A last bar of several pieces, on the same scale."""
    whole_says: Line | None = None
    """What stands at the end of the last bar's names."""

    def printed(self) -> list[str]:
        return [self.figure(row.value, self.decimals) for row in self.rows]

    def faults(self) -> Iterator[Fault]:
        yield from super().faults()
        largest = max(row.value for row in self.rows)
        if not largest:
            yield Fault(("rows",), "are all 0", "give some row a value above 0")
        if self.out_of and largest > self.out_of:
            yield Fault(("out_of",), "is less than the longest bar", "raise it, or leave it out")
        if self._room < NARROWEST:
            hint = "shorten the labels, or write 'labels: above'"
            yield Fault(("rows",), "have labels that leave no room for the bars", hint)

    @property
    def _start(self) -> float:
        if self.labels == "above":
            return LEFT
        return round(LEFT + max(wide(row.label) for row in self.rows) + 10)

    @property
    def _room(self) -> float:
        """The length of a full bar; its figure stands behind it."""
        figure = max(wide(printed, LARGE, strong=True) for printed in self.printed())
        return RIGHT - figure - 16 - self._start

    def paint(self, drawing: Drawing, top: float) -> float:
        beside, start = self.labels == "beside", self._start
        scale = self._room / (self.out_of or max(row.value for row in self.rows))
        if self.whole:
            scale = min(scale, (RIGHT - LEFT) / sum(piece.value for piece in self.whole))
        thick, pitch = (26, 36) if beside and len(self.rows) > 6 else (34, 46)
        for row, figure in zip(self.rows, self.printed(), strict=True):
            if beside:
                drawing.text(row.label, start - 10, top + thick / 2 + 6, anchor="end")
            else:
                drawing.text(row.label, LEFT, top + 22)
                top += 32
            if self.out_of:
                drawing.rect("soft", start, top, self._room, thick)
            drawing.rect(row.tone, start, top, row.value * scale, thick)
            end = RIGHT if self.out_of else start + row.value * scale + 10
            anchor: Literal["start", "end"] = "end" if self.out_of else "start"
            drawing.text(figure, end, top + thick / 2 + 7, "label-strong", LARGE, anchor)
            top += pitch
        return self._paint_whole(drawing, top, scale) if self.whole else top - (pitch - thick)

    def _paint_whole(self, drawing: Drawing, top: float, scale: float) -> float:
        drawing.line("line-soft", LEFT, top + 6, RIGHT, top + 6)
        x: float = LEFT
        for piece in self.whole:
            drawing.rect(piece.tone, x, top + 22, piece.value * scale, 34)
            drawing.text(piece.label, x, top + 84)
            x += piece.value * scale
        if self.whole_says:
            drawing.text(self.whole_says, RIGHT, top + 84, "label-strong", LARGE, "end")
        return top + 84
