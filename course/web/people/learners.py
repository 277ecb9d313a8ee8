"""Learners and their answers, for trainers: every answer opens as it was met."""

import uuid

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from course.record.answering import answer_history
from course.record.progress import granting
from course.web import parts, shell
from course.web.people import identity
from course.web.progress.learning import answer_page

bp = Blueprint("learners", __name__, url_prefix="/teaching/learners")


@bp.before_request
def _only_teachers() -> None:
    identity.teacher()


@bp.get("")
def overview() -> ResponseReturnValue:
    """Show the learners who came last, or those whose mail begins as asked, a page at a time."""
    mail = request.args.get("mail", "").strip()
    before = request.args.get("before", 0, type=int)
    after = request.args.get("after", "")
    with parts.database().read() as session:
        found, more = answer_history.learners(session, mail, before, after)
    return shell.page(
        "people/learners.html",
        "Learners",
        found=found,
        more=more,
        mail=mail,
        is_first=not (before or after),
    )


@bp.get("/<int:learner_id>")
def one(learner_id: int) -> ResponseReturnValue:
    """Show the answers of a learner, last ones first, a page at a time."""
    before = request.args.get("before", type=uuid.UUID)
    with parts.database().read() as session:
        who = answer_history.learner(session, learner_id)
        if who is None:
            raise NotFound
        if who.id != learner_id:
            return redirect(url_for(".one", learner_id=who.id), 303)
        given, more = answer_history.page(session, learner_id, before)
        granted = granting.granted_completions(session, learner_id)
    published = parts.published()
    return shell.page(
        "people/learner.html",
        f"Answers of {who.name}",
        who=who,
        given=given,
        more=more,
        is_first=before is None,
        granted=granted,
        titles={name: published.timeline.title(name) for name in granted},
        lessons={name: lesson for name, (lesson, _) in published.course.asked.items()},
    )


@bp.get("/<int:learner_id>/answers/<uuid:client_id>")
def answer(learner_id: int, client_id: uuid.UUID) -> ResponseReturnValue:
    """Show one answer as it was met, with every mark it had and why."""
    with parts.database().read() as session:
        who = answer_history.learner(session, learner_id)
        found = answer_history.of(session, learner_id, client_id)
    if who is None or found is None:
        raise NotFound
    return answer_page(found, who_gave=who.name, learner_id=who.id)
