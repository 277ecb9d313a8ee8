"""A number, with a unit and a tolerance."""

import math
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, PlainValidator

from course.content.model import Fault, Text
from course.content.questions.base import (
    AnswerError,
    Control,
    Entry,
    Fields,
    Given,
    Marked,
    Note,
    Question,
    Slip,
)


def _tolerance(value: Any) -> float | str:
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,9}(\.\d{1,9})?\s*%\s*", value):
        share = float(value.strip().rstrip("% "))
        return f"{share:g}%" if share else 0.0
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        if value < 0:
            raise ValueError("cannot be below 0")
        return float(value)
    raise ValueError("must be a number such as 0.05, or a share of the answer such as 2%")


Number = Annotated[float, Field(allow_inf_nan=False)]

Tolerance = Annotated[
    float | str,
    PlainValidator(
        _tolerance,
        json_schema_input_type=Annotated[float, Field(ge=0)]
        | Annotated[str, Field(pattern=r"^\s*\d{1,9}(\.\d{1,9})?\s*%\s*$")],
    ),
]


class NumericSlip(Slip):
    answer: Number
    """The wrong number."""


class Numeric(Question):
    """Right within the tolerance: absolute, or a share of the answer ("2%").

    Reckoned in decimals, as people do: 4.36 is within 0.01 of 4.35, which binary fractions deny.
    """

    TYPE: ClassVar[str] = "numeric"

    type: Literal["numeric"]
    answer: Number
    """The right number."""
    tolerance: Tolerance = 0.0
    """How far off still counts as right: 0.05, or 2% of the answer."""
    unit: Text | None = None
    """What is counted, shown behind the field."""
    feedback: Text | None = None
    """What a learner whose number is wrong is told."""
    slips: list[NumericSlip] = Field(default_factory=list)
    """Likely wrong numbers."""

    @property
    def margin(self) -> Decimal:
        """The tolerance in the unit of the answer."""
        if isinstance(self.tolerance, str):
            return abs(_decimal(self.answer)) * Decimal(self.tolerance.rstrip("%")) / 100
        return _decimal(self.tolerance)

    def _near(self, number: Decimal, target: float) -> bool:
        return abs(number - _decimal(target)) <= self.margin

    def faults(self) -> Iterator[Fault]:
        if len(_written(self.answer)) > 40:
            hint = "choose another unit"
            yield Fault(("answer",), "has more digits than anyone would type", hint)
        if isinstance(self.tolerance, str) and self.answer == 0:
            yield Fault(("tolerance",), "a share of 0 is 0", "give the tolerance as a number")
        elif self.answer != 0 and self.margin >= abs(_decimal(self.answer)):
            yield Fault(
                ("tolerance",),
                f"{_written(self.tolerance)} is as large as the answer itself, so even 0 would be right",
                "give a smaller tolerance",
            )
        for position, slip in enumerate(self.slips):
            if self._near(_decimal(slip.answer), self.answer):
                yield Fault(
                    ("slips", position, "answer"),
                    f"{_written(slip.answer)} lies within the tolerance, so it counts as right",
                    "narrow the tolerance or remove the slip",
                )

    def form(self, given: Given | None = None) -> list[Control]:
        return [Entry("number", "Your answer", "number", self.unit or "")]

    def read(self, fields: Fields, previous: Given | None = None) -> Given:
        given = super().read(fields, previous)
        self._number(given)  # refuse what is no number, keep it as it was typed
        return given

    def _number(self, given: Given) -> Decimal:
        typed = given["number"][0]
        if self.unit and typed.casefold().endswith(self.unit.casefold()):
            typed = typed[: -len(self.unit)]
        return number(typed)

    def mark(self, given: Given) -> Marked:
        value = self._number(given)
        if self._near(value, self.answer):
            return Marked(1.0)
        slip = next((slip for slip in self.slips if self._near(value, slip.answer)), None)
        text = slip.feedback if slip else self.feedback
        return Marked(0.0, (Note(text, right=False),) if text else ())

    def key(self) -> list[str]:
        within = f" (within {_written(self.margin)})" if self.margin else ""
        return [f"{_written(self.answer)}{self._unit()}{within}"]

    def say(self, given: Given) -> list[str]:
        return [f"{given['number'][0]}{self._unit()}"]

    def _unit(self) -> str:
        return f" {self.unit}" if self.unit else ""


def _decimal(value: float) -> Decimal:
    """Return the decimal that was written, not the binary fraction nearest to it."""
    return Decimal(repr(value))


def _written(value: float | str | Decimal) -> str:
    if isinstance(value, str):
        return value
    exact = value if isinstance(value, Decimal) else _decimal(value)
    return format(exact.normalize(), "f")


_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\uff0d": "-", "\uff0b": "+", "\uff0e": ".",
                        "\uff0c": ",", "\u066b": ".", "\u066c": ","})  # fmt: skip
"""Minus signs, and what full-width and Arabic keyboards write for a point or comma."""

_DECORATION = re.compile(r"[\s'\u2019_\u2066-\u2069\u200e\u200f]")
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d{1,2})?", re.IGNORECASE)
_BY_COMMAS = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{2,3})*,\d{3}(\.\d*)?")
_BY_POINTS = re.compile(r"[-+]?[1-9]\d{0,2}(\.\d{3})+,\d+|[-+]?[1-9]\d{0,2}(\.\d{3}){2,}")


def number(typed: str) -> Decimal:
    """Return what a person means by *typed*; raises AnswerError for what is no number.

    Spaces, apostrophes, currency and percent signs around the number are passed over, and the digits of
    any script are read: "1 730", "1'730", "$1.73", "25 %", "\u0663". A comma before exactly three digits
    groups thousands ("7,540"), unless the number starts with 0; any other single comma is a decimal
    comma ("1,73"). A point is a decimal point ("1.730") unless there are several ("1.234.567") or a
    decimal comma follows ("1.234,5"). Words and sums are no numbers: "about 5", "1/3", "3-4".
    """
    text = _DECORATION.sub("", typed.translate(_SIGNS)).strip("%\uff05\u066a€$£¥₹±~≈=")
    text = re.sub(r"^([-+])[€$£¥₹]", r"\1", text)
    text = re.sub(r"\d", lambda digit: str(int(digit[0])), text)
    if _BY_COMMAS.fullmatch(text):
        text = text.replace(",", "")
    elif _BY_POINTS.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    elif text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if not _NUMBER.fullmatch(text):
        raise AnswerError("Write a number, such as 12 or 3.5.")
    return Decimal(text)
