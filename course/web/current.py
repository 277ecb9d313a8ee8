"""The current request's database, published course and identity."""

from typing import cast

from flask import current_app
from flask_login import UserMixin, current_user

from course.record.answering.recording import Recorder
from course.record.people.learners import Identity
from course.record.revisions.published_course import PublishedCourse
from course.record.revisions.registration import CourseSnapshot
from course.record.store.database import Database


class Visitor(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """Flask-Login's user: a session's token and its identity."""

    def __init__(self, token: str, identity: Identity) -> None:
        self.token = token
        self.identity = identity

    def get_id(self) -> str:
        return self.token


def database() -> Database:
    """Return the application's database."""
    return cast(Database, current_app.extensions["course_database"])


def recorder() -> Recorder:
    """Return the application's recorder of answers."""
    return cast(Recorder, current_app.extensions["course_recorder"])


def published() -> CourseSnapshot:
    """Return the course as it is published now."""
    return cast(PublishedCourse, current_app.extensions["course_published"]).get()


def identity() -> Identity | None:
    """Return the requester's identity; None without a session."""
    if current_user.is_authenticated:
        return cast(Identity, current_user.identity)
    return None
