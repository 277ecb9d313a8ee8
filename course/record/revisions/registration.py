"""Registers a published course in the record: its questions, rules and outline, beside all earlier ones."""

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from course.content import questions
from course.content.course import Course, Lesson
from course.content.questions.base import Question
from course.content.quiz import Pool
from course.record.publishing import marks
from course.record.publishing.tables import Decision
from course.record.revisions.tables import LessonRevision, Outline, QuestionRevision
from course.record.store.base import now


@dataclass(frozen=True)
class Rule:
    """What completing a lesson takes from *since* until *until*: each question answered, and the pass mark.

    *until* is when another rule replaced it or the lesson was removed; None while it is in force.
    """

    since: datetime
    title: str
    questions: Mapping[str, float]
    pass_mark: float
    pools: tuple[Pool, ...] = ()
    """Of the questions in a pool, as many are needed as it draws."""
    until: datetime | None = None

    @functools.cached_property
    def alone(self) -> frozenset[str]:
        """The questions outside pools: each needs an answer."""
        return frozenset(self.questions).difference(*(pool.questions for pool in self.pools))


@dataclass(frozen=True)
class Timeline:
    """All rules and outlines that the course has had, oldest first."""

    rules: Mapping[str, tuple[Rule, ...]]
    outlines: tuple[tuple[datetime, tuple[str, ...]], ...]

    @functools.cached_property
    def asking(self) -> Mapping[str, tuple[str, ...]]:
        """By question, the lessons that ask it or have asked it."""
        found: dict[str, list[str]] = {}
        for lesson, rules in self.rules.items():
            for name in {name for rule in rules for name in rule.questions}:
                found.setdefault(name, []).append(lesson)
        return {name: tuple(lessons) for name, lessons in found.items()}

    @functools.cached_property
    def names(self) -> Mapping[str, str]:
        """By lesson, the questions that it asks or has asked, as a JSON list for queries."""
        return {
            lesson: json.dumps(sorted({name for rule in rules for name in rule.questions}))
            for lesson, rules in self.rules.items()
        }

    def title(self, lesson: str) -> str:
        """Return the last title of a lesson; its id if it was never published."""
        rules = self.rules.get(lesson)
        return rules[-1].title if rules else lesson


@dataclass(frozen=True)
class CourseSnapshot:
    """A published course with its revisions, rules and decisions in the record."""

    course: Course
    timeline: Timeline
    revision_ids: Mapping[str, int]
    """By question, the id of the row of its present revision and wording."""
    revisions: Mapping[str, str] = field(default_factory=dict)
    """By question, its present revision, since hashing takes too long for each request."""
    decided: marks.Decisions = field(default_factory=dict)
    """By question, the decisions about answers to earlier revisions."""


def lesson_rule(lesson: Lesson) -> dict[str, Any]:
    """Return a lesson's rule for completion as it is stored."""
    questions = {question.id: question.worth for question in lesson.questions}
    pass_mark = lesson.quiz.rules.pass_mark if lesson.quiz else 0.0
    return as_stored(Rule(now(), lesson.title, questions, pass_mark, lesson.pools))


def as_stored(rule: Rule) -> dict[str, Any]:
    """Return a rule without its moments as plain data, which `as_rule` reads."""
    data = {
        "title": rule.title,
        "questions": dict(rule.questions),
        "pass_mark": rule.pass_mark,
    }
    # Left out where there are none: rules from before there were pools must compare equal.
    pools = [[pool.name, pool.draw, list(pool.questions)] for pool in rule.pools]
    return {**data, "pools": pools} if pools else data


def as_rule(since: datetime, rule: Mapping[str, Any]) -> Rule:
    """Return the rule in force from *since*, from what `as_stored` returned."""
    pools = tuple(Pool(name, draw, tuple(of)) for name, draw, of in rule.get("pools", ()))
    return Rule(since, rule["title"], rule["questions"], rule["pass_mark"], pools)


def insert_new(session: orm.Session, table: type[Any], rows: list[dict[str, Any]]) -> None:
    """Insert those of *rows* whose unique key is not in *table* yet."""
    if not rows:
        return
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    session.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


def register(session: orm.Session, course: Course, at: datetime | None = None) -> CourseSnapshot:
    """Write what is new in *course* into the record, as of *at*, and return it as published.

    Repeating is harmless.
    """
    moment = at or now()
    asked = [question for _, question in course.asked.values()]
    insert_new(
        session,
        QuestionRevision,
        [
            {
                "question": question.id,
                "revision": question.revision,
                "wording": question.wording,
                "content": question.dump(),
                "published_at": moment,
            }
            for question in asked
        ],
    )
    rules = _rules(session)
    changed = [
        {"lesson": lesson.id, "number": len(earlier) + 1, "rule": rule, "published_at": moment}
        for lesson in course.lessons.values()
        for earlier, rule in [(rules.get(lesson.id, []), lesson_rule(lesson))]
        if not earlier or earlier[-1].rule != rule
    ]
    insert_new(session, LessonRevision, changed)
    outlines = _outlines(session)
    names = list(course.lessons)
    if not outlines or outlines[-1].lessons != names:
        number = len(outlines) + 1
        insert_new(session, Outline, [{"number": number, "lessons": names, "published_at": moment}])
    rows = session.execute(
        sa.select(
            QuestionRevision.id,
            QuestionRevision.question,
            QuestionRevision.revision,
            QuestionRevision.wording,
        )
    )
    ids = {(row.question, row.revision, row.wording): row.id for row in rows}
    present = {question.id: question.revision for question in asked}
    _close_decisions(session, present, moment)
    return CourseSnapshot(
        course,
        timeline(session),
        {q.id: ids[q.id, q.revision, q.wording] for q in asked},
        present,
        marks.by_question(marks.decisions(session).values()),
    )


def _close_decisions(session: orm.Session, present: Mapping[str, str], at: datetime) -> None:
    """Close the decisions whose old revision is published again: they do not apply to new answers."""
    is_open = Decision.closed_at.is_(None)
    rows = session.execute(sa.select(Decision.id, Decision.question, Decision.old).where(is_open))
    closed = [row.id for row in rows if present.get(row.question) == row.old]
    if closed:
        session.execute(sa.update(Decision).where(Decision.id.in_(closed)).values(closed_at=at))


def _rules(session: orm.Session) -> dict[str, list[LessonRevision]]:
    found: dict[str, list[LessonRevision]] = {}
    for row in session.scalars(sa.select(LessonRevision).order_by(LessonRevision.number)):
        found.setdefault(row.lesson, []).append(row)
    return found


def _outlines(session: orm.Session) -> list[Outline]:
    return list(session.scalars(sa.select(Outline).order_by(Outline.number)))


def timeline(session: orm.Session) -> Timeline:
    """Return every rule and outline so far."""
    outlines = tuple((row.published_at, tuple(row.lessons)) for row in _outlines(session))
    present = _presence(outlines)
    rules = {
        lesson: tuple(_within(_spans(rows), present.get(lesson, ()) if outlines else _ALWAYS))
        for lesson, rows in _rules(session).items()
    }
    return Timeline(rules, outlines)


_Span = tuple[datetime, datetime | None]
"""Start and end; the end is None for a span that has not ended."""

_ALWAYS: Sequence[_Span] = ((datetime.min.replace(tzinfo=UTC), None),)


def _presence(
    outlines: Sequence[tuple[datetime, tuple[str, ...]]],
) -> dict[str, list[_Span]]:
    """Return when each lesson was part of the course."""
    found: dict[str, list[_Span]] = {}
    following = (*(since for since, _ in outlines[1:]), None)
    for (since, lessons), until in zip(outlines, following, strict=False):
        for lesson in lessons:
            spans = found.setdefault(lesson, [])
            if spans and spans[-1][1] == since:
                spans[-1] = (spans[-1][0], until)
            else:
                spans.append((since, until))
    return found


def _spans(rows: Sequence[LessonRevision]) -> Iterator[Rule]:
    """Yield the rules of a lesson, each until the next one replaced it."""
    following = (*(row.published_at for row in rows[1:]), None)
    for row, until in zip(rows, following, strict=True):
        yield replace(as_rule(row.published_at, row.rule), until=until)


def _within(rules: Iterator[Rule], present: Sequence[_Span]) -> Iterator[Rule]:
    """Yield the parts of *rules* during which their lesson was part of the course."""
    for rule in rules:
        for since, until in present:
            start = max(since, rule.since)
            end = min((at for at in (until, rule.until) if at is not None), default=None)
            if end is None or start < end:
                yield replace(rule, since=start, until=end)


def find_revision(session: orm.Session, question: str, name: str) -> tuple[int, Question] | None:
    """Return the id of the latest row of a question's revision, and that question; None if unknown."""
    if not (question + name).isprintable():  # no id has such characters, and PostgreSQL refuses NUL
        return None
    row = session.scalars(
        sa.select(QuestionRevision)
        .where(QuestionRevision.question == question, QuestionRevision.revision == name)
        .order_by(QuestionRevision.id.desc())
        .limit(1)
    ).one_or_none()
    return (row.id, questions.load(row.content)) if row else None
