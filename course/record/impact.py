"""What publishing a changed course would do to the record, before it does anything.

The same code foresees and counts: a prediction from the database, one from a summary file, and the
figures that a publication reports all come from `assess`.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from course.content import compare
from course.content.changes import Change
from course.content.compare import Difference
from course.content.course import Course, Lesson
from course.content.questions.base import Question
from course.record import marks, progress
from course.record.progress import Given
from course.record.publications import Rule, as_rule, rule_of
from course.record.summary import Pattern, Summary

SHORT = 7
"""Digits of a revision that people read and write."""


@dataclass(frozen=True)
class Effect:
    """What a decision does to answers: how many marks rise, fall, become void or stay."""

    up: int = 0
    down: int = 0
    void: int = 0
    same: int = 0
    gone: int = 0
    """Of those that stay: answers for which the new revision has no place."""
    unknown: int = 0
    """Of those that stay here: answers that the summary file leaves out, so that theirs may change."""
    to_right: int = 0
    """Results that flip from wrong or partly right to right."""
    from_right: int = 0
    """Results that flip from right."""

    @property
    def changed(self) -> int:
        return self.up + self.down + self.void


@dataclass(frozen=True)
class Group:
    """Answers to a question that are marked by one revision *old*, and what is decided about them."""

    old: str
    answers: int
    learners: int
    decision: str | None
    reason: str
    is_needed: bool
    """Whether they may not stay as they are without a word from the trainer."""
    effects: Mapping[str, Effect]
    """What each decision would do."""

    @property
    def is_open(self) -> bool:
        return self.is_needed and self.decision is None


@dataclass(frozen=True)
class Changed:
    """One question that differs. *new* is "" for one that is gone, *old* for one that was not there."""

    question: str
    lesson: str
    kinds: tuple[str, ...]
    differences: tuple[Difference, ...]
    old: str
    new: str
    answers: int
    learners: int
    groups: tuple[Group, ...] = ()
    was: str = ""
    """The lesson it stood in before, where it moved."""
    maybe: str = ""
    """The id of a question that is gone and reads like this new one."""
    likeness: float = 0.0

    @property
    def is_open(self) -> bool:
        return bool(self.maybe) or any(group.is_open for group in self.groups)


@dataclass(frozen=True)
class ChangedLesson:
    """One lesson that differs: *kind* is added, removed, moved, renamed or rule changed."""

    lesson: str
    kind: str
    title: str
    was: str = ""
    maybe: str = ""
    """The id of a lesson that is gone and has the same questions as this new one."""
    learners: int = 0
    """Learners with answers or a reading mark in it."""
    completed: int = 0
    """Learners who have completed it: they keep that."""

    @property
    def is_open(self) -> bool:
        return bool(self.maybe)


@dataclass(frozen=True)
class Outcome:
    """How one lesson's figures move for learners, with the decisions as they are written."""

    scores_up: int = 0
    scores_down: int = 0
    completions_gained: int = 0


@dataclass(frozen=True)
class Impact:
    """Everything that a publication would do."""

    learners: int
    questions: tuple[Changed, ...]
    lessons: tuple[ChangedLesson, ...]
    outcomes: Mapping[str, Outcome]
    marks: Effect
    decisions: tuple[tuple[str, str, Change], ...]
    """What is to be applied: question, old revision in full, and the entry."""
    asked_again: int = 0
    """Learners who will be asked a question again."""

    @property
    def open(self) -> list[Changed | ChangedLesson]:
        """What the trainer has to decide before this can be published."""
        return [
            *(lesson for lesson in self.lessons if lesson.is_open),
            *(question for question in self.questions if question.is_open),
        ]

    @property
    def is_nothing(self) -> bool:
        return not self.questions and not self.lessons


def assess(
    summary: Summary,
    after: Course,
    *,
    before: Course | None = None,
    is_named: Callable[[Lesson], bool] = lambda _: False,
) -> Impact:
    """Return what publishing *after* would do to the record that *summary* counts.

    *before* stands in for the course that is published. *is_named* says whether a lesson's page gives
    it an id, so that it is no other lesson under a new name.
    """
    before = before or summary.course
    counts = _Counts(summary)
    questions = [*_questions(counts, before, after)]
    lessons = tuple(_lessons(counts, before, after, is_named))
    applied = _applied(counts, after)
    fresh, effect = _marked(counts, after, applied)
    return Impact(
        summary.learners,
        tuple(questions),
        lessons,
        _outcomes(counts, before, after, fresh),
        effect,
        tuple((name, old, change) for (name, old), change in applied.items()),
        _asked_again(counts, applied),
    )


class _Counts:
    """The patterns of a summary with the numbers of answers and learners behind them."""

    def __init__(self, summary: Summary) -> None:
        self.summary = summary
        self.answers: Counter[int] = Counter()
        self.by_question: dict[str, list[int]] = {}
        for profile, count in summary.profiles.items():
            for number, _ in profile.answers:
                self.answers[number] += count
        for number, pattern in enumerate(summary.patterns):
            self.by_question.setdefault(pattern.question, []).append(number)

    def patterns(self, question: str) -> Iterator[tuple[Pattern, int]]:
        for number in self.by_question.get(question, ()):
            yield self.summary.patterns[number], self.answers[number]

    def answered(self, question: str) -> int:
        return sum(count for _, count in self.patterns(question))

    def learners(self, wanted: Callable[[Pattern], bool], question: str) -> int:
        """Return how many learners gave an answer to *question* whose pattern is *wanted*."""
        numbers = {
            n for n in self.by_question.get(question, ()) if wanted(self.summary.patterns[n])
        }
        return sum(
            count
            for profile, count in self.summary.profiles.items()
            if numbers and any(number in numbers for number, _ in profile.answers)
        )

    def old(self, pattern: Pattern) -> Question:
        return self.summary.revisions[pattern.question, pattern.revision]


def _questions(counts: _Counts, before: Course, after: Course) -> Iterator[Changed]:
    gone = {name: found for name, found in before.asked.items() if name not in after.asked}
    for name, (lesson, question) in after.asked.items():
        if name not in before.asked:
            yield _added(counts, lesson, question, gone)
            continue
        was, old = before.asked[name]
        differences = compare.differences(old, question)
        groups = tuple(_groups(counts, question, old))
        moved = ("moved",) if was.id != lesson.id else ()
        if not differences and not moved and not any(group.decision for group in groups):
            continue
        yield Changed(
            name,
            lesson.id,
            (*moved, *dict.fromkeys(difference.kind for difference in differences)),
            tuple(differences),
            old.revision,
            question.revision,
            counts.answered(name),
            counts.learners(lambda _: True, name),
            groups,
            was.id if moved else "",
        )
    for name, (lesson, question) in gone.items():
        yield Changed(
            name,
            lesson.id,
            ("removed",),
            (),
            question.revision,
            "",
            counts.answered(name),
            counts.learners(lambda _: True, name),
        )


def _added(
    counts: _Counts, lesson: Lesson, question: Question, gone: Mapping[str, tuple[Lesson, Question]]
) -> Changed:
    is_new = any(
        change.decision == "new" and question.revision.startswith(change.to)
        for change in question.changes
    )
    like: dict[str, float] = {}
    if not is_new and not counts.answered(question.id):
        like = {
            name: score
            for name, (_, old) in gone.items()
            if counts.answered(name) and (score := compare.likeness(old, question)) >= compare.ALIKE
        }
    maybe = max(like, key=lambda name: like[name], default="")
    return Changed(
        question.id,
        lesson.id,
        ("added",),
        (),
        "",
        question.revision,
        counts.answered(question.id),
        counts.learners(lambda _: True, question.id),
        tuple(_groups(counts, question, None)),
        maybe=maybe,
        likeness=like.get(maybe, 0.0),
    )


def _groups(counts: _Counts, question: Question, old: Question | None) -> Iterator[Group]:
    """Yield the answers that are marked by other revisions than the present one, by revision."""
    marked_by: dict[str, list[tuple[Pattern, int]]] = {}
    settled: dict[str, list[tuple[Pattern, int]]] = {}
    for pattern, count in counts.patterns(question.id):
        if pattern.path[-1] != question.revision:
            kept = settled if pattern.is_settled else marked_by
            kept.setdefault(pattern.path[-1], []).append((pattern, count))
        for revision in pattern.path[:-1] if pattern.path[-1] == question.revision else ():
            settled.setdefault(revision, []).append((pattern, count))
    for revision in dict.fromkeys([*marked_by, *settled]):
        is_settled = revision not in marked_by
        change = _entry(question, revision)
        if is_settled and (change is None or _is_applied(counts, question, revision, change)):
            continue
        found = marked_by.get(revision) or settled[revision]
        yield Group(
            revision,
            sum(count for _, count in found),
            counts.learners(lambda p, r=revision: r in p.path, question.id),  # type: ignore[misc]
            change.decision if change else None,
            change.reason if change else "",
            not is_settled and _needs(counts, question, revision, old),
            {
                decision: _effect(counts, question, revision, decision, found)
                for decision in ("keep", "regrade", "void", "re-ask")
            },
        )


def _needs(counts: _Counts, question: Question, revision: str, old: Question | None) -> bool:
    """Whether answers marked by *revision* need a decision, now that the question is as it is."""
    if old is None or revision != old.revision:
        old = counts.summary.revisions.get((question.id, revision))
    # Without it they were marked anew by a revision that nobody answered.
    return old is None or compare.needs_decision(old, question)


def _entry(question: Question, revision: str) -> Change | None:
    """Return the last entry that decides about *revision* in favour of the present one."""
    for change in reversed(question.changes):
        if (
            change.from_
            and revision.startswith(change.from_)
            and question.revision.startswith(change.to)
            and change.decision != "new"
        ):
            return change
    return None


def _is_applied(counts: _Counts, question: Question, revision: str, change: Change) -> bool:
    found = counts.summary.decided.get((question.id, revision))
    return (
        found is not None and found.new == question.revision and found.decision == change.decision
    )


def target(
    decision: str, pattern: Pattern, revision: str, old: Question, new: Question
) -> marks.Standing:
    """Return the mark of an answer after *decision* about those marked by *revision*.

    Kept answers have the mark they had by *revision*; where that is their own, a later regrade is taken
    back. Raises KeyError for an answer that a summary file leaves out.
    """
    if decision in ("keep", "re-ask"):
        is_own = revision == pattern.revision
        return marks.Standing(pattern.share, pattern.out_of) if is_own else pattern.now
    if decision == "regrade" and pattern.given is None:
        raise KeyError(pattern.question)
    found = marks.by_decision(decision, old, new, pattern.given or {}, pattern.shown)
    if found is None:
        return pattern.now
    return marks.Standing(found[0], found[1] or 0.0, is_void=found[1] is None)


def _effect(
    counts: _Counts,
    question: Question,
    revision: str,
    decision: str,
    found: Sequence[tuple[Pattern, int]],
) -> Effect:
    total: Counter[str] = Counter()
    for pattern, count in found:
        old = counts.old(pattern)
        try:
            mark = target(decision, pattern, revision, old, question)
        except KeyError:
            total.update({"same": count, "unknown": count})
            continue
        if decision == "regrade" and (
            compare.carried(old, question, pattern.given or {}, pattern.shown) is None
        ):
            total["gone"] += count
        total.update(dict.fromkeys(_moves(pattern.now, mark), count))
    return Effect(**total)


def _moves(before: marks.Standing, after: marks.Standing) -> list[str]:
    """Return which counts of an effect an answer belongs to."""
    if before == after:
        return ["same"]
    if after.is_void:
        return ["void"]
    points = [(mark.share or 0.0) * mark.out_of for mark in (before, after)]
    shares = [mark.share or 0.0 for mark in (before, after)]
    rose = (shares[1], points[1]) > (shares[0], points[0])
    moves = ["up" if rose else "down"]
    if (shares[0] >= 1) != (shares[1] >= 1):
        moves.append("to_right" if shares[1] >= 1 else "from_right")
    return moves


def _applied(counts: _Counts, after: Course) -> dict[tuple[str, str], Change]:
    """Return the entries that this publication has to apply, by question and old revision in full."""
    found: dict[tuple[str, str], Change] = {}
    for name, (_, question) in after.asked.items():
        revisions = dict.fromkeys(r for p, _ in counts.patterns(name) for r in p.path)
        for revision in revisions:
            change = _entry(question, revision)
            if (
                revision != question.revision
                and change is not None
                and not _is_applied(counts, question, revision, change)
            ):
                found[name, revision] = change
    return found


def _marked(
    counts: _Counts, after: Course, applied: Mapping[tuple[str, str], Change]
) -> tuple[dict[int, marks.Standing], Effect]:
    """Return the marks that the entries give, by the number of the pattern, and what they do in all."""
    fresh: dict[int, marks.Standing] = {}
    total: Counter[str] = Counter()
    for (name, revision), change in applied.items():
        question = after.asked[name][1]
        for number in counts.by_question[name]:
            pattern = counts.summary.patterns[number]
            if revision not in pattern.path:
                continue
            old, count = counts.old(pattern), counts.answers[number]
            try:
                mark = target(change.decision, pattern, revision, old, question)
            except KeyError:
                total.update({"same": count, "unknown": count})
                continue
            fresh[number] = mark
            total.update(dict.fromkeys(_moves(pattern.now, mark), count))
    return fresh, Effect(**total)


def _outcomes(
    counts: _Counts, before: Course, after: Course, fresh: Mapping[int, marks.Standing]
) -> dict[str, Outcome]:
    """Return how the scores and completions of lessons move, for those where anything does."""
    timeline, moment = counts.summary.moments()
    end = moment(10_000)
    touched = {counts.summary.patterns[number].question for number in fresh}
    moving = {
        name: (before.lessons.get(name), lesson, rules)
        for name, lesson in after.lessons.items()
        for old, new in [(timeline.rules.get(name, ()), _new_rule(counts, lesson, end))]
        if new or touched & {question.id for question in lesson.questions}
        for rules in [(*old, *new)]
    }
    total: dict[str, Counter[str]] = {name: Counter() for name in moving}
    for profile, count in counts.summary.profiles.items():
        now = [
            _given(counts.summary.patterns[number], moment(era)) for number, era in profile.answers
        ]
        then = [
            _with(answer, fresh.get(number), end)
            for answer, (number, _) in zip(now, profile.answers, strict=True)
        ]
        best = progress.best_of(now)
        best_then = progress.best_of(answer.by(end) for answer in then)
        for name, (earlier, lesson, rules) in moving.items():
            old, new = _score(earlier, best), _score(lesson, best_then)
            if old is not None and new is not None and abs(new - old) > 1e-9:
                total[name]["scores_up" if new > old else "scores_down"] += count
            read_at = moment(9_999) if name in profile.read else None
            if name not in profile.complete and (
                progress.completed_at(rules, then, read_at) is not None
            ):
                total[name]["completions_gained"] += count
    return {name: Outcome(**moves) for name, moves in total.items() if moves}


def _given(pattern: Pattern, at: datetime) -> Given:
    """Return an answer with the mark that counts now as its own: earlier marks have had their effect."""
    now = pattern.now
    instead = (pattern.shown or {}).get("instead")
    return Given(pattern.question, now.share, now.out_of, at, is_void=now.is_void, instead=instead)


def _with(answer: Given, mark: marks.Standing | None, at: datetime) -> Given:
    if mark is None:
        return answer
    out_of = None if mark.is_void else mark.out_of
    return answer._replace(anew=(marks.Anew(0, mark.share, out_of, at),))


def _new_rule(counts: _Counts, lesson: Lesson, at: datetime) -> tuple[Rule, ...]:
    """Return the rule that this publication adds to a lesson, if it changes it."""
    rule = rule_of(lesson)
    earlier = counts.summary.timeline.rules.get(lesson.id, ())
    fresh = as_rule(at, rule)
    if earlier and replace(earlier[-1], since=at) == fresh:
        return ()
    return (fresh,)


def _score(lesson: Lesson | None, best: Mapping[str, progress.Best]) -> float | None:
    if lesson is None:
        return None
    return progress.LessonStanding(lesson, best, None, None, None).score


def _asked_again(counts: _Counts, applied: Mapping[tuple[str, str], Change]) -> int:
    return sum(
        counts.learners(lambda p, r=revision: r in p.path, name)  # type: ignore[misc]
        for (name, revision), change in applied.items()
        if change.decision == "re-ask"
    )


def _lessons(
    counts: _Counts, before: Course, after: Course, is_named: Callable[[Lesson], bool]
) -> Iterator[ChangedLesson]:
    gone = [lesson for name, lesson in before.lessons.items() if name not in after.lessons]
    for name, lesson in after.lessons.items():
        old = before.lessons.get(name)
        if old is None:
            maybe = "" if is_named(lesson) else _renamed(counts, lesson, gone)
            yield ChangedLesson(name, "added", lesson.title, maybe=maybe)
        elif old.url != lesson.url:
            yield _lesson(counts, lesson, "moved", old.url)
        elif old.title != lesson.title:
            yield _lesson(counts, lesson, "renamed", old.title)
        elif rule_of(old) != rule_of(lesson):
            yield _lesson(counts, lesson, "rule changed")
    for lesson in gone:
        yield _lesson(counts, lesson, "removed")


def _lesson(counts: _Counts, lesson: Lesson, kind: str, was: str = "") -> ChangedLesson:
    touched = {question.id for question in lesson.questions}
    learners = completed = 0
    for profile, count in counts.summary.profiles.items():
        answered = {counts.summary.patterns[number].question for number, _ in profile.answers}
        learners += count * (bool(answered & touched) or lesson.id in profile.read)
        completed += count * (lesson.id in profile.complete)
    return ChangedLesson(lesson.id, kind, lesson.title, was, learners=learners, completed=completed)


def _renamed(counts: _Counts, lesson: Lesson, gone: Sequence[Lesson]) -> str:
    """Return the id of the lesson that *lesson* seems to have been: by its questions, or by its title."""
    mine = {question.id for question in lesson.questions}
    for old in gone:
        had = {question.id for question in old.questions}
        seen = _lesson(counts, old, "removed")
        if not (seen.learners or seen.completed):
            continue
        if (had and 2 * len(had & mine) >= len(had)) or (not had and old.title == lesson.title):
            return old.id
    return ""
