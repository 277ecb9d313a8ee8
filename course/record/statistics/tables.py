"""Cached item statistics."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from course.record.store.base import Base, Name


class LessonFigures(Base):
    """The cached figures of a lesson's questions: safe to delete, the next recount writes them again.

    *revisions* are those that the lesson asked then, by question; *look_at* is what was flagged, a line
    for each question. *took* is how many seconds it took. `figure_cache` reads and writes it.
    """

    __tablename__ = "lesson_figures"

    lesson: Mapped[str] = mapped_column(Name, primary_key=True)
    counted_at: Mapped[datetime]
    took: Mapped[float]
    revisions: Mapped[dict[str, Any]]
    learners: Mapped[int]
    look_at: Mapped[dict[str, Any]]
    figures: Mapped[dict[str, Any]]
