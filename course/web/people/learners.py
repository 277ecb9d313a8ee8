"""Learners and their answers, for trainers: each answer is shown as the learner saw it."""

import uuid

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from course.record.answering import answer_history
from course.record.people.access import Permission
from course.record.progress import granting
from course.web import current, shell
from course.web.people import access
from course.web.progress.learning import answer_page

bp = Blueprint("learners", __name__, url_prefix="/teaching/learners")


@bp.get("")
@access.requires(Permission.ANSWERS)
def overview() -> ResponseReturnValue:
    """Show a page of learners, latest visit first; ?mail= filters by the start of the address."""
    mail = request.args.get("mail", "").strip()
    before = request.args.get("before", 0, type=int)
    after = request.args.get("after", "")
    with current.database().read() as session:
        found, more = answer_history.list_learners(session, mail, before, after)
    return shell.page(
        "people/learners.html",
        "Learners",
        found=found,
        more=more,
        mail=mail,
        is_first=not (before or after),
    )


@bp.get("/<int:learner_id>")
@access.requires(Permission.ANSWERS)
def learner(learner_id: int) -> ResponseReturnValue:
    """Show a page of a learner's answers, latest first."""
    before = request.args.get("before", type=uuid.UUID)
    with current.database().read() as session:
        who = answer_history.find_learner(session, learner_id)
        if who is None:
            raise NotFound
        if who.id != learner_id:
            return redirect(url_for(".learner", learner_id=who.id), 303)
        given, more = answer_history.answers_page(session, learner_id, before)
        granted = granting.granted_completions(session, learner_id)
    published = current.published()
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
@access.requires(Permission.ANSWERS)
def answer(learner_id: int, client_id: uuid.UUID) -> ResponseReturnValue:
    """Show one answer as the learner saw it, with all its marks and their reasons."""
    with current.database().read() as session:
        who = answer_history.find_learner(session, learner_id)
        found = answer_history.load_answer(session, learner_id, client_id)
    if who is None or found is None:
        raise NotFound
    return answer_page(found, who_gave=who.name, learner_id=who.id)
