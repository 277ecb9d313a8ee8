"""Every table, for migrations and for whatever walks them all: import it to have them known."""

from course.record.answering import tables as answering
from course.record.mail import tables as mail
from course.record.people import tables as people
from course.record.progress import tables as progress
from course.record.publishing import tables as publishing
from course.record.revisions import tables as revisions
from course.record.statistics import tables as statistics
from course.record.store.base import Base

__all__ = [
    "Base",
    "answering",
    "mail",
    "people",
    "progress",
    "publishing",
    "revisions",
    "statistics",
]
