"""The JSON API under /api/v1/, which describes itself at /api/v1/openapi.json."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from flask import Response, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from flask_openapi3.openapi import OpenAPI
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from course.content.chance import VARIANT
from course.record import answers, learners, pools, progress
from course.record.answers import Recorded, Submission
from course.record.progress import LessonStanding, Standing
from course.web import identity, limits, parts, show
from course.web.answers import lesson_or_404
from course.web.identity import NoSession

ABOUT = (
    "Answers and progress of the course. A session is a cookie: ask for one at `POST /api/v1/session`, "
    "then send it with each request. Nobody but its holder reads or writes the record behind it."
)

Short = Annotated[str, StringConstraints(max_length=200)]
Long = Annotated[str, StringConstraints(max_length=4_000)]


class Sent(BaseModel):
    """What a client sends; unknown keys are refused, so that a typing slip is not lost in silence."""

    model_config = ConfigDict(extra="forbid")


class Error(BaseModel):
    code: str = Field(description="For programs; stays the same.")
    message: str = Field(description="For people.")


class ErrorOut(BaseModel):
    error: Error


class AnswerIn(Sent):
    id: uuid.UUID = Field(
        description="Made by the client, once for each submission; sending again is safe."
    )
    question: Short
    revision: Short = Field(description="The revision that the learner saw.")
    given: dict[Short, list[Long]] = Field(
        max_length=50,
        description="The fields of the question's form, each with its values.",
        examples=[{"choice": ["3f1c9a04"]}],
    )
    given_at: AwareDatetime | None = Field(
        default=None, description="When it was answered, by the clock of the client."
    )
    variant: Annotated[str, Field(pattern=VARIANT)] = Field(
        default="",
        description="How the question was arranged: by which seed, and after a point which try it is, "
        "such as 3f1c9a04.2. Left out where it stood as the page has it for everyone.",
    )
    instead: Short = Field(
        default="", description="The question that was missed, where this one is its sister."
    )
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = Field(
        default=None, description="How long the question was in view before it was answered."
    )


class NoteOut(BaseModel):
    about: str = Field(description="The part of the answer that this is about; Markdown.")
    text: str = Field(description="Feedback; Markdown.")
    right: bool | None


class LessonOut(BaseModel):
    id: str
    title: str
    url: str = Field(description="Relative to the root of the site.")
    complete: bool
    answered: int
    total: int
    score: float | None = Field(
        description="Share of the points from 0 to 1; null before the first answer."
    )
    pass_mark: float | None


class AnswerOut(BaseModel):
    id: uuid.UUID
    question: str
    revision: str
    attempt: int
    share: float | None = Field(
        description="Share of the points from 0 to 1; null where nobody marks it."
    )
    mark: float | None = Field(description="Points given.")
    out_of: float
    state: Literal["right", "partly", "wrong", "saved"]
    recorded_at: datetime
    notes: list[NoteOut]
    explanation: str | None = Field(
        description="Markdown; null while attempts are left in a graded quiz."
    )
    key: list[str] | None = Field(
        description="The right answer; null while attempts are left in a graded quiz."
    )
    attempts_left: int | None = Field(description="null without limit.")
    lesson: LessonOut | None = Field(description="With view=html only.")
    html: str | None = Field(
        description="The question as a page should show it now; with view=html only."
    )


class LearnerOut(BaseModel):
    guest: bool
    mail: str | None


class SessionQuery(BaseModel):
    seed: Annotated[str, Field(pattern=r"^[0-9a-z]{1,16}$")] | None = Field(
        default=None,
        description="What the client has arranged questions by so far; a new guest keeps it.",
    )


class SessionOut(BaseModel):
    learner: LearnerOut | None


class ModuleOut(BaseModel):
    title: str
    done: int
    total: int
    lessons: list[LessonOut]


class NextOut(BaseModel):
    title: str
    url: str
    label: str


class ProgressOut(BaseModel):
    learner: LearnerOut | None
    modules: list[ModuleOut]
    done: int
    total: int
    next: NextOut | None
    finished_at: datetime | None
    new_since_finished: list[LessonOut]


class AnsweredOut(BaseModel):
    question: str
    state: str
    html: str | None


class LessonStateOut(BaseModel):
    lesson: LessonOut
    questions: list[AnsweredOut] = Field(description="Those that the learner has answered.")
    asked: list[str] = Field(
        description="The questions that this learner is asked, in the order of the page."
    )
    seed: str | None = Field(
        description="What the learner's questions are arranged by; null without a session."
    )


class LessonIn(Sent):
    lesson: Short


class View(BaseModel):
    view: Literal["html"] | None = None


class LessonQuery(View):
    lesson: Short


SECURITY_SCHEMES: Any = {"session": {"type": "apiKey", "in": "cookie", "name": "course"}}
_SESSION: Any = [{"session": []}]

_COMMON: Any = {413: ErrorOut, 422: ErrorOut, 429: ErrorOut, 503: ErrorOut}
_WRITE: Any = {**_COMMON, 400: ErrorOut, 401: ErrorOut, 403: ErrorOut, 415: ErrorOut}
_TAG = Tag(name="course", description="Answering and progress")

bp = APIBlueprint("api", __name__, url_prefix="/api/v1", abp_tags=[_TAG])


def register(app: OpenAPI) -> None:
    """Add the API and its description to *app*."""
    app.register_api(bp)
    app.register_error_handler(NoSession, _no_session)

    @app.get("/api/v1/openapi.json", doc_ui=False)
    def describe() -> Response:
        """Return this description."""
        return jsonify(app.api_doc)


def invalid(error: ValidationError) -> Response:
    """Answer a request that does not fit its model: which place, and what is wrong there."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(step) for step in first["loc"]) or "the request"
    message = f"{place}: {first['msg']}"
    return make_response(jsonify(error={"code": "invalid", "message": message}), 422)


def _no_session(_: NoSession) -> ResponseReturnValue:
    message = (
        "There is no session. Send POST /api/v1/session first, and its cookie with each request."
    )
    return jsonify(error={"code": "no-session", "message": message}), 401


def _json(model: BaseModel, status: int = 200) -> Response:
    response = make_response(model.model_dump_json(), status)
    response.mimetype = "application/json"
    return response


def _learner() -> LearnerOut | None:
    who = parts.identity()
    return LearnerOut(guest=who.is_guest, mail=who.mail) if who else None


def lesson_out(standing: LessonStanding) -> LessonOut:
    lesson = standing.lesson
    return LessonOut(
        id=lesson.id,
        title=lesson.title,
        url=lesson.url,
        complete=standing.is_complete,
        answered=standing.answered,
        total=standing.total,
        score=standing.score,
        pass_mark=lesson.quiz.rules.pass_mark if lesson.quiz else None,
    )


@bp.get("/session", responses={200: SessionOut, **_COMMON})
def show_session() -> Response:
    """Who this session belongs to; `learner` is null without one."""
    return _json(SessionOut(learner=_learner()))


@bp.post("/session", responses={200: SessionOut, 201: SessionOut, 403: ErrorOut, **_COMMON})
@limits.writes
def start_session(query: SessionQuery) -> Response:
    """Begin a guest's session, or keep the one there is."""
    is_new = parts.identity() is None
    who = identity.known_or_guest(query.seed or "")
    learner = LearnerOut(guest=who.is_guest, mail=who.mail)
    return _json(SessionOut(learner=learner), 201 if is_new else 200)


@bp.post(
    "/answers",
    security=_SESSION,
    responses={200: AnswerOut, 201: AnswerOut, 404: ErrorOut, 409: ErrorOut, **_WRITE},
)
@limits.writes
def record(query: View, body: AnswerIn) -> Response:
    """Record an answer. 201: stored now. 200: stored before under the same id, and returned as it was."""
    who = identity.known()
    published = parts.published()
    sent = Submission(
        body.id,
        body.question,
        body.revision,
        body.given,
        body.given_at,
        body.variant,
        body.instead,
        body.seconds,
    )
    with parts.database().write() as session:
        recorded = answers.record(session, published, who.learner_id, sent)
    return _json(_answer_out(recorded, who.learner_id, query.view), 201 if recorded.is_new else 200)


def _answer_out(recorded: Recorded, learner_id: int, view: str | None) -> AnswerOut:
    published = parts.published()
    question, marked, mine = recorded.question, recorded.marked, recorded.tries
    assert mine is not None  # noqa: S101 - for the type checker: it was recorded just now
    html = standing = None
    if view == "html" and question.id not in published.course.asked:
        html = show.removed(recorded, base=request.script_root + "/")
    elif view == "html":
        lesson = published.course.asked[question.id][0]
        base = request.script_root + "/"
        with parts.database().read() as session:
            hand = pools.hand(session, learner_id, lesson)
            html = show.one(
                session,
                published,
                question.id,
                recorded,
                {question.id: mine},
                base=base,
                seed=hand.seed,
                sister=show.sisters(session, learner_id, lesson, hand).get(question.id, ""),
            )
            standing = progress.of(session, published, learner_id).lessons[lesson.id]
    share = recorded.share
    return AnswerOut(
        id=recorded.client_id,
        question=question.id,
        revision=question.revision,
        attempt=recorded.attempt,
        share=share,
        mark=recorded.mark,
        out_of=recorded.out_of,
        state="saved"
        if share is None
        else "right"
        if share >= 1
        else "partly"
        if share > 0
        else "wrong",
        recorded_at=recorded.recorded_at,
        notes=[NoteOut(about=n.about, text=n.text, right=n.right) for n in marked.notes],
        explanation=(question.explained or None) if mine.shows_key else None,
        key=question.key() if mine.shows_key else None,
        attempts_left=mine.left,
        lesson=lesson_out(standing) if standing else None,
        html=html,
    )


@bp.get("/lessons", responses={200: LessonStateOut, 404: ErrorOut, **_COMMON})
def lesson_state(query: LessonQuery) -> Response:
    """How a lesson stands for this session, with the questions answered so far."""
    lesson = lesson_or_404(query.lesson)
    published = parts.published()
    who = parts.identity()
    learner_id = who.learner_id if who else 0
    with parts.database().read() as session:
        standing = (
            progress.of(session, published, learner_id) if who else progress.nothing(published)
        )
        mine = standing.lessons[lesson.id]
        seed = pools.seed_of(session, learner_id)
        shown = show.questions(
            session,
            published,
            learner_id,
            lesson,
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
            lesson=lesson_out(mine),
            questions=answered,
            asked=mine.asked,
            seed=(seed or None) if who else None,
        )
    )


@bp.get("/progress", responses={200: ProgressOut, **_COMMON})
def show_progress() -> Response:
    """How the course stands for this session; without one, as for someone who has not begun."""
    published = parts.published()
    who = parts.identity()
    with parts.database().read() as session:
        standing = (
            progress.of(session, published, who.learner_id) if who else progress.nothing(published)
        )
    return _json(_progress_out(standing))


def _progress_out(standing: Standing) -> ProgressOut:
    modules = []
    for module in standing.course.modules:
        lessons = [standing.lessons[lesson.id] for lesson in module.lessons]
        modules.append(
            ModuleOut(
                title=module.title,
                done=sum(lesson.is_complete for lesson in lessons),
                total=len(lessons),
                lessons=[lesson_out(lesson) for lesson in lessons],
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
            lesson_out(standing.lessons[lesson.id]) for lesson in standing.new_since_finished
        ],
    )


def next_step(standing: Standing) -> NextOut | None:
    """Return where the Continue button leads; None when every lesson is complete."""
    going_on = standing.next_lesson
    if going_on is None:
        return None
    lesson = going_on.lesson
    at = going_on.next_question if going_on.answered else None
    url = f"{lesson.url}#q-{at}" if at else lesson.url
    label = "Continue" if standing.has_begun else "Begin"
    return NextOut(title=lesson.title, url=url, label=label)


@bp.post("/visits", security=_SESSION, responses={204: None, 404: ErrorOut, **_WRITE})
@limits.writes
def visit(body: LessonIn) -> Response:
    """Note that a lesson was opened, so that Continue leads back to it."""
    lesson = lesson_or_404(body.lesson)
    who = identity.known()
    with parts.database().write() as session:
        progress.visit(session, learners.holding(session, who.learner_id), lesson.id)
    return Response(status=204)


@bp.post("/readings", security=_SESSION, responses={201: LessonOut, 404: ErrorOut, **_WRITE})
@limits.writes
def read(body: LessonIn) -> Response:
    """Mark a lesson as read; for a lesson without questions this completes it."""
    lesson = lesson_or_404(body.lesson)
    who = identity.known()
    with parts.database().write() as session:
        learner_id = learners.holding(session, who.learner_id)
        progress.mark_read(session, learner_id, lesson.id)
    with parts.database().read() as session:
        standing = progress.of(session, parts.published(), learner_id)
    return _json(lesson_out(standing.lessons[lesson.id]), 201)
