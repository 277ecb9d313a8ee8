"""`course serve` as people run it: one command, one address, and nothing lost however it ends."""

import contextlib
import http.client
import json
import os
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from course.cli import main
from course.commands import stopping
from course.content.course import Course
from course.content.reading import open_course
from course.record.answering.tables import Answer
from course.record.store.database import Database
from course.web.edge import static
from tests import service
from tests.forms import RIGHT, WRONG, submission
from tests.service import Caller, Service

KILLS = 5


def fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as response:
        return str(response.read().decode())


def test_one_command_builds_migrates_and_serves(course_root: Path) -> None:
    with service.running(course_root) as running:
        said = running.log.read_text()
        lesson = fetch(f"{running.url}basics/all-types/")
        mine = fetch(f"{running.url}learning")

    assert f"The course is at {running.url}" in said
    assert str(course_root / "data" / "course.sqlite") in said
    assert 'data-question="pick"' in lesson
    assert "My learning" in mine
    assert "md-header" in mine, "the service's pages wear the site's dress"
    assert (course_root / "data" / "secret.key").stat().st_mode & 0o777 == 0o600


def test_workers_end_with_the_process_that_started_them(course_root: Path) -> None:
    port = service.free_port()
    with service.running(course_root, "--workers", "2", port=port) as first:
        assert first.process is not None
        first.process.kill()
        first.process.wait()
        first.end(0)  # returns when the workers are gone

        with service.running(course_root, port=port) as second:
            assert "My learning" in fetch(f"{second.url}learning")


def test_the_second_start_builds_nothing_and_keeps_sessions(course_root: Path) -> None:
    port = service.free_port()
    with service.running(course_root, port=port) as first, Caller(first) as caller:
        caller.post("/api/v1/session", {})
    built = (course_root / "site" / "index.html").stat().st_mtime_ns

    with service.running(course_root, port=port) as second:
        said = second.log.read_text()
        with Caller(second, caller.cookie) as again:
            status, _ = again.post("/api/v1/session", {})

    assert "Building" not in said
    assert (course_root / "site" / "index.html").stat().st_mtime_ns == built
    assert status == 200, "the session is known still"


def test_a_broken_quiz_is_told_and_the_last_good_course_is_served(course_root: Path) -> None:
    port = service.free_port()
    quiz = course_root / "quizzes" / "basics" / "all-types.yml"
    with service.running(course_root, port=port):
        pass
    quiz.write_text(
        quiz.read_text().replace("prompt: Which is *right*?", "promt: Which is *right*?")
    )

    with service.running(course_root, port=port) as running:
        said = running.log.read_text()
        lesson = fetch(f"{running.url}basics/all-types/")
        course = Course.load((course_root / "build" / "course.json").read_text())
        with Caller(running) as caller:
            caller.post("/api/v1/session", {})
            status, answer = caller.post(
                "/api/v1/answers", submission(course, "pick", RIGHT["pick"])
            )

    assert "did you mean 'prompt'?" in said
    assert "Which is <em>right</em>?" in lesson
    assert (status, answer["state"]) == (201, "right")


def test_a_course_never_built_and_broken_is_not_served(course_root: Path) -> None:
    (course_root / "quizzes" / "basics" / "all-types.yml").write_text("questions: []\n")

    with pytest.raises(AssertionError, match="cannot be built"):
        Service(course_root).start()
    assert not (course_root / "data" / "course.sqlite").exists()


def test_what_every_user_could_read_is_taken_from_them_and_reported(course_root: Path) -> None:
    port = service.free_port()
    with service.running(course_root, port=port):
        pass
    kept = course_root / "data/secret.key"
    (course_root / "data").chmod(0o755)
    (course_root / "data/course.sqlite").chmod(0o644)
    kept.chmod(0o640)

    with service.running(course_root, port=port) as running:
        said = running.log.read_text()
        files = {path.name: path.stat().st_mode & 0o777 for path in kept.parent.glob("course.*")}

    assert "Every user of this machine could read data/course.sqlite;" in said
    assert (course_root / "data").stat().st_mode & 0o777 == 0o700
    assert len(files) == 4
    assert set(files.values()) == {0o600}
    assert kept.stat().st_mode & 0o777 == 0o640, "what a group was given, it keeps"
    assert (course_root / "build/course.json").stat().st_mode & 0o777 == 0o640


def test_a_worker_that_dies_is_replaced_and_the_service_goes_on(course_root: Path) -> None:
    with service.running(course_root) as running:
        assert running.process is not None
        children = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children")
        worker = int(children.read_text().split()[0])
        os.kill(worker, signal.SIGKILL)
        running.wait()  # as at its start

        assert str(worker) not in children.read_text().split()
        assert "My learning" in fetch(f"{running.url}learning")
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(30) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_many_signals_end_the_service_as_one_does(course_root: Path, number: int) -> None:
    with service.running(course_root, "--workers", "2") as running:
        assert running.process is not None
        for _ in range(100):  # make, a terminal and systemd each tell all of its processes
            os.killpg(running.process.pid, number)

        assert running.process.wait(stopping.STOP_SECONDS / 2) == 0
        running.end(0)  # returns when the workers are gone


def test_nohup_keeps_the_service_running(
    course_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # inherited, as from nohup
    try:
        running = Service(course_root, "--workers", "1").start()
    finally:
        signal.signal(signal.SIGHUP, before)
    assert running.process is not None
    children = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children")
    workers = children.read_text()
    os.killpg(running.process.pid, signal.SIGHUP)

    assert "My learning" in fetch(f"{running.url}learning")
    assert children.read_text() == workers
    running.end(signal.SIGTERM)
    assert "HUP" not in running.log.read_text(), "granian says so when it replaces workers"


def test_a_service_whose_worker_is_only_starting_ends_at_once(course_root: Path) -> None:
    process = Service(course_root).launch()
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while not children.read_text():
        time.sleep(0.001)
    os.killpg(process.pid, signal.SIGINT)

    assert process.wait(stopping.STOP_SECONDS / 2) == 0


def test_a_port_in_use_is_told(course_root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(main, ["serve", "--port", str(port)])

    assert result.exit_code == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in result.output
    assert f"--port {port + 1}" in result.output


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"COURSE_SECRET_KEY": "short"}, "COURSE_SECRET_KEY is too short"),
        ({"COURSE_PROXIES": "many"}, "COURSE_PROXIES must be a whole number"),
        ({"COURSE_SERVE_SITE": "perhaps"}, "COURSE_SERVE_SITE must be true or false"),
        ({"COURSE_DATABSE_URL": "sqlite:///x"}, "COURSE_DATABSE_URL is no setting"),
        ({"COURSE_DATABASE_URL": "nonsense"}, "COURSE_DATABASE_URL"),
        ({"COURSE_SMTP_URL": "http://mail"}, "Error: COURSE_SMTP_URL"),
        ({"COURSE_SMTP_URL": "smtp://localhost:x"}, "Error: COURSE_SMTP_URL"),
        ({"COURSE_SITE_URL": "https://localhost:x/"}, "Error: COURSE_SITE_URL"),
        ({"COURSE_LIMIT_WRITES": "often"}, "COURSE_LIMIT_WRITES"),
    ],
)
def test_a_setting_that_is_nonsense_stops_the_start(
    course_root: Path, settings: dict[str, str], said: str
) -> None:
    with pytest.raises(AssertionError, match=said):
        Service(course_root, "--no-build", **settings).start()


def test_a_build_beside_the_running_service_is_taken_up(course_root: Path) -> None:
    quiz = course_root / "quizzes" / "basics" / "all-types.yml"
    with service.running(course_root) as running:
        fetch(f"{running.url}basics/all-types/")
        quiz.write_text(quiz.read_text().replace("Tea or coffee?", "Coffee or tea?"))
        from course.publish import site

        site.build(
            course_root,
            course_root / "site",
            course_root / "build" / "course.json",
            site_url=running.url,
        )
        time.sleep(static.CHECK_SECONDS)
        lesson = fetch(f"{running.url}basics/all-types/")

    assert "Coffee or tea?" in lesson


def test_unknown_addresses_get_the_sites_own_page(course_root: Path) -> None:
    with service.running(course_root) as running, pytest.raises(urllib.error.HTTPError) as caught:
        fetch(f"{running.url}nowhere")

    assert caught.value.code == 404
    assert "md-header" in caught.value.read().decode()
    assert "script-src 'self'" in caught.value.headers["Content-Security-Policy"]


def test_killed_again_and_again_under_load_every_acknowledged_answer_is_kept_once(
    course_root: Path,
) -> None:
    """Four clients answer, each sending every answer twice, while the service is killed and started again."""
    running = Service(course_root).start()
    course = open_course(course_root)
    cookies = []
    for _ in range(4):
        with Caller(running) as caller:
            assert caller.post("/api/v1/session", {})[0] == 201
            cookies.append(caller.cookie)
    acknowledged: set[str] = set()
    stop = threading.Event()

    def answer(cookie: str) -> None:
        while not stop.is_set():
            # What a kill leaves of a connection: refused, reset, or an answer cut short.
            with (
                contextlib.suppress(OSError, http.client.HTTPException, json.JSONDecodeError),
                Caller(running, cookie) as caller,
            ):
                while not stop.is_set():
                    sent = submission(course, "pick", WRONG["pick"])
                    for _ in range(2):
                        if caller.post("/api/v1/answers", sent)[0] in (200, 201):
                            acknowledged.add(sent["id"])
            time.sleep(0.02)

    clients = [threading.Thread(target=answer, args=(cookie,)) for cookie in cookies]
    for client in clients:
        client.start()
    try:
        for round_number in range(KILLS):
            before = len(acknowledged)
            while (
                len(acknowledged) < before + 5 + round_number
            ):  # no two rounds die at the same point
                time.sleep(0.001)
            running.kill()
            running.start()
    finally:
        stop.set()
        for client in clients:
            client.join()
        running.end(signal.SIGTERM)

    database = Database(f"sqlite:///{course_root}/data/course.sqlite")
    with database.read() as session:
        stored = [str(found) for found in session.scalars(sa.select(Answer.client_id))]
    database.close()
    assert len(acknowledged) > 5 * KILLS
    assert acknowledged <= set(stored)
    assert len(stored) == len(set(stored))
