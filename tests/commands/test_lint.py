"""`course lint`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course.commands.lint import lint
from course.quality.links import Answer
from tests.quality.test_rules import NUMBER, SITE, lay_out, write

CLEAN = """\
questions:
  - id: one
    type: text
    objective: aim
    prompt: Write it.
    checklist: [Short, Kind]
    example: So.
    explanation: So.
  - id: two
    type: text
    objective: aim
    prompt: Say it.
    checklist: [Short, Kind]
    example: So.
    explanation: So.
"""


def run(root: Path, *options: str) -> Result:
    return CliRunner().invoke(lint, ["--root", str(root), *options])


def test_a_course_with_nothing_to_mend_is_counted(tmp_path: Path) -> None:
    result = run(lay_out(tmp_path, quiz=CLEAN))

    assert (result.output, result.exit_code) == ("2 pages, 2 questions: no warnings.\n", 0)


def test_a_warning_is_a_line_with_its_rule_and_below_it_the_mend_and_the_reason(
    tmp_path: Path,
) -> None:
    root = lay_out(tmp_path, quiz=NUMBER)
    result = run(root, str(root / "quizzes"))

    assert result.output.splitlines()[:3] == [
        "quizzes/basics/example.yml:2:5: questions.number.feedback: a wrong number gets no feedback "
        "[option-feedback]",
        "    hint: say how to go about it",
        "    why: an explanation teaches about ten times as much as 'right' or 'wrong'",
    ]
    assert result.output.endswith("3 warnings.\n")
    assert result.exit_code == 1


def test_only_what_lies_in_the_paths_is_told(tmp_path: Path) -> None:
    root = lay_out(tmp_path, quiz=NUMBER)

    assert "lessons/" not in run(root, str(root / "quizzes")).output
    assert "quizzes/" not in run(root, str(root / "lessons/basics/example.md")).output
    assert run(root, str(root)).output == run(root).output
    assert run(root, str(root / "lessons/index.md")).exit_code == 0


@pytest.mark.parametrize("options", [["nowhere"], ["/"], ["--fixx"], ["--root", "nowhere"]])
def test_a_wrong_call_is_status_2(options: list[str], tmp_path: Path) -> None:
    assert run(lay_out(tmp_path), *options).exit_code == 2


def test_what_is_wrong_has_to_be_mended_first(tmp_path: Path) -> None:
    root = lay_out(tmp_path, quiz=NUMBER.replace("answer", "anser"))
    result = run(root)

    assert "did you mean 'answer'?" in result.output
    assert "Not checked any further: fix this first." in result.output
    assert result.exit_code == 1


def test_json_says_the_same_and_what_reading_takes(tmp_path: Path) -> None:
    root = lay_out(tmp_path, quiz=NUMBER)
    report = json.loads(run(root, "--json", str(root / "quizzes")).output)

    assert report["lessons"] == [
        {"path": "lessons/basics/example.md", "words": 10, "minutes": [1, 1], "level": None}
    ]
    assert report["warnings"][0].keys() == {
        "path", "line", "column", "message", "hint", "rule", "why", "source",
    }  # fmt: skip
    assert [w["rule"] for w in report["warnings"]] == [
        "option-feedback",
        "numeric-slips",
        "numeric-unit",
    ]


def test_unknown_words_can_be_added(tmp_path: Path) -> None:
    root = lay_out(tmp_path, quiz=CLEAN.replace("Kind", "Kindd"))

    assert run(root).exit_code == 1
    result = run(root, "--add-words")
    assert (result.output, result.exit_code) == (
        "words.txt: added Kindd\n2 pages, 2 questions: no warnings.\n",
        0,
    )


def test_links_to_other_sites_are_counted_by_what_is_known_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = lay_out(tmp_path, quiz=CLEAN)
    page = root / "lessons/basics/example.md"
    paths = ("here", "gone", "closed", "closed-too")
    links = " ".join(f"[{path}](https://example.org/{path})" for path in paths)
    page.write_text(f"{page.read_text()}\n{links}\n")
    known = {
        "https://example.org/here": Answer(),
        "https://example.org/gone": Answer("answers 404 Not Found"),
    }
    turned_away = Answer("answers 403 Forbidden", reached=False)
    monkeypatch.setattr("course.quality.links.request", lambda url: known.get(url, turned_away))

    assert "Links to other sites: 1 works, 1 dead, 2 not reached." in run(root, "--links").output
    report = json.loads(run(root, "--links", "--json").output)
    assert report["links"]["https://example.org/closed"] == "not reached"
    assert [w["rule"] for w in report["warnings"] if "link" in w["rule"]] == [
        "dead-external-link",
        "unreached-link",
        "unreached-link",
    ]


def test_a_language_that_cannot_be_spelt_is_told(tmp_path: Path) -> None:
    root = lay_out(tmp_path, quiz=CLEAN)
    write(root / "mkdocs.yml", SITE + "theme: {name: material, language: sk}\n")

    assert "no dictionary for 'sk'" in run(root).output


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a\x00b"])
def test_a_word_list_that_is_no_text_is_told(tmp_path: Path, content: bytes) -> None:
    root = lay_out(tmp_path, quiz=CLEAN)
    (root / "words.txt").write_bytes(content)
    result = run(root)

    assert result.output.startswith("words.txt:1:")
    assert result.exit_code == 1
