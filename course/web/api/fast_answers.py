"""The short way for what the service gets most: an answer from a program or a page, with a session.

It runs on the server's event loop, in front of Flask, takes what is in order, and hands everything else on,
untouched. So there is one place where something is refused, and it is not here.

What holds:
- The same checks as in `api.record`, by the same functions: other sites, the limit, the model, the record.
- Who sends is remembered for a while (`cookies`). Whether that sign-in has ended is looked up with every
  answer, so signing out and revoking act at once.
- Nothing here waits but for the record: what has to ask the database first runs in a thread.
- What fails is handed on as it came. Flask tries it once more, which stores nothing twice, and tells why.
- When the service has more answers in line than it can take, it says so from here, at little cost.
"""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

from flask_openapi3.openapi import OpenAPI
from pydantic_core import to_json

from course.content.model import PlainText
from course.record.answering.answers import Recorded, Submission
from course.record.answering.preparing import Sender, prepare
from course.record.answering.recording import Busy, Recorder, SignedOut
from course.record.progress import standings
from course.record.revisions.published_course import Shelf
from course.record.revisions.registration import Published
from course.record.store.database import Database
from course.web.answering import show
from course.web.api.models import AnswerIn, lesson_out
from course.web.edge import asgi, errors, safety
from course.web.edge.asgi import Application, Receive, Scope, Send
from course.web.edge.limits import WriteLimit
from course.web.people.cookies import Cookies
from course.web.people.owners import OtherLearner, Owners

PATH = "/api/v1/answers"
VIEWS = {b"": False, b"view=html": True}

THREADS = 4
"""For rendering, and for limits that are counted elsewhere; more of them do not run faster in Python."""

BUSY = json.dumps({"error": {"code": "busy", "message": errors.BUSY}}).encode()


class FastAnswers:
    """Answers POST requests to PATH, and hands what is not in order on to *application*."""

    def __init__(self, application: Application, app: OpenAPI, base: str) -> None:
        self.application = application
        self.base = base
        self.database: Database = app.extensions["course_database"]
        self.owners: Owners = app.extensions["course_owners"]
        self.shelf: Shelf = app.extensions["course_shelf"]
        self.recorder: Recorder = app.extensions["course_recorder"]
        self.longest: int = app.config["MAX_CONTENT_LENGTH"]
        self.cookies = Cookies(app, self.database)
        self.limit: WriteLimit = app.extensions["course_writes"]
        self.threads = ThreadPoolExecutor(THREADS, "answers")
        self._taking_up: asyncio.Future[Published] | None = None
        common = {**safety.HEADERS, "Cache-Control": "no-store", "Vary": "Cookie"}
        self.headers = asgi.headers([*common.items(), ("Content-Type", "application/json")])
        self.retry = asgi.headers([("Retry-After", str(errors.BUSY_SECONDS))])

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
        scope = {**scope, asgi.COUNTED: True}
        body = await asgi.body(receive, self.longest)
        if isinstance(body, HTTPStatus):
            return await asgi.refuse(send, body)
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
            is_ours = not safety.is_cross_site(site, None, None)
        else:
            is_ours = b"origin" not in headers
        return is_ours and is_json and length.isdigit() and int(length) <= self.longest

    async def _sender(self, cookie: str) -> Sender | None:
        """Return whose answer it is, if that is in order and within the limit."""
        sender = await self.cookies.sender(cookie)
        if sender is None:
            return None
        allows = self.limit.allows
        is_allowed = (
            allows(sender) if self.limit.in_memory else await self._in_thread(allows, sender)
        )
        return sender if is_allowed else None

    async def _recorded(self, sender: Sender, body: bytes, *, with_html: bool) -> tuple[int, bytes]:
        """Return the status and what is said of an answer that was recorded."""
        given = AnswerIn.model_validate_json(body)
        if not self.owners.is_key(sender.learner_id, given.owner):
            raise OtherLearner  # or a guest who was merged since: Flask knows
        sent = submission(given)
        published = self.shelf.at_hand() or await self._taken_up()
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

    async def _taken_up(self) -> Published:
        """Return a course that was just published: one thread takes it up, and all who answer wait for it."""
        if self._taking_up is None:
            self._taking_up = asyncio.ensure_future(asyncio.to_thread(self.shelf.get))
            self._taking_up.add_done_callback(self._was_taken_up)
        return await asyncio.shield(self._taking_up)

    def _was_taken_up(self, taking_up: asyncio.Future[Published]) -> None:
        self._taking_up = None
        if not taking_up.cancelled():
            taking_up.exception()  # whoever waited has reported it

    async def _in_thread(self, function: Any, *values: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.threads, function, *values)


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
        standing = standings.lesson_standing(database, published, learner_id, lesson)
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
