"""Accounts: addresses, passwords, and which browser acts for which learner.

Invariants:
- An account begins when a link sent to its address is opened, never before.
- A sign-in gives the browser a new token and ends the one it had, so that a token which somebody
  planted or saw earlier is useless (session fixation).
- What a browser did as a guest is merged into the account; an account is never merged into another.
"""

import contextlib
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import argon2
import email_validator
import sqlalchemy as sa
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import orm

from course.content.course import Course
from course.record.people import learners, mail_links, merging
from course.record.people.learners import Identity
from course.record.people.tables import Account, Learner, SignIn
from course.record.revisions.registration import CourseSnapshot
from course.record.store import ownership
from course.record.store.base import now
from course.record.store.ownership import columns
from course.record.tables import Base

MIN_PASSWORD = 10
MAX_PASSWORD = 200
MAX_MAIL = 320
"""Longer input is refused as an address; the standards allow 254 characters."""

COST = {"time_cost": 3, "memory_cost": 64 * 1024, "parallelism": 4}
"""The second recommendation of RFC 9106, section 4: 64 MiB (memory_cost is in KiB)."""

HASHING = 2
"""How many passwords one process hashes at once: each takes the memory above."""

MAX_WAITING = 6
"""How many more may wait: together with HASHING, half of the threads that serve pages."""

MAX_WAIT = 5.0
"""How many seconds each of them waits at most."""

RECENT_SIGN_IN = timedelta(minutes=20)
"""How long after signing in somebody without a password may change how they sign in."""


class InvalidInput(ValueError):
    """The value of *field* is refused; the message says why."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class AddressTaken(Exception):
    """The address has an account already."""


class TooManyHashes(Exception):
    """Too many passwords wait to be hashed in this process; the request can be repeated."""


class Passwords:
    """Hashes passwords with Argon2 and checks them; *cost* is that of `argon2.PasswordHasher`.

    HASHING passwords are hashed at once and MAX_WAITING more may wait, so that neither memory nor threads run
    out. Beyond that both methods raise TooManyHashes.
    """

    def __init__(self, **cost: Any) -> None:
        self._hasher = argon2.PasswordHasher(**{**COST, **cost})
        self._dummy_hash = self._hasher.hash(secrets.token_hex())
        self._admitted = threading.BoundedSemaphore(HASHING + MAX_WAITING)
        self._hashing = threading.BoundedSemaphore(HASHING)

    def hash(self, password: str) -> str:
        with self._turn():
            return self._hasher.hash(_normalise_password(password))

    def verify(self, password: str, stored: str | None) -> bool:
        """Return whether *password* matches the stored hash; takes as long when there is none."""
        with self._turn():
            try:
                return self._hasher.verify(
                    stored or self._dummy_hash, _normalise_password(password)
                ) and bool(stored)
            except (VerificationError, InvalidHashError):
                return False

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._admitted.acquire(blocking=False):
            raise TooManyHashes
        try:
            if not self._hashing.acquire(timeout=MAX_WAIT):
                raise TooManyHashes
            try:
                yield
            finally:
                self._hashing.release()
        finally:
            self._admitted.release()


def _normalise_password(password: str) -> str:
    """Return *password* in Unicode's form NFKC, since keyboards compose accents differently.

    It is cut at MAX_PASSWORD + 1 characters: normalising takes quadratic time.
    """
    return unicodedata.normalize("NFKC", password[: MAX_PASSWORD + 1])


def normalise_address(mail: str, field: str = "mail") -> str:
    """Return an address as it is stored and compared; raises InvalidInput if it is not valid."""
    if len(mail) > MAX_MAIL:
        raise InvalidInput(field, f"An email address has at most {MAX_MAIL} characters.")
    try:
        found = email_validator.validate_email(
            mail.strip(), check_deliverability=False, allow_smtputf8=False
        )
    except email_validator.EmailNotValidError as error:
        message = f"Enter an email address such as name@example.org. ({error})"
        raise InvalidInput(field, message) from None
    return (found.ascii_email or found.normalized).casefold()


def check_password(password: str, mail: str) -> None:
    """Raise InvalidInput for a password that is too short, too long or part of the address."""
    if len(password) < MIN_PASSWORD:
        raise InvalidInput("password", f"Use {MIN_PASSWORD} characters or more for the password.")
    if len(password) > MAX_PASSWORD:
        raise InvalidInput("password", f"Use {MAX_PASSWORD} characters or fewer for the password.")
    if password.casefold() in mail:
        raise InvalidInput("password", "Use a password that isn’t part of your email address.")


def find_account(session: orm.Session, learner_id: int) -> Account | None:
    """Return a learner's account; None for a guest."""
    return session.get(Account, learner_id)


def find_by_mail(session: orm.Session, mail: str) -> Account | None:
    """Return the account of an address in the form of `normalise_address`."""
    return session.scalars(sa.select(Account).where(Account.mail == mail)).one_or_none()


def create_account(
    session: orm.Session, mail: str, guest: int | None, password_hash: str | None = None
) -> Account:
    """Create an account for an address; *guest* becomes its learner if still free. Raises AddressTaken.

    The guest's browsers are signed out: only the browser that opened the link continues with the account.
    """
    try:
        with session.begin_nested():
            learner_id = _learner_for(session, guest)
            account = Account(learner_id=learner_id, mail=mail, password_hash=password_hash)
            session.add(account)
    except sa.exc.IntegrityError:
        raise AddressTaken from None
    merging.end_sign_ins(session, learner_id)
    return account


def _learner_for(session: orm.Session, guest: int | None) -> int:
    if guest is not None and merging.free_guest(session, guest):
        return guest
    learner = Learner()
    session.add(learner)
    session.flush()
    return learner.id


def sign_in_browser(
    session: orm.Session,
    learner_id: int,
    who: Identity | None,
    browser: str,
    course: Course | None = None,
) -> str:
    """Sign a browser in to an account and return its new token; *who* is its identity until now.

    A guest's answers are merged into the account; *course* says how many attempts count.
    """
    if who is not None:
        if who.is_guest:
            merging.merge(session, who.learner_id, learner_id, course)
        learners.end_sign_in(session, who.learner_id, who.sign_in_id)
    return learners.sign_in(session, learner_id, browser)


def is_recent_sign_in(session: orm.Session, sign_in_id: int) -> bool:
    """Return whether a browser signed in within RECENT_SIGN_IN."""
    made = session.scalars(sa.select(SignIn.created_at).where(SignIn.id == sign_in_id)).one()
    return (
        abs(now() - made) < RECENT_SIGN_IN
    )  # in the future, where the clock was set back: not fresh


def lock_account(session: orm.Session, learner_id: int) -> Account | None:
    """Return a learner's account and lock its row, so that its password and address cannot change.

    To avoid deadlocks, lock the account before any of its links.
    """
    return session.scalars(
        sa.select(Account)
        .where(Account.learner_id == learner_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def set_password(
    session: orm.Session, learner_id: int, password_hash: str, keep: int | None = None
) -> None:
    """Set a new password; end all sign-ins except *keep*, and all links issued earlier."""
    account = lock_account(session, learner_id)
    if account is None:
        return
    account.password_hash = password_hash
    session.flush()
    _end_access(session, account, keep, account.mail)


def set_mail(session: orm.Session, learner_id: int, mail: str, keep: int | None = None) -> None:
    """Set a new address, which its owner has confirmed; raises AddressTaken.

    Ends all sign-ins except *keep*, and all links issued earlier to the old or the new address.
    """
    account = lock_account(session, learner_id)
    if account is None:
        return
    old = account.mail
    try:
        with session.begin_nested():
            account.mail = mail
            session.flush()
    except sa.exc.IntegrityError:
        raise AddressTaken from None
    _end_access(session, account, keep, old, mail)


def _end_access(session: orm.Session, account: Account, keep: int | None, *addresses: str) -> None:
    # Links first: a link that is being used at this moment is either spent here, or has signed a browser in
    # before browsers are signed out.
    mail_links.withdraw(session, account.learner_id, *addresses)
    merging.end_sign_ins(session, account.learner_id, keep)


def set_role(
    session: orm.Session, mail: str, role: str, password_hash: str | None = None
) -> Account:
    """Give the account of *mail* a *role*, and return it; create it if there is none."""
    account = find_by_mail(session, mail) or create_account(session, mail, None)
    account.role = role
    session.flush()
    if password_hash is not None:
        set_password(session, account.learner_id, password_hash)
    return account


def erase(session: orm.Session, learner_id: int) -> None:
    """Delete a learner with everything that belongs to them, guests merged into them too."""
    merged = sa.select(Learner.id).where(Learner.merged_into == learner_id)
    session.execute(merged.with_for_update())
    session.execute(sa.select(Learner.id).where(Learner.id == learner_id).with_for_update())
    account = find_account(session, learner_id)
    for table, owned in reversed([*ownership.declared(Base)]):
        owned.erase(session, table, learner_id, account.mail if account else None)
    session.execute(sa.delete(Learner).where(Learner.id == learner_id))


def export(
    session: orm.Session, learner_id: int, _published: CourseSnapshot
) -> dict[str, Any] | None:
    """Return a learner's account for the export of own data, without secrets; None for a guest."""
    account = find_account(session, learner_id)
    if account is None:
        return None
    has_password = account.password_hash is not None
    return {**columns(account, ("mail", "role", "created_at")), "has_password": has_password}
