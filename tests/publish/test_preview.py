"""What the preview shows of files as they are saved; how it looks in a browser is in tests/browser."""

import html
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from markupsafe import Markup

from course.publish.preview import app
from course.publish.preview.state import Preview
from course.web.edge import safety
from tests.publish.conftest import copied

LESSON = "lessons/basics/all-types.md"
QUIZ = "quizzes/basics/all-types.yml"
ADDRESS = "/basics/all-types/"


class Course:
    """A course under preview, and a browser that looks at it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.preview = Preview(root, "http://127.0.0.1:8001/")
        self.client: FlaskClient = app.create_app(
            self.preview, "127.0.0.1", safety.init_app
        ).test_client()

    def save(self, name: str, change: Callable[[str], str]) -> None:
        path = self.root / name
        path.write_text(change(path.read_text("utf-8") if path.exists() else ""), "utf-8")
        self.preview.update_files([path])

    def page(self, address: str = ADDRESS) -> str:
        return html.unescape(self.client.get(address, base_url="http://127.0.0.1:8001").text)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    found = Course(copied(tmp_path_factory.mktemp("previewed")))
    yield found
    found.preview.close()


@pytest.fixture
def course(opened: Course, tmp_path: Path) -> Iterator[Course]:
    """The course, which is put back as it was after each test."""
    before = shutil.copytree(opened.root, tmp_path / "before")
    yield opened
    for folder in ("lessons", "quizzes"):
        shutil.rmtree(opened.root / folder)
        shutil.copytree(before / folder, opened.root / folder)
    shutil.copy(before / "mkdocs.yml", opened.root)
    opened.preview._readings._read.clear()
    opened.preview._timer.cancel()
    opened.preview.open()


def replaced(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


def test_a_saved_lesson_is_shown_and_told_of(course: Course) -> None:
    since = course.preview.version

    course.save(LESSON, lambda text: text + "\n\nNew words.\n")

    assert "<p>New words.</p>" in course.page()
    assert course.preview.wait(since, 0) == (since + 1, frozenset({"basics/all-types/"}))


def test_a_saved_question_is_shown(course: Course) -> None:
    course.save(QUIZ, replaced("What is the capital", "Name the capital"))

    assert "Name the capital" in course.page()


@pytest.mark.parametrize(
    ("name", "change", "message", "behind"),
    [
        (QUIZ, replaced("correct: true", "corect: true"), "unknown key", "One of several"),
        (QUIZ, lambda text: text + "\n: :\n\t- [", "does not fit", "One of several"),
        (LESSON, replaced("/// quiz | capital", "/// quiz | capitol"), "no question", "One of"),
        (LESSON, lambda text: text + "\n\n[See](gone.md).\n", "gone.md", "The rest"),
        (LESSON, replaced("minutes:", "minuts:"), "unknown key", "<body"),
        (LESSON, replaced("---\n", "---\na: b: c\n"), "colon", "<body"),
    ],
)
def test_a_problem_shows_at_its_place_and_goes_when_mended(
    course: Course, name: str, change: Callable[[str], str], message: str, behind: str
) -> None:
    before = (course.root / name).read_text("utf-8")
    course.page()

    course.save(name, change)

    page = course.page()
    assert message in page
    assert page.index(behind) < page.index(message)
    assert 'id="q-colours"' in page  # the rest of the lesson is there

    course.save(name, lambda _: before)

    assert message not in course.page()


def test_a_glossary_is_taken_up_and_its_problems_are_listed(course: Course) -> None:
    file = course.root / "glossary.yml"
    course.save("lessons/basics/index.md", lambda text: text + "\n\n/// glossary\n///\n")
    try:
        course.save(file.name, lambda _: "terms:\n  - term: the capital\n    definition: A city.\n")
        unused = course.page()
        course.save(file.name, replaced("the capital", "the rest"))
        course.save(LESSON, lambda text: text + "\n\nThe rest is here.\n")

        assert "glossary.yml:2" in unused
        assert "is used in no lesson" in unused
        assert 'title="A city."' in course.page()
        assert '<h2 id="the-rest">' in course.page("/basics/")
    finally:
        file.unlink()


def test_a_problem_elsewhere_is_listed_with_a_link(course: Course) -> None:
    course.save("quizzes/basics/graded.yml", lambda _: "questions: []\n")

    page = course.page()

    assert '<a href="/basics/graded/"><strong>quizzes/basics/graded.yml:1</strong></a>' in page


def test_what_cannot_be_read_at_all_leaves_the_pages_as_they_were(course: Course) -> None:
    course.save("mkdocs.yml", lambda text: text + "\nnav: [\n")

    page = course.page()

    assert "mkdocs.yml:" in page
    assert 'id="q-capital"' in page


def test_a_course_that_was_never_sound_says_what_to_mend(tmp_path: Path) -> None:
    root = copied(tmp_path)
    (root / "mkdocs.yml").write_text("nav: [\n", "utf-8")
    broken = Course(root)

    assert "The course can’t be shown yet" in broken.page("/")
    assert "mkdocs.yml:" in broken.page("/")
    broken.preview.close()


def test_new_renamed_and_deleted_pages_are_taken_up(course: Course) -> None:
    only = course.root / "lessons/later/only.md"
    only.rename(course.root / "lessons/later/other.md")
    course.preview.update_files([only, course.root / "lessons/later/other.md"])
    course.save("mkdocs.yml", replaced("later/only.md", "later/other.md"))

    assert "The last lesson" in course.page("/later/other/")
    assert course.client.get("/later/only/", base_url="http://127.0.0.1:8001").status_code == 404


def test_a_new_title_follows_in_the_navigation_of_other_pages(course: Course) -> None:
    course.save("lessons/basics/graded.md", replaced("title: ", "title: Renamed "))
    course.preview._check_all_files()

    assert "Renamed A graded lesson" in course.page()


def test_the_key_stands_below_each_question_with_what_is_noted_of_it(opened: Course) -> None:
    opened.preview.notes = {"capital": Markup("<p>Chosen by 3 of 4.</p>")}

    page = opened.page()

    key = page[page.index("<preview-key>") : page.index("<p>Chosen by 3 of 4.</p>")]
    assert "Right answer:" in key
    assert "SECRET-MISCONCEPTION" in key
    assert "1 point, objective know" in key
    opened.preview.notes = {}


def test_an_answer_is_marked_and_shows_its_key(opened: Course) -> None:
    question = opened.preview.question("capital")
    assert question is not None
    right = question.right()

    reply = opened.client.post(
        "/api/v1/answers?view=html",
        json={"question": "capital", "given": right},
        base_url="http://127.0.0.1:8001",
    )

    assert reply.status_code == 201
    assert 'data-state="right"' in reply.json["html"]
    assert "nothing is recorded" in reply.json["html"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"question": "gone", "given": {}}, 404),
        ({"question": "capital", "given": {}}, 422),
        ({"question": "capital", "given": {"choice": 1}}, 422),
        ({"question": "capital", "given": {}, "variant": "?"}, 422),
        ([], 422),
    ],
)
def test_what_is_no_answer_is_refused(opened: Course, body: object, status: int) -> None:
    reply = opened.client.post("/api/v1/answers", json=body, base_url="http://127.0.0.1:8001")

    assert reply.status_code == status
    assert reply.json["error"]["message"]


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:8001", 200), ("localhost:8001", 200), ("[::1]:8001", 200), ("evil.example", 421)],
)
def test_only_this_machine_s_own_names_are_answered(opened: Course, host: str, status: int) -> None:
    reply = opened.client.get("/", headers={"Host": host})

    assert reply.status_code == status
    assert "script-src 'self'" in reply.headers["Content-Security-Policy"]


def test_hosts_named_in_the_settings_are_in_the_policy_at_once(course: Course) -> None:
    named = "  - course: {hosts: {frames: [films.example.org]}}\n"
    course.save("mkdocs.yml", lambda text: text.replace("  - course\n", named))

    reply = course.client.get("/", base_url="http://127.0.0.1:8001")

    policy = reply.headers["Content-Security-Policy"]
    assert "frame-src 'self' https://films.example.org" in policy


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/search/search_index.json", 200),
        ("/sitemap.xml", 200),
        ("/feed.xml", 200),
        ("/api/preview/preview.js", 200),
        ("/api/preview/state.py", 404),
        ("/api/v1/progress", 200),
        ("/api/v1/lessons?lesson=basics/all-types", 200),
        ("/api/v1/lessons?lesson=gone", 404),
        ("/basics/all-types", 302),
        ("/learning", 404),
        ("/../mkdocs.yml", 404),
    ],
)
def test_the_addresses_that_a_page_asks_for_are_answered(
    opened: Course, address: str, status: int
) -> None:
    reply = opened.client.get(address, base_url="http://127.0.0.1:8001")

    assert reply.status_code == status


def test_every_page_lists_the_problems_of_all_others(tiny: Path) -> None:
    reading = tiny / "lessons/basics/reading.md"
    sound = reading.read_text("utf-8")
    reading.write_text(sound + "\nSee [this](gone.md).\n", "utf-8")
    shown = Preview(tiny, "http://127.0.0.1:8001/")
    try:
        assert "gone.md" not in (shown.page("basics/graded/") or "")
        version = shown.version

        shown.check_pages()

        page = shown.page("basics/graded/") or ""
        assert "gone.md" in page
        assert 'href="/basics/reading/"' in page
        assert shown.version == version + 1

        reading.write_text(sound, "utf-8")
        shown.update_files([reading])
        shown.check_pages()
        assert "gone.md" not in (shown.page("basics/graded/") or "")
    finally:
        shown.close()


def test_what_mkdocs_says_of_the_settings_is_listed(tiny: Path) -> None:
    (tiny / "lessons/basics/README.md").write_text("# Mine\n", "utf-8")
    shown = Preview(tiny, "http://127.0.0.1:8001/")
    try:
        assert "has the same address as" in (shown.page("basics/graded/") or "")
    finally:
        shown.close()
