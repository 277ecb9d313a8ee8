"""How the parts of a question make its mark."""

import pytest

from course.content import compare, questions
from course.content.questions.base import Given, Question
from tests.content import samples
from tests.content.samples import question
from tests.forms import choice, pairs, ranks

WEIGHTED = """\
id: even
type: multiple
objective: control
prompt: Which are even?
scoring: weights
options:
  - {text: "2", correct: true, weight: 3}
  - {text: "4", correct: true}
  - {text: "5", weight: 0}
  - {text: "7", weight: -2}
  - {text: "9"}
explanation: They halve.
"""


def scored(sample: str, scoring: str) -> Question:
    return question(sample, ("objective: control", f"objective: control\nscoring: {scoring}"))


@pytest.mark.parametrize(
    ("chosen", "share"),
    [
        (("2", "4"), 1.0),
        (("2",), 0.75),
        (("4",), 0.25),
        (("2", "4", "5"), 1.0),
        (("2", "4", "7"), 0.5),
        (("2", "4", "9"), 0.75),
        (("4", "7"), 0.0),
        (("2", "4", "5", "7", "9"), 0.25),
        ((), 0.0),
    ],
)
def test_weights_say_what_each_choice_adds(chosen: tuple[str, ...], share: float) -> None:
    assert question(WEIGHTED).mark(choice(*chosen)).share == share


def test_uneven_weights_still_make_a_whole() -> None:
    asked = question(
        WEIGHTED,
        ("weight: 3", "weight: 0.1"),
        ('"4", correct: true', '"4", correct: true, weight: 0.2'),
    )

    assert asked.mark(choice("2", "4")).share == 1.0


@pytest.mark.parametrize(
    ("sample", "given", "share"),
    [
        (samples.MULTIPLE, choice("Its product", "Its promises"), 1.0),
        (samples.MULTIPLE, choice("Its product"), 0.0),
        (samples.MULTIPLE, choice("Its product", "Its promises", "Its reviews"), 0.0),
        (samples.MATCH, pairs(Wording="control", Replies="influence", Product="control"), 1.0),
        (samples.MATCH, pairs(Wording="control", Replies="control", Product="control"), 0.0),
        (samples.ORDER, ranks("Listen", "Thank", "Answer", "Learn"), 1.0),
        (samples.ORDER, ranks("Answer", "Thank", "Listen", "Learn"), 0.0),
    ],
)
def test_all_or_nothing_gives_the_points_for_all_of_it(
    sample: str, given: Given, share: float
) -> None:
    asked = scored(sample, "all-or-nothing")

    marked = asked.mark(given)

    assert marked.share == share
    assert marked.notes == question(sample).mark(given).notes  # what is wrong is still told


@pytest.mark.parametrize("sample", [samples.MULTIPLE, samples.MATCH, samples.ORDER])
def test_by_parts_is_the_default_and_makes_no_new_revision(sample: str) -> None:
    plain = question(sample)

    assert scored(sample, "parts").revision == plain.revision
    assert "scoring" not in plain.dump()
    assert (
        questions.load(scored(sample, "all-or-nothing").dump()).dump()["scoring"]
        == "all-or-nothing"
    )


@pytest.mark.parametrize("sample", [samples.MULTIPLE, samples.MATCH, samples.ORDER])
def test_another_scoring_asks_what_becomes_of_earlier_answers(sample: str) -> None:
    old, new = question(sample), scored(sample, "all-or-nothing")

    assert [one.kind for one in compare.differences(old, new)] == ["scoring changed"]
    assert compare.needs_decision(old, new)


def test_another_weight_does_so_too() -> None:
    old, new = question(WEIGHTED), question(WEIGHTED, ("weight: 3", "weight: 2"))

    assert compare.needs_decision(old, new)
    assert not compare.needs_decision(
        old, question(WEIGHTED, ("Which are even?", "Which are even, then?"))
    )


def test_an_option_reworded_keeps_its_weight() -> None:
    long = WEIGHTED.replace('"2"', "The second number of all")
    old, new = (
        question(long),
        question(long, ("The second number of all", "The second number of them all")),
    )

    assert [one.kind for one in compare.differences(old, new)] == ["option reworded"]
