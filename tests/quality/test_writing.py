"""The page on writing well says what the rules say."""

import re
import shlex
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from course.cli import main
from course.content.reading import open_course
from course.quality import lint
from tests.docs.fences import ROOT, fences
from tests.quality.test_rules import TODAY, lay_out

PAGE = ROOT / "docs" / "writing.md"


def test_every_rule_has_its_section_with_reason_and_source() -> None:
    text = PAGE.read_text(encoding="utf-8")
    sections = dict(re.findall(r"^### (\S+)\n\n(.+)$", text, re.MULTILINE))

    assert sections.keys() == lint.NAMES
    for rule in lint.ALL:
        assert f"The reason: {rule.why}." in sections[rule.name]
        assert rule.source in sections[rule.name]
        for source in rule.source.split("; "):
            assert source == "our own rule" or f"\n- {source.partition(',')[0]}" in text


def test_rules_that_need_english_are_named() -> None:
    said = PAGE.read_text(encoding="utf-8").partition("silent in other languages: ")[2]
    named = set(re.findall(r"`([a-z-]+)`", said.partition(". ")[0]))

    assert named == {rule.name for rule in lint.ALL if rule.english}


def test_the_example_of_an_exception_is_needed(tmp_path: Path) -> None:
    (example,) = (block.text for block in fences(PAGE) if block.language == "yaml")
    excused = yaml.safe_load(example)["questions"][0]["lint"]
    quiz = example.replace("    lint:\n", "    tags: []\n    lint:\n")
    warned = lint.lint(root := lay_out(tmp_path, quiz=quiz), open_course(root), today=TODAY)[0]

    assert not {w.rule for w in warned} & {*excused, lint.EXCEPTION}


def test_the_commands_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (block,) = (block.text for block in fences(PAGE) if block.language == "sh")
    for line in block.splitlines():
        result = CliRunner().invoke(main, shlex.split(line)[1:])
        assert result.exit_code == 0, result.output
