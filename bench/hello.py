"""What a request costs before any of ours: Flask alone, or nothing at all, on the server of `course serve`.

python -m bench.hello NAME PORT WORKERS, where NAME is one of APPS.
"""

import os
import sys
from pathlib import Path
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from granian.constants import Interfaces
from granian.server import Server

from course.commands import serve

APPS = {
    "hello": ("bench.hello:create_app", Interfaces.WSGI),
    "ceiling": ("bench.hello:create_ceiling", Interfaces.WSGI),
    "bytes": ("bench.hello:create_bytes", Interfaces.ASGINL),
}

SITE, ADDRESS = "BENCH_SITE", "BENCH_ADDRESS"
"""Variables that name, for "bytes", the folder of a site and the address of a file in it."""

THREADS = 4
"""For each worker: with as many, bare Flask answered most here, of 1 to 320."""


def create_app() -> Flask:
    """Return bare Flask that says hello."""
    app = Flask(__name__)

    @app.get("/")
    def hello() -> str:
        return "hello"

    return app


def create_ceiling() -> Flask:
    """Return what takes an answer as the service does, without a database: nothing is marked or stored.

    Flask, Flask-Login with a signed cookie, the refusal of other sites, JSON in and out, and the headers of
    every response.
    """
    # Imported here, so that bare Flask stays bare.
    from flask_login import LoginManager, UserMixin, current_user

    from bench import learners
    from course.web.edge import safety

    class Visitor(UserMixin):  # type: ignore[misc]  # flask-login has no types
        def __init__(self, token: str) -> None:
            self.id = token

    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=learners.SECRET,
        SESSION_COOKIE_NAME="course",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    safety.init_app(app)
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(Visitor)

    @app.get("/")
    def is_up() -> str:
        return "hello"

    @app.post("/api/v1/answers")
    def take() -> ResponseReturnValue:
        if not current_user.is_authenticated:
            return jsonify(error={"code": "no-session"}), 401
        sent: dict[str, Any] = request.get_json()
        return jsonify(id=sent["id"], question=sent["question"], share=1.0, state="right"), 201

    return app


def create_bytes() -> Any:
    """Return an application of ASGI that sends one file to whoever asks, and looks at nothing."""
    from course.web.edge import asgi, static

    file = static.SiteFiles(Flask(__name__), Path(os.environ[SITE])).response(
        os.environ[ADDRESS], ""
    )
    if file is None:
        raise LookupError(os.environ[ADDRESS])
    headers, body = file.asgi_headers, file.body

    async def send_it(_: asgi.Scope, __: asgi.Receive, send: asgi.Send) -> None:
        await asgi.respond(send, 200, headers, body)

    return send_it


def main(name: str, port: int, workers: int) -> None:
    """Serve as `course serve` does, but for the interface."""
    application, interface = APPS[name]
    threads = {"blocking_threads": THREADS} if interface is Interfaces.WSGI else {}
    settings = serve.server_settings("127.0.0.1", port, workers)
    Server(application, interface=interface, **settings, **threads).serve()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
