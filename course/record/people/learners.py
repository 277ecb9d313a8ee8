"""Learners and guests, and the browsers that they are signed in with."""

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from course.record.people.tables import Account, Learner, SignIn, new_seed
from course.record.store.base import now
from course.record.store.statements import Query, Source, names_column


class Erased(Exception):
    """The learner has been erased."""


LAST_SEEN_INTERVAL = timedelta(hours=1)
"""How old `last_seen_at` may be before a request updates it."""


@dataclass(frozen=True)
class Identity:
    """The learner that a browser's token identifies. *mail* and *role* are None for a guest."""

    learner_id: int
    sign_in_id: int
    mail: str | None
    role: str | None
    seen_lately: bool

    @property
    def is_guest(self) -> bool:
        return self.mail is None


def hash_token(token: str) -> str:
    """Return the hash of a secret token, which is all that is stored of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def start_guest(session: orm.Session, browser: str, seed: str = "") -> str:
    """Create a guest for *browser* and return its token.

    *seed* is the one by which the browser has arranged its pages so far.
    """
    learner = Learner(seed=seed or new_seed())
    session.add(learner)
    session.flush()
    return sign_in(session, learner.id, browser)


def sign_in(session: orm.Session, learner_id: int, browser: str) -> str:
    """Sign *browser* in as a learner and return its token."""
    token = secrets.token_urlsafe(32)
    session.add(SignIn(learner_id=learner_id, token_hash=hash_token(token), browser=browser[:200]))
    session.flush()
    return token


def _sign_ins(dialect: str) -> Any:
    columns = (SignIn.id, SignIn.learner_id, SignIn.last_seen_at, Account.mail, Account.role)
    return (
        sa.select(SignIn.token_hash, *columns)
        .outerjoin(Account, Account.learner_id == SignIn.learner_id)
        .where(SignIn.token_hash.in_(sa.select(names_column(dialect))), SignIn.ended_at.is_(None))
    )


_SIGN_INS = Query(_sign_ins)


def identify_all(source: Source, tokens: Iterable[str]) -> dict[str, Identity]:
    """Return the identity of each of *tokens*, without those that have ended or are unknown."""
    by_hash = {hash_token(token): token for token in tokens}
    rows = _SIGN_INS.rows(source, names=json.dumps(list(by_hash))) if by_hash else []
    renewed = now() - LAST_SEEN_INTERVAL
    return {
        by_hash[token_hash]: Identity(learner_id, sign_in_id, mail, role, seen_at > renewed)
        for token_hash, sign_in_id, learner_id, seen_at, mail, role in rows
    }


def identify(source: Source, token: str) -> Identity | None:
    """Return the identity of *token*; None if it has ended or is unknown."""
    return identify_all(source, [token]).get(token)


def record_use(session: orm.Session, sign_in_id: int) -> None:
    """Update when a browser was last seen."""
    session.execute(sa.update(SignIn).where(SignIn.id == sign_in_id).values(last_seen_at=now()))


def end_sign_in(session: orm.Session, learner_id: int, sign_in_id: int) -> bool:
    """Sign one of a learner's browsers out; return False if it was not theirs or not signed in."""
    result = session.execute(
        sa.update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.learner_id == learner_id, SignIn.ended_at.is_(None))
        .values(ended_at=now())
        .returning(SignIn.id)
    )
    return result.first() is not None


def sign_ins(session: orm.Session, learner_id: int) -> list[SignIn]:
    """Return the browsers that a learner is signed in with, last used first."""
    return list(
        session.scalars(
            sa.select(SignIn)
            .where(SignIn.learner_id == learner_id, SignIn.ended_at.is_(None))
            .order_by(SignIn.last_seen_at.desc(), SignIn.id.desc())
        )
    )


def lock_learner(session: orm.Session, learner_id: int) -> int:
    """Lock a learner's row against merging; return its id, or that of the account it was merged into.

    Call it first in a transaction that writes to the learner's record. Raises Erased.
    """
    while True:
        row = session.execute(
            sa.select(Learner.merged_into)
            .where(Learner.id == learner_id)
            .with_for_update(key_share=True)
        ).one_or_none()
        if row is None:
            raise Erased
        if row.merged_into is None:
            return learner_id
        learner_id = row.merged_into


def export_seed(session: orm.Session, learner_id: int, _published: Any) -> str:
    """Return the seed by which a learner's questions are arranged; "" if there is no such learner."""
    return session.scalar(sa.select(Learner.seed).where(Learner.id == learner_id)) or ""
