"""What the API takes and gives, each field with what it means; the API's description is made from it."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
)

from course.content.verdict import Verdict
from course.record.answering.tables import Submission
from course.record.progress.standings import LessonStanding
from course.record.store.values import Short

OWNER = (
    "The key of the learner who did this. With another learner's session it is refused (409, "
    "`other-learner`); left out, it belongs to the session's learner."
)


class Error(BaseModel):
    code: str = Field(description="For programs; stays the same.")
    message: str = Field(description="For people.")


class ErrorOut(BaseModel):
    error: Error


class AnswerIn(Submission):
    owner: Short = Field(default="", description=OWNER)


class NoteOut(BaseModel):
    about: str = Field(description="The part of the answer that this is about.")
    typed: bool = Field(
        description="Whether `about` is what the learner typed, so plain text; else it is Markdown."
    )
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
    state: Verdict
    recorded_at: datetime
    notes: list[NoteOut]
    explanation: str | None = Field(
        description="Markdown; null while attempts are left in a graded quiz."
    )
    key: list[str] | None = Field(
        description="The right answer, as plain text for the types blank and numeric, else as Markdown; "
        "null while attempts are left in a graded quiz."
    )
    attempts_left: int | None = Field(description="null without limit.")
    lesson: LessonOut | None = Field(description="With view=html only.")
    html: str | None = Field(
        description="The question as a page should show it now; with view=html only."
    )


class LearnerOut(BaseModel):
    guest: bool
    mail: str | None
    key: str = Field(
        description="Names this learner as the owner of answers, and says nothing else."
    )


class SessionQuery(BaseModel):
    seed: Annotated[str, Field(pattern=r"^[0-9a-z]{1,16}$")] | None = Field(
        default=None,
        description="What the client has arranged questions by so far; a new guest keeps it.",
    )
    check: bool = Field(
        default=False,
        description="Make a guest only for a client that returns cookies: ask for one by "
        "`GET /api/v1/session?check=true` first.",
    )


class CheckQuery(BaseModel):
    check: bool = Field(
        default=False, description="Set a cookie that shows whether cookies return."
    )


class SessionOut(BaseModel):
    learner: LearnerOut | None
    merged: list[str] = Field(
        default=[], description="Keys of guests whose records are part of this learner's now."
    )


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


class LessonIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    lesson: Short
    owner: Short = Field(default="", description=OWNER)


class View(BaseModel):
    view: Literal["html"] | None = None


class LessonQuery(View):
    lesson: Short


NO_OBJECT = "Send a JSON object, with the fields that /api/v1/openapi.json tells of."


def invalid_message(error: ValidationError) -> str:
    """Return which place of a request does not fit its model, and what is wrong there."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    return f"{place}: {first['msg']}" if place else NO_OBJECT


def lesson_out(standing: LessonStanding) -> LessonOut:
    """Return a lesson as it stands for a learner."""
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
