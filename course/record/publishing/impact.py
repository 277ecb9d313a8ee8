"""What publishing a changed course would do to the record, before it does anything.

Prediction and publication use the same code: a prediction from the database, one from a summary file, and the
figures that a publication reports all come from `assess`.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from course.content import compare, decisions, verdict
from course.content.changes import DECISIONS, Change
from course.content.course import Course, Lesson
from course.content.questions.base import Question
from course.record.progress import completion
from course.record.progress.completion import AnsweredMark, BestAnswer
from course.record.publishing import marks
from course.record.publishing.impact_model import (
    Effect,
    Group,
    Impact,
    LessonChange,
    Outcome,
    QuestionChange,
)
from course.record.publishing.marks import AnswerState, EffectiveMark
from course.record.publishing.summary import Pattern, Summary
from course.record.revisions.registration import Rule, as_rule, lesson_rule
from course.record.store.base import now


def assess(
    summary: Summary,
    after: Course,
    *,
    before: Course | None = None,
    is_named: Callable[[Lesson], bool] = lambda _: False,
) -> Impact:
    """Return what publishing *after* would do to the record that *summary* counts.

    *before* replaces the published course in the comparison. *is_named* says whether a lesson's page gives
    it an id, so that it is no other lesson under a new name.
    """
    counts = _Counts(summary)
    published = summary.course
    questions = tuple(
        changed
        for changed in _questions(counts, before or published, after)
        if before is None or changed.kinds or any(group.decision for group in changed.groups)
    )
    lessons = tuple(_lessons(counts, before or published, after, is_named))
    applied = {
        (name, old): change
        for name, (_, question) in after.asked.items()
        for old, change in new_entries(summary, question).items()
    }
    states, effect = _decided(counts, after, applied)
    outcomes, asked_again = _outcomes(counts, published, after, states)
    return Impact(
        summary.learners,
        questions,
        lessons,
        outcomes,
        effect,
        tuple((name, old, change) for (name, old), change in applied.items()),
        asked_again,
    )


class _Counts:
    """The patterns of a summary with the numbers of answers and learners behind them."""

    def __init__(self, summary: Summary) -> None:
        self.summary = summary
        self.answers: Counter[int] = Counter()
        self.by_question: dict[str, list[int]] = {}
        for profile, count in summary.profiles.items():
            for number in profile.answers:
                self.answers[number] += count
        for number, pattern in enumerate(summary.patterns):
            self.by_question.setdefault(pattern.question, []).append(number)

    def patterns(self, question: str) -> Iterator[tuple[Pattern, int]]:
        for number in self.by_question.get(question, ()):
            yield self.summary.patterns[number], self.answers[number]

    def answered(self, question: str) -> int:
        return sum(count for _, count in self.patterns(question))

    def learners(self, wanted: Callable[[Pattern], bool], question: str) -> int:
        """Return how many learners have an answer to *question* for whose pattern *wanted* is true."""
        numbers = {
            n for n in self.by_question.get(question, ()) if wanted(self.summary.patterns[n])
        }
        return sum(
            count
            for profile, count in self.summary.profiles.items()
            if numbers and not numbers.isdisjoint(profile.answers)
        )

    def old(self, pattern: Pattern) -> Question:
        return self.summary.revisions[pattern.question, pattern.revision]


def _questions(counts: _Counts, before: Course, after: Course) -> Iterator[QuestionChange]:
    gone = {name: found for name, found in before.asked.items() if name not in after.asked}
    for name, (lesson, question) in after.asked.items():
        if name not in before.asked:
            yield _added(counts, lesson, question, gone)
            continue
        was, old = before.asked[name]
        differences = compare.differences(old, question)
        groups = tuple(_shown_groups(counts, question, old))
        moved = ("moved",) if was.id != lesson.id else ()
        if not (differences or moved or any(group.decision or group.is_open for group in groups)):
            continue
        yield QuestionChange(
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
        yield QuestionChange(
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
) -> QuestionChange:
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
    return QuestionChange(
        question.id,
        lesson.id,
        ("added",),
        (),
        "",
        question.revision,
        counts.answered(question.id),
        counts.learners(lambda _: True, question.id),
        tuple(_shown_groups(counts, question, None)),
        maybe=maybe,
        likeness=like.get(maybe, 0.0),
    )


def _shown_groups(counts: _Counts, question: Question, old: Question | None) -> Iterator[Group]:
    """Yield the groups marked by another revision, and those whose decision an entry replaces."""
    for group in _groups(counts, question, old):
        if group.decision or group.is_left:
            yield group


def groups(summary: Summary, question: Question) -> list[Group]:
    """Return, by revision, all answers about which a decision can be made now."""
    return list(_groups(_Counts(summary), question, None))


def _groups(counts: _Counts, question: Question, old: Question | None) -> Iterator[Group]:
    new = question.revision
    found: dict[str, list[tuple[Pattern, int]]] = {}
    for pattern, count in counts.patterns(question.id):
        revision = _concerned(pattern.state, new)
        if revision:
            found.setdefault(revision, []).append((pattern, count))
    entries = new_entries(counts.summary, question)
    for revision, concerned in found.items():
        change = entries.get(revision)
        yield Group(
            revision,
            sum(count for _, count in concerned),
            counts.learners(lambda p, r=revision: _concerned(p.state, new) == r, question.id),  # type: ignore[misc]
            change.decision if change else None,
            change.reason if change else "",
            any(_needs(counts, question, pattern.state, old) for pattern, _ in concerned),
            any(pattern.state.marked_by == revision for pattern, _ in concerned),
            {
                decision: _effect(counts, question, revision, decision, concerned)
                for decision in DECISIONS
            },
        )


def _concerned(state: AnswerState, new: str) -> str:
    """Return the old revision of a decision for *new* that applies to an answer; "" where none does."""
    if state.replaceable is not None and state.replaceable[1] == new:
        return state.replaceable[0]
    return state.marked_by if state.marked_by != new else ""


def _needs(counts: _Counts, question: Question, state: AnswerState, old: Question | None) -> bool:
    """Whether an answer needs a decision, now that the question is as it is."""
    if state.mark.is_void or question.revision in (state.marked_by, state.decided_up_to):
        return False
    if old is None or state.decided_up_to != old.revision:
        old = counts.summary.revisions.get((question.id, state.decided_up_to))
    return old is None or compare.needs_decision(old, question)


def new_entries(summary: Summary, question: Question) -> dict[str, Change]:
    """Return the entries that were not there at the last publication, by the old revision in full.

    Of several entries about one revision the last one counts. An entry for a revision other than the present
    one is ignored: the question changed again before it was published.
    """
    known = summary.known.get(question.id, ())
    if not known and question.id in summary.course.asked:
        known = (summary.course.asked[question.id][1].revision,)
    found: dict[str, Change] = {}
    for change in decisions.unapplied(question, summary.entries.get(question.id, ())):
        if question.revision.startswith(change.to):
            for revision in known:
                if revision.startswith(change.from_ or " ") and revision != question.revision:
                    found[revision] = change
    return found


def decided_state(
    decision: str, pattern: Pattern, revision: str, old: Question, new: Question
) -> AnswerState:
    """Return the state of a pattern's answers after *decision* about those marked by *revision*.

    Raises KeyError for answers that a summary file leaves out.
    """
    base = pattern.state.base_for(revision, new.revision)
    if base is None:
        return pattern.state

    def regraded() -> EffectiveMark | None:
        if pattern.given is None:
            raise KeyError(pattern.question)
        return marks.regraded(old, new, pattern.given, pattern.shown)

    mark = marks.outcome(decision, base.mark, regraded)
    return base.with_decision(decision, revision, new.revision, mark)


def _effect(
    counts: _Counts,
    question: Question,
    revision: str,
    decision: str,
    concerned: Sequence[tuple[Pattern, int]],
) -> Effect:
    total: Counter[str] = Counter()
    for pattern, count in concerned:
        old, now = counts.old(pattern), pattern.state.mark
        try:
            mark = decided_state(decision, pattern, revision, old, question).mark
        except KeyError:
            total.update({"same": count, "unknown": count})
            continue
        if decision == "regrade" and (
            compare.carry_over(old, question, pattern.given or {}, pattern.shown) is None
        ):
            total["gone"] += count
        total.update(dict.fromkeys(_moves(now, mark), count))
    return Effect(**total)


def _moves(before: marks.EffectiveMark, after: marks.EffectiveMark) -> list[str]:
    """Return which counts of an effect an answer belongs to."""
    if before == after:
        return ["same"]
    if after.is_void:
        return ["void"]
    points = [(mark.share or 0.0) * mark.out_of for mark in (before, after)]
    shares = [mark.share or 0.0 for mark in (before, after)]
    rose = (shares[1], points[1]) > (shares[0], points[0])
    moves = ["up" if rose else "down"]
    was_right, is_right = map(verdict.is_right, shares)
    if was_right != is_right:
        moves.append("to_right" if is_right else "from_right")
    return moves


def _decided(
    counts: _Counts, after: Course, applied: Mapping[tuple[str, str], Change]
) -> tuple[dict[int, AnswerState], Effect]:
    """Return how the answers concerned stand after the entries, by pattern, and what they do in all."""
    states: dict[int, AnswerState] = {}
    total: Counter[str] = Counter()
    for (name, revision), change in applied.items():
        question = after.asked[name][1]
        for number in counts.by_question.get(name, ()):
            pattern, count = counts.summary.patterns[number], counts.answers[number]
            if _concerned(pattern.state, question.revision) != revision:
                continue
            try:
                state = decided_state(
                    change.decision, pattern, revision, counts.old(pattern), question
                )
            except KeyError:
                total.update({"same": count, "unknown": count})
                continue
            states[number] = state
            total.update(dict.fromkeys(_moves(pattern.state.mark, state.mark), count))
    return states, Effect(**total)


def _outcomes(
    counts: _Counts, before: Course, after: Course, states: Mapping[int, AnswerState]
) -> tuple[dict[str, Outcome], int]:
    """Return how scores and completions move, for lessons where anything does; and who is asked again."""
    patterns = counts.summary.patterns
    touched = {patterns[number].question for number in states}
    moving = {
        name: (before.lessons.get(name), lesson, as_rule(now(), rule))
        for name, lesson in after.lessons.items()
        for rule in [lesson_rule(lesson)]
        if name not in before.lessons
        or rule != lesson_rule(before.lessons[name])
        or touched & rule["questions"].keys()
    }
    by_question: dict[str, list[str]] = {}
    for name, (_, _, rule) in moving.items():
        for question in rule.questions:
            by_question.setdefault(question, []).append(name)
    total: dict[str, Counter[str]] = {name: Counter() for name in moving}
    asked_again = 0
    for profile, count in counts.summary.profiles.items():
        answered = {patterns[number].question for number in profile.answers}
        mine = {name for question in answered for name in by_question.get(question, ())}
        mine |= {name for name in profile.read if name in moving}
        if not mine and touched.isdisjoint(answered):
            continue
        old = [_given(patterns[n], patterns[n].state) for n in profile.answers]
        new = [_given(patterns[n], states.get(n, patterns[n].state)) for n in profile.answers]
        best, best_then = completion.best_answers(old), completion.best_answers(new)
        asked_again += count * any(
            best_then[name].again and not best[name].again for name in answered & touched
        )
        for name in mine:
            earlier, lesson, rule = moving[name]
            scores = _score(earlier, best), _score(lesson, best_then)
            if None not in scores and abs(scores[1] - scores[0]) > completion.EPSILON:  # type: ignore[operator]
                total[name]["scores_up" if scores[1] > scores[0] else "scores_down"] += count  # type: ignore[operator]
            if name not in profile.complete and _completes(
                rule, new, best_then, name in profile.read
            ):
                total[name]["completions_gained"] += count
    return {name: Outcome(**moves) for name, moves in total.items() if moves}, asked_again


def _given(pattern: Pattern, state: AnswerState) -> AnsweredMark:
    """Return an answer with the mark that *state* gives it as its own."""
    mark = state.mark
    instead = (pattern.shown or {}).get("instead")
    own = (pattern.question, mark.share, mark.out_of, completion.END)
    return AnsweredMark(*own, is_void=mark.is_void, instead=instead, again=state.is_asked_again)


def _completes(
    rule: Rule, given: Sequence[AnsweredMark], best: Mapping[str, BestAnswer], is_read: bool
) -> bool:
    """Whether a lesson is complete by what holds together once this is published."""
    if not rule.questions:
        return is_read
    replaced = {answer.instead for answer in given if answer.instead in rule.questions}
    return completion.is_passed(rule, best, {name for name in replaced if name})


def _score(lesson: Lesson | None, best: Mapping[str, BestAnswer]) -> float | None:
    if lesson is None:
        return None
    asked = {question.id: question.worth for question in lesson.questions}
    has_begun = any(worth and name in best for name, worth in asked.items())
    return completion.score(asked, best, lesson.pools) if has_begun else None


def _lessons(
    counts: _Counts, before: Course, after: Course, is_named: Callable[[Lesson], bool]
) -> Iterator[LessonChange]:
    gone = [lesson for name, lesson in before.lessons.items() if name not in after.lessons]
    for name, lesson in after.lessons.items():
        old = before.lessons.get(name)
        if old is None:
            maybe = "" if is_named(lesson) else _renamed(counts, lesson, gone)
            yield LessonChange(name, "added", lesson.title, maybe=maybe)
        elif old.url != lesson.url:
            yield _lesson(counts, lesson, "moved", old.url)
        elif old.title != lesson.title:
            yield _lesson(counts, lesson, "renamed", old.title)
        elif lesson_rule(old) != lesson_rule(lesson):
            yield _lesson(counts, lesson, "rule changed")
    for lesson in gone:
        yield _lesson(counts, lesson, "removed")


def _lesson(counts: _Counts, lesson: Lesson, kind: str, was: str = "") -> LessonChange:
    touched = {question.id for question in lesson.questions}
    learners = completed = 0
    for profile, count in counts.summary.profiles.items():
        answered = {counts.summary.patterns[number].question for number in profile.answers}
        learners += count * (bool(answered & touched) or lesson.id in profile.read)
        completed += count * (lesson.id in profile.complete)
    return LessonChange(lesson.id, kind, lesson.title, was, learners=learners, completed=completed)


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
