"""The requester's identity: the session cookie, and the learner signed in with it."""

from typing import cast

from flask import Flask, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, login_user, logout_user

from course.record.people import learners
from course.record.people.learners import Identity
from course.web import current
from course.web.current import Visitor
from course.web.edge.errors import Forbidden, NoSession
from course.web.people import cookie_check, requester, sign_in_limits
from course.web.people.sessions import CookieSessions

SESSION_ENDED = "Your earlier session has ended, so this starts a new record."


class SignInFirst(Exception):
    """The page needs an account, and the requester is not signed in."""


def init_app(app: Flask) -> None:
    """Set up Flask-Login, so that `current.identity` knows the requester."""
    app.session_interface = CookieSessions()
    app.register_error_handler(SignInFirst, _redirect_to_sign_in)
    manager = LoginManager(app)
    manager.session_protection = (
        None  # it would sign a new cookie whenever a phone changes its network
    )
    manager.user_loader(_load_visitor)


def _load_visitor(token: str) -> Visitor | None:
    if g.get("database_failed"):  # the error page loads the visitor again
        return None
    identity = requester.identify(current.database(), [token]).get(token)
    return Visitor(token, identity) if identity else None


def _redirect_to_sign_in(_: SignInFirst) -> ResponseReturnValue:
    flash("Sign in first.")
    return redirect(url_for("signing_in.sign_in"), 303)


def browser() -> str:
    """Return the browser's User-Agent, at most 200 characters."""
    return request.headers.get("User-Agent", "")[:200]


def set_cookie(token: str) -> Identity:
    """Set the session cookie for *token* and return its identity; raises Forbidden if it has ended."""
    identity = learners.identify(current.database(), token)
    if identity is None:  # ended between two steps of one request
        raise Forbidden("This sign-in has ended. Sign in again.")
    session.permanent = True
    login_user(Visitor(token, identity))
    if not identity.is_guest:
        sign_in_limits.remember_account(identity.learner_id)
    return identity


def sign_out() -> None:
    """Sign the browser out; its cookie still names the accounts that it was signed in to."""
    logout_user()


def clear_cookie() -> None:
    """Sign the browser out and remove everything from its session cookie."""
    logout_user()
    session.clear()


def has_ended_session() -> bool:
    """Return whether the browser has the cookie of a session that has ended."""
    sessions = cast(CookieSessions, current_app.session_interface)
    return current.identity() is None and sessions.has_signed(current_app, request)


def current_or_checked_guest() -> Identity:
    """Return the requester's identity; a new browser becomes a guest if it accepts cookies."""
    if current.identity() is None:
        cookie_check.require()
    return current_or_new_guest()


def current_or_new_guest(seed: str = "") -> Identity:
    """Return the requester's identity; a new browser becomes a guest, with *seed* if it sent one.

    A browser whose session has ended is told that a new record starts.
    """
    identity = current.identity()
    if identity is not None:
        return identity
    if has_ended_session():
        flash(SESSION_ENDED)
    with current.database().write() as writing:
        token = learners.start_guest(writing, browser(), seed)
    return set_cookie(token)


def require() -> Identity:
    """Return the requester's identity; raises NoSession without one."""
    identity = current.identity()
    if identity is None:
        raise NoSession
    return identity
