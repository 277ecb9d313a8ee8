"""Export of a learner's own data: JSON with everything, CSV with a row for each answer."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from course.content import questions
from course.content.questions.base import Question
from course.record.answering import answers
from course.record.answering.tables import Answer
from course.record.publishing import marks
from course.record.revisions.registration import Published
from course.record.revisions.tables import QuestionRevision
from course.record.store import ownership
from course.record.store.ownership import Section, columns
from course.record.tables import Base

COLUMNS = (
    "time", "lesson", "question", "revision", "attempt", "prompt", "answer", "mark", "out of",
    "mark now", "out of now", "practice", "marking rules",
)  # fmt: skip

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet evaluates cells that begin with these; some accept full-width signs as well."""


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


def as_json(session: orm.Session, published: Published, learner_id: int) -> str:
    """Return all sections that tables declare: everything recorded about a learner, except secrets."""
    data = {
        owned.export.name: owned.export.rule(session, table, learner_id, published)
        for table, owned in ownership.declared(Base)
        if isinstance(owned.export, Section)
    }
    return json.dumps(data, ensure_ascii=False, indent=2, default=_text)


def export_answers(
    session: orm.Session, learner_id: int, published: Published
) -> list[dict[str, Any]]:
    """Return a learner's answers; questions whose key is not shown yet come without it."""
    rows = _answers(session, learner_id)
    names = [row.answer.question for row in rows]
    closed = answers.closed_keys(session, published.course, learner_id, names)
    return [_answer(row, closed) for row in rows]


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def as_csv(session: orm.Session, learner_id: int) -> str:
    """Return a learner's answers as CSV that spreadsheets read correctly."""
    out = io.StringIO()
    # In quotes: a spreadsheet may split cells at semicolons, and what follows one would begin a cell.
    write = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC).writerow
    write(COLUMNS)
    for row in _answers(session, learner_id):
        write(_cells(row))
    return "\ufeff" + out.getvalue()  # the byte order mark, so that spreadsheets read UTF-8


def _cells(row: Row) -> Iterable[Any]:
    answer, asked, revision, _ = row
    mark = row.current_mark
    cells = (
        answer.recorded_at.isoformat(),
        answer.lesson,
        answer.question,
        revision,
        answer.attempt,
        asked.prompt,
        "\n".join(str(passage) for passage in asked.describe(answer.given)),
        _mark(answer),
        answer.out_of,
        "void" if mark.is_void else None if mark.share is None else mark.share * mark.out_of,
        mark.out_of,
        "yes" if answer.practice else "",
        answer.marking,
    )
    return (safe(cell) for cell in cells)


def safe(cell: Any) -> Any:
    """Return a cell escaped so that no spreadsheet evaluates it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


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


def _mark(answer: Answer) -> float | None:
    return None if answer.share is None else answer.share * answer.out_of


def _answer(row: Row, closed: set[str]) -> dict[str, Any]:
    answer, asked, revision, regrades = row
    question: dict[str, Any] = {"id": asked.id, "revision": revision}
    if asked.id in closed:
        form = [asdict(control) for control in asked.form(answer.given)]
        question.update(type=asked.type, prompt=asked.prompt, form=form)
    else:
        question.update(asked.dump())
    words = [str(passage) for passage in asked.describe(answer.given)]
    later = [{"share": r.share, "out_of": r.out_of, "at": r.at} for r in regrades]
    return {
        **columns(answer, _ANSWER),
        "mark": _mark(answer),
        "marks_given_anew": later,
        "said": words,
        "question": question,
    }
