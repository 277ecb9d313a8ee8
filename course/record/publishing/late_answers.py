"""Answers to a revision that was decided about before they arrived.

Most are recognised as they come: their form names an earlier revision. A few reach a worker that does
not know the new course yet, for the moment between a publication and its next look at the file; those
are found afterwards.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from course.content import questions
from course.content.questions.base import Question
from course.record.answering.tables import Answer
from course.record.publishing import marks
from course.record.publishing.marks import AppliedDecision, EffectiveMark, Regrade, State
from course.record.publishing.tables import Mark
from course.record.revisions import registration
from course.record.revisions.tables import QuestionRevision
from course.record.store.base import now


def apply_decisions(
    session: orm.Session, answer: Answer, asked: Question, revision: str, at: datetime
) -> tuple[Regrade, ...]:
    """Give an *answer* to *revision* of *asked*, as of *at*, the marks that were decided; return them."""
    given: list[Regrade] = []
    mark = EffectiveMark(answer.share, answer.out_of)

    def mark_of(one: AppliedDecision, base: State) -> EffectiveMark:
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
    marks.follow(decided, revision, answer.recorded_at, mark, mark_of)
    rows = [
        marks.mark_row(answer.learner_id, answer.client_id, one.decision_id, one.mark, at)
        for one in given
    ]
    if rows:
        session.execute(sa.insert(Mark), rows)
    return tuple(given)


def catch_up(session: orm.Session) -> int:
    """Settle the answers that were stored by a worker which did not know a decision; return how many.

    Such an answer was recorded after the decision was, and has no mark from any. Repeating is harmless.
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
