"""Every revision of questions and of rules for completion, and the outlines of the course."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from course.record.store.base import Base, BigId, Name, now


class QuestionRevision(Base):
    """A question as it was published, complete. *revision* and *wording* are those of `Question`."""

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
