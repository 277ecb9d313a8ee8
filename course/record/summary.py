"""What the record holds about a course, counted: enough to foresee what a change does, and no names.

Answers that are alike in every way that matters for marks make one *pattern*; learners whose answers
make the same patterns in the same order make one *profile*. A summary read from the database is
whole. One that is written to a file leaves out what could tell who somebody is: typed texts always, and
typed words that fewer than three learners gave.
"""

import bisect
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from course.content import questions
from course.content.course import Course
from course.content.questions.base import Entry, Given, Question, Shown
from course.record import marks, progress
from course.record.publications import Published, Rule, Timeline, as_rule, as_stored
from course.record.tables import Answer, LessonVisit, Publication, QuestionRevision

FORMAT = 1
MATTERS = ("values", "instead")
"""What of a learner's own page counts when an answer is marked anew, or a lesson is completed."""
RARE = 3
"""Words typed by fewer learners than this are left out of a file."""


class SummaryError(ValueError):
    """A file that is no summary, or none that can be used here; says what to do."""


@dataclass(frozen=True)
class Pattern:
    """Answers to one question that are alike. *path* are the revisions they were marked by, in order.

    *is_settled* says that a decision fixed their marks. *given* is None where it was left out.
    """

    question: str
    path: tuple[str, ...]
    given: Given | None
    shown: Shown | None
    share: float | None
    out_of: float
    now: marks.Standing
    is_settled: bool

    @property
    def revision(self) -> str:
        return self.path[0]


@dataclass(frozen=True)
class Profile:
    """What learners did who did the same. *answers* are (pattern, era), in the order they were given.

    An era is the time between two changes of any lesson's rule, counted from 0.
    """

    answers: tuple[tuple[int, int], ...]
    complete: frozenset[str]
    read: frozenset[str]


@dataclass(frozen=True)
class Summary:
    """The record of a published course, counted."""

    course: Course
    timeline: Timeline
    publication: int
    """The number of the last publication; 0 before the first one."""
    revisions: Mapping[tuple[str, str], Question]
    """The questions that were answered, by id and revision, in their latest wording."""
    patterns: tuple[Pattern, ...]
    profiles: Mapping[Profile, int]
    """How many learners each profile stands for."""
    decided: marks.Decisions = field(default_factory=dict)

    @property
    def learners(self) -> int:
        return sum(self.profiles.values())

    def moments(self) -> tuple[Timeline, Callable[[int], datetime]]:
        """Return the timeline with made-up moments, and a function that gives those of an era."""
        first = datetime(2000, 1, 1, tzinfo=UTC)
        since = {moment: first + timedelta(days=n) for n, moment in enumerate(_since(self))}
        rules = {
            lesson: tuple(replace(rule, since=since[rule.since]) for rule in spans)
            for lesson, spans in self.timeline.rules.items()
        }
        return Timeline(rules, ()), lambda era: first + timedelta(days=era - 0.5)


def _since(summary: Summary) -> list[datetime]:
    return _moments(summary.timeline)


def _moments(timeline: Timeline) -> list[datetime]:
    return sorted({rule.since for rules in timeline.rules.values() for rule in rules})


def of(session: orm.Session, published: Published) -> Summary:
    """Return the whole summary of the record."""
    decided = marks.decisions(session)
    latest = marks.latest(decided.values())
    contents = _revisions(session)
    since = _moments(published.timeline)
    patterns: dict[str, int] = {}
    kept: list[Pattern] = []
    profiles: Counter[Profile] = Counter()
    read = _read(session)
    all_anew = marks.of_everyone(session) if decided else {}
    for learner_id, rows in _by_learner(session):
        given: list[progress.Given] = []
        answered: list[tuple[int, int]] = []
        for row in rows:
            mine = all_anew.get((learner_id, row.client_id), ())
            path, is_settled = marks.path(latest, row.question, row.revision)
            pattern = Pattern(
                row.question,
                path,
                row.given,
                _shown(row.shown),
                row.share,
                row.out_of,
                marks.standing(row.share, row.out_of, mine[-1] if mine else None),
                is_settled,
            )
            key = json.dumps(_pattern_out(pattern), sort_keys=True)
            if key not in patterns:
                patterns[key] = len(kept)
                kept.append(pattern)
            answered.append((patterns[key], bisect.bisect_right(since, row.recorded_at)))
            given.append(
                progress.Given(
                    row.question,
                    row.share,
                    row.out_of,
                    row.recorded_at,
                    row.revision,
                    anew=mine,
                    instead=(row.shown or {}).get("instead"),
                )
            )
        seen = read.pop(learner_id, {})
        profiles[_profile(published, given, answered, seen)] += 1
    for seen in read.values():
        profiles[_profile(published, [], [], seen)] += 1
    number = session.scalar(sa.select(sa.func.max(Publication.number))) or 0
    return Summary(
        published.course, published.timeline, number, contents, tuple(kept), profiles, latest
    )


def _shown(shown: Shown | None) -> Shown | None:
    """Return what of a page matters for marks; the seed would tell a learner's answers from others'."""
    return {name: kept for name, kept in (shown or {}).items() if name in MATTERS} or None


def _profile(
    published: Published,
    given: list[progress.Given],
    answered: list[tuple[int, int]],
    read: Mapping[str, datetime],
) -> Profile:
    complete = {
        name
        for name, rules in published.timeline.rules.items()
        if progress.completed_at(rules, given, read.get(name)) is not None
    }
    return Profile(tuple(answered), frozenset(complete), frozenset(read))


def _revisions(session: orm.Session) -> dict[tuple[str, str], Question]:
    answered = sa.select(Answer.question_revision_id).distinct()
    rows = session.scalars(
        sa.select(QuestionRevision)
        .where(QuestionRevision.id.in_(answered))
        .order_by(QuestionRevision.id)
    )
    return {(row.question, row.revision): questions.load(row.content) for row in rows}


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


def anonymous(whole: Summary) -> Summary:
    """Return *whole* without what could tell who somebody is."""
    learners: Counter[int] = Counter()
    for profile, count in whole.profiles.items():
        for number in {number for number, _ in profile.answers}:
            learners[number] += count
    kept: dict[str, int] = {}
    patterns: list[Pattern] = []
    names: dict[int, int] = {}
    for number, pattern in enumerate(whole.patterns):
        question = whole.revisions[pattern.question, pattern.revision]
        if _tells(question, pattern.given or {}, learners[number]):
            pattern = replace(pattern, given=None)
        key = json.dumps(_pattern_out(pattern), sort_keys=True)
        if key not in kept:
            kept[key] = len(patterns)
            patterns.append(pattern)
        names[number] = kept[key]
    profiles: Counter[Profile] = Counter()
    for profile, count in whole.profiles.items():
        answered = tuple((names[number], era) for number, era in profile.answers)
        profiles[replace(profile, answers=answered)] += count
    return replace(whole, patterns=tuple(patterns), profiles=profiles)


def _tells(question: Question, given: Given, learners: int) -> bool:
    """Whether an answer could tell who gave it: a text always, words when few typed them."""
    styles = {control.style for control in question.form(given) if isinstance(control, Entry)}
    return "paragraph" in styles or ("word" in styles and learners < RARE)


def _pattern_out(pattern: Pattern) -> list[Any]:
    now = pattern.now
    return [
        pattern.question,
        list(pattern.path),
        pattern.given,
        pattern.shown,
        pattern.share,
        pattern.out_of,
        [now.share, now.out_of, now.is_void],
        pattern.is_settled,
    ]


def dump(summary: Summary) -> str:
    """Return a summary as JSON, made *anonymous* first; the keys of questions are in it."""
    summary = anonymous(summary)
    profiles = sorted(
        [[list(map(list, p.answers)), sorted(p.complete), sorted(p.read), count]]
        for p, count in summary.profiles.items()
    )
    data = {
        "summary_format": FORMAT,
        "publication": summary.publication,
        "course": json.loads(summary.course.dump()),
        "rules": [
            [lesson, rule.since.isoformat(), as_stored(rule)]
            for lesson, rules in sorted(summary.timeline.rules.items())
            for rule in rules
        ],
        "questions": [
            [revision, question.dump()]
            for (_, revision), question in sorted(
                summary.revisions.items(), key=lambda item: item[0]
            )
        ],
        "decided": [
            [one.id, one.publication, one.question, one.old, one.new, one.decision, one.reason]
            for one in summary.decided.values()
        ],
        "patterns": [_pattern_out(pattern) for pattern in summary.patterns],
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
            f"The summary has format {version}, this engine reads format {FORMAT}. Write it anew with "
            "'course record summary' of the same version of the engine."
        )
    try:
        return _load(data)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise SummaryError(f"The summary is damaged ({error}). Write it anew.") from None


def _load(data: Any) -> Summary:
    rules: dict[str, list[Rule]] = defaultdict(list)
    for lesson, since, rule in data["rules"]:
        rules[lesson].append(as_rule(datetime.fromisoformat(since), rule))
    timeline = Timeline({lesson: tuple(spans) for lesson, spans in rules.items()}, ())
    loaded = [(revision, questions.load(content)) for revision, content in data["questions"]]
    patterns = tuple(
        Pattern(
            question, tuple(path), given, shown, share, out_of, marks.Standing(*now), is_settled
        )
        for question, path, given, shown, share, out_of, now, is_settled in data["patterns"]
    )
    profiles = {
        Profile(tuple((n, era) for n, era in answers), frozenset(done), frozenset(read)): count
        for answers, done, read, count in data["learners"]
    }
    for profile in profiles:
        for number, _ in profile.answers:
            patterns[number]  # raises where the file is cut
    return Summary(
        Course.load(json.dumps(data["course"])),
        timeline,
        data["publication"],
        {(question.id, revision): question for revision, question in loaded},
        patterns,
        profiles,
        marks.latest(_decided(entry) for entry in data["decided"]),
    )


def _decided(entry: list[Any]) -> marks.Decided:
    number, publication, question, old, new, decision, reason = entry
    at = datetime.min.replace(tzinfo=UTC)
    return marks.Decided(number, publication, question, old, new, decision, reason, at)
