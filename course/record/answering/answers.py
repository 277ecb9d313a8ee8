"""Answers in the record, and how a learner's questions stand by them.

`recording` writes answers; whatever reads them back is here.
"""

import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

from course.content import questions, verdict
from course.content.course import Course, Lesson
from course.content.questions.base import Given, Marked, Question, Shown
from course.record.answering.tables import Answer
from course.record.publishing import marks
from course.record.publishing.tables import Mark
from course.record.revisions.tables import QuestionRevision


class Refused(Exception):
    """An answer that cannot be recorded; *code* is for programs, the text for the learner."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


ACCOUNT_REQUIRED = "account-required"
"""The code of Refused for a guest's answer to a quiz that asks for an account."""


@dataclass(frozen=True)
class Tries:
    """A learner's tries of a question: answers so far, the best share, and whether more are allowed."""

    made: int
    best: float | None
    allowed: int | None
    """How many answers the quiz allows; None without limit."""
    waits: bool = False
    """Whether the rest of the attempt has to be answered before this question may be tried again."""
    is_asked: bool = True
    """Whether it is one of those drawn, where a graded quiz draws a few."""

    @property
    def is_right(self) -> bool:
        return verdict.is_right(self.best)

    @property
    def left(self) -> int | None:
        """How many more answers are allowed; None without limit."""
        if self.allowed is None:
            return None
        return 0 if self.is_right else max(0, self.allowed - self.made)

    @property
    def may_answer(self) -> bool:
        return self.is_asked and not self.waits and (self.left is None or self.left > 0)

    @property
    def shows_key(self) -> bool:
        """Whether explanation and key may be shown: after any answer in practice, else at the end."""
        return self.made > 0 and (self.allowed is None or self.left == 0)


@dataclass(frozen=True)
class RecordedAnswer:
    """An answer in the record, with the question as it stood then."""

    client_id: uuid.UUID
    question: Question
    given: Given
    share: float | None
    """Share of the points from 0 to 1, as recorded; None where nobody marks it."""
    out_of: float
    attempt: int
    recorded_at: datetime
    shown: Shown | None = None
    """What of the question differed from learner to learner."""
    regrades: tuple[marks.Regrade, ...] = ()
    """Later marks by decisions, oldest first."""
    revision: str = ""
    """The revision that was answered."""
    practice: bool = False
    """Whether a merge brought it beyond the attempts allowed, so that it counts for nothing."""
    is_new: bool = False
    tries: Tries | None = None
    """The tries of its question; only for an answer that was recorded just now."""
    marked_now: Marked | None = None
    """What it was marked with when it was recorded just now."""
    lesson: "LessonRows | None" = None
    """What its lesson's standing follows from, read in the same transaction; None where nobody asked."""

    @property
    def variant(self) -> str:
        """The variant of the question that the learner saw."""
        return str((self.shown or {}).get("variant", ""))

    @property
    def points(self) -> float | None:
        """The points of the original mark; None where the question is not marked."""
        return None if self.share is None else self.share * self.out_of

    @property
    def original_mark(self) -> marks.EffectiveMark:
        """The mark when the answer was recorded."""
        return marks.EffectiveMark(self.share, self.out_of)

    @property
    def current_mark(self) -> marks.EffectiveMark:
        """The mark that counts now."""
        last = self.regrades[-1] if self.regrades else None
        return marks.effective_mark(self.share, self.out_of, last)

    @property
    def marked(self) -> Marked:
        """What it is worth, with feedback."""
        return self.marked_now or self.question.mark(self.given)


class LessonRows(NamedTuple):
    """A learner's visit of a lesson and their answers in it, as `learner_answers` finds them."""

    visit: Sequence[Any]
    answers: list[Sequence[Any]]


def lesson_tries(session: orm.Session, learner_id: int, lesson: Lesson) -> Mapping[str, Tries]:
    """Return a learner's tries of each question of *lesson*, in the order of the page."""
    asked = [(learner_id, question.id) for question in lesson.questions]
    counted = {name: count for (_, name), count in count_answers(session, asked).items()}
    return tries_from(lesson, counted)


def closed_keys(
    session: orm.Session, course: Course, learner_id: int, names: Iterable[str]
) -> set[str]:
    """Return those of the questions *names* whose key a learner may not see yet.

    The key of a question that the course asks no more is open.
    """
    wanted = {name for name in names if name in course.asked}
    lessons = {lesson.id: lesson for lesson, _ in (course.asked[name] for name in wanted)}
    return {
        name
        for lesson in lessons.values()
        for name, tries in lesson_tries(session, learner_id, lesson).items()
        if name in wanted and not tries.shows_key
    }


@dataclass
class Count:
    """A learner's answers to one question: by which ids, and the best share as marks count now."""

    ids: set[uuid.UUID] = field(default_factory=set)
    best: float | None = None
    practice: int = 0
    """How many of them are beyond the attempts allowed."""

    def add(
        self, client_id: uuid.UUID, mark: marks.EffectiveMark, *, practice: bool = False
    ) -> None:
        """Count one answer more; a void one leaves nothing to be done."""
        self.ids.add(client_id)
        if practice:
            self.practice += 1
        elif mark.is_void:
            self.best = 1.0
        elif mark.share is not None:
            self.best = max(self.best or 0.0, mark.share)

    @property
    def total(self) -> int:
        """How many answers there are, which is the number of the last one."""
        return len(self.ids)

    @property
    def made(self) -> int:
        """How many of them count as attempts."""
        return self.total - self.practice


@dataclass(frozen=True)
class AnswerTotal:
    """How many answers a learner gave to one question, and the best share as marks count now."""

    made: int
    best: float | None


Counts = Mapping[str, Count]
"""For each question that a learner has answered."""


def count_answers(
    session: orm.Session, pairs: Collection[tuple[int, str]]
) -> dict[tuple[int, str], Count]:
    """Return what was answered, of *pairs* of a learner and a question; nothing for those without answers."""
    statement = answers_query(session.get_bind().dialect.name)
    return count_rows(session.connection().execute(statement, {"pairs": json.dumps([*pairs])}))


def count_rows(rows: Iterable[Sequence[Any]]) -> dict[tuple[int, str], Count]:
    """Return what `answers_query` found, by learner and question."""
    last: dict[tuple[int, uuid.UUID], Sequence[Any]] = {}
    for row in rows:
        key = (row[0], row[2])
        if key not in last or row[5] > last[key][5]:  # of several marks that by the last decision
            last[key] = row
    found: dict[tuple[int, str], Count] = {}
    for (
        learner_id,
        name,
        client_id,
        share,
        out_of,
        decision_id,
        regraded_share,
        regraded_out_of,
        practice,
    ) in last.values():
        mark = marks.EffectiveMark(share, out_of)
        if decision_id is not None:
            mark = marks.EffectiveMark(
                regraded_share, regraded_out_of or 0.0, is_void=regraded_out_of is None
            )
        found.setdefault((learner_id, name), Count()).add(client_id, mark, practice=practice)
    return found


def answers_query(dialect: str) -> Any:
    """Return what finds the answers for *pairs*, a JSON list of learners and questions, by their keys."""
    return _ON_SQLITE if dialect == "sqlite" else _ON_POSTGRES


def _answers_query(pair: sa.TableValuedAlias, learner_id: Any, question: Any) -> Any:
    """Return what finds the answers for a list of pairs, each with the marks that decisions gave it."""
    is_it = (Answer.learner_id == learner_id) & (Answer.question == question)
    return sa.select(
        Answer.learner_id,
        Answer.question,
        Answer.client_id,
        Answer.share,
        Answer.out_of,
        Mark.decision_id,
        Mark.share.label("regraded_share"),
        Mark.out_of.label("regraded_out_of"),
        Answer.practice,
    ).select_from(sa.join(pair, Answer, is_it).outerjoin(Mark))


# Pairs come as one list in JSON: the statement is the same for any number of them, and each is looked up in
# the index. What databases make of "IN" for pairs is unlike: SQLite reads the whole table.


def pairs_table(dialect: str) -> tuple[sa.TableValuedAlias, sa.ColumnElement[Any], Any, Any]:
    """Return *pairs*, a JSON list, as a table, and of each pair a number, another, and a text."""
    if dialect == "sqlite":
        pair = sa.func.json_each(sa.bindparam("pairs")).table_valued("value")
        first = sa.func.json_extract(pair.c.value, sa.literal_column("'$[0]'"))
        second = sa.func.json_extract(pair.c.value, sa.literal_column("'$[1]'"))
        return pair, first, second, second
    sent = sa.cast(sa.bindparam("pairs", type_=sa.Text), postgresql.JSONB)
    pair = sa.func.jsonb_array_elements(sent).table_valued(sa.column("value", postgresql.JSONB))
    first, second = (pair.c.value[at].astext for at in (0, 1))
    return pair, first.cast(sa.BigInteger), second.cast(sa.BigInteger), second


_ON_SQLITE, _ON_POSTGRES = (
    _answers_query(pair, first, text)
    for pair, first, _, text in (pairs_table("sqlite"), pairs_table("postgresql"))
)


def question_tries(lesson: Lesson, question: str, made: Counts) -> Tries:
    """Return the tries of one question; where answering has no limit, *made* may hold nothing but it."""
    if lesson.quiz is None or lesson.quiz.rules.attempts is None:
        return _tries(made.get(question), None)
    return tries_from(lesson, made)[question]


def _tries(made: Count | AnswerTotal | None, allowed: int | None) -> Tries:
    return Tries(made.made, made.best, allowed) if made else Tries(0, None, allowed)


def tries_from(lesson: Lesson, made: Mapping[str, Count | AnswerTotal]) -> Mapping[str, Tries]:
    """Return the tries of each question, from the answers so far."""
    limit = lesson.quiz.rules.attempts if lesson.quiz else None
    made = {name: count for name, count in made.items() if count.made}
    plain = {
        question.id: _tries(made.get(question.id), limit if question.worth else None)
        for question in lesson.questions
    }
    if limit is None:
        return plain
    # Of a pool those count that were answered; others may be answered until as many are as are drawn.
    for pool in lesson.pools:
        if sum(name in made for name in pool.questions) >= pool.draw:
            for name in pool.questions:
                plain[name] = replace(plain[name], is_asked=name in made)
    # A graded attempt is a whole go: the next begins when each question is answered or right.
    scored = [
        plain[question.id]
        for question in lesson.questions
        if question.worth and plain[question.id].is_asked
    ]
    open_at = min((t.made for t in scored if not t.is_right), default=limit)
    return {
        name: replace(t, waits=t.made > open_at and not t.is_right) if t.allowed is not None else t
        for name, t in plain.items()
    }


def _recorded(
    answer: Answer, content: dict[str, Any], regrades: tuple[marks.Regrade, ...] = ()
) -> RecordedAnswer:
    asked = questions.load(content)
    return RecordedAnswer(
        answer.client_id,
        asked.by_rules(answer.marking).as_shown(answer.shown),
        answer.given,
        answer.share,
        answer.out_of,
        answer.attempt,
        answer.recorded_at,
        answer.shown,
        regrades,
        asked.revision,
        answer.practice,
    )


def load_answer(session: orm.Session, learner_id: int, client_id: uuid.UUID) -> RecordedAnswer:
    """Return the answer that a learner recorded under *client_id*."""
    answer, content = session.execute(
        sa.select(Answer, QuestionRevision.content)
        .join(QuestionRevision)
        .where(Answer.learner_id == learner_id, Answer.client_id == client_id)
    ).one()
    return _recorded(
        answer, content, marks.learner_regrades(session, learner_id).get(client_id, ())
    )


def load_history(
    session: orm.Session, learner_id: int, lesson: str | None = None, asked: Iterable[str] = ()
) -> list[RecordedAnswer]:
    """Return a learner's answers, each with its question as it stood then, first answers first.

    With *lesson*, those given in it, and those to the questions *asked* in it now.
    """
    wanted = sa.select(Answer, QuestionRevision.content).join(QuestionRevision)
    if lesson is not None:
        wanted = wanted.where((Answer.lesson == lesson) | Answer.question.in_(list(asked)))
    rows = session.execute(
        wanted.where(Answer.learner_id == learner_id).order_by(
            Answer.recorded_at, Answer.question, Answer.attempt
        )
    )
    regrades = marks.learner_regrades(session, learner_id)
    return [
        _recorded(answer, content, regrades.get(answer.client_id, ())) for answer, content in rows
    ]
