"""Two revisions side by side: what changed, and what an old answer means in the new one."""

from pathlib import Path
from typing import Any

import pytest

from course.content import compare, questions
from course.content.questions.base import Given, Question
from course.content.reading import open_course
from tests.forms import RIGHT, WRONG, choice, ranks

SMALL = open_course(Path(__file__).parents[1] / "courses" / "small")


def changed(name: str, **fields: Any) -> tuple[Question, Question]:
    """Return a question of the small course, and the same with other *fields*."""
    old = SMALL.asked[name][1]
    return old, questions.load(old.dump() | fields)


def options(name: str, *edits: tuple[int, dict[str, Any] | None]) -> list[dict[str, Any]]:
    """Return the options of a question, edited by position; None takes one away."""
    found = SMALL.asked[name][1].dump()["options"]
    for position, edit in edits:
        found[position] = None if edit is None else found[position] | edit
    return [option for option in found if option is not None]


PICK = SMALL.asked["pick"][1].dump()

CASES: list[tuple[str, dict[str, Any], list[str], bool]] = [
    ("pick", {"hint": "Look right."}, ["feedback reworded"], False),
    ("pick", {"prompt": "Which one is *right*?"}, ["reworded"], False),
    ("pick", {"options": options("pick", (0, {"text": "Left!"}))}, ["option reworded"], False),
    ("pick", {"options": [*PICK["options"], {"text": "Straight on"}]}, ["option added"], True),
    ("tick", {"options": options("tick", (0, None))}, ["option removed", "key changed"], True),
    ("tick", {"options": options("tick", (2, {"text": "7"}))}, ["option removed", "option added"], True),
    ("tick", {"options": options("tick", (2, {"correct": True}))}, ["key changed"], True),
    ("pick", {"type": "multiple"}, ["type changed"], True),
    ("pick", {"points": 3.0}, ["points changed"], True),
    ("share", {"answer": 1.74}, ["key changed"], True),
    ("share", {"tolerance": 0.1}, ["tolerance changed"], True),
    ("share", {"unit": "thousand"}, ["unit changed"], True),
    ("fill", {"blanks": {n: {"accept": ["tree"]} for n in ("colour", "plant")}}, ["key changed"], True),
    ("sort", {"items": [{"text": t} for t in ("one", "two", "too", "four")]}, ["key changed"], True),
    ("write", {"checklist": ["It gives a reason secret-check-a"]}, ["option removed"], False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "fields", "kinds", "needed"), CASES)
def test_a_change_is_named_and_needs_a_decision_only_where_marks_could_move(
    name: str, fields: dict[str, Any], kinds: list[str], needed: bool
) -> None:
    old, new = changed(name, **fields)

    assert [difference.kind for difference in compare.differences(old, new)] == kinds
    assert compare.needs_decision(old, new) == needed


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("answers", [RIGHT, WRONG])
def test_an_answer_carries_over_into_a_reworded_question(
    name: str, answers: dict[str, Given]
) -> None:
    old, new = changed(name, prompt=SMALL.asked[name][1].prompt + " Think again.")
    if name in answers:
        given = old.read(answers[name])

        carried = compare.carry_over(old, new, given)

        assert carried == given
        assert new.mark(given).share == old.mark(given).share


@pytest.mark.parametrize(
    ("name", "fields", "given", "carried"),
    [
        ("pick", {"options": options("pick", (0, {"text": "Left!"}))}, choice("Left"), choice("Left!")),
        ("pick", {"options": [{"text": "Straight on"}, PICK["options"][1]]}, choice("Left"), None),
        ("pick", {"type": "multiple"}, choice("Left"), choice("Left")),
        ("tick", {"type": "single", "options": options("tick", (0, None))}, choice("2", "4"), None),
        ("tick", {"options": options("tick", (0, None))}, choice("2", "4"), choice("4")),
        ("sort", {"items": [{"text": t} for t in ("one", "four")]}, ranks("one", "too", "two", "four"), None),
        ("share", {"type": "text", "checklist": ["It is a number"]}, {"number": ["1.7"]}, None),
    ],
)  # fmt: skip
def test_what_became_of_an_old_answer(
    name: str, fields: dict[str, Any], given: Given, carried: Given | None
) -> None:
    kept = {"id", "objective", "prompt", "explanation"}
    old = SMALL.asked[name][1]
    if fields.get("type") == "text":
        data = {key: value for key, value in old.dump().items() if key in kept}
        new = questions.load(data | fields)
    else:
        _, new = changed(name, **fields)

    assert compare.carry_over(old, new, old.read(given)) == carried
