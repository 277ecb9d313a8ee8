"""Export of a learner's own data: JSON with everything, CSV with a row for each answer."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from course.content import questions
from course.content.questions.base import Question
from course.record import spreadsheets
from course.record.answering import answers
from course.record.answering.tables import Answer
from course.record.publishing import marks
from course.record.revisions.registration import CourseSnapshot
from course.record.revisions.tables import QuestionRevision
from course.record.spreadsheets import Column
from course.record.store import ownership
from course.record.store.ownership import Section, columns
from course.record.tables import Base


class Row(NamedTuple):
    """An answer with the question as it was answered, its revision, and later marks by decisions."""

    answer: Answer
    asked: Question
    revision: str
    regrades: tuple[marks.Regrade, ...]

    @property
    def current_mark(self) -> marks.EffectiveMark:
        last = self.regrades[-1] if self.regrades else None
        return marks.effective_mark(self.answer.share, self.answer.out_of, last)


def as_json(session: orm.Session, published: CourseSnapshot, learner_id: int) -> str:
    """Return all sections that tables declare: everything recorded about a learner, except secrets."""
    data = {
        owned.export.name: owned.export.rule(session, table, learner_id, published)
        for table, owned in ownership.declared(Base)
        if isinstance(owned.export, Section)
    }
    return json.dumps(data, ensure_ascii=False, indent=2, default=_text)


def export_answers(
    session: orm.Session, learner_id: int, published: CourseSnapshot
) -> list[dict[str, Any]]:
    """Return a learner's answers; questions whose key is not shown yet come without it."""
    rows = _answers(session, learner_id)
    names = [row.answer.question for row in rows]
    closed = answers.closed_keys(session, published.course, learner_id, names)
    return [_answer(row, closed) for row in rows]


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _mark(answer: Answer) -> float | None:
    return None if answer.share is None else answer.share * answer.out_of


def _points_now(row: Row) -> float | str | None:
    mark = row.current_mark
    if mark.is_void:
        return "void"
    return None if mark.share is None else mark.share * mark.out_of


def _column(name: str, meaning: str, value: Callable[[Answer], Any]) -> Column[Row]:
    return Column(name, meaning, lambda row: value(row.answer))


COLUMNS: tuple[Column[Row], ...] = (
    _column("time", "when the answer was stored (UTC)", lambda a: a.recorded_at.isoformat()),
    _column("lesson", "the lesson it was given in", lambda a: a.lesson),
    _column("question", "the question’s name", lambda a: a.question),
    Column("revision", "the version of the question that you answered", lambda row: row.revision),
    _column("attempt", "1 for your first answer to the question, and so on", lambda a: a.attempt),
    Column("prompt", "what was asked", lambda row: row.asked.prompt),
    Column("answer", "what you answered", lambda row: "\n".join(_words(row))),
    _column("mark", "the points it got at first; empty if the question isn’t marked", _mark),
    _column("out of", "the points it could get at first", lambda a: a.out_of),
    Column("mark now", "the points that count now, or void if it no longer counts", _points_now),
    Column("out of now", "the points it can get now", lambda row: row.current_mark.out_of),
    _column(
        "practice",
        "yes for an answer beyond the attempts allowed, which doesn’t count",
        lambda a: "yes" if a.practice else "",
    ),
    _column("marking rules", "the version of the rules it was marked by", lambda a: a.marking),
)


def as_csv(session: orm.Session, learner_id: int) -> str:
    """Return a learner's answers as CSV."""
    return spreadsheets.as_csv(COLUMNS, _answers(session, learner_id))


def _answers(session: orm.Session, learner_id: int) -> list[Row]:
    rows = session.execute(
        sa.select(Answer, QuestionRevision.content)
        .join(QuestionRevision)
        .where(Answer.learner_id == learner_id)
        .order_by(Answer.recorded_at, Answer.question, Answer.attempt)
    )
    regrades = marks.learner_regrades(session, learner_id)
    return [
        Row(
            answer, asked.as_shown(answer.shown), asked.revision, regrades.get(answer.client_id, ())
        )
        for answer, content in rows
        for asked in [questions.load(content)]
    ]


_ANSWER = (
    "client_id", "lesson", "attempt", "shown", "given", "seconds", "share", "out_of", "given_at",
    "recorded_at", "marking", "practice",
)  # fmt: skip


def _words(row: Row) -> list[str]:
    return [str(passage) for passage in row.asked.describe(row.answer.given)]


def _answer(row: Row, closed: set[str]) -> dict[str, Any]:
    answer, asked, revision, regrades = row
    question: dict[str, Any] = {"id": asked.id, "revision": revision}
    if asked.id in closed:
        form = [asdict(control) for control in asked.form(answer.given)]
        question.update(type=asked.type, prompt=asked.prompt, form=form)
    else:
        question.update(asked.dump())
    later = [{"share": r.share, "out_of": r.out_of, "at": r.at} for r in regrades]
    return {
        **columns(answer, _ANSWER),
        "mark": _mark(answer),
        "marks_given_anew": later,
        "said": _words(row),
        "question": question,
    }
