"""How far a learner is: computed from answers and from the rules as they were, never counted up.

A lesson is complete from the first moment at which its rule of that moment was met: every question
answered and the pass mark reached, or, for a lesson without questions, marked as read. What changes in
the course afterwards adds to what is new, and takes no completion away. Nor do marks given anew: a lesson
is complete by the marks of any time, those then, those now or those between.
"""

import functools
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from course.content import variety
from course.content.course import Course, Lesson
from course.content.quiz import Pool
from course.record import answers, marks, pools
from course.record.answers import Made, Tries
from course.record.database import now
from course.record.pools import NOTHING, Hand
from course.record.publications import Published, Rule, Timeline
from course.record.statements import Query, Source, texts_on
from course.record.tables import Answer, Learner, LessonVisit, Mark, QuestionRevision


class Given(NamedTuple):
    """What progress needs of an answer: its mark then, and those given anew, oldest first."""

    question: str
    share: float | None
    out_of: float
    recorded_at: datetime
    revision: str = ""
    is_void: bool = False
    anew: tuple[marks.Anew, ...] = ()
    instead: str | None = None
    """Of a sister question: the question that it replaced."""
    lesson: str = ""
    """The lesson that asked it then."""

    def by(self, moment: datetime) -> "Given":
        """Return the answer with the mark that it had at *moment*."""
        if not self.anew:
            return self
        given = [anew for anew in self.anew if anew.at <= moment]
        if not given:
            return self
        mark = marks.standing(self.share, self.out_of, given[-1])
        return self._replace(share=mark.share, out_of=mark.out_of, is_void=mark.is_void)


class Best(NamedTuple):
    """A learner's best answer to a question, and how many they gave."""

    share: float | None
    out_of: float
    tries: int
    is_void: bool = False
    """Whether the question does not count for this learner: an answer to it was made void."""
    again: bool = False
    """Whether it changed so much since that the learner is asked again."""

    @property
    def is_right(self) -> bool:
        """Whether nothing is left to do here; what nobody marks is done when it is answered."""
        return self.share is None or self.share >= 1


@dataclass(frozen=True)
class LessonStanding:
    """How one lesson stands for a learner."""

    lesson: Lesson
    best: Mapping[str, Best]
    completed_at: datetime | None
    read_at: datetime | None
    last_at: datetime | None
    hand: Hand = NOTHING

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
        return _score(asked, self.best, self.lesson.pools) if has_begun else None

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
            name: Made(best.tries, 1.0 if best.is_void else best.share)
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
class Left:
    """A lesson that is no longer part of the course, and in which a learner has answers."""

    id: str
    answers: int
    last_at: datetime


@dataclass(frozen=True)
class Standing:
    """How the whole course stands for a learner."""

    course: Course
    lessons: Mapping[str, LessonStanding]
    finished_at: datetime | None
    new_since_finished: tuple[Lesson, ...] = ()
    completed: Mapping[str, datetime] = field(default_factory=dict)
    """When each lesson was completed, those no longer in the course included."""
    left: tuple["Left", ...] = ()
    """The lessons with answers that are no longer in the course."""
    has_new_marks: bool = False
    """Whether any answer was given a mark anew."""

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


_VISITS = Query(
    sa.select(Learner.seed, LessonVisit.lesson, LessonVisit.last_at, LessonVisit.read_at)
    .outerjoin(LessonVisit, LessonVisit.learner_id == Learner.id)
    .where(Learner.id == sa.bindparam("learner_id"))
)
"""A learner's seed, with each lesson that they opened."""


def of(source: Source, published: Published, learner_id: int) -> Standing:
    """Return a learner's standing in the published course: two queries, whatever its size."""
    given = answers_of(source, learner_id)
    visits = _VISITS.rows(source, learner_id=learner_id)
    read = {lesson: read_at for _, lesson, _, read_at in visits if read_at is not None}
    last = {lesson: last_at for _, lesson, last_at, _ in visits if lesson is not None}
    seed = visits[0][0] if visits else ""
    return standing(
        published.course, published.timeline, given, read, last, published.decided, seed
    )


def of_lesson(
    source: Source, published: Published, learner_id: int, lesson: Lesson
) -> LessonStanding:
    """Return a learner's standing in one lesson, by one query; what they did in others is not read."""
    rules = published.timeline.rules.get(lesson.id, ())
    asked = {question.id for question in lesson.questions}.union(
        *(rule.questions for rule in rules)
    )
    names = json.dumps(sorted(asked))
    rows = _IN_LESSON.rows(source, learner_id=learner_id, lesson=lesson.id, names=names)
    if not rows:
        return nothing_in(lesson)
    seed, last_at, read_at = rows[0][:3]
    given = _given([row[3:] for row in rows if row[3] is not None])
    best = best_of([answer.by(_END) for answer in given], published.decided)
    mine = {question.id: best[question.id] for question in lesson.questions if question.id in best}
    moments = [last_at, *(answer.recorded_at for answer in given if answer.question in mine)]
    return LessonStanding(
        lesson,
        mine,
        completed_at(rules, given, read_at),
        read_at,
        max((moment for moment in moments if moment), default=None),
        _hand(seed, given),
    )


def _hand(seed: str, given: Iterable[Given]) -> Hand:
    return pools.from_answers(seed, ((answer.question, answer.instead) for answer in given))


_ANSWERS = (
    Answer.question,
    Answer.attempt,
    Answer.share,
    Answer.out_of,
    Answer.recorded_at,
    QuestionRevision.revision,
    pools.INSTEAD.label("instead"),
    Answer.lesson,
    Mark.decision_id,
    Mark.share.label("share_anew"),
    Mark.out_of.label("out_of_anew"),
    Mark.marked_at,
)
"""An answer, and a mark given anew to it; an answer with several comes once for each, one after the other."""

_IN_ORDER = (Answer.recorded_at, Answer.attempt, Answer.question, Mark.decision_id)


def _of_course() -> Any:
    found = sa.join(Answer, QuestionRevision).outerjoin(Mark, _IS_OF)
    mine = (Answer.learner_id == sa.bindparam("learner_id")) & ~Answer.practice
    return sa.select(*_ANSWERS).select_from(found).where(mine).order_by(*_IN_ORDER)


def _of_lesson(dialect: str) -> Any:
    """Return what finds a learner with what they did in a *lesson*, whose questions are *names*."""
    visit = (LessonVisit.learner_id == Learner.id) & (LessonVisit.lesson == sa.bindparam("lesson"))
    asked = Answer.question.in_(sa.select(texts_on(dialect))) & ~Answer.practice
    found = (
        sa.outerjoin(Learner, LessonVisit, visit)
        .outerjoin(Answer, (Answer.learner_id == Learner.id) & asked)
        .outerjoin(QuestionRevision, QuestionRevision.id == Answer.question_revision_id)
        .outerjoin(Mark, _IS_OF)
    )
    columns = (Learner.seed, LessonVisit.last_at, LessonVisit.read_at, *_ANSWERS)
    who = Learner.id == sa.bindparam("learner_id")
    return sa.select(*columns).select_from(found).where(who).order_by(*_IN_ORDER)


_IS_OF = (Mark.learner_id == Answer.learner_id) & (Mark.client_id == Answer.client_id)
_ALL = Query(_of_course())
_IN_LESSON = Query(_of_lesson)


def answers_of(source: Source, learner_id: int) -> list[Given]:
    """Return a learner's answers with every mark they had, oldest first."""
    return _given(_ALL.rows(source, learner_id=learner_id))


def _given(rows: Iterable[Sequence[Any]]) -> list[Given]:
    """Return the answers in rows of `_ANSWERS`."""
    found: list[Given] = []
    last = None
    for row in rows:
        name, number, share, out_of, at, revision, instead, lesson, decision_id, *mark = row
        anew = () if decision_id is None else (marks.Anew(decision_id, *mark),)
        if (name, number) == last:
            found[-1] = found[-1]._replace(anew=found[-1].anew + anew)
        else:
            last = (name, number)
            found.append(Given(name, share, out_of, at, revision, False, anew, instead, lesson))
    return found


def nothing(published: Published) -> Standing:
    """Return the standing of someone who has not begun."""
    return standing(published.course, published.timeline, [], {}, {})


def nothing_in(lesson: Lesson) -> LessonStanding:
    """Return the standing in a lesson of someone who has not begun."""
    return LessonStanding(lesson, {}, None, None, None)


def standing(
    course: Course,
    timeline: Timeline,
    given: Iterable[Given],
    read: Mapping[str, datetime],
    visited: Mapping[str, datetime],
    decided: marks.Decisions = MappingProxyType({}),
    seed: str = "",
) -> Standing:
    """Return the standing that follows from answers (oldest first), reading marks and visits."""
    given = list(given)
    best = best_of([answer.by(_END) for answer in given], decided)
    hand = _hand(seed, given)
    last_at = dict(visited)
    for answer in given:
        if answer.question in course.asked:
            name = course.asked[answer.question][0].id
            last_at[name] = max(last_at.get(name, answer.recorded_at), answer.recorded_at)
    by_lesson: dict[str, list[Given]] = defaultdict(list)
    for answer in given:
        for name in timeline.asking.get(answer.question, ()):
            by_lesson[name].append(answer)
    completed = {
        name: when
        for name, rules in timeline.rules.items()
        if (name in by_lesson or name in read)
        and (when := completed_at(rules, by_lesson[name], read.get(name))) is not None
    }
    lessons = {
        lesson.id: LessonStanding(
            lesson,
            {q.id: best[q.id] for q in lesson.questions if q.id in best},
            completed.get(lesson.id),
            read.get(lesson.id),
            last_at.get(lesson.id),
            hand,
        )
        for lesson in course.lessons.values()
    }
    finished_at, outline = _finished(timeline, completed)
    new = tuple(
        lesson.lesson
        for lesson in lessons.values()
        if finished_at and lesson.lesson.id not in outline and not lesson.is_complete
    )
    left = tuple(_left(course, given))
    anew = any(answer.anew for answer in given)
    return Standing(course, lessons, finished_at, new, completed, left, anew)


def _left(course: Course, given: Iterable[Given]) -> Iterator[Left]:
    found: dict[str, Left] = {}
    for answer in given:
        name = answer.lesson
        if name and name not in course.lessons:
            count = found[name].answers if name in found else 0
            found[name] = Left(name, count + 1, answer.recorded_at)
    for name in sorted(found):
        yield found[name]


_END = datetime.max.replace(tzinfo=UTC)


def completed_at(
    rules: tuple[Rule, ...], given: Iterable[Given], read_at: datetime | None
) -> datetime | None:
    """Return when a lesson was first complete by the rule that held then; None if it never was.

    The marks of any time count; by those given anew it is complete at the earliest when they were given.
    """
    asked = {name for rule in rules for name in rule.questions}
    mine = [answer for answer in given if answer.question in asked]
    found = [_first_met(rules, mine, read_at)]
    for moment in sorted({anew.at for answer in mine for anew in answer.anew}):
        when = _first_met(rules, [answer.by(moment) for answer in mine], read_at)
        found.append(when and max(when, moment))
    return min(filter(None, found), default=None)


def _first_met(
    rules: tuple[Rule, ...], mine: Iterable[Given], read_at: datetime | None
) -> datetime | None:
    for rule, until in _spans(rules):
        if not rule.questions:
            if read_at is not None and (until is None or read_at < until):
                return max(read_at, rule.since)
            continue
        best: dict[str, Best] = {}
        replaced: set[str] = set()
        left = set(rule.alone)
        for answer in mine:
            if until is not None and answer.recorded_at >= until:
                break
            _count(best, answer)
            replaced.update([answer.instead] if answer.instead else ())
            left.discard(answer.question)
            if not left and _meets(rule, best, replaced):
                return max(answer.recorded_at, rule.since)
    return None


def _spans(rules: tuple[Rule, ...]) -> Iterator[tuple[Rule, datetime | None]]:
    """Yield each rule with the moment at which the next one took its place."""
    for rule, following in zip(rules, [*rules[1:], None], strict=True):
        yield rule, following.since if following else None


def _meets(rule: Rule, best: Mapping[str, Best], replaced: Collection[str]) -> bool:
    """Whether a rule is met, once all its questions outside pools are answered."""
    if any(variety.filled(pool, best, replaced) < pool.draw for pool in rule.pools):
        return False
    score = _score(rule.questions, best, rule.pools)
    return score is None or score >= rule.pass_mark - 1e-9


def _score(
    asked: Mapping[str, float], best: Mapping[str, Best], pools: Iterable[Pool] = ()
) -> float | None:
    """Return the share of the points; None where no question gives any. Of a pool the best answers count."""
    points = 0.0
    out_of = 0.0
    left_out = {name for pool in pools for name in _beyond(pool, best)}
    for name, worth in asked.items():
        if name in left_out:
            continue
        answer = best.get(name)
        out_of += answer.out_of if answer else worth
        points += (answer.share or 0.0) * answer.out_of if answer else 0.0
    return points / out_of if out_of else None


def _beyond(pool: Pool, best: Mapping[str, Best]) -> list[str]:
    """Return the questions of a pool that do not count: the best answers fill its places."""

    def rank(name: str) -> tuple[int, float]:
        answer = best.get(name)
        if answer is None:
            return 2, 0.0
        return int(answer.is_void), -(answer.share or 0.0) * answer.out_of

    return sorted(pool.questions, key=rank)[pool.draw :]


def best_of(
    given: Iterable[Given], decided: marks.Decisions = MappingProxyType({})
) -> dict[str, Best]:
    """Return the best answer to each question, and whether it is asked again since the last one."""
    best: dict[str, Best] = {}
    for answer in given:
        _count(best, answer)
        if (answer.question, answer.revision) not in decided:
            continue
        *_, last = marks.after(decided, answer.question, answer.revision)
        if last.decision == "re-ask":
            best[answer.question] = best[answer.question]._replace(again=True)
    return best


def _count(best: dict[str, Best], answer: Given) -> None:
    earlier = best.get(answer.question)
    count = earlier.tries + 1 if earlier else 1
    if answer.is_void or (earlier and earlier.is_void):
        best[answer.question] = Best(None, 0.0, count, is_void=True)
    elif earlier is None or (answer.share or 0.0) > (earlier.share or 0.0):
        best[answer.question] = Best(answer.share, answer.out_of, count)
    else:
        best[answer.question] = Best(earlier.share, earlier.out_of, count)


def _finished(
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
