"""First answers as the database counts them: alike ones together, split by revision.

Every query here takes the questions as one parameter, so that a lesson and a course of thousands of
questions need the same number of queries.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

from course.content.course import Lesson
from course.content.questions.base import Given, Question
from course.content.questions.text import FreeText
from course.record.answering.draws import INSTEAD
from course.record.answering.tables import Answer
from course.record.revisions.tables import QuestionRevision
from course.record.statistics.intervals import Sums

MIN_OTHERS = 2
"""How many other scored questions a learner must have answered to count in a correlation."""

Asked = Mapping[str, tuple[Lesson, Question]]
"""Questions by id with their lessons, as `Course.asked` has them: always all questions of a lesson."""


@dataclass
class AnswerGroup:
    """Answers of one revision that are alike, as the database has counted them."""

    given: Given
    shown: dict[str, Any] | None
    count: int
    share: float | None
    sums: Sums


@dataclass
class RevisionCounts:
    """What the database says of one revision."""

    rows: list[AnswerGroup] = field(default_factory=list)
    seconds: dict[int, int] = field(default_factory=dict)
    n: int = 0


CountsByRevision = Mapping[tuple[str, str], RevisionCounts]


def count_learners(session: orm.Session, asked: Asked) -> dict[str, int]:
    """Return for each lesson how many learners answered at least one of its questions."""
    wanted = _wanted(session, asked)
    rows = session.execute(
        sa.select(wanted.c.value, sa.func.count(Answer.learner_id.distinct()))
        .join_from(wanted, Answer, Answer.question == wanted.c.key)
        .where(Answer.attempt == 1, INSTEAD.is_(None), _question_filter(session, asked))
        .group_by(wanted.c.value)
    )
    counted = {row[0]: row[1] for row in rows}
    return {lesson.id: counted.get(lesson.id, 0) for lesson, _ in asked.values()}


@dataclass
class Revision:
    """A revision in the record: its rows (one for each wording), and the latest content if asked for."""

    ids: list[int]
    type: str
    published_at: datetime
    content: dict[str, Any] | None = None


def revisions(
    session: orm.Session, asked: Asked, *, with_content: bool
) -> dict[str, dict[str, Revision]]:
    """Return the revisions of each question by name, the one published last first."""
    wanted = _wanted(session, asked)
    content: Any = QuestionRevision.content if with_content else sa.null()
    rows = session.execute(
        sa.select(
            QuestionRevision.id,
            QuestionRevision.question,
            QuestionRevision.revision,
            QuestionRevision.published_at,
            QuestionRevision.content["type"].as_string(),
            content,
        )
        .join_from(wanted, QuestionRevision, QuestionRevision.question == wanted.c.key)
        .order_by(QuestionRevision.id.desc())
    )
    found: dict[str, dict[str, Revision]] = defaultdict(dict)
    for row_id, question, name, published_at, kind, latest in rows:
        revision = found[question].setdefault(name, Revision([], kind, published_at, latest))
        revision.ids.append(row_id)
        revision.published_at = min(revision.published_at, published_at)
    return found


def _wanted(session: orm.Session, asked: Asked) -> sa.TableValuedAlias:
    """Return a table of question (*key*) and lesson (*value*): one parameter, however many there are."""
    names = json.dumps({name: lesson.id for name, (lesson, _) in asked.items()})
    if session.get_bind().dialect.name == "sqlite":
        return sa.func.json_each(names).table_valued("key", "value", name="wanted")
    given = sa.cast(sa.bindparam(None, names, sa.String), postgresql.JSON)
    return sa.func.json_each_text(given).table_valued("key", "value", name="wanted")


def _question_filter(session: orm.Session, asked: Asked) -> sa.ColumnElement[bool]:
    """Say once more which questions are wanted.

    PostgreSQL cannot guess how many answers there are to questions in a list that it has not seen, and would
    read all answers for those of one lesson.
    """
    if session.get_bind().dialect.name == "sqlite":
        return sa.true()
    names = sa.literal([*asked], postgresql.ARRAY(sa.String))
    return Answer.question == sa.any_(names)


def read_counts(
    session: orm.Session, asked: Asked, revisions: Mapping[str, Mapping[str, Revision]]
) -> CountsByRevision:
    """Return first answers by question and revision; those to text questions are only counted."""
    found: dict[tuple[str, str], RevisionCounts] = defaultdict(RevisionCounts)
    among = _question_filter(session, asked)
    for question, revision, seconds, count in session.execute(
        _times(_wanted(session, asked)).where(among)
    ):
        here = found[question, revision]
        here.n += count
        if seconds is not None:
            here.seconds[seconds] = count
    written = [
        row_id
        for named in revisions.values()
        for one in named.values()
        if one.type == FreeText.TYPE
        for row_id in one.ids
    ]
    for row in session.execute(_answers(_wanted(session, asked), written, among)):
        sums = Sums(*(value or 0 for value in row[6:]))
        found[row.question, row.revision].rows.append(
            AnswerGroup(
                row.given, {"values": row.drawn} if row.drawn else None, row.n, row.share, sums
            )
        )
    return found


def _first_answers(wanted: sa.TableValuedAlias, *columns: Any) -> sa.Select[Any]:
    """Return what reads first answers; one to a sister of a question that was just explained is none."""
    return (
        sa.select(*columns)
        .join_from(wanted, Answer, Answer.question == wanted.c.key)
        .join(QuestionRevision, QuestionRevision.id == Answer.question_revision_id)
        .where(Answer.attempt == 1, INSTEAD.is_(None))
    )


def _times(wanted: sa.TableValuedAlias) -> sa.Select[Any]:
    """Return what counts the first answers to each revision by the seconds that they took."""
    seconds = sa.cast(sa.func.round(Answer.seconds), sa.Integer).label("seconds")
    columns = (Answer.question, QuestionRevision.revision, seconds)
    return _first_answers(wanted, *columns, sa.func.count()).group_by(*columns)


def _answers(
    wanted: sa.TableValuedAlias, written: list[int], among: sa.ColumnElement[bool]
) -> sa.Select[Any]:
    """Return what counts the first answers to each revision by what was given, with sums for a correlation.

    x is the share of the points, and y the mean of how far the learner's other answers in the lesson lie
    above or below the mean of the revision that each of them answers.
    """
    first = _first_answers(
        wanted,
        wanted.c.value.label("lesson"),
        Answer.learner_id,
        Answer.question,
        QuestionRevision.revision,
        Answer.given,
        Answer.shown["values"].label("drawn"),
        Answer.share,
        sa.case((Answer.out_of > 0, Answer.share)).label("scored"),
    ).where(Answer.question_revision_id.not_in(written), among)
    one = first.cte("one")
    by_revision = (one.c.question, one.c.revision)
    off = one.c.scored - sa.func.avg(one.c.scored).over(partition_by=by_revision)
    two = sa.select(one, off.label("off")).cte("two")
    by_learner = (two.c.learner_id, two.c.lesson)
    mine = sa.case((two.c.off.is_(None), 0), else_=1)
    others = sa.func.count(two.c.off).over(partition_by=by_learner) - mine
    total = sa.func.sum(two.c.off).over(partition_by=by_learner) - sa.func.coalesce(two.c.off, 0.0)
    three = sa.select(two, others.label("others"), total.label("total")).cte("three")
    counts = sa.and_(three.c.others >= MIN_OTHERS, three.c.share.is_not(None))
    x = sa.case((counts, three.c.share))
    y = sa.case((counts, three.c.total / three.c.others))
    alike = (three.c.question, three.c.revision, three.c.given, three.c.drawn)
    return sa.select(
        *alike,
        sa.func.count().label("n"),
        sa.func.sum(three.c.share).label("share"),
        *(sa.func.count(x), sa.func.sum(x), sa.func.sum(y)),
        *(sa.func.sum(x * x), sa.func.sum(y * y), sa.func.sum(x * y)),
    ).group_by(*alike)
