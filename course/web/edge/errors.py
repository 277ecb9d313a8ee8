"""Error responses: pages for people, JSON for programs."""

import contextlib
import functools
import logging
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g, jsonify, make_response, request
from sqlalchemy.exc import DataError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from course.content.questions.base import AnswerError
from course.record.answering.answers import ACCOUNT_REQUIRED, Refused
from course.record.answering.recording import QueueFull
from course.record.people.accounts import TooManyHashes
from course.record.people.learners import Erased
from course.record.revisions.published_course import PublicationError
from course.record.store import unavailable
from course.web import shell
from course.web.people.owners import OtherLearner

log = logging.getLogger(__name__)

REFUSALS = {"unknown-question": 404, ACCOUNT_REQUIRED: 403}
"""The status for each code of Refused; all others are 409 Conflict."""


BUSY = "More answers are arriving than can be stored right now. Nothing was lost; please try again."
BUSY_SECONDS = 1
UNAVAILABLE_SECONDS = 5
CROWDED = "Lots of people are signing in right now. Wait a few seconds, then try again."
CROWDED_SECONDS = 5


OTHER_LEARNER = (
    "This answer belongs to someone other than the person who is signed in now. "
    "Nothing was saved; it can be sent when they sign in again."
)


NO_SESSION = (
    "There is no session. Send POST /api/v1/session first, and its cookie with each request."
)
ERASED = "This record was erased. Reload the page to start a new one."
DATABASE_AWAY = "The course can’t reach its records just now. Nothing was lost; please try again."
UNSTORABLE = "This holds a value that cannot be stored."


class Forbidden(Exception):
    """The requester is not allowed to do this; the message says why."""


class Invalid(Exception):
    """A request that does not fit the model of its endpoint; the message says what is wrong."""


class NoSession(Exception):
    """A write without a session."""


@dataclass(frozen=True)
class Problem:
    """What the response to a request that failed says: *code* to programs, *message* to people."""

    status: int
    code: str
    message: str
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def data(self) -> dict[str, dict[str, str]]:
        """The body of a response in JSON."""
        return {"error": {"code": self.code, "message": self.message}}


@functools.singledispatch
def problem(error: Exception) -> Problem:
    """Return what to respond to *error*, which is logged where operators should know; raises a bug again."""
    raise error


@problem.register
def _(error: Refused) -> Problem:
    return Problem(REFUSALS.get(error.code, 409), error.code, str(error))


@problem.register
def _(error: AnswerError) -> Problem:
    return Problem(422, "not-an-answer", str(error))


@problem.register
def _(error: Invalid) -> Problem:
    return Problem(422, "invalid", str(error))


@problem.register
def _(error: Forbidden) -> Problem:
    return Problem(403, "forbidden", str(error))


@problem.register
def _(_: NoSession) -> Problem:
    return Problem(401, "no-session", NO_SESSION)


@problem.register
def _(_: Erased) -> Problem:
    return Problem(401, "no-session", ERASED)


@problem.register
def _(_: OtherLearner) -> Problem:
    return Problem(409, "other-learner", OTHER_LEARNER)


@problem.register
def _(_: QueueFull) -> Problem:
    return _retry_later(BUSY_SECONDS, "busy", BUSY)


@problem.register
def _(_: TooManyHashes) -> Problem:
    return _retry_later(CROWDED_SECONDS, "busy", CROWDED)


@problem.register
def _(error: PublicationError) -> Problem:
    return _retry_later(UNAVAILABLE_SECONDS, "no-course", str(error))


@problem.register
def _(error: SQLAlchemyError) -> Problem:
    if not unavailable.is_unavailable(error):
        raise error  # a bug
    log.error("The record cannot be reached: %s", unavailable.error_message(error))
    return _retry_later(UNAVAILABLE_SECONDS, "database-away", DATABASE_AWAY)


@problem.register
def _(error: DataError) -> Problem:
    """Refuse a value that passed our checks but that the database cannot store."""
    log.warning("The database refused a value: %s", error)
    return Problem(422, "invalid", UNSTORABLE)


@problem.register
def _(error: HTTPException) -> Problem:
    status = error.code or 500
    message = _MESSAGES.get(
        status, error.description or "Please try again, or go back to the course."
    )
    forwarded = [pair for pair in error.get_headers() if pair[0] in ("Allow", "Retry-After")]
    return Problem(status, error.name.lower().replace(" ", "-"), message, tuple(forwarded))


_MESSAGES = {
    404: "There’s no page at this address.",
    405: "This address does not take that kind of request.",
    413: "This is too large.",
}


def _retry_later(seconds: int, code: str, message: str) -> Problem:
    """Return a 503 with Retry-After, for a temporary error."""
    return Problem(503, code, message, (("Retry-After", str(seconds)),))


def init_app(app: Flask) -> None:
    """Register the handlers that turn exceptions into error responses."""
    for kind in problem.registry.keys() - {object}:
        app.register_error_handler(kind, _respond)


def _respond(error: Any) -> Response:
    if isinstance(error, HTTPException) and error.response is not None:
        return error.response  # type: ignore[return-value]  # a redirect, or complete already
    found = problem(error)
    g.database_failed = found.message == DATABASE_AWAY  # so that an error page asks it nothing
    return response_to(found)


def response_to(found: Problem) -> Response:
    """Return a problem as JSON for addresses under /api/, else as a page."""
    response = _as_json(found) if request.path.startswith("/api/") else _as_page(found)
    response.headers.extend(found.headers)
    return response


def _as_json(found: Problem) -> Response:
    return make_response(jsonify(found.data), found.status)


def _as_page(found: Problem) -> Response:
    title = "Page not found" if found.status == 404 else "Something went wrong"
    fields = _fields_to_resend(found.status)
    try:
        page = shell.page("edge/error.html", title, message=found.message, fields=fields)
        return make_response(page, found.status)
    except (PublicationError, SQLAlchemyError):
        return Response(f"{found.message}\n", found.status, mimetype="text/plain")


def _fields_to_resend(status: int) -> list[tuple[str, str]]:
    """Return the submitted fields where the form can be sent again unchanged, so that no input is lost.

    Empty for a form with a password, which must not be in the page.
    """
    if status not in (429, 503) or request.method != "POST":
        return []
    with contextlib.suppress(HTTPException):  # too large to parse
        if not request.form.keys() & {"password", "current"}:
            return list(request.form.items(multi=True))
    return []
