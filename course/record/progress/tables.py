"""Visits of lessons, and completions that are kept as facts."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from course.record.people.tables import Learner
from course.record.store.base import Base, Name, now


class GrantedCompletion(Base):
    """A completion that stays though answers and rules do not show it (any more); *reason* says why.

    "mixed marks": an older engine took rules and marks of different moments together. "undone": the learner
    reached it by marks that a publication gave, before that was undone.
    """

    __tablename__ = "granted_completion"

    learner_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Learner.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    lesson: Mapped[str] = mapped_column(Name, primary_key=True)
    completed_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.String(20))
    granted_at: Mapped[datetime] = mapped_column(default=now)


class LessonVisit(Base):
    """When a learner opened a lesson, and when they marked it as read."""

    __tablename__ = "lesson_visit"

    learner_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Learner.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    lesson: Mapped[str] = mapped_column(Name, primary_key=True)
    first_at: Mapped[datetime] = mapped_column(default=now)
    last_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
