"""A learner's own record to take away: JSON with everything, CSV with a row for each answer."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from course.content import questions
from course.content.questions.base import Question
from course.record import answers
from course.record.publications import Published
from course.record.tables import Account, Answer, LessonVisit, QuestionRevision, SignIn

COLUMNS = (
    "time", "lesson", "question", "revision", "attempt", "prompt", "answer", "mark", "out of",
)  # fmt: skip

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with when a spreadsheet would calculate it."""

Row = tuple[Answer, Question]


def as_json(session: orm.Session, published: Published, learner_id: int) -> str:
    """Return everything that is recorded of a learner, except secrets.

    Questions whose key is still closed to the learner come as they were asked, without it.
    """
    rows = _answers(session, learner_id)
    closed = _closed(published, rows)
    account = session.get(Account, learner_id)
    data = {
        "account": _account(account) if account else None,
        "sign_ins": [_columns(row, _SIGN_IN) for row in _all(session, SignIn, learner_id)],
        "visits": [_columns(row, _VISIT) for row in _all(session, LessonVisit, learner_id)],
        "answers": [_answer(answer, asked, closed) for answer, asked in rows],
    }
    return json.dumps(data, ensure_ascii=False, indent=2, default=_text)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def as_csv(session: orm.Session, learner_id: int) -> str:
    """Return a learner's answers as a table that spreadsheets open as it is meant."""
    out = io.StringIO()
    write = csv.writer(out).writerow
    write(COLUMNS)
    for answer, asked in _answers(session, learner_id):
        write(_cells(answer, asked))
    return "\ufeff" + out.getvalue()  # the mark tells spreadsheets that this is UTF-8


def _cells(answer: Answer, asked: Question) -> Iterable[Any]:
    cells = (
        answer.recorded_at.isoformat(),
        answer.lesson,
        answer.question,
        asked.revision,
        answer.attempt,
        asked.prompt,
        "\n".join(asked.say(answer.given)),
        _mark(answer),
        answer.out_of,
    )
    return (_safe(cell) for cell in cells)


def _safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _answers(session: orm.Session, learner_id: int) -> list[Row]:
    rows = session.execute(
        sa.select(Answer, QuestionRevision.content)
        .join(QuestionRevision)
        .where(Answer.learner_id == learner_id)
        .order_by(Answer.recorded_at, Answer.question, Answer.attempt)
    )
    return [(answer, questions.load(content)) for answer, content in rows]


def _all(session: orm.Session, table: type[Any], learner_id: int) -> Iterable[Any]:
    return session.scalars(sa.select(table).where(table.learner_id == learner_id))


_SIGN_IN = ("browser", "created_at", "last_seen_at", "ended_at")
_VISIT = ("lesson", "first_at", "last_at", "read_at")
_ANSWER = ("client_id", "lesson", "attempt", "given", "share", "out_of", "given_at", "recorded_at")


def _columns(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _account(account: Account) -> dict[str, Any]:
    has_password = account.password_hash is not None
    return {**_columns(account, ("mail", "role", "created_at")), "has_password": has_password}


def _mark(answer: Answer) -> float | None:
    return None if answer.share is None else answer.share * answer.out_of


def _answer(answer: Answer, asked: Question, closed: set[str]) -> dict[str, Any]:
    question: dict[str, Any] = {"id": asked.id, "revision": asked.revision}
    if asked.id in closed:
        form = [asdict(control) for control in asked.form(answer.given)]
        question.update(type=asked.type, prompt=asked.prompt, form=form)
    else:
        question.update(asked.dump())
    said = asked.say(answer.given)
    return {**_columns(answer, _ANSWER), "mark": _mark(answer), "said": said, "question": question}


def _closed(published: Published, rows: Iterable[Row]) -> set[str]:
    """Return the questions whose key may not be shown yet: those of graded quizzes still open."""
    made: dict[str, tuple[int, float | None]] = {}
    for answer, _ in rows:
        count, best = made.get(answer.question, (0, None))
        made[answer.question] = count + 1, max(best or 0.0, answer.share or 0.0)
    lessons = {
        published.course.asked[name][0].id for name in made if name in published.course.asked
    }
    return {
        name
        for lesson in lessons
        for name, tries in answers.tries_from(published.course.lessons[lesson], made).items()
        if not tries.shows_key
    }
