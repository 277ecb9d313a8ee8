"""Marks given anew. An answer keeps the mark of its day; what a decision made of it stands beside it.

- `Answer.share` is the mark then and is never written again. Rows of `Mark` follow it in the order of
  the decisions that made them; the last one is the mark now.
- An answer is *marked by* a revision: the one it answered, until a regrade marks it by another. A
  decision concerns the answers that are marked by its old revision, also those that arrive later.
- Taking a decision back deletes its rows, and the record is what it was before.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from course.content import compare
from course.content.questions.base import Given, Question, Shown
from course.record.statements import Query
from course.record.tables import Decision, Mark, Publication


@dataclass(frozen=True)
class Decided:
    """A decision that was applied: about answers marked by *old*, when *new* took its place."""

    id: int
    publication: int
    question: str
    old: str
    new: str
    decision: str
    reason: str
    at: datetime

    @property
    def gives_marks(self) -> bool:
        return self.decision in ("regrade", "void")


@dataclass(frozen=True)
class Anew:
    """A mark given anew; *share* and *out_of* are None where the answer is void."""

    decision_id: int
    share: float | None
    out_of: float | None
    at: datetime

    @property
    def is_void(self) -> bool:
        return self.out_of is None


Decisions = Mapping[tuple[str, str], Decided]
"""The latest decision about a question's revision, by question and revision."""


def decisions(session: orm.Session) -> dict[int, Decided]:
    """Return every decision by id, in the order in which they were applied."""
    rows = session.execute(
        sa.select(Decision, Publication.published_at)
        .join(Publication)
        .order_by(Decision.publication, Decision.id)
    )
    return {
        row.id: Decided(
            row.id, row.publication, row.question, row.old, row.new, row.decision, row.reason, at
        )
        for row, at in rows
    }


def latest(decided: Iterable[Decided]) -> Decisions:
    """Return the decision that holds for each question and revision."""
    return {(one.question, one.old): one for one in decided}


def after(decided: Decisions, question: str, revision: str) -> Iterator[Decided]:
    """Yield the decisions that concern an answer to *revision*, one after the other.

    A regrade leads on to decisions about the revision that it marks by; every other decision settles it.
    """
    seen: set[str] = set()
    while revision not in seen and (one := decided.get((question, revision))):
        yield one
        if one.decision != "regrade":
            return
        seen.add(revision)
        revision = one.new


def path(decided: Decisions, question: str, revision: str) -> tuple[tuple[str, ...], bool]:
    """Return the revisions that an answer to *revision* was marked by, and whether that is settled."""
    chain = list(after(decided, question, revision))
    by = (revision, *(one.new for one in chain if one.decision == "regrade"))
    return by, bool(chain) and chain[-1].decision != "regrade"


def of_learner(session: orm.Session, learner_id: int) -> dict[uuid.UUID, tuple[Anew, ...]]:
    """Return the marks that a learner was given anew, by the client id of the answer, oldest first."""
    found = _by_answer(_OF_LEARNER.rows(session, learner_id=learner_id))
    return {client_id: anew for (_, client_id), anew in found.items()}


def of_everyone(session: orm.Session) -> dict[tuple[int, uuid.UUID], tuple[Anew, ...]]:
    """Return every mark given anew, by learner and client id, oldest first."""
    return _anew(session, sa.true())


def of_question(
    session: orm.Session, question: str
) -> dict[tuple[int, uuid.UUID], tuple[Anew, ...]]:
    """Return every mark given anew to answers to *question*, by learner and client id."""
    mine = sa.select(Decision.id).where(Decision.question == question)
    return _anew(session, Mark.decision_id.in_(mine))


def _anew(
    session: orm.Session, which: sa.ColumnElement[bool]
) -> dict[tuple[int, uuid.UUID], tuple[Anew, ...]]:
    return _by_answer(session.execute(_marks(which)))


def _marks(which: sa.ColumnElement[bool]) -> Any:
    columns = (
        *(Mark.learner_id, Mark.client_id, Mark.decision_id),
        *(Mark.share, Mark.out_of, Mark.marked_at),
    )
    return sa.select(*columns).where(which).order_by(Mark.decision_id)


_OF_LEARNER = Query(_marks(Mark.learner_id == sa.bindparam("learner_id")))


def _by_answer(rows: Iterable[Any]) -> dict[tuple[int, uuid.UUID], tuple[Anew, ...]]:
    found: dict[tuple[int, uuid.UUID], tuple[Anew, ...]] = {}
    for learner, client_id, decision, share, out_of, at in rows:
        key = (learner, client_id)
        found[key] = (*found.get(key, ()), Anew(decision, share, out_of, at))
    return found


@dataclass(frozen=True)
class Standing:
    """A mark as it counts: that of the answer, or the last one given anew."""

    share: float | None
    out_of: float
    is_void: bool = False

    @property
    def state(self) -> str:
        """ "right", "partly" or "wrong"; "saved" where nobody marks or it does not count."""
        if self.share is None:
            return "saved"
        return "right" if self.share >= 1 else "partly" if self.share > 0 else "wrong"


def standing(share: float | None, out_of: float, anew: Anew | None) -> Standing:
    """Return how an answer counts whose own mark is *share* of *out_of*."""
    if anew is None:
        return Standing(share, out_of)
    return Standing(anew.share, anew.out_of or 0.0, is_void=anew.is_void)


def by_decision(
    decision: str, old: Question, new: Question, given: Given, shown: Shown | None
) -> tuple[float | None, float | None] | None:
    """Return the share and points that *decision* gives an answer to *old*; None where its mark stays.

    A regrade leaves the mark of an answer that *new* has no place for: the option chosen is gone, or
    the type is another.
    """
    if decision == "void":
        return (None, None)
    if decision != "regrade":
        return None
    carried = compare.carried(old, new, given, shown)
    if carried is None:
        return None
    return (new.as_shown(shown).mark(carried).share, new.worth)


def row(
    learner_id: int, client_id: uuid.UUID, decision_id: int, mark: Any, at: datetime
) -> dict[str, Any]:
    """Return a row of `Mark` for what `by_decision` returned."""
    return {
        "learner_id": learner_id,
        "client_id": client_id,
        "decision_id": decision_id,
        "share": mark[0],
        "out_of": mark[1],
        "marked_at": at,
    }
