"""Ranges: how far each row reaches to both sides of one figure, on a common axis."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from course.charts.chart import Amount, Chart, Decimals, Line
from course.charts.drawing import LEFT, RIGHT, Drawing, Lettering, wide
from course.content.model import Fault, Strict


class Axis(Strict):
    """The scale at the foot."""

    to: Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False)]
    """Where it ends; it begins at 0."""
    step: Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False)]
    """How far its marks stand apart."""


class Reach(Strict):
    """One row."""

    label: Line
    """What the row is of."""
    margin: Amount
    """How far it reaches to either side."""


class Ranges(Chart):
    kind: Literal["ranges"]
    middle: Amount
    """The figure in the middle of all rows."""
    rows: list[Reach] = Field(min_length=2, max_length=8)
    """The margins, from top to bottom."""
    rows_are: Line
    """What stands above the names of the rows."""
    axis: Axis
    """The scale at the foot."""
    decimals: Decimals = None
    """Decimals of each margin."""

    def printed(self) -> list[str]:
        return [f"±{self.figure(row.margin, self.decimals).rstrip('%')}" for row in self.rows]

    def faults(self) -> Iterator[Fault]:
        yield from super().faults()
        for place, row in enumerate(self.rows):
            if not row.margin <= self.middle <= self.axis.to - row.margin:
                hint = "lengthen the axis, or correct the margin"
                yield Fault(("rows", place, "margin"), "reaches beyond the axis", hint)
        if self.axis.to / self.axis.step > 8:
            yield Fault(("axis", "step"), "sets more marks than can be read", "take a larger step")
        if self._label_end > RIGHT / 2:
            hint = "shorten 'rows_are' and the labels"
            yield Fault(("rows",), "have labels that leave no room for the bars", hint)

    @property
    def _label_end(self) -> float:
        return LEFT + max(wide(self.rows_are), *(wide(row.label) for row in self.rows))

    def paint(self, drawing: Drawing, top: float) -> float:
        drawing.text(self.rows_are, LEFT, top + 14, "label-soft")
        label_end = self._label_end
        start = label_end + 12
        scale = (RIGHT - start) / self.axis.to
        centre = start + self.middle * scale
        first = top + 28
        y = first
        for row, figure in zip(self.rows, self.printed(), strict=True):
            drawing.text(row.label, label_end, y + 21, anchor="end")
            drawing.rect("soft", start, y, RIGHT - start, 30)
            drawing.rect("accent", centre - row.margin * scale, y, 2 * row.margin * scale, 30)
            after = centre + row.margin * scale + 8
            if after + wide(figure) <= RIGHT:
                drawing.text(figure, after, y + 21)
            else:
                drawing.text(figure, centre, y + 21, "label-on-accent", anchor="middle")
            y += 44
        drawing.line("line dash", centre, first - 8, centre, y)
        drawing.line("line-soft", start, y + 4, RIGHT, y + 4)
        y += 28
        for place in range(int(self.axis.to / self.axis.step) + 1):
            value = place * self.axis.step
            anchor: Literal["start", "middle", "end"] = "middle"
            if place == 0:
                anchor = "start"
            elif value == self.axis.to:
                anchor = "end"
            name: Lettering = "label-strong" if value == self.middle else "label-soft"
            drawing.text(self.figure(value), start + value * scale, y, name, anchor=anchor)
        return y + 4
