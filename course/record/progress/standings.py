"""How far a learner is: computed from answers and from the rules as they were, never counted up.

When a lesson is complete, and what its score is, says `completion`.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from course.content import variety
from course.content.course import Course, Lesson, Module
from course.record.answering import answers
from course.record.answering.answers import AnswerTotal, Tries
from course.record.answering.draws import EMPTY_SELECTION, Selection
from course.record.people.tables import Learner
from course.record.progress import completion, learner_answers
from course.record.progress.completion import END, AnsweredMark, BestAnswer, Granted
from course.record.progress.tables import GrantedCompletion, LessonVisit
from course.record.revisions.registration import CourseSnapshot, Timeline
from course.record.store.base import Moment, now
from course.record.store.statements import Query, Source


@dataclass(frozen=True)
class LessonStanding:
    """A learner's standing in one lesson."""

    lesson: Lesson
    best: Mapping[str, BestAnswer]
    completed_at: datetime | None
    read_at: datetime | None
    last_at: datetime | None
    selection: Selection = EMPTY_SELECTION
    granted: Granted | None = None
    """Why it is complete, where answers and rules do not show that."""

    @property
    def is_complete(self) -> bool:
        return self.completed_at is not None

    @property
    def total(self) -> int:
        """How many questions the lesson asks now."""
        return self.lesson.total

    @functools.cached_property
    def asked(self) -> list[str]:
        """The questions that the lesson asks this learner, in the order of the page."""
        return self.selection.asked(self.lesson)

    @functools.cached_property
    def answered(self) -> int:
        """How many of them have an answer."""
        if not self.lesson.pools:
            return len(self.best)
        pooled = {name for pool in self.lesson.pools for name in pool.questions}
        return len(self.best.keys() - pooled) + sum(
            variety.filled(pool, self.best, self.selection.replaced) for pool in self.lesson.pools
        )

    @functools.cached_property
    def score(self) -> float | None:
        """Share of the points of all scored questions, best answers counting; None before the first one."""
        scored = self.lesson.points
        has_begun = not self.best.keys().isdisjoint(scored)
        return completion.score(scored, self.best, self.lesson.pools) if has_begun else None

    @property
    def next_question(self) -> str | None:
        """The first question to answer, or else to try again; None when all is right."""
        unanswered = [name for name in self.asked if name not in self.best]
        return next(iter(unanswered + self.missed), None)

    @functools.cached_property
    def missed(self) -> list[str]:
        """Questions answered and not right yet, or asked again, in the order of the page."""
        if not self.best:
            return []
        asked = [name for name in self.asked if name in self.best]
        right = {name for name in asked if self.best[name].is_right}
        for pool in self.lesson.pools:
            if len(right.intersection(pool.questions)) >= pool.draw:
                right.update(pool.questions)  # there may be more answers than places
        return [name for name in asked if name not in right or self.best[name].again]

    @functools.cached_property
    def tries(self) -> Mapping[str, Tries]:
        """The tries of each question, in the order of the page."""
        made = {
            name: AnswerTotal(best.tries, 1.0 if best.is_void else best.share)
            for name, best in self.best.items()
        }
        return answers.tries_from(self.lesson, made)

    @functools.cached_property
    def sisters(self) -> Mapping[str, str]:
        """For each missed question of a pool the one to try instead, where answering has no limit."""
        if not self.lesson.pools or (self.lesson.quiz and self.lesson.quiz.rules.attempts):
            return {}
        missed = {name for name, tries in self.tries.items() if tries.made and not tries.is_right}
        return self.selection.sisters(self.lesson, missed)

    @property
    def new_questions(self) -> int:
        """How many questions came after the lesson was completed and are unanswered."""
        return self.total - self.answered if self.is_complete else 0


@dataclass(frozen=True)
class RemovedLessonAnswers:
    """A lesson that is no longer part of the course, and in which a learner has answers."""

    id: str
    answers: int
    last_at: datetime


@dataclass(frozen=True)
class CourseStanding:
    """A learner's standing in the whole course."""

    course: Course
    lessons: Mapping[str, LessonStanding]
    finished_at: datetime | None
    new_since_finished: tuple[Lesson, ...] = ()
    completed: Mapping[str, datetime] = field(default_factory=dict)
    """When each lesson was completed, those no longer in the course included."""
    left: tuple["RemovedLessonAnswers", ...] = ()
    """The lessons with answers that are no longer in the course."""
    has_new_marks: bool = False
    """Whether a decision gave any answer a mark."""
    granted: Mapping[str, Granted] = field(default_factory=dict)
    """The completions that answers and rules do not show, by lesson."""

    @property
    def done(self) -> int:
        """How many lessons are complete."""
        return sum(lesson.is_complete for lesson in self.lessons.values())

    def done_in(self, module: Module) -> int:
        """Return how many lessons of a module are complete."""
        return sum(self.lessons[lesson.id].is_complete for lesson in module.lessons)

    @property
    def has_begun(self) -> bool:
        return any(lesson.answered or lesson.read_at for lesson in self.lessons.values())

    @property
    def next_lesson(self) -> LessonStanding | None:
        """Where to go on: the open lesson last worked on, else the first open one."""
        open_lessons = [lesson for lesson in self.lessons.values() if not lesson.is_complete]
        touched = [lesson for lesson in open_lessons if lesson.last_at is not None]
        if touched:
            return max(touched, key=lambda lesson: lesson.last_at or datetime.min)
        return next(iter(open_lessons), None)


def _visits(_: str) -> Any:
    """Return what finds a learner's seed with each lesson they opened, and completions that are facts."""
    opened = (
        sa.select(
            *(Learner.seed, LessonVisit.lesson, LessonVisit.last_at, LessonVisit.read_at),
            sa.type_coerce(sa.null(), Moment).label("completed_at"),
            sa.null().label("reason"),
        )
        .outerjoin(LessonVisit, LessonVisit.learner_id == Learner.id)
        .where(Learner.id == sa.bindparam("learner_id"))
    )
    granted = sa.select(
        *(sa.null(), GrantedCompletion.lesson, sa.null(), sa.null()),
        *(GrantedCompletion.completed_at, GrantedCompletion.reason),
    ).where(GrantedCompletion.learner_id == sa.bindparam("learner_id"))
    return opened.union_all(granted)


_VISITS = Query(_visits)


def course_standing(source: Source, published: CourseSnapshot, learner_id: int) -> CourseStanding:
    """Return a learner's standing in the published course: two queries, whatever its size."""
    given = learner_answers.course_answers(source, published.decided, learner_id)
    visits = _VISITS.rows(source, learner_id=learner_id)
    opened = [row for row in visits if row[4] is None]
    return compute(
        published.course,
        published.timeline,
        given,
        read={lesson: read_at for _, lesson, _, read_at, *_ in opened if read_at is not None},
        visited={lesson: last_at for _, lesson, last_at, *_ in opened if lesson is not None},
        seed=opened[0][0] if opened else "",
        granted={row[1]: Granted(*row[4:]) for row in visits if row[4] is not None},
    )


def lesson_standing(
    source: Source, published: CourseSnapshot, learner_id: int, lesson: Lesson
) -> LessonStanding:
    """Return a learner's standing in one lesson, by one query; what they did in others is not read."""
    names = published.timeline.names.get(lesson.id, "[]")
    found = learner_answers.lesson_answers(source, published.decided, learner_id, lesson.id, names)
    return (
        lesson_standing_from(published, lesson, *found) if found else empty_lesson_standing(lesson)
    )


def lesson_standing_from(
    published: CourseSnapshot, lesson: Lesson, visit: Sequence[Any], given: Sequence[AnsweredMark]
) -> LessonStanding:
    """Return the standing in one lesson that follows from what `learner_answers` found."""
    rules = published.timeline.rules.get(lesson.id, ())
    seed, visited_at, read_at, *fact = visit
    granted = Granted(*fact) if fact[0] is not None else None
    best = completion.best_answers(answer.at_moment(END) for answer in given)
    mine = {question.id: best[question.id] for question in lesson.questions if question.id in best}
    moments = [visited_at, *(answer.latest for answer in given if answer.question in mine)]
    completed_at = completion.completed_at(rules, given, read_at)
    if granted is not None:
        completed_at = min(granted.at, completed_at or granted.at)
    return LessonStanding(
        lesson,
        mine,
        completed_at,
        read_at,
        max((moment for moment in moments if moment), default=None),
        _selection(seed, best, given),
        granted,
    )


def _selection(
    seed: str, best: Mapping[str, BestAnswer], given: Iterable[AnsweredMark]
) -> Selection:
    """Return which questions a learner answered, *best* being in the order of the first answers."""
    replaced = frozenset(answer.instead for answer in given if answer.instead)
    return Selection(seed, tuple(best), replaced)


def empty_standing(published: CourseSnapshot) -> CourseStanding:
    """Return the standing of someone who has not begun."""
    return compute(published.course, published.timeline, [], {}, {})


def empty_lesson_standing(lesson: Lesson) -> LessonStanding:
    """Return the standing in a lesson of someone who has not begun."""
    return LessonStanding(lesson, {}, None, None, None)


def compute(
    course: Course,
    timeline: Timeline,
    given: Iterable[AnsweredMark],
    read: Mapping[str, datetime],
    visited: Mapping[str, datetime],
    seed: str = "",
    granted: Mapping[str, Granted] = MappingProxyType({}),
) -> CourseStanding:
    """Return the standing that follows from answers (oldest first), reading marks and visits."""
    given = list(given)
    best = completion.best_answers(answer.at_moment(END) for answer in given)
    selection = _selection(seed, best, given)
    last_at = dict(visited)
    for answer in given:
        if (asked := course.asked.get(answer.question)) is not None:
            name, at = asked[0].id, answer.latest
            if name not in last_at or at > last_at[name]:
                last_at[name] = at
    completed = completion.completions(timeline, given, read, granted)
    lessons = {
        lesson.id: LessonStanding(
            lesson,
            {q.id: best[q.id] for q in lesson.questions if q.id in best},
            completed.get(lesson.id),
            read.get(lesson.id),
            last_at.get(lesson.id),
            selection,
            granted.get(lesson.id),
        )
        for lesson in course.lessons.values()
    }
    finished_at, outline = _finished_at(timeline, completed)
    new = tuple(
        lesson.lesson
        for lesson in lessons.values()
        if finished_at and lesson.lesson.id not in outline and not lesson.is_complete
    )
    left = tuple(_removed_lessons(course, given))
    has_new_marks = any(answer.regrades for answer in given)
    return CourseStanding(
        course, lessons, finished_at, new, completed, left, has_new_marks, granted
    )


def _removed_lessons(
    course: Course, given: Iterable[AnsweredMark]
) -> Iterator[RemovedLessonAnswers]:
    found: dict[str, RemovedLessonAnswers] = {}
    for answer in given:
        name = answer.lesson
        if name and name not in course.lessons:
            earlier = found.get(name, RemovedLessonAnswers(name, 0, answer.latest))
            last_at = max(earlier.last_at, answer.latest)
            found[name] = RemovedLessonAnswers(name, earlier.answers + answer.answers, last_at)
    for name in sorted(found):
        yield found[name]


def _finished_at(
    timeline: Timeline, completed: Mapping[str, datetime]
) -> tuple[datetime | None, tuple[str, ...]]:
    """Return when every lesson of the course as it was then was complete first, and which those were."""
    following_ones = (*timeline.outlines[1:], None)
    for (since, outline), following in zip(timeline.outlines, following_ones, strict=False):
        if not outline or any(name not in completed for name in outline):
            continue
        when = max(since, *(completed[name] for name in outline))
        if following is None or when < following[0]:
            return when, outline
    return None, ()


def visit(session: orm.Session, learner_id: int, lesson: str) -> None:
    """Note that a learner opened a lesson."""
    _visit(session, learner_id, lesson).last_at = now()


def mark_read(session: orm.Session, learner_id: int, lesson: str) -> None:
    """Note that a learner says to have read a lesson; saying it again changes nothing."""
    row = _visit(session, learner_id, lesson)
    row.read_at = row.read_at or now()


def _visit(session: orm.Session, learner_id: int, lesson: str) -> LessonVisit:
    row = session.get(LessonVisit, (learner_id, lesson), with_for_update=True)
    if row is None:
        row = LessonVisit(learner_id=learner_id, lesson=lesson)
        session.add(row)
        session.flush()
    return row
