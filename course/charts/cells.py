"""Cells: a hundred small squares, so many of each colour."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from course.charts.chart import Chart, Decimals, Row
from course.charts.drawing import LARGE, LEFT, RIGHT, Drawing, wrapped
from course.content.model import Fault

SIDE, PITCH = 22, 25


class Cells(Chart):
    kind: Literal["cells"]
    rows: list[Row] = Field(min_length=2, max_length=4)
    """The parts of a hundred."""
    decimals: Decimals = None
    """Decimals of each figure."""

    def printed(self) -> list[str]:
        return [self.figure(row.value, self.decimals) for row in self.rows]

    def faults(self) -> Iterator[Fault]:
        yield from super().faults()
        if abs(sum(row.value for row in self.rows) - 100) > 0.05:
            hint = "give the rest a row of its own"
            yield Fault(("rows",), "do not add up to 100", hint)

    def counts(self) -> list[int]:
        """Return whole cells for each row, a hundred in all: the largest remainders are rounded up."""
        whole = [int(row.value) for row in self.rows]
        by_rest = sorted(range(len(whole)), key=lambda place: whole[place] - self.rows[place].value)
        for place in by_rest[: 100 - sum(whole)]:
            whole[place] += 1
        return whole

    def paint(self, drawing: Drawing, top: float) -> float:
        top += 8
        cell = 0
        for row, count in zip(self.rows, self.counts(), strict=True):
            for place in range(cell, cell + count):
                x, y = LEFT + place % 10 * PITCH, top + place // 10 * PITCH
                drawing.rect(row.tone, x, y, SIDE, SIDE)
            cell += count
        end = top + 10 * PITCH - (PITCH - SIDE)
        x = LEFT + 10 * PITCH + 22
        y = top + 2
        for row, figure in zip(self.rows, self.printed(), strict=True):
            drawing.rect(row.tone, x, y, 20, 20)
            drawing.text(figure, x + 30, y + 17, "label-strong", LARGE)
            for line in wrapped(row.label, RIGHT - x - 30):
                y += 24
                drawing.text(line, x + 30, y + 17)
            y += 48
        return max(end, y - 30)
