"""Days and moments as people read them: on pages, and in tables of commands. Moments are in UTC."""

from datetime import date, datetime


def day(at: date) -> str:
    """Return a day as pages show it: "1 December 2026"."""
    return f"{at.day} {at:%B %Y}"


def moment(at: datetime) -> str:
    """Return a moment as pages show it: "1 December 2026, 14:05 UTC"."""
    return f"{day(at)}, {at:%H:%M} UTC"


def sortable(at: datetime) -> str:
    """Return a moment as tables of commands show it: "2026-12-01 14:05 UTC"."""
    return f"{at:%Y-%m-%d %H:%M} UTC"
