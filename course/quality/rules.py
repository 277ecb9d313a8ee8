"""What a rule is, and what breaking one looks like."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from course.content.problems import Problem
from course.quality.material import Excuses

S = TypeVar("S")
F = TypeVar("F")

Found = tuple[Excuses, Problem]
"""A problem, with the exceptions that hold where it is."""

GUIDELINES = "Haladyna, Downing and Rodriguez 2002"
"""A review of guidelines for writing multiple-choice items, Applied Measurement in Education 15(3)."""


UNSPACED = frozenset({"bo", "dz", "ja", "km", "lo", "my", "th", "zh"})
"""Languages that put no spaces between words."""


@dataclass(frozen=True)
class Rule(Generic[S, F]):
    """One thing that good material does; *check* yields a problem wherever it does not.

    *english*: it looks for English words, so that it says nothing of courses in other languages.
    *counts_words*: it counts words between spaces, so that it says nothing of languages without them.
    """

    name: str
    why: str
    source: str
    check: Callable[[S], Iterable[F]]
    english: bool = False
    counts_words: bool = False


@dataclass(frozen=True, order=True)
class Warned:
    """A place where a rule is broken."""

    problem: Problem
    rule: str
    why: str
