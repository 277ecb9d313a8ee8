"""Moments as <time> elements, which scripts and search engines can read."""

from collections.abc import Callable
from datetime import datetime

from markupsafe import Markup

from course.content import dates


def day_element(at: datetime) -> Markup:
    """Return a day: "1 December 2026"."""
    return _element(at, dates.day(at))


def moment_element(at: datetime) -> Markup:
    """Return a moment: "1 December 2026, 14:05 UTC"."""
    return _element(at, dates.moment(at))


def _element(at: datetime, text: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(), text)


FILTERS: dict[str, Callable[[datetime], str]] = {
    "day": dates.day,
    "moment": dates.moment,
    "day_element": day_element,
    "moment_element": moment_element,
}
"""For templates: `{{ answer.recorded_at | moment_element }}`."""
