"""What progress reads of a learner's answers: those that are alike as one row, with every mark.

Answers to a question are alike if they have the same revision, the same mark and the same lesson. The first
one decides the score and the completion, so the later ones are only counted, and a learner who answers the
same question a hundred times costs a page no more rows than one who answers it twice. Answers to questions
about which a decision was made are read one by one, since decisions give marks to single answers.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from course.record.answering import answers, draws
from course.record.answering.tables import Answer
from course.record.people.tables import Learner
from course.record.progress.completion import AnsweredMark
from course.record.progress.tables import GrantedCompletion, LessonVisit
from course.record.publishing import marks
from course.record.publishing.tables import Decision, Mark
from course.record.revisions.tables import QuestionRevision
from course.record.store.base import Moment
from course.record.store.statements import Query, Source, names_column

_IS_DECIDED = Answer.question.in_(sa.select(Decision.question))
_MARK = (
    Mark.decision_id,
    Mark.share.label("new_share"),
    Mark.out_of.label("new_out_of"),
    Mark.marked_at,
)
_ABOUT = (Answer.share, Answer.out_of, Answer.lesson)
_SHARED = (
    Answer.question.label("name"),
    *_ABOUT,
    draws.INSTEAD.label("instead"),
    QuestionRevision.revision,
    *_MARK,
)
_ONE_ANSWER = (
    Answer.attempt,
    Answer.recorded_at,
    sa.literal_column("1", sa.Integer).label("answers"),
    sa.type_coerce(sa.null(), Moment).label("last_at"),
)
_MARK_OF_ANSWER = (Mark.learner_id == Answer.learner_id) & (Mark.client_id == Answer.client_id)
_REVISION_OF_DECIDED = (QuestionRevision.id == Answer.question_revision_id) & _IS_DECIDED
_ORDER = ("recorded_at", "attempt", "name", "decision_id")
"""By time. The rows of an answer that has several marks follow each other."""


def _alike_answers(*which: sa.ColumnElement[bool]) -> Any:
    """Return what finds a learner's answers that count, in the columns that `answered_marks` takes."""
    mine = (Answer.learner_id == sa.bindparam("learner_id"), ~Answer.practice, *which)
    joined = (
        sa.outerjoin(Answer, QuestionRevision, _REVISION_OF_DECIDED)
        .outerjoin(Mark, _MARK_OF_ANSWER)
    )  # fmt: skip
    first = sa.select(*_SHARED, *_ONE_ANSWER)
    # Nearly all answers are first ones, and grouping these would find nothing: it costs twice the reading.
    repeated = sa.select(
        *_SHARED,
        sa.func.min(Answer.attempt),
        sa.func.min(Answer.recorded_at),
        sa.func.count(),
        sa.func.max(Answer.recorded_at),
    ).group_by(
        Answer.question,
        *_ABOUT,
        "instead",
        Answer.question_revision_id,
        QuestionRevision.revision,
        *(Mark.decision_id, Mark.share, Mark.out_of, Mark.marked_at),
        sa.case((_IS_DECIDED, Answer.client_id)),
    )
    return sa.union_all(
        first.select_from(joined).where(*mine, Answer.attempt == 1),
        repeated.select_from(joined).where(*mine, Answer.attempt > 1),
    )


def _lesson_query(dialect: str) -> Any:
    """Return what finds a learner with what they did in a *lesson*, whose questions are *names*."""
    lesson: Any = sa.bindparam("lesson")
    visit = (LessonVisit.learner_id == Learner.id) & (LessonVisit.lesson == lesson)
    granted = (GrantedCompletion.learner_id == Learner.id) & (GrantedCompletion.lesson == lesson)
    given = _alike_answers(Answer.question.in_(sa.select(names_column(dialect)))).subquery("given")
    found = (
        sa.outerjoin(Learner, LessonVisit, visit)
        .outerjoin(GrantedCompletion, granted)
        .outerjoin(given, sa.true())
    )
    fact = (GrantedCompletion.completed_at, GrantedCompletion.reason)
    columns = (Learner.seed, LessonVisit.last_at, LessonVisit.read_at, *fact, *given.c)
    who = Learner.id == sa.bindparam("learner_id")
    order = [given.c[name] for name in _ORDER]
    return sa.select(*columns).select_from(found).where(who).order_by(*order)


def visits_of_many(dialect: str) -> Any:
    """Return what finds for *pairs* of a learner and a lesson what comes first in `lesson_answers`.

    Each row begins with the learner.
    """
    pair, learner_id, _, lesson = answers.pairs_table(dialect)
    visit = (LessonVisit.learner_id == Learner.id) & (LessonVisit.lesson == lesson)
    granted = (GrantedCompletion.learner_id == Learner.id) & (GrantedCompletion.lesson == lesson)
    found = (
        sa.join(pair, Learner, Learner.id == learner_id)
        .outerjoin(LessonVisit, visit)
        .outerjoin(GrantedCompletion, granted)
    )
    fact = (GrantedCompletion.completed_at, GrantedCompletion.reason)
    columns = (Learner.id, Learner.seed, LessonVisit.last_at, LessonVisit.read_at, *fact)
    return sa.select(*columns).select_from(found)


def answers_of_many(dialect: str) -> Any:
    """Return what finds the answers for *pairs* of a learner and a question, for `answered_marks`.

    Each row begins with the learner.
    """
    pair, learner_id, _, question = answers.pairs_table(dialect)
    is_it = (Answer.learner_id == learner_id) & (Answer.question == question) & ~Answer.practice
    found = (
        sa.join(pair, Answer, is_it)
        .outerjoin(QuestionRevision, _REVISION_OF_DECIDED)
        .outerjoin(Mark, _MARK_OF_ANSWER)
    )
    order = (Answer.recorded_at, Answer.attempt, Answer.question, Mark.decision_id)
    columns = (Answer.learner_id, *_SHARED, *_ONE_ANSWER)
    return sa.select(*columns).select_from(found).order_by(*order)


_COURSE_ANSWERS = Query(lambda _: _alike_answers().order_by(*_ORDER))
_LESSON_ANSWERS = Query(_lesson_query)


def course_answers(source: Source, decided: marks.Decisions, learner_id: int) -> list[AnsweredMark]:
    """Return a learner's answers with every mark they had, oldest first."""
    return answered_marks(_COURSE_ANSWERS.rows(source, learner_id=learner_id), decided)


def lesson_answers(
    source: Source, decided: marks.Decisions, learner_id: int, lesson: str, names: str
) -> tuple[Sequence[Any], list[AnsweredMark]] | None:
    """Return what a learner did in *lesson*, whose questions are *names* as JSON; None for nobody.

    First come seed, last visit, when it was marked as read, and a granted completion's moment and reason.
    """
    rows = _LESSON_ANSWERS.rows(source, learner_id=learner_id, lesson=lesson, names=names)
    if not rows:
        return None
    given = [row[5:] for row in rows if row[5] is not None]
    return rows[0][:5], answered_marks(given, decided)


def answered_marks(rows: Iterable[Sequence[Any]], decided: marks.Decisions) -> list[AnsweredMark]:
    """Return the answers in rows, oldest first."""
    found: list[AnsweredMark] = []
    latest = None
    for row in rows:
        name, share, out_of, lesson, instead, revision, decision_id, *mark = row[:10]
        attempt, at, number, last_at = row[10:]
        regrades = () if decision_id is None else (marks.Regrade(decision_id, *mark),)
        if regrades and (name, attempt) == latest:
            found[-1] = found[-1]._replace(regrades=found[-1].regrades + regrades)
            continue
        latest = (name, attempt)
        again = (
            revision is not None
            and name in decided
            and marks.is_asked_again(decided[name], revision, at)
        )
        found.append(
            AnsweredMark(
                name, share, out_of, at, False, regrades, instead, lesson, again, number, last_at
            )
        )
    return found
