"""The short way for what the service gets most: an answer from a program or a page, with a session.

It stands in front of Flask, takes what is in order, and hands everything else on, untouched. So there is one
place where something is refused, and it is not here.

What holds:
- The same checks as in `api.record`, by the same functions: other sites, the limit, the model, the record.
- A cookie that was found good is remembered for REMEMBERED seconds, with the sign-in that it names. Whether
  that has ended is looked up with every answer, so signing out and revoking act at once.
- What fails after the answer was read is handed on together with its error, which Flask then tells.
- When the service has more answers in line than it can take, it says so from here, at little cost.
"""

import io
import json
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask.sessions import SecureCookieSessionInterface
from flask_openapi3.openapi import OpenAPI
from itsdangerous import BadSignature
from pydantic import ValidationError
from pydantic_core import to_json
from werkzeug.http import parse_cookie

from course.record import learners, pools, progress
from course.record.answers import Recorded, Submission
from course.record.database import Database
from course.record.preparing import Sender
from course.record.publications import Published
from course.record.recording import Busy, Recorder, SignedOut
from course.record.shelf import Shelf
from course.web import errors, limits, safety, show
from course.web.api_models import AnswerIn, lesson_out

WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]

PATH = "/api/v1/answers"
VIEWS = {"": False, "view=html": True}

FAILED = "course.failed"
"""In the environment of a request: the error that recording its answer has met."""

REMEMBERED = 300.0
"""Seconds for which a cookie is remembered that was found good."""

MOST = 20_000
"""How many cookies are remembered at once."""

BUSY = json.dumps({"error": {"code": "busy", "message": errors.BUSY}}).encode()
RETRY_AFTER = ("Retry-After", errors.BUSY_SECONDS)


class FastAnswers:
    """Answers POST requests for new answers, and hands every other request on to *application*."""

    def __init__(self, application: WSGI, app: OpenAPI) -> None:
        self.application = application
        self.database: Database = app.extensions["course_database"]
        self.shelf: Shelf = app.extensions["course_shelf"]
        self.recorder: Recorder = app.extensions["course_recorder"]
        self.longest: int = app.config["MAX_CONTENT_LENGTH"]
        self.cookies = Cookies(app, self.database)
        self.limit = limits.Writes(app)
        self.headers = [
            *safety.HEADERS.items(),
            ("Cache-Control", "no-store"),
            ("Vary", "Cookie"),
            ("Content-Type", "application/json"),
        ]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "POST":
            return self.application(environ, start_response)
        with_html = VIEWS.get(environ.get("QUERY_STRING", ""))
        sender = self._sender(environ) if with_html is not None else None
        body = self._body(environ) if sender else None
        if sender is None or body is None:
            return self.application(environ, start_response)
        status = "503 SERVICE UNAVAILABLE"
        more = [RETRY_AFTER]
        said = BUSY
        try:
            sent = submission(AnswerIn.model_validate_json(body))
            published = self.shelf.get()
            recorded = self.recorder.record(published, sender, sent)
        except Busy:
            pass
        except Exception as error:  # told by Flask, which knows how
            if isinstance(error, SignedOut):
                self.cookies.forget(environ["HTTP_COOKIE"])
            elif not isinstance(error, ValidationError):
                environ[FAILED] = error
            environ["wsgi.input"] = io.BytesIO(body)
            return self.application(environ, start_response)
        else:
            out = answer_out(
                recorded,
                published,
                self.database,
                sender.learner_id,
                base=environ.get("SCRIPT_NAME", "") + "/",
                with_html=bool(with_html),
            )
            said = to_json(out)
            status = "201 CREATED" if recorded.is_new else "200 OK"
            more = []
        start_response(status, [*self.headers, ("Content-Length", str(len(said))), *more])
        return [said]

    def _sender(self, environ: dict[str, Any]) -> Sender | None:
        """Return whose answer it is, if that is in order and within the limit."""
        if safety.is_from_elsewhere(
            environ.get("HTTP_SEC_FETCH_SITE"), environ.get("HTTP_ORIGIN"), environ.get("HTTP_HOST")
        ):
            return None
        sender = self.cookies.sender(environ.get("HTTP_COOKIE", ""))
        return sender if sender and self.limit.allows(sender) else None

    def _body(self, environ: dict[str, Any]) -> bytes | None:
        """Return what was sent, if it is JSON of a usual length."""
        length = environ.get("CONTENT_LENGTH", "")
        is_json = environ.get("CONTENT_TYPE", "").partition(";")[0].strip() == "application/json"
        if not is_json or not length.isdecimal() or int(length) > self.longest:
            return None
        body: bytes = environ["wsgi.input"].read(int(length))
        return body


class Cookies:
    """Cookies that were found good a short while ago, by the header that they came in."""

    def __init__(self, app: OpenAPI, database: Database) -> None:
        self.database = database
        self.name: str = app.config["SESSION_COOKIE_NAME"]
        self.lifetime = int(app.permanent_session_lifetime.total_seconds())
        interface = app.session_interface
        assert isinstance(interface, SecureCookieSessionInterface)  # noqa: S101 - for the type checker
        self.serializer = interface.get_signing_serializer(app)
        self._known: dict[str, tuple[float, Sender]] = {}

    def sender(self, header: str) -> Sender | None:
        """Return whom a Cookie header stands for; None where Flask has to look at it."""
        known = self._known.get(header)
        if known and known[0] > time.monotonic():
            return known[1]
        sender = self._look_up(header)
        if sender is not None:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[header] = (time.monotonic() + REMEMBERED, sender)
        return sender

    def forget(self, header: str) -> None:
        """Look a cookie up again when it comes next."""
        self._known.pop(header, None)

    def _look_up(self, header: str) -> Sender | None:
        cookie = parse_cookie(header).get(self.name)
        if not cookie or self.serializer is None:
            return None
        try:
            token = self.serializer.loads(cookie, max_age=self.lifetime).get("_user_id")
        except BadSignature:
            return None
        if not token:
            return None
        with self.database.read() as session:
            identity = learners.identify(session, token)
        if identity is None or not identity.seen_lately:  # Flask notes that it was seen
            return None
        return Sender(identity.learner_id, identity.sign_in_id)


def submission(body: AnswerIn) -> Submission:
    """Return what the API was sent as the record takes it."""
    return Submission(
        body.id,
        body.question,
        body.revision,
        body.given,
        body.given_at,
        body.variant,
        body.instead,
        body.seconds,
    )


def answer_out(
    recorded: Recorded,
    published: Published,
    database: Database,
    learner_id: int,
    *,
    base: str,
    with_html: bool,
) -> dict[str, Any]:
    """Return a recorded answer as the API tells it: the fields of AnswerOut. *base* is the site's path."""
    question, mine, share = recorded.question, recorded.tries, recorded.share
    assert mine is not None  # noqa: S101 - for the type checker: it was recorded just now
    html = standing = None
    if with_html and question.id not in published.course.asked:
        html = show.removed(recorded, base=base)
    elif with_html:
        lesson = published.course.asked[question.id][0]
        with database.read() as session:
            hand = pools.hand(session, learner_id, lesson)
            html = show.one(
                session,
                published,
                question.id,
                recorded,
                {question.id: mine},
                base=base,
                seed=hand.seed,
                sister=show.sisters(session, learner_id, lesson, hand).get(question.id, ""),
            )
            standing = progress.of_lesson(session, published, learner_id, lesson, hand.seed)
    return {
        "id": recorded.client_id,
        "question": question.id,
        "revision": recorded.revision,
        "attempt": recorded.attempt,
        "share": share,
        "mark": recorded.mark,
        "out_of": recorded.out_of,
        "state": recorded.then.state,
        "recorded_at": recorded.recorded_at,
        "notes": [
            {"about": n.about, "text": n.text, "right": n.right} for n in recorded.marked.notes
        ],
        "explanation": (question.explained or None) if mine.shows_key else None,
        "key": question.key() if mine.shows_key else None,
        "attempts_left": mine.left,
        "lesson": lesson_out(standing) if standing else None,
        "html": html,
    }
