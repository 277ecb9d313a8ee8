"""Publishing into the record: decisions are applied in one transaction, and can be undone exactly.

- A publication adds rows and changes none: its own row, new revisions, rules and outline, its decisions, and
  the marks that these give. So undoing it is deleting them.
- Rules that were in force while somebody answered stay, even after undoing: a completion may rest on them. A
  completion that a learner reached by marks of an undone publication is stored as granted (`granting`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from course.content import questions
from course.content.course import Course
from course.content.questions.base import Question
from course.record.answering.tables import Answer
from course.record.progress import granting
from course.record.publishing import marks, summary
from course.record.publishing.impact import decided_state
from course.record.publishing.impact_model import Impact
from course.record.publishing.marks import AppliedDecision
from course.record.publishing.tables import Decision, Mark, Publication
from course.record.revisions import registration
from course.record.revisions.tables import LessonRevision, Outline, QuestionRevision
from course.record.store.base import now
from course.record.store.database import Database

BATCH = 1_000
"""Marks written with one statement."""


class NotPublished(Exception):
    """Nothing was published or undone; the message says why and what to do."""


@dataclass(frozen=True)
class PublishResult:
    """The publication that was made."""

    number: int
    marks: int
    """How many marks were changed."""
    report: Mapping[str, Any]


def publish(
    database: Database,
    course: Course,
    impact: Impact,
    *,
    after: int,
    by: str,
    commit: str,
    switch: Callable[[], None] = lambda: None,
) -> PublishResult:
    """Apply the decisions of *impact*, and *switch* the site, in one transaction.

    *after* is the number of the last publication when *impact* was assessed. Raises NotPublished when
    another one came between. When *switch* raises, nothing is recorded.
    """
    with database.write() as session:
        _lock_answers(session)
        last = session.scalar(sa.select(sa.func.max(Publication.number))) or 0
        if last != after:
            raise NotPublished(
                f"Someone else has just published (publication {last}). Look at 'course impact' again, then "
                "publish."
            )
        moment = now()
        report = asdict(impact.marks) | {"questions": len(impact.questions)}
        session.add(
            Publication(
                number=last + 1,
                published_at=moment,
                published_by=by[:200],
                commit=commit,
                report=report,
                entries=_entries(session, course),
            )
        )
        session.flush()
        published = registration.register(session, course, moment)
        changed = 0
        earlier = marks.by_question(marks.decisions(session).values())
        for question, old, change in impact.decisions:
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
            changed += _apply_decision(
                session,
                decision,
                earlier.get(question, ()),
                course.asked[question][1],
                moment,
            )
        switch()
        return PublishResult(last + 1, changed, report)


def _lock_answers(session: orm.Session) -> None:
    """Make answers and other publications wait until the transaction ends."""
    if session.get_bind().dialect.name == "postgresql":  # on SQLite every writer waits anyway
        session.execute(sa.text("LOCK TABLE publication, answer IN SHARE ROW EXCLUSIVE MODE"))


def _entries(session: orm.Session, course: Course) -> dict[str, list[summary.Entry]]:
    """Return the entries under `changes:` of every question; of removed ones, the last known."""
    found = {name: list(entries) for name, entries in summary.published_entries(session).items()}
    return found | {
        name: [
            (change.from_, change.to, change.decision)
            for change in question.changes
            if change.from_
        ]
        for name, (_, question) in course.asked.items()
        if question.changes or name in found
    }


def _apply_decision(
    session: orm.Session,
    decision: Decision,
    earlier: Sequence[AppliedDecision],
    new: Question,
    moment: datetime,
) -> int:
    """Store the mark that a decision gives to each answer that it concerns; return how many changed.

    *earlier* are the decisions of earlier publications.
    """
    regrades = marks.question_regrades(session, decision.question)
    olds: dict[int, tuple[str, Question]] = {}
    rows: list[dict[str, Any]] = []
    changed = 0
    answers = session.execute(
        sa.select(
            Answer.learner_id,
            Answer.client_id,
            Answer.question_revision_id,
            Answer.given,
            Answer.shown,
            Answer.share,
            Answer.out_of,
            Answer.recorded_at,
        ).where(Answer.question == decision.question, ~Answer.practice)
    ).all()
    for answer in answers:
        if answer.question_revision_id not in olds:
            row = session.get_one(QuestionRevision, answer.question_revision_id)
            olds[row.id] = (row.revision, questions.load(row.content))
        revision, old = olds[answer.question_revision_id]
        own = marks.EffectiveMark(answer.share, answer.out_of)
        mine = regrades.get((answer.learner_id, answer.client_id), ())
        state = marks.recorded_state(earlier, revision, answer.recorded_at, own, mine)
        pattern = summary.Pattern(decision.question, revision, answer.given, answer.shown, state)
        mark = decided_state(decision.decision, pattern, decision.old, old, new).mark
        if mark != state.mark:
            who = (answer.learner_id, answer.client_id)
            rows.append(marks.mark_row(*who, decision.id, mark, moment))
            changed += 1
        if len(rows) >= BATCH:
            session.execute(sa.insert(Mark), rows)
            rows = []
    if rows:
        session.execute(sa.insert(Mark), rows)
    return changed


def last_publication(session: orm.Session) -> Publication | None:
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
    """Undo publication *number*, and *switch* the site; return how many marks were deleted.

    If nobody has answered or read since, its rules and outline are deleted as well. Revisions of questions
    stay: somebody may have seen one and not sent the answer yet. Raises NotPublished unless it is the last
    publication that was not undone.
    """
    with database.write() as session:
        _lock_answers(session)
        publication = last_publication(session)
        if publication is None or publication.number != number:
            raise NotPublished(
                f"Publication {number} is not the last one any more. Look at 'course publications'."
            )
        at = publication.published_at
        active = granting.active_since(session, at)
        completed = granting.completions_of(session, active)
        mine = sa.select(Decision.id).where(Decision.publication == number)
        gone = session.execute(
            sa.delete(Mark).where(Mark.decision_id.in_(mine)).returning(Mark.client_id)
        ).all()
        session.execute(sa.delete(Decision).where(Decision.publication == number))
        if not active:
            session.execute(sa.delete(LessonRevision).where(LessonRevision.published_at == at))
            session.execute(sa.delete(Outline).where(Outline.published_at == at))
            reopened = sa.update(Decision).where(Decision.closed_at == at)
            session.execute(reopened.values(closed_at=None))
        publication.undone_at = now()
        publication.undone_by = by[:200]
        session.flush()
        granting.save_reached(session, at, completed, granting.completions_of(session, active))
        switch()
        return len(gone)


def list_publications(session: orm.Session) -> list[Publication]:
    """Return every publication, newest first."""
    return list(session.scalars(sa.select(Publication).order_by(Publication.number.desc())))
