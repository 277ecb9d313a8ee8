"""Learners, their accounts and browsers, links sent by mail, and limits on signing in."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from course.record.store.base import Address, Base, BigId, now
from course.record.store.ownership import (
    ADDRESS_LENGTH,
    CASCADE,
    Call,
    Columns,
    Ownership,
    Section,
    Skipped,
)


def new_seed() -> str:
    """Return a learner's seed: eight hex digits that decide which questions, orders and numbers they get."""
    return secrets.token_hex(4)


class Learner(Base):
    """Someone who answers: a guest until an account belongs to it.

    The row of a guest that was merged stays, so that requests sent before the merge reach the account.
    """

    __tablename__ = "learner"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - an id is never given twice
    ownership = Ownership(
        merge=Skipped("the guest's row stays, and points to the account"),
        export=Section("seed", Call("course.record.people.learners:export_seed")),
        erase=CASCADE,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    merged_into: Mapped[int | None] = mapped_column(
        sa.ForeignKey("learner.id", ondelete="CASCADE"), index=True
    )
    seed: Mapped[str] = mapped_column(sa.String(16), default=new_seed, server_default="")


class Account(Base):
    """How a learner signs in. *mail* is stored as `accounts.normalise_address` returns it."""

    __tablename__ = "account"
    ownership = Ownership(
        merge=Skipped("a guest has none, and an account is never merged"),
        export=Section("account", Call("course.record.people.accounts:export")),
        erase=CASCADE,
    )

    learner_id: Mapped[int] = mapped_column(
        sa.ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    mail: Mapped[str] = mapped_column(Address, unique=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(255))
    role: Mapped[str] = mapped_column(sa.String(20), default="learner")
    created_at: Mapped[datetime] = mapped_column(default=now)


class SignIn(Base):
    """A browser that a learner or guest uses: its cookie holds a token, this row the hash of it."""

    __tablename__ = "sign_in"
    ownership = Ownership(
        merge=Call("course.record.people.merging:end_guest_sign_ins"),
        export=Section("sign_ins", Columns(("browser", "created_at", "last_seen_at", "ended_at"))),
        erase=CASCADE,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    learner_id: Mapped[int] = mapped_column(
        sa.ForeignKey("learner.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    browser: Mapped[str] = mapped_column(sa.String(200), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]


class MailToken(Base):
    """A link sent by mail, valid once and for one *purpose*. Only its hash is stored."""

    __tablename__ = "mail_token"
    ownership = Ownership(
        merge=Skipped("a link works only for its recipient, and expires"),
        export=Skipped("holds the hash of a secret, for a day"),
        erase=Call("course.record.people.mail_links:erase"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    purpose: Mapped[str] = mapped_column(sa.String(20))
    mail: Mapped[str] = mapped_column(sa.String(ADDRESS_LENGTH), index=True)
    learner_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("learner.id", ondelete="CASCADE"), index=True
    )
    password_hash: Mapped[str | None] = mapped_column(sa.String(255))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RateLimit(Base):
    """How often something happened in the window that ends at *ends_at*; *name* is a hash of what."""

    __tablename__ = "rate_limit"

    name: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    count: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)
