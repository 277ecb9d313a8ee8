"""Recording an answer over the API: `POST /api/v1/answers`, on the event loop.

It is an ASGI application of its own beside Flask, because what Flask does for each request takes longer than
marking and storing an answer. By ASGI the front serves it (`course.web.edge.front`), by WSGI `BesideFlask`.

Invariants:
- Nothing here waits for a database, a lock or a disk: what may runs in a thread, and recording is awaited.
- Senders are cached for a while (`cookies`). Each answer checks whether the sign-in has ended, so signing out
  and revoking take effect immediately.
- A refusal costs little when many come: the queue is looked at before the sender, the limit before the body.
"""

import asyncio
import functools
import io
import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any, TypeVar

from a2wsgi.asgi import build_scope
from a2wsgi.wsgi import build_environ
from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json
from werkzeug.exceptions import InternalServerError, RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Request
from werkzeug.wsgi import get_input_stream

from course.content.model import PlainText
from course.record.answering.answers import RecordedAnswer
from course.record.answering.preparing import Prepared, Sender, prepare
from course.record.answering.recording import QueueFull, Recorder, SignedOut
from course.record.progress import learner_answers, standings
from course.record.progress.standings import LessonStanding
from course.record.revisions.published_course import PublishedCourse
from course.record.revisions.registration import CourseSnapshot
from course.record.store.database import Database
from course.web.answering import show
from course.web.api import models
from course.web.api.models import AnswerIn, AnswerOut, NoteOut, View
from course.web.edge import asgi, errors, intake, safety
from course.web.edge.asgi import Receive, Scope, Send
from course.web.edge.errors import Invalid, NoSession
from course.web.edge.limits import WriteLimit
from course.web.people import requester
from course.web.people.cookies import SenderCache
from course.web.people.owners import Owners

PATH = "/api/v1/answers"

THREADS = 4
"""For rendering, and for what asks a database; more threads would only wait for the GIL."""

HEADERS = asgi.headers(
    [
        *safety.HEADERS.items(),
        ("Cache-Control", "no-store"),
        ("Vary", "Cookie"),
        ("Content-Type", "application/json"),
    ]
)

log = logging.getLogger(__name__)

Headers = dict[bytes, bytes]
Result = TypeVar("Result")


class Answers:
    """Records the answers that are posted to PATH, and refuses what is not one."""

    def __init__(self, app: OpenAPI, base: str) -> None:
        self.path = base.rstrip("/") + PATH
        self.shown = show.AnsweredQuestions(base)
        self.database: Database = app.extensions["course_database"]
        self.owners: Owners = app.extensions["course_owners"]
        self.published_course: PublishedCourse = app.extensions["course_published"]
        self.recorder: Recorder = app.extensions["course_recorder"]
        self.max_length: int = app.config["MAX_CONTENT_LENGTH"]
        self.proxies: int = app.config["PROXIES"]
        self.limit: WriteLimit = app.extensions["course_writes"]
        self.senders = SenderCache(app, self.database)
        self.threads = ThreadPoolExecutor(THREADS, "answers")
        self._loading: asyncio.Future[CourseSnapshot] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._answer(scope, receive)
        except Exception as error:
            await self._refuse(send, error)
        else:
            if isinstance(answer, HTTPStatus):  # the body did not arrive
                return await asgi.refuse(send, answer)
            status, out = answer
            await _respond(send, status, out.model_dump_json().encode())

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, AnswerOut] | HTTPStatus:
        """Check a request, record its answer and return the response; raises what `errors.problem` knows."""
        headers: Headers = dict(scope["headers"])
        self._refuse_other_site(scope, headers)
        if self.recorder.is_full:
            raise QueueFull
        cookie = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode(
            "latin-1"
        )
        sender = await self.senders.sender(cookie)
        await self._count(scope, sender)
        body = await asgi.body(receive, self.max_length)
        if isinstance(body, HTTPStatus):
            return body
        if sender is None:
            raise NoSession
        view = self._view(scope)
        given = self._read(headers, body)
        if not self.owners.is_key(sender.learner_id, given.owner):
            await self._in_thread(self.owners.check, sender.learner_id, given.owner)
        published = self.published_course.current() or await self._load_published()
        prepared = await self._prepare(published, sender, given, wants_lesson=view.view == "html")
        try:
            recorded = await asyncio.wrap_future(self.recorder.enqueue(prepared))
        except SignedOut:
            self.senders.forget(cookie)
            raise NoSession from None
        standing, html = (
            await self._page(published, sender, recorded) if view.view == "html" else (None, None)
        )
        return 201 if recorded.is_new else 200, answer_out(recorded, standing, html)

    async def _page(
        self, published: CourseSnapshot, sender: Sender, recorded: RecordedAnswer
    ) -> tuple[LessonStanding | None, str]:
        """Return what a page shows after an answer: how its lesson stands, and the HTML of its question."""
        lesson, _ = published.course.asked.get(recorded.question.id, (None, None))
        if lesson is None:
            return None, show.removed_question_html(recorded, base=self.shown.base)
        if found := recorded.lesson:
            given = learner_answers.answered_marks(found.answers, published.decided)
            standing = standings.lesson_standing_from(published, lesson, found.visit, given)
        else:  # it was recorded before, or by itself
            standing = await self._in_thread(
                standings.lesson_standing, self.database, published, sender.learner_id, lesson
            )
        key, html = self.shown.get(published, recorded, standing)
        if html is None:
            html = await self._in_thread(
                self.shown.draw, self.database, published, recorded, standing
            )
            if key is not None:
                self.shown.put(key, html)
        return standing, html

    def _refuse_other_site(self, scope: Scope, headers: Headers) -> None:
        site, origin = headers.get(b"sec-fetch-site"), headers.get(b"origin")
        if site is not None:
            requester.refuse_other_site(site.decode("latin-1"), None, None)
        elif origin is not None:
            host = self._request(scope).host
            requester.refuse_other_site(None, origin.decode("latin-1"), host)

    async def _count(self, scope: Scope, sender: Sender | None) -> None:
        """Count the request, and raise Limited beyond the limit."""
        address = self._request(scope).remote_addr if sender is None else None
        count = functools.partial(self.limit.count, sender.sign_in_id if sender else None, address)
        if self.limit.in_memory:
            count()
        else:
            await self._in_thread(count)

    def _view(self, scope: Scope) -> View:
        query = scope["query_string"]
        if query in _VIEWS:
            return _VIEWS[query]
        request = self._request(scope)
        intake.refuse_unstorable(request)
        return _validated(View.model_validate, request.args.to_dict())

    def _read(self, headers: Headers, body: bytes) -> AnswerIn:
        if len(body) > self.max_length:
            raise RequestEntityTooLarge
        kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if kind != b"application/json" and not _is_kind_of_json(kind):
            raise Invalid(models.NO_OBJECT)
        return _validated(AnswerIn.model_validate_json, body)

    async def _prepare(
        self, published: CourseSnapshot, sender: Sender, sent: AnswerIn, *, wants_lesson: bool
    ) -> Prepared:
        """Read and mark an answer; only an earlier revision of its question has to be looked up."""
        read = functools.partial(
            prepare, published, sender, sent, self.database, wants_lesson=wants_lesson
        )
        if sent.revision == published.revisions.get(sent.question):
            return read()
        return await self._in_thread(read)

    def _request(self, scope: Scope) -> Request:
        """Return a request without its body as Flask would see it, behind proxies if there are some."""
        environ: Any = build_environ(scope, io.BytesIO())  # type: ignore[arg-type]
        if hops := self.proxies:
            ProxyFix(lambda *_: (), x_for=hops, x_proto=hops, x_host=hops)(environ, _no_response)
        return Request(environ)

    async def _load_published(self) -> CourseSnapshot:
        """Return the course that was just published; one thread loads it, and all requests wait for that."""
        if self._loading is None:
            self._loading = asyncio.ensure_future(asyncio.to_thread(self.published_course.get))
            self._loading.add_done_callback(self._loaded)
        return await asyncio.shield(self._loading)

    def _loaded(self, loading: asyncio.Future[CourseSnapshot]) -> None:
        self._loading = None
        if not loading.cancelled():
            loading.exception()  # reported by the requests that waited

    async def _in_thread(self, function: Callable[..., Result], *values: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self.threads, function, *values)

    async def _refuse(self, send: Send, error: Exception) -> None:
        try:
            found = errors.problem(error)
        except Exception:
            log.exception("POST %s failed", PATH)
            found = errors.problem(InternalServerError())
        await _respond(send, found.status, to_json(found.data), *asgi.headers([*found.headers]))


class BesideFlask:
    """A WSGI application: *answers* on an event loop in a thread, and *flask* for everything else."""

    def __init__(self, flask: Any, answers: Answers) -> None:
        self.flask = flask
        self.answers = answers

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        if environ["REQUEST_METHOD"] != "POST" or path != self.answers.path:
            return self.flask(environ, start_response)  # type: ignore[no-any-return]
        environ.setdefault("REMOTE_PORT", "0")  # without it the scope lacks the address
        scope: Any = build_scope(environ)  # type: ignore[arg-type]
        body = get_input_stream(environ).read(self.answers.max_length + 1)
        response = asgi.complete_response(self.answers, scope, body)
        status, headers, sent = asyncio.run_coroutine_threadsafe(response, self._loop).result()
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [sent]

    @functools.cached_property
    def _loop(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.new_event_loop()
        threading.Thread(target=loop.run_forever, name="answers-loop", daemon=True).start()
        return loop


async def _respond(send: Send, status: int, body: bytes, *more: tuple[bytes, bytes]) -> None:
    length = (b"content-length", b"%d" % len(body))
    await asgi.respond(send, status, [*HEADERS, length, *more], body)


def _no_response(*_: Any) -> Any:
    """Stand in for `start_response` where there is no response."""


_VIEWS = {b"": View(), b"view=html": View(view="html")}
"""The queries that nearly all requests have."""


def _is_kind_of_json(kind: bytes) -> bool:
    return kind.startswith(b"application/") and kind.endswith(b"+json")


Model = TypeVar("Model", bound=BaseModel)


def _validated(validate: Callable[[Any], Model], value: Any) -> Model:
    """Return a model of *value*; raises Invalid."""
    try:
        return validate(value)
    except ValidationError as error:
        raise Invalid(models.invalid_message(error)) from None


def answer_out(
    recorded: RecordedAnswer, standing: LessonStanding | None, html: str | None
) -> AnswerOut:
    """Return a recorded answer as the API gives it."""
    question, mine = recorded.question, recorded.tries
    assert mine is not None  # noqa: S101 - for the type checker: it was recorded just now
    return AnswerOut(
        id=recorded.client_id,
        question=question.id,
        revision=recorded.revision,
        attempt=recorded.attempt,
        share=recorded.share,
        mark=recorded.points,
        out_of=recorded.out_of,
        state=recorded.original_mark.state,
        recorded_at=recorded.recorded_at,
        notes=[
            NoteOut(
                about=str(note.about),
                typed=isinstance(note.about, PlainText),
                text=note.text,
                right=note.right,
            )
            for note in recorded.marked.notes
        ],
        explanation=(question.explained or None) if mine.shows_key else None,
        key=[str(passage) for passage in question.key()] if mine.shows_key else None,
        attempts_left=mine.left,
        lesson=models.lesson_out(standing) if standing else None,
        html=html,
    )
