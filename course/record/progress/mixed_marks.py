"""Completions that engines before schema 0005 computed, and that no moment of the record shows.

They combined marks of one moment with rules of another, and counted a question of 0 points by the
points that its answers had been marked out of. Nothing takes a completion away, so the upgrade to 0005
stores those as facts (`GrantedCompletion`). The computation here is that of those engines, and is used for
nothing else.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from course.content import variety
from course.record.answering.tables import Answer
from course.record.progress import completion, learner_answers
from course.record.progress.completion import AnsweredMark
from course.record.progress.tables import GrantedCompletion, LessonVisit
from course.record.publishing import marks
from course.record.revisions import registration
from course.record.revisions.registration import Rule, Timeline, as_rule
from course.record.revisions.tables import LessonRevision

REASON = "mixed marks"
ENDED_WITH = "0005"
"""The first schema whose engines compute completions by single moments."""


def save_completions(session: orm.Session) -> int:
    """Store the completions that only mixed marks gave, or gave at an earlier date; return how many."""
    rules = _rules(session)
    timeline = registration.timeline(session)
    decided = marks.by_question(marks.decisions(session).values())
    read = _read(session)
    learners = session.scalars(sa.select(Answer.learner_id).distinct().order_by(Answer.learner_id))
    saved = 0
    for learner_id in learners.all():
        given = learner_answers.course_answers(session, decided, learner_id)
        now = completion.completions(timeline, given, read[learner_id], {})
        for lesson, at in _completions(rules, timeline, given, read[learner_id]):
            if lesson not in now or at < now[lesson]:
                row = GrantedCompletion(
                    learner_id=learner_id, lesson=lesson, completed_at=at, reason=REASON
                )
                session.add(row)
                saved += 1
    session.flush()
    return saved


def _rules(session: orm.Session) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = defaultdict(list)
    for row in session.scalars(sa.select(LessonRevision).order_by(LessonRevision.number)):
        found[row.lesson].append(as_rule(row.published_at, row.rule))
    return found


def _read(session: orm.Session) -> dict[int, dict[str, datetime]]:
    found: dict[int, dict[str, datetime]] = defaultdict(dict)
    for row in session.scalars(sa.select(LessonVisit).where(LessonVisit.read_at.is_not(None))):
        if row.read_at is not None:
            found[row.learner_id][row.lesson] = row.read_at
    return found


def _completions(
    rules: Mapping[str, Sequence[Rule]],
    timeline: Timeline,
    given: Sequence[AnsweredMark],
    read: Mapping[str, datetime],
) -> Iterator[tuple[str, datetime]]:
    begun = {name for answer in given for name in timeline.asking.get(answer.question, ())}
    for name in sorted(begun | read.keys()):
        when = completed_at(rules.get(name, ()), given, read.get(name))
        if when is not None:
            yield name, when


def completed_at(
    rules: Sequence[Rule], given: Iterable[AnsweredMark], read_at: datetime | None
) -> datetime | None:
    """Return when a lesson was complete by marks and rules of any moments; None if it never was."""
    asked = {name for rule in rules for name in rule.questions}
    mine = [answer for answer in given if answer.question in asked]
    found = [_first_passed(rules, mine, read_at)]
    for moment in sorted({regrade.at for answer in mine for regrade in answer.regrades}):
        when = _first_passed(rules, [answer.at_moment(moment) for answer in mine], read_at)
        found.append(when and max(when, moment))
    return min(filter(None, found), default=None)


def _first_passed(
    rules: Sequence[Rule], mine: Sequence[AnsweredMark], read_at: datetime | None
) -> datetime | None:
    for rule, following in zip(rules, [*rules[1:], None], strict=True):
        until = following.since if following else completion.END
        if not rule.questions:
            if read_at is not None and read_at < until:
                return max(read_at, rule.since)
            continue
        best: dict[str, AnsweredMark] = {}
        replaced: set[str] = set()
        for answer in mine:
            if answer.recorded_at >= until:
                break
            _count(best, answer)
            replaced.update([answer.instead] if answer.instead else ())
            if _is_passed(rule, best, replaced):
                return max(answer.recorded_at, rule.since)
    return None


def _count(best: dict[str, AnsweredMark], answer: AnsweredMark) -> None:
    earlier = best.get(answer.question)
    if answer.is_void or (earlier and earlier.is_void):
        best[answer.question] = answer._replace(share=None, out_of=0.0, is_void=True)
    elif earlier is None or (answer.share or 0.0) > (earlier.share or 0.0):
        best[answer.question] = answer


def _is_passed(rule: Rule, best: Mapping[str, AnsweredMark], replaced: set[str]) -> bool:
    if not rule.alone <= best.keys():
        return False
    if any(variety.filled(pool, best, replaced) < pool.draw for pool in rule.pools):
        return False
    score = _score(rule, best)
    return score is None or score >= rule.pass_mark - completion.EPSILON


def _score(rule: Rule, best: Mapping[str, AnsweredMark]) -> float | None:
    def rank(name: str) -> tuple[int, float]:
        answer = best.get(name)
        if answer is None:
            return 2, 0.0
        return int(answer.is_void), -(answer.share or 0.0) * answer.out_of

    left_out = {
        name for pool in rule.pools for name in sorted(pool.questions, key=rank)[pool.draw :]
    }
    points = out_of = 0.0
    for name, worth in rule.questions.items():
        if name not in left_out:
            answer = best.get(name)
            out_of += answer.out_of if answer else worth
            points += (answer.share or 0.0) * answer.out_of if answer else 0.0
    return points / out_of if out_of else None
