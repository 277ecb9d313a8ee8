"""Numbers as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.content.model import PlainText
from course.content.numbers import readings_1, readings_2
from course.content.questions.base import AnswerError, Entry, Note
from tests.content import samples
from tests.content.samples import question

NUMERIC = question(samples.NUMERIC)


def typed(text: str) -> dict[str, list[str]]:
    return {"number": [text]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"),
        ("1.73", "1.73"),
        ("1,73", "1.73"),
        ("0,540", "0.540"),
        ("1,234,567", "1234567"),
        ("1,234.5", "1234.5"),
        ("12,34,567", "1234567"),  # as in India
        ("1.234.567", "1234567"),
        ("1.234,5", "1234.5"),
        ("1 730", "1730"),
        ("1\u00a0730\u202f000", "1730000"),
        ("1 234,5", "1234.5"),
        ("1 234,567", "1234.567"),  # spaces group already, so the comma cannot
        ("1\u202f234.567", "1234.567"),
        ("1'730", "1730"),
        ("1’730", "1730"),
        ("1´730", "1730"),
        ("1'234,50", "1234.50"),
        ("1_000", "1000"),
        ("-3", "-3"),
        ("−3", "-3"),
        ("–3", "-3"),
        ("- 3", "-3"),
        ("‐3", "-3"),
        ("‑3", "-3"),
        ("‒3", "-3"),
        ("—3", "-3"),
        ("―3", "-3"),
        ("﹣3", "-3"),
        ("－3", "-3"),
        ("➖3", "-3"),
        ("˗3", "-3"),
        ("ー３", "-3"),  # on the minus key of a Japanese keyboard
        ("1e−3", "0.001"),
        ("+3", "3"),
        ("25 %", "25"),
        ("25%", "25"),
        ("€ 5", "5"),
        ("₪ 1,73", "1.73"),
        ("−€5", "-5"),
        ("-$5", "-5"),
        ("5 €", "5"),
        ("~5", "5"),
        ("= 5", "5"),
        (".5", "0.5"),
        ("5.", "5"),
        (",5", "0.5"),
        ("007", "7"),
        ("1e5", "100000"),
        ("1.5E-3", "0.0015"),
        ("٣", "3"),
        ("١٬٧٣٠٫٥", "1730.5"),
        ("١٬٧٣٠", "1730"),  # this comma only groups
        ("٣٫١٤٢", "3.142"),  # and this one only begins decimals
        ("१२", "12"),
        ("𝟏𝟐", "12"),
        ("１２．５", "12.5"),
        ("\u200e5\u200f", "5"),
        ("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"),
    ],
)
def test_what_people_type_for_a_number_is_read(text, value):
    assert readings_2(text) == (Decimal(value),)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("7,540", ["7540", "7.540"]),
        ("1.730", ["1.730", "1730"]),
        ("-1,730", ["-1730", "-1.730"]),
        ("$1,730", ["1730", "1.730"]),
        ("1，730", ["1730", "1.730"]),
        ("１.７３０ %", ["1.730", "1730"]),
    ],
)
def test_one_mark_before_three_digits_is_read_both_ways(text, values):
    assert readings_2(text) == tuple(map(Decimal, values))


@pytest.mark.parametrize("text", ["01,234", "0.234", "1,2340", "12,34", "1234.567"])
def test_what_can_only_be_a_decimal_is_read_in_one_way(text):
    assert readings_2(text) == (Decimal(text.replace(",", ".")),)


@pytest.mark.parametrize("key", ["1.234", "1234"])
@pytest.mark.parametrize("text", ["1,234", "1.234"])
def test_a_number_is_right_if_either_reading_is(key, text):
    asked = question(samples.NUMERIC, ("4.35", key), ("tolerance: 0.01", "tolerance: 0"))

    assert asked.mark(typed(text)).share == 1


def test_a_slip_is_recognised_by_either_reading():
    asked = question(samples.NUMERIC, ("answer: 43.5", "answer: 4350"))

    assert asked.mark(typed("4.350")).share == 1  # the key, read as decimals
    assert asked.mark(typed("4350")).notes == (Note("Mind the decimal point.", right=False),)


@pytest.mark.parametrize(
    "text",
    ["", " ", "about 5", "five", "1/3", "3-4", "3–4", "3 — 4", "3−4", "〜5",
     "3€50", "1.234٫5٫6", "1,2,3", "1..2", "1,23.4", "1.23.4", "--3", "%", "½",
     "5²", "nan", "inf", "-Infinity", "1e999", "0x10", "e5", "1 or 2", "12:30", "(5)", "5 days",
     "²", "Ⅻ"],
)  # fmt: skip
def test_what_is_no_number_has_no_reading(text):
    assert readings_2(text) == ()


def test_what_is_no_number_is_refused_with_an_example():
    with pytest.raises(AnswerError, match=r"Write a number, such as 12 or 3\.5\."):
        NUMERIC.read(typed("3-4"))


@given(st.text(max_size=50))
def test_any_text_is_a_number_or_refused(text):
    assert all(number.is_finite() for number in readings_2(text))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9)))
def test_a_number_written_out_is_read_as_it_stands(value):
    assert value in readings_2(format(value, "f"))


@given(st.text("0123456789.,-−–'’ %€_\u00a0\u066b\u066c٣١-", max_size=12))
def test_what_the_first_rules_read_is_still_read(text):
    """So an answer of that time can be regraded by the present rules."""
    assert not readings_1(text) or readings_2(text)


def test_a_number_is_kept_as_typed():
    assert NUMERIC.read(typed(" 4,35  days")) == typed("4,35 days")
    assert NUMERIC.describe(typed("4,35")) == [PlainText("4,35 days")]


def test_the_form_shows_the_unit():
    assert NUMERIC.form() == [Entry("number", "Your answer", "number", "days")]


@pytest.mark.parametrize("text", ["4.35 days", "4.35 Days", "4.35days"])
def test_the_unit_may_be_typed(text):
    assert NUMERIC.mark(NUMERIC.read(typed(text))).share == 1


@pytest.mark.parametrize("text", ["4.35 weeks", "days", ""])
def test_another_unit_is_refused(text):
    with pytest.raises(AnswerError):
        NUMERIC.read(typed(text))


@pytest.mark.parametrize(
    ("answer", "tolerance", "text", "share"),
    [
        # binary fractions would say that 4.36 - 4.35 is more than 0.01
        ("4.35", "0.01", "4.36", 1),
        ("4.35", "0.01", "4.34", 1),
        ("4.35", "0.01", "4.361", 0),
        ("4.35", "0.01", "4.3600000001", 0),
        ("0.3", "0", "0.3", 1),
        ("0.3", "0", "0.30", 1),
        ("0.3", "0", "0.30000000001", 0),
        ("0.0000001", "0", "0", 0),
        ("0.0000001", "0", "0.0000001", 1),
        ("0", "0", "0", 1),
        ("0", "0", "-0", 1),
        ("0", "0.5", "-0.5", 1),
        ("50", "2%", "51", 1),
        ("50", "2%", "51.01", 0),
        ("-50", "2%", "-49", 1),
        ("-50", "2%", "50", 0),
        ("7540", "0", "7,540", 1),
        ("1000000000000000000000", "0", "1000000000000000000000", 1),
        ("0.1", "10%", "0.11", 1),
    ],
)
def test_the_tolerance_is_met_exactly(answer, tolerance, text, share):
    changes = [("4.35", answer), ("tolerance: 0.01", f"tolerance: {tolerance}")]
    asked = question(samples.NUMERIC, *changes)

    assert asked.mark(typed(text)).share == share


def test_a_slip_has_its_own_feedback_and_other_numbers_the_question_s():
    assert NUMERIC.mark(typed("4.35")).notes == ()
    assert NUMERIC.mark(typed("43.5")).notes == (Note("Mind the decimal point.", right=False),)
    assert NUMERIC.mark(typed("9")).notes == (Note("Count again.", right=False),)
    bare = question(samples.NUMERIC, ("feedback: Count again.\n", ""))
    assert bare.mark(typed("9")).notes == ()


@pytest.mark.parametrize(
    ("answer", "tolerance", "said"),
    [
        ("4.35", "0.01", "4.35 days (within 0.01)"),
        ("50", "2%", "50 days (within 1)"),
        ("10.0", "0", "10 days"),
        ("1234567890123", "0", "1234567890123 days"),
        ("-0.00001", "0", "-0.00001 days"),
    ],
)
def test_the_key_is_written_out(answer, tolerance, said):
    changes = [("4.35", answer), ("tolerance: 0.01", f"tolerance: {tolerance}")]

    assert question(samples.NUMERIC, *changes).key() == [PlainText(said)]
