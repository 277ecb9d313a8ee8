"""The fast path for the most frequent request: an answer sent by a script or a page, with a session.

It runs on the server's event loop, in front of Flask. It handles valid requests and passes all others on
unchanged, so that Flask alone rejects them.

Invariants:
- It calls the same checks as `routes.record`: other sites, the limit, the model, the record.
- Senders are cached for a while (`cookies`). Each answer checks whether the sign-in has ended, so signing out
  and revoking take effect immediately.
- Only recording is awaited here: anything else that queries the database runs in a thread.
- A request that fails is passed on unchanged. Flask tries it again, which stores nothing twice, and reports
  the error.
- When the queue of answers is full, the 503 is sent from here, at little cost.
"""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

from flask_openapi3.openapi import OpenAPI
from pydantic_core import to_json

from course.content.model import PlainText
from course.record.answering.answers import RecordedAnswer, Submission
from course.record.answering.preparing import Sender, prepare
from course.record.answering.recording import QueueFull, Recorder, SignedOut
from course.record.progress import standings
from course.record.revisions.published_course import PublishedCourse
from course.record.revisions.registration import Published
from course.record.store.database import Database
from course.web.answering import show
from course.web.api.models import AnswerIn, lesson_out
from course.web.edge import asgi, errors, safety
from course.web.edge.asgi import Application, Receive, Scope, Send
from course.web.edge.limits import WriteLimit
from course.web.people.cookies import SenderCache
from course.web.people.owners import OtherLearner, Owners

PATH = "/api/v1/answers"
VIEWS = {b"": False, b"view=html": True}

THREADS = 4
"""For rendering, and for limits counted in Redis; more threads would only wait for the GIL."""

BUSY = json.dumps({"error": {"code": "busy", "message": errors.BUSY}}).encode()


class FastAnswers:
    """Handles valid POST requests to PATH, and passes all others on to *application*."""

    def __init__(self, application: Application, app: OpenAPI, base: str) -> None:
        self.application = application
        self.base = base
        self.database: Database = app.extensions["course_database"]
        self.owners: Owners = app.extensions["course_owners"]
        self.published_course: PublishedCourse = app.extensions["course_published"]
        self.recorder: Recorder = app.extensions["course_recorder"]
        self.max_length: int = app.config["MAX_CONTENT_LENGTH"]
        self.senders = SenderCache(app, self.database)
        self.limit: WriteLimit = app.extensions["course_writes"]
        self.threads = ThreadPoolExecutor(THREADS, "answers")
        self._loading: asyncio.Future[Published] | None = None
        common = {**safety.HEADERS, "Cache-Control": "no-store", "Vary": "Cookie"}
        self.headers = asgi.headers([*common.items(), ("Content-Type", "application/json")])
        self.retry = asgi.headers([("Retry-After", str(errors.BUSY_SECONDS))])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        with_html = VIEWS.get(scope["query_string"])
        if with_html is None or not self._can_handle(headers):
            return await self.application(scope, receive, send)
        if self.recorder.is_full:
            return await self._respond(send, 503, BUSY, *self.retry)
        cookie = headers.get(b"cookie", b"").decode("latin-1")
        sender = await self._sender(cookie)
        if sender is None:
            return await self.application(scope, receive, send)
        scope = {**scope, asgi.COUNTED: True}
        body = await asgi.body(receive, self.max_length)
        if isinstance(body, HTTPStatus):
            return await asgi.refuse(send, body)
        try:
            status, response_body = await self._record(sender, body, with_html=with_html)
        except QueueFull:
            return await self._respond(send, 503, BUSY, *self.retry)
        except Exception as error:  # Flask reports it
            if isinstance(error, SignedOut):
                self.senders.forget(cookie)
            return await self.application(scope, asgi.replayed(body, receive), send)
        return await self._respond(send, status, response_body)

    async def _respond(
        self, send: Send, status: int, body: bytes, *more: tuple[bytes, bytes]
    ) -> None:
        length = (b"content-length", b"%d" % len(body))
        await asgi.respond(send, status, [*self.headers, length, *more], body)

    def _can_handle(self, headers: dict[bytes, bytes]) -> bool:
        """Whether it is JSON of an allowed length, from one of our pages or from a program.

        For browsers without Sec-Fetch-Site, Flask has to compare the Origin.
        """
        length = headers.get(b"content-length", b"")
        is_json = (
            headers.get(b"content-type", b"").partition(b";")[0].strip() == b"application/json"
        )
        if b"sec-fetch-site" in headers:
            site = headers[b"sec-fetch-site"].decode("latin-1")
            is_same_site = not safety.is_cross_site(site, None, None)
        else:
            is_same_site = b"origin" not in headers
        return is_same_site and is_json and length.isdigit() and int(length) <= self.max_length

    async def _sender(self, cookie: str) -> Sender | None:
        """Return the sender, if the session is valid and within the limit."""
        sender = await self.senders.sender(cookie)
        if sender is None:
            return None
        allows = self.limit.allows
        is_allowed = (
            allows(sender) if self.limit.in_memory else await self._run_in_thread(allows, sender)
        )
        return sender if is_allowed else None

    async def _record(self, sender: Sender, body: bytes, *, with_html: bool) -> tuple[int, bytes]:
        """Record an answer; return the response's status and body."""
        given = AnswerIn.model_validate_json(body)
        if not self.owners.is_key(sender.learner_id, given.owner):
            raise OtherLearner  # or a guest merged since then, which Flask checks
        sent = submission(given)
        published = self.published_course.current() or await self._load_published()
        prepared = prepare(published, sender, sent, lambda *_: None)
        recorded = await asyncio.wrap_future(self.recorder.enqueue(prepared))

        def render() -> bytes:
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

        return 201 if recorded.is_new else 200, await self._run_in_thread(
            render
        ) if with_html else render()

    async def _load_published(self) -> Published:
        """Return the course that was just published; one thread loads it, and all requests wait for that."""
        if self._loading is None:
            self._loading = asyncio.ensure_future(asyncio.to_thread(self.published_course.get))
            self._loading.add_done_callback(self._loaded)
        return await asyncio.shield(self._loading)

    def _loaded(self, taking_up: asyncio.Future[Published]) -> None:
        self._loading = None
        if not taking_up.cancelled():
            taking_up.exception()  # reported by the requests that waited

    async def _run_in_thread(self, function: Any, *values: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.threads, function, *values)


def submission(body: AnswerIn) -> Submission:
    """Convert the API's model to a submission."""
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
    recorded: RecordedAnswer,
    published: Published,
    database: Database,
    learner_id: int,
    *,
    base: str,
    with_html: bool,
) -> dict[str, Any]:
    """Return the fields of AnswerOut for a recorded answer; *base* is the site's path."""
    question, mine, share = recorded.question, recorded.tries, recorded.share
    assert mine is not None  # noqa: S101 - for the type checker: it was recorded just now
    html = standing = None
    if with_html and question.id not in published.course.asked:
        html = show.removed_question_html(recorded, base=base)
    elif with_html:
        lesson = published.course.asked[question.id][0]
        standing = standings.lesson_standing(database, published, learner_id, lesson)
        html = show.question_html(
            database,
            published,
            question.id,
            recorded,
            {question.id: mine},
            base=base,
            seed=standing.selection.seed,
            sister=standing.sisters.get(question.id, ""),
        )
    return {
        "id": recorded.client_id,
        "question": question.id,
        "revision": recorded.revision,
        "attempt": recorded.attempt,
        "share": share,
        "mark": recorded.points,
        "out_of": recorded.out_of,
        "state": recorded.original_mark.state,
        "recorded_at": recorded.recorded_at,
        "notes": [
            {
                "about": str(n.about),
                "typed": isinstance(n.about, PlainText),
                "text": n.text,
                "right": n.right,
            }
            for n in recorded.marked.notes
        ],
        "explanation": (question.explained or None) if mine.shows_key else None,
        "key": [str(passage) for passage in question.key()] if mine.shows_key else None,
        "attempts_left": mine.left,
        "lesson": lesson_out(standing) if standing else None,
        "html": html,
    }
