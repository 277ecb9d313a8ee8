"""A number, with a unit and a tolerance."""

import math
import re
from collections.abc import Iterator
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
    if isinstance(value, str) and re.fullmatch(r"\s*\d+(\.\d+)?\s*%\s*", value):
        return value.replace(" ", "")
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        if value < 0:
            raise ValueError("cannot be below 0")
        return float(value)
    raise ValueError("must be a number such as 0.05, or a share of the answer such as 2%")


class NumericSlip(Slip):
    answer: Annotated[float, Field(allow_inf_nan=False)]


class Numeric(Question):
    """Right within the tolerance: absolute, or a share of the answer ("2%")."""

    TYPE: ClassVar[str] = "numeric"

    type: Literal["numeric"]
    answer: Annotated[float, Field(allow_inf_nan=False)]
    tolerance: Annotated[
        float | str, PlainValidator(_tolerance, json_schema_input_type=float | str)
    ] = 0.0
    unit: Text | None = None
    feedback: Text | None = None
    slips: list[NumericSlip] = Field(default_factory=list)

    @property
    def margin(self) -> float:
        """The tolerance in the unit of the answer."""
        if isinstance(self.tolerance, str):
            return abs(self.answer) * float(self.tolerance.rstrip("%")) / 100
        return self.tolerance

    def _near(self, number: float, target: float) -> bool:
        # The last factor forgives the rounding of binary fractions: 4.36 is within 0.01 of 4.35.
        return abs(number - target) <= self.margin + 1e-9 * max(1.0, abs(target))

    def faults(self) -> Iterator[Fault]:
        if isinstance(self.tolerance, str) and self.answer == 0:
            yield Fault(("tolerance",), "a share of 0 is 0", "give the tolerance as a number")
        elif self.answer != 0 and self.margin >= abs(self.answer):
            yield Fault(
                ("tolerance",),
                f"{self.tolerance} is as large as the answer itself, so even 0 would be right",
                "give a smaller tolerance",
            )
        for position, slip in enumerate(self.slips):
            if self._near(slip.answer, self.answer):
                yield Fault(
                    ("slips", position, "answer"),
                    f"{slip.answer:g} lies within the tolerance, so it counts as right",
                    "narrow the tolerance or remove the slip",
                )

    def form(self, given: Given | None = None) -> list[Control]:
        return [Entry("number", "Your answer", "number", self.unit or "")]

    def read(self, fields: Fields, previous: Given | None = None) -> Given:
        given = super().read(fields, previous)
        number(given["number"][0])  # refuse what is no number, keep it as it was typed
        return given

    def mark(self, given: Given) -> Marked:
        value = number(given["number"][0])
        if self._near(value, self.answer):
            return Marked(1.0)
        slip = next((slip for slip in self.slips if self._near(value, slip.answer)), None)
        text = slip.feedback if slip else self.feedback
        return Marked(0.0, (Note(text, right=False),) if text else ())

    def key(self) -> list[str]:
        within = f" (within {self.margin:g})" if self.margin else ""
        return [f"{self.answer:.12g}{self._unit()}{within}"]

    def say(self, given: Given) -> list[str]:
        return [f"{given['number'][0]}{self._unit()}"]

    def _unit(self) -> str:
        return f" {self.unit}" if self.unit else ""


_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)")
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")


def number(typed: str) -> float:
    """Return what a person means by *typed*: 1.73, 1,73, 7,540, 52 000 and 25 % are all numbers.

    A comma before exactly three digits groups thousands, unless the number starts with 0; any other
    single comma is a decimal comma. Raises AnswerError for what is no number.
    """
    text = re.sub(r"[\s\u00a0\u2009\u202f'_]", "", typed).replace("\u2212", "-")
    text = text.strip("%€$£±~≈")
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    elif text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if not _NUMBER.fullmatch(text):
        raise AnswerError("Write a number, such as 12 or 3.5.")
    value = float(text)
    if not math.isfinite(value):
        raise AnswerError("This number is too large.")
    return value
