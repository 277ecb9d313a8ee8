"""Answers to a revision that was decided about before they arrived.

Most are recognised as they come: their form names an earlier revision. A few reach a worker that does
not know the new course yet, for the moment between a publication and its next look at the file; those
are found afterwards.
"""

import sqlalchemy as sa
from sqlalchemy import orm

from course.content import questions
from course.content.questions.base import Question
from course.record import marks, publications
from course.record.database import now
from course.record.marks import Anew
from course.record.tables import Answer, Mark, QuestionRevision


def settle(
    session: orm.Session, decided: marks.Decisions, answer: Answer, asked: Question, revision: str
) -> tuple[Anew, ...]:
    """Give an *answer* to *revision* of *asked* the marks that were decided before; return them."""
    given: list[Anew] = []
    by = asked
    for one in marks.after(decided, asked.id, revision):
        found = publications.revision(session, one.question, one.new)
        by = found[1] if found else by
        mark = marks.by_decision(one.decision, asked, by, answer.given, answer.shown)
        if mark is not None:
            row = marks.row(answer.learner_id, answer.client_id, one.id, mark, now())
            session.execute(sa.insert(Mark), row)
            given.append(Anew(one.id, *mark, row["marked_at"]))
    return tuple(given)


def catch_up(session: orm.Session) -> int:
    """Settle the answers that were stored by a worker which did not know a decision; return how many.

    Such an answer was recorded after the decision was, and has no mark from it. Repeating is harmless.
    """
    settled = 0
    every = list(marks.decisions(session).values())
    decided = marks.latest(every)
    for one in every:
        if not one.gives_marks:
            continue
        has_mark = sa.exists().where(
            Mark.learner_id == Answer.learner_id,
            Mark.client_id == Answer.client_id,
            Mark.decision_id >= one.id,
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
            settled += bool(settle(session, decided, answer, questions.load(content), one.old))
    return settled
