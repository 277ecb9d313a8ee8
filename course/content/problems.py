"""Problems in a course's files, worded so that a trainer can fix them."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to fix. *line* and *column* count from 1; *path* is relative to the course."""

    path: str
    line: int
    column: int
    message: str
    hint: str = ""
    is_warning: bool = False
    """Whether the course can be published all the same."""

    def __str__(self) -> str:
        kind = "warning: " if self.is_warning else ""
        text = f"{self.path}:{self.line}:{self.column}: {kind}{self.message}"
        return f"{text}\n    hint: {self.hint}" if self.hint else text


class CourseError(Exception):
    """The course cannot be used as it is; carries every problem found, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems for which a course cannot be published: all but warnings."""
    return [problem for problem in problems if not problem.is_warning]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint naming the likeliest of the *known* words, or listing them when none is near."""
    known = sorted(known)
    near = difflib.get_close_matches(word[:200], known, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"known here: {', '.join(known)}" if 0 < len(known) <= 20 else ""


def short(value: object) -> str:
    """Return *value* so that a message can quote it: short, in one line, without control characters."""
    text = "".join(c if c.isprintable() else "\ufffd" for c in " ".join(str(value).split()))
    return text if len(text) <= 60 else f"{text[:59]}…"
