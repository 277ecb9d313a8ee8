"""Merging a guest's record into an account's: nothing lost, nothing doubled.

- An answer that both hold under one client id was sent twice. The account's stays: clients choose these
  ids, and nobody shall exchange an answer of the account for one that a guest gave earlier.
- Answers to a question are numbered anew by the moment they were recorded, 1, 2, 3 ... without gaps.
- An account has the attempts that a quiz allows, and no more by merging: what a guest answered beyond those
  left to the account becomes practice. It stays in the record, and counts for neither score nor completion.
  What the account answered itself counts as before.
- The guest's row stays and points to the account, so that an answer under way finds its place.

Whoever holds learners' rows takes guests before accounts, as `learners.holding` walks, so that nobody
waits in a circle.
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
from course.record.people.tables import Account, Learner, SignIn
from course.record.progress.tables import GrantedCompletion, LessonVisit
from course.record.store.base import now

ASIDE = 1_000_000_000
"""Added to numbers while they change: the database checks that they differ after each single row."""


def merge(session: orm.Session, guest: int, account: int, course: Course | None = None) -> bool:
    """Move what *guest* did to *account* and end the guest's sign-ins; return whether that was to do.

    An account is never merged, and a guest only once. *course* says how many attempts are allowed.
    """
    if guest == account or not free_guest(session, guest):
        return False
    session.execute(_held(account)).one()
    _move_answers(session, guest, account, course)
    _move_visits(session, guest, account)
    _move_granted(session, guest, account)
    session.execute(sa.update(Learner).where(Learner.id == guest).values(merged_into=account))
    end_sign_ins(session, guest)
    return True


def free_guest(session: orm.Session, learner_id: int) -> bool:
    """Hold a learner's row; return whether it is a guest that was not merged yet."""
    row = session.execute(_held(learner_id)).one_or_none()
    return row is not None and row.merged_into is None and session.get(Account, learner_id) is None


def _held(learner_id: int) -> sa.Select[int | None]:
    return (
        sa.select(Learner.merged_into)
        .where(Learner.id == learner_id)
        .with_for_update(key_share=True)
    )


def end_sign_ins(session: orm.Session, learner_id: int, keep: int | None = None) -> None:
    """Sign every browser of a learner out, except *keep*."""
    session.execute(
        sa.update(SignIn)
        .where(SignIn.learner_id == learner_id, SignIn.ended_at.is_(None), SignIn.id != (keep or 0))
        .values(ended_at=now())
    )


def _move_answers(session: orm.Session, guest: int, account: int, course: Course | None) -> None:
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


def _move_visits(session: orm.Session, guest: int, account: int) -> None:
    for visit in session.scalars(sa.select(LessonVisit).where(LessonVisit.learner_id == guest)):
        kept = session.get(LessonVisit, (account, visit.lesson))
        if kept is None:
            session.add(
                LessonVisit(
                    learner_id=account,
                    lesson=visit.lesson,
                    first_at=visit.first_at,
                    last_at=visit.last_at,
                    read_at=visit.read_at,
                )
            )
        else:
            kept.first_at = min(kept.first_at, visit.first_at)
            kept.last_at = max(kept.last_at, visit.last_at)
            kept.read_at = min(filter(None, (kept.read_at, visit.read_at)), default=None)
        session.delete(visit)
    session.flush()


def _move_granted(session: orm.Session, guest: int, account: int) -> None:
    """Move completions that are facts; of two for one lesson the earlier one stays."""
    mine = GrantedCompletion.learner_id == guest
    for fact in session.scalars(sa.select(GrantedCompletion).where(mine)).all():
        kept = session.get(GrantedCompletion, (account, fact.lesson))
        if kept is None or fact.completed_at < kept.completed_at:
            moved = GrantedCompletion(
                learner_id=account,
                lesson=fact.lesson,
                completed_at=fact.completed_at,
                reason=fact.reason,
                granted_at=fact.granted_at,
            )
            session.merge(moved)
        session.delete(fact)
    session.flush()
