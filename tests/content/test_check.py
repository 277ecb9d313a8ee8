"""`course check` and `course schema`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course.commands.check import check, schema
from course.content.schema import glossary_schema, lesson_schema, quiz_schema
from tests.content.test_broken import LESSON, QUIZ, SITE

BUILT = f"{SITE}docs_dir: lessons\ntheme:\n  name: material\n  font: false\nplugins:\n  - course\n"
NO_IDS = QUIZ.replace("id: first\n    ", "").replace("id: second\n    ", "")


@pytest.fixture
def root(tmp_path) -> Path:
    (tmp_path / "lessons").mkdir()
    (tmp_path / "quizzes").mkdir()
    (tmp_path / "mkdocs.yml").write_text(BUILT)
    (tmp_path / "lessons/lesson.md").write_text(LESSON)
    (tmp_path / "quizzes/lesson.yml").write_text(QUIZ)
    return tmp_path


def run(root: Path, *options: str) -> Result:
    return CliRunner().invoke(check, ["--root", str(root), *options])


def test_a_sound_course_is_counted(root):
    result = run(root)

    assert result.output == "1 lesson, 2 questions: no problems.\n"
    assert result.exit_code == 0


def test_each_problem_is_a_line_with_its_hint_below(root):
    (root / "quizzes/lesson.yml").write_text(QUIZ.replace("prompt: Which do you u", "promt: [U] u"))
    (root / "lessons/lesson.md").write_text(LESSON.replace("minutes: 5", "minutes: 0"))
    result = run(root)

    assert result.output == (
        "lessons/lesson.md:3:1: minutes: must be 1 or more\n"
        "quizzes/lesson.yml:5:16: a text goes on after a bracket, which YAML reads as the end of a list\n"
        "    hint: put the whole text in quotes\n"
        "2 problems.\n"
    )
    assert result.exit_code == 1


def test_one_problem_is_one(root):
    (root / "lessons/lesson.md").write_text(LESSON.replace("minutes: 5", "minutes: 0"))

    assert run(root).output.endswith("\n1 problem.\n")


def test_there_are_no_colours_but_on_a_terminal(root):
    (root / "quizzes/lesson.yml").write_text(NO_IDS)

    assert "\x1b" not in run(root).output


@pytest.mark.parametrize("options", [["--root", "nowhere"], ["--fixx"], ["lessons"]])
def test_a_wrong_call_is_status_2(options):
    assert CliRunner().invoke(check, options).exit_code == 2


def test_a_folder_without_a_course_is_a_problem(tmp_path):
    result = run(tmp_path)

    assert result.output.startswith(
        "mkdocs.yml:1:1: is missing\n    hint: run this in a course's folder"
    )
    assert result.exit_code == 1


def test_json_says_the_same(root):
    (root / "quizzes/lesson.yml").write_text(
        QUIZ.replace("prompt: Which do you use", "promt: Which")
    )
    result = run(root, "--json")

    assert json.loads(result.output) == {
        "lessons": 1,
        "questions": 1,
        "written": {},
        "problems": [
            {
                "path": "quizzes/lesson.yml",
                "line": 2,
                "column": 5,
                "message": "questions.first.prompt: missing",
                "hint": "add 'prompt:' (what is asked, as Markdown)",
                "is_warning": False,
            },
            {
                "path": "quizzes/lesson.yml",
                "line": 5,
                "column": 5,
                "message": "questions.first.promt: unknown key",
                "hint": "did you mean 'prompt'?",
                "is_warning": False,
            },
        ],
    }
    assert result.exit_code == 1


def test_missing_ids_are_written_on_demand(root):
    (root / "quizzes/lesson.yml").write_text(NO_IDS)
    before = run(root)
    result = run(root, "--fix")

    assert "hint: add 'id: which-do-you-use', or let 'course check --fix' write it" in before.output
    assert result.output == (
        "quizzes/lesson.yml: wrote id: which-do-you-use, id: which-do-you-like\n"
        "1 lesson, 2 questions: no problems.\n"
    )
    assert (root / "quizzes/lesson.yml").read_text() == QUIZ.replace(
        "id: first", "id: which-do-you-use"
    ).replace("id: second", "id: which-do-you-like")
    assert run(root, "--fix").output == "1 lesson, 2 questions: no problems.\n"


def test_json_says_what_was_written(root):
    (root / "quizzes/lesson.yml").write_text(NO_IDS)

    assert json.loads(run(root, "--fix", "--json").output)["written"] == {
        "quizzes/lesson.yml": ["which-do-you-use", "which-do-you-like"]
    }


def test_ids_that_other_questions_have_are_not_given_again(root):
    other = QUIZ.replace("id: first", "id: which-do-you-use").replace(
        "second", "which-do-you-use-2"
    )
    (root / "quizzes/other.yml").write_text(other)
    (root / "quizzes/lesson.yml").write_text(NO_IDS)
    run(root, "--fix")

    assert "id: which-do-you-use-3\n" in (root / "quizzes/lesson.yml").read_text()


AWKWARD = """\
# A comment: with 'signs'\r
questions:\r
  -   type: poll   # a comment\r
      objective: aim\r
      prompt: "É: is it #1?"\r
      options: [{text: One}, {text: Two}]\r
  - {type: poll, objective: aim, prompt: "[[?]]", options: [{text: One}, {text: Two}]}\r
  -\r
    type: poll\r
    objective: aim\r
    options: [{text: One}, {text: Two}]\r
  - id:\r
    type: poll\r
"""


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_nothing_else_in_the_file_changes(root, mark):
    path = root / "quizzes/lesson.yml"
    path.write_bytes((mark + AWKWARD).encode())
    run(root, "--fix")

    assert path.read_bytes().decode() == mark + (
        AWKWARD.replace("-   type: poll   #", "-   id: e-is-it-1\r\n      type: poll   #")
        .replace("{type", "{id: name, type")
        .replace("-\r\n    type", "-\r\n    id: question\r\n    type")
    )


def test_a_list_at_the_very_start_with_a_byte_order_mark_is_written_right(root):
    path = root / "quizzes/lesson.yml"
    path.write_text("\ufeffquestions: [{type: poll, prompt: Why}]", encoding="utf-8")
    run(root, "--fix")

    assert (
        path.read_text(encoding="utf-8") == "\ufeffquestions: [{id: why, type: poll, prompt: Why}]"
    )


@pytest.mark.parametrize(
    "text", ["questions: [", "questions:\n  - &a\n    type: poll\n", "a: é: b", ""]
)
def test_a_file_that_cannot_be_read_stays_whole(root, text):
    (root / "quizzes/lesson.yml").write_text(text)
    result = run(root, "--fix")

    assert (root / "quizzes/lesson.yml").read_text() == text
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "made"),
    [
        ([], quiz_schema()),
        (["quiz"], quiz_schema()),
        (["lesson"], lesson_schema()),
        (["glossary"], glossary_schema()),
    ],
)
def test_a_schema_is_printed(arguments, made):
    result = CliRunner().invoke(schema, arguments)

    assert json.loads(result.output) == made
    assert result.exit_code == 0


def test_another_schema_is_a_wrong_call():
    assert CliRunner().invoke(schema, ["course"]).exit_code == 2


@pytest.mark.parametrize("command", [check, schema])
def test_help_is_for_people(command):
    result = CliRunner().invoke(command, ["--help"])

    assert result.exit_code == 0
    assert command.help.split("\n")[0] in " ".join(result.output.split())
