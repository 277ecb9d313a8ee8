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
from course.content.course import Course, Lesson
from course.record.answering import answers, draws
from course.record.answering.answers import AnswerTotal, Tries
from course.record.answering.draws import EMPTY_SELECTION, Selection
from course.record.answering.tables import Answer
from course.record.people.tables import Learner
from course.record.progress import completion
from course.record.progress.completion import END, AnsweredMark, BestAnswer, Granted
from course.record.progress.tables import GrantedCompletion, LessonVisit
from course.record.publishing import marks
from course.record.publishing.tables import Mark
from course.record.revisions.registration import Published, Timeline
from course.record.revisions.tables import QuestionRevision
from course.record.store.base import Moment, now
from course.record.store.statements import Query, Source, names_column


@dataclass(frozen=True)
class LessonStanding:
    """How one lesson stands for a learner."""

    lesson: Lesson
    best: Mapping[str, BestAnswer]
    completed_at: datetime | None
    read_at: datetime | None
    last_at: datetime | None
    hand: Selection = EMPTY_SELECTION
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
        return self.hand.asked(self.lesson)

    @functools.cached_property
    def answered(self) -> int:
        """How many of them have an answer."""
        pooled = {name for pool in self.lesson.pools for name in pool.questions}
        return len(self.best.keys() - pooled) + sum(
            variety.filled(pool, self.best, self.hand.replaced) for pool in self.lesson.pools
        )

    @functools.cached_property
    def score(self) -> float | None:
        """Share of the points of all scored questions, best answers counting; None before the first one."""
        if not self.best:
            return None
        asked = {q.id: worth for q in self.lesson.questions if (worth := q.worth)}
        has_begun = not self.best.keys().isdisjoint(asked)
        return completion.score(asked, self.best, self.lesson.pools) if has_begun else None

    @property
    def next_question(self) -> str | None:
        """The first question to answer, or else to try again; None when all is right."""
        unanswered = [name for name in self.asked if name not in self.best]
        return next(iter(unanswered + self.missed), None)

    @functools.cached_property
    def missed(self) -> list[str]:
        """Questions answered and not right yet, or asked again, in the order of the page."""
        asked = [name for name in self.asked if name in self.best]
        right = {name for name in asked if self.best[name].is_right}
        for pool in self.lesson.pools:
            if len(right.intersection(pool.questions)) >= pool.draw:
                right.update(pool.questions)  # there may be more answers than places
        return [name for name in asked if name not in right or self.best[name].again]

    @functools.cached_property
    def tries(self) -> Mapping[str, Tries]:
        """How each question stands, in the order of the page."""
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
        return self.hand.sisters(self.lesson, missed)

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
    """How the whole course stands for a learner."""

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

    @functools.cached_property
    def complete_ids(self) -> list[str]:
        """The lessons that are complete."""
        return [name for name, lesson in self.lessons.items() if lesson.is_complete]

    @property
    def done(self) -> int:
        return len(self.complete_ids)

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


def course_standing(source: Source, published: Published, learner_id: int) -> CourseStanding:
    """Return a learner's standing in the published course: two queries, whatever its size."""
    given = learner_answers(source, published.decided, learner_id)
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
    source: Source, published: Published, learner_id: int, lesson: Lesson
) -> LessonStanding:
    """Return a learner's standing in one lesson, by one query; what they did in others is not read."""
    rules = published.timeline.rules.get(lesson.id, ())
    names = published.timeline.names.get(lesson.id, "[]")
    rows = _LESSON_ANSWERS.rows(source, learner_id=learner_id, lesson=lesson.id, names=names)
    if not rows:
        return empty_lesson_standing(lesson)
    seed, last_at, read_at, *fact = rows[0][:5]
    granted = Granted(*fact) if fact[0] is not None else None
    given = _answers_from([row[5:] for row in rows if row[5] is not None], published.decided)
    best = completion.best_answers(answer.by(END) for answer in given)
    mine = {question.id: best[question.id] for question in lesson.questions if question.id in best}
    moments = [last_at, *(answer.recorded_at for answer in given if answer.question in mine)]
    completed_at = completion.completed_at(rules, given, read_at)
    if granted is not None:
        completed_at = min(granted.at, completed_at or granted.at)
    return LessonStanding(
        lesson,
        mine,
        completed_at,
        read_at,
        max((moment for moment in moments if moment), default=None),
        _hand(seed, given),
        granted,
    )


def _hand(seed: str, given: Iterable[AnsweredMark]) -> Selection:
    return draws.from_answers(seed, ((answer.question, answer.instead) for answer in given))


_ANSWERS = (
    Answer.question,
    Answer.attempt,
    Answer.share,
    Answer.out_of,
    Answer.recorded_at,
    QuestionRevision.revision,
    draws.INSTEAD.label("instead"),
    Answer.lesson,
    Mark.decision_id,
    Mark.share.label("share_anew"),
    Mark.out_of.label("out_of_anew"),
    Mark.marked_at,
)
"""An answer, and a mark given anew to it; an answer with several comes once for each, one after the other."""

_IN_ORDER = (Answer.recorded_at, Answer.attempt, Answer.question, Mark.decision_id)


def _course_query() -> Any:
    found = sa.join(Answer, QuestionRevision).outerjoin(Mark, _MARK_OF_ANSWER)
    mine = (Answer.learner_id == sa.bindparam("learner_id")) & ~Answer.practice
    return sa.select(*_ANSWERS).select_from(found).where(mine).order_by(*_IN_ORDER)


def _lesson_query(dialect: str) -> Any:
    """Return what finds a learner with what they did in a *lesson*, whose questions are *names*."""
    lesson: Any = sa.bindparam("lesson")
    visit = (LessonVisit.learner_id == Learner.id) & (LessonVisit.lesson == lesson)
    granted = (GrantedCompletion.learner_id == Learner.id) & (GrantedCompletion.lesson == lesson)
    asked = Answer.question.in_(sa.select(names_column(dialect))) & ~Answer.practice
    found = (
        sa.outerjoin(Learner, LessonVisit, visit)
        .outerjoin(GrantedCompletion, granted)
        .outerjoin(Answer, (Answer.learner_id == Learner.id) & asked)
        .outerjoin(QuestionRevision, QuestionRevision.id == Answer.question_revision_id)
        .outerjoin(Mark, _MARK_OF_ANSWER)
    )
    fact = (GrantedCompletion.completed_at, GrantedCompletion.reason)
    columns = (Learner.seed, LessonVisit.last_at, LessonVisit.read_at, *fact, *_ANSWERS)
    who = Learner.id == sa.bindparam("learner_id")
    return sa.select(*columns).select_from(found).where(who).order_by(*_IN_ORDER)


_MARK_OF_ANSWER = (Mark.learner_id == Answer.learner_id) & (Mark.client_id == Answer.client_id)
_COURSE_ANSWERS = Query(_course_query())
_LESSON_ANSWERS = Query(_lesson_query)


def learner_answers(
    source: Source, decided: marks.Decisions, learner_id: int
) -> list[AnsweredMark]:
    """Return a learner's answers with every mark they had, oldest first."""
    return _answers_from(_COURSE_ANSWERS.rows(source, learner_id=learner_id), decided)


def _answers_from(rows: Iterable[Sequence[Any]], decided: marks.Decisions) -> list[AnsweredMark]:
    """Return the answers in rows of `_ANSWERS`."""
    found: list[AnsweredMark] = []
    last = None
    for row in rows:
        name, number, share, out_of, at, revision, instead, lesson, decision_id, *mark = row
        anew = () if decision_id is None else (marks.Regrade(decision_id, *mark),)
        if (name, number) == last:
            found[-1] = found[-1]._replace(anew=found[-1].anew + anew)
        else:
            last = (name, number)
            again = name in decided and marks.is_asked_again(decided[name], revision, at)
            found.append(
                AnsweredMark(name, share, out_of, at, revision, False, anew, instead, lesson, again)
            )
    return found


def empty_standing(published: Published) -> CourseStanding:
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
    best = completion.best_answers(answer.by(END) for answer in given)
    hand = _hand(seed, given)
    last_at = dict(visited)
    for answer in given:
        if answer.question in course.asked:
            name = course.asked[answer.question][0].id
            last_at[name] = max(last_at.get(name, answer.recorded_at), answer.recorded_at)
    completed = completion.completions(timeline, given, read, granted)
    lessons = {
        lesson.id: LessonStanding(
            lesson,
            {q.id: best[q.id] for q in lesson.questions if q.id in best},
            completed.get(lesson.id),
            read.get(lesson.id),
            last_at.get(lesson.id),
            hand,
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
    anew = any(answer.anew for answer in given)
    return CourseStanding(course, lessons, finished_at, new, completed, left, anew, granted)


def _removed_lessons(
    course: Course, given: Iterable[AnsweredMark]
) -> Iterator[RemovedLessonAnswers]:
    found: dict[str, RemovedLessonAnswers] = {}
    for answer in given:
        name = answer.lesson
        if name and name not in course.lessons:
            count = found[name].answers if name in found else 0
            found[name] = RemovedLessonAnswers(name, count + 1, answer.recorded_at)
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
