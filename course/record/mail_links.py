"""Links sent by mail: each for one purpose, good once and for a while. We hold hashes of them only."""

import secrets
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import orm

from course.record.database import now
from course.record.learners import hashed
from course.record.tables import MailToken

LIFETIMES = {
    "sign-in": timedelta(minutes=20),
    "sign-up": timedelta(hours=1),
    "reset": timedelta(hours=1),
    "change-mail": timedelta(hours=1),
}
"""How long a link is good, for each purpose."""

MAX_AN_HOUR = 10
"""Links to one address, so that nobody fills a stranger's mailbox through us."""

KEPT = timedelta(days=1)
"""How long a link is remembered after its time."""


class Spent(Exception):
    """A link that is not, or no longer, good: used, too old, for something else, or made up."""


class TooMany(Exception):
    """An address has had enough mail for now."""


def issue(
    session: orm.Session,
    purpose: str,
    mail: str,
    learner_id: int | None = None,
    password_hash: str | None = None,
) -> str:
    """Return the secret part of a new link to *mail*; raises TooMany."""
    moment = now()
    session.execute(sa.delete(MailToken).where(MailToken.expires_at < moment - KEPT))
    lately = MailToken.created_at > moment - timedelta(hours=1)
    if session.scalars(_count(MailToken.mail == mail, lately)).one() >= MAX_AN_HOUR:
        raise TooMany
    token = secrets.token_urlsafe(32)
    session.add(
        MailToken(
            token_hash=hashed(token),
            purpose=purpose,
            mail=mail,
            learner_id=learner_id,
            password_hash=password_hash,
            created_at=moment,
            expires_at=moment + LIFETIMES[purpose],
        )
    )
    return token


def _count(*conditions: sa.ColumnElement[bool]) -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(MailToken).where(*conditions)


def _good(purpose: str, token: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        MailToken.token_hash == hashed(token),
        MailToken.purpose == purpose,
        MailToken.used_at.is_(None),
        MailToken.expires_at > now(),
    )


def find(session: orm.Session, purpose: str, token: str) -> MailToken:
    """Return the link and leave it good; raises Spent."""
    link = session.scalars(sa.select(MailToken).where(*_good(purpose, token))).one_or_none()
    if link is None:
        raise Spent
    return link


def use(session: orm.Session, purpose: str, token: str) -> MailToken:
    """Return the link and spend it; of two who try at once, one gets Spent."""
    link = session.scalars(
        sa.update(MailToken)
        .where(*_good(purpose, token))
        .values(used_at=now())
        .returning(MailToken)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if link is None:
        raise Spent
    return link


def withdraw(session: orm.Session, learner_id: int, *addresses: str) -> None:
    """Spend every link of an account: those issued for its learner, and those sent to its *addresses*.

    Links that sign in know an address only, since they may be sent to one that has no account yet.
    """
    session.execute(
        sa.update(MailToken)
        .where(
            sa.or_(MailToken.learner_id == learner_id, MailToken.mail.in_(addresses)),
            MailToken.used_at.is_(None),
        )
        .values(used_at=now())
        .execution_options(synchronize_session=False)
    )
