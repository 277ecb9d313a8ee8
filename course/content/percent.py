"""Shares as percentages for people: a figure shown never crosses a limit that the share does not."""

import math

TOLERANCE = 1e-7
"""In percent; what floats lose, and as much as completion allows below a pass mark."""


def percent(share: float) -> int:
    """Return *share* in whole percent, rounded down: 100 only for all, and no pass mark before it is reached.

    `percent` in course/publish/assets/numbers.js is the same.
    """
    return math.floor(share * 100 + TOLERANCE)


def exact(share: float) -> str:
    """Return a limit, such as a pass mark, in percent as it was written: "80", "66.7"."""
    return f"{share * 100:.7f}".rstrip("0").rstrip(".")


def percentage(number: float | str) -> str:
    """Return a number of percent as people read it, such as "80%"; `percentage` in numbers.js is the same."""
    return f"{number}%"


def limit(share: float) -> str:
    """Return a limit as people read it, such as "80%"."""
    return percentage(exact(share))


def part(count: int, total: int) -> int:
    """Return *count* of *total* in whole percent, to the nearest; 0 only for none, and 100 only for all."""
    if count in (0, total):
        return 100 if count else 0
    return min(99, max(1, round(100 * count / total)))
