"""Every sum that a lesson or an explanation writes out, such as 450 ÷ 2,800 = 16.1%, comes out so."""

import math
import re
from collections.abc import Iterator
from itertools import pairwise

from course.content.questions.base import Question
from course.content.questions.numeric import Numeric
from tests.series.reading import Series
from tests.series.test_numbers import variants

TERM = r"[\d√(](?:[\d,.%²√()×÷+−\s]*[\d%²)])?"
CHAIN = re.compile(rf"(?<![\d×÷+−.,])(?<![×÷+−] ){TERM}(?:\s*=\s*{TERM})+")
APART = re.compile(r"(?<=[\d%²)])\s+(?=[\d(√])")
"""Where two numbers stand beside each other with nothing to do between them."""
OPERATOR = re.compile(r"[×÷+−²]")


def sums(text: str) -> Iterator[tuple[str, str]]:
    """Yield the two sides of each equation in *text*; of A = B = C, both."""
    text = re.sub(r"[.,;:](?=\s|$)", ";", text.replace("**", "").replace("±", ""))
    for match in CHAIN.finditer(text):
        sides = [side.strip(" ,.\n") for side in match[0].split("=")]
        if OPERATOR.search(sides[0]):
            for left, right in pairwise(sides):
                yield closed(APART.split(left)[-1]), closed(APART.split(right)[0])


def closed(side: str) -> str:
    """Return *side* without brackets around it that belong to the sentence."""
    while side.count(")") > side.count("(") and side.endswith(")"):
        side = side[:-1].rstrip(" ,.")
    while side.count("(") > side.count(")") and side.startswith("("):
        side = side[1:].lstrip()
    return side


def reckoned(side: str) -> float:
    plain = side.replace(",", "").replace("×", "*").replace("÷", "/").replace("−", "-")
    plain = re.sub(r"(\d+(?:\.\d+)?)%", r"(\1/100)", plain).replace("²", "**2")
    plain = plain.replace("√", "sqrt")
    assert re.fullmatch(r"(?:[\d.+*/() -]|sqrt)+", plain), side
    return float(eval(plain, {"__builtins__": {}, "sqrt": math.sqrt}))


def is_so(left: str, right: str) -> bool:
    """Whether *left* comes to *right*, as far as the decimals of *right* tell."""
    digits = re.findall(r"\d+(?:,\d{3})*(?:\.(\d+))?", right)
    half = 0.5 * 10 ** -min(len(decimals) for decimals in digits)
    if right.endswith("%"):
        half /= 100
        if "%" not in left and abs(reckoned(left) - reckoned(right)) > half:
            return abs(reckoned(left) - 100 * reckoned(right)) <= 100 * half * 1.001
    return abs(reckoned(left) - reckoned(right)) <= half * 1.001


def wrong(found: list[tuple[str, str]]) -> list[str]:
    return [f"{left} = {right}" for left, right in found if not is_so(left, right)]


def test_a_wrong_sum_is_found() -> None:
    text = "So 450 ÷ 2,800 = **16.2%**, and 10 × 0.13 = 1.4 (or 2 × 3 = 6). 1 − 30 ÷ 40 = 0.25."

    assert wrong(list(sums(text))) == ["450 ÷ 2,800 = 16.2%", "10 × 0.13 = 1.4"]


def test_the_sums_in_the_lessons_are_right(series: Series) -> None:
    found = [pair for told in series.lessons for pair in sums(told.text)]

    assert wrong(found) == []
    assert len(found) >= 35


def test_the_sums_in_explanations_are_right(series: Series) -> None:
    found = [
        pair
        for question in series.questions
        for met in all_of(question)
        for text in (met.explained, *(slip.feedback for slip in getattr(met, "slips", [])))
        for pair in sums(text)
    ]

    assert wrong(found) == []
    assert len(found) >= 300


def all_of(question: Question) -> list[Question]:
    if isinstance(question, Numeric):
        return [met for _, met in variants(question)]
    return [question]
