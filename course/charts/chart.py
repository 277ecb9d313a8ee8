"""What every chart has: what it says to those who cannot see it, where it comes from, and its frame."""

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints

from course.charts.drawing import LARGE, LEFT, RIGHT, Drawing, Tone, number, wide
from course.content.model import Fault, Strict, Text

Line = Annotated[str, StringConstraints(min_length=1, max_length=46, strip_whitespace=True)]
"""Words in one line of the drawing."""

Amount = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]

Decimals = Annotated[int, Field(ge=0, le=4)] | None
"""How many decimals each figure is printed with; as many as it has, if not given."""


class Row(Strict):
    """One figure with its name."""

    label: Line
    """What the figure is of."""
    value: Amount
    """The figure."""
    tone: Tone = "accent"
    """Its colour."""


class Chart(Strict):
    """A chart, as a trainer wrote it."""

    kind: str
    """How the figures are drawn."""
    title: Text
    """What it shows, in a line; read to those who cannot see it."""
    description: Text
    """What is to be seen in it, with every figure; read to those who cannot see it."""
    source: Text
    """Where the figures come from, or that they are invented."""
    year: Annotated[int, Field(ge=1500, le=2200)] | None = None
    """The year of the figures."""
    invented: bool = False
    """Whether they were made up or reckoned, and so have no year."""
    heading: Annotated[str, StringConstraints(min_length=1, max_length=37, strip_whitespace=True)]
    """The line at the top of the drawing."""
    subheading: Line | None = None
    """A second, quieter line."""
    unit: Line | None = None
    """What is counted; % stands behind each figure, anything else at the top."""
    notes: list[Line] = Field(default_factory=list, max_length=3)
    """Lines at the foot."""

    def printed(self) -> list[str]:
        """Return the figures that stand in the drawing, as they stand there."""
        raise NotImplementedError

    def paint(self, drawing: Drawing, top: float) -> float:
        """Draw what is below *top*; return where it ends."""
        raise NotImplementedError

    def faults(self) -> Iterator[Fault]:
        """Yield what the fields alone cannot show to be wrong."""
        if self.year is None and not self.invented:
            hint = "add 'year:', or 'invented: true' for figures that nobody measured"
            yield Fault(("year",), "missing", hint)
        if self.year is not None and self.invented:
            yield Fault(("year",), "invented figures have no year", "remove one of the two")
        mentioned = set(_FIGURE.findall(self.description))
        missing = [
            figure
            for figure in dict.fromkeys(self.printed())
            if _FIGURE.findall(figure)[0] not in mentioned
        ]
        if missing:
            hint = "it stands for the chart where nobody sees it: write the figures in digits"
            yield Fault(("description",), f"does not name {', '.join(missing)}", hint)
        unit = wide(self.unit) if self.unit and self.unit != "%" else 0
        if wide(self.heading, LARGE, strong=True) + unit > RIGHT - LEFT:
            hint = "shorten one of them, or put the unit into 'subheading:'"
            yield Fault(("heading",), "leaves no room for the unit beside it", hint)

    def figure(self, value: float, decimals: int | None = None) -> str:
        """Return a figure as it is printed here."""
        return number(value, decimals) + ("%" if self.unit == "%" else "")

    def svg(self, name: str, file: str) -> str:
        """Return the drawing; *name* is its own within a page, *file* where its data stand."""
        dated = f", {self.year}" if self.year and str(self.year) not in self.source else ""
        from_where = "" if self.invented else "Source: "
        description = f"{self.description} {from_where}{self.source.rstrip('.')}{dated}."
        drawing = Drawing(name, self.title, description, f"{MADE} {file}; change it there.")
        drawing.text(self.heading, LEFT, 30, "label-strong", LARGE)
        if self.unit and self.unit != "%":
            drawing.text(self.unit, RIGHT, 30, "label-soft", anchor="end")
        if self.subheading:
            drawing.text(self.subheading, LEFT, 56, "label-soft")
        end = self.paint(drawing, 76 if self.subheading else 50)
        for line in self.notes:
            end += 28
            drawing.text(line, LEFT, end, "label-soft")
        return drawing.svg(end + 18)


MADE = "Drawn by course charts from"
"""The start of every generated drawing, so that one drawn by hand is never overwritten."""

_FIGURE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
