"""Attempts and answers: as they are sent, and as they are stored."""

import uuid
from datetime import datetime
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Mapped, mapped_column

from course.content.chance import VARIANT
from course.content.questions.base import MARKING
from course.record.people.tables import Learner
from course.record.revisions.tables import QuestionRevision
from course.record.store.base import Base, Name, now
from course.record.store.ownership import CASCADE, Call, Ownership, Section, Skipped
from course.record.store.values import Instant, Long, Short


class Submission(BaseModel):
    """What a learner sends. A field with the name of a column of `Answer` is stored in it.

    Unknown keys are refused, so that a typing slip is not lost in silence.
    """

    model_config = ConfigDict(extra="forbid")

    id: uuid.UUID = Field(
        description="Made by the client, once for each submission; sending again is safe."
    )
    question: Short
    revision: Short = Field(description="The revision that the learner saw.")
    given: dict[Short, list[Long]] = Field(
        max_length=50,
        description="The fields of the question's form, each with its values.",
        examples=[{"choice": ["3f1c9a04"]}],
        json_schema_extra={"additionalProperties": False},
    )
    given_at: Instant | None = Field(
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


class Attempt(Base):
    """One go at a lesson's quiz. Number n holds the learner's nth answer to each question."""

    __tablename__ = "attempt"
    ownership = Ownership(
        merge=Skipped("counted again from the answers when these move"),
        export=Skipped("each answer names its attempt"),
        erase=CASCADE,
    )

    learner_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Learner.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    lesson: Mapped[str] = mapped_column(Name, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    started_at: Mapped[datetime] = mapped_column(default=now)


class Answer(Base):
    """One submission for one question; *client_id* is made by the browser or program that sends it.

    *given* is the form as sent; *share* of the points *out_of* is its original mark, None where the question
    is not marked. It never changes: marks by later decisions are rows of `Mark`.
    *shown* is what differed on this learner's page, None where nothing did: "order" and "values" as in
    `Question.as_shown`, the "variant" of the page, and "instead", the question that a sister replaced.
    *given_at* is the browser's clock when it was answered, *recorded_at* ours when it was stored;
    *seconds* is how long the question was in view before.
    *marking* is the version of the marking rules that *share* comes from. *practice* is set at a merge for an
    answer beyond the attempts that the quiz allows: it counts for neither score nor completion.
    """

    __tablename__ = "answer"
    ownership = Ownership(
        merge=Call("course.record.answering.merging:move_answers"),
        export=Section("answers", Call("course.record.people.personal_data:export_answers")),
        erase=CASCADE,
    )
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["learner_id", "lesson", "attempt"],
            ["attempt.learner_id", "attempt.lesson", "attempt.number"],
            ondelete="CASCADE",
            deferrable=True,  # an answer is inserted first, and its attempt when it was no repetition
            initially="DEFERRED",
        ),
        sa.Index(None, "question", "recorded_at"),
        sa.UniqueConstraint("learner_id", "question", "attempt"),
    )

    learner_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Learner.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    client_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    lesson: Mapped[str] = mapped_column(Name)
    attempt: Mapped[int]
    question: Mapped[str] = mapped_column(Name)
    question_revision_id: Mapped[int] = mapped_column(
        sa.ForeignKey(QuestionRevision.id), index=True
    )
    given: Mapped[dict[str, Any]]
    share: Mapped[float | None]
    out_of: Mapped[float]
    shown: Mapped[dict[str, Any] | None]
    seconds: Mapped[float | None]
    given_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    marking: Mapped[int] = mapped_column(sa.SmallInteger, default=MARKING, server_default="1")
    practice: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
