"""Whether a browser returns cookies, found out before anything is stored for it.

What is stored for a browser that refuses cookies could be reached by nobody. So the first form of a browser
that sent no cookie of ours is answered by a cookie and a redirect that keeps the form (307); if it comes
again without, the learner is told, and nothing is stored.
"""

import functools
from collections.abc import Callable
from urllib.parse import quote, urlencode

from flask import Flask, current_app, make_response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from course.record.people.accounts import Unfit
from course.web.edge import errors
from course.web.people.sign_in_limits import Page, View

NAME = "course-check"
SECONDS = 600
CHECKED = "cookies"
"""In the query of an address where the cookie must be there."""

REFUSED = (
    "This course needs a cookie to save your answers, and your browser refuses it. Nothing was saved. "
    "Allow cookies for this site, then try again."
)
SIGN_IN_REFUSED = (
    "Your browser refused the cookie that keeps you signed in. "
    "Allow cookies for this site, then try again."
)


class Needed(Exception):
    """The browser has not been checked yet."""


class Failed(Exception):
    """The browser does not return cookies."""


def init_app(app: Flask) -> None:
    """Check browsers where `require` asks for it."""
    app.register_error_handler(Needed, _again)
    app.register_error_handler(Failed, _refused)


def passed() -> bool:
    """Return whether the browser sent a cookie of ours, good or not."""
    return NAME in request.cookies or current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def begin(response: Response) -> None:
    """Set the cookie that has to come back."""
    response.set_cookie(
        NAME,
        "1",
        max_age=SECONDS,
        path=current_app.session_interface.get_cookie_path(current_app),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def require() -> None:
    """Go on only for a browser that returns cookies; raises Needed, then Failed."""
    if not passed():
        raise Failed if CHECKED in request.args else Needed


def before_sign_in(page: Page) -> Callable[[View], View]:
    """Let only browsers that return cookies send a form that signs in; *page* shows it again to others."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def checked(**values: str) -> ResponseReturnValue:
            try:
                require()
            except Failed:
                form = make_response(page(error=Unfit("", SIGN_IN_REFUSED), **values), 403)
                begin(form)
                return form
            return view(**values)

        return checked

    return decorate


def _refused(_: Failed) -> ResponseReturnValue:
    """Say that cookies are refused; the cookie is offered once more, for a browser that allows it by now."""
    response = errors.said(403, "cookies-refused", REFUSED)
    begin(response)
    return response


def _again(_: Needed) -> ResponseReturnValue:
    query = urlencode([*request.args.items(multi=True), (CHECKED, "1")])
    response = redirect(f"{quote(request.script_root + request.path)}?{query}", 307)
    begin(response)
    return response
