"""Links sent by mail: each for one purpose, valid once and for a limited time. Only hashes are stored."""

import base64
import hashlib
import hmac
import secrets
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import orm

from course.record.mail.tables import OutgoingMail
from course.record.people.learners import hash_token
from course.record.people.tables import MailToken
from course.record.store.base import now

LIFETIMES = {
    "sign-in": timedelta(minutes=20),
    "sign-up": timedelta(hours=1),
    "reset": timedelta(hours=1),
    "change-mail": timedelta(hours=1),
}
"""How long a link is valid, by purpose."""

RETENTION = timedelta(days=1)
"""How long the row of a link is stored after it has expired."""


class InvalidLink(Exception):
    """The link is not valid: used, expired, for another purpose, or made up."""


def derive_token(key: str, nonce: str) -> str:
    """Return the token of a link, derived from the installation's secret key and a nonce.

    Queued mail holds only the nonce, which is useless to somebody who reads the database without the key.
    Each attempt to send the mail derives the same link.
    """
    made = hmac.digest(key.encode(), b"mail link " + nonce.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def issue(
    session: orm.Session,
    purpose: str,
    mail: str,
    learner_id: int | None = None,
    password_hash: str | None = None,
) -> str:
    """Return the secret part of a new link for *mail*."""
    token = secrets.token_urlsafe(32)
    record(session, token, purpose, mail, learner_id, password_hash)
    return token


def record(
    session: orm.Session,
    token: str,
    purpose: str,
    mail: str,
    learner_id: int | None = None,
    password_hash: str | None = None,
) -> MailToken:
    """Store a link with the secret part *token*, and delete links that expired long ago."""
    moment = now()
    session.execute(sa.delete(MailToken).where(MailToken.expires_at < moment - RETENTION))
    link = MailToken(
        token_hash=hash_token(token),
        purpose=purpose,
        mail=mail,
        learner_id=learner_id,
        password_hash=password_hash,
        created_at=moment,
        expires_at=moment + LIFETIMES[purpose],
    )
    session.add(link)
    session.flush()
    return link


def renew(session: orm.Session, link_id: int) -> None:
    """Let the lifetime of a link begin now, when its mail is sent."""
    link = session.get(MailToken, link_id)
    if link is not None:
        link.expires_at = now() + LIFETIMES[link.purpose]


def _is_valid(purpose: str, token: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        MailToken.token_hash == hash_token(token),
        MailToken.purpose == purpose,
        MailToken.used_at.is_(None),
        MailToken.expires_at > now(),
    )


def find(session: orm.Session, purpose: str, token: str) -> MailToken:
    """Return a valid link without using it; raises InvalidLink."""
    link = session.scalars(sa.select(MailToken).where(*_is_valid(purpose, token))).one_or_none()
    if link is None:
        raise InvalidLink
    return link


def use(session: orm.Session, purpose: str, token: str) -> MailToken:
    """Use up a valid link and return it; raises InvalidLink, also for one of two concurrent calls."""
    link = session.scalars(
        sa.update(MailToken)
        .where(*_is_valid(purpose, token))
        .values(used_at=now())
        .returning(MailToken)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if link is None:
        raise InvalidLink
    return link


def withdraw(session: orm.Session, learner_id: int, *addresses: str) -> None:
    """Invalidate every link of an account: those of its learner, and those sent to its *addresses*.

    Links for signing in name an address only, because it may have no account yet. Queued mail with such a
    link is deleted.
    """
    theirs = sa.or_(MailToken.learner_id == learner_id, MailToken.mail.in_(addresses))
    links = sa.select(MailToken.id).where(theirs)
    unsent = (OutgoingMail.mail_token_id.in_(links), OutgoingMail.sent_at.is_(None))
    session.execute(sa.delete(OutgoingMail).where(*unsent))
    spend(session, theirs)


def spend(session: orm.Session, which: sa.ColumnElement[bool]) -> None:
    """Mark every link that meets a condition as used."""
    session.execute(
        sa.update(MailToken)
        .where(which, MailToken.used_at.is_(None))
        .values(used_at=now())
        .execution_options(synchronize_session=False)
    )


def erase(session: orm.Session, learner_id: int, address: str | None) -> None:
    """Delete the links of a learner, and those that were sent to their address."""
    theirs = sa.or_(MailToken.learner_id == learner_id, MailToken.mail == address)
    session.execute(sa.delete(MailToken).where(theirs))
