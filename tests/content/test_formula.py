"""Formulas are reckoned in decimals, and nothing else is done with them."""

from decimal import Decimal

import pytest

from course.content import formula
from course.content.formula import FormulaError

VALUES = {"reach": Decimal(2000), "rate": Decimal("2.5")}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("reach * rate / 100", "50"),
        ("reach × rate ÷ 100 − 1", "49"),
        ("0.1 + 0.2", "0.3"),
        ("-(reach + 1) * +2", "-4002"),
        ("rate ** 2", "6.25"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-3"),
        ("round(reach / 7, 2)", "285.71"),
        ("round(reach, -3)", "2E+3"),
        ("sqrt(rate * 10)", "5"),
        ("min(reach, rate) + max(1, 2) + abs(-3)", "7.5"),
    ],
)
def test_people_s_signs_give_people_s_results(text, result):
    parsed = formula.parse(text)

    assert formula.evaluate(parsed, VALUES) == Decimal(result)
    assert parsed.names <= VALUES.keys()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no formula"),
        ("reach times rate", "is no formula"),
        ("reach = 2", "is no formula"),
        ("1; 2", "is no formula"),
        ("(" * 150 + "1", "is no formula"),
        ("1" * 201, "is longer than 200 characters"),
        ("2 ^ 3", "has '^' in it; a power is written with '**'"),
        ("'a' * 9", "holds something that is no number"),
        ("True", "holds something that is no number"),
        ("2j", "holds something that is no number"),
        ("reach.real", "has signs that formulas do not know"),
        ("[reach]", "has signs that formulas do not know"),
        ("reach if rate else 1", "has signs that formulas do not know"),
        ("(lambda: 1)()", "has signs that formulas do not know"),
        ("reach // 2", "has signs that formulas do not know"),
        ("round(number=1)", "calls 'round'"),
        ("__import__('os')", "calls '__import__'"),
    ],
)
def test_what_is_no_formula_is_refused(text, said):
    with pytest.raises(FormulaError, match=r"^") as caught:
        formula.parse(text)

    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 / 0", "divides by zero"),
        ("0 / 0", "takes the root of a negative number, or divides 0 by 0"),
        ("sqrt(-1)", "takes the root of a negative number, or divides 0 by 0"),
        ("9 ** 9 ** 9 ** 9", "becomes too large"),
        ("10 ** 15", "becomes too large"),
        ("10 ** -15", "becomes too small"),
        ("1e999", "comes to no number"),
        ("sqrt", "comes to no number"),
        ("min()", "cannot be reckoned"),
        ("unknown + 1", "cannot be reckoned"),
        ("round(1, 0.5)", "round() takes a number of places from -20 to 20"),
    ],
)
def test_what_comes_to_nothing_says_why(text, said):
    with pytest.raises(FormulaError) as caught:
        formula.evaluate(formula.parse(text), VALUES)

    assert str(caught.value) == said
