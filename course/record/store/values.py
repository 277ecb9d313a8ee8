"""Types of values that come from outside, which every database can store."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def is_storable(text: str) -> bool:
    """Return whether every database can store *text*."""
    return _UNSTORABLE.search(text) is None


def _storable(text: str) -> str:
    if not is_storable(text):
        raise ValueError("holds a character that cannot be stored")
    return text


def _in_utc(moment: datetime) -> datetime:
    """Return a moment in UTC; the calendar's first and last years are left to databases' time zones."""
    try:
        found = moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("lies outside of the calendar") from None
    if not 2 <= found.year <= 9998:
        raise ValueError("lies outside of the years 2 to 9998")
    return found


# The schema says what the validator refuses; half surrogates cannot stand in JSON at all.
_without_nul = Field(json_schema_extra={"pattern": r"^[^\u0000]*$"})
Short = Annotated[str, StringConstraints(max_length=200), AfterValidator(_storable), _without_nul]
Long = Annotated[str, StringConstraints(max_length=4_000), AfterValidator(_storable), _without_nul]
Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
