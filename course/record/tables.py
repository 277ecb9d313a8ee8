"""The tables. Rows about what learners did are only added; nothing is counted up in a column.

Tables that grow with learners have keys that begin with the learner, so that PostgreSQL can partition
them by it.
"""

import secrets
import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from course.content.questions.base import MARKING
from course.record.database import Moment, now

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""A key that counts up; SQLite does so for its own INTEGER type only."""

Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
JsonOrNone = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)
Name = sa.String(120)

Address = sa.String(254).with_variant(sa.String(254, collation="C"), "postgresql")
"""In the order of its bytes, so that the index finds addresses that begin alike."""


def new_seed() -> str:
    """Return a learner's seed: eight hex digits that decide which questions, orders and numbers they get."""
    return secrets.token_hex(4)


class Base(orm.DeclarativeBase):
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy as it is
        datetime: Moment,
        uuid.UUID: sa.Uuid,
        dict[str, Any]: Json,
        dict[str, Any] | None: JsonOrNone,
        list[str]: Json,
        float: sa.Double,
    }


class Learner(Base):
    """Someone who answers: a guest until an account belongs to it.

    A guest that was merged into an account keeps its row, so that what is still under way finds the way.
    """

    __tablename__ = "learner"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - an id is never given twice

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    merged_into: Mapped[int | None] = mapped_column(
        sa.ForeignKey("learner.id", ondelete="CASCADE"), index=True
    )
    seed: Mapped[str] = mapped_column(sa.String(16), default=new_seed, server_default="")


class Account(Base):
    """How a learner signs in. *mail* is stored as `accounts.normal` returns it."""

    __tablename__ = "account"

    learner_id: Mapped[int] = mapped_column(
        sa.ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    mail: Mapped[str] = mapped_column(Address, unique=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(255))
    role: Mapped[str] = mapped_column(sa.String(20), default="learner")
    created_at: Mapped[datetime] = mapped_column(default=now)


class SignIn(Base):
    """One browser that a learner (a guest too) uses; its cookie holds the token, we hold the hash."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    learner_id: Mapped[int] = mapped_column(
        sa.ForeignKey("learner.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    browser: Mapped[str] = mapped_column(sa.String(200), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]


class MailToken(Base):
    """A link sent by mail, good once: *purpose* says for what. We hold the hash only."""

    __tablename__ = "mail_token"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    purpose: Mapped[str] = mapped_column(sa.String(20))
    mail: Mapped[str] = mapped_column(sa.String(254), index=True)
    learner_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("learner.id", ondelete="CASCADE"), index=True
    )
    password_hash: Mapped[str | None] = mapped_column(sa.String(255))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class OutgoingMail(Base):
    """A mail that leaves, or left: see `course.record.outgoing_mail` for what holds.

    *kind* names what was asked for, *network* is a pseudonym of the network that asked. *body* holds *nonce*
    in place of its link's secret; both are emptied when they are of no more use. *error* is the reason of the
    last failed attempt, without addresses.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        sa.Index(None, "recipient", "created_at"),
        sa.Index(None, "network", "created_at"),
        sa.Index(None, "next_attempt_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    recipient: Mapped[str] = mapped_column(sa.String(254))
    kind: Mapped[str] = mapped_column(sa.String(20))
    network: Mapped[str] = mapped_column(sa.String(64))
    subject: Mapped[str] = mapped_column(sa.Text)
    body: Mapped[str] = mapped_column(sa.Text)
    nonce: Mapped[str] = mapped_column(sa.String(64))
    message_id: Mapped[str] = mapped_column(sa.String(255))
    mail_token_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("mail_token.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(sa.String(200))


class RateLimit(Base):
    """How often something happened in the window that ends at *ends_at*; *name* is a hash of what."""

    __tablename__ = "rate_limit"

    name: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    count: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class QuestionRevision(Base):
    """A question as it was published, whole. *revision* and *wording* are those of `Question`."""

    __tablename__ = "question_revision"
    __table_args__ = (sa.UniqueConstraint("question", "revision", "wording"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    question: Mapped[str] = mapped_column(Name)
    revision: Mapped[str] = mapped_column(sa.String(16))
    wording: Mapped[str] = mapped_column(sa.String(16))
    content: Mapped[dict[str, Any]]
    published_at: Mapped[datetime] = mapped_column(default=now)


class LessonRevision(Base):
    """What completing a lesson took from *published_at* until the next row of the lesson.

    *rule* is ``{"title": ..., "questions": {id: points}, "pass_mark": 0.8}``, and where a few questions are
    drawn ``"pools": [[name, how many, [ids]]]``.
    """

    __tablename__ = "lesson_revision"
    __table_args__ = (sa.UniqueConstraint("lesson", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    lesson: Mapped[str] = mapped_column(Name)
    number: Mapped[int]
    rule: Mapped[dict[str, Any]]
    published_at: Mapped[datetime] = mapped_column(default=now)


class Outline(Base):
    """The lessons that made up the course from *published_at* until the next row."""

    __tablename__ = "outline"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lessons: Mapped[list[str]]
    published_at: Mapped[datetime] = mapped_column(default=now)


class Attempt(Base):
    """One go at a lesson's quiz. Number n holds the learner's nth answer to each question."""

    __tablename__ = "attempt"

    learner_id: Mapped[int] = mapped_column(
        sa.ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    lesson: Mapped[str] = mapped_column(Name, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    started_at: Mapped[datetime] = mapped_column(default=now)


class Answer(Base):
    """One submission for one question; *client_id* is made by whoever sent it.

    *given* is the form as sent; *share* of the points *out_of* is its mark, None where nobody marks it.
    It is the mark *then*, and stays: marks given anew are rows of `Mark`.
    *shown* is what differed on this learner's page, None where nothing did: "order" and "values" as in
    `Question.as_shown`, the "variant" that the page said, and "instead", the question that a sister replaced.
    *given_at* is the browser's clock when it was answered, *recorded_at* ours when it was stored;
    *seconds* is how long the question was in view before.
    *marking* is the version of the marking rules that *share* comes from. *practice* is set at a merge for an
    answer beyond the attempts that the quiz allows: it counts for neither score nor completion.
    """

    __tablename__ = "answer"
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
        sa.ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    client_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    lesson: Mapped[str] = mapped_column(Name)
    attempt: Mapped[int]
    question: Mapped[str] = mapped_column(Name)
    question_revision_id: Mapped[int] = mapped_column(
        sa.ForeignKey("question_revision.id"), index=True
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


class Publication(Base):
    """One `course publish`, and what it did to the record. An undone one keeps its row and nothing else.

    *entries* are those under `changes:` that it found in the course's quizzes, by question, each as
    ``[from, to, decision]``: they are applied once. None where an older engine published.
    """

    __tablename__ = "publication"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    published_at: Mapped[datetime] = mapped_column(default=now)
    published_by: Mapped[str] = mapped_column(sa.String(200))
    commit: Mapped[str] = mapped_column(sa.String(64))
    report: Mapped[dict[str, Any]]
    entries: Mapped[dict[str, Any] | None]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(sa.String(200))


class Decision(Base):
    """What a trainer decided about answers to revision *old* of a question, since *new* took its place.

    It concerns no answers recorded after *closed_at*, when *old* was published again.
    """

    __tablename__ = "decision"
    __table_args__ = (sa.UniqueConstraint("publication", "question", "old"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    publication: Mapped[int] = mapped_column(sa.ForeignKey("publication.number"))
    question: Mapped[str] = mapped_column(Name)
    old: Mapped[str] = mapped_column(sa.String(16))
    new: Mapped[str] = mapped_column(sa.String(16))
    decision: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str] = mapped_column(sa.Text)
    closed_at: Mapped[datetime | None]


class Mark(Base):
    """A mark given anew to an answer by a decision; of several the latest decision's counts.

    *share* and *out_of* read as those of an answer; both are None where the answer is void.
    """

    __tablename__ = "mark"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["learner_id", "client_id"],
            ["answer.learner_id", "answer.client_id"],
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
    )

    learner_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    client_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(
        sa.ForeignKey("decision.id"), primary_key=True, autoincrement=False, index=True
    )
    share: Mapped[float | None]
    out_of: Mapped[float | None]
    marked_at: Mapped[datetime] = mapped_column(default=now)


class GrantedCompletion(Base):
    """A completion that stays though answers and rules do not show it (any more); *reason* says why.

    "mixed marks": an older engine took rules and marks of different moments together. "undone": the learner
    reached it by marks that a publication gave, before that was undone.
    """

    __tablename__ = "granted_completion"

    learner_id: Mapped[int] = mapped_column(
        sa.ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    lesson: Mapped[str] = mapped_column(Name, primary_key=True)
    completed_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.String(20))
    granted_at: Mapped[datetime] = mapped_column(default=now)


class LessonVisit(Base):
    """When a learner opened a lesson, and when they marked it as read."""

    __tablename__ = "lesson_visit"

    learner_id: Mapped[int] = mapped_column(
        sa.ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    lesson: Mapped[str] = mapped_column(Name, primary_key=True)
    first_at: Mapped[datetime] = mapped_column(default=now)
    last_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]


class LessonFigures(Base):
    """The figures of a lesson's questions as they were counted last: may be thrown away, is made anew.

    *revisions* are those that the lesson asked then, by question; *look_at* is what was flagged, a line
    for each question. *took* is how many seconds it took. `course.record.kept` reads and writes it.
    """

    __tablename__ = "lesson_figures"

    lesson: Mapped[str] = mapped_column(Name, primary_key=True)
    counted_at: Mapped[datetime]
    took: Mapped[float]
    revisions: Mapped[dict[str, Any]]
    learners: Mapped[int]
    look_at: Mapped[dict[str, Any]]
    figures: Mapped[dict[str, Any]]
