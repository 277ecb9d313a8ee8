"""The queue of outgoing mail: written in the transaction that causes the mail, sent later in the background.

Invariants:
- A mail is in the queue exactly when what it reports is in the record.
- A row holds no working link. In place of the link's secret the text has a nonce, from which only the holder
  of the secret key derives the token (`mail_links.derive_token`). The text is deleted when the mail was sent,
  or has failed for good.
- One sender at a time works on a mail: it claims the row for LEASE. If it crashes, another sender sends the
  mail after that with the same Message-ID, so a mail may arrive twice and is never lost.
- Only mail that was sent, or waits for its first attempt, counts in a quota.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import orm

from course.record.mail.tables import OutgoingMail
from course.record.people import mail_links
from course.record.people.tables import MailToken
from course.record.store.base import now

LEASE = timedelta(minutes=2)
"""How long a sender may work on one mail; longer than a mail server may take (`course.web.mail.messages`)."""

DELAYS = tuple(
    timedelta(seconds=seconds) for seconds in (10, 30, 60, 120, 300, 600, 1200, 3600, 7200, 14400)
)
"""The pause after each failed attempt. When none is left, or the mail has expired, it has failed."""

LINK_TIME = timedelta(hours=1)
NOTICE_TIME = timedelta(days=1)
"""How long sending is tried: people wait for a link, but a notice is still useful the next day."""

SENT_RETENTION = timedelta(days=1)
FAILED_RETENTION = timedelta(days=7)
"""How long the row stays after its text was deleted, for quotas and for operators."""

NOTICE = "notice"
"""The kind of mail that reports a change; other kinds name what was requested, and have quotas."""

HOUR = timedelta(hours=1)
FROM_ONE_NETWORK = 5
TO_ONE_ADDRESS = 10
"""At most so many mails to one address within an hour: requested from one network, and in all."""

REPEAT_INTERVAL = timedelta(minutes=15)
"""Beyond these limits, one mail of each kind is still sent in this time; links are valid longer.

So using up an address's quota locks nobody out: its owner has a valid link, or gets one.
"""

SKEW = timedelta(minutes=1)
"""Rows dated further ahead than this were written before the clock was set back."""


class TooMany(Exception):
    """The quota of an address or a network is used up; a request is allowed again in *seconds*."""

    def __init__(self, wait: timedelta) -> None:
        self.seconds = max(1, math.ceil(wait.total_seconds()))
        super().__init__(f"try again in {self.seconds} seconds")


@dataclass(frozen=True)
class Draft:
    """A mail to queue; *body* has *nonce* in place of the secret of a link."""

    recipient: str
    kind: str
    subject: str
    body: str
    message_id: str
    nonce: str = ""


@dataclass(frozen=True)
class NetworkQuota:
    """A network may request *many* mails in the time *within*; *network* is its pseudonym."""

    network: str
    many: int
    within: timedelta


def enqueue(
    session: orm.Session,
    draft: Draft,
    bound: NetworkQuota | None = None,
    link: MailToken | None = None,
) -> None:
    """Put a mail into the queue. *link* is the one in its text."""
    moment = now()
    network = bound.network if bound else ""
    if draft.kind != NOTICE:
        _replace_failing(session, draft, network)
    session.add(
        OutgoingMail(
            recipient=draft.recipient,
            kind=draft.kind,
            network=network,
            subject=draft.subject,
            body=draft.body,
            nonce=draft.nonce,
            message_id=draft.message_id,
            mail_token_id=link.id if link else None,
            created_at=moment,
            next_attempt_at=moment,
            expires_at=moment + (LINK_TIME if link else NOTICE_TIME),
        )
    )


def _replace_failing(session: orm.Session, draft: Draft, network: str) -> None:
    """Delete an earlier mail of the same request that waits for another attempt.

    So the queue does not grow with repeated requests while the mail server is down.
    """
    failing = (
        OutgoingMail.recipient == draft.recipient,
        OutgoingMail.kind == draft.kind,
        OutgoingMail.network == network,
        *_WAITING,
        OutgoingMail.attempts > 0,
    )
    links = sa.select(OutgoingMail.mail_token_id).where(*failing)
    mail_links.spend(session, MailToken.id.in_(links))
    session.execute(sa.delete(OutgoingMail).where(*failing))


_WAITING = (OutgoingMail.sent_at.is_(None), OutgoingMail.failed_at.is_(None))

_COUNTED = (
    OutgoingMail.failed_at.is_(None),
    sa.or_(OutgoingMail.sent_at.is_not(None), OutgoingMail.attempts == 0),
)


def check_quota(session: orm.Session, recipient: str, kind: str, bound: NetworkQuota) -> None:
    """Raise TooMany when the quota of *recipient*, or of the requesting network, is used up.

    The rules do not depend on whether the address has an account, so they do not reveal it.
    """
    moment = now()
    mine = OutgoingMail.network == bound.network
    waiting_or_sent = (OutgoingMail.failed_at.is_(None), OutgoingMail.kind != NOTICE)
    asked, first, _ = _count(session, moment - bound.within, mine, *waiting_or_sent)
    if asked >= bound.many and first is not None:
        raise TooMany(first + bound.within - moment)
    to_them = (OutgoingMail.recipient == recipient, OutgoingMail.kind != NOTICE, *_COUNTED)
    total, *_ = _count(session, moment - HOUR, *to_them)
    from_here, *_ = _count(session, moment - HOUR, *to_them, mine)
    if total < TO_ONE_ADDRESS and from_here < FROM_ONE_NETWORK:
        return
    *_, last = _count(session, moment - REPEAT_INTERVAL, *to_them, OutgoingMail.kind == kind)
    if last is not None:
        raise TooMany(last + REPEAT_INTERVAL - moment)


def _count(
    session: orm.Session, since: datetime, *conditions: sa.ColumnElement[bool]
) -> tuple[int, datetime | None, datetime | None]:
    """Return how many mails since a moment meet *conditions*, and when the first and last were queued."""
    created_at = OutgoingMail.created_at
    many, first, last = session.execute(
        sa.select(sa.func.count(), sa.func.min(created_at), sa.func.max(created_at)).where(
            created_at > since, created_at <= now() + SKEW, *conditions
        )
    ).one()
    return many, first, last


def lock_recipient(session: orm.Session, recipient: str) -> None:
    """Lock *recipient* until the transaction ends, so that quotas are exact under concurrent requests."""
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer anyway
        key = sa.func.hashtextextended(f"mail {recipient}", 0)
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def is_due(session: orm.Session) -> bool:
    """Return whether a mail is due; only reads."""
    return session.scalars(_due(now())).first() is not None


def _due(moment: datetime) -> sa.Select[int]:
    is_from_the_future = sa.and_(
        OutgoingMail.attempts == 0, OutgoingMail.created_at > moment + SKEW
    )
    return (
        sa.select(OutgoingMail.id)
        .where(
            *_WAITING,
            sa.or_(OutgoingMail.next_attempt_at <= moment, is_from_the_future),
            sa.or_(
                OutgoingMail.claimed_until.is_(None),
                OutgoingMail.claimed_until <= moment,
                OutgoingMail.claimed_until > moment + LEASE + SKEW,
            ),
        )
        .order_by(OutgoingMail.next_attempt_at, OutgoingMail.id)
        .limit(1)
    )


def claim(session: orm.Session) -> OutgoingMail | None:
    """Claim the mail that is due first for LEASE and return it; None if none is due.

    The lifetime of its link begins now, so that time in the queue is not lost to the reader.
    """
    moment = now()
    first = _due(moment).with_for_update(skip_locked=True).scalar_subquery()
    mail = session.scalars(
        sa.update(OutgoingMail)
        .where(OutgoingMail.id == first)
        .values(claimed_until=moment + LEASE)
        .returning(OutgoingMail)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if mail is not None and mail.mail_token_id is not None:
        mail_links.renew(session, mail.mail_token_id)
    return mail


def record_sent(session: orm.Session, mail_id: int) -> None:
    """Record that a mail was sent, and delete its text."""
    _update(session, mail_id, sent_at=now(), claimed_until=None, body="", nonce="", error="")


def record_failure(session: orm.Session, mail_id: int, reason: str, *, is_final: bool) -> bool:
    """Record a failed attempt; return whether the mail has failed for good.

    *is_final* says that another attempt would fail as well.
    """
    moment = now()
    mail = session.get(OutgoingMail, mail_id)
    if mail is None:  # deleted meanwhile, with its account or for a newer one
        return False
    attempts = mail.attempts + 1
    delay = DELAYS[mail.attempts] if mail.attempts < len(DELAYS) else None
    is_over = is_final or delay is None or moment + delay > mail.expires_at
    _update(
        session,
        mail_id,
        attempts=attempts,
        claimed_until=None,
        error=reason,
        failed_at=moment if is_over else None,
        next_attempt_at=moment + (delay or timedelta()),
    )
    return is_over


def _update(session: orm.Session, mail_id: int, **values: object) -> None:
    session.execute(sa.update(OutgoingMail).where(OutgoingMail.id == mail_id).values(**values))


def prune(session: orm.Session) -> int:
    """Fail expired mail, delete texts and rows that are not needed any more; return how many mails failed."""
    moment = now()
    is_over = OutgoingMail.expires_at < moment
    failed = session.execute(
        sa.update(OutgoingMail)
        .where(*_WAITING, is_over)
        .values(failed_at=moment, error=sa.func.coalesce(OutgoingMail.error, "out of time"))
        .returning(OutgoingMail.id)
    ).all()
    session.execute(
        sa.update(OutgoingMail).where(is_over, OutgoingMail.body != "").values(body="", nonce="")
    )
    session.execute(
        sa.delete(OutgoingMail).where(
            sa.or_(
                OutgoingMail.sent_at < moment - SENT_RETENTION,
                OutgoingMail.failed_at < moment - FAILED_RETENTION,
            )
        )
    )
    return len(failed)


def erase(session: orm.Session, learner_id: int, address: str | None) -> None:
    """Delete every mail to an address, and every mail with a link of the learner."""
    links = sa.select(MailToken.id).where(MailToken.learner_id == learner_id)
    theirs = sa.or_(OutgoingMail.recipient == address, OutgoingMail.mail_token_id.in_(links))
    session.execute(sa.delete(OutgoingMail).where(theirs))


@dataclass(frozen=True)
class QueueOverview:
    """The numbers of waiting, sent and failed mails; *reasons* maps each error to its number."""

    waiting: int
    oldest: datetime | None
    """When the mail that waits longest was queued."""
    trying_again: int
    """How many of the waiting mails have failed attempts."""
    sent: int
    """How many were sent within SENT_RETENTION."""
    failed: int
    reasons: Mapping[str, int]


def overview(session: orm.Session) -> QueueOverview:
    """Count the queue."""
    waiting, oldest, again = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.min(OutgoingMail.created_at),
            sa.func.count(sa.case((OutgoingMail.attempts > 0, 1))),
        ).where(*_WAITING)
    ).one()
    sent = session.scalars(
        sa.select(sa.func.count()).where(OutgoingMail.sent_at > now() - SENT_RETENTION)
    ).one()
    reasons = session.execute(
        sa.select(OutgoingMail.error, sa.func.count())
        .where(OutgoingMail.failed_at.is_not(None))
        .group_by(OutgoingMail.error)
        .order_by(sa.func.count().desc(), OutgoingMail.error)
    )
    by_reason = {reason or "unknown": many for reason, many in reasons}
    return QueueOverview(waiting, oldest, again, sent, sum(by_reason.values()), by_reason)


def retry(session: orm.Session) -> tuple[int, int]:
    """Queue failed mail again; return how many mails that is, and how many have expired."""
    moment = now()
    failed = OutgoingMail.failed_at.is_not(None)
    again = session.execute(
        sa.update(OutgoingMail)
        .where(sa.or_(failed, sa.and_(*_WAITING)), OutgoingMail.expires_at > moment)
        .values(
            failed_at=None,
            attempts=sa.case((failed, 0), else_=OutgoingMail.attempts),
            next_attempt_at=moment,
        )
        .returning(OutgoingMail.id)
    ).all()
    too_old = session.scalars(sa.select(sa.func.count()).where(failed)).one()
    return len(again), too_old
