"""Links to other sites, asked of a server on this machine."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from course.content.reading import open_course
from course.quality import links, lint
from tests.quality.test_rules import LESSON, TODAY, lay_out, line

MOVES = {
    "/moved": (301, "/here"),
    "/moved-for-now": (302, "/here"),
    "/moved-twice": (308, "/moved"),
    "/moved-to-nothing": (301, "/gone"),
    "/circle": (301, "/circle"),
    "/to-a-file": (301, "file:///etc/passwd"),
}


class _Answers(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.server.asked[f"{self.command} {self.path}"] += 1  # type: ignore[attr-defined]
        self.server.agents.add(self.headers["User-Agent"])  # type: ignore[attr-defined]
        path = self.path.partition("?")[0]
        status, location = MOVES.get(path, (200 if path.startswith(("/here", "/caf")) else 404, ""))
        if path == "/no-head":
            status = 405 if self.command == "HEAD" else 200
        if path.startswith("/status/"):
            status = int(path.rpartition("/")[2])
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815 - the names that http.server calls

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as made:
        made.asked, made.agents = Counter(), set()  # type: ignore[attr-defined]
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def address(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"


@pytest.mark.parametrize(
    ("path", "trouble", "moved_to"),
    [
        ("/here", "", ""),
        ("/here?a=b&c=d", "", ""),
        ("/café", "", ""),
        ("/no-head", "", ""),
        ("/gone", "answers 404 Not Found", ""),
        ("/moved", "", "/here"),
        ("/moved-twice", "", "/here"),
        ("/moved-for-now", "", ""),
        ("/moved-to-nothing", "answers 404 Not Found", ""),
        ("/circle", "is redirected again and again", ""),
        ("/to-a-file", "is redirected to file:///etc/passwd", ""),
    ],
)
def test_an_address_is_alive_dead_or_moved(
    server: ThreadingHTTPServer, path: str, trouble: str, moved_to: str
) -> None:
    moved = moved_to and f"{address(server)}{moved_to}"

    found = links.request(f"{address(server)}{path}")

    assert found == links.Answer(trouble, moved)
    assert found.state == ("dead" if trouble else "works")


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_server_that_turns_a_program_away_was_not_reached(
    server: ThreadingHTTPServer, status: int
) -> None:
    found = links.request(f"{address(server)}/status/{status}")

    assert (found.state, found.trouble[:11]) == ("not reached", f"answers {status}")


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "http://[oops/", "http://a b/"])
def test_what_cannot_be_reached_is_told(url: str) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        found = links.request(url.replace("{port}", str(closed.getsockname()[1])))

    assert found.trouble.startswith("cannot be reached: ")
    assert found.state == "not reached"


def test_each_address_is_asked_once_and_only_on_request(
    server: ThreadingHTTPServer, tmp_path: Path
) -> None:
    here = address(server)
    front = LESSON.format(objectives="  aim: Do it\n").replace(
        "minutes: 1", f"minutes: 1\nsources: [{{text: One, year: 2020, url: '{here}/gone'}}]"
    )
    text = f"[a]({here}/gone#part), <{here}/moved>, <a href='{here}/here'>b</a>, `{here}/code`"
    root = lay_out(tmp_path, lesson=f"{front}\n{text}\n")
    course = open_course(root)

    assert [w for w in lint.lint(root, course, today=TODAY)[0] if "link" in w.rule] == []
    assert not server.asked  # type: ignore[attr-defined]

    found = [w for w in lint.lint(root, course, today=TODAY, external=True)[0] if "link" in w.rule]
    assert [(line(w).replace(here, ""), w.rule) for w in found] == [
        ("lessons/basics/example.md:4:35: /gone answers 404 Not Found", "dead-external-link"),
        ("lessons/basics/example.md:14:5: /gone#part answers 404 Not Found", "dead-external-link"),
        (
            f"lessons/basics/example.md:14:{text.index('/moved') - len(here) + 1}: /moved has moved",
            "moved-link",
        ),
    ]
    assert server.asked == {  # type: ignore[attr-defined]
        "HEAD /gone": 1,
        "GET /gone": 1,
        "HEAD /moved": 1,
        "HEAD /here": 2,
    }
    assert [agent.startswith("course-engine/") for agent in server.agents] == [True]  # type: ignore[attr-defined]
