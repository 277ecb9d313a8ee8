"""What is checked in the HTML of every page. `check`, `build` and the preview all run these rules.

To add a rule, write a function that yields problems and list it in RULES. A problem with `is_warning` is
reported and stops nothing; every other stops the build.
"""

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from course.content.course import Lesson
from course.content.problems import Problem
from course.publish.blocks import line_of_block


@dataclass(frozen=True)
class RenderedPage:
    """A page's HTML without the theme around it, and where it comes from."""

    path: Path
    """The Markdown file."""
    name: str
    """The file as problems name it, such as "lessons/start/first.md"."""
    html: str
    lesson: Lesson | None
    """None for a page that is no lesson."""

    @functools.cached_property
    def source(self) -> str:
        """The Markdown file's text, front matter included, so that lines count as in the file."""
        return self.path.read_text("utf-8-sig", "replace")


def check(page: RenderedPage) -> list[Problem]:
    """Return everything that the rules find in a page."""
    return [problem for rule in RULES for problem in rule(page)]


def each_question_once(page: RenderedPage) -> Iterator[Problem]:
    """A block that pymdownx does not take silently stays text."""
    for question in page.lesson.questions if page.lesson else ():
        times = page.html.count(f'id="q-{question.id}"')
        if times != 1:
            what = "is not on the page" if times == 0 else f"is on the page {times} times"
            hint = "leave a blank line around each quiz block, and no options inside it"
            message = f"the question '{question.id}' {what}"
            yield Problem(page.name, line_of_block(page.source), 1, message, hint)


RULES: tuple[Callable[[RenderedPage], Iterable[Problem]], ...] = (each_question_once,)
