"""Estimates from a sample, each with a 95% interval; docs/statistics.md gives the formulas and sources.

Below a least number of learners there is no estimate: the interval would be so wide that the figure
misleads more than it tells.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

TAIL = 0.025
"""The chance that an interval lies wholly above, and that it lies wholly below, what it is to hold."""

Z = NormalDist().inv_cdf(1 - TAIL)

MIN_SHARE = 10
MIN_CORRELATION = 30
MIN_MEDIAN = 10

_FLAT = 1e-12
"""A variance below this is rounding: all values are the same."""


@dataclass(frozen=True)
class Estimate:
    """A figure from *n* learners with its interval; where there is none, *why* says what is missing."""

    n: int
    needs: int
    """The least n that gives a figure."""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    why: str = ""


def _too_few(n: int, needs: int) -> Estimate:
    return Estimate(n, needs, why=f"too few ({n} of {needs})")


def share(total: float, n: int) -> Estimate:
    """Return the mean of *n* values from 0 to 1 that add up to *total*, with Wilson's score interval.

    The interval is that of a share, where values are 0 or 1. Values in between spread less around the
    same mean (Bhatia and Davis), so that it is then wider than it need be, never too narrow.
    """
    if n < MIN_SHARE:
        return _too_few(n, MIN_SHARE)
    mean = total / n
    scale = 1 + Z**2 / n
    centre = (mean + Z**2 / (2 * n)) / scale
    half = Z / scale * math.sqrt(max(0.0, mean * (1 - mean) / n + Z**2 / (4 * n**2)))
    return Estimate(n, MIN_SHARE, mean, max(0.0, centre - half), min(1.0, centre + half))


@dataclass(frozen=True)
class Sums:
    """What a correlation needs of pairs (x, y): their number and the sums of their powers."""

    n: int = 0
    x: float = 0.0
    y: float = 0.0
    xx: float = 0.0
    yy: float = 0.0
    xy: float = 0.0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.n + other.n,
            self.x + other.x,
            self.y + other.y,
            self.xx + other.xx,
            self.yy + other.yy,
            self.xy + other.xy,
        )


def correlation(sums: Sums) -> Estimate:
    """Return Pearson's correlation, with the interval by Fisher's transformation."""
    n = sums.n
    if n < MIN_CORRELATION:
        return _too_few(n, MIN_CORRELATION)
    spread_x = sums.xx / n - (sums.x / n) ** 2
    spread_y = sums.yy / n - (sums.y / n) ** 2
    if spread_x < _FLAT:
        return Estimate(n, MIN_CORRELATION, why="every learner has the same mark")
    if spread_y < _FLAT:
        return Estimate(n, MIN_CORRELATION, why="every learner does alike in the other questions")
    r = (sums.xy / n - sums.x / n * sums.y / n) / math.sqrt(spread_x * spread_y)
    if abs(r) > 1 - 1e-9:  # the transformation is infinite there, and the interval a point
        r = math.copysign(1.0, r)
        return Estimate(n, MIN_CORRELATION, r, r, r)
    half = Z / math.sqrt(n - 3)
    low, high = (math.tanh(math.atanh(r) + side) for side in (-half, half))
    return Estimate(n, MIN_CORRELATION, r, low, high)


def median(counts: Mapping[int, int]) -> Estimate:
    """Return the median of values that occur *counts* times, with its interval by order statistics."""
    n = sum(counts.values())
    if n < MIN_MEDIAN:
        return _too_few(n, MIN_MEDIAN)
    rank = _rank(n)
    middle = (_at(counts, (n + 1) // 2) + _at(counts, n // 2 + 1)) / 2
    return Estimate(n, MIN_MEDIAN, middle, _at(counts, rank), _at(counts, n + 1 - rank))


def _at(counts: Mapping[int, int], rank: int) -> int:
    """Return the value at *rank*, from 1, when all are put in order."""
    passed = 0
    for value in sorted(counts):
        passed += counts[value]
        if passed >= rank:
            return value
    raise IndexError(rank)


def _rank(n: int) -> int:
    """Return the largest rank that the median of a population lies below with a chance of TAIL or less.

    Of n values, the number below the median is binomial with p = 1/2; eight deviations below its mean,
    nothing is left to add up.
    """
    below = max(0, int(n / 2 - 4 * math.sqrt(n)))
    log_chance = math.lgamma(n + 1) - math.lgamma(below + 1) - math.lgamma(n - below + 1)
    chance = math.exp(log_chance - n * math.log(2))
    total = chance
    while total <= TAIL:
        below += 1
        chance *= (n - below + 1) / below
        total += chance
    return below
