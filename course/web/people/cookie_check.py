"""Checks that a browser accepts cookies before anything is stored for it.

A record stored for a browser that refuses cookies could never be reached again. So when a browser without our
cookie posts its first form, the response sets a cookie and redirects with status 307, which keeps the form.
If the form comes back without the cookie, the learner gets an error and nothing is stored.
"""

import functools
from collections.abc import Callable
from urllib.parse import quote, urlencode

from flask import Flask, current_app, make_response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from course.record.people.accounts import InvalidInput
from course.web.edge import errors
from course.web.edge.errors import Problem
from course.web.people.sign_in_limits import Page, View

COOKIE_NAME = "course-check"
COOKIE_SECONDS = 600
CHECKED_PARAMETER = "cookies"
"""The query parameter that marks the second request, in which the cookie is required."""

REFUSED = (
    "This course needs a cookie to save your answers, and your browser is blocking it. Nothing was saved. "
    "Allow cookies for this site, then try again."
)
SIGN_IN_REFUSED = (
    "Your browser is blocking the cookie that keeps you signed in. "
    "Allow cookies for this site, then try again."
)


class CheckNeeded(Exception):
    """The browser has not been checked yet."""


class CheckFailed(Exception):
    """The browser does not return cookies."""


def init_app(app: Flask) -> None:
    """Register the handlers of the exceptions that `require` raises."""
    app.register_error_handler(CheckNeeded, _redirect_to_check)
    app.register_error_handler(CheckFailed, _cookies_refused)


def passed() -> bool:
    """Return whether the browser sent any of our cookies, valid or not."""
    return (
        COOKIE_NAME in request.cookies
        or current_app.config["SESSION_COOKIE_NAME"] in request.cookies
    )


def start(response: Response) -> None:
    """Set the cookie that the browser has to return."""
    response.set_cookie(
        COOKIE_NAME,
        "1",
        max_age=COOKIE_SECONDS,
        path=current_app.session_interface.get_cookie_path(current_app),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def require() -> None:
    """Raise CheckNeeded for a browser without our cookie, and CheckFailed if it was checked before."""
    if not passed():
        raise CheckFailed if CHECKED_PARAMETER in request.args else CheckNeeded


def before_sign_in(page: Page) -> Callable[[View], View]:
    """Decorate a view that signs in: browsers that refuse cookies get *page*, its form, with an error."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def checked(**values: str) -> ResponseReturnValue:
            try:
                require()
            except CheckFailed:
                form = make_response(page(error=InvalidInput("", SIGN_IN_REFUSED), **values), 403)
                start(form)
                return form
            return view(**values)

        return checked

    return decorate


def _cookies_refused(_: CheckFailed) -> ResponseReturnValue:
    """Report that cookies are refused, and set the cookie again in case the browser allows it by now."""
    response = errors.response_to(Problem(403, "cookies-refused", REFUSED))
    start(response)
    return response


def _redirect_to_check(_: CheckNeeded) -> ResponseReturnValue:
    query = urlencode([*request.args.items(multi=True), (CHECKED_PARAMETER, "1")])
    response = redirect(f"{quote(request.script_root + request.path)}?{query}", 307)
    start(response)
    return response
