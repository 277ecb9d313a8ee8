"""A sound course as it is read: modules, lessons and places in order, and back from its file of keys."""

import json
from pathlib import Path

import pytest

from course.content import addresses, reading
from course.content.course import Course, Place

SITE = """\
site_name: A course
site_url: https://example.org/course/
nav:
  - Start: index.md
  - Basics:
      - basics/index.md
      - First: basics/one.md
      - More:
          - basics/two.md
      - About: basics/about.md
  - Elsewhere: https://example.org/
  - Later:
      - later.md
"""

ONE = """\
---
title: The first
minutes: 5
objectives:
  see: See it
  say: Say it
---

Text.

## Say

/// quiz | say
///

## See

/// quiz | second
///

/// quiz
///
"""

POLL = """\
  - id: {id}
    type: poll
    objective: {objective}
    prompt: Which?
    options: [{{text: One}}, {{text: Two}}]
"""

TWO = """\
---
id: kept
title: The second
minutes: 7
objectives: {see: See it}
---
"""


@pytest.fixture
def root(tmp_path) -> Path:
    quiz = "pass_mark: 50%\nquestions:\n" + "".join(
        POLL.format(id=name, objective=objective)
        for name, objective in [
            ("first", "see"), ("second", "see"), ("third", "say"), ("fourth", "say"), ("fifth", "see"),
        ]
    )  # fmt: skip
    files = {
        "mkdocs.yml": SITE,
        "lessons/index.md": "# Start\n",
        "lessons/basics/index.md": "# Basics\n",
        "lessons/basics/one.md": ONE,
        "lessons/basics/two.md": TWO,
        "lessons/basics/about.md": "---\nlesson: false\n---\n",
        "lessons/later.md": TWO.replace("id: kept\n", ""),
        "quizzes/basics/one.yml": quiz,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_modules_and_lessons_follow_the_navigation(root):
    opened = reading.open_course(root)

    assert opened.title == "A course"
    assert [(m.title, [lesson.id for lesson in m.lessons]) for m in opened.modules] == [
        ("Basics", ["basics/one", "kept"]),
        ("Later", ["later"]),
    ]
    assert list(opened.lessons) == ["basics/one", "kept", "later"]


def test_a_lesson_knows_its_address_whatever_its_id(root):
    lesson = reading.open_course(root).lessons["kept"]

    assert (lesson.path, lesson.url) == ("basics/two.md", "basics/two/")
    assert (lesson.title, lesson.minutes, lesson.objectives) == ("The second", 7, {"see": "See it"})
    assert lesson.quiz is None
    assert lesson.questions == ()


def test_questions_stand_where_their_blocks_do(root):
    lesson = reading.open_course(root).lessons["basics/one"]

    assert [question.id for question in lesson.questions] == [
        "third",
        "fourth",
        "second",
        "first",
        "fifth",
    ]
    assert lesson.places["third"] == Place("Say", "say")
    assert lesson.places["fifth"] == Place("See", "see")
    assert lesson.quiz.rules.pass_mark == 0.5


def test_every_question_is_found_by_its_id(root):
    opened = reading.open_course(root)

    assert len(opened.asked) == 5
    lesson, question = opened.asked["second"]
    assert (lesson.id, question.id) == ("basics/one", "second")


def test_a_course_comes_back_from_its_file_as_it_was(root):
    opened = reading.open_course(root)

    assert Course.load(opened.dump()) == opened
    assert json.loads(opened.dump())["modules"][0]["lessons"][0]["rules"]["pass_mark"] == 0.5


@pytest.mark.parametrize(
    ("line", "url", "base"),
    [
        ("site_url: https://example.org/course/", "https://example.org/course/", "/course/"),
        ("site_url: https://example.org", "https://example.org", "/"),
        ("site_url: !ENV [NO_SUCH, 'http://localhost:8000/a']", "http://localhost:8000/a", "/a/"),
        ("site_url: !ENV NO_SUCH", "", "/"),
        ("site_url:", "", "/"),
        ("theme: material", "", "/"),
    ],
)
def test_the_address_may_come_from_the_environment(root, line, url, base):
    (root / "mkdocs.yml").write_text(SITE.replace("site_url: https://example.org/course/", line))
    opened = reading.open_course(root)

    assert (opened.site_url, opened.base) == (url, base)


def test_another_address_stands_in_for_that_of_the_settings(root):
    assert reading.open_course(root, "https://other.org/").site_url == "https://other.org/"


@pytest.mark.parametrize("name", sorted(addresses.RESERVED))
def test_no_page_takes_an_address_of_the_service(root, name):
    (root / "lessons" / name).mkdir()
    (root / "lessons" / name / "index.md").write_text("# Mine\n")
    (root / "mkdocs.yml").write_text(f"{SITE}  - Mine: {name}/index.md\n")

    [problem] = reading.read(root)[1]
    assert problem.message == f"addresses that begin with '{name}/' belong to the service"


def test_a_page_further_down_may_be_called_like_one(root):
    (root / "lessons/basics/quiz.md").write_text("# Mine\n")
    (root / "mkdocs.yml").write_text(f"{SITE}  - Mine: basics/quiz.md\n")

    assert reading.read(root)[1] == []


def test_problems_come_in_the_order_of_files_and_lines(root):
    (root / "quizzes/basics/one.yml").write_text("pass_mark: 80\nquestions: []\n")
    (root / "mkdocs.yml").write_text(f"{SITE}      - none.md\n      - nothing.md\n")

    problems = reading.read(root)[1]
    assert [(problem.path, problem.line) for problem in problems] == [
        ("mkdocs.yml", 14),
        ("mkdocs.yml", 15),
        ("quizzes/basics/one.yml", 1),
        ("quizzes/basics/one.yml", 2),
    ]


def test_lessons_come_before_the_settings(root):
    (root / "lessons/basics/one.md").write_text(ONE.replace("| second", "| secnd"))
    (root / "mkdocs.yml").write_text(f"{SITE}      - none.md\n")

    problems = reading.read(root)[1]
    assert [(problem.path, problem.line) for problem in problems] == [
        ("lessons/basics/one.md", 18),
        ("mkdocs.yml", 14),
    ]
