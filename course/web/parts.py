"""What every request may use: the database, the published course, and who asks."""

from typing import cast

from flask import current_app
from flask_login import UserMixin, current_user

from course.record.answering.recording import Recorder
from course.record.people.learners import Identity
from course.record.revisions.published_course import Shelf
from course.record.revisions.registration import Published
from course.record.store.database import Database


class Visitor(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """Who asks, as Flask-Login knows them: a browser's token, and whom it stands for."""

    def __init__(self, token: str, identity: Identity) -> None:
        self.token = token
        self.identity = identity

    def get_id(self) -> str:
        return self.token


def database() -> Database:
    """Return the application's database."""
    return cast(Database, current_app.extensions["course_database"])


def recorder() -> Recorder:
    """Return what records answers in it."""
    return cast(Recorder, current_app.extensions["course_recorder"])


def published() -> Published:
    """Return the course as it is published now."""
    return cast(Shelf, current_app.extensions["course_shelf"]).get()


def identity() -> Identity | None:
    """Return who asks; None for a browser that has not answered anything yet."""
    if current_user.is_authenticated:
        return cast(Identity, current_user.identity)
    return None
