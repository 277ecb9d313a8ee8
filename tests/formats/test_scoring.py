"""How a question is scored goes out with it and comes back, or its loss is told."""

import itertools

import pytest

from course.content import questions
from course.content.questions.base import Question, option_key
from tests.formats.exchange import exported, imported, question_of

BASE = {"id": "x", "objective": "o", "prompt": "Which?", "explanation": "Because."}
OPTIONS = [
    {"text": "a", "correct": True},
    {"text": "b", "correct": True},
    {"text": "c"},
    {"text": "d"},
]
WEIGHTS = [3.0, 1.0, -2.0, 0.0]
SHAPES = {
    "multiple": {"options": OPTIONS},
    "match": {"pairs": [{"left": "a", "right": "x"}, {"left": "b", "right": "y"}]},
    "order": {"items": [{"text": "a"}, {"text": "b"}, {"text": "c"}]},
}
TOGETHER = {
    "csv": {"multiple", "match", "order"},
    "qti": {"multiple", "match", "order"},
    "moodle": {"order"},
    "gift": set(),
}


def made(kind: str, scoring: str, **more: object) -> Question:
    data = {**BASE, "type": kind, "scoring": scoring, **SHAPES[kind], **more}
    return questions.TYPES[kind].model_validate(data)


def back(question: Question, kind: str) -> tuple[Question, list[str]]:
    content, outcome = exported(question, kind)
    assert content is not None
    (item,) = imported(content)
    return question_of(item), outcome.lost


@pytest.mark.parametrize("kind", TOGETHER)
def test_weights_mark_every_choice_as_before(kind: str) -> None:
    options = [o | {"weight": w} for o, w in zip(OPTIONS, WEIGHTS, strict=True)]
    before = made("multiple", "weights", options=options)

    after, lost = back(before, kind)

    assert lost == []
    for count in range(len(OPTIONS) + 1):
        for chosen in itertools.combinations("abcd", count):
            given = {"choice": [option_key(text) for text in chosen]}
            assert after.mark(given).share == pytest.approx(before.mark(given).share), chosen


@pytest.mark.parametrize("kind", TOGETHER)
@pytest.mark.parametrize("name", SHAPES)
def test_all_or_nothing_comes_back_or_is_told(kind: str, name: str) -> None:
    if (kind, name) == ("gift", "order"):
        assert exported(made(name, "all-or-nothing"), kind)[1].refused
        return

    after, lost = back(made(name, "all-or-nothing"), kind)

    if name in TOGETHER[kind]:
        assert after.dump()["scoring"] == "all-or-nothing"
        assert lost == []
    else:
        assert "how its parts are scored cannot be carried" in lost


@pytest.mark.parametrize("kind", TOGETHER)
def test_by_parts_needs_no_word(kind: str) -> None:
    after, lost = back(made("multiple", "parts"), kind)

    assert "scoring" not in after.dump()
    assert lost == []


@pytest.mark.parametrize("name", ["match", "order"])
def test_items_all_or_nothing_keep_what_is_said_to_each(name: str) -> None:
    shape = {
        "match": {
            "pairs": [{"left": "a", "right": "x", "feedback": "No."}, {"left": "b", "right": "y"}]
        },
        "order": {"items": [{"text": "a", "feedback": "No."}, {"text": "b"}, {"text": "c"}]},
    }[name]

    after, _ = back(made(name, "all-or-nothing", **shape), "qti")

    assert "'feedback': 'No.'" in str(after.dump())
