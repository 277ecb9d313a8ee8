"""The state of answers after the decisions about them: one fold, used everywhere.

- `Answer.share` is the original mark and never changes. Each decision that changed the mark added a row of
  `Mark`; the row of the last decision is the mark that counts now.
- An answer is *marked by* a revision: the one it answered, until a regrade marks it by another. A decision
  concerns every answer that is marked by its old revision, including later ones, until that revision is
  published again.
- Impact, publishing, late answers, progress and pages all go through `replay` and `AnswerState`.
- Undoing a decision deletes its rows; nothing else has to be restored.

The rules are written for people in docs/changes.md.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from course.content import compare
from course.content.questions.base import Given, Question, Shown
from course.content.verdict import Verdict, verdict
from course.record.publishing.tables import Decision, Mark, Publication
from course.record.store.statements import Query


@dataclass(frozen=True)
class AppliedDecision:
    """A decision that was applied: about answers marked by *old*, made when *new* replaced it."""

    id: int
    publication: int
    question: str
    old: str
    new: str
    decision: str
    reason: str
    at: datetime
    closed_at: datetime | None = None
    """When *old* was published again: answers recorded since are not concerned."""

    @property
    def gives_marks(self) -> bool:
        return self.decision in ("regrade", "void")

    def is_closed(self, at: datetime) -> bool:
        return self.closed_at is not None and self.closed_at <= at


Decisions = Mapping[str, tuple[AppliedDecision, ...]]
"""The decisions about each question, in the order in which they were applied."""


@dataclass(frozen=True)
class EffectiveMark:
    """A mark as it counts: that of the answer, or the last one that a decision gave."""

    share: float | None
    out_of: float
    is_void: bool = False

    @property
    def state(self) -> Verdict:
        """The verdict; "saved" where the answer is void."""
        return verdict(self.share)


VOID = EffectiveMark(None, 0.0, is_void=True)


@dataclass(frozen=True)
class Regrade:
    """A mark that a decision gave; *share* and *out_of* are None where the answer is void."""

    decision_id: int
    share: float | None
    out_of: float | None
    at: datetime

    @property
    def is_void(self) -> bool:
        return self.out_of is None

    @property
    def mark(self) -> EffectiveMark:
        return EffectiveMark(self.share, self.out_of or 0.0, is_void=self.is_void)


@dataclass(frozen=True)
class AnswerState:
    """The state of an answer: its mark, the revision that gave it, and what was decided last."""

    mark: EffectiveMark
    marked_by: str
    """The revision that the answer is marked by."""
    decided_up_to: str
    """The new revision of the last decision; without any decision, the revision that was answered."""
    is_asked_again: bool = False
    """Whether the learner is asked again."""
    replaceable: tuple[str, str] | None = None
    """Old and new revision of the last decision, as long as another decision can replace it."""
    before: "AnswerState | None" = None
    """The state that this decision was applied to."""

    def base_for(self, old: str, new: str) -> "AnswerState | None":
        """Return the state to which a decision from *old* to *new* applies; None where it does not apply."""
        if self.replaceable == (old, new):
            return self.before
        return self if self.marked_by == old else None

    def with_decision(
        self, decision: str, old: str, new: str, mark: EffectiveMark
    ) -> "AnswerState":
        """Return the state of an answer to which *decision* gave or left *mark*."""
        marked_by = new if decision == "regrade" else self.marked_by
        return AnswerState(mark, marked_by, new, decision == "re-ask", (old, new), self.finalised())

    def finalised(self) -> "AnswerState":
        """Return the state once the last decision cannot be replaced any more."""
        if self.replaceable is None:
            return self
        return replace(self, is_asked_again=False, replaceable=None, before=None)


MarkOf = Callable[[AppliedDecision, AnswerState], EffectiveMark]
"""Returns the mark after a decision, given the decision and the state before it."""


def replay(
    decided: Iterable[AppliedDecision],
    revision: str,
    recorded_at: datetime,
    own: EffectiveMark,
    mark_of: MarkOf,
) -> tuple[AnswerState, AppliedDecision | None]:
    """Return the state of an answer to *revision* after all decisions, and the last one that concerned it."""
    state, last = AnswerState(own, revision, revision), None
    for one in decided:
        if last is None and one.is_closed(recorded_at):
            continue
        if last is not None and last.is_closed(one.at):
            state = state.finalised()
        base = state.base_for(one.old, one.new)
        if base is not None:
            state, last = (
                base.with_decision(one.decision, one.old, one.new, mark_of(one, base)),
                one,
            )
    if last is not None and last.closed_at is not None:
        state = state.finalised()
    return state, last


def recorded_state(
    decided: Iterable[AppliedDecision],
    revision: str,
    recorded_at: datetime,
    own: EffectiveMark,
    regrades: Sequence[Regrade],
) -> AnswerState:
    """Return the state of a recorded answer; *regrades* are its marks in the record, oldest first."""

    def mark_of(one: AppliedDecision, _: AnswerState) -> EffectiveMark:
        until_then = [regrade for regrade in regrades if regrade.decision_id <= one.id]
        return effective_mark(own.share, own.out_of, until_then[-1] if until_then else None)

    state, _ = replay(decided, revision, recorded_at, own, mark_of)
    if not regrades:
        return state
    return replace(state, mark=effective_mark(own.share, own.out_of, regrades[-1]))


_NO_MARK = EffectiveMark(None, 0.0)


def last_decision(
    decided: Iterable[AppliedDecision], revision: str, recorded_at: datetime
) -> AppliedDecision | None:
    """Return the last decision that concerns an answer to *revision*; None where none does."""
    return replay(decided, revision, recorded_at, _NO_MARK, lambda _, base: base.mark)[1]


def is_asked_again(
    decided: Iterable[AppliedDecision], revision: str, recorded_at: datetime
) -> bool:
    """Whether the learner who gave this answer is asked again."""
    return replay(decided, revision, recorded_at, _NO_MARK, lambda _, base: base.mark)[
        0
    ].is_asked_again


def outcome(
    decision: str, mark: EffectiveMark, regraded: Callable[[], EffectiveMark | None]
) -> EffectiveMark:
    """Return the mark after *decision*; *regraded* returns None where nothing can mark the answer."""
    if decision == "void":
        return VOID
    if decision == "regrade":
        return regraded() or mark
    return mark


def regraded(
    old: Question, new: Question, given: Given, shown: Shown | None
) -> EffectiveMark | None:
    """Return the mark by *new* of an answer to *old*; None where *new* has no place for the answer.

    The option chosen is gone then, or the type is another.
    """
    carried = compare.carry_over(old, new, given, shown)
    if carried is None:
        return None
    return EffectiveMark(new.as_shown(shown).mark(carried).share, new.worth)


def decisions(session: orm.Session) -> dict[int, AppliedDecision]:
    """Return every decision by id, in the order in which they were applied."""
    return {row[0]: AppliedDecision(*row) for row in _DECISIONS.rows(session)}


def question_decisions(session: orm.Session, question: str) -> tuple[AppliedDecision, ...]:
    """Return the decisions about one question, in the order in which they were applied."""
    about = _decisions().where(Decision.question == question)
    return tuple(AppliedDecision(*row) for row in session.execute(about))


def _decisions() -> Any:
    return (
        sa.select(
            Decision.id,
            Decision.publication,
            Decision.question,
            Decision.old,
            Decision.new,
            Decision.decision,
            Decision.reason,
            Publication.published_at,
            Decision.closed_at,
        )
        .join(Publication)
        .order_by(Decision.publication, Decision.id)
    )


_DECISIONS = Query(_decisions())


def by_question(decided: Iterable[AppliedDecision]) -> Decisions:
    """Return decisions by the question that they are about, in the same order."""
    found: dict[str, tuple[AppliedDecision, ...]] = {}
    for one in decided:
        found[one.question] = (*found.get(one.question, ()), one)
    return found


def learner_regrades(session: orm.Session, learner_id: int) -> dict[uuid.UUID, tuple[Regrade, ...]]:
    """Return the marks that decisions gave a learner, by the client id of the answer, oldest first."""
    found = _regrades_by_answer(_LEARNER_REGRADES.rows(session, learner_id=learner_id))
    return {client_id: regrades for (_, client_id), regrades in found.items()}


def all_regrades(session: orm.Session) -> dict[tuple[int, uuid.UUID], tuple[Regrade, ...]]:
    """Return every mark that a decision gave, by learner and client id, oldest first."""
    return _regrades(session, sa.true())


def question_regrades(
    session: orm.Session, question: str
) -> dict[tuple[int, uuid.UUID], tuple[Regrade, ...]]:
    """Return every mark that decisions gave answers to *question*, by learner and client id."""
    mine = sa.select(Decision.id).where(Decision.question == question)
    return _regrades(session, Mark.decision_id.in_(mine))


def _regrades(
    session: orm.Session, which: sa.ColumnElement[bool]
) -> dict[tuple[int, uuid.UUID], tuple[Regrade, ...]]:
    return _regrades_by_answer(session.execute(_marks(which)))


def _marks(which: sa.ColumnElement[bool]) -> Any:
    columns = (
        *(Mark.learner_id, Mark.client_id, Mark.decision_id),
        *(Mark.share, Mark.out_of, Mark.marked_at),
    )
    return sa.select(*columns).where(which).order_by(Mark.decision_id)


_LEARNER_REGRADES = Query(_marks(Mark.learner_id == sa.bindparam("learner_id")))


def _regrades_by_answer(rows: Iterable[Any]) -> dict[tuple[int, uuid.UUID], tuple[Regrade, ...]]:
    found: dict[tuple[int, uuid.UUID], tuple[Regrade, ...]] = {}
    for learner, client_id, decision, share, out_of, at in rows:
        key = (learner, client_id)
        found[key] = (*found.get(key, ()), Regrade(decision, share, out_of, at))
    return found


def effective_mark(share: float | None, out_of: float, last: Regrade | None) -> EffectiveMark:
    """Return the mark that counts: that of the *last* regrade, or else *share* of *out_of*."""
    return EffectiveMark(share, out_of) if last is None else last.mark


def mark_row(
    learner_id: int, client_id: uuid.UUID, decision_id: int, mark: EffectiveMark, at: datetime
) -> dict[str, Any]:
    """Return a row of `Mark`."""
    return {
        "learner_id": learner_id,
        "client_id": client_id,
        "decision_id": decision_id,
        "share": mark.share,
        "out_of": None if mark.is_void else mark.out_of,
        "marked_at": at,
    }
