"""Granted completions: stored as facts, since answers and rules do not show them any more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from course.record.answering.tables import Answer
from course.record.people.tables import Account
from course.record.progress import completion, learner_answers, mixed_marks
from course.record.progress.completion import Granted
from course.record.progress.tables import GrantedCompletion, LessonVisit
from course.record.publishing import marks
from course.record.revisions import registration

UNDONE = "undone"

Completed = Mapping[int, Mapping[str, datetime]]
"""When each lesson was completed, by learner."""


def granted_completions(session: orm.Session, learner_id: int) -> dict[str, Granted]:
    """Return the completions of a learner that are facts, by lesson."""
    mine = GrantedCompletion.learner_id == learner_id
    rows = session.scalars(sa.select(GrantedCompletion).where(mine))
    return {row.lesson: Granted(row.completed_at, row.reason) for row in rows}


@dataclass(frozen=True)
class LearnerCompletion:
    """A completion that is a fact: the learner's address or number, and the lesson."""

    learner: str
    lesson: str
    completed_at: datetime


def completions_by_mixed_marks(session: orm.Session) -> list[LearnerCompletion]:
    """Return the completions that only an older engine's mixed marks gave, by learner."""
    rows = session.execute(
        sa.select(GrantedCompletion, Account.mail)
        .outerjoin(Account, Account.learner_id == GrantedCompletion.learner_id)
        .where(GrantedCompletion.reason == mixed_marks.REASON)
        .order_by(GrantedCompletion.learner_id, GrantedCompletion.lesson)
    )
    return [
        LearnerCompletion(mail or f"Guest {row.learner_id}", row.lesson, row.completed_at)
        for row, mail in rows
    ]


def active_since(session: orm.Session, at: datetime) -> list[int]:
    """Return the learners who answered, or marked a lesson as read, since *at*."""
    answered = sa.select(Answer.learner_id).where(Answer.recorded_at >= at)
    read = sa.select(LessonVisit.learner_id).where(LessonVisit.read_at >= at)
    return list(session.scalars(answered.union(read)))


def completions_of(session: orm.Session, learners: Iterable[int]) -> dict[int, dict[str, datetime]]:
    """Return when each of *learners* completed which lessons, as this transaction sees the record."""
    timeline = registration.timeline(session)
    decided = marks.by_question(marks.decisions(session).values())
    found = {}
    for learner_id in learners:
        given = learner_answers.course_answers(session, decided, learner_id)
        read = {
            row.lesson: row.read_at
            for row in session.execute(
                sa.select(LessonVisit.lesson, LessonVisit.read_at).where(
                    LessonVisit.learner_id == learner_id, LessonVisit.read_at.is_not(None)
                )
            )
        }
        granted = granted_completions(session, learner_id)
        found[learner_id] = completion.completions(timeline, given, read, granted)
    return found


def save_reached(session: orm.Session, at: datetime, before: Completed, after: Completed) -> None:
    """Store the completions in *before* that learners reached since *at* and that *after* lacks."""
    for learner_id, lessons in before.items():
        for lesson, when in lessons.items():
            left = after[learner_id].get(lesson)
            if when > at and (left is None or left > when):
                fact = GrantedCompletion(
                    learner_id=learner_id, lesson=lesson, completed_at=when, reason=UNDONE
                )
                session.merge(fact)
    session.flush()
