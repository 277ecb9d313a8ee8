"""What went wrong, said to a person as a page and to a program as JSON."""

import contextlib
import logging
from typing import Any

from flask import Flask, Response, g, jsonify, make_response, request
from sqlalchemy.exc import DataError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from course.content.questions.base import AnswerError
from course.record.answering.answers import ACCOUNT_REQUIRED, Refused
from course.record.answering.recording import Busy
from course.record.people.accounts import Crowded
from course.record.people.learners import Erased
from course.record.revisions.published_course import PublicationError
from course.record.store import unavailable
from course.web import shell
from course.web.people.owners import OtherLearner

log = logging.getLogger(__name__)

REFUSALS = {"unknown-question": 404, ACCOUNT_REQUIRED: 403}
"""The status for each code of Refused; others are conflicts (409)."""


BUSY = "More answers are arriving than can be stored just now. Nothing was lost; please try again."
BUSY_SECONDS = 1
AWAY_SECONDS = 5
CROWDED = "Many people are signing in just now. Wait a few seconds, then try again."
CROWDED_SECONDS = 5


OTHER_LEARNER = (
    "This answer belongs to someone other than the person who is signed in now. "
    "Nothing was saved; it can be sent when they sign in again."
)


class Forbidden(Exception):
    """Not for whoever asks; the text says why."""


def init_app(app: Flask) -> None:
    """Answer every error of *app* in the form that the asker understands."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(AnswerError, lambda error: said(422, "not-an-answer", str(error)))
    app.register_error_handler(Forbidden, lambda error: said(403, "forbidden", str(error)))
    app.register_error_handler(Erased, _erased)
    app.register_error_handler(OtherLearner, lambda _: said(409, "other-learner", OTHER_LEARNER))
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(Crowded, _crowded)
    app.register_error_handler(PublicationError, _no_course)
    app.register_error_handler(SQLAlchemyError, _database_failed)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(HTTPException, _http)


def said(status: int, code: str, message: str) -> Response:
    """Return an error as JSON under /api/, as a page elsewhere."""
    if request.path.startswith("/api/"):
        return make_response(jsonify(error={"code": code, "message": message}), status)
    title = "Page not found" if status == 404 else "Something went wrong"
    try:
        page = shell.page("edge/error.html", title, message=message, fields=_to_send_again(status))
        return make_response(page, status)
    except (PublicationError, SQLAlchemyError):
        return Response(f"{message}\n", status, mimetype="text/plain")


def _to_send_again(status: int) -> list[tuple[str, str]]:
    """Return the fields of a form that may be sent again as it is, so that nothing typed is lost.

    None of a form with a password: it would stand in the page.
    """
    if status not in (429, 503) or request.method != "POST":
        return []
    with contextlib.suppress(HTTPException):  # too large to be read
        if not request.form.keys() & {"password", "current"}:
            return list(request.form.items(multi=True))
    return []


def _later(seconds: int, code: str, message: str) -> Response:
    """Return an error that passes, and when to try again."""
    response = said(503, code, message)
    response.headers["Retry-After"] = str(seconds)
    return response


def _no_course(error: PublicationError) -> Response:
    return _later(AWAY_SECONDS, "no-course", str(error))


def _refused(error: Refused) -> Response:
    return said(REFUSALS.get(error.code, 409), error.code, str(error))


def _erased(_: Erased) -> Response:
    return said(401, "no-session", "This record was erased. Reload the page to begin a new one.")


def _crowded(_: Crowded) -> Response:
    return _later(CROWDED_SECONDS, "busy", CROWDED)


def _busy(_: Busy) -> Response:
    return _later(BUSY_SECONDS, "busy", BUSY)


def _database_failed(error: SQLAlchemyError) -> Response:
    if not unavailable.is_unavailable(error):
        raise error  # a fault of ours
    g.database_failed = True
    log.error("The record cannot be reached: %s", unavailable.reason(error))
    message = "The course can’t reach its records just now. Nothing was lost; please try again."
    return _later(AWAY_SECONDS, "database-away", message)


def _unstorable(error: DataError) -> Response:
    """Refuse what the database cannot hold and no check before it knew of."""
    log.warning("%s %s: the database refused a value: %s", request.method, request.url_rule, error)
    return said(422, "invalid", "This holds a value that cannot be stored.")


_WORDS = {
    404: "There is no page at this address.",
    405: "This address does not take that kind of request.",
    413: "This is too large.",
}


def _http(error: HTTPException) -> Any:
    if error.response is not None:  # a redirect, or an answer made already
        return error.response
    status = error.code or 500
    message = _WORDS.get(status, error.description or "Please try again, or go back to the course.")
    response = said(status, error.name.lower().replace(" ", "-"), message)
    kept = ("Allow", "Retry-After")
    response.headers.extend([pair for pair in error.get_headers() if pair[0] in kept])
    return response
