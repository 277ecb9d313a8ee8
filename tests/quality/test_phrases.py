"""The rule house-style: a course's own list of phrases that must not come back."""

from pathlib import Path

import pytest

from tests.quality.test_rules import PLAN, SITE, lay_out, said, warnings, write

LESSON = """\
---
title: A page
minutes: 1
objectives:
  aim: Read it
---

We play with open
cards, and With Open Cards we go on. It’s a game-changer, say the open cardsharpers.

Code is left alone: `with open cards`.

/// quiz
///
"""

QUIZ = """\
questions:
  - id: first
    type: poll
    objective: aim
    prompt: Which house?
    options: [{text: With open cards}, {text: Two}]
"""

PHRASES = """\
# Of the house
with open cards: with your cards on the table
"it's a game-changer": ""
ouse: no whole word
"""


def test_a_phrase_is_found_everywhere_with_its_better_wording(tmp_path: Path) -> None:
    root = lay_out(tmp_path, lesson=LESSON, quiz=QUIZ)
    write(root / "phrases.yml", PHRASES)
    write(root / "lessons/basics/example.md", f"{LESSON}\n/// plan\n///\n")
    write(root / "plans/basics/example.yml", PLAN.replace("To plan.", "To plan with open cards."))

    avoid = "is on the list of phrases to avoid"
    assert said(root, "house-style") == [
        f"lessons/basics/example.md:8:9: 'with open cards' {avoid}",
        f"lessons/basics/example.md:9:12: 'With Open Cards' {avoid}",
        f"lessons/basics/example.md:9:38: 'It’s a game-changer' {avoid}",
        f"plans/basics/example.yml:2:18: 'with open cards' {avoid}",
        f"quizzes/basics/example.yml:6:22: 'With open cards' {avoid}",
    ]
    hints = [w.problem.hint for w in warnings(root) if w.rule == "house-style"]
    assert hints[0] == "write 'with your cards on the table'"
    assert hints[2] == "leave it out"


def test_without_a_list_nothing_is_reported(tmp_path: Path) -> None:
    root = lay_out(tmp_path, lesson=LESSON, quiz=QUIZ)
    assert said(root, "house-style") == []

    write(root / "phrases.yml", "# none yet\n")
    assert said(root, "house-style") == []


@pytest.mark.parametrize(
    ("language", "text", "phrase"),
    [
        ("de", "Wir wollen am Ende des Tages gewinnen.", "am Ende des Tages: zuletzt"),
        ("ja", "最終的には顧客を操作します。", "顧客を操作: 顧客に役立つ"),
    ],
)
def test_a_list_works_in_any_language(
    tmp_path: Path, language: str, text: str, phrase: str
) -> None:
    root = lay_out(tmp_path, lesson=LESSON.replace("Code is left alone:", text), quiz=QUIZ)
    write(root / "mkdocs.yml", f"{SITE}theme:\n  language: {language}\n")
    write(root / "phrases.yml", f"{phrase}\n")

    (found,) = said(root, "house-style")
    assert f"'{phrase.partition(':')[0]}'" in found


def test_an_exception_is_written_where_the_phrase_is(tmp_path: Path) -> None:
    excused = "    lint: {house-style: quoted from a customer}\n"
    root = lay_out(tmp_path, quiz=QUIZ + excused)
    write(root / "phrases.yml", PHRASES)

    assert [w for w in warnings(root) if w.rule in ("house-style", "exception")] == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("- with open cards\n", "phrases.yml:1:1: is no list of phrases"),
        ("good: better\nwith open cards: [a, b]\n", "phrases.yml:2:1: 'with open cards' is no"),
        ('" ": one\n', "phrases.yml:1:1: ' ' is no phrase"),
    ],
)
def test_a_list_that_cannot_be_read_is_reported(tmp_path: Path, content: str, problem: str) -> None:
    root = lay_out(tmp_path)
    write(root / "phrases.yml", content)

    (found,) = said(root, "house-style")
    assert found.startswith(problem)
