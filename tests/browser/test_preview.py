"""Writing with the page open: what is saved appears in its place, and the reader stays in theirs."""

import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.publish.conftest import copied

LESSON = "lessons/basics/all-types.md"

#: Say on the console that a save was heard, as the page's own script hears it.
HEAR = """() => new Promise((ready) => {
  const { version } = document.querySelector("preview-bar").dataset;
  const events = new EventSource(`/api/preview/events?since=${version}`);
  events.addEventListener("message", () => console.log("heard"));
  events.addEventListener("open", ready);
})"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own: the preview is for a computer, and lives by its script."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def previewed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    root = copied(tmp_path_factory.mktemp("preview"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "course.cli", "preview", "--root", root, "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        assert f"http://127.0.0.1:{port}/".encode() in process.stdout.readline()
        yield root, f"http://127.0.0.1:{port}"
        process.send_signal(signal.SIGINT)
        said = process.stdout.read()
        assert process.wait(20) == 0
        assert b"Traceback" not in said


def save(path: Path, text: str) -> None:
    """Save as editors do that write beside the file and then rename."""
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, "utf-8")
    new.replace(path)


def test_a_save_appears_while_the_reader_stays(page: Page, previewed: tuple[Path, str]) -> None:
    root, url = previewed
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    lesson, quiz = root / LESSON, root / "quizzes/basics/all-types.yml"
    text, asked = lesson.read_text("utf-8"), quiz.read_text("utf-8")
    page.goto(f"{url}/basics/all-types/")
    first = page.locator("#q-capital")
    first.get_by_label("Bergen").check()
    page.wait_for_load_state("networkidle")
    page.evaluate("scrollTo(0, 600)")

    save(lesson, text.replace("Some text", "Some other text") + "\n\nMore at the end.\n")

    expect(page.get_by_text("Some other text")).to_be_attached()
    expect(page.get_by_text("More at the end.")).to_be_attached()
    assert page.evaluate("scrollY") == 600
    expect(first.get_by_label("Bergen")).to_be_checked()

    save(quiz, asked.replace("correct: true", "corect: true", 1))
    problem = page.locator(".preview-problem", has_text="unknown key")
    expect(problem).to_contain_text("did you mean 'correct'?")
    expect(first).to_be_attached()
    save(quiz, asked)
    expect(problem).to_have_count(0)

    first.get_by_role("button").click()
    expect(first.get_by_text("nothing is recorded")).to_be_attached()
    key = page.locator("preview-key").first.get_by_text("Right answer:")
    expect(key).to_be_hidden()
    page.get_by_label("Show all keys").check()
    expect(key).to_be_visible()
    assert errors == []


def test_saves_that_follow_closely_keep_what_was_chosen(
    page: Page, previewed: tuple[Path, str]
) -> None:
    """The second save is heard while the page still waits for what the first one made."""
    root, url = previewed
    lesson = root / LESSON
    text = lesson.read_text("utf-8")
    page.goto(f"{url}/basics/all-types/")
    first = page.locator("#q-capital")
    first.get_by_label("Bergen").check()
    page.wait_for_load_state("networkidle")
    held: list[Route] = []
    page.route("**/basics/all-types/", lambda route: held.append(route))

    page.evaluate(HEAR)
    for n in range(1, 3):
        with page.expect_console_message(lambda said: said.text == "heard"):
            save(lesson, text + f"\n\nSave {n} at the end.\n" * n)
    for route in held:
        route.continue_()
    page.unroute("**/basics/all-types/")

    expect(page.get_by_text("Save 2 at the end.")).to_have_count(2)
    expect(first.get_by_label("Bergen")).to_be_checked()
    save(lesson, text)


def test_a_taken_port_is_told(previewed: tuple[Path, str]) -> None:
    root, url = previewed

    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "course.cli",
            "preview",
            "--root",
            root,
            "--port",
            url.split(":")[2],
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "choose another with --port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_without_a_course_is_told(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "course.cli", "preview", "--root", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    shutil.rmtree(tmp_path)

    assert done.returncode == 1
    assert "There is no mkdocs.yml in" in done.stderr
