"""Answers that arrive after a decision about the revision they answer.

Most are recognised on arrival, because their form names an earlier revision. A few reach a worker that has
not loaded the new course yet, just after a publication; `catch_up` finds those.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from course.content import questions
from course.content.questions.base import Question
from course.record.answering.tables import Answer
from course.record.publishing import marks
from course.record.publishing.marks import AnswerState, AppliedDecision, EffectiveMark, Regrade
from course.record.publishing.tables import Mark
from course.record.revisions import registration
from course.record.revisions.tables import QuestionRevision
from course.record.store.base import now


def apply_decisions(
    session: orm.Session, answer: Answer, asked: Question, revision: str, at: datetime
) -> tuple[Regrade, ...]:
    """Store the marks that decisions give an *answer* to *revision* of *asked*, as of *at*; return them."""
    given: list[Regrade] = []
    mark = EffectiveMark(answer.share, answer.out_of)

    def mark_of(one: AppliedDecision, base: AnswerState) -> EffectiveMark:
        nonlocal mark

        def regraded() -> EffectiveMark | None:
            found = registration.find_revision(session, one.question, one.new)
            new = found[1] if found else asked
            return marks.regraded(asked, new, answer.given, answer.shown)

        left = marks.outcome(one.decision, base.mark, regraded)
        if left != mark:
            given.append(Regrade(one.id, left.share, None if left.is_void else left.out_of, at))
            mark = left
        return left

    decided = marks.question_decisions(session, asked.id)
    marks.replay(decided, revision, answer.recorded_at, mark, mark_of)
    rows = [
        marks.mark_row(answer.learner_id, answer.client_id, one.decision_id, one.mark, at)
        for one in given
    ]
    if rows:
        session.execute(sa.insert(Mark), rows)
    return tuple(given)


def catch_up(session: orm.Session) -> int:
    """Apply decisions to answers that a worker stored without knowing them; return how many got a mark.

    Such an answer was recorded after the decision and has no `Mark`. Repeating is harmless.
    """
    settled = 0
    for one in marks.decisions(session).values():
        if one.closed_at is not None or not one.gives_marks:
            continue
        has_mark = sa.exists().where(
            Mark.learner_id == Answer.learner_id, Mark.client_id == Answer.client_id
        )
        found = session.execute(
            sa.select(Answer, QuestionRevision.content)
            .join(QuestionRevision)
            .where(
                Answer.question == one.question,
                ~Answer.practice,
                Answer.recorded_at >= one.at,
                QuestionRevision.revision == one.old,
                ~has_mark,
            )
        ).all()
        for answer, content in found:
            settled += bool(
                apply_decisions(session, answer, questions.load(content), one.old, now())
            )
    return settled
