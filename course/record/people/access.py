"""Who may do what: the permissions, and which role has which.

Deny by default: a role has what its row of ROLE_PERMISSIONS names, and nothing else.
"""

from enum import StrEnum

from course.record.people.learners import Identity

VISITOR, GUEST = "visitor", "guest"
LEARNER, TRAINER, MANAGER, ADMINISTRATOR = "learner", "trainer", "manager", "administrator"

ACCOUNT_ROLES = (LEARNER, TRAINER, MANAGER, ADMINISTRATOR)
"""The roles that an account can have."""


class Permission(StrEnum):
    """What someone may do; the value completes the sentence "This role may ..."."""

    OPEN = "read the course, answer it, sign up and sign in"
    OWN_RECORD = "add to their own record, take it with them and erase it"
    OWN_ACCOUNT = "change how they sign in"
    STATISTICS = "see question statistics, with keys"
    ANSWERS = "see learners and their answers"


_EVERYONE = frozenset({Permission.OPEN})
_GUEST = _EVERYONE | {Permission.OWN_RECORD}
_LEARNER = _GUEST | {Permission.OWN_ACCOUNT}
_STAFF = _LEARNER | {Permission.STATISTICS, Permission.ANSWERS}

ROLE_PERMISSIONS = {
    VISITOR: _EVERYONE,
    GUEST: _GUEST,
    LEARNER: _LEARNER,
    TRAINER: _STAFF,
    MANAGER: _STAFF,
    ADMINISTRATOR: _STAFF,
}
"""A visitor has no session, a guest has one without an account; the others are accounts."""


def role(identity: Identity | None) -> str:
    """Return the role of a requester; *identity* is None without a session."""
    if identity is None:
        return VISITOR
    return GUEST if identity.is_guest else identity.role or LEARNER


def may(identity: Identity | None, permission: Permission) -> bool:
    """Return whether a requester has a permission; a role that is not in the table has none."""
    return permission in ROLE_PERMISSIONS.get(role(identity), frozenset())
