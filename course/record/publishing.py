"""Publishing into the record: decisions applied in one transaction, and taken back exactly.

- A publication adds rows and changes none: its own row, the revisions, rules and outline that are new,
  its decisions, and marks given anew. So undoing it is deleting them.
- Rules that held while somebody answered stay, undone or not: a completion may rest on them.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from course.content import questions
from course.content.course import Course
from course.content.questions.base import Question
from course.record import impact, marks, publications, summary
from course.record.database import Database, now
from course.record.impact import Impact
from course.record.tables import (
    Answer,
    Decision,
    LessonRevision,
    LessonVisit,
    Mark,
    Outline,
    Publication,
    QuestionRevision,
)

BATCH = 1_000
"""Marks written with one statement."""


class NotPublished(Exception):
    """Nothing was published or undone; says why and what to do."""


@dataclass(frozen=True)
class Done:
    """A publication that was made, with what it did."""

    number: int
    marks: int
    """Marks given anew."""
    report: Mapping[str, Any]


def publish(
    database: Database,
    course: Course,
    foreseen: Impact,
    *,
    after: int,
    by: str,
    commit: str,
    switch: Callable[[], None] = lambda: None,
) -> Done:
    """Apply *foreseen* and its decisions, and *switch* the site, in one transaction.

    *after* is the number of the last publication when *foreseen* was made. Raises NotPublished when
    another one came between. When *switch* raises, nothing is recorded.
    """
    with database.write() as session:
        _hold(session)
        last = session.scalar(sa.select(sa.func.max(Publication.number))) or 0
        if last != after:
            raise NotPublished(
                f"Somebody published meanwhile (publication {last}). Look at 'course impact' again, then "
                "publish."
            )
        moment = now()
        report = asdict(foreseen.marks) | {"questions": len(foreseen.questions)}
        session.add(
            Publication(
                number=last + 1,
                published_at=moment,
                published_by=by[:200],
                commit=commit,
                report=report,
            )
        )
        session.flush()
        published = publications.register(session, course, moment)
        given = 0
        for question, old, change in foreseen.decisions:
            decision = Decision(
                publication=last + 1,
                question=question,
                old=old,
                new=published.revisions[question],
                decision=change.decision,
                reason=change.reason,
            )
            session.add(decision)
            session.flush()
            given += _apply(session, decision, course.asked[question][1], moment)
        switch()
        return Done(last + 1, given, report)


def _hold(session: orm.Session) -> None:
    """Keep answers and other publications waiting until the end of the transaction."""
    if session.get_bind().dialect.name == "postgresql":  # on SQLite every writer waits anyway
        session.execute(sa.text("LOCK TABLE publication, answer IN SHARE ROW EXCLUSIVE MODE"))


def _apply(session: orm.Session, decision: Decision, new: Question, moment: datetime) -> int:
    """Give the marks of one decision to every answer that it concerns; return how many."""
    earlier = marks.latest(
        one for one in marks.decisions(session).values() if one.id != decision.id
    )
    anew = marks.of_question(session, decision.question)
    olds: dict[int, tuple[str, Question]] = {}
    rows: list[dict[str, Any]] = []
    given = 0
    answers = session.execute(
        sa.select(
            Answer.learner_id,
            Answer.client_id,
            Answer.question_revision_id,
            Answer.given,
            Answer.shown,
            Answer.share,
            Answer.out_of,
        ).where(Answer.question == decision.question, ~Answer.practice)
    ).all()
    for answer in answers:
        if answer.question_revision_id not in olds:
            row = session.get_one(QuestionRevision, answer.question_revision_id)
            olds[row.id] = (row.revision, questions.load(row.content))
        revision, old = olds[answer.question_revision_id]
        path, is_settled = marks.path(earlier, decision.question, revision)
        if decision.old not in path:
            continue
        last = anew.get((answer.learner_id, answer.client_id), (None,))[-1]
        standing = marks.standing(answer.share, answer.out_of, last)
        pattern = summary.Pattern(
            decision.question,
            path,
            answer.given,
            answer.shown,
            answer.share,
            answer.out_of,
            standing,
            is_settled,
        )
        mark = impact.target(decision.decision, pattern, decision.old, old, new)
        if mark != standing:
            values = (None, None) if mark.is_void else (mark.share, mark.out_of)
            rows.append(marks.row(answer.learner_id, answer.client_id, decision.id, values, moment))
            given += 1
        if len(rows) >= BATCH:
            session.execute(sa.insert(Mark), rows)
            rows = []
    if rows:
        session.execute(sa.insert(Mark), rows)
    return given


def last(session: orm.Session) -> Publication | None:
    """Return the last publication that was not undone."""
    return session.scalars(
        sa.select(Publication)
        .where(Publication.undone_at.is_(None))
        .order_by(Publication.number.desc())
        .limit(1)
    ).one_or_none()


def undo(
    database: Database, number: int, *, by: str, switch: Callable[[], None] = lambda: None
) -> int:
    """Take publication *number* back, and *switch* the site; return how many marks went with it.

    What nobody relied on since goes, too: revisions without an answer and, when nobody answered or read
    since, the rules and the outline. Raises NotPublished unless it is the last one still standing.
    """
    with database.write() as session:
        _hold(session)
        publication = last(session)
        if publication is None or publication.number != number:
            raise NotPublished(
                f"Publication {number} is not the last one any more. Look at 'course publications'."
            )
        at = publication.published_at
        mine = sa.select(Decision.id).where(Decision.publication == number)
        gone = session.execute(
            sa.delete(Mark).where(Mark.decision_id.in_(mine)).returning(Mark.client_id)
        ).all()
        session.execute(sa.delete(Decision).where(Decision.publication == number))
        is_used = session.scalar(
            sa.select(Answer.question).where(Answer.recorded_at >= at).limit(1)
        )
        is_read = session.scalar(
            sa.select(LessonVisit.lesson).where(LessonVisit.read_at >= at).limit(1)
        )
        if is_used is None and is_read is None:
            session.execute(sa.delete(LessonRevision).where(LessonRevision.published_at == at))
            session.execute(sa.delete(Outline).where(Outline.published_at == at))
        answered = sa.exists().where(Answer.question_revision_id == QuestionRevision.id)
        session.execute(
            sa.delete(QuestionRevision).where(QuestionRevision.published_at == at, ~answered)
        )
        publication.undone_at = now()
        publication.undone_by = by[:200]
        session.flush()
        switch()
        return len(gone)


def publications_made(session: orm.Session) -> list[Publication]:
    """Return every publication, newest first."""
    return list(session.scalars(sa.select(Publication).order_by(Publication.number.desc())))
