"""Whatever a file holds, reading it never raises, and whatever a question holds, it keeps its promises."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from course.content import questions, reading
from course.content.course import Course
from course.content.model import Passage
from course.content.problems import Problem
from course.content.questions.base import AnswerError, Choices, Entry, Option, Question, Rows
from tests.content import samples
from tests.content.test_broken import LESSON, QUIZ, SITE

FILES = {"mkdocs.yml": SITE, "lessons/lesson.md": LESSON, "quizzes/lesson.yml": QUIZ}

RICH_QUIZ = "pass_mark: 80%\nquestions:\n" + "".join(
    "".join(f"  {'- ' if number == 0 else '  '}{line}\n" for number, line in enumerate(lines))
    for lines in (text.splitlines() for text in samples.ALL.values())
)

PIECES = st.sampled_from(
    [*"\n\n\n  \t:-#&*!|>%@`'\"[]{},?/~=.\0\r\ufeff\u2028é漢", ": ", "- ", " #", "---\n", "...\n", "<<: ",
     "*a", "&a ", "!!x ", "!", "''", '"', "id: ", "type: ", "single", "questions:\n", "options:\n",
     "correct: true\n", "text: ", "no", "1:30", "010", ".nan", "1e999", "2026-13-45",
     "0001-01-01 00:00:00 +14:00",
     "/// quiz | a\n", "///\n", "```\n", "<!--", "title: ", "nav:\n", "x.md", "../", "[[a]]", "true", "null"]
)  # fmt: skip


@st.composite
def mutated(draw, text: str) -> str:
    """Return *text* with a few lines or characters cut, doubled, moved or replaced."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        put = draw(
            st.one_of(
                PIECES,
                st.lists(PIECES, max_size=5).map("".join),
                st.just(text[start:end] * 2),
                st.just(""),
            )
        )
        text = text[:start] + put + text[end:]
    return text


def problems_of(changes: dict[str, bytes]) -> list[Problem]:
    """Return the problems of the sample course with some files replaced, having checked their places."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "lessons").mkdir()
        (root / "quizzes").mkdir()
        files = {name: text.encode() for name, text in FILES.items()} | changes
        for name, content in files.items():
            (root / name).write_bytes(content)
        found, problems = reading.read(root)
        if found is not None:
            assert Course.load(found.dump()) == found
        for problem in problems:
            assert_placed(problem, files)
        reading.write_missing_ids(root)
        return problems


def assert_placed(problem: Problem, files: dict[str, bytes]) -> None:
    text = files.get(problem.path, b"").decode("utf-8-sig", "replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert 1 <= problem.line <= len(lines)
    assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
    assert problem.message
    assert "\n" not in problem.message + problem.hint
    assert len(problem.message) < 400
    assert (problem.message + problem.hint).isprintable()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.parametrize("name", FILES)
@given(data=st.data())
def test_a_mutated_file_never_raises(name, data):
    text = RICH_QUIZ if name.startswith("quizzes") else FILES[name]

    problems_of({name: data.draw(mutated(text)).encode()})


@settings(max_examples=100, deadline=None)
@pytest.mark.parametrize("name", FILES)
@given(text=st.lists(PIECES, max_size=60).map("".join))
@example(text="prompt: 0001-01-01 00:00:00 +14:00")
@example(text="nav:\n- {}")
@example(text="nav: [/etc/hosts.md, ../x.md, '']")
@example(text="site_url: 'http://['\nnav: []")
@example(text="nav: &a [*a]")
@example(text="a: [")
def test_random_yaml_never_raises(name, text):
    problems_of({name: text.encode()})


@settings(max_examples=50, deadline=None)
@pytest.mark.parametrize("name", FILES)
@given(content=st.binary(max_size=200))
def test_random_bytes_never_raise(name, content):
    problems_of({name: content})


def test_the_rich_quiz_is_sound():
    lesson = LESSON.replace("  aim:", "  control: Tell\n  aim:")

    assert (
        problems_of(
            {"quizzes/lesson.yml": RICH_QUIZ.encode(), "lessons/lesson.md": lesson.encode()}
        )
        == []
    )


# Questions as they may come


words = st.text(
    st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=12
).filter(lambda text: text.strip() == text)
different = st.lists(
    words, min_size=2, max_size=6, unique_by=lambda text: " ".join(text.split()).casefold()
)
numbers = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12)


@st.composite
def any_question(draw) -> Question:
    """Return a sound question of any type."""
    kind = draw(st.sampled_from(sorted(questions.TYPES)))
    data = {
        "type": kind,
        "id": "one",
        "objective": "aim",
        "prompt": draw(words),
        "explanation": draw(words),
        "points": draw(st.sampled_from([0, 1, 2.5])),
    }
    texts = draw(different)
    match kind:
        case "single" | "multiple" | "poll":
            data["options"] = [{"text": text} for text in texts]
            rights = {"single": 1, "poll": 0}.get(kind) or draw(st.integers(1, len(texts) - 1))
            for option in data["options"][: rights if kind != "poll" else 0]:
                option["correct"] = True
        case "blank":
            data["prompt"] = " ".join(f"[[gap-{n}]]" for n in range(len(texts)))
            data["blanks"] = {f"gap-{n}": {"accept": [text]} for n, text in enumerate(texts)}
        case "numeric":
            data["answer"] = draw(numbers.filter(bool))
            data["tolerance"] = draw(st.sampled_from([0, "1%", "99%"]))
        case "order":
            items = [{"text": text} for text in texts]
            data["items"] = [items[0], items[1:]] if len(items) > 2 else items
        case "match":
            rights = draw(different)
            data["pairs"] = [
                {"left": left, "right": rights[n % len(rights)]} for n, left in enumerate(texts)
            ]
        case "text":
            data["checklist"] = texts
    made = questions.load(data)
    return made if not list(made.faults()) else draw(any_question())


@st.composite
def with_answer(draw) -> tuple[Question, dict[str, list[str]]]:
    """Return a question, and fields for its form that may or may not be an answer."""
    asked = draw(any_question())
    fields = {}
    for control in asked.form({} if draw(st.booleans()) else None):
        match control:
            case Choices():
                keys = st.sampled_from([option.key for option in control.options])
                fields[control.name] = draw(st.lists(keys | st.just("x"), max_size=3))
            case Entry():
                typed = (
                    st.text(max_size=20) | numbers.map(str) | st.sampled_from(["1,5", "7 540 %"])
                )
                fields[control.name] = [draw(typed)]
            case Rows():
                keys = draw(st.permutations([option.key for option in control.options]))
                fields |= {row.key: [keys[n % len(keys)]] for n, row in enumerate(control.rows)}
    return asked, fields


def key_of(asked: Any) -> dict[str, list[str]]:
    """Return the fields of the right answer, from what the question's record says."""
    data = asked.dump()
    match data["type"]:
        case "single" | "multiple":
            return {"choice": [option.key for option in asked.options if option.correct]}
        case "blank":
            return {f"gap.{name}": [blank["accept"][0]] for name, blank in data["blanks"].items()}
        case "numeric":
            return {"number": [str(asked.key()[0]).split(" (")[0]]}
        case "order":
            [rows] = asked.form()
            texts = [
                text
                for line in data["items"]
                for text in (line if isinstance(line, list) else [line])
            ]
            ranks = {item["text"]: str(place) for place, item in enumerate(texts, start=1)}
            return {row.key: [ranks[row.text]] for row in rows.rows}
        case "match":
            [rows] = asked.form()
            rights = {pair["left"]: pair["right"] for pair in data["pairs"]}
            return {row.key: [key_for(rows.options, rights[row.text])] for row in rows.rows}
    return {}


def key_for(options: tuple[Option, ...], text: str) -> str:
    """Return the key of the option that reads like *text*."""
    return next(
        option.key for option in options if " ".join(option.text.split()) == " ".join(text.split())
    )


@settings(max_examples=100, deadline=None)
@given(any_question())
def test_a_question_and_its_record_are_the_same(asked):
    again = questions.load(json.loads(json.dumps(asked.dump())))

    assert again == asked
    assert again.revision == asked.revision
    assert again.wording == asked.wording


@settings(max_examples=100, deadline=None)
@given(any_question())
def test_the_key_is_worth_everything(asked):
    if asked.SCORED:
        given_ = asked.read(key_of(asked))
        assert asked.mark(given_).share == 1
        assert all(note.right is not False for note in asked.mark(given_).notes)
        assert asked.describe(given_)
        assert asked.key()


@settings(max_examples=200, deadline=None)
@given(with_answer())
def test_every_answer_has_a_share_and_can_be_sent_again(case):
    asked, fields = case
    try:
        given_ = asked.read(fields)
    except AnswerError:
        return
    share = asked.mark(given_).share

    assert (share is None) if not asked.SCORED else 0 <= share <= 1
    assert asked.read(json.loads(json.dumps(given_)), given_).items() >= given_.items()
    assert asked.mark(given_) == asked.mark(given_)
    assert all(isinstance(one, Passage) for one in [*asked.describe(given_), *asked.key()])
