"""Files as trainers' editors, disks and accidents leave them."""

import os
from pathlib import Path

import pytest

from course.content import reading
from course.content.problems import CourseError
from tests.content.test_broken import LESSON, QUIZ, SITE


@pytest.fixture
def root(tmp_path) -> Path:
    """A sound course of one lesson with two questions."""
    (tmp_path / "lessons").mkdir()
    (tmp_path / "quizzes").mkdir()
    (tmp_path / "mkdocs.yml").write_text(SITE)
    (tmp_path / "lessons/lesson.md").write_text(LESSON)
    (tmp_path / "quizzes/lesson.yml").write_text(QUIZ)
    return tmp_path


def said(root: Path) -> list[str]:
    return [str(problem).split("\n")[0] for problem in reading.read(root)[1]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "with a byte-order mark"])
def test_line_ends_and_byte_order_marks_do_not_matter(root, end, mark):
    for path in root.rglob("*.*"):
        path.write_bytes((mark + path.read_text().replace("\n", end)).encode())
    assert said(root) == []

    for name, text in {"lessons/lesson.md": LESSON, "quizzes/lesson.yml": QUIZ}.items():
        wrong = text.replace("minutes", "minuets").replace("type: poll", "type: pol")
        (root / name).write_bytes((mark + wrong.replace("\n", end)).encode())

    assert said(root) == [
        "lessons/lesson.md:2:1: minutes: missing",
        "lessons/lesson.md:3:1: warning: minuets: unknown key",
        "quizzes/lesson.yml:3:5: questions.first.type: there is no question type 'pol'",
        "quizzes/lesson.yml:8:5: questions.second.type: there is no question type 'pol'",
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a: \xe9", "quizzes/lesson.yml:1:4: is not UTF-8 text (byte 0xe9)"),
        (b"\xef\xbb\xbfa: \xe9", "quizzes/lesson.yml:1:4: is not UTF-8 text (byte 0xe9)"),
        ("# é\r\n# ü: ".encode() + b"\xfc", "quizzes/lesson.yml:2:6: is not UTF-8 text (byte 0xfc)"),
        ("a: b".encode("utf-16"), "quizzes/lesson.yml:1:1: is not UTF-8 text (byte 0xff)"),
        (b"a: b\nb: \0", "quizzes/lesson.yml:2:4: holds an invisible character (U+0000)"),
        (b"a: b\nb: \x1b[1m", "quizzes/lesson.yml:2:4: holds an invisible character (U+001B)"),
        ("a\u2028b".encode(), "quizzes/lesson.yml:1:2: holds an invisible character (U+2028)"),
        (b"#" * 1_000_001, "quizzes/lesson.yml:1:1: is 1.0 MB large; the limit is 1 MB"),
        (b"#" * 5_000_000, "quizzes/lesson.yml:1:1: is 5.0 MB large; the limit is 1 MB"),
    ],
)  # fmt: skip
def test_what_is_no_text_is_said_with_its_place(root, content, problem):
    (root / "quizzes/lesson.yml").write_bytes(content)

    assert said(root) == [problem]


def test_a_lesson_is_read_as_carefully_as_a_quiz(root):
    (root / "lessons/lesson.md").write_bytes(LESSON.encode() + b"caf\xe9\n")

    assert said(root) == ["lessons/lesson.md:10:4: is not UTF-8 text (byte 0xe9)"]


def test_the_site_s_settings_are_read_as_carefully_as_a_quiz(root):
    (root / "mkdocs.yml").write_bytes(b"site_name: caf\xe9\n")

    assert said(root) == ["mkdocs.yml:1:15: is not UTF-8 text (byte 0xe9)"]


@pytest.mark.parametrize("name", ["quizzes/lesson.yml", "lessons/lesson.md", "mkdocs.yml"])
def test_a_link_out_of_the_course_is_not_followed(root, tmp_path_factory, name):
    outside = tmp_path_factory.mktemp("outside") / "secret"
    outside.write_text("a secret")
    (root / name).unlink()
    (root / name).symlink_to(outside)

    assert said(root) == [f"{name}:1:1: leads out of the course's folder"]


@pytest.mark.parametrize("name", ["quizzes/lesson.yml", "lessons/lesson.md", "mkdocs.yml"])
def test_links_in_a_circle_and_to_nothing_are_problems(root, name):
    (root / name).unlink()
    (root / name).symlink_to(Path(name).name)
    [circle] = said(root)
    (root / name).unlink()
    (root / name).symlink_to("nothing")
    [nothing] = said(root)

    assert circle.startswith(f"{name}:1:1: cannot be read: ")
    assert nothing == f"{name}:1:1: cannot be read: No such file or directory"


def test_a_link_within_the_course_is_followed(root):
    (root / "quizzes/lesson.yml").rename(root / "quizzes/.shared")
    (root / "quizzes/lesson.yml").symlink_to(".shared")

    assert said(root) == []


def test_a_folder_that_links_to_its_parent_is_passed_over(root):
    (root / "lessons/again").symlink_to("..")
    (root / "quizzes/again").symlink_to("..")

    assert said(root) == []


@pytest.mark.parametrize("name", ["quizzes/lesson.yml", "lessons/lesson.md", "mkdocs.yml"])
def test_a_folder_called_like_a_file_is_a_problem(root, name):
    (root / name).unlink()
    (root / name).mkdir()

    assert said(root) == [f"{name}:1:1: is a folder, not a file"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(root):
    (root / "quizzes/lesson.yml").unlink()
    os.mkfifo(root / "quizzes/lesson.yml")

    assert said(root) == ["quizzes/lesson.yml:1:1: is not an ordinary file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
@pytest.mark.parametrize("name", ["quizzes/lesson.yml", "lessons/lesson.md", "mkdocs.yml"])
def test_a_file_that_may_not_be_read_is_a_problem(root, name):
    (root / name).chmod(0)

    assert said(root) == [f"{name}:1:1: cannot be read: Permission denied"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_folder_that_may_not_be_entered_raises_nothing(root):
    (root / "quizzes").chmod(0)
    found = said(root)
    (root / "quizzes").chmod(0o700)

    assert found


def test_names_that_are_no_text_can_be_printed(root):
    (root / "lessons" / os.fsdecode(b"caf\xe9.md")).write_text("Text.\n")

    assert said(root) == [
        "lessons/caf?.md:1:1: has a name that cannot be an address",
        "lessons/caf?.md:1:1: warning: is not in the navigation, so nobody finds it",
    ]


def test_a_page_name_too_long_for_the_disk_is_a_problem(root):
    (root / "mkdocs.yml").write_text(f"{SITE}      - {'a' * 5000}.md\n")

    assert said(root) == [f"mkdocs.yml:5:9: nav: there is no lessons/{'a' * 59}…"]


def test_files_of_editors_are_passed_over(root):
    (root / "lessons/.#lesson.md").symlink_to("someone@computer.123")
    (root / "quizzes/.#lesson.yml").symlink_to("someone@computer.123")
    (root / "quizzes/lesson.yml~").write_text("old")

    assert said(root) == []


def test_an_empty_folder_is_no_course(tmp_path):
    assert reading.read(tmp_path)[0] is None
    assert said(tmp_path) == ["mkdocs.yml:1:1: is missing"]
    assert said(tmp_path / "nowhere") == ["mkdocs.yml:1:1: is missing"]


def test_a_broken_course_cannot_be_opened_and_says_everything(root):
    (root / "mkdocs.yml").write_text(f"{SITE}      - none.md\n")
    (root / "quizzes/other.yml").write_text("")

    with pytest.raises(CourseError) as caught:
        reading.open_course(root)

    assert [problem.path for problem in caught.value.problems] == [
        "mkdocs.yml",
        "quizzes/other.yml",
        "quizzes/other.yml",
    ]
    assert str(caught.value).startswith(
        "mkdocs.yml:5:9: nav: there is no lessons/none.md\n    hint"
    )


BOMB = "a: &a [x, x]\n" + "".join(
    f"{new}: &{new} [*{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}]\n"
    for old, new in zip("abcdefghij", "bcdefghijk", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        "questions:\n" + "- " * 300_000 + "x",
        "questions: " + "[" * 900_000,
        "questions: " + "{a: " * 200_000,
        "questions: " + "'" + "\\" * 900_000,
        "prompt: " + "1:" * 400_000 + "1",
        "prompt: " + "1" * 900_000,
        "questions:\n" + "- x\n" * 50_000,
        "? " * 400_000,
        "&a " * 300_000,
        "!" * 900_000,
        "questions:\n  - id: a\n    type: blank\n    objective: a\n    explanation: a\n"
        + "    blanks: {a: {accept: [b]}}\n    prompt: "
        + "[[" * 400_000,
        "\n" * 900_000,
        "#" * 900_000,
        " " * 900_000,
    ],
    ids=lambda text: f"{text[:20]!r}",
)
@pytest.mark.parametrize("name", ["quizzes/lesson.yml", "mkdocs.yml"])
def test_a_file_made_to_exhaust_the_reader_does_not(root, name, text):
    (root / name).write_text(text)

    assert said(root)


@pytest.mark.parametrize(
    "text",
    ["```\n", "````\n```\n", "<!--\n", "# a\n", "/// quiz | x\n", "#{", "#" * 9 + " ", "> ", "a\n=\n",
     "    ```\n   ```\n", "[](", "_*`", "--- \n"],
)  # fmt: skip
def test_a_lesson_made_to_exhaust_the_reader_does_not(root, text):
    (root / "lessons/lesson.md").write_text(LESSON + text * (200_000 // len(text)))

    _, problems = reading.read(root)

    assert all(problem.line >= 1 for problem in problems)
