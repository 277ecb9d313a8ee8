"""Visits of lessons, and granted completions."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from course.record.people.tables import Learner
from course.record.store.base import Base, Name, now
from course.record.store.ownership import CASCADE, Columns, Joined, Ownership, Section, columns

FACTS = ("completed_at", "reason", "granted_at")


def _earlier_fact(guests: "GrantedCompletion", accounts: "GrantedCompletion") -> dict[str, Any]:
    return columns(guests if guests.completed_at < accounts.completed_at else accounts, FACTS)


class GrantedCompletion(Base):
    """A completion that stays though answers and rules do not show it (any more); *reason* says why.

    "mixed marks": an older engine took rules and marks of different moments together. "undone": the learner
    reached it by marks that a publication gave, before that was undone.
    """

    __tablename__ = "granted_completion"
    ownership = Ownership(
        merge=Joined(_earlier_fact),
        export=Section("granted_completions", Columns(("lesson", *FACTS))),
        erase=CASCADE,
    )

    learner_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Learner.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    lesson: Mapped[str] = mapped_column(Name, primary_key=True)
    completed_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.String(20))
    granted_at: Mapped[datetime] = mapped_column(default=now)


def _joined_visit(guests: "LessonVisit", accounts: "LessonVisit") -> dict[str, Any]:
    read = filter(None, (guests.read_at, accounts.read_at))
    return {
        "first_at": min(guests.first_at, accounts.first_at),
        "last_at": max(guests.last_at, accounts.last_at),
        "read_at": min(read, default=None),
    }


class LessonVisit(Base):
    """When a learner opened a lesson, and when they marked it as read."""

    __tablename__ = "lesson_visit"
    ownership = Ownership(
        merge=Joined(_joined_visit),
        export=Section("visits", Columns(("lesson", "first_at", "last_at", "read_at"))),
        erase=CASCADE,
    )

    learner_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Learner.id, ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    lesson: Mapped[str] = mapped_column(Name, primary_key=True)
    first_at: Mapped[datetime] = mapped_column(default=now)
    last_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
