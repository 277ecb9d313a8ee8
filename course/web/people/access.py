"""Checks, before each view runs, that the requester has the permission which the view declares."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

from course.record.people import access
from course.record.people.access import Permission
from course.web import current
from course.web.edge.errors import Forbidden, NoSession
from course.web.people.identity import SignInFirst

_View = TypeVar("_View", bound=Callable[..., Any])


class UndeclaredPermission(Exception):
    """Views do not say who may use them, so the service does not start."""


def requires(permission: Permission) -> Callable[[_View], _View]:
    """Declare the permission that a view needs."""

    def declare(view: _View) -> _View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return declare


def init_app(app: Flask) -> None:
    """Have each request checked before its view runs."""
    app.before_request(_check)


def endpoints(app: Flask) -> dict[str, Permission]:
    """Return the permission of each endpoint; raises UndeclaredPermission naming those without one."""
    views: dict[str, Any] = dict(app.view_functions)
    missing = sorted(name for name, view in views.items() if not hasattr(view, "permission"))
    if missing:
        raise UndeclaredPermission(
            f"These views declare no permission: {', '.join(missing)}. "
            "Put @access.requires(...) below the line with their address."
        )
    return {name: view.permission for name, view in views.items()}


def _check() -> None:
    if request.endpoint is None:  # there is no such page
        return
    view: Any = current_app.view_functions[request.endpoint]
    if view.permission != Permission.OPEN:
        require(view.permission)


def require(permission: Permission) -> None:
    """Raise NoSession, SignInFirst or Forbidden unless the requester has *permission*."""
    who = current.identity()
    if access.may(who, permission):
        return
    if permission == Permission.OWN_RECORD:
        raise NoSession
    if who is None or who.is_guest:
        raise SignInFirst
    raise Forbidden(
        f"Only {_roles(permission)} may {permission}. Ask the people who run the course for access."
    )


def _roles(permission: Permission) -> str:
    *names, last = (
        f"{role}s" for role in access.ACCOUNT_ROLES if permission in access.ROLE_PERMISSIONS[role]
    )
    return f"{', '.join(names)} and {last}" if names else last
