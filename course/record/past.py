"""Exact history: an answer as it was met, with every mark it had and why, from the record alone."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from course.record import answers, marks
from course.record.answers import Recorded
from course.record.marks import Decided, Standing
from course.record.tables import Account, Answer, Learner, LessonRevision, Mark


@dataclass(frozen=True)
class Step:
    """One mark after the first: what it was before, what it became, and the decision behind it."""

    decided: Decided
    before: Standing
    after: Standing

    @property
    def moved(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Past:
    """An answer with its question as it stood, the lesson it was given in, and its marks since."""

    answer: Recorded
    lesson: str
    steps: tuple[Step, ...]
    asked_again: Decided | None = None
    """The decision by which the learner is asked again."""


def of(session: orm.Session, learner_id: int, client_id: uuid.UUID) -> Past | None:
    """Return the answer that a learner recorded under *client_id*; None where there is none."""
    found = session.execute(
        sa.select(Answer.lesson).where(
            Answer.learner_id == learner_id, Answer.client_id == client_id
        )
    ).one_or_none()
    if found is None:
        return None
    answer = answers.stored(session, learner_id, client_id)
    decided = marks.decisions(session)
    chain = list(marks.after(marks.latest(decided.values()), answer.question.id, answer.revision))
    again = chain[-1] if chain and chain[-1].decision == "re-ask" else None
    return Past(answer, found.lesson, _steps(answer, decided), again)


def changed(session: orm.Session, learner_id: int) -> list[Past]:
    """Return a learner's answers whose mark is another now than then, last changed first."""
    rows = session.execute(
        sa.select(Answer.client_id, Answer.lesson, sa.func.max(Mark.marked_at))
        .join(Mark, (Mark.learner_id == Answer.learner_id) & (Mark.client_id == Answer.client_id))
        .where(Answer.learner_id == learner_id)
        .group_by(Answer.client_id, Answer.lesson)
        .order_by(sa.func.max(Mark.marked_at).desc())
    ).all()
    if not rows:
        return []
    decided = marks.decisions(session)
    found = {one.client_id: one for one in answers.history(session, learner_id)}
    pasts = [
        Past(found[row.client_id], row.lesson, _steps(found[row.client_id], decided))
        for row in rows
    ]
    return [past for past in pasts if any(step.moved for step in past.steps)]


def _steps(answer: Recorded, decided: dict[int, Decided]) -> tuple[Step, ...]:
    steps = []
    before = marks.standing(answer.share, answer.out_of, None)
    for anew in answer.anew:
        after = marks.standing(answer.share, answer.out_of, anew)
        steps.append(Step(decided[anew.decision_id], before, after))
        before = after
    return tuple(steps)


@dataclass(frozen=True)
class Gone:
    """A lesson that is no longer part of the course, and in which a learner has answers."""

    id: str
    title: str
    answers: int
    last_at: datetime


def gone(session: orm.Session, learner_id: int, present: Iterable[str]) -> list[Gone]:
    """Return the lessons of a learner's answers that are not among those *present*."""
    rows = session.execute(
        sa.select(Answer.lesson, sa.func.count(), sa.func.max(Answer.recorded_at))
        .where(Answer.learner_id == learner_id, Answer.lesson.not_in(list(present)))
        .group_by(Answer.lesson)
        .order_by(Answer.lesson)
    ).all()
    return [Gone(lesson, title(session, lesson), count, last) for lesson, count, last in rows]


def title(session: orm.Session, lesson: str) -> str:
    """Return what a lesson was called last; its id where nobody ever published it."""
    rule = session.scalars(
        sa.select(LessonRevision.rule)
        .where(LessonRevision.lesson == lesson)
        .order_by(LessonRevision.number.desc())
        .limit(1)
    ).one_or_none()
    return str(rule["title"]) if rule else lesson


MOST = 50
"""Learners in one list."""


@dataclass(frozen=True)
class Who:
    """A learner as trainers see them: an account by its mail, a guest by a number."""

    id: int
    mail: str | None
    since: datetime

    @property
    def name(self) -> str:
        return self.mail or f"Guest {self.id}"


def learner(session: orm.Session, learner_id: int) -> Who | None:
    """Return a learner, or the account that a guest became; None where there is none."""
    row = session.get(Learner, learner_id)
    while row is not None and row.merged_into is not None:
        row = session.get(Learner, row.merged_into)
    if row is None:
        return None
    account = session.get(Account, row.id)
    return Who(row.id, account.mail if account else None, row.created_at)


def learners(session: orm.Session, mail: str = "") -> list[Who]:
    """Return the learners who came last; with *mail*, the accounts whose address begins with it."""
    found = (
        sa.select(Learner.id, Account.mail, Learner.created_at)
        .outerjoin(Account)
        .where(Learner.merged_into.is_(None))
        .limit(MOST)
    )
    if mail:
        begins = Account.mail.startswith(mail.casefold(), autoescape=True)
        rows = session.execute(found.where(begins).order_by(Account.mail))
    else:
        rows = session.execute(found.order_by(Learner.id.desc()))
    return [Who(*row) for row in rows]
