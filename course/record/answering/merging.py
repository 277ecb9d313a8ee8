"""Merging a guest's answers into those of an account: nothing lost, nothing doubled.

- An answer that both hold under one client id was sent twice. The account's stays: clients choose these
  ids, and nobody shall exchange an answer of the account for one that a guest gave earlier.
- Answers to a question are renumbered by the moment they were recorded, 1, 2, 3 ... without gaps.
- An account has the attempts that a quiz allows, and no more by merging: what a guest answered beyond those
  left to the account becomes practice. It stays in the record, and counts for neither score nor completion.
  What the account answered itself counts as before.
"""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from course.content.course import Course, Lesson
from course.record.answering.tables import Answer, Attempt

ASIDE = 1_000_000_000
"""Added to numbers while they change: the database checks that they differ after each single row."""


def move_answers(session: orm.Session, guest: int, account: int, course: Course | None) -> None:
    """Move the answers of *guest* to *account*, and count its attempts from them again."""
    both = (guest, account)
    session.execute(_delete_twins(guest, account), execution_options={"synchronize_session": False})
    if course is not None and (beyond := list(_beyond(session, guest, account, course))):
        is_beyond = (Answer.learner_id == guest) & Answer.client_id.in_(beyond)
        session.execute(sa.update(Answer).where(is_beyond).values(practice=True))
    ranked = (
        sa.select(
            Answer.learner_id,
            Answer.client_id,
            sa.func.row_number()
            .over(
                partition_by=Answer.question,
                order_by=(Answer.recorded_at, Answer.attempt, Answer.client_id),
            )
            .label("number"),
        )
        .where(Answer.learner_id.in_(both))
        .subquery()
    )
    renumber = (
        sa.update(Answer)
        .where(
            Answer.learner_id == ranked.c.learner_id,
            Answer.client_id == ranked.c.client_id,
        )
        .values(learner_id=account, attempt=ranked.c.number + ASIDE)
    )
    put_back = (
        sa.update(Answer).where(Answer.learner_id == account).values(attempt=Answer.attempt - ASIDE)
    )
    for statement in (renumber, put_back):
        session.execute(statement, execution_options={"synchronize_session": False})
    session.execute(sa.delete(Attempt).where(Attempt.learner_id == guest))
    session.execute(_attempts(session, account))


def _beyond(session: orm.Session, guest: int, account: int, course: Course) -> Iterator[uuid.UUID]:
    """Yield the guest's answers beyond the attempts and draws that are left to the account."""
    limited = [
        lesson for lesson in course.lessons.values() if lesson.quiz and lesson.quiz.rules.attempts
    ]
    asked = [question.id for lesson in limited for question in lesson.questions if question.worth]
    if not asked:
        return
    rows = session.execute(
        sa.select(Answer.learner_id, Answer.question, Answer.client_id)
        .where(Answer.learner_id.in_((guest, account)), ~Answer.practice)
        .where(Answer.question.in_(asked))
        .order_by(Answer.recorded_at, Answer.attempt, Answer.client_id)
    ).all()
    own = Counter(row.question for row in rows if row.learner_id == account)
    theirs = [(row.question, row.client_id) for row in rows if row.learner_id == guest]
    for lesson in limited:
        yield from _beyond_in(lesson, own, theirs)


def _beyond_in(
    lesson: Lesson, own: Counter[str], theirs: Sequence[tuple[str, uuid.UUID]]
) -> Iterator[uuid.UUID]:
    """Yield those of a guest's answers that a lesson with a limit leaves no place for."""
    assert lesson.quiz is not None  # noqa: S101 - for the type checker: only quizzes have a limit
    limit = lesson.quiz.rules.attempts or 0
    counted = own.copy()
    for name, client_id in theirs:
        if name not in {question.id for question in lesson.questions}:
            continue
        pool = lesson.quiz.pool_of(name)
        is_limited = name in own or (pool is not None and not own.keys().isdisjoint(pool.questions))
        drawn = sum(counted[other] > 0 for other in pool.questions) if pool else 0
        is_drawn = pool is None or counted[name] > 0 or drawn < pool.draw
        if is_limited and (counted[name] >= limit or not is_drawn):
            yield client_id
        else:
            counted[name] += 1


def _delete_twins(guest: int, account: int) -> sa.Delete:
    """Return what removes a guest's answers that the account holds under the same client id."""
    twin = orm.aliased(Answer)
    has_twin = sa.exists().where(twin.learner_id == account, twin.client_id == Answer.client_id)
    return sa.delete(Answer).where(Answer.learner_id == guest, has_twin)


def _attempts(session: orm.Session, learner_id: int) -> Any:
    """Return what writes the attempts that a learner's answers belong to."""
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    found = (
        sa.select(Answer.learner_id, Answer.lesson, Answer.attempt, sa.func.min(Answer.recorded_at))
        .where(Answer.learner_id == learner_id)
        .group_by(Answer.learner_id, Answer.lesson, Answer.attempt)
    )
    insert = dialect.insert(Attempt).from_select(
        ["learner_id", "lesson", "number", "started_at"], found
    )
    return insert.on_conflict_do_update(
        index_elements=["learner_id", "lesson", "number"],
        set_={"started_at": insert.excluded.started_at},
    )
