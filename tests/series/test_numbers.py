"""Every numeric answer of the series, and every slip, reckoned again from the numbers of its prompt."""

import itertools
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction as F  # noqa: N817 - numbers are easier to read beside a short name
from typing import Any

from course.content.questions.numeric import Numeric
from tests.series.reading import Series


@dataclass(frozen=True)
class Sum:
    """What a question asks to be reckoned.

    *given* must stand in the prompt, so that nobody can change a number there alone. *way* returns the
    answer and its slips, in the order of the file. *places*: decimals that the prompt asks for.
    """

    given: str
    way: Callable[..., tuple[Any, list[Any]]]
    places: int = 4


def root(value: F) -> float:
    return math.sqrt(value)


def margin(n: F, p: F) -> tuple[Any, list[Any]]:
    share = p / 100
    error = root(share * (1 - share) / n) * 100
    wrong = [error, 1.96 * float(share * (1 - share) / n) * 100, 1.96 * root(share / n) * 100]
    return 1.96 * error, wrong


def stars(old: F, mean: F) -> tuple[Any, list[Any]]:
    new = (old * mean + 10 * 5) / (old + 10)
    return new, [(mean + 5) / 2, (old * mean + 50) / old, rounded(new, 1)]


def medians(times: list[int], swapped: F) -> tuple[Any, list[Any]]:
    ordered = sorted(times)
    return ordered[3], [F(sum(times), 7), times[3], F(min(times) + max(times), 2)]


def median_of_six(low: F, high: F) -> tuple[Any, list[Any]]:
    times = [F(48), low, F(300), F(6), high, F(9)]
    third, fourth = sorted(times)[2:4]
    unsorted = (times[2] + times[3]) / 2
    return (third + fourth) / 2, [sum(times) / 6, unsorted, third, fourth]


def rate(reactions: F, reach: F) -> tuple[Any, list[Any]]:
    interactions = reactions + 60 + 120
    by_followers = interactions / 40_000 * 100
    return interactions / reach * 100, [by_followers, reactions / reach * 100, interactions / reach]


def promoters() -> tuple[Any, list[Any]]:
    high, middle, low = 90, 70, 40
    all_in = high + middle + low
    assert all_in == 200
    return F(100 * (high - low), all_in), [
        F(100 * high, all_in),
        high - low,
        F(100 * (high - low), high + low),
        F(100 * (high - middle - low), all_in),
    ]


def return_of_a_test(sold: F, margin: F) -> tuple[Any, list[Any]]:
    more, share = sold - 1000, margin / 100
    wrong = [(more - 20) / 20, more * share / 20, (sold * share - 20) / 20]
    return (more * share - 20) / 20, wrong


SUMS = {
    "online-part": Sum(
        "40 million, 13% of sales, two thirds of that offline",
        lambda: (
            F(40) * F(13, 100) / 3,
            [F(40) * F(13, 100), F(40) * F(13, 100) * 2 / 3, F(40, 3)],
        ),
        2,
    ),
    "index-three-sources": Sum(
        "60% from one network, 25%, 15%",
        lambda: (F(60**2 + 25**2 + 15**2, 100**2), [1, 60**2 + 25**2 + 15**2, F(60, 100)]),
        3,
    ),
    "index-theatre": Sum(
        "70% of its tickets, 20%, 10%",
        lambda: (F(70**2 + 20**2 + 10**2, 100**2), [1, 70**2 + 20**2 + 10**2, F(70, 100)]),
        2,
    ),
    "stars-after-ten": Sum("Ten new ones, 5 stars", stars, 2),
    "beyond-normal": Sum(
        "52,000 posts, 44.5%, 30%",
        lambda: (
            52_000 * (F(445, 1000) - F(3, 10)),
            [52_000 * F(445, 1000), 52_000 * F(3, 10), 52_000 * F(445, 1000) * F(7, 10)],
        ),
    ),
    "query-precision": Sum(
        "50 hits",
        lambda ships, jobs, staff: (
            (50 - ships - jobs - staff) * 2,
            [(ships + jobs + staff) * 2, 50 - ships - jobs - staff, (50 - ships) * 2],
        ),
    ),
    "share-after": Sum(
        "share of voice after cleaning",
        lambda own, all, mine, theirs: (
            100 * (own - mine) / (all - mine - theirs),
            [100 * own / all, 100 * (own - mine) / all, 100 * (own - mine) / (all - mine)],
        ),
        1,
    ),
    "margin-of-sample": Sum("sampling margin at 95%, percentage points", margin, 1),
    "heavy-contributors": Sum(
        "90-9-1",
        lambda members: (members / 100, [members * 9 / 100, members / 10, members * 90 / 100]),
    ),
    "hostile-coverage": Sum(
        "How many times as often",
        lambda entries, hostile, coverage: (
            coverage / (100 * hostile / entries),
            [100 * hostile / entries, coverage - 100 * hostile / entries, coverage / hostile],
        ),
        1,
    ),
    "designer-share": Sum(
        "of net sales, million euros",
        lambda rate, sales: (
            sales * 10**6 * rate / 100,
            [sales * 10**6 * rate / 10, sales * 10**6 * rate / 1000, sales * 10**6 / 100],
        ),
    ),
    "median-of-seven": Sum(
        "12, 4, 240, 9, 30, 7 and 15 minutes",
        lambda: medians([12, 4, 240, 9, 30, 7, 15], F(0)),
    ),
    "median-of-six": Sum("48,, 300, 6,, 9 minutes", median_of_six),
    "cost-of-a-visit": Sum(
        "visits a month",
        lambda cost, visits, months: (
            cost / (visits * months),
            [cost / visits, visits * months / cost, cost / months],
        ),
        2,
    ),
    "hours-a-week": Sum(
        "three pieces a week, 2.5 hours each, 5 hours, 4 hours",
        lambda: (
            3 * F(5, 2) + 5 + 4,
            [F(5, 2) + 5 + 4, 3 * F(5, 2), 3 * (F(5, 2) + 5 + 4)],
        ),
    ),
    "lifetime-value": Sum("12 a month, 4%", lambda: (12 / F(4, 100), [12 * 4, F(12, 4), 12 * 12])),
    "months-to-pay-back": Sum(
        "a month",
        lambda cac, margin, clv: (cac / margin, [clv / cac, clv / margin, margin / cac]),
        1,
    ),
    "all-the-rounds": Sum(
        "20% of those accept",
        lambda seeds, invites: (
            seeds / (1 - invites / 5),
            [
                seeds + seeds * invites / 5,
                seeds / (1 - invites / 5) - seeds,
                seeds * invites / 5,
            ],
        ),
    ),
    "rate-by-reach": Sum("60 comments, 120 shares, 40,000 followers", rate),
    "promoter-score": Sum(
        "200 answers, 90 are 9 or 10, 70 are 7 or 8, 40 are 6 or less", promoters
    ),
    "return-of-the-test": Sum("1,000 thousand, 20 thousand", return_of_a_test, 2),
    "alarm-line": Sum(
        "mean plus three deviations",
        lambda mean, deviation: (mean + 3 * deviation, [mean + deviation, 3 * mean, 3 * deviation]),
    ),
    "hours-after-cut": Sum(
        "hours a week",
        lambda needed, available, film: (
            available - (needed - film),
            [needed - film, available - needed, available - film],
        ),
    ),
    "tests-then-split": Sum(
        "10% for tests, 60 to 40",
        lambda budget: (
            budget * F(9, 10) * F(4, 10),
            [budget * F(4, 10), budget * F(9, 10) * F(6, 10), budget * F(9, 10) / 2],
        ),
    ),
}


def rounded(value: Any, places: int) -> Decimal:
    """Return *value* as people round: halves go up."""
    exact = F(value)
    decimal = Decimal(exact.numerator) / Decimal(exact.denominator)
    return decimal.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def numerics(series: Series) -> dict[str, Numeric]:
    return {asked.id: asked for asked in series.questions if isinstance(asked, Numeric)}


def variants(asked: Numeric) -> list[tuple[dict[str, F], Numeric]]:
    """Return every combination of the question's parameters, and the question as it then stands."""
    names = list(asked.parameters)
    lists = [asked.parameters[name] for name in names]
    assert all(isinstance(values, list) for values in lists)
    found = []
    for values in itertools.product(*lists):  # type: ignore[arg-type]
        exact = {name: F(str(value)) for name, value in zip(names, values, strict=True)}
        shown = {
            name: f"{Decimal(str(value)):f}" for name, value in zip(names, values, strict=True)
        }
        found.append((exact, asked.as_shown({"values": shown})))
    return found


def test_every_numeric_question_is_reckoned_again(series: Series) -> None:
    assert numerics(series).keys() == SUMS.keys()


def test_the_numbers_of_each_sum_stand_in_its_prompt(series: Series) -> None:
    missing = {
        name: said
        for name, asked in numerics(series).items()
        for said in filter(None, map(str.strip, re.split(r",(?!\d)", SUMS[name].given)))
        if said not in asked.prompt
    }

    assert missing == {}


def test_the_right_number_is_right_and_each_slip_is_answered(series: Series) -> None:
    checked = 0
    for name, asked in numerics(series).items():
        for values, met in variants(asked):
            right, slips = SUMS[name].way(**values)
            said = f"{name} with { ({key: str(value) for key, value in values.items()}) }"

            assert met.mark(typed(right, SUMS[name].places)).share == 1, said
            assert abs(F(str(met.answer)) - F(right)) <= F(1, 2 * 10 ** SUMS[name].places), said
            assert len(met.slips) == len(slips) >= 2, said
            for slip, wrong in zip(met.slips, slips, strict=True):
                marked = met.mark(typed(wrong, 3))
                assert marked.share == 0, (said, slip)
                assert [note.text for note in marked.notes] == [slip.feedback], (said, float(wrong))
                checked += 1

    assert checked > 500


def typed(value: Any, places: int) -> dict[str, list[str]]:
    return {"number": [str(rounded(value, places))]}
