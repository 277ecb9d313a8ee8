"""What of a page or its questions browsers would not show, with the place in the file and the mend."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from course import markup
from course.content import quiz
from course.content.hosts import Hosts
from course.content.problems import Problem
from course.content.questions.base import Question
from course.content.reading import quiz_name
from course.markup import blocked
from course.markup.faults import Fault


def in_page(page: str, text: str, name: str, hosts: Hosts) -> Iterator[Problem]:
    """Yield the problems of *page*, which is HTML made of the Markdown *text* of the file *name*."""
    places = _Places(text)
    for fault in blocked.found(_QUESTION.sub("", page), hosts):
        yield Problem(name, *places.next(fault), fault.message, fault.hint)


_QUESTION = re.compile(r"<course-question .*?</course-question>", re.DOTALL)
"""Their texts are in another file, and are checked separately."""


@dataclass
class _Places:
    """Finds the words that faults are about, one occurrence after the other."""

    text: str
    used: Counter[str] = field(default_factory=Counter)

    def next(self, fault: Fault) -> tuple[int, int]:
        """Return line and column; of a text that was taken in from elsewhere, where that was asked for."""
        for words in (fault.quoted, html.escape(fault.quoted, quote=False), *_parts(fault.quoted)):
            start = self.text.find(words, self.used[words]) if words.strip() else -1
            if start >= 0:
                self.used[words] = start + len(words)
                return _position(self.text, start)
        return _position(self.text, max(self.text.find("--8<--"), 0))


def _parts(quoted: str) -> list[str]:
    """Return what of *quoted* stands in the file where the rest was changed on the way."""
    lines = [line.strip() for line in quoted.strip().split("\n")]
    return [lines[0], lines[0].split(":")[0], lines[-1]] if lines[0] else []


def _position(text: str, start: int) -> tuple[int, int]:
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)


def in_questions(
    questions: tuple[Question, ...], root: Path, lesson: str, hosts: Hosts
) -> Iterator[Problem]:
    """Yield the problems of the texts of *questions*, most of which no page of the site shows."""
    found = [
        (question, steps, fault)
        for question in questions
        for steps, text in texts_of(question)
        for fault in markup.faults_of(text, hosts)
    ]
    if not found:
        return
    file, problems = quiz.read(root, root / quiz_name(lesson))
    if file is None:  # changed since it was read
        yield from problems
        return
    for question, steps, fault in found:
        problem = file.at(question, steps, fault.message, fault.hint)
        yield replace(problem, is_warning=fault.is_warning)


_NO_TEXT = frozenset(
    {
        "id", "type", "objective", "group", "tags", "sources", "lint", "unit", "changes", "accept",
        "answer", "misconception",
    }
)  # fmt: skip
"""Fields of a question that no page shows as Markdown."""


def texts_of(question: Question) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield each text of *question* that may hold more than words, and where it stands."""
    yield from _texts(dict(question), ())


def _texts(value: Any, steps: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        if any(
            sign in value for sign in ("\\(", "\\[", "<", "![", "```", "~~~", "](", "]:", "://")
        ):
            yield steps, value
        return
    if isinstance(value, BaseModel):
        value = dict(value)
    if isinstance(value, list | tuple):
        value = dict(enumerate(value))
    for key, part in value.items() if isinstance(value, dict) else ():
        if key not in _NO_TEXT:
            yield from _texts(part, (*steps, key))
