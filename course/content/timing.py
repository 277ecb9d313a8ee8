"""How long a lesson takes besides its reading: answering its questions and filling in its plan page."""

import math
from collections.abc import Iterable

from course.content.course import Lesson
from course.content.plan import Part, Plan
from course.content.questions.base import Question

CELL_SECONDS, TEXT_SECONDS = 30, 120
"""Seconds for a cell of a plan page's table, and for a part that is written freely.

Five words and twenty, at ten words a minute: people at a keyboard compose 19 (Karat and others 1999), and
they also have to think.
"""


def answering_minutes(lesson: Lesson) -> int:
    """Return the minutes to allow for the questions that a learner of *lesson* is asked."""
    pooled = {name for pool in lesson.pools for name in pool.questions}
    seconds = float(_seconds(q for q in lesson.questions if q.id not in pooled))
    for pool in lesson.pools:
        members = [q for q in lesson.questions if q.id in pool.questions]
        seconds += pool.draw * _seconds(members) / max(1, len(members))
    return math.ceil(seconds / 60)


def _seconds(questions: Iterable[Question]) -> int:
    return sum(question.SECONDS for question in questions)


def writing_minutes(plan: Plan) -> int:
    """Return the least minutes to allow for writing every entry of *plan*."""
    return math.ceil(sum(part_seconds(part) for part in plan.parts) / 60)


def part_seconds(part: Part, rows: int | None = None) -> int:
    """Return the least seconds for writing *part*, or only *rows* rows of its table."""
    if not part.columns:
        return TEXT_SECONDS
    filled = len(part.rows) + part.blank_rows if rows is None else rows
    return CELL_SECONDS * len(part.columns) * filled
