"""Who asks: the browser's cookie, and the learner that it stands for."""

from typing import cast

from flask import Flask, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, login_user, logout_user
from sqlalchemy.exc import SQLAlchemyError

from course.record.people import accounts, learners
from course.record.people.learners import Identity
from course.record.store.unavailable import is_unavailable
from course.web import parts
from course.web.edge.errors import Forbidden
from course.web.parts import Visitor
from course.web.people import cookie_check, sign_in_limits
from course.web.people.sessions import CookieSessions

ENDED = "Your earlier session has ended, so this begins a new record."


class NoSession(Exception):
    """A program writes without a session."""


class SignInFirst(Exception):
    """A page for some account holders, and whoever asks is not signed in."""


def init_app(app: Flask) -> None:
    """Let Flask-Login find out who asks."""
    app.session_interface = CookieSessions()
    app.register_error_handler(SignInFirst, _sign_in)
    manager = LoginManager(app)
    manager.session_protection = None  # it would sign a new cookie when a phone changes its network
    manager.user_loader(_load)


def _load(token: str) -> Visitor | None:
    if g.get("database_failed"):  # the page that says so asks again who is signed in
        return None
    identity = learners.identify(parts.database(), token)
    if identity is None:
        return None
    if not identity.seen_lately:
        _note_seen(identity)
    return Visitor(token, identity)


def _note_seen(identity: Identity) -> None:
    """Note that a browser was seen; a record that takes no writes just now is no reason to show nothing."""
    try:
        with parts.database().write() as writing:
            learners.seen(writing, identity.sign_in_id)
    except SQLAlchemyError as error:
        if not is_unavailable(error):
            raise


def _sign_in(_: SignInFirst) -> ResponseReturnValue:
    flash("Sign in first.")
    return redirect(url_for("signing_in.sign_in"), 303)


def browser() -> str:
    """Return what the browser says it is."""
    return request.headers.get("User-Agent", "")[:200]


def remember(token: str) -> Identity:
    """Give the browser the cookie for *token* and return whom it stands for."""
    identity = learners.identify(parts.database(), token)
    if identity is None:  # ended between two steps of one request
        raise Forbidden("This sign-in has ended. Sign in again.")
    session.permanent = True
    login_user(Visitor(token, identity))
    if not identity.is_guest:
        sign_in_limits.remember_account(identity.learner_id)
    return identity


def sign_out() -> None:
    """Forget whom the browser stands for, but not that it is no stranger to the account."""
    logout_user()


def forget() -> None:
    """Take the cookie away."""
    logout_user()
    session.clear()


def has_ended() -> bool:
    """Return whether the browser has the cookie of a session that is over."""
    sessions = cast(CookieSessions, current_app.session_interface)
    return parts.identity() is None and sessions.has_signed(current_app, request)


def checked_or_guest() -> Identity:
    """Return who sends a form; a browser that is new becomes a guest, if it returns cookies."""
    if parts.identity() is None:
        cookie_check.require()
    return known_or_guest()


def known_or_guest(seed: str = "") -> Identity:
    """Return who asks; a browser that is new becomes a guest, with its own *seed* if it has one.

    A browser whose session has ended learns that a new record begins.
    """
    identity = parts.identity()
    if identity is not None:
        return identity
    if has_ended():
        flash(ENDED)
    with parts.database().write() as writing:
        token = learners.start_guest(writing, browser(), seed)
    return remember(token)


def known() -> Identity:
    """Return who asks; raises NoSession for a browser without a session."""
    identity = parts.identity()
    if identity is None:
        raise NoSession
    return identity


def teacher() -> Identity:
    """Return who asks, if they may see how learners do; raises SignInFirst or Forbidden."""
    identity = parts.identity()
    if identity is None or identity.is_guest:
        raise SignInFirst
    if identity.role not in accounts.TEACHERS:
        raise Forbidden("This page is for trainers. Ask whoever runs the course to make you one.")
    return identity
