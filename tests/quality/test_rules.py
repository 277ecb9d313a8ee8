"""What each rule says, and of what it says nothing.

`cases/RULE.yml` is a quiz and `cases/RULE.md` a lesson; the .txt beside it holds what RULE says of it, line
for line. After the rule's name, --words may tell several cases apart. To add a case, add the two files.
"""

import datetime
import itertools
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from course.commands.lint import lint as lint_command
from course.content.reading import open_course
from course.quality import balance, lint, reading, spelling
from course.quality.rules import Warned
from tests.docs.fences import ROOT

CASES = Path(__file__).parent / "cases"
TODAY = datetime.date(2026, 11, 22)

LESSON = """\
---
title: An example
minutes: 1
objectives:
{objectives}---

Somebody has to say what happened and what comes next.

/// quiz
///
"""

QUIZ = """\
questions:
  - id: first
    type: poll
    objective: aim
    prompt: Which?
    options: [{text: One}, {text: Two}]
"""

SITE = "site_name: Example\nnav:\n  - index.md\n  - Basics:\n      - basics/example.md\n"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def lay_out(root: Path, *, quiz: str = QUIZ, lesson: str = "") -> Path:
    """Write a course whose one lesson is *lesson* and asks *quiz*."""
    names = sorted(set(re.findall(r"^ +objective: (\S+)", quiz, re.MULTILINE)))
    given = LESSON.format(objectives="".join(f"  {name}: Do it\n" for name in names))
    write(root / "mkdocs.yml", SITE)
    write(root / "lessons/index.md", "# Hello there\n")
    write(root / "lessons/basics/example.md", lesson or given)
    write(root / "lessons/basics/plain.png", "a picture")
    write(root / "quizzes/basics/example.yml", quiz)
    return root


def said(root: Path, rule: str) -> list[str]:
    return [line(warned) for warned in warnings(root) if warned.rule == rule]


def warnings(root: Path) -> list[Warned]:
    return lint.lint(root, open_course(root), today=TODAY)[0]


def line(warned: Warned) -> str:
    problem = warned.problem
    return f"{problem.path}:{problem.line}:{problem.column}: {problem.message}"


@pytest.mark.parametrize(
    "case", sorted([*CASES.glob("*.yml"), *CASES.glob("*.md")]), ids=lambda case: case.name
)
def test_a_rule_tells_what_breaks_it_and_nothing_else(case: Path, tmp_path: Path) -> None:
    text = case.read_text(encoding="utf-8")
    root = lay_out(tmp_path, **{"quiz" if case.suffix == ".yml" else "lesson": text})

    expected = case.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    assert said(root, case.stem.partition("--")[0]) == expected


ELSEWHERE = {
    "word-list",
    "house-style",
    "plan-time",
    "dead-external-link",
    "unreached-link",
    "moved-link",
}
"""Rules whose tests need more than one file."""


def test_every_rule_has_a_case() -> None:
    assert {case.stem.partition("--")[0] for case in CASES.iterdir()} == lint.NAMES - ELSEWHERE


def test_plan_pages_and_the_glossary_are_read_as_well(tmp_path: Path) -> None:
    root = lay_out(tmp_path)
    lesson = root / "lessons/basics/example.md"
    write(lesson, lesson.read_text() + "\n/// plan\n///\n\nThe reach is wide.\n")
    write(root / "lessons/index.md", "# Hello there\n\n/// glossary\n///\n")
    write(root / "plans/basics/example.yml", PLAN)
    write(
        root / "glossary.yml",
        "terms:\n  - term: reach\n    definition: Peeple who saw it.\n    lesson: basics/example\n",
    )

    assert said(root, "spelling") == [
        "glossary.yml:3:17: 'Peeple' is in no dictionary",
        "plans/basics/example.yml:7:20: 'weeek' is in no dictionary",
    ]


PLAN = """\
title: A page
purpose: To plan.
minutes: 5
parts:
  - id: when
    prompt: Say when.
    columns: [This weeek]
    blank_rows: 2
rubric:
  - id: clear
    criterion: It is clear.
"""


@pytest.mark.parametrize(("blank_rows", "least"), [(5, None), (6, 6)])
def test_a_plan_page_promises_the_time_that_its_entries_take(
    tmp_path: Path, blank_rows: int, least: int | None
) -> None:
    """A row with one cell takes half a minute, a free entry two, and the page promises five."""
    root = lay_out(tmp_path)
    lesson = root / "lessons/basics/example.md"
    write(lesson, lesson.read_text() + "\n/// plan\n///\n")
    rows = f"blank_rows: {blank_rows}\n    rows: [Monday]\n  - id: why\n    prompt: Say why."
    write(root / "plans/basics/example.yml", PLAN.replace("blank_rows: 2", rows))

    message = "plans/basics/example.yml:3:1: minutes: writing its entries takes {} at least, not 5"
    assert said(root, "plan-time") == ([message.format(least)] if least else [])


def test_no_rule_is_told_by_two_names() -> None:
    names = [(rule.name, rule.why, rule.source) for rule in lint.ALL]

    assert len({name for name, _, _ in names}) == len(set(names))


def test_chance_is_reckoned_right() -> None:
    chances = [0.5, 1 / 3, 0.2]
    outcomes = list(itertools.product([0, 1], repeat=3))
    for hits in range(5):
        brute = 0.0
        for outcome in outcomes:
            if sum(outcome) >= hits:
                share = 1.0
                for happened, chance in zip(outcome, chances, strict=True):
                    share *= chance if happened else 1 - chance
                brute += share
        assert balance.at_least(hits, chances) == pytest.approx(brute)


def test_the_level_counts_sentences_and_long_words() -> None:
    text = "The seventh cat sat still. It sat there. " * 20  # 8 words, 2 sentences, 1 long word

    assert reading.lix(text) == pytest.approx(8 / 2 + 100 / 8)
    assert reading.lix("Too short to tell.") is None


def test_what_no_quiz_shows_alone_the_course_shows(tmp_path: Path) -> None:
    root = lay_out(tmp_path, quiz=(CASES / "key-position--too-few-to-tell.yml").read_text())
    other = (root / "quizzes/basics/example.yml").read_text().replace("id: q", "id: other-q")
    write(root / "quizzes/basics/other.yml", other)
    shutil.copy(root / "lessons/basics/example.md", root / "lessons/basics/other.md")
    write(root / "mkdocs.yml", f"{SITE}      - basics/other.md\n")

    found = "mkdocs.yml:2:1: in the whole course, the right option stands at place 2 in 6 of 6 questions"
    assert said(root, "key-position") == [found]

    write(
        root / "mkdocs.yml",
        f"{(root / 'mkdocs.yml').read_text()}extra:\n  lint:\n    key-position: Why\n",
    )
    assert said(root, "key-position") == []


def test_drawings_need_a_title(tmp_path: Path) -> None:
    root = lay_out(tmp_path)
    write(root / "lessons/plain.svg", "<svg><path d='M0 0'/></svg>")
    write(root / "lessons/named.svg", "<svg><title>A line</title><path d='M0 0'/></svg>")

    assert said(root, "text-alternative") == ["lessons/plain.svg:1:1: the drawing has no title"]


# Exceptions

NUMBER = """\
questions:
  - id: number
    type: numeric
    objective: aim
    prompt: How many?
    answer: 3
    tolerance: 0
    explanation: Three.
"""


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (
            "quizzes/basics/example.yml",
            "    answer: 3\n",
            "    answer: 3\n    lint: {numeric-unit: W}\n",
        ),
        ("quizzes/basics/example.yml", "questions:\n", "lint: {numeric-unit: Why}\nquestions:\n"),
        ("mkdocs.yml", "nav:", "extra: {lint: {numeric-unit: Why}}\nnav:"),
    ],
)
def test_a_rule_is_excepted_where_a_reason_is_written(
    tmp_path: Path, file: str, old: str, new: str
) -> None:
    root = lay_out(tmp_path, quiz=NUMBER)
    assert len(said(root, "numeric-unit")) == 1

    write(root / file, (root / file).read_text().replace(old, new))
    assert said(root, "numeric-unit") == said(root, lint.EXCEPTION) == []


def test_a_lesson_excepts_itself(tmp_path: Path) -> None:
    lesson = LESSON.format(objectives="  aim: Do it\n").replace("minutes: 1", "minutes: 60")
    root = lay_out(tmp_path, lesson=lesson)
    assert len(said(root, "reading-time")) == 1

    write(
        root / "lessons/basics/example.md",
        lesson.replace("title:", "lint: {reading-time: W}\ntitle:"),
    )
    assert said(root, "reading-time") == []


def test_an_exception_has_to_be_known_and_needed(tmp_path: Path) -> None:
    quiz = (
        NUMBER + "    unit: apples\n    lint:\n      numeric-unit: Why\n      numeric-units: Why\n"
    )
    found = [w for w in warnings(lay_out(tmp_path, quiz=quiz)) if w.rule == lint.EXCEPTION]

    assert [line(w) for w in found] == [
        "quizzes/basics/example.yml:11:7: the exception from 'numeric-unit' is not needed",
        "quizzes/basics/example.yml:12:7: there is no rule 'numeric-units'",
    ]
    assert found[1].problem.hint == "did you mean 'numeric-unit'?"


@pytest.mark.parametrize(
    ("extra", "said_of_it"),
    [
        ("{lint: spelling}", "mkdocs.yml:1:9: lint: names no rules"),
        ("{lint: {spelling: }}", "mkdocs.yml:1:16: lint.spelling: gives no reason"),
    ],
)
def test_an_exception_gives_its_reason(tmp_path: Path, extra: str, said_of_it: str) -> None:
    root = lay_out(tmp_path)
    write(root / "mkdocs.yml", f"extra: {extra}\n{SITE}")

    assert said(root, lint.EXCEPTION) == [said_of_it]


def test_an_exception_of_rules_that_did_not_run_stays(tmp_path: Path) -> None:
    quiz = NUMBER.replace("questions:", "lint: {moved-link: W, bare-negative: W}\nquestions:")
    root = lay_out(tmp_path, quiz=quiz)
    write(root / "mkdocs.yml", SITE + "theme: {name: material, language: de}\n")

    assert said(root, lint.EXCEPTION) == []


def test_an_exception_makes_no_new_revision_and_is_not_published(tmp_path: Path) -> None:
    plain = open_course(lay_out(tmp_path / "plain", quiz=NUMBER)).asked["number"][1]
    quiz = NUMBER.replace("    answer", "    lint: {numeric-unit: Secret}\n    answer")
    course = open_course(lay_out(tmp_path / "excepted", quiz=quiz))
    excepted = course.asked["number"][1]

    assert (plain.revision, plain.wording) == (excepted.revision, excepted.wording)
    assert "Secret" not in course.dump()


# Spelling


def test_words_of_the_list_are_right_and_needless_ones_are_told(tmp_path: Path) -> None:
    lesson = (
        LESSON.format(objectives="  aim: Do it\n") + "\nZzyzx's knwon touchpoint, Touchpoint.\n"
    )
    root = lay_out(tmp_path, lesson=lesson)
    write(root / "words.txt", "# names\ntouchpoint\nZzyzx\nnever-met\nhouse\n")

    assert said(root, "spelling") == ["lessons/basics/example.md:13:9: 'knwon' is in no dictionary"]
    assert said(root, "word-list") == [
        "words.txt:4:1: 'never-met' is not needed",
        "words.txt:4:1: 'never-met' stands after 'Zzyzx'",
        "words.txt:5:1: 'house' is not needed",
        "words.txt:5:1: 'house' stands after 'never-met'",
    ]


def test_unknown_words_are_added_where_they_belong(tmp_path: Path) -> None:
    lesson = (
        LESSON.format(objectives="  aim: Do it\n") + "\nZzyzx's knwon touchpoint, Touchpoint.\n"
    )
    root = lay_out(tmp_path, lesson=lesson)
    write(root / "words.txt", "# names\nAardvarkia\nZyx\n")
    added = spelling.add_words(lint.lint(root, open_course(root), today=TODAY)[1])

    assert added == ["knwon", "touchpoint", "Zzyzx"]
    assert (
        root / "words.txt"
    ).read_text() == "# names\nAardvarkia\nknwon\ntouchpoint\nZyx\nZzyzx\n"
    assert said(root, "spelling") == []


@pytest.mark.parametrize(
    ("language", "wrong"), [("en", "Strasse"), ("de", "house"), ("en-GB", "Strasse")]
)
def test_the_dictionary_is_that_of_the_course(tmp_path: Path, language: str, wrong: str) -> None:
    lesson = "---\ntitle: '1'\nminutes: 1\nobjectives: {aim: '1'}\n---\n\n{}\n\n/// quiz\n///\n"
    root = lay_out(tmp_path, lesson=lesson.replace("{}", wrong))
    write(root / "mkdocs.yml", f"{SITE}theme: {{name: material, language: {language}}}\n")

    assert f"'{wrong}'" in "".join(said(root, "spelling"))


def test_a_language_without_a_dictionary_is_not_spelt(tmp_path: Path) -> None:
    root = lay_out(tmp_path)
    write(root / "mkdocs.yml", f"{SITE}theme: {{name: material, language: sk}}\n")

    assert said(root, "spelling") == said(root, "word-list") == []


PLAIN = "---\ntitle: '1'\nminutes: 1\nobjectives: {aim: '1'}\n---\n\n{}\n\n/// quiz\n///\n"


def hints(root: Path, rule: str) -> list[str]:
    return [warned.problem.hint for warned in warnings(root) if warned.rule == rule]


def test_a_word_is_suggested_only_where_the_course_uses_it_itself(tmp_path: Path) -> None:
    text = "We check the sheet. A sheeet, a shift and an asss lie here, and a fuc. Shifts differ."
    root = lay_out(tmp_path, lesson=PLAIN.replace("{}", text))

    assert hints(root, "spelling") == [
        "did you mean 'sheet'? If it is right, add it to words.txt",
        "fix it, or add it to words.txt",
        "fix it, or add it to words.txt",
    ]


def test_a_word_that_floods_is_one_warning_where_it_stands_first(tmp_path: Path) -> None:
    lesson = PLAIN.replace(
        "{}", "A zzyzx.\n\n" + "Another zzyzx is here.\n" * 11 + "A wrogn, a wrogn."
    )
    root = lay_out(tmp_path, lesson=lesson)

    assert said(root, "spelling") == [
        "lessons/basics/example.md:7:3: 'zzyzx' is in no dictionary; it stands in 12 places",
        "lessons/basics/example.md:20:3: 'wrogn' is in no dictionary",
        "lessons/basics/example.md:20:12: 'wrogn' is in no dictionary",
    ]


GERMAN = "Die Antwort muss immer kurz sein, damit alle schnell lesen können, was gemeint war. " * 12


def test_a_course_that_names_no_language_is_asked_for_it_once(tmp_path: Path) -> None:
    root = lay_out(tmp_path, lesson=PLAIN.replace("{}", GERMAN))

    [found] = said(root, "spelling")

    assert found == "mkdocs.yml:1:1: most words are in no dictionary of the language 'en'"
    assert hints(root, "spelling") == [
        "name the language of the course under 'theme:', such as 'language: de'"
    ]


def test_rules_that_know_english_only_say_that_they_were_skipped(tmp_path: Path) -> None:
    root = lay_out(tmp_path, lesson=PLAIN.replace("{}", GERMAN))
    write(root / "mkdocs.yml", f"{SITE}theme: {{name: material, language: de}}\n")

    result = CliRunner().invoke(lint_command, ["--root", str(root)])

    assert "Not checked in the language 'de': absolute-words, all-of-the-above," in result.output
    assert " spelling," not in result.output.split("Not checked")[1].split("\n")[0]
    english = {rule.name for rule in lint.ALL if rule.english}
    assert not english & {warned.rule for warned in warnings(root)}


@pytest.mark.parametrize("language", ["ja", "zh-TW", "th"])
def test_words_are_not_counted_in_languages_without_spaces(tmp_path: Path, language: str) -> None:
    sentence = "返信は短く、誰が読んでも分かるように書きます。" * 200
    root = lay_out(tmp_path, lesson=PLAIN.replace("{}", sentence))
    write(root / "mkdocs.yml", f"{SITE}theme: {{name: material, language: {language}}}\n")

    rules = {warned.rule for warned in warnings(root)}

    assert not rules & {"reading-time", "reading-level", "section-length", "spelling"}


# The course that ships


def test_the_course_that_ships_has_nothing_to_mend() -> None:
    found = [line(w) for w in lint.lint(ROOT, open_course(ROOT), today=TODAY)[0]]

    assert found == []


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ("organise colour centre programmes sceptical cheque analysed travelled paediatric", True),
        ("manoeuvre licence favourite defence catalogue neighbour's enrolment greyish tyres", True),
        ("organize color center traveled defense catalog labor plow skeptic", True),
        ("organsie colur cenrte reconise travlled defenze neigbour cataloge favourit", False),
    ],
)
def test_both_spellings_of_english_are_known_and_slips_are_not(words: str, known: bool) -> None:
    dictionary = spelling.Dictionary("en", frozenset())

    assert {dictionary.knows(word) for word in words.split()} == {known}
