"""A balance: two groups on a beam, and the point at which their common average holds it level."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from course.charts.chart import Chart, Decimals, Line
from course.charts.drawing import LEFT, RIGHT, Drawing, Tone, number
from course.content.model import Fault, Strict

HIGH = 5
"""How many of a group stand on each other."""

RADIUS, PITCH = 9, 22


class Group(Strict):
    """Those on one side."""

    label: Line
    """Who they are, such as 20 reviews."""
    says: Line
    """What they say, such as average 3.8."""
    count: Annotated[int, Field(ge=1, le=30)]
    """How many they are."""
    mean: Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)]
    """Their average."""
    tone: Tone = "accent"
    """Their colour."""


class Balance(Chart):
    kind: Literal["balance"]
    rows: list[Group] = Field(min_length=2, max_length=2)
    """The two groups, the one with the lower average first."""
    together: Line
    """What is said of the common average."""
    halfway: Line
    """What is said of the point halfway between the two averages."""
    decimals: Decimals = None
    """Decimals of the averages."""

    @property
    def mean(self) -> float:
        """The average of all, each group weighed by its number."""
        all_in = sum(group.count * group.mean for group in self.rows)
        return all_in / sum(group.count for group in self.rows)

    @property
    def middle(self) -> float:
        return sum(group.mean for group in self.rows) / 2

    def printed(self) -> list[str]:
        groups = [figure for g in self.rows for figure in (number(g.count), number(g.mean))]
        return [*groups, number(self.mean, self.decimals), number(self.middle)]

    def faults(self) -> Iterator[Fault]:
        yield from super().faults()
        if self.rows[0].mean >= self.rows[1].mean:
            hint = "put the group with the lower average first"
            yield Fault(("rows",), "stand on the beam the wrong way round", hint)

    def paint(self, drawing: Drawing, top: float) -> float:
        beam = top + 60 + HIGH * PITCH + 16
        ends = [LEFT + 74.0, RIGHT - 54.0]
        low, high = (group.mean for group in self.rows)

        def place(value: float) -> float:
            return ends[0] + (value - low) / (high - low) * (ends[1] - ends[0])

        for group, end in zip(self.rows, ends, strict=True):
            drawing.text(group.label, end, top + 20, "label-strong", anchor="middle")
            drawing.text(group.says, end, top + 44, anchor="middle")
            columns = -(-group.count // HIGH)
            left = end - (columns - 1) * PITCH / 2
            for at in range(group.count):
                across, up = at % columns, at // columns
                drawing.circle(group.tone, left + across * PITCH, beam - 14 - up * PITCH, RADIUS)
        drawing.line("line", LEFT + 10, beam, RIGHT - 10, beam)
        x, wrong = place(self.mean), place(self.middle)
        drawing.polygon("ink", [(x, beam + 2), (x - 24, beam + 48), (x + 24, beam + 48)])
        drawing.line("line dash", wrong, top + 96, wrong, beam + 60)
        drawing.text(number(self.middle), wrong, top + 64, "label-soft", 20, "middle")
        drawing.text(self.halfway, wrong, top + 86, "label-soft", anchor="middle")
        mean = number(self.mean, self.decimals)
        drawing.text(mean, x, beam + 78, "label-strong", 24, "middle")
        drawing.text(self.together, x, beam + 102, anchor="middle")
        return beam + 102
