"""What becomes of a prepared answer: it is refused, recognised, or a new row with its number."""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import orm

from course.record.answering import answers, draws
from course.record.answering.answers import (
    Count,
    Counts,
    LessonRows,
    RecordedAnswer,
    Refused,
    Tries,
)
from course.record.answering.preparing import Prepared
from course.record.answering.statements import Statements
from course.record.answering.tables import Answer, Submission
from course.record.publishing import marks
from course.record.store.base import now

MAX_SECONDS = 3600.0
"""Seconds: a question that is in view for longer has been left open."""

NEEDS_ACCOUNT = "This quiz needs an account. Sign in or create one, then answer again."

Row = dict[str, Any]
"""A row of `Answer`."""

CountsByLearner = dict[int, dict[str, Count]]
"""Earlier answers by learner and question, as far as they decide what may be answered now."""

AS_SENT = tuple(name for name in Submission.model_fields if name in Answer.__table__.columns)
"""The fields of a submission that are columns; `_row` alters some of them."""


def pairs_to_count(one: Prepared, learner_id: int) -> list[tuple[int, str]]:
    """Return the questions to count: this one, or the whole quiz for limited attempts and sisters."""
    lesson = one.lesson
    is_limited = lesson.quiz is not None and lesson.quiz.rules.attempts is not None
    if is_limited or one.sent.instead:
        return [(learner_id, question.id) for question in lesson.questions]
    return [(learner_id, one.sent.question)]


def counts_by_learner(rows: Iterable[Sequence[Any]]) -> CountsByLearner:
    """Return what the statement `counts` found."""
    counts: CountsByLearner = {}
    for (learner_id, name), count in answers.count_rows(rows).items():
        counts.setdefault(learner_id, {})[name] = count
    return counts


def new_row(
    run: Statements,
    cursor: Any,
    one: Prepared,
    learner_id: int,
    counts: Counts,
    members: Collection[int],
) -> tuple[Prepared, Row] | None:
    """Return an answer and its new row; None if its id is stored already. Raises Refused and AnswerError.

    *members* holds the learner if the answer needs an account and the learner has one.
    """
    count = counts.get(one.sent.question)
    if count and one.sent.id in count.ids:
        return None
    if one.needs_account and learner_id not in members:
        raise Refused(answers.ACCOUNT_REQUIRED, NEEDS_ACCOUNT)
    mine = answers.question_tries(one.lesson, one.sent.question, counts)
    if not mine.may_answer:
        raise _refusal(mine)
    number = count.total if count else 0
    if one.question.FOLLOWS_UP and number:
        one = _following_up(run, cursor, one, learner_id, number)
    return one, _row(one, learner_id, number + 1)


def _refusal(tries: Tries) -> Refused:
    if not tries.is_asked:
        return Refused(
            "not-asked", "This isn’t one of the questions you were given. Reload the page."
        )
    if tries.waits:
        return Refused("attempt-open", "Answer the other questions of this attempt first.")
    if tries.is_right:
        return Refused("no-attempts-left", "You’ve already answered this question correctly.")
    return Refused(
        "no-attempts-left", f"You’ve used all {tries.allowed} attempts at this question."
    )


def _following_up(
    run: Statements, cursor: Any, one: Prepared, learner_id: int, attempt: int
) -> Prepared:
    """Return an answer as read with the one before it, on which its form depends."""
    values = {"learner_id": learner_id, "question": one.sent.question, "attempt": attempt}
    ((before,),) = run.previous.rows(cursor, values)
    given = one.question.read(one.sent.given, before)
    return replace(one, given=given, marked=one.question.mark(given))


def with_replaced_question(
    session: orm.Session, learner_id: int, one: Prepared, counts: Counts
) -> Prepared:
    """Return an answer to a sister question with the missed one that it replaces, if that is so."""
    lesson, sent = one.lesson, one.sent
    pool = lesson.quiz.pool_of(sent.question) if lesson.quiz else None
    if pool is None or sent.instead not in pool.questions or sent.question in counts:
        return one
    missed = answers.question_tries(lesson, sent.instead, counts)
    is_missed = missed.made > 0 and not missed.is_right and missed.allowed is None
    if not is_missed or sent.instead in draws.load_selection(session, learner_id, lesson).replaced:
        return one
    return replace(one, shown={**(one.shown or {}), "instead": sent.instead})


def _row(one: Prepared, learner_id: int, attempt: int) -> Row:
    """Return the row that an answer gets."""
    moment = now()
    sent = one.sent
    return {
        **{name: getattr(sent, name) for name in AS_SENT},
        "learner_id": learner_id,
        "client_id": sent.id,
        "lesson": one.lesson.id,
        "attempt": attempt,
        "question_revision_id": one.revision_id,
        "given": one.given,
        "share": one.marked.share,
        "out_of": one.question.worth,
        "shown": one.shown,
        "seconds": _seconds(sent.seconds),
        "given_at": min(sent.given_at, moment) if sent.given_at else None,
        "recorded_at": moment,
        "marking": one.question.marked_by,
        "practice": False,
    }


def _seconds(seconds: float | None) -> float | None:
    """Return the seconds that a browser reported, within plausible limits; None if they are no number."""
    if seconds is None or not math.isfinite(seconds):
        return None
    return min(max(seconds, 0.0), MAX_SECONDS)


def attempt_row(row: Row) -> dict[str, Any]:
    """Return the attempt that an answer belongs to, and opens if it is the first."""
    return {
        "learner_id": row["learner_id"],
        "lesson": row["lesson"],
        "number": row["attempt"],
        "started_at": row["recorded_at"],
    }


def recorded(
    one: Prepared,
    row: Row,
    counts: dict[str, Count],
    regrades: tuple[marks.Regrade, ...] = (),
    lesson: LessonRows | None = None,
) -> RecordedAnswer:
    """Return a stored answer as recorded, with the tries of its question; adds it to *counts*."""
    name = one.sent.question
    mark = marks.effective_mark(row["share"], row["out_of"], regrades[-1] if regrades else None)
    counts.setdefault(name, Count()).add(row["client_id"], mark)
    return RecordedAnswer(
        row["client_id"],
        one.question,
        row["given"],
        row["share"],
        row["out_of"],
        row["attempt"],
        row["recorded_at"],
        row["shown"],
        regrades,
        one.sent.revision,
        is_new=True,
        tries=answers.question_tries(one.lesson, name, counts),
        marked_now=one.marked,
        lesson=lesson,
    )


def recorded_before(
    session: orm.Session, learner_id: int, one: Prepared, counts: Counts
) -> RecordedAnswer:
    """Return what was recorded before under the id that was sent again."""
    mine = answers.question_tries(one.lesson, one.sent.question, counts)
    return replace(answers.load_answer(session, learner_id, one.sent.id), tries=mine)
