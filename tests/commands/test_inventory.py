"""`course inventory`."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course.commands.inventory import inventory
from tests.quality.test_rules import lay_out

QUIZ = """\
questions:
  - id: one
    type: single
    objective: aim
    prompt: Which?
    options: [{text: A, correct: true}, {text: B}, {text: C}]
    explanation: So.
    review_after: 2020-01-31
  - id: two
    type: poll
    objective: aim
    prompt: Which?
    options: [{text: A}, {text: B}]
    review_after: 9000-01-31
"""


def run(root: Path, *options: str) -> Result:
    return CliRunner().invoke(inventory, ["--root", str(root), *options])


def test_a_course_is_counted_lesson_by_lesson(tmp_path: Path) -> None:
    result = run(lay_out(tmp_path, quiz=QUIZ))
    report = json.loads(run(tmp_path, "--json").output)
    (lesson,) = report["lessons"]

    assert "In all: 1 lesson, " in result.output
    assert ", 2 questions, 1 of them unscored, 1 objective, 0 plan pages, " in result.output
    assert "1 of 2 dates of review is past or within 30 days" in result.output
    assert lesson["types"] == {"poll": 1, "single": 1}
    assert (
        "Time: 1 minute to read, 2 minutes for questions, 0 minutes for plan pages; "
        in result.output
    )
    assert (lesson["minutes"], lesson["answering"], lesson["total"]) == (1, 2, 3)
    assert (lesson["practice"], lesson["unscored"], lesson["questions"]) == ({"aim": 1}, 1, 2)
    assert report["types"]["single"] == 1
    assert report["types"]["numeric"] == 0
    assert result.exit_code == 0


@pytest.mark.parametrize(("within", "due"), [("0", ["one"]), ("3650", ["one"])])
def test_what_is_due_for_review_is_listed_with_its_place(
    tmp_path: Path, within: str, due: list[str]
) -> None:
    root = lay_out(tmp_path, quiz=QUIZ)
    result = run(root, "--due", "--within", within)
    report = json.loads(run(root, "--due", "--within", within, "--json").output)

    line = QUIZ.splitlines().index("    review_after: 2020-01-31") + 1
    assert f"quizzes/basics/example.yml:{line}:5: one: due since 2020-01-31" in result.output
    assert result.output.endswith("1 question due for review.\n")
    assert [one["question"] for one in report["due"]] == due
    assert result.exit_code == 0


def test_where_nothing_is_due_the_next_date_is_told(tmp_path: Path) -> None:
    result = run(lay_out(tmp_path, quiz=QUIZ.replace("2020", "9001")), "--due")

    assert result.output == "Nothing is due within 30 days. The next date is 9000-01-31.\n"


def test_a_course_that_is_not_sound_is_not_counted(tmp_path: Path) -> None:
    result = run(lay_out(tmp_path, quiz=QUIZ.replace("type: poll", "type: pol")))

    assert re.search(r"^quizzes/basics/example.yml:10:5: .*'pol'", result.output, re.MULTILINE)
    assert "Not counted: 'course check' tells you what to fix first." in result.output
    assert result.exit_code == 1
