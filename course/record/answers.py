"""Recording answers: marked, tied to the exact question, stored once.

What holds always:
- An answer is known by learner and client id. Sent again, it is recognised by the database's key, and
  the mark first given is returned.
- A learner's answers to one question are numbered 1, 2, 3 ... without gaps: number n belongs to attempt n.
  Whoever records holds the learner's row meanwhile, so two tabs cannot take the same number.
- Nothing is marked with another revision's key than the one the learner saw. What was decided since about
  that revision is applied at once to an answer that arrives late, as a mark given anew beside its own.
"""

import math
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from course.content import chance, questions
from course.content.course import Lesson, Place
from course.content.questions.base import Fields, Given, Marked, Question, Shown
from course.content.quiz import Quiz, Rules
from course.record import late, learners, marks, pools, publications
from course.record.database import now
from course.record.publications import Published
from course.record.tables import Answer, Attempt, Mark, QuestionRevision

LONGEST = 3600.0
"""Seconds; who has a question in view for longer has left it."""


class Refused(Exception):
    """An answer that cannot be recorded; *code* is for programs, the text for the learner."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True)
class Submission:
    """What a learner sends: the fields of a question's form, and which revision they saw."""

    client_id: uuid.UUID
    question: str
    revision: str
    fields: Fields
    given_at: datetime | None = None
    variant: str = ""
    """Which variant of the question the page showed: see `Question.shown`."""
    instead: str = ""
    """The question that was missed, where this one is its sister."""
    seconds: float | None = None
    """How long the question was in view before it was answered."""


@dataclass(frozen=True)
class Tries:
    """How a question stands for a learner: answers so far, the best share, and what may follow."""

    made: int
    best: float | None
    allowed: int | None
    """How many answers the quiz allows; None without limit."""
    waits: bool = False
    """Whether the rest of the attempt has to be answered before this question may be tried again."""
    is_asked: bool = True
    """Whether it is one of those drawn, where a graded quiz draws a few."""

    @property
    def is_right(self) -> bool:
        return self.best is not None and self.best >= 1.0

    @property
    def left(self) -> int | None:
        """How many more answers are allowed; None without limit."""
        if self.allowed is None:
            return None
        return 0 if self.is_right else max(0, self.allowed - self.made)

    @property
    def may_answer(self) -> bool:
        return self.is_asked and not self.waits and (self.left is None or self.left > 0)

    @property
    def shows_key(self) -> bool:
        """Whether explanation and key may be shown: after any answer in practice, else at the end."""
        return self.made > 0 and (self.allowed is None or self.left == 0)


@dataclass(frozen=True)
class Recorded:
    """An answer in the record, with the question as it stood then."""

    client_id: uuid.UUID
    question: Question
    given: Given
    share: float | None
    """Share of the points from 0 to 1, as recorded; None where nobody marks it."""
    out_of: float
    attempt: int
    recorded_at: datetime
    shown: Shown | None = None
    """What of the question differed from learner to learner."""
    anew: tuple[marks.Anew, ...] = ()
    """The marks given anew since, oldest first."""
    revision: str = ""
    """The revision that was answered."""
    is_new: bool = False
    tries: Tries | None = None
    """How the question stands with this answer; only where it was recorded just now."""

    @property
    def variant(self) -> str:
        """The variant of the question that was met."""
        return str((self.shown or {}).get("variant", ""))

    @property
    def mark(self) -> float | None:
        """The points given then."""
        return None if self.share is None else self.share * self.out_of

    @property
    def then(self) -> marks.Standing:
        """The mark of the day."""
        return marks.Standing(self.share, self.out_of)

    @property
    def now(self) -> marks.Standing:
        """The mark as it counts now."""
        return marks.standing(self.share, self.out_of, self.anew[-1] if self.anew else None)

    @property
    def marked(self) -> Marked:
        return self.question.mark(self.given)


def record(
    session: orm.Session, published: Published, learner_id: int, sent: Submission
) -> Recorded:
    """Mark and store an answer, or return the one stored under the same id before.

    Raises AnswerError when the fields are no answer, and Refused with the codes "unknown-question",
    "unknown-revision", "unknown-variant", "not-asked", "no-attempts-left" and "attempt-open".
    """
    row_id, question = _as_seen(session, published, sent)
    lesson, _ = published.course.asked.get(sent.question) or _removed(published, question)

    learner_id = learners.holding(session, learner_id)
    counts = _counts(session, learner_id, lesson)
    tries = tries_from(lesson, counts)
    mine = tries[sent.question]
    instead = _instead(session, learner_id, lesson, tries, sent)
    shown = _shown(question, sent.variant, instead)
    question = question.as_shown(shown)
    follows_up = question.FOLLOWS_UP and mine.made
    earlier = _last_given(session, learner_id, sent.question) if follows_up else None
    given = question.read(sent.fields, earlier)
    marked = question.mark(given)
    moment = now()
    row = {
        "learner_id": learner_id,
        "client_id": sent.client_id,
        "lesson": lesson.id,
        "attempt": mine.made + 1,
        "question": sent.question,
        "question_revision_id": row_id,
        "given": given,
        "share": marked.share,
        "out_of": question.worth,
        "shown": shown,
        "seconds": _seconds(sent.seconds),
        "given_at": min(sent.given_at, moment) if sent.given_at else None,
        "recorded_at": moment,
    }
    if not _insert(session, row):
        return replace(stored(session, learner_id, sent.client_id), tries=mine)
    if not mine.may_answer:
        raise _refusal(mine)  # the caller's transaction undoes the row
    _open_attempt(session, row)
    recorded = Recorded(
        sent.client_id,
        question,
        given,
        marked.share,
        question.worth,
        mine.made + 1,
        moment,
        shown,
        revision=sent.revision,
        is_new=True,
    )
    if sent.revision != published.revisions.get(sent.question):
        anew = late.settle(session, published.decided, Answer(**row), question, sent.revision)
        recorded = replace(recorded, anew=anew)
    counts[sent.question] = (mine.made + 1, _better(mine.best, recorded.now))
    return replace(recorded, tries=tries_from(lesson, counts)[sent.question])


def _open_attempt(session: orm.Session, answer: dict[str, Any]) -> None:
    """Insert the attempt that an answer belongs to, unless an earlier answer has opened it."""
    row = {
        "learner_id": answer["learner_id"],
        "lesson": answer["lesson"],
        "number": answer["attempt"],
        "started_at": answer["recorded_at"],
    }
    publications.insert_new(session, Attempt, [row])


def _better(best: float | None, mark: marks.Standing) -> float | None:
    """Return the better of a share and a mark; a void answer leaves nothing to be done."""
    if mark.is_void:
        return 1.0
    return best if mark.share is None else max(best or 0.0, mark.share)


def _as_seen(session: orm.Session, published: Published, sent: Submission) -> tuple[int, Question]:
    """Return the question as the learner saw it, and its row; it may be gone from the course since."""
    is_asked = sent.question in published.course.asked
    if is_asked and sent.revision == published.revisions[sent.question]:
        return published.revision_ids[sent.question], published.course.asked[sent.question][1]
    found = publications.revision(session, sent.question, sent.revision)
    if found is not None:
        return found
    if not is_asked:
        raise _unknown(sent.question)
    raise Refused(
        "unknown-revision",
        "This question has changed since the page was loaded. Reload the page to see it as it is now.",
    )


def _unknown(question: str) -> Refused:
    return Refused("unknown-question", f"The question '{question}' is not part of the course.")


def _removed(published: Published, question: Question) -> tuple[Lesson, Question]:
    """Return the lesson that asked a question last, with nothing else in it.

    So an answer that was on its way while a trainer removed its question still finds its place.
    """
    rules = published.timeline.rules
    asking = {
        rule.since: (name, rule)
        for name, spans in rules.items()
        for rule in spans
        if question.id in rule.questions
    }
    if not asking:  # stored for a course that was never published
        raise _unknown(question.id)
    name, rule = asking[max(asking)]
    alone = Quiz(Rules(), (question,))
    places = {question.id: Place("", "")}
    return Lesson(name, rule.title, 0, "", "", {}, alone, places), question


def _seconds(seconds: float | None) -> float | None:
    """Return how long a question was in view, as far as what a browser says can be so."""
    if seconds is None or not math.isfinite(seconds):
        return None
    return min(max(seconds, 0.0), LONGEST)


def _shown(question: Question, variant: str, instead: str) -> Shown | None:
    """Return what was the learner's own on the page, as the record keeps it."""
    if not chance.is_variant(variant):
        raise Refused("unknown-variant", "This page is damaged. Reload it and answer again.")
    shown = question.shown(variant)
    if shown is not None and variant:
        shown = {**shown, "variant": variant}
    return {**(shown or {}), "instead": instead} if instead else shown


def _instead(
    session: orm.Session,
    learner_id: int,
    lesson: Lesson,
    tries: Mapping[str, Tries],
    sent: Submission,
) -> str:
    """Return which missed question this one replaces; "" where it replaces none, whatever was sent."""
    pool = lesson.quiz.pool_of(sent.question) if lesson.quiz and sent.instead else None
    if pool is None or sent.instead not in pool.questions or tries[sent.question].made:
        return ""
    missed = tries[sent.instead]
    is_missed = missed.made > 0 and not missed.is_right and missed.allowed is None
    replaced = pools.hand(session, learner_id, lesson).replaced
    return sent.instead if is_missed and sent.instead not in replaced else ""


def _refusal(tries: Tries) -> Refused:
    if not tries.is_asked:
        return Refused(
            "not-asked", "You were given other questions than this one. Reload the page."
        )
    if tries.waits:
        return Refused("attempt-open", "Answer the other questions of this attempt first.")
    if tries.is_right:
        return Refused("no-attempts-left", "You have answered this question right already.")
    return Refused("no-attempts-left", f"All {tries.allowed} attempts at this question are used.")


def _insert(session: orm.Session, row: dict[str, Any]) -> bool:
    """Insert an answer unless its id is there already; return whether it was new."""
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = (
        dialect.insert(Answer)
        .values(row)
        .on_conflict_do_nothing(index_elements=["learner_id", "client_id"])
        .returning(Answer.attempt)
    )
    return session.execute(statement).first() is not None


def tries_of(session: orm.Session, learner_id: int, lesson: Lesson) -> Mapping[str, Tries]:
    """Return how each question of *lesson* stands for a learner, in the order of the page."""
    return tries_from(lesson, _counts(session, learner_id, lesson))


def _counts(
    session: orm.Session, learner_id: int, lesson: Lesson
) -> dict[str, tuple[int, float | None]]:
    """Return how often each question was answered, and the best share as marks count now."""
    asked = [question.id for question in lesson.questions]
    rows = session.execute(
        sa.select(
            Answer.client_id,
            Answer.question,
            Answer.share,
            Answer.out_of,
            Mark.decision_id,
            Mark.share.label("share_anew"),
            Mark.out_of.label("out_of_anew"),
            Mark.marked_at,
        )
        .outerjoin(Mark)
        .where(Answer.learner_id == learner_id, Answer.question.in_(asked))
        .order_by(Mark.decision_id)
    )
    last = {row.client_id: row for row in rows}  # of several marks the last
    counts: dict[str, tuple[int, float | None]] = {}
    for row in last.values():
        made, best = counts.get(row.question, (0, None))
        anew = None
        if row.decision_id is not None:
            anew = marks.Anew(row.decision_id, row.share_anew, row.out_of_anew, row.marked_at)
        standing = marks.standing(row.share, row.out_of, anew)
        counts[row.question] = (made + 1, _better(best, standing))
    return counts


def tries_from(lesson: Lesson, made: Mapping[str, tuple[int, float | None]]) -> Mapping[str, Tries]:
    """Return how each question stands, given the number of answers and the best share for each."""
    limit = lesson.quiz.rules.attempts if lesson.quiz else None
    plain = {
        question.id: Tries(*made.get(question.id, (0, None)), limit if question.worth else None)
        for question in lesson.questions
    }
    if limit is None:
        return plain
    # Of a pool those count that were answered; others may be answered until as many are as are drawn.
    for pool in lesson.pools:
        if sum(name in made for name in pool.questions) >= pool.draw:
            for name in pool.questions:
                plain[name] = replace(plain[name], is_asked=name in made)
    # A graded attempt is a whole go: the next begins when each question is answered or right.
    scored = [
        plain[question.id]
        for question in lesson.questions
        if question.worth and plain[question.id].is_asked
    ]
    open_at = min((t.made for t in scored if not t.is_right), default=limit)
    return {
        name: replace(t, waits=t.made > open_at and not t.is_right) if t.allowed is not None else t
        for name, t in plain.items()
    }


def _last_given(session: orm.Session, learner_id: int, question: str) -> Given | None:
    return session.scalars(
        sa.select(Answer.given)
        .where(Answer.learner_id == learner_id, Answer.question == question)
        .order_by(Answer.attempt.desc())
        .limit(1)
    ).first()


def _recorded(
    answer: Answer, content: dict[str, Any], anew: tuple[marks.Anew, ...] = ()
) -> Recorded:
    asked = questions.load(content)
    return Recorded(
        answer.client_id,
        asked.as_shown(answer.shown),
        answer.given,
        answer.share,
        answer.out_of,
        answer.attempt,
        answer.recorded_at,
        answer.shown,
        anew,
        asked.revision,
    )


def stored(session: orm.Session, learner_id: int, client_id: uuid.UUID) -> Recorded:
    """Return the answer that a learner recorded under *client_id*."""
    answer, content = session.execute(
        sa.select(Answer, QuestionRevision.content)
        .join(QuestionRevision)
        .where(Answer.learner_id == learner_id, Answer.client_id == client_id)
    ).one()
    return _recorded(answer, content, marks.of_learner(session, learner_id).get(client_id, ()))


def history(
    session: orm.Session, learner_id: int, lesson: str | None = None, asked: Iterable[str] = ()
) -> list[Recorded]:
    """Return a learner's answers, each with its question as it stood then, first answers first.

    With *lesson*, those given in it, and those to the questions *asked* in it now.
    """
    wanted = sa.select(Answer, QuestionRevision.content).join(QuestionRevision)
    if lesson is not None:
        wanted = wanted.where((Answer.lesson == lesson) | Answer.question.in_(list(asked)))
    rows = session.execute(
        wanted.where(Answer.learner_id == learner_id).order_by(
            Answer.recorded_at, Answer.question, Answer.attempt
        )
    )
    anew = marks.of_learner(session, learner_id)
    return [_recorded(answer, content, anew.get(answer.client_id, ())) for answer, content in rows]


def poll(session: orm.Session, question: str) -> dict[str, int]:
    """Return how many learners chose each option of a poll, counting each one's last answer."""
    last = (
        sa.select(Answer.learner_id, sa.func.max(Answer.attempt).label("attempt"))
        .where(Answer.question == question)
        .group_by(Answer.learner_id)
        .subquery()
    )
    option = Answer.given["choice"][0].as_string()
    rows = session.execute(
        sa.select(option, sa.func.count())
        .join(last, (Answer.learner_id == last.c.learner_id) & (Answer.attempt == last.c.attempt))
        .where(Answer.question == question)
        .group_by(option)
    )
    return {row[0]: row[1] for row in rows}
