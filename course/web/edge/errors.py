"""Error responses: pages for people, JSON for programs."""

import contextlib
import logging
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


class Forbidden(Exception):
    """The requester is not allowed to do this; the message says why."""


def init_app(app: Flask) -> None:
    """Register the handlers that turn exceptions into error responses."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(
        AnswerError, lambda error: error_response(422, "not-an-answer", str(error))
    )
    app.register_error_handler(
        Forbidden, lambda error: error_response(403, "forbidden", str(error))
    )
    app.register_error_handler(Erased, _erased)
    app.register_error_handler(
        OtherLearner, lambda _: error_response(409, "other-learner", OTHER_LEARNER)
    )
    app.register_error_handler(QueueFull, _busy)
    app.register_error_handler(TooManyHashes, _crowded)
    app.register_error_handler(PublicationError, _no_published_course)
    app.register_error_handler(SQLAlchemyError, _database_failed)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(HTTPException, _http)


def error_response(status: int, code: str, message: str) -> Response:
    """Return an error as JSON for addresses under /api/, else as a page."""
    if request.path.startswith("/api/"):
        return make_response(jsonify(error={"code": code, "message": message}), status)
    title = "Page not found" if status == 404 else "Something went wrong"
    try:
        page = shell.page(
            "edge/error.html", title, message=message, fields=_fields_to_resend(status)
        )
        return make_response(page, status)
    except (PublicationError, SQLAlchemyError):
        return Response(f"{message}\n", status, mimetype="text/plain")


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


def _retry_later(seconds: int, code: str, message: str) -> Response:
    """Return a 503 with Retry-After, for a temporary error."""
    response = error_response(503, code, message)
    response.headers["Retry-After"] = str(seconds)
    return response


def _no_published_course(error: PublicationError) -> Response:
    return _retry_later(UNAVAILABLE_SECONDS, "no-course", str(error))


def _refused(error: Refused) -> Response:
    return error_response(REFUSALS.get(error.code, 409), error.code, str(error))


def _erased(_: Erased) -> Response:
    return error_response(
        401, "no-session", "This record was erased. Reload the page to start a new one."
    )


def _crowded(_: TooManyHashes) -> Response:
    return _retry_later(CROWDED_SECONDS, "busy", CROWDED)


def _busy(_: QueueFull) -> Response:
    return _retry_later(BUSY_SECONDS, "busy", BUSY)


def _database_failed(error: SQLAlchemyError) -> Response:
    if not unavailable.is_unavailable(error):
        raise error  # a bug
    g.database_failed = True
    log.error("The record cannot be reached: %s", unavailable.error_message(error))
    message = "The course can’t reach its records just now. Nothing was lost; please try again."
    return _retry_later(UNAVAILABLE_SECONDS, "database-away", message)


def _unstorable(error: DataError) -> Response:
    """Refuse a value that passed our checks but that the database cannot store."""
    log.warning("%s %s: the database refused a value: %s", request.method, request.url_rule, error)
    return error_response(422, "invalid", "This holds a value that cannot be stored.")


_MESSAGES = {
    404: "There’s no page at this address.",
    405: "This address does not take that kind of request.",
    413: "This is too large.",
}


def _http(error: HTTPException) -> Any:
    if error.response is not None:  # a redirect, or a response that is complete already
        return error.response
    status = error.code or 500
    message = _MESSAGES.get(
        status, error.description or "Please try again, or go back to the course."
    )
    response = error_response(status, error.name.lower().replace(" ", "-"), message)
    forwarded = ("Allow", "Retry-After")
    response.headers.extend([pair for pair in error.get_headers() if pair[0] in forwarded])
    return response
