"""The JSON API under /api/v1/, which describes itself at /api/v1/openapi.json."""

from typing import Any

from flask import Response, jsonify, make_response, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel, ValidationError

from course.record.people import learners
from course.record.people.access import Permission
from course.record.people.learners import Identity
from course.record.progress import standings
from course.record.progress.standings import CourseStanding
from course.web import current
from course.web.answering import show
from course.web.answering.answers import lesson_or_404
from course.web.api import models
from course.web.api.models import (
    AnsweredOut,
    AnswerIn,
    AnswerOut,
    CheckQuery,
    ErrorOut,
    LearnerOut,
    LessonIn,
    LessonOut,
    LessonQuery,
    LessonStateOut,
    ModuleOut,
    NextOut,
    ProgressOut,
    SessionOut,
    SessionQuery,
    View,
)
from course.web.edge import errors
from course.web.edge.errors import Invalid
from course.web.people import access, cookie_check, identity, owners

ABOUT = (
    "Answers and progress of the course. A session is a cookie: ask for one at `POST /api/v1/session`, "
    "then send it with each request. Nobody but its holder reads or writes the record behind it."
)

SECURITY_SCHEMES: Any = {"session": {"type": "apiKey", "in": "cookie", "name": "course"}}
_SESSION: Any = [{"session": []}]

_COMMON: Any = {413: ErrorOut, 422: ErrorOut, 429: ErrorOut, 503: ErrorOut}
_WRITE: Any = {**_COMMON, **dict.fromkeys((400, 401, 403, 409, 415), ErrorOut)}
_TAG = Tag(name="course", description="Answering and progress")

bp = APIBlueprint("api", __name__, url_prefix="/api/v1", abp_tags=[_TAG])


def register(app: OpenAPI) -> None:
    """Add the API and its description to *app*."""
    app.register_api(bp)

    @app.get("/api/v1/openapi.json", doc_ui=False)
    @access.requires(Permission.OPEN)
    def describe() -> Response:
        """Return this description."""
        return jsonify(app.api_doc)


def invalid(error: ValidationError) -> Response:
    """Answer a request that does not fit its model: which place, and what is wrong there."""
    return errors.response_to(errors.problem(Invalid(models.invalid_message(error))))


def _json(model: BaseModel, status: int = 200) -> Response:
    response = make_response(model.model_dump_json(), status)
    response.mimetype = "application/json"
    return response


def _learner() -> LearnerOut | None:
    who = current.identity()
    return _learner_out(who) if who else None


def _learner_out(who: Identity) -> LearnerOut:
    return LearnerOut(guest=who.is_guest, mail=who.mail, key=owners.key(who.learner_id))


@bp.get("/session", responses={200: SessionOut, **_COMMON})
@access.requires(Permission.OPEN)
def show_session(query: CheckQuery) -> Response:
    """Who this session belongs to; `learner` is null without one."""
    who = current.identity()
    merged = owners.merged(who.learner_id) if who else []
    response = _json(SessionOut(learner=_learner(), merged=merged))
    if query.check and not cookie_check.passed():
        cookie_check.start(response)
    return response


@bp.post("/session", responses={200: SessionOut, 201: SessionOut, 403: ErrorOut, **_COMMON})
@access.requires(Permission.OPEN)
def start_session(query: SessionQuery) -> Response:
    """Begin a guest's session, or keep the one there is."""
    is_new = current.identity() is None
    if query.check and not cookie_check.passed():
        raise cookie_check.CheckFailed
    who = identity.current_or_new_guest(query.seed or "")
    return _json(SessionOut(learner=_learner_out(who)), 201 if is_new else 200)


@bp.post(
    "/answers",
    security=_SESSION,
    responses={200: AnswerOut, 201: AnswerOut, 404: ErrorOut, 409: ErrorOut, **_WRITE},
)
@access.requires(Permission.OWN_RECORD)
def record(query: View, body: AnswerIn) -> None:
    """Record an answer. 201: stored now. 200: stored before under the same id, and returned as it was."""
    # Described here for openapi.json: `course.web.api.answers` takes these requests before Flask.


@bp.get("/lessons", responses={200: LessonStateOut, 404: ErrorOut, **_COMMON})
@access.requires(Permission.OPEN)
def lesson_state(query: LessonQuery) -> Response:
    """How a lesson stands for this session, with the questions answered so far."""
    lesson = lesson_or_404(query.lesson)
    published = current.published()
    who = current.identity()
    learner_id = who.learner_id if who else 0
    with current.database().read() as session:
        mine = standings.empty_lesson_standing(lesson)
        if who:
            mine = standings.lesson_standing(session, published, learner_id, lesson)
        shown = show.questions_html(
            session,
            published,
            learner_id,
            mine,
            base=request.script_root + "/",
            only_answered=True,
        )
    answered = [
        AnsweredOut(
            question=name,
            state="right" if mine.best[name].is_right else "open",
            html=str(html) if query.view == "html" else None,
        )
        for name, html in shown.items()
    ]
    return _json(
        LessonStateOut(
            lesson=models.lesson_out(mine),
            questions=answered,
            asked=mine.asked,
            seed=mine.selection.seed or None,
        )
    )


@bp.get("/progress", responses={200: ProgressOut, **_COMMON})
@access.requires(Permission.OPEN)
def show_progress() -> Response:
    """How the course stands for this session; without one, as for someone who has not begun."""
    published = current.published()
    who = current.identity()
    with current.database().read() as session:
        standing = (
            standings.course_standing(session, published, who.learner_id)
            if who
            else standings.empty_standing(published)
        )
    return _json(_progress_out(standing))


def _progress_out(standing: CourseStanding) -> ProgressOut:
    modules = []
    for module in standing.course.modules:
        lessons = [standing.lessons[lesson.id] for lesson in module.lessons]
        modules.append(
            ModuleOut(
                title=module.title,
                done=sum(lesson.is_complete for lesson in lessons),
                total=len(lessons),
                lessons=[models.lesson_out(lesson) for lesson in lessons],
            )
        )
    return ProgressOut(
        learner=_learner(),
        modules=modules,
        done=standing.done,
        total=len(standing.lessons),
        next=next_step(standing),
        finished_at=standing.finished_at,
        new_since_finished=[
            models.lesson_out(standing.lessons[lesson.id]) for lesson in standing.new_since_finished
        ],
    )


def next_step(standing: CourseStanding) -> NextOut | None:
    """Return where the Continue button leads; None when every lesson is complete."""
    going_on = standing.next_lesson
    if going_on is None:
        return None
    lesson = going_on.lesson
    at = going_on.next_question if going_on.answered else None
    url = f"{lesson.url}#q-{at}" if at else lesson.url
    label = "Continue" if standing.has_begun else "Start"
    return NextOut(title=lesson.title, url=url, label=label)


@bp.post("/visits", security=_SESSION, responses={204: None, 404: ErrorOut, **_WRITE})
@access.requires(Permission.OWN_RECORD)
def visit(body: LessonIn) -> Response:
    """Note that a lesson was opened, so that Continue leads back to it."""
    lesson = lesson_or_404(body.lesson)
    who = identity.require()
    owners.check(who.learner_id, body.owner)
    with current.database().write() as session:
        standings.visit(session, learners.lock_learner(session, who.learner_id), lesson.id)
    return Response(status=204)


@bp.post("/readings", security=_SESSION, responses={201: LessonOut, 404: ErrorOut, **_WRITE})
@access.requires(Permission.OWN_RECORD)
def read(body: LessonIn) -> Response:
    """Mark a lesson as read; for a lesson without questions this completes it."""
    lesson = lesson_or_404(body.lesson)
    who = identity.require()
    owners.check(who.learner_id, body.owner)
    with current.database().write() as session:
        learner_id = learners.lock_learner(session, who.learner_id)
        standings.mark_read(session, learner_id, lesson.id)
    with current.database().read() as session:
        standing = standings.lesson_standing(session, current.published(), learner_id, lesson)
    return _json(models.lesson_out(standing), 201)
