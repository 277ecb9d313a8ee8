"""Publications, their decisions, and the marks that these gave."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from course.record.answering.tables import Answer
from course.record.store.base import Base, BigId, Name, now
from course.record.store.ownership import CASCADE, Ownership, Skipped


class Publication(Base):
    """One `course publish`, and what it did to the record. Of an undone one only this row is left.

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
    """What a trainer decided about answers to revision *old* of a question, when *new* replaced it.

    It does not apply to answers recorded after *closed_at*, when *old* was published again.
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
    """A mark that a decision gave to an answer; the mark of the latest decision counts.

    *share* and *out_of* mean the same as in `Answer`; both are None where the answer is void.
    """

    __tablename__ = "mark"
    ownership = Ownership(
        merge=Skipped("it follows its answer (ON UPDATE CASCADE)"),
        export=Skipped("each answer comes with its marks"),
        erase=CASCADE,
    )
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["learner_id", "client_id"],
            [Answer.learner_id, Answer.client_id],
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
