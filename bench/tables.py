"""A table of figures, to be read in a terminal and in a document."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich import box
from rich.table import Table as Drawn


@dataclass(frozen=True)
class Table:
    """*rows* under *columns*; the first column is words, the others are figures. *note* says how."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""

    def drawn(self) -> Drawn:
        """Return it for a terminal."""
        table = Drawn(title=self.title, caption=self.note, box=box.SIMPLE, title_justify="left")
        table.caption_justify = "left"
        for position, column in enumerate(self.columns):
            table.add_column(column, justify="right" if position else "left")
        for row in self.rows:
            table.add_row(*row)
        return table

    def markdown(self) -> str:
        """Return it for a document."""
        lines = [_line(self.columns), _line(["---"] + ["---:"] * (len(self.columns) - 1))]
        lines += [_line(row) for row in self.rows]
        parts = [f"### {self.title}", "\n".join(lines), self.note]
        return "\n\n".join(part for part in parts if part)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def figure(value: float) -> str:
    """Return a figure with three digits that count, or more before the point."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
