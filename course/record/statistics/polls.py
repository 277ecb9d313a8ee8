"""What learners chose in a poll."""

from dataclasses import dataclass

import sqlalchemy as sa

from course.record.answering.tables import Answer
from course.record.store.statements import Query, Source

MAX_ANSWERS = 500
"""How many answers are looked at, so that a poll of a hundred thousand is shown as quickly as a new one."""


@dataclass(frozen=True)
class PollResult:
    """How many learners chose each option; of their last answers, those given *lately* if there are many."""

    counts: dict[str, int]
    lately: bool


_LAST = Query(
    sa.select(Answer.learner_id, Answer.given["choice"][0].as_string())
    .where(Answer.question == sa.bindparam("question"))
    .order_by(Answer.recorded_at.desc(), Answer.attempt.desc())
    .limit(MAX_ANSWERS)
)


def poll_result(source: Source, question: str) -> PollResult:
    """Return what the learners who answered a poll last have chosen, each one's last answer counting."""
    rows = _LAST.rows(source, question=question)
    last: dict[int, str] = {}
    for learner, option in rows:
        last.setdefault(learner, option)
    counts: dict[str, int] = {}
    for option in last.values():
        counts[option] = counts.get(option, 0) + 1
    return PollResult(counts, lately=len(rows) == MAX_ANSWERS)
