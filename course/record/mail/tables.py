"""Outgoing mail."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from course.record.people.tables import MailToken
from course.record.store.base import Base, BigId, now
from course.record.store.ownership import ADDRESS_LENGTH, Call, Ownership, Skipped


class OutgoingMail(Base):
    """A mail in the queue, sent or failed: see the invariants of `course.record.mail.mail_queue`.

    *kind* names what was requested, *network* is a pseudonym of the requesting network. *body* holds *nonce*
    in place of its link's secret; both are emptied when the mail was sent or has failed. *error* is the
    reason of the last failed attempt, without addresses.
    """

    __tablename__ = "outgoing_mail"
    ownership = Ownership(
        merge=Skipped("it belongs to an address, and a guest has none"),
        export=Skipped("it was sent to the learner; its text is not stored"),
        erase=Call("course.record.mail.mail_queue:erase"),
    )
    __table_args__ = (
        sa.Index(None, "recipient", "created_at"),
        sa.Index(None, "network", "created_at"),
        sa.Index(None, "next_attempt_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    recipient: Mapped[str] = mapped_column(sa.String(ADDRESS_LENGTH))
    kind: Mapped[str] = mapped_column(sa.String(20))
    network: Mapped[str] = mapped_column(sa.String(64))
    subject: Mapped[str] = mapped_column(sa.Text)
    body: Mapped[str] = mapped_column(sa.Text)
    nonce: Mapped[str] = mapped_column(sa.String(64))
    message_id: Mapped[str] = mapped_column(sa.String(255))
    mail_token_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(MailToken.id, ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(sa.String(200))
