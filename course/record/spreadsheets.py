"""CSV that spreadsheets read correctly, from columns that are declared with their meaning."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet evaluates cells that begin with these; some accept full-width signs as well."""


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column of an export; *meaning* describes it on the page that offers the export."""

    name: str
    meaning: str
    value: Callable[[Row], Any]
    """Returns the cell of a row."""


def as_csv(columns: Sequence[Column[Row]], rows: Iterable[Row]) -> str:
    """Return *rows* as CSV with a heading."""
    out = io.StringIO()
    # In quotes: a spreadsheet may split cells at semicolons, and what follows one would begin a cell.
    write = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC).writerow
    write(column.name for column in columns)
    for row in rows:
        write(_escaped(column.value(row)) for column in columns)
    return "\ufeff" + out.getvalue()  # the byte order mark, so that spreadsheets read UTF-8


def _escaped(cell: Any) -> Any:
    """Return a cell escaped so that no spreadsheet evaluates it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
