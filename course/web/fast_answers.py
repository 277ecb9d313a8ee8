"""The short way for what the service gets most: an answer from a program or a page, with a session.

It runs on the server's event loop, in front of Flask, takes what is in order, and hands everything else on,
untouched. So there is one place where something is refused, and it is not here.

What holds:
- The same checks as in `api.record`, by the same functions: other sites, the limit, the model, the record.
- A cookie that was found good is remembered for REMEMBERED seconds, with the sign-in that it names. Whether
  that has ended is looked up with every answer, so signing out and revoking act at once.
- Nothing here waits but for the record: what has to ask the database first runs in a thread.
- What fails is handed on as it came. Flask tries it once more, which stores nothing twice, and tells why.
- When the service has more answers in line than it can take, it says so from here, at little cost.
"""

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask.sessions import SecureCookieSessionInterface
from flask_openapi3.openapi import OpenAPI
from itsdangerous import BadSignature
from pydantic_core import to_json
from werkzeug.http import parse_cookie

from course.record import learners, progress
from course.record.answers import Recorded, Submission
from course.record.database import Database
from course.record.preparing import Sender, prepare
from course.record.publications import Published
from course.record.recording import Busy, Recorder, SignedOut
from course.record.shelf import Shelf
from course.web import asgi, errors, limits, safety, show
from course.web.api_models import AnswerIn, lesson_out
from course.web.asgi import Application, Receive, Scope, Send

PATH = "/api/v1/answers"
VIEWS = {b"": False, b"view=html": True}

REMEMBERED = 300.0
"""Seconds for which a cookie is remembered that was found good."""

MOST = 20_000
"""How many cookies are remembered at once."""

THREADS = 4
"""For looking cookies up and for rendering; more of them do not run faster in Python."""

BUSY = json.dumps({"error": {"code": "busy", "message": errors.BUSY}}).encode()


class FastAnswers:
    """Answers POST requests to PATH, and hands what is not in order on to *application*."""

    def __init__(self, application: Application, app: OpenAPI, base: str) -> None:
        self.application = application
        self.base = base
        self.database: Database = app.extensions["course_database"]
        self.shelf: Shelf = app.extensions["course_shelf"]
        self.recorder: Recorder = app.extensions["course_recorder"]
        self.longest: int = app.config["MAX_CONTENT_LENGTH"]
        self.cookies = Cookies(app, self.database)
        self.limit = limits.Writes(app)
        self.threads = ThreadPoolExecutor(THREADS, "answers")
        common = {**safety.HEADERS, "Cache-Control": "no-store", "Vary": "Cookie"}
        self.headers = asgi.headers([*common.items(), ("Content-Type", "application/json")])
        self.retry = asgi.headers([("Retry-After", errors.BUSY_SECONDS)])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        with_html = VIEWS.get(scope["query_string"])
        if with_html is None or not self._is_usual(headers):
            return await self.application(scope, receive, send)
        if self.recorder.is_full:
            return await self._respond(send, 503, BUSY, *self.retry)
        cookie = headers.get(b"cookie", b"").decode("latin-1")
        sender = await self._sender(cookie)
        if sender is None:
            return await self.application(scope, receive, send)
        body = await asgi.body(receive, self.longest)
        if body is None:
            return None  # whoever sent it is gone
        try:
            status, said = await self._recorded(sender, body, with_html=with_html)
        except Busy:
            return await self._respond(send, 503, BUSY, *self.retry)
        except Exception as error:  # told by Flask, which knows how
            if isinstance(error, SignedOut):
                self.cookies.forget(cookie)
            return await self.application(scope, asgi.replayed(body, receive), send)
        return await self._respond(send, status, said)

    async def _respond(
        self, send: Send, status: int, said: bytes, *more: tuple[bytes, bytes]
    ) -> None:
        length = (b"content-length", b"%d" % len(said))
        await asgi.respond(send, status, [*self.headers, length, *more], said)

    def _is_usual(self, headers: dict[bytes, bytes]) -> bool:
        """Whether it is JSON of a usual length, and comes from a page of ours or from a program.

        The site that sent it is told by a browser's own header alone; by others Flask has to judge.
        """
        length = headers.get(b"content-length", b"")
        is_json = (
            headers.get(b"content-type", b"").partition(b";")[0].strip() == b"application/json"
        )
        if b"sec-fetch-site" in headers:
            site = headers[b"sec-fetch-site"].decode("latin-1")
            is_ours = not safety.is_from_elsewhere(site, None, None)
        else:
            is_ours = b"origin" not in headers
        return is_ours and is_json and length.isdigit() and int(length) <= self.longest

    async def _sender(self, cookie: str) -> Sender | None:
        """Return whose answer it is, if that is in order and within the limit."""
        sender = self.cookies.known(cookie) or await self._in_thread(self.cookies.look_up, cookie)
        if sender is None:
            return None
        allows = self.limit.allows
        is_allowed = allows(sender) if self.limit.at_once else await self._in_thread(allows, sender)
        return sender if is_allowed else None

    async def _recorded(self, sender: Sender, body: bytes, *, with_html: bool) -> tuple[int, bytes]:
        """Return the status and what is said of an answer that was recorded."""
        sent = submission(AnswerIn.model_validate_json(body))
        published = self.shelf.get()
        prepared = prepare(published, sender, sent, lambda *_: None)
        recorded = await asyncio.wrap_future(self.recorder.begin(prepared))

        def said() -> bytes:
            return to_json(
                answer_out(
                    recorded,
                    published,
                    self.database,
                    sender.learner_id,
                    base=self.base,
                    with_html=with_html,
                )
            )

        return 201 if recorded.is_new else 200, await self._in_thread(said) if with_html else said()

    async def _in_thread(self, function: Any, *values: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.threads, function, *values)


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

    def known(self, header: str) -> Sender | None:
        """Return whom a Cookie header stands for, if that was found out a short while ago."""
        until, sender = self._known.get(header, (0.0, None))
        return sender if until > time.monotonic() else None

    def look_up(self, header: str) -> Sender | None:
        """Find out whom a Cookie header stands for; None where Flask has to look at it."""
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
        identity = learners.identify(self.database, token)
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
        standing = progress.of_lesson(database, published, learner_id, lesson)
        html = show.one(
            database,
            published,
            question.id,
            recorded,
            {question.id: mine},
            base=base,
            seed=standing.hand.seed,
            sister=standing.sisters.get(question.id, ""),
        )
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
