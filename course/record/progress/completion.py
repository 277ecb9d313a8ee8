"""When a lesson is complete, and its score: computed from answers and from the rules as they were.

A lesson is complete from the first moment at which all of this held at once: every question answered, and
the score at the pass mark, by the rule, the answers and the marks in force at that moment. What comes later
takes no completion away. The score that pages show and the score that completes are one function, `score`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

from course.content import variety, verdict
from course.content.quiz import Pool
from course.record.publishing import marks
from course.record.revisions.registration import Rule, Timeline

EPSILON = 1e-9
"""How far a score may lie below the pass mark because floats do: 0.1 + 0.7 is less than 0.8."""

END = datetime.max.replace(tzinfo=UTC)


class AnsweredMark(NamedTuple):
    """An answer's mark when it was recorded, and those that decisions gave it, oldest first.

    It represents one or more *answers* that are alike; *recorded_at* is that of the first one.
    """

    question: str
    share: float | None
    out_of: float
    recorded_at: datetime
    is_void: bool = False
    regrades: tuple[marks.Regrade, ...] = ()
    instead: str | None = None
    """Of a sister question: the question that it replaced."""
    lesson: str = ""
    """The lesson that asked it then."""
    again: bool = False
    """Whether it was decided that its learner is asked again."""
    answers: int = 1
    last_at: datetime | None = None
    """When the last of several was recorded; None for one alone."""

    @property
    def latest(self) -> datetime:
        """When the last of its answers was recorded."""
        return self.last_at or self.recorded_at

    def at_moment(self, moment: datetime) -> "AnsweredMark":
        """Return the answer with the mark that was in force at *moment*."""
        if not self.regrades:
            return self
        until_then = [regrade for regrade in self.regrades if regrade.at <= moment]
        if not until_then:
            return self
        mark = marks.effective_mark(self.share, self.out_of, until_then[-1])
        return self._replace(share=mark.share, out_of=mark.out_of, is_void=mark.is_void)


class BestAnswer(NamedTuple):
    """A learner's best answer to a question, and how many they gave."""

    share: float | None
    out_of: float
    tries: int
    is_void: bool = False
    """Whether the question does not count for this learner: an answer to it is void."""
    again: bool = False
    """Whether the question changed so much since the answer that the learner is asked again."""

    @property
    def is_right(self) -> bool:
        """Whether it is answered right; any answer to a question that nobody marks is."""
        return self.share is None or verdict.is_right(self.share)


class Granted(NamedTuple):
    """A completion that the record holds as a fact, since it cannot be computed any more."""

    at: datetime
    reason: str


def best_answers(given: Iterable[AnsweredMark]) -> dict[str, BestAnswer]:
    """Return the best answer to each question, and whether it is asked again since the last one."""
    best: dict[str, BestAnswer] = {}
    for answer in given:
        _count(best, answer)
        if answer.again:
            best[answer.question] = best[answer.question]._replace(again=True)
    return best


def _count(best: dict[str, BestAnswer], answer: AnsweredMark) -> None:
    earlier = best.get(answer.question)
    count = earlier.tries + answer.answers if earlier else answer.answers
    if answer.is_void or (earlier and earlier.is_void):
        best[answer.question] = BestAnswer(None, 0.0, count, is_void=True)
    elif earlier is None or _rank(answer) > _rank(earlier):
        best[answer.question] = BestAnswer(answer.share, answer.out_of, count)
    else:
        best[answer.question] = BestAnswer(earlier.share, earlier.out_of, count)


def _rank(answer: AnsweredMark | BestAnswer) -> tuple[float, bool]:
    """Order answers by their share; of equal ones, one with points goes before one without."""
    return answer.share or 0.0, answer.out_of > 0


def score(
    asked: Mapping[str, float], best: Mapping[str, BestAnswer], pools: Iterable[Pool] = ()
) -> float | None:
    """Return the share of the points; None where no question gives any. Of a pool the best answers count.

    *asked* are the questions of a lesson with their points; one of 0 points counts for nothing, whatever
    its answers were marked out of.
    """
    points = 0.0
    out_of = 0.0
    left_out = {name for pool in pools for name in _beyond(pool, best)}
    for name, worth in asked.items():
        if not worth or name in left_out:
            continue
        answer = best.get(name)
        if answer is None:
            out_of += worth
        else:
            out_of += answer.out_of
            points += (answer.share or 0.0) * answer.out_of
    return points / out_of if out_of else None


def _beyond(pool: Pool, best: Mapping[str, BestAnswer]) -> list[str]:
    """Return the questions of a pool that do not count: the best answers fill its places."""

    def rank(name: str) -> tuple[int, float]:
        answer = best.get(name)
        if answer is None:
            return 2, 0.0
        return int(answer.is_void), -(answer.share or 0.0) * answer.out_of

    return sorted(pool.questions, key=rank)[pool.draw :]


def is_passed(rule: Rule, best: Mapping[str, BestAnswer], replaced: Collection[str] = ()) -> bool:
    """Whether *best* answers every question of a rule and reaches its pass mark."""
    return rule.alone <= best.keys() and _is_reached(rule, best, replaced)


def _is_reached(rule: Rule, best: Mapping[str, BestAnswer], replaced: Collection[str]) -> bool:
    """Whether a rule is passed, once all its questions outside pools are answered."""
    if any(variety.filled(pool, best, replaced) < pool.draw for pool in rule.pools):
        return False
    reached = score(rule.questions, best, rule.pools)
    return reached is None or reached >= rule.pass_mark - EPSILON


def completions(
    timeline: Timeline,
    given: Iterable[AnsweredMark],
    read: Mapping[str, datetime],
    granted: Mapping[str, Granted],
) -> dict[str, datetime]:
    """Return when each lesson was completed, those no longer in the course included."""
    by_lesson: dict[str, list[AnsweredMark]] = defaultdict(list)
    for answer in given:
        for name in timeline.asking.get(answer.question, ()):
            by_lesson[name].append(answer)
    found = {
        name: when
        for name in (*by_lesson, *(lesson for lesson in read if lesson not in by_lesson))
        if (when := _completed_at(timeline.rules.get(name, ()), by_lesson[name], read.get(name)))
    }
    return found | {name: min(one.at, found.get(name, one.at)) for name, one in granted.items()}


def completed_at(
    rules: Sequence[Rule], given: Iterable[AnsweredMark], read_at: datetime | None
) -> datetime | None:
    """Return the first moment at which a lesson was complete; None if it never was."""
    asked = {name for rule in rules for name in rule.questions}
    return _completed_at(rules, [answer for answer in given if answer.question in asked], read_at)


def _completed_at(
    rules: Sequence[Rule], mine: Sequence[AnsweredMark], read_at: datetime | None
) -> datetime | None:
    """Return the first moment at which *mine*, all answers to the lesson's questions, complete it."""
    moments = sorted(
        {regrade.at for answer in mine if answer.regrades for regrade in answer.regrades}
    )
    for rule, following in zip(rules, (*rules[1:], None), strict=True):
        until = rule.until or (following.since if following else END)
        if not rule.questions:
            if read_at is not None and read_at < until:
                return max(read_at, rule.since)
            continue
        changes = [at for at in moments if rule.since < at < until]
        for start, end in pairwise([rule.since, *changes, until]):
            marked = [answer.at_moment(start) for answer in mine] if moments else mine
            when = _first_passed(rule, marked, start, end)
            if when is not None:
                return when
    return None


def _first_passed(
    rule: Rule, marked: Sequence[AnsweredMark], start: datetime, end: datetime
) -> datetime | None:
    """Return when a rule was passed first between two moments, between which no mark changed."""
    best: dict[str, BestAnswer] = {}
    replaced: set[str] = set()
    left = set(rule.alone)
    moment = start
    for answer in marked:
        at = answer.recorded_at
        if not left and at > moment and best and _is_reached(rule, best, replaced):
            return moment
        if at >= end:
            return None
        if at > moment:
            moment = at
        _count(best, answer)
        left.discard(answer.question)
        if answer.instead:
            replaced.add(answer.instead)
    return moment if not left and best and _is_reached(rule, best, replaced) else None
