"""Merging a guest's record into an account's: nothing lost, nothing doubled.

Each table's `ownership` says what becomes of its rows. The guest's own row stays and points to the account,
so that an answer sent before the merge is still stored for the right learner.

To avoid deadlocks, rows of guests are locked before rows of accounts, as `learners.lock_learner` does.
"""

import sqlalchemy as sa
from sqlalchemy import orm

from course.content.course import Course
from course.record.people.tables import Account, Learner, SignIn
from course.record.store import ownership
from course.record.store.base import now
from course.record.tables import Base


def merge(session: orm.Session, guest: int, account: int, course: Course | None = None) -> bool:
    """Move what *guest* did to *account* and end the guest's sign-ins; return whether anything was merged.

    An account is never merged, and a guest only once. *course* says how many attempts are allowed.
    """
    if guest == account or not free_guest(session, guest):
        return False
    session.execute(_lock_row(account)).one()
    for table, owned in ownership.declared(Base):
        owned.merge(session, table, guest, account, course)
    session.execute(sa.update(Learner).where(Learner.id == guest).values(merged_into=account))
    return True


def free_guest(session: orm.Session, learner_id: int) -> bool:
    """Lock a learner's row; return whether it is a guest that was not merged yet."""
    row = session.execute(_lock_row(learner_id)).one_or_none()
    return row is not None and row.merged_into is None and session.get(Account, learner_id) is None


def _lock_row(learner_id: int) -> sa.Select[int | None]:
    return (
        sa.select(Learner.merged_into)
        .where(Learner.id == learner_id)
        .with_for_update(key_share=True)
    )


def end_sign_ins(session: orm.Session, learner_id: int, keep: int | None = None) -> None:
    """Sign every browser of a learner out, except *keep*."""
    session.execute(
        sa.update(SignIn)
        .where(SignIn.learner_id == learner_id, SignIn.ended_at.is_(None), SignIn.id != (keep or 0))
        .values(ended_at=now())
    )


def end_guest_sign_ins(
    session: orm.Session, guest: int, _account: int, _course: Course | None
) -> None:
    """Sign out every browser of a guest who is merged."""
    end_sign_ins(session, guest)
