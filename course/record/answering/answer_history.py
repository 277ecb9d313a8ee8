"""Exact history: an answer with its question as it was asked and every mark it had, from the record alone."""

import json
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from course.record.answering.answers import RecordedAnswer
from course.record.answering.tables import Answer
from course.record.people.tables import Account, Learner
from course.record.progress.standings import RemovedLessonAnswers
from course.record.publishing import marks
from course.record.publishing.marks import AppliedDecision, EffectiveMark
from course.record.publishing.tables import Mark
from course.record.revisions import question_cache
from course.record.revisions.registration import Timeline
from course.record.store.statements import Query, names_column


@dataclass(frozen=True)
class MarkChange:
    """One mark after the first: what it was before, what it became, and the decision behind it."""

    decided: AppliedDecision
    before: EffectiveMark
    after: EffectiveMark

    @property
    def moved(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class PastAnswer:
    """An answer with its question as it stood, the lesson it was given in, and its marks since."""

    answer: RecordedAnswer
    lesson: str
    steps: tuple[MarkChange, ...]
    asked_again: AppliedDecision | None = None
    """The decision by which the learner is asked again."""


def load_answer(session: orm.Session, learner_id: int, client_id: uuid.UUID) -> PastAnswer | None:
    """Return the answer that a learner recorded under *client_id*; None where there is none."""
    found = _answers(session, learner_id, Answer.client_id == client_id)
    if not found:
        return None
    [(lesson, answer)] = found
    decided = marks.decisions(session)
    mine = [one for one in decided.values() if one.question == answer.question.id]
    about = (answer.revision, answer.recorded_at)
    again = marks.last_decision(mine, *about) if marks.is_asked_again(mine, *about) else None
    return PastAnswer(answer, lesson, _steps(answer, decided), again)


def regraded_answers(session: orm.Session, learner_id: int) -> list[PastAnswer]:
    """Return a learner's answers whose current mark differs from the original, last changed first."""
    rows = _REGRADED_ANSWERS.rows(session, learner_id=learner_id)
    found = _read(session, learner_id, rows)
    if not found:
        return []
    decided = marks.decisions(session)
    found.sort(key=lambda pair: pair[1].regrades[-1].at, reverse=True)
    pasts = [PastAnswer(answer, lesson, _steps(answer, decided)) for lesson, answer in found]
    return [past for past in pasts if any(step.moved for step in past.steps)]


def last_answers(
    session: orm.Session, learner_id: int, questions: Collection[str]
) -> dict[str, RecordedAnswer]:
    """Return a learner's last answer to each of *questions* that has one."""
    names = json.dumps(sorted(questions))
    rows = _LAST_ANSWERS.rows(session, learner_id=learner_id, names=names)
    return {answer.question.id: answer for _, answer in _read(session, learner_id, rows)}


def lesson_answers(
    session: orm.Session, learner_id: int, lesson: str, questions: Collection[str]
) -> list[RecordedAnswer]:
    """Return the answers that a learner gave in a lesson, and those to *questions*, first ones first."""
    which = (Answer.lesson == lesson) | Answer.question.in_(list(questions))
    return [answer for _, answer in _answers(session, learner_id, which)]


MAX_ANSWERS = 50
"""Answers on one page."""


def answers_page(
    session: orm.Session, learner_id: int, before: uuid.UUID | None = None
) -> tuple[list[RecordedAnswer], bool]:
    """Return a page of a learner's answers, last ones first, and whether there are more.

    With *before*, those before the one with this id.
    """
    earlier: list[sa.ColumnElement[bool]] = []
    if before is not None:
        that = orm.aliased(Answer)
        mine = (that.learner_id == learner_id) & (that.client_id == before)
        at = sa.select(that.recorded_at).where(mine).scalar_subquery()
        same = (Answer.recorded_at == at) & (Answer.client_id < before)
        earlier = [(Answer.recorded_at < at) | same]
    order = (Answer.recorded_at.desc(), Answer.client_id.desc())
    rows = _answers_query(learner_id, *earlier).order_by(*order).limit(MAX_ANSWERS + 1)
    found = [answer for _, answer in _read(session, learner_id, session.execute(rows).all())]
    return found[:MAX_ANSWERS], len(found) > MAX_ANSWERS


def _answers(
    session: orm.Session, learner_id: int, *which: sa.ColumnElement[bool]
) -> list[tuple[str, RecordedAnswer]]:
    """Return answers of a learner, each with the lesson that it was given in, first ones first."""
    order = (Answer.recorded_at, Answer.question, Answer.attempt)
    rows = session.execute(_answers_query(learner_id, *which).order_by(*order)).all()
    return _read(session, learner_id, rows)


def _answers_query(learner_id: Any, *which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    columns = (
        *(Answer.lesson, Answer.client_id, Answer.question_revision_id, Answer.given, Answer.share),
        *(Answer.out_of, Answer.attempt, Answer.recorded_at, Answer.shown),
        *(Answer.marking, Answer.practice),
    )
    return sa.select(*columns).where(Answer.learner_id == learner_id, *which)


def _regraded_answers_query() -> sa.Select[Any]:
    """Return what finds a learner's answers to which decisions gave marks."""
    learner: Any = sa.bindparam("learner_id")
    marked = sa.select(Mark.client_id).where(Mark.learner_id == learner)
    order = (Answer.recorded_at, Answer.question, Answer.attempt)
    return _answers_query(learner, Answer.client_id.in_(marked)).order_by(*order)


_REGRADED_ANSWERS = Query(_regraded_answers_query())


def _last_answers_query(dialect: str) -> sa.Select[Any]:
    """Return what finds a learner's last answer to each of the questions *names*."""
    later = orm.aliased(Answer)
    follows = sa.exists().where(
        later.learner_id == Answer.learner_id,
        later.question == Answer.question,
        later.attempt == Answer.attempt + 1,  # they are numbered without gaps
    )
    asked = Answer.question.in_(sa.select(names_column(dialect)))
    return _answers_query(sa.bindparam("learner_id"), asked, ~follows)


_LAST_ANSWERS = Query(_last_answers_query)


def _read(
    session: orm.Session, learner_id: int, rows: Sequence[Any]
) -> list[tuple[str, RecordedAnswer]]:
    if not rows:
        return []
    asked = question_cache.load_questions(session, [row[2] for row in rows])
    regrades = marks.learner_regrades(session, learner_id)
    found = []
    for lesson, client_id, revision_id, given, *mark, attempt, at, shown, marking, practice in rows:
        revision, question = asked[revision_id]
        seen = question.by_rules(marking).as_shown(shown)
        about = (*mark, attempt, at, shown, regrades.get(client_id, ()), revision, practice)
        found.append((lesson, RecordedAnswer(client_id, seen, given, *about)))
    return found


def _steps(answer: RecordedAnswer, decided: dict[int, AppliedDecision]) -> tuple[MarkChange, ...]:
    steps = []
    before = marks.effective_mark(answer.share, answer.out_of, None)
    for regrade in answer.regrades:
        after = marks.effective_mark(answer.share, answer.out_of, regrade)
        steps.append(MarkChange(decided[regrade.decision_id], before, after))
        before = after
    return tuple(steps)


@dataclass(frozen=True)
class RemovedLesson:
    """A lesson that is no longer part of the course, and in which a learner has answers."""

    id: str
    title: str
    answers: int
    last_at: datetime


def removed_lessons(
    timeline: Timeline, left: Iterable[RemovedLessonAnswers]
) -> list[RemovedLesson]:
    """Return the lessons that a learner's standing names as *left*, by what they were called last."""
    return [
        RemovedLesson(lesson.id, timeline.title(lesson.id), lesson.answers, lesson.last_at)
        for lesson in left
    ]


MAX_LEARNERS = 50
"""Learners in one list."""


@dataclass(frozen=True)
class LearnerName:
    """A learner as trainers see them: an account by its mail, a guest by a number."""

    id: int
    mail: str | None
    since: datetime

    @property
    def name(self) -> str:
        return self.mail or f"Guest {self.id}"


def find_learner(session: orm.Session, learner_id: int) -> LearnerName | None:
    """Return a learner, or the account that a guest became; None where there is none."""
    row = session.get(Learner, learner_id)
    while row is not None and row.merged_into is not None:
        row = session.get(Learner, row.merged_into)
    if row is None:
        return None
    account = session.get(Account, row.id)
    return LearnerName(row.id, account.mail if account else None, row.created_at)


def list_learners(
    session: orm.Session, mail: str = "", before: int = 0, after: str = ""
) -> tuple[list[LearnerName], bool]:
    """Return a page of learners, and whether there are more: who came last first, those *before* one's id.

    With *mail*, the accounts whose address begins with it, in the order of the alphabet, those *after* one.
    """
    found = sa.select(Learner.id, Account.mail, Learner.created_at).limit(MAX_LEARNERS + 1)
    if not (mail + after).isprintable():  # no address is such, and PostgreSQL takes no NUL
        return [], False
    if mail:
        begins = mail.casefold()
        found = found.join(Account).where(Account.mail >= max(begins, after), Account.mail != after)
        found = found.where(Account.mail < begins + _LAST).order_by(Account.mail)
    else:
        found = found.outerjoin(Account).where(Learner.merged_into.is_(None))
        found = found.order_by(Learner.id.desc())
        found = found.where(Learner.id < min(before, _MAX_ID)) if before else found
    rows = [LearnerName(*row) for row in session.execute(found)]
    return rows[:MAX_LEARNERS], len(rows) > MAX_LEARNERS


_MAX_ID = 2**63 - 1
_LAST = "\U0010ffff"
"""Sorts behind every other character, so that a range of an index holds all that begins alike."""
