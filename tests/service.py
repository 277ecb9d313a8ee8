"""The real service in a process of its own, as `course serve` starts it."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Service:
    """`course serve` in *folder*; it can be stopped, killed and started again at the same address."""

    def __init__(
        self, folder: Path, *options: str, port: int | None = None, **settings: str
    ) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.options = options
        self.settings = settings
        self.process: subprocess.Popen[str] | None = None
        self.log = folder / "serve.log"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> "Service":
        self.launch()
        self.wait()
        return self

    def launch(self) -> subprocess.Popen[str]:
        """Start the service without waiting until it answers."""
        command = [
            sys.executable,
            "-m",
            "course.cli",
            "serve",
            "--port",
            str(self.port),
            *self.options,
        ]
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("COURSE_")
        }
        environment |= {"PYTHONPATH": str(Path(__file__).parents[1]), **self.settings}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                env=environment,
                start_new_session=True,
            )
        return self.process

    def wait(self) -> None:
        """Wait until the service answers; raises AssertionError when it ends instead."""
        assert self.process is not None
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the service ended:\n{self.log.read_text()}")
            with contextlib.suppress(OSError, http.client.HTTPException):
                if urllib.request.urlopen(f"{self.url}healthz", timeout=5).status == 200:
                    return
            time.sleep(0.02)
        raise AssertionError(f"the service did not start:\n{self.log.read_text()}")

    def end(self, number: int) -> None:
        """Send a signal to the service and all its workers, and wait for them to be gone."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        self.process.wait(30)
        while True:  # workers have their own lives
            try:
                os.killpg(self.process.pid, 0)
            except (ProcessLookupError, PermissionError):
                return
            time.sleep(0.01)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.end(signal.SIGTERM)

    def kill(self) -> None:
        self.end(signal.SIGKILL)


@contextlib.contextmanager
def running(
    folder: Path, *options: str, port: int | None = None, **settings: str
) -> Iterator[Service]:
    """Yield a running service, and stop it whatever happens."""
    service = Service(folder, *options, port=port, **settings)
    try:
        yield service.start()
    finally:
        service.stop()


class Caller(contextlib.AbstractContextManager["Caller"]):
    """A client of the API with one connection and one session."""

    def __init__(self, service: Service, cookie: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
        self.cookie = cookie

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json", "Cookie": self.cookie}
        self.connection.request("POST", path, json.dumps(body), headers)
        response = self.connection.getresponse()
        data = response.read()
        for value in response.headers.get_all("Set-Cookie") or ():
            self.cookie = value.split(";")[0]
        return response.status, json.loads(data) if data else None
