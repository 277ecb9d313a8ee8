"""Owner keys: an opaque key by which a browser names the learner to whom an answer belongs.

A browser stores answers that it could not send yet, and someone else may sign in there in the meantime. So
each answer names its owner, and the service rejects an answer that arrives with another learner's session.
"""

import hashlib
import hmac
from typing import cast

import sqlalchemy as sa
from flask import Flask, current_app

from course.record.people.tables import Learner
from course.record.store.database import Database


class OtherLearner(Exception):
    """The answer belongs to another learner than the session."""


class Owners:
    """Derives learners' keys from the secret key; they change only with it."""

    def __init__(self, secret: str, database: Database) -> None:
        self._secret = hashlib.sha256(f"owner {secret}".encode()).digest()
        self._database = database

    def key(self, learner_id: int) -> str:
        """Return a learner's key, 24 hex digits."""
        return hmac.new(self._secret, b"%d" % learner_id, hashlib.sha256).hexdigest()[:24]

    def is_key(self, learner_id: int, owner: str) -> bool:
        """Return whether *owner* is this learner's key, or empty."""
        return not owner or owner == self.key(learner_id)

    def merged(self, learner_id: int) -> list[str]:
        """Return the keys of the guests who were merged into a learner."""
        found = sa.select(Learner.id).where(Learner.merged_into == learner_id).order_by(Learner.id)
        with self._database.read() as session:
            return [self.key(guest) for guest in session.scalars(found)]

    def check(self, learner_id: int, owner: str) -> None:
        """Raise OtherLearner for the key of anyone but this learner and the guests merged into them."""
        if not self.is_key(learner_id, owner) and owner not in self.merged(learner_id):
            raise OtherLearner


def init_app(app: Flask) -> None:
    """Set up owner keys with the secret key of *app*."""
    secret, database = app.config["SECRET_KEY"], app.extensions["course_database"]
    app.extensions["course_owners"] = Owners(secret, database)


def key(learner_id: int) -> str:
    """Return a learner's key."""
    return _owners().key(learner_id)


def merged(learner_id: int) -> list[str]:
    """Return the keys of the guests who were merged into a learner."""
    return _owners().merged(learner_id)


def check(learner_id: int, owner: str) -> None:
    """Raise OtherLearner as `Owners.check` does."""
    _owners().check(learner_id, owner)


def _owners() -> Owners:
    return cast(Owners, current_app.extensions["course_owners"])
