"""Cached item statistics: computed on request for up to MAX_ANSWERS, else read from the cache.

- At most one request of a process computes figures at a time. The others wait for it, with a time-out.
- A cache entry holds what `item_statistics.compute` returned, and when. It can be deleted at any time:
  nothing else is computed from it, and the next recount writes it again.
- An entry is stale when the lesson asks other revisions now, or when its age exceeds a minute and COST_RATIO
  times what computing it took. So recounting takes at most one part in COST_RATIO of the time, however large
  the record is.
- A separate process recounts (`course statistics --recount`), one lesson at a time: it reads one snapshot of
  the record without blocking writers, then stores the lesson's figures. Only one process recounts at a time;
  if it is stopped, the lessons that it finished stay stored.
"""

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from course.content import questions
from course.content.course import Course, Lesson
from course.record.answering.tables import Answer
from course.record.statistics import first_answers, flags, item_statistics
from course.record.statistics.first_answers import Asked
from course.record.statistics.intervals import Estimate
from course.record.statistics.item_statistics import Figures, Part, Typed
from course.record.statistics.tables import LessonFigures
from course.record.store.base import now
from course.record.store.database import Database
from course.record.store.unavailable import Unavailable

MAX_ANSWERS = 100_000
"""Figures of at most this many answers are computed on request. These take about a second, most of it in the
database, where other threads go on."""

MAX_WAIT = 10.0
"""Seconds that a request waits while another one computes figures."""

_computing = threading.BoundedSemaphore()

COST_RATIO = 100
MIN_AGE = timedelta(minutes=1)

_LOCK = 7316002
"""The key of the advisory lock on PostgreSQL."""


@dataclass(frozen=True)
class CachedFigures:
    """Figures by question, the present revision first, then the earlier ones."""

    figures: Mapping[str, tuple[Figures, ...]]
    at: datetime | None = None
    """When they were counted; None for now, and where *is_stale*, for never."""
    is_stale: bool = False
    """Whether they should be recounted."""

    @property
    def is_missing(self) -> bool:
        """Whether nobody has counted them yet."""
        return self.is_stale and self.at is None


@dataclass(frozen=True)
class StatisticsOverview:
    """For each lesson how many learners answered, and for its questions what there is to look at."""

    learners: Mapping[str, int]
    look_at: Mapping[str, Mapping[str, str]]
    at: datetime | None = None
    """When the lesson that was counted longest ago was."""
    is_stale: bool = False


def lesson_questions(lesson: Lesson) -> Asked:
    """Return the questions of a lesson."""
    return {question.id: (lesson, question) for question in lesson.questions}


def lesson_figures(
    session: orm.Session, lesson: Lesson, revisions: Mapping[str, str]
) -> CachedFigures:
    """Return the figures of a lesson's questions, earlier revisions too.

    *revisions* are the present ones by question.
    """
    row = session.get(LessonFigures, lesson.id)
    counted = sum(one["n"] for one in row.figures["figures"]) if row else 0
    names = [question.id for question in lesson.questions]
    if _is_computable(session, counted, Answer.question.in_(names)):
        return CachedFigures(_compute(session, lesson_questions(lesson), earlier=True))
    if row is None:
        return CachedFigures({}, is_stale=True)
    return CachedFigures(
        _deserialise(row, lesson, revisions), row.counted_at, _is_stale(row, lesson, revisions)
    )


def course_figures(
    session: orm.Session, course: Course, revisions: Mapping[str, str]
) -> CachedFigures:
    """Return the figures of all questions, earlier revisions too; without lessons that nobody counted yet."""
    rows = {row.lesson: row for row in session.scalars(sa.select(LessonFigures))}
    if _is_computable(session, sum(row.learners for row in rows.values())):
        return CachedFigures(_compute(session, course.asked, earlier=True))
    found: dict[str, tuple[Figures, ...]] = {}
    old = False
    moments = []
    for lesson in _lessons_with_questions(course):
        row = rows.get(lesson.id)
        old = old or row is None or _is_stale(row, lesson, revisions)
        if row is not None:
            found |= _deserialise(row, lesson, revisions)
            moments.append(row.counted_at)
    is_whole = len(found) == len(course.asked)
    return CachedFigures(found, min(moments) if moments and is_whole else None, old)


def overview(
    session: orm.Session, course: Course, revisions: Mapping[str, str]
) -> StatisticsOverview:
    """Return what there is to say of each lesson in a line or two."""
    shown = orm.defer(LessonFigures.figures)
    rows = {row.lesson: row for row in session.scalars(sa.select(LessonFigures).options(shown))}
    if _is_computable(session, sum(row.learners for row in rows.values())):
        learners = first_answers.count_learners(session, course.asked)
        look_at: dict[str, dict[str, str]] = {}
        for name, (present, *_) in _compute(session, course.asked).items():
            if line := flags.summary_line(present):
                look_at.setdefault(present.lesson, {})[name] = line
        return StatisticsOverview(learners, look_at)
    lessons = {lesson.id: lesson for lesson in _lessons_with_questions(course)}
    known = [row for name, row in rows.items() if name in lessons]
    old = len(known) < len(lessons)
    return StatisticsOverview(
        {row.lesson: row.learners for row in known},
        {
            row.lesson: {
                question.id: row.look_at[question.id]
                for question in lessons[row.lesson].questions
                if row.look_at.get(question.id)
                and row.revisions.get(question.id) == revisions[question.id]
            }
            for row in known
        },
        min((row.counted_at for row in known), default=None),
        old or any(_is_stale(row, lessons[row.lesson], revisions) for row in known),
    )


def _lessons_with_questions(course: Course) -> list[Lesson]:
    return [lesson for lesson in course.lessons.values() if lesson.questions]


def _is_computable(session: orm.Session, counted: int, *which: sa.ColumnElement[bool]) -> bool:
    """Whether there are at most MAX_ANSWERS answers, of which *counted* are known from the cache."""
    if counted > MAX_ANSWERS:
        return False
    some = sa.select(sa.literal(1)).select_from(Answer).where(*which).limit(MAX_ANSWERS + 1)
    count = sa.select(sa.func.count()).select_from(some.subquery())
    return session.execute(count).scalar_one() <= MAX_ANSWERS


def _compute(
    session: orm.Session, asked: Asked, *, earlier: bool = False
) -> dict[str, tuple[Figures, ...]]:
    """Compute figures while no other request of this process does; raises Unavailable after MAX_WAIT."""
    if not _computing.acquire(timeout=MAX_WAIT):
        raise Unavailable("Other figures are being computed.")
    try:
        return item_statistics.compute(session, asked, earlier=earlier)
    finally:
        _computing.release()


def _is_stale(row: LessonFigures, lesson: Lesson, revisions: Mapping[str, str]) -> bool:
    if row.revisions != _revisions(lesson, revisions):
        return True
    age = (
        now() - row.counted_at
    )  # below zero where another clock is ahead, or this one was set back
    return not -MIN_AGE < age <= max(MIN_AGE, COST_RATIO * timedelta(seconds=row.took))


def _revisions(lesson: Lesson, revisions: Mapping[str, str]) -> dict[str, str]:
    return {question.id: revisions[question.id] for question in lesson.questions}


# A stored figure holds everything but the question, which is the published one or is loaded from its content.


@dataclass(frozen=True)
class _StoredFigures:
    question: str
    revision: str
    published_at: datetime | None
    n: int
    facility: Estimate | None
    discrimination: Estimate | None
    parts: tuple[Part, ...]
    typed: tuple[Typed, ...]
    seconds: Estimate
    content: dict[str, Any]


_PLAIN = TypeAdapter(list[_StoredFigures])


def _serialise(found: Iterable[Figures]) -> dict[str, Any]:
    stored = [
        _StoredFigures(
            one.question.id,
            one.revision,
            one.published_at,
            one.n,
            one.facility,
            one.discrimination,
            one.parts,
            one.typed,
            one.seconds,
            one.question.dump(),
        )
        for one in found
    ]
    return {"figures": _PLAIN.dump_python(stored, mode="json")}


def _deserialise(
    row: LessonFigures, lesson: Lesson, revisions: Mapping[str, str]
) -> dict[str, tuple[Figures, ...]]:
    """Return stored figures for the questions that the lesson asks now."""
    stored = _PLAIN.validate_python(row.figures["figures"], strict=False)
    found = {}
    for question in lesson.questions:
        present = item_statistics.empty_figures(lesson, question, revisions[question.id])
        mine = [one for one in stored if one.question == question.id]
        earlier = [_figures(one, present) for one in mine if one.revision != present.revision]
        here = next(
            (_figures(one, present) for one in mine if one.revision == present.revision), present
        )
        found[question.id] = (here, *earlier)
    return found


def _figures(stored: _StoredFigures, present: Figures) -> Figures:
    is_present = stored.revision == present.revision
    return replace(
        present,
        question=present.question if is_present else questions.load(stored.content),
        revision=stored.revision,
        is_present=is_present,
        published_at=stored.published_at,
        n=stored.n,
        facility=stored.facility,
        discrimination=stored.discrimination,
        parts=stored.parts,
        typed=stored.typed,
        seconds=stored.seconds,
    )


# Counting


def recount(database: Database, course: Course, first: Iterable[str] = ()) -> int | None:
    """Count lessons whose figures are old or missing, those *first* first; return how many.

    None when another process is counting.
    """
    revisions = {name: question.revision for name, (_, question) in course.asked.items()}
    begin = list(first)
    lessons = sorted(_lessons_with_questions(course), key=lambda lesson: lesson.id not in begin)
    with counting_lock(database) as is_alone:
        if not is_alone:
            return None
        return sum(_recount_lesson(database, lesson, revisions) for lesson in lessons)


def _recount_lesson(database: Database, lesson: Lesson, revisions: Mapping[str, str]) -> bool:
    with database.read() as session:
        row = session.get(LessonFigures, lesson.id)
        if row is not None and not _is_stale(row, lesson, revisions):
            return False
    moment, start = now(), time.monotonic()
    with database.read() as session:
        asked = lesson_questions(lesson)
        found = item_statistics.compute(session, asked, earlier=True)
        learners = first_answers.count_learners(session, asked)[lesson.id]
    values = {
        "lesson": lesson.id,
        "counted_at": moment,
        "took": time.monotonic() - start,
        "revisions": _revisions(lesson, revisions),
        "learners": learners,
        "look_at": {name: flags.summary_line(present) for name, (present, *_) in found.items()},
        "figures": _serialise(one for figures in found.values() for one in figures),
    }
    dialect: Any = sqlite if database.is_sqlite else postgresql
    insert = dialect.insert(LessonFigures).values(values)
    with database.write() as session:
        session.execute(insert.on_conflict_do_update(index_elements=["lesson"], set_=values))
    return True


@contextlib.contextmanager
def counting_lock(database: Database) -> Iterator[bool]:
    """Try to take the recounting lock; yields whether it was free. It ends with the process."""
    if database.is_sqlite:
        # The folder, since a lock on the database would be lost with SQLite's own, and since a file made for
        # it would belong to the first user who recounts, perhaps root.
        folder = os.open(Path(str(database.url.database)).resolve().parent, os.O_RDONLY)
        try:
            yield _locked(folder)
        finally:
            os.close(folder)
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        got = connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_LOCK)))
        yield bool(got)
        if got:
            connection.scalar(sa.select(sa.func.pg_advisory_unlock(_LOCK)))


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
