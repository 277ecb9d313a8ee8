"""An answer that was sent: which question it is about, what it says and what it is worth."""

import json
from contextlib import nullcontext
from dataclasses import dataclass

from sqlalchemy import orm

from course.content import chance
from course.content.course import Lesson, Place
from course.content.questions.base import Given, Marked, Question, Shown
from course.content.quiz import Quiz, Rules
from course.record.answering.answers import Refused
from course.record.answering.tables import Submission
from course.record.revisions import registration
from course.record.revisions.registration import CourseSnapshot
from course.record.store.database import Database


@dataclass(frozen=True)
class Sender:
    """Whose answer it is. *sign_in_id* is given where that was remembered, and checks that it still holds."""

    learner_id: int
    sign_in_id: int | None = None


@dataclass(frozen=True)
class Prepared:
    """An answer that lacks nothing but its place in the record."""

    published: CourseSnapshot
    sender: Sender
    sent: Submission
    lesson: Lesson
    question: Question
    """As the learner saw it."""
    revision_id: int
    shown: Shown | None
    given: Given
    marked: Marked
    is_present: bool
    """Whether it is about the question as it is asked now."""
    wants_lesson: bool = False
    """Whether the reply shows how the learner's lesson stands with it."""

    @property
    def needs_account(self) -> bool:
        """Whether guests may not give it."""
        return self.lesson.quiz is not None and self.lesson.quiz.rules.needs_account

    @property
    def lesson_questions(self) -> list[str]:
        """The questions that the lesson asks or once asked."""
        names: list[str] = json.loads(self.published.timeline.names.get(self.lesson.id, "[]"))
        return names

    @property
    def is_plain(self) -> bool:
        """Whether nothing else has to be looked up than what was answered before."""
        return self.is_present and not self.sent.instead


def prepare(
    published: CourseSnapshot,
    sender: Sender,
    sent: Submission,
    source: Database | orm.Session,
    *,
    wants_lesson: bool = False,
) -> Prepared:
    """Read and mark what was sent; raises Refused and AnswerError.

    *source* is read only for a question that has changed since the page was loaded.
    """
    is_present = sent.revision == published.revisions.get(sent.question)
    if is_present:
        revision_id, asked = (
            published.revision_ids[sent.question],
            published.course.asked[sent.question][1],
        )
    else:
        revision_id, asked = _earlier_revision(published, sent, source)
    lesson, _ = published.course.asked.get(sent.question) or _removed(published, asked)
    shown = _shown(asked, sent.variant)
    question = asked.as_shown(shown)
    given = question.read(sent.given)  # again later, where the form depends on the answer before
    marked = question.mark(given)
    return Prepared(
        published,
        sender,
        sent,
        lesson,
        question,
        revision_id,
        shown,
        given,
        marked,
        is_present,
        wants_lesson,
    )


def _earlier_revision(
    published: CourseSnapshot, sent: Submission, source: Database | orm.Session
) -> tuple[int, Question]:
    """Return the question as the learner saw it, and its row; it may be gone from the course since."""
    with source.read() if isinstance(source, Database) else nullcontext(source) as session:
        found = registration.find_revision(session, sent.question, sent.revision)
    if found is not None:
        return found
    if sent.question not in published.course.asked:
        raise _unknown(sent.question)
    raise Refused(
        "unknown-revision",
        "This question has changed since the page was loaded. Reload the page to see the current version.",
    )


def _unknown(question: str) -> Refused:
    return Refused("unknown-question", f"The question '{question}' is not part of the course.")


def _removed(published: CourseSnapshot, question: Question) -> tuple[Lesson, Question]:
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


def _shown(question: Question, variant: str) -> Shown | None:
    """Return what was the learner's own on the page, as the record keeps it."""
    if not chance.is_variant(variant):
        raise Refused("unknown-variant", "This page is damaged. Reload it and answer again.")
    shown = question.shown(variant)
    return {**shown, "variant": variant} if shown is not None and variant else shown
