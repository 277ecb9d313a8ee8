"""Answering without JavaScript: a posted form, and a redirect to the page with feedback."""

import uuid
from datetime import datetime

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from course.content.course import Lesson
from course.content.questions.base import AnswerError
from course.record.answering.answers import ACCOUNT_REQUIRED, Refused
from course.record.answering.preparing import Sender, prepare
from course.record.answering.rows import NEEDS_ACCOUNT
from course.record.answering.tables import Submission
from course.record.people import learners
from course.record.people.access import Permission
from course.record.progress import standings
from course.web import current, shell
from course.web.answering import show
from course.web.people import access, identity, owners
from course.web.people.owners import OtherLearner

bp = Blueprint("answers", __name__)

SESSION_ENDED = "You have been signed out. Sign in again to save your answer."
OTHER_LEARNERS_PAGE = "Someone else was signed in when this page was opened. Is this answer yours?"


def lesson_or_404(name: str) -> Lesson:
    """Return a published lesson."""
    lesson = current.published().course.lessons.get(name)
    if lesson is None:
        raise NotFound
    return lesson


@bp.post("/answers")
@access.requires(Permission.OPEN)
def record() -> ResponseReturnValue:
    """Record an answer and show the lesson's questions with it."""
    published = current.published()
    name = request.form.get("question", "")
    lesson, _ = published.course.asked.get(name, (None, None))
    owner = request.form.get("owner", "")
    if identity.has_ended_session() or (owner and current.identity() is None):
        if request.form.get("as") != "guest":
            return _unsaved_answer_page(SESSION_ENDED, owner=owner), 401
        owner = ""  # the learner claims it as a new guest
    if lesson is not None and needs_account(lesson) and current.identity() is None:
        return _questions_page(
            lesson, at=name, message=NEEDS_ACCOUNT
        ), 403  # and no guest is created
    sent = Submission.model_construct(  # `intake` and the question check what a form says
        id=uuid.UUID(int=0),
        question=name,
        revision=request.form.get("revision", ""),
        given={key: request.form.getlist(key) for key in request.form},
        variant=request.form.get("variant", ""),
        instead=request.form.get("instead", ""),
        seconds=request.form.get("seconds", type=float),
    )
    try:
        if current.identity() is None:  # no guest is created for an answer that cannot be recorded
            prepare(published, Sender(0), sent, current.database())
        who = identity.current_or_checked_guest()
        owners.check(who.learner_id, owner)
        sent.id = _client_id(who.learner_id)
        current.recorder().record(published, Sender(who.learner_id), sent)
    except OtherLearner:
        return _unsaved_answer_page(OTHER_LEARNERS_PAGE), 409
    except (AnswerError, Refused) as error:
        if lesson is None:
            raise
        is_for_members = isinstance(error, Refused) and error.code == ACCOUNT_REQUIRED
        return _questions_page(lesson, at=name, message=str(error)), 403 if is_for_members else 422
    if lesson is None:  # the question was removed while the page was open
        return redirect(url_for("learning.answer", client_id=sent.id), 303)
    return redirect(url_for(".questions", lesson=lesson.id, _anchor=f"q-{name}"), 303)


def needs_account(lesson: Lesson) -> bool:
    """Whether guests may read the lesson's questions and not answer them."""
    return lesson.quiz is not None and lesson.quiz.rules.needs_account


def _unsaved_answer_page(message: str, owner: str | None = None) -> str:
    """Return a page that keeps the submitted fields, to send them again for the right learner.

    *owner* is given when the session has ended: the answer stays theirs if others sign in ("" if unknown).
    """
    fields = [field for field in request.form.items(multi=True) if field[0] not in ("as", "owner")]
    if owner:
        fields.append(("owner", owner))
    title = "Your answer isn’t saved yet"
    has_ended = owner is not None
    return shell.page(
        "answering/held_answer.html", title, message=message, fields=fields, has_ended=has_ended
    )


def _client_id(learner_id: int) -> uuid.UUID:
    """Return the id in the form; without one, an id that is the same for a double click.

    Forms of the built site have no id, because its pages are the same for everyone.
    """
    try:
        return uuid.UUID(request.form["id"])
    except (KeyError, ValueError):
        minute = int(datetime.now().timestamp()) // 60
        fields = sorted((key, value) for key in request.form for value in request.form.getlist(key))
        return uuid.uuid5(uuid.NAMESPACE_OID, f"{learner_id} {minute} {fields}")


@bp.get("/quiz/<path:lesson>")
@access.requires(Permission.OPEN)
def questions(lesson: str) -> ResponseReturnValue:
    """Show the questions of a lesson with the learner's answers."""
    return _questions_page(lesson_or_404(lesson))


def _questions_page(lesson: Lesson, at: str = "", message: str = "") -> str:
    published = current.published()
    who = current.identity()
    with current.database().read() as session:
        standing = standings.empty_lesson_standing(lesson)
        if who:
            standing = standings.lesson_standing(session, published, who.learner_id, lesson)
        shown = show.questions_html(
            session,
            published,
            who.learner_id if who else 0,
            standing,
            base=request.script_root + "/",
            owner=owners.key(who.learner_id) if who else "",
        )
    return shell.page(
        "answering/questions.html",
        f"Questions: {lesson.title}",
        seen_from=lesson.url,
        lesson=lesson,
        standing=standing,
        shown=shown,
        at=at,
        message=message,
        account_first=needs_account(lesson) and (who is None or who.is_guest),
    )


@bp.post("/read")
@access.requires(Permission.OPEN)
def read() -> ResponseReturnValue:
    """Mark a lesson as read."""
    lesson = lesson_or_404(request.form.get("lesson", ""))
    if identity.has_ended_session() and request.form.get("as") != "guest":
        return _unsaved_answer_page(SESSION_ENDED, owner=""), 401
    who = identity.current_or_checked_guest()
    with current.database().write() as session:
        standings.mark_read(session, learners.lock_learner(session, who.learner_id), lesson.id)
    return redirect(url_for("learning.overview", _anchor="lessons"), 303)
