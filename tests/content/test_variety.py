"""What differs from learner to learner: orders, numbers, drawn questions. Chance that can be repeated."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from course.content import chance, compare, parameters, questions, variety
from course.content.model import PlainText
from course.content.questions.base import Choices, Note, Question, Rows, option_key
from course.content.questions.shuffled import names_its_place
from course.content.quiz import Pool
from course.content.reading import open_course
from tests.content import samples
from tests.content.samples import question

SEEDS = [f"{number:08x}" for number in range(200)]

VARIED = Path(__file__).parents[1] / "courses" / "varied"

SINGLE = """\
id: pick
type: single
objective: aim
prompt: Which is right?
shuffle: true
options:
  - {text: Alpha, correct: true}
  - {text: Beta}
  - {text: Gamma}
  - {text: Both of these}
  - {text: Delta}
  - {text: Last, fixed: true}
explanation: Alpha is.
"""

CLICKS = """\
id: clicks
type: numeric
objective: aim
prompt: "{reach} people, {rate} %: how many?"
hint: "{rate} of each hundred"
parameters:
  reach: {from: 1000, to: 3000, step: 500}
  rate: [2, 2.5]
answer: reach * rate / 100
tolerance: 1%
unit: clicks
feedback: Not {rate * reach}.
slips:
  - answer: answer * 100
    feedback: You took {rate} % for {rate}.
solution: "{reach} × {rate / 100} = {answer}"
explanation: Count to {answer}.
"""


def texts(asked: Question) -> list[str]:
    [control] = asked.form()
    if isinstance(control, Rows):
        return [row.text for row in control.rows]
    assert isinstance(control, Choices)
    return [option.text for option in control.options]


def met(asked: Question, variant: str) -> Any:
    return asked.as_shown(json.loads(json.dumps(asked.shown(variant))))


# Chance


CHANCES = {
    ("", "", ""): 2_823_993_017,
    ("ab12cd34", "clicks", "numbers"): 3_793_250_473,
    ("00000000", "pick", "1d7fe819"): 1_604_742_924,
    ("17", "drill", "drill-é"): 322_729_307,
}
"""Seed, question and name with the number they give; the browser's tests read this, too."""


@pytest.mark.parametrize(("parts", "number"), CHANCES.items())
def test_chance_is_pinned(parts, number):
    """Whoever changes this shows every learner other questions than they have met so far."""
    assert chance.number(*parts) == number


def test_chance_favours_nobody():
    firsts = Counter(
        chance.mixed(seed, "pick", "abcd", key=str)[0]
        for seed in (f"{number:08x}" for number in range(4000))
    )

    assert all(850 < count < 1150 for count in firsts.values()), firsts


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("", True), ("ab12cd34", True), ("17", True), ("ab12cd34.2", True), ("0" * 16, True),
        ("0" * 17, False), ("AB", False), ("ab.", False), ("ab.0", False), (".2", False), ("ab.2\n", False),
        ("ab.99999", False), ("ab'", False),
    ],
)  # fmt: skip
def test_a_variant_is_a_short_word(text, is_one):
    assert chance.is_variant(text) == is_one


# Orders


PLACES = """
All of the above | All of these | None of the above. | none of these | **Both** | Both A and B | A and C
Options 1 and 2 | (a) and (b) | A, B and C | Only B and C | 1 and 3 only | The first two | The last one
Neither | Neither of the two | Either of these | Any of the above | All three | Both of them | The two above
All answers are right | Everything above | The first and the third
None of the other options | The statement below
"""

NO_PLACES = """
A and B testing of two pages | All reviews | The wording of its own reply | A letter | Its prices
The first reply | Above all, listen | Nobody | 4 and 5 stars | In the first hour | 1 | A | Any customer
5.2 million | Nothing
As a range, from two units and methods | The other customers | All customers who bought twice
"""


@pytest.mark.parametrize(
    ("listed", "does"), [(PLACES, True), (NO_PLACES, False)], ids=["places", "others"]
)
def test_options_that_name_a_place_are_known_by_their_words(listed, does):
    each = [text.strip() for line in listed.strip().splitlines() for text in line.split("|")]

    assert [text for text in each if names_its_place(text) != does] == []


def test_each_learner_has_an_order_and_keeps_it():
    asked: Any = question(SINGLE)
    orders = {seed: tuple(texts(met(asked, seed))) for seed in SEEDS}

    assert len(set(orders.values())) == 24
    assert {(order[3], order[5]) for order in orders.values()} == {("Both of these", "Last")}
    assert {seed: tuple(texts(met(asked, seed))) for seed in SEEDS} == orders
    assert texts(met(asked, SEEDS[0])) == texts(met(asked, f"{SEEDS[0]}.7")), "a retry keeps it"
    assert texts(met(asked, "")) == [option.text for option in asked.options]
    assert asked.shown("") is None


@pytest.mark.parametrize("kind", ["single", "multiple", "poll", "match"])
def test_an_order_changes_nothing_but_places(kind):
    written = question(samples.ALL[kind])
    asked = question(samples.ALL[kind] + "shuffle: true\n")
    orders = {tuple(texts(met(asked, seed))) for seed in SEEDS}

    assert len(orders) > 1
    assert {frozenset(order) for order in orders} == {frozenset(texts(written))}
    assert asked.revision == written.revision == met(asked, "ab").revision
    assert asked.wording == met(asked, "ab").wording != written.wording
    assert asked.key() == written.key()


def test_an_order_from_the_record_fits_options_that_changed_since():
    asked = question(SINGLE)
    order = [option_key(text) for text in ("Delta", "Epsilon", "Alpha")]

    assert texts(asked.as_shown({"order": order}))[:3] == ["Delta", "Alpha", "Beta"]


def test_a_quiz_shuffles_what_says_nothing_else():
    course = open_course(VARIED)

    assert {name for name, (_, asked) in course.asked.items() if asked.varies} == {
        "pick", "pair", "clicks", "drill-one", "drill-two", "drill-three", "drill-four",
    }  # fmt: skip
    assert not question(samples.SINGLE).varies


# Numbers


def test_numbers_stand_in_every_text_and_are_what_is_marked():
    asked = question(CLICKS)
    mine: Any = asked.as_shown({"values": {"reach": "1500", "rate": "2.5"}})

    assert mine.prompt == "1,500 people, 2.5 %: how many?"
    assert mine.hint == "2.5 of each hundred"
    assert mine.key() == [PlainText("37.5 clicks (within 0.375)")]
    assert mine.mark({"number": ["37.5"]}).share == 1
    assert mine.mark({"number": ["3750"]}).notes == (Note("You took 2.5 % for 2.5.", right=False),)
    assert mine.mark({"number": ["5"]}).notes == (Note("Not 3,750.", right=False),)
    assert mine.solution == "1,500 × 0.025 = 37.5"
    assert mine.explanation == "Count to 37.5."
    assert mine.revision == asked.revision
    assert not mine.varies


def test_the_page_for_everyone_has_the_first_numbers():
    asked = question(CLICKS)

    assert asked.shown("") == {"values": {"rate": "2", "reach": "1000"}}
    assert asked.as_shown(None) == met(asked, "")
    assert asked.mark({"number": ["20"]}).share == 1
    assert asked.numbers() == {
        "reach": ["1,000", "1,500", "2,000", "2,500", "3,000"],
        "rate": ["2", "2.5"],
    }


def test_no_numbers_return_before_all_were_there():
    asked = question(CLICKS)
    tries = [json.dumps(asked.shown(f"ab12cd34.{n}"), sort_keys=True) for n in range(1, 12)]

    assert len(set(tries[:10])) == 10
    assert tries[10] == tries[0]
    assert asked.shown("ab12cd34") == asked.shown("ab12cd34.1")


def test_many_combinations_are_checked_at_their_corners():
    ranges = {name: parameters.Span(**{"from": 1.0, "to": 100.0}) for name in "abc"}
    found = list(parameters.samples(ranges))

    assert len(found) == parameters.MAX_CHECKED
    corners = {(a, b, c) for a in (1, 100) for b in (1, 100) for c in (1, 100)}
    assert corners <= {tuple(int(v) for v in values.values()) for values in found}


def test_a_question_with_numbers_comes_back_from_its_record():
    asked = question(CLICKS)
    again = questions.load(json.loads(json.dumps(asked.dump(), sort_keys=True)))

    assert again == asked
    assert again.revision == asked.revision
    assert again.shown("ab12cd34.3") == asked.shown("ab12cd34.3")


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("solution: ", "solution: First ", True),
        ("You took", "You have taken", True),
        ("rate: [2, 2.5]", "rate: [2, 3]", False),
        ("answer: reach * rate / 100", "answer: reach * rate / 100 + 1", False),
    ],
)
def test_what_is_asked_makes_the_revision(old, new, same):
    assert (question(CLICKS).revision == question(CLICKS, (old, new)).revision) is same


@pytest.mark.parametrize(
    ("changes", "values", "fits"),
    [
        ([("answer: reach * rate / 100", "answer: reach * rate / 50")], True, True),
        ([("reach", "views")], True, False),
        ([("answer: reach * rate / 100", "answer: reach / (rate - 2.5)")], True, False),
        ([], False, False),
    ],
)  # fmt: skip
def test_an_answer_is_never_marked_by_numbers_that_were_not_seen(changes, values, fits):
    old, new = question(CLICKS), question(CLICKS, *changes)
    shown = {"values": {"reach": "1500", "rate": "2.5"}} if values else None
    given = {"number": ["75"]}

    assert (compare.carry_over(old, new, given, shown) == given) is fits
    plain = question(samples.NUMERIC)
    assert compare.carry_over(plain, plain, given) == given
    assert compare.carry_over(old, plain, given, shown or {"values": {"reach": "1"}}) is None


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("2500", "2,500"), ("0.125", "0.125"), ("33.33333", "33.3333"), ("-5", "−5"), ("0", "0"),
        ("0.000123456", "0.0001235"), ("999.99999", "1,000"), ("1E+3", "1,000"), ("1234567.5", "1,234,567.5"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_people_write_them(number, said):
    assert parameters.format_number(Decimal(number)) == said


# Pools


POOL = Pool("drill", 2, ("a", "b", "c", "d"))


def test_each_learner_is_drawn_questions_and_keeps_them():
    hands = {seed: tuple(variety.drawn(POOL, seed, ())) for seed in SEEDS}

    assert {len(hand) for hand in hands.values()} == {2}
    assert len(set(hands.values())) == 6
    assert hands == {seed: tuple(variety.drawn(POOL, seed, ())) for seed in SEEDS}
    assert variety.drawn(POOL, "", ()) == ["a", "b"]


@pytest.mark.parametrize(
    ("answered", "replaced", "drawn", "sister", "filled"),
    [
        ((), (), ["a", "b"], "c", 0),
        (("b",), (), ["a", "b"], "c", 1),
        (("d",), (), ["a", "d"], "b", 1),
        (("c", "d"), (), ["c", "d"], "a", 2),
        (("a", "c"), ("a",), ["b", "c"], "d", 1),
        (("a", "b", "c"), ("a",), ["b", "c"], "d", 2),
        (("a", "b", "c", "d"), ("a", "c"), ["b", "d"], None, 2),
        (("a", "b", "c"), (), ["a", "b", "c"], "d", 2),
    ],
)
def test_what_was_answered_stays_and_a_sister_takes_the_place_of_what_was_missed(
    answered, replaced, drawn, sister, filled
):
    assert variety.drawn(POOL, "", answered, replaced) == drawn
    assert variety.sister(POOL, "", answered, replaced) == sister
    assert variety.filled(POOL, answered, replaced) == filled
