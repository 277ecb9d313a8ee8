"""Item statistics: figures from first answers, for each revision of a question.

- Only a learner's first answer to a question counts, with its original mark. A regrade by a later decision
  changes nothing here: a question is judged by the key it had.
- Answers are split by revision; wordings of one revision count together.
- The rest of the quiz is what the lesson asks now: the learner's first answers to its other scored
  questions, each compared with the mean of the revision that it answers. So a learner who was asked only hard
  questions is not taken for a weak one, and where everybody answered everything, the figure is the
  classical item-rest correlation.
- Sentences that learners wrote never leave the record, and typed words only where several typed them.

docs/statistics.md says how each figure is computed, and where the formulas come from.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import orm

from course.content import questions
from course.content.course import Lesson
from course.content.folding import fold
from course.content.numbers import READINGS
from course.content.questions.base import MARKING, Choices, Entry, Option, Question, Rows
from course.record.statistics import first_answers, intervals
from course.record.statistics.first_answers import (
    MIN_OTHERS,
    AnswerGroup,
    Asked,
    CountsByRevision,
    Revision,
    RevisionCounts,
)
from course.record.statistics.intervals import Estimate, Sums

MIN_TYPED = 3
"""How many learners must have typed the same before it is shown, so that nobody is recognised by it."""

MOST_TYPED = 5
"""How many of the commonest wrong answers are shown."""


@dataclass(frozen=True)
class OptionFigures:
    """How often an option was chosen. *right* is None where no option is."""

    text: str
    right: bool | None
    count: int
    share: Estimate
    rest: float | None
    """How those who chose it did in the rest of the quiz, against the mean; None where nobody counts."""


@dataclass(frozen=True)
class Part:
    """What there was to choose from: the whole question, or one row of it with its *text*."""

    text: str
    options: tuple[OptionFigures, ...]
    right: Estimate | None = None
    """The share of learners who had this row right."""


@dataclass(frozen=True)
class Typed:
    """A wrong answer that *count* learners typed; *gap* says where, if there are several places."""

    gap: str
    text: str
    count: int


@dataclass(frozen=True)
class Figures:
    """The figures of one revision of a question. What does not apply to its type is None or empty."""

    lesson: str
    question: Question
    revision: str
    is_present: bool
    published_at: datetime | None
    """When it was published first; None before anybody could answer it."""
    n: int
    """Learners whose first answer to the question was to this revision."""
    facility: Estimate | None
    discrimination: Estimate | None
    parts: tuple[Part, ...]
    typed: tuple[Typed, ...]
    seconds: Estimate


def compute(
    session: orm.Session, asked: Asked, *, earlier: bool = False
) -> dict[str, tuple[Figures, ...]]:
    """Return each question's figures: the present revision, then with *earlier* the others, newest first.

    Three queries, whatever *asked* holds.
    """
    revisions = first_answers.revisions(session, asked, with_content=earlier)
    found = first_answers.read_counts(session, asked, revisions)
    return {
        name: tuple(
            _question_figures(lesson, question, revisions.get(name, {}), found, earlier=earlier)
        )
        for name, (lesson, question) in asked.items()
    }


def empty_figures(lesson: Lesson, question: Question, revision: str) -> Figures:
    """Return the figures of a question without answers."""
    return _figures(lesson, question, revision, None, {}, is_present=True)


def _question_figures(
    lesson: Lesson,
    question: Question,
    revisions: Mapping[str, Revision],
    found: CountsByRevision,
    *,
    earlier: bool,
) -> Iterator[Figures]:
    present = question.revision
    of_present = revisions.get(present)
    yield _figures(lesson, question, present, of_present, found, is_present=True)
    for name, revision in revisions.items():
        if earlier and name != present and revision.content is not None:
            as_it_was = questions.load(revision.content)
            yield _figures(lesson, as_it_was, name, revision, found, is_present=False)


def _figures(
    lesson: Lesson,
    question: Question,
    name: str,
    revision: Revision | None,
    found: CountsByRevision,
    *,
    is_present: bool,
) -> Figures:
    here = found.get((question.id, name), RevisionCounts())
    marked = [row for row in here.rows if row.share is not None]
    total = sum((row.share or 0.0) for row in marked)
    sums = sum((row.sums for row in marked), Sums())
    discrimination = intervals.correlation(sums) if question.SCORED else None
    if question.SCORED and _others(lesson, question) < MIN_OTHERS:
        why = f"the lesson asks fewer than {MIN_OTHERS} other scored questions"
        discrimination = Estimate(sums.n, intervals.MIN_CORRELATION, why=why)
    return Figures(
        lesson.id,
        question,
        name,
        is_present,
        revision.published_at if revision else None,
        here.n,
        intervals.share(total, sum(row.count for row in marked)) if question.SCORED else None,
        discrimination,
        tuple(_parts(question, here.rows)),
        tuple(_typed(question, here.rows)),
        intervals.median(here.seconds),
    )


def _others(lesson: Lesson, question: Question) -> int:
    return sum(other.worth > 0 for other in lesson.questions if other.id != question.id)


def _parts(question: Question, rows: Iterable[AnswerGroup]) -> Iterator[Part]:
    rows = list(rows)
    right = question.right()
    for control in question.form():
        if isinstance(control, Choices):
            yield Part("", tuple(_chosen(control.name, control.options, right, rows)))
        elif isinstance(control, Rows):
            for line in sorted(control.rows, key=lambda row: list(right).index(row.key)):
                options = tuple(_chosen(line.key, control.options, right, rows))
                hits = sum(option.count for option in options if option.right)
                had_right = intervals.share(hits, sum(row.count for row in rows))
                yield Part(line.text, options, had_right)


def _chosen(
    name: str, options: Iterable[Option], right: Mapping[str, list[str]], rows: list[AnswerGroup]
) -> Iterator[OptionFigures]:
    n = sum(row.count for row in rows)
    for option in options:
        those = [row for row in rows if option.key in row.given.get(name, ())]
        count = sum(row.count for row in those)
        sums = sum((row.sums for row in those), Sums())
        yield OptionFigures(
            option.text,
            option.key in right[name] if name in right else None,
            count,
            intervals.share(count, n),
            sums.y / sums.n if sums.n else None,
        )


def _typed(question: Question, rows: Iterable[AnswerGroup]) -> Iterator[Typed]:
    """Yield the commonest wrong words or numbers.

    Those to numbers drawn for each learner are left out: the same number is right for one learner and
    wrong for another.
    """
    entries = [control for control in question.form() if isinstance(control, Entry)]
    right = question.right()
    many = len([entry for entry in entries if entry.style == "word"]) > 1
    for entry in entries:
        counts: Counter[str] = Counter()
        for row in rows:
            typed = _comparable(entry, row)
            if typed is not None and (entry.style == "number" or typed not in right[entry.name]):
                counts[typed] += row.count
        for text, count in counts.most_common(MOST_TYPED):
            if count >= MIN_TYPED:
                yield Typed(entry.label if many else "", text, count)


def _comparable(entry: Entry, row: AnswerGroup) -> str | None:
    """Return what was typed so that like answers read alike; None for what is right or not to be shown."""
    typed = row.given.get(entry.name, [""])[0]
    if entry.style == "word":
        return fold(typed)
    if entry.style != "number" or row.shown or row.share is None or row.share >= row.count:
        return None
    if entry.unit and typed.casefold().endswith(entry.unit.casefold()):
        typed = typed[: -len(entry.unit)]
    readings = READINGS[MARKING](typed)
    return format(readings[0].normalize(), "f") if readings else None
