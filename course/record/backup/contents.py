"""What the database in a backup holds, as its manifest says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from course.record.store import rows, schema


@dataclass(frozen=True)
class Contents:
    """The schema and the number of rows of each table, at one moment."""

    schema: str
    rows: Mapping[str, int]
    moment: datetime


def look_through(connection: sa.Connection, moment: datetime) -> Contents:
    """Return what the database of *connection* holds."""
    return Contents(schema.revision(connection) or "", rows.count_rows(connection), moment)
