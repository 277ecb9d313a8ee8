"""What a request costs before any of ours: Flask that says hello, on the server of `course serve`.

python -m bench.hello PORT WORKERS
"""

import sys

from flask import Flask
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server


def create_app() -> Flask:
    app = Flask(__name__)

    @app.get("/")
    def hello() -> str:
        return "hello"

    return app


def main(port: int, workers: int) -> None:
    """Serve with the settings of `course.commands.serve`; a test holds them together."""
    Server(
        "bench.hello:create_app",
        factory=True,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_level=LogLevels.warning,
        websockets=False,
    ).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
