"""The preview over HTTP: pages, news of what was saved, and a service that forgets."""

import ipaddress
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from course import markup
from course.content import chance
from course.content.questions.base import AnswerError
from course.publish.preview.state import Preview

ASSETS = Path(__file__).parent / "assets"
PATIENCE = 15.0
"""Seconds between two signs of life to a page that waits for news."""


def create_app(preview: Preview, host: str, guard: Callable[[Flask], None]) -> Flask:
    """Return the preview's application; *guard* makes it as strict as the service is."""
    app = Flask(__name__, static_folder=None)
    app.before_request(lambda: _refuse_names(host))
    guard(app)
    app.extensions["course_policy"] = preview.policy
    _serve_pages(app, preview)
    _serve_answers(app, preview)
    app.register_error_handler(HTTPException, _refused)
    return app


def _refuse_names(host: str) -> ResponseReturnValue | None:
    """Refuse a name that another site could have pointed at this machine: the keys are shown here."""
    name = (
        request.host.rpartition(":")[0] if ":" in request.host.rpartition("]")[2] else request.host
    )
    if name in ("localhost", host) or _is_number(name.strip("[]")):
        return None
    message = f"The preview answers at {host} only, not at {name}.\n"
    return Response(message, 421, mimetype="text/plain")


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _serve_pages(app: Flask, preview: Preview) -> None:
    @app.get("/api/preview/events")
    def events() -> Response:
        """Tell each page that is open which pages changed, as long as it listens."""
        since = request.args.get("since", preview.version, int)
        return Response(_events(preview, since), mimetype="text/event-stream")

    @app.get("/api/preview/<name>")
    def asset(name: str) -> ResponseReturnValue:
        if name not in ("preview.css", "preview.js"):
            return "", 404
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        return Response((ASSETS / name).read_bytes(), mimetype=kind)

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def show(path: str) -> ResponseReturnValue:
        found = preview.file(path)
        if found is not None:
            return Response(found[0], mimetype=found[1])
        page = preview.page(path)
        if page is None and not path.endswith("/") and preview.page(f"{path}/") is not None:
            return Response(status=302, headers={"Location": f"/{path}/"})
        return (preview.not_found(), 404) if page is None else Response(page)


def _events(preview: Preview, since: int) -> Iterator[str]:
    yield "retry: 500\n\n"
    while True:
        version, urls = preview.wait(since, PATIENCE)
        if version == since:
            yield ": still here\n\n"
            continue
        since = version
        pages = None if urls is None else [f"/{url}" for url in sorted(urls)]
        yield f"data: {json.dumps({'version': version, 'pages': pages})}\n\n"


def _serve_answers(app: Flask, preview: Preview) -> None:
    """Answer what the scripts of a page ask the service; nothing is stored."""

    @app.route("/api/v1/session", methods=["GET", "POST"])
    def session() -> ResponseReturnValue:
        return jsonify(learner=None)

    @app.get("/api/v1/progress")
    def progress() -> ResponseReturnValue:
        nothing: list[str] = []
        facts = {"learner": None, "modules": nothing, "next": None, "new_since_finished": nothing}
        return jsonify(facts)

    @app.get("/api/v1/lessons")
    def lesson() -> ResponseReturnValue:
        asked = preview.questions(request.args.get("lesson", ""))
        if asked is None:
            return _error(404, "not-found", "There is no such lesson.")
        # With a seed, and all questions of every pool: a trainer wants to see them.
        return jsonify(lesson=None, questions=[], seed=_SEED, asked=asked)

    @app.post("/api/v1/visits")
    def visit() -> ResponseReturnValue:
        return "", 204

    @app.post("/api/v1/readings")
    def read() -> ResponseReturnValue:
        return _error(422, "preview", "This is the preview: nothing is recorded.")

    @app.post("/answers")
    def form() -> ResponseReturnValue:
        # The forms of pages without scripts; the service itself marks these, too.
        message = (
            "The preview marks answers only with JavaScript. Turn it on, or use 'course serve'.\n"
        )
        return message, 422, {"Content-Type": "text/plain; charset=utf-8"}

    @app.post("/api/v1/answers")
    def answer() -> ResponseReturnValue:
        sent = request.get_json(silent=True)
        sent = sent if isinstance(sent, dict) else {}
        fields = sent.get("given")
        if not isinstance(fields, dict) or not all(isinstance(v, list) for v in fields.values()):
            return _error(422, "invalid", "This is no answer.")
        question = preview.question(str(sent.get("question")))
        if question is None:
            return _error(404, "unknown-question", "This question is no longer part of the course.")
        variant = str(sent.get("variant") or "")
        if not chance.is_variant(variant):
            return _error(422, "unknown-variant", "Reload the page and answer again.")
        shown = question.as_shown(question.shown(variant))
        try:
            given = shown.read({str(key): list(map(str, values)) for key, values in fields.items()})
        except AnswerError as error:
            return _error(422, "unfit-answer", str(error))
        result = markup.Result(given, shown.mark(given), shows_key=True, remark=_REMARK)
        html = markup.question(shown, result=result, revision=question.revision, variant=variant)
        return jsonify(html=preview.placed(question.id, html), lesson=None), 201


_SEED = "00000000"
_REMARK = "This is the preview: nothing is recorded."


def _error(status: int, code: str, message: str) -> ResponseReturnValue:
    return jsonify(error={"code": code, "message": message}), status


def _refused(error: HTTPException) -> ResponseReturnValue:
    if request.path.startswith("/api/"):
        return _error(error.code or 500, "refused", str(error.description))
    return Response(f"{error.description}\n", error.code, mimetype="text/plain")
