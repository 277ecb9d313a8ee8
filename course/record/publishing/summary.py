"""What the record holds about a course, counted: enough to predict what a change does, without names.

Answers that are alike in every way that matters for marks make one *pattern*; learners whose answers
make the same patterns in the same order make one *profile*. A summary read from the database is
complete. One that is written to a file leaves out what could identify a learner: all typed texts, and
words typed by fewer than three learners.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from course.content import questions
from course.content.course import Course
from course.content.questions.base import Entry as Field
from course.content.questions.base import Given, Question, Shown
from course.record.answering.tables import Answer
from course.record.progress import completion
from course.record.progress.completion import Granted
from course.record.progress.tables import GrantedCompletion, LessonVisit
from course.record.publishing import marks
from course.record.publishing.marks import AnswerState, EffectiveMark
from course.record.publishing.tables import Decision, Publication
from course.record.revisions.registration import CourseSnapshot
from course.record.revisions.tables import QuestionRevision

FORMAT = 2
MATTERS = ("values", "instead")
"""The keys of `Answer.shown` that matter for regrading an answer or completing a lesson."""
RARE = 3
"""Words typed by fewer learners than this are left out of a file."""


class SummaryError(ValueError):
    """The file is not a summary, or cannot be used here; the message says what to do."""


Entry = tuple[str, str, str]
"""An entry under `changes:` as a publication found it: the revisions from and to, and the decision."""


@dataclass(frozen=True)
class Pattern:
    """Answers to one question that are alike, and their state after the decisions about them.

    *given* is None where a file leaves it out.
    """

    question: str
    revision: str
    given: Given | None
    shown: Shown | None
    state: AnswerState


@dataclass(frozen=True)
class Profile:
    """What one or more learners did alike; *answers* are indexes of patterns, in the order of answering."""

    answers: tuple[int, ...]
    complete: frozenset[str]
    read: frozenset[str]


@dataclass(frozen=True)
class Summary:
    """The record of a published course, counted."""

    course: Course
    publication: int
    """The number of the last publication; 0 before the first one."""
    revisions: Mapping[tuple[str, str], Question]
    """The questions that were answered or decided about, by id and revision, in their latest wording."""
    patterns: tuple[Pattern, ...]
    profiles: Mapping[Profile, int]
    """How many learners each profile stands for."""
    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The revisions of questions that were published, where there are others than the present one."""
    entries: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    """By question, the entries that the last publication found: they were applied, or overtaken."""

    @property
    def learners(self) -> int:
        return sum(self.profiles.values())


def compute(session: orm.Session, published: CourseSnapshot) -> Summary:
    """Return the whole summary of the record."""
    decided = marks.by_question(marks.decisions(session).values())
    patterns: dict[Any, int] = {}
    distinct: list[Pattern] = []
    profiles: Counter[Profile] = Counter()
    read, granted = _read(session), _granted(session)
    all_regrades = marks.all_regrades(session) if decided else {}
    for learner_id, rows in _by_learner(session):
        given: list[completion.AnsweredMark] = []
        answered: list[int] = []
        for row in rows:
            mine = all_regrades.get((learner_id, row.client_id), ())
            about = (row.revision, row.recorded_at, EffectiveMark(row.share, row.out_of))
            state = marks.recorded_state(decided.get(row.question, ()), *about, mine)
            pattern = Pattern(row.question, row.revision, row.given, _shown(row.shown), state)
            key = json.dumps(_dump_pattern(pattern), sort_keys=True)
            if key not in patterns:
                patterns[key] = len(distinct)
                distinct.append(pattern)
            answered.append(patterns[key])
            given.append(_answer(row, mine))
        seen = read.pop(learner_id, {})
        facts = granted.pop(learner_id, {})
        profiles[_profile(published, given, answered, seen, facts)] += 1
    for learner_id in read.keys() | granted.keys():
        facts = granted.get(learner_id, {})
        profiles[_profile(published, [], [], read.get(learner_id, {}), facts)] += 1
    number = session.scalar(sa.select(sa.func.max(Publication.number))) or 0
    return Summary(
        published.course,
        number,
        _revisions(session),
        tuple(distinct),
        profiles,
        _known(session, published),
        published_entries(session),
    )


def _answer(row: Any, regrades: tuple[marks.Regrade, ...]) -> completion.AnsweredMark:
    instead = (row.shown or {}).get("instead")
    own = (row.question, row.share, row.out_of, row.recorded_at)
    return completion.AnsweredMark(*own, regrades=regrades, instead=instead)


def published_entries(session: orm.Session) -> dict[str, tuple[Entry, ...]]:
    """Return by question the entries that the last publication found under `changes:`.

    A publication by an older engine did not store them: then they are derived from the decisions.
    """
    last = session.scalars(
        sa.select(Publication)
        .where(Publication.undone_at.is_(None))
        .order_by(Publication.number.desc())
        .limit(1)
    ).one_or_none()
    if last is not None and last.entries is not None:
        return {name: tuple(map(_entry_in, listed)) for name, listed in last.entries.items()}
    found: dict[str, tuple[Entry, ...]] = {}
    for one in marks.decisions(session).values():
        found[one.question] = (*found.get(one.question, ()), (one.old, one.new, one.decision))
    return found


def _shown(shown: Shown | None) -> Shown | None:
    """Return the part of *shown* that matters for marks: with the seed, no two learners would be alike."""
    return {name: value for name, value in (shown or {}).items() if name in MATTERS} or None


def _profile(
    published: CourseSnapshot,
    given: list[completion.AnsweredMark],
    answered: list[int],
    read: Mapping[str, datetime],
    granted: Mapping[str, Granted],
) -> Profile:
    complete = completion.completions(published.timeline, given, read, granted)
    return Profile(tuple(answered), frozenset(complete), frozenset(read))


def _revisions(session: orm.Session) -> dict[tuple[str, str], Question]:
    answered = sa.select(Answer.question_revision_id).distinct()
    is_decided = sa.exists().where(
        Decision.question == QuestionRevision.question,
        QuestionRevision.revision.in_([Decision.old, Decision.new]),
    )
    rows = session.scalars(
        sa.select(QuestionRevision)
        .where(QuestionRevision.id.in_(answered) | is_decided)
        .order_by(QuestionRevision.id)
    )
    return {(row.question, row.revision): questions.load(row.content) for row in rows}


def _known(session: orm.Session, published: CourseSnapshot) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    rows = sa.select(QuestionRevision.question, QuestionRevision.revision)
    for row in session.execute(rows.order_by(QuestionRevision.id)):
        found[row.question][row.revision] = None
    present = published.revisions
    return {name: tuple(names) for name, names in found.items() if [*names] != [present.get(name)]}


def _granted(session: orm.Session) -> dict[int, dict[str, Granted]]:
    found: dict[int, dict[str, Granted]] = defaultdict(dict)
    for row in session.scalars(sa.select(GrantedCompletion)):
        found[row.learner_id][row.lesson] = Granted(row.completed_at, row.reason)
    return found


def _read(session: orm.Session) -> dict[int, dict[str, datetime]]:
    found: dict[int, dict[str, datetime]] = defaultdict(dict)
    rows = session.execute(
        sa.select(LessonVisit.learner_id, LessonVisit.lesson, LessonVisit.read_at).where(
            LessonVisit.read_at.is_not(None)
        )
    )
    for row in rows:
        found[row.learner_id][row.lesson] = row.read_at
    return found


def _by_learner(session: orm.Session) -> Iterator[tuple[int, list[Any]]]:
    """Yield each learner with their answers, oldest first, without holding all of them at once."""
    rows = session.execute(
        sa.select(
            Answer.learner_id,
            Answer.client_id,
            Answer.question,
            QuestionRevision.revision,
            Answer.given,
            Answer.shown,
            Answer.share,
            Answer.out_of,
            Answer.recorded_at,
        )
        .join(QuestionRevision)
        .where(~Answer.practice)
        .order_by(Answer.learner_id, Answer.recorded_at, Answer.attempt),
        execution_options={"yield_per": 5_000},
    )
    mine: list[Any] = []
    for row in rows:
        if mine and mine[0].learner_id != row.learner_id:
            yield mine[0].learner_id, mine
            mine = []
        mine.append(row)
    if mine:
        yield mine[0].learner_id, mine


def anonymise(whole: Summary) -> Summary:
    """Return *whole* without what could identify a learner."""
    learners: Counter[int] = Counter()
    for profile, count in whole.profiles.items():
        for number in set(profile.answers):
            learners[number] += count
    numbers: dict[str, int] = {}
    patterns: list[Pattern] = []
    names: dict[int, int] = {}
    for number, pattern in enumerate(whole.patterns):
        question = whole.revisions[pattern.question, pattern.revision]
        if _is_identifying(question, pattern.given or {}, learners[number]):
            pattern = replace(pattern, given=None)
        key = json.dumps(_dump_pattern(pattern), sort_keys=True)
        if key not in numbers:
            numbers[key] = len(patterns)
            patterns.append(pattern)
        names[number] = numbers[key]
    profiles: Counter[Profile] = Counter()
    for profile, count in whole.profiles.items():
        answered = tuple(names[number] for number in profile.answers)
        profiles[replace(profile, answers=answered)] += count
    return replace(whole, patterns=tuple(patterns), profiles=profiles)


def _is_identifying(question: Question, given: Given, learners: int) -> bool:
    """Whether an answer could identify its learner: any text, and words that few learners typed."""
    styles = {control.style for control in question.form(given) if isinstance(control, Field)}
    return "paragraph" in styles or ("word" in styles and learners < RARE)


def _dump_pattern(pattern: Pattern) -> list[Any]:
    state, before = pattern.state, pattern.state.before
    return [
        pattern.question,
        pattern.revision,
        pattern.given,
        pattern.shown,
        _dump_state(state),
        [*(state.replaceable or ()), _dump_state(before)] if before else None,
    ]


def _dump_state(state: AnswerState) -> list[Any]:
    mark = state.mark
    return [
        state.marked_by,
        state.decided_up_to,
        state.is_asked_again,
        mark.share,
        mark.out_of,
        mark.is_void,
    ]


def _load_pattern(entry: list[Any]) -> Pattern:
    question, revision, given, shown, state, last = entry
    found = _load_state(state)
    if last is not None:
        old, new, before = last
        found = replace(found, replaceable=(old, new), before=_load_state(before))
    return Pattern(question, revision, given, shown, found)


def _load_state(entry: list[Any]) -> AnswerState:
    marked_by, decided_up_to, is_asked_again, share, out_of, is_void = entry
    mark = EffectiveMark(share, out_of, is_void)
    return AnswerState(mark, marked_by, decided_up_to, is_asked_again)


def dump(summary: Summary) -> str:
    """Return a summary as JSON, anonymised; it contains the keys of questions."""
    summary = anonymise(summary)
    profiles = sorted(
        [[list(p.answers), sorted(p.complete), sorted(p.read), count]]
        for p, count in summary.profiles.items()
    )
    data = {
        "summary_format": FORMAT,
        "publication": summary.publication,
        "course": json.loads(summary.course.dump()),
        "questions": [
            [revision, question.dump()]
            for (_, revision), question in sorted(
                summary.revisions.items(), key=lambda item: item[0]
            )
        ],
        "known": summary.known,
        "entries": summary.entries,
        "patterns": [_dump_pattern(pattern) for pattern in summary.patterns],
        "learners": [profile for [profile] in profiles],
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"


def load(text: str) -> Summary:
    """Return the summary that `dump` wrote; raises SummaryError for any other text."""
    try:
        data = json.loads(text)
        version = data["summary_format"]
    except (ValueError, KeyError, TypeError):
        raise SummaryError("This is no summary; 'course record summary' writes one.") from None
    if version != FORMAT:
        raise SummaryError(
            f"The summary has format {version}, this engine reads format {FORMAT}. Write it again with "
            "'course record summary' of the same version of the engine."
        )
    try:
        return _load(data)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise SummaryError(f"The summary is damaged ({error}). Write it again.") from None


def _load(data: Any) -> Summary:
    loaded = [(revision, questions.load(content)) for revision, content in data["questions"]]
    patterns = tuple(_load_pattern(entry) for entry in data["patterns"])
    profiles = {
        Profile(tuple(answers), frozenset(done), frozenset(read)): count
        for answers, done, read, count in data["learners"]
    }
    for profile in profiles:
        for number in profile.answers:
            patterns[number]  # raises where the file is cut
    return Summary(
        Course.load(json.dumps(data["course"])),
        data["publication"],
        {(question.id, revision): question for revision, question in loaded},
        patterns,
        profiles,
        {name: tuple(names) for name, names in data["known"].items()},
        {name: tuple(map(_entry_in, found)) for name, found in data["entries"].items()},
    )


def _entry_in(entry: list[str]) -> Entry:
    old, new, decision = entry
    return old, new, decision
