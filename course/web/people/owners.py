"""Whose answer it is: the key by which a browser names the learner that it acts for.

A browser keeps answers that could not be sent yet, and other people may sign in there meanwhile. So each
answer names its owner, and the service refuses one that comes with somebody else's session. Session and
owner arrive in one request, so nothing can change between the two.
"""

import hashlib
import hmac
from typing import cast

import sqlalchemy as sa
from flask import Flask, current_app

from course.record.people.tables import Learner
from course.web import parts


class OtherLearner(Exception):
    """The answer belongs to another learner than the one whose session it came with."""


class Owners:
    """Makes the keys of learners: opaque, and the same for as long as the secret key is."""

    def __init__(self, secret: str) -> None:
        self._secret = hashlib.sha256(f"owner {secret}".encode()).digest()

    def key(self, learner_id: int) -> str:
        """Return a learner's key, 24 hex digits."""
        return hmac.new(self._secret, b"%d" % learner_id, hashlib.sha256).hexdigest()[:24]

    def is_key(self, learner_id: int, owner: str) -> bool:
        """Return whether *owner* names this learner, or nobody."""
        return not owner or owner == self.key(learner_id)


def init_app(app: Flask) -> None:
    """Make keys with the secret of *app*."""
    app.extensions["course_owners"] = Owners(app.config["SECRET_KEY"])


def key(learner_id: int) -> str:
    """Return a learner's key."""
    return _owners().key(learner_id)


def merged(learner_id: int) -> list[str]:
    """Return the keys of the guests whose records are part of a learner's now."""
    found = sa.select(Learner.id).where(Learner.merged_into == learner_id).order_by(Learner.id)
    with parts.database().read() as session:
        return [key(guest) for guest in session.scalars(found)]


def check(learner_id: int, owner: str) -> None:
    """Raise OtherLearner unless *owner* names a learner, a guest who was merged into them, or nobody."""
    if not _owners().is_key(learner_id, owner) and owner not in merged(learner_id):
        raise OtherLearner


def _owners() -> Owners:
    return cast(Owners, current_app.extensions["course_owners"])
