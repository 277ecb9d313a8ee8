"""A web server for browser tests: a built site under its Content-Security-Policy, and a pretended service.

It marks with the real questions and forgets everything when it ends. It can be told to fail.
"""

import functools
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from course import markup
from course.content.course import Course

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)


LEARNER = {"guest": True, "mail": None, "key": "guest-key"}


@dataclass
class FakeService:
    """What the server knows, for tests to look at and to change."""

    course: Course
    url: str
    down: bool = False
    """Answer everything below /api/ with 503."""
    retry_after: str = ""
    """What it says then of when to come back."""
    refusal: str = ""
    """Refuse each answer with this message."""
    asked: int = 0
    """How many answers it was asked to take."""
    sessions: int = 0
    visits: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)
    """Every answer that came in, also those sent again."""
    recorded: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The answers by question."""

    def lesson(self, name: str) -> dict[str, Any]:
        lesson = self.course.lessons[name]
        total = len(lesson.questions)
        answered = sum(question.id in self.recorded for question in lesson.questions)
        complete = answered == total if total else name in self.read
        score = 0.5 if answered else None
        kept = {"id": name, "title": lesson.title, "url": lesson.url, "complete": complete}
        return {**kept, "answered": answered, "total": total, "score": score}

    def html(self, name: str) -> str:
        question = self.course.asked[name][1]
        given = self.recorded[name]["given"]
        result = markup.Result(given, question.mark(given), shows_key=True)
        return str(markup.question(question, base=self.course.base, result=result))

    def progress(self, *, known: bool) -> dict[str, Any]:
        modules = []
        for module in self.course.modules:
            lessons = [self.lesson(lesson.id) for lesson in module.lessons]
            done = sum(lesson["complete"] for lesson in lessons)
            modules.append(
                {"title": module.title, "done": done, "total": len(lessons), "lessons": lessons}
            )
        following = next(
            (one for module in modules for one in module["lessons"] if not one["complete"]), None
        )
        step = following and {**following, "label": "Continue"}
        learner = LEARNER if known else None
        return {"learner": learner, "modules": modules, "next": step, "new_since_finished": []}


class _Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, service: FakeService, *args: Any, **kwargs: Any) -> None:
        self.service = service
        super().__init__(*args, **kwargs)

    def log_message(self, *args: Any) -> None:
        pass

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CSP)
        super().end_headers()

    def reply(self, status: int, data: Any = None, cookie: str = "") -> None:
        body = b"" if data is None else json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if cookie:
            self.send_header("Set-Cookie", cookie)
        if status == 503 and self.service.retry_after:
            self.send_header("Retry-After", self.service.retry_after)
        self.end_headers()
        self.wfile.write(body)

    @property
    def is_known(self) -> bool:
        return "guest=1" in (self.headers.get("Cookie") or "")

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if not address.path.startswith("/api/v1/"):
            return super().do_GET()
        if self.service.down:
            return self.reply(503)
        if address.path == "/api/v1/progress":
            return self.reply(200, self.service.progress(known=self.is_known))
        if address.path == "/api/v1/session":
            learner = LEARNER if self.is_known else None
            return self.reply(200, {"learner": learner, "merged": []})
        name = parse_qs(address.query)["lesson"][0]
        answered = [
            {"question": question.id, "html": self.service.html(question.id)}
            for question in self.service.course.lessons[name].questions
            if question.id in self.service.recorded and self.is_known
        ]
        return self.reply(200, {"lesson": self.service.lesson(name), "questions": answered})

    def do_POST(self) -> None:
        service, path = self.service, urlsplit(self.path).path
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        service.asked += path == "/api/v1/answers"
        if service.down:
            return self.reply(503)
        if path == "/api/v1/session":
            service.sessions += 1
            return self.reply(
                201, {"learner": LEARNER}, cookie="guest=1; Path=/; HttpOnly; SameSite=Lax"
            )
        if not self.is_known:
            return self.reply(401, {"error": {"code": "no_session", "message": "No session."}})
        body = json.loads(raw)
        if path == "/api/v1/visits":
            service.visits.append(body["lesson"])
            return self.reply(204)
        if path == "/api/v1/readings":
            service.read.append(body["lesson"])
            return self.reply(201, {})
        if service.refusal:
            return self.reply(422, {"error": {"code": "refused", "message": service.refusal}})
        again = any(earlier["id"] == body["id"] for earlier in service.received)
        service.received.append(body)
        service.recorded[body["question"]] = body
        lesson = service.lesson(service.course.asked[body["question"]][0].id)
        html = service.html(body["question"])
        return self.reply(200 if again else 201, {"html": html, "lesson": lesson})


@contextmanager
def serving(site: Path, course: Course) -> Iterator[FakeService]:
    """Yield a service at the address that *site* was built for."""
    service = FakeService(course, url=course.site_url.rstrip("/"))
    port = urlsplit(service.url).port or 80
    handler = functools.partial(_Handler, service, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield service
        server.shutdown()
        thread.join()
