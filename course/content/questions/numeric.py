"""A number, with a unit and a tolerance; with parameters, another number for each learner."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import ConfigDict, Field, PlainValidator
from pydantic_core import PydanticCustomError

from course.content import formula, parameters
from course.content.formula import FormulaError
from course.content.model import NO_TEXT, Fault, PlainText, Text
from course.content.numbers import READINGS, Readings
from course.content.parameters import Parameters, format_number
from course.content.problems import did_you_mean, short
from course.content.questions.base import (
    AnswerError,
    Control,
    Entry,
    Fields,
    Given,
    Marked,
    Note,
    Question,
    Shown,
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


def _number(value: Any) -> float:
    """Return a number as the validator would, with its words for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("float_type", "must be a number")
    if not math.isfinite(value):
        raise PydanticCustomError("finite_number", "must be finite")
    return float(value)


def _number_or_formula(value: Any) -> float | str:
    return value.strip() if isinstance(value, str) and value.strip() else _number(value)


Number = Annotated[float, PlainValidator(_number, json_schema_input_type=float)]

NumberOrFormula = Annotated[
    float | str, PlainValidator(_number_or_formula, json_schema_input_type=float | Text)
]
"""A number; or, where the question has parameters, a formula of them."""

Tolerance = Annotated[
    float | str,
    PlainValidator(
        _tolerance,
        json_schema_input_type=Annotated[float, Field(ge=0)]
        | Annotated[str, Field(pattern=r"^\s*\d{1,9}(\.\d{1,9})?\s*%\s*$")],
    ),
]


class NumericSlip(Slip):
    answer: NumberOrFormula
    """The wrong number, or a formula for it."""


class Numeric(Question):
    """Right within the tolerance: absolute, or a share of the answer ("2%").

    Reckoned in decimals, as people do: 4.36 is within 0.01 of 4.35, which binary fractions deny.

    With parameters the texts hold {names} for which each learner meets other numbers. What is marked, said
    and explained is then that of `as_shown`, where the numbers stand in the texts.
    """

    TYPE: ClassVar[str] = "numeric"
    SECONDS: ClassVar[int] = 120

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"not": {"required": ["parameters"]}},
            "then": {
                "properties": {
                    "answer": {"type": "number"},
                    "slips": {"items": {"properties": {"answer": {"type": "number"}}}},
                }
            },
        }
    )

    type: Literal["numeric"]
    parameters: Parameters = Field(default_factory=dict)
    """Numbers that differ from learner to learner, by the names that stand in the prompt as {name}."""
    answer: NumberOrFormula
    """The right number; with parameters, a formula of them."""
    tolerance: Tolerance = 0.0
    """How far off still counts as right: 0.05, or 2% of the answer."""
    unit: Text | None = None
    """What is counted, shown behind the field."""
    feedback: Text | None = None
    """What a learner whose number is wrong is told."""
    slips: list[NumericSlip] = Field(default_factory=list)
    """Likely wrong numbers."""
    solution: Text | None = None
    """The way to the answer, step by step, shown with the explanation."""

    @property
    def margin(self) -> Decimal:
        """The tolerance in the unit of the answer."""
        if isinstance(self.tolerance, str):
            return abs(_decimal(self.answer)) * Decimal(self.tolerance.rstrip("%")) / 100
        return _decimal(self.tolerance)

    def _near(self, number: Decimal, target: float | str) -> bool:
        return abs(number - _decimal(target)) <= self.margin

    def faults(self) -> Iterator[Fault]:
        if self.parameters:
            yield from self._faults_of_parameters()
            return
        named: list[tuple[tuple[str | int, ...], float | str]] = [(("answer",), self.answer)]
        named += [(("slips", n, "answer"), slip.answer) for n, slip in enumerate(self.slips)]
        texts = [steps for steps, answer in named if isinstance(answer, str)]
        for steps in texts:
            yield Fault(steps, "must be a number, not text", NO_TEXT)
        if not texts:
            yield from self._faults_of_numbers()

    def _faults_of_numbers(self) -> Iterator[Fault]:
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

    def _faults_of_parameters(self) -> Iterator[Fault]:
        found = list(parameters.faults(self.parameters))
        found += self._faults_of_formulas()
        if not found:
            found += self._faults_of_texts()
        yield from found
        if not found:
            yield from self._faults_of_combinations()

    def _faults_of_formulas(self) -> Iterator[Fault]:
        known = self.parameters
        yield from parameters.faults_of_formula(("answer",), str(self.answer), known)
        for position, slip in enumerate(self.slips):
            steps = ("slips", position, "answer")
            yield from parameters.faults_of_formula(steps, str(slip.answer), [*known, "answer"])

    def _faults_of_texts(self) -> Iterator[Fault]:
        used = formula.parse(str(self.answer)).names
        asked = set(parameters.places(self.prompt))
        for name in self.parameters:
            if name in used and name not in asked:
                message = f"is needed for the answer, and the prompt does not show {{{name}}}"
                yield Fault(("parameters", name), message, "write it into the prompt")
            elif name not in used | asked:
                yield Fault(("parameters", name), "is used nowhere", "use it, or remove it")
        if not used & self.parameters.keys():
            hint = "write a formula, or remove the parameters"
            yield Fault(("answer",), "is the same whatever the parameters are", hint)
        for field in ("prompt", "hint"):
            for name in parameters.places(getattr(self, field) or ""):
                if name == "answer":
                    hint = "keep it for what is said afterwards"
                    yield Fault((field,), "{answer} would give the answer away", hint)
                elif name not in self.parameters:
                    hint = "the prompt and the hint take names only: "
                    hint += did_you_mean(name, self.parameters)
                    message = f"there is no parameter for {{{short(name)}}}"
                    yield Fault((field,), message, hint)
        known = [*self.parameters, "answer"]
        for steps, text in self._texts_afterwards():
            for inside in parameters.places(text):
                yield from parameters.faults_of_formula(steps, inside, known)
        before = (((field,), getattr(self, field) or "") for field in ("prompt", "hint"))
        for steps, text in (*before, *self._texts_afterwards()):
            for inside in parameters.in_diagrams(text, known):
                message = (
                    f"{{{short(inside)}}} stands in a diagram, which is the same for everybody"
                )
                hint = "write the number into the text, and another word into the shape"
                yield Fault(steps, message, hint)

    def _texts_afterwards(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for field in ("feedback", "explanation", "solution"):
            yield (field,), getattr(self, field) or ""
        for position, slip in enumerate(self.slips):
            yield ("slips", position, "feedback"), slip.feedback

    def _faults_of_combinations(self) -> Iterator[Fault]:
        """Yield the first trouble of each kind that some numbers bring."""
        seen: set[tuple[str | int, ...]] = set()
        for values in parameters.samples(self.parameters):
            numbers = ", ".join(f"{name} {format_number(value)}" for name, value in values.items())
            for fault in self._faults_with(values):
                if fault.steps not in seen:
                    seen.add(fault.steps)
                    yield replace(fault, message=f"with {numbers}: {fault.message}")

    def _faults_with(self, values: Mapping[str, Decimal]) -> Iterator[Fault]:
        known = dict(values)
        for steps, text in self._formulas():
            try:
                result = formula.evaluate(formula.parse(text), known)
            except FormulaError as error:
                yield Fault(steps, str(error), "choose other values for the parameters")
                return
            known.setdefault("answer", result)  # it is the first of all
        if not self.tolerance and len(known["answer"].normalize().as_tuple().digits) > 12:
            hint = "give a tolerance, or use round() in the answer"
            yield Fault(("answer",), "has decimals without end", hint)
            return
        yield from self._with(values)._faults_of_numbers()

    def _formulas(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        yield ("answer",), str(self.answer)
        for position, slip in enumerate(self.slips):
            yield ("slips", position, "answer"), str(slip.answer)
        for steps, text in self._texts_afterwards():
            yield from ((steps, inside) for inside in parameters.places(text))

    @property
    def varies(self) -> bool:
        return bool(self.parameters)

    @property
    def explained(self) -> str:
        return "\n\n".join(filter(None, (self.explanation, self.solution)))

    def numbers(self) -> dict[str, list[str]]:
        return {
            name: [format_number(number) for number in parameters.numbers(values)]
            for name, values in self.parameters.items()
        }

    def shown(self, variant: str) -> Shown | None:
        if not self.parameters:
            return None
        values = parameters.chosen(self.parameters, self.id, variant)
        return {"values": {name: format(value, "f") for name, value in values.items()}}

    def as_shown(self, shown: Shown | None) -> Self:
        if not self.parameters:
            return self
        values = parameters.chosen(self.parameters, self.id, "")
        recorded = (shown or {}).get("values", {})
        return self._with({name: Decimal(recorded.get(name, values[name])) for name in values})

    def _with(self, values: Mapping[str, Decimal]) -> Self:
        """Return the question with numbers in its texts, and the answer reckoned from them."""
        known = {**values, "answer": formula.evaluate(formula.parse(str(self.answer)), values)}
        slips = [
            slip.model_copy(
                update={
                    "answer": float(formula.evaluate(formula.parse(str(slip.answer)), known)),
                    "feedback": parameters.filled(slip.feedback, known),
                }
            )
            for slip in self.slips
        ]
        texts = {
            field: text and parameters.filled(text, known)
            for field in ("prompt", "hint", "feedback", "explanation", "solution")
            for text in [getattr(self, field)]
        }
        return self._variant(parameters={}, answer=float(known["answer"]), slips=slips, **texts)

    def form(self, given: Given | None = None) -> list[Control]:
        return [Entry("number", "Your answer", "number", self.unit or "")]

    def read(self, fields: Fields, previous: Given | None = None) -> Given:
        given = super().read(fields, previous)
        self._typed(given)  # refuse what is no number, keep it as it was typed
        return given

    def _typed(self, given: Given) -> Readings:
        """Return what the typed number may mean; raises AnswerError for what is no number."""
        typed = given["number"][0]
        if self.unit and typed.casefold().endswith(self.unit.casefold()):
            typed = typed[: -len(self.unit)]
        readings = READINGS[self.marked_by](typed)
        if not readings:
            raise AnswerError("Write a number, such as 12 or 3.5.")
        return readings

    def mark(self, given: Given) -> Marked:
        if self.parameters:
            return self.as_shown(None).mark(given)
        readings = self._typed(given)
        if any(self._near(number, self.answer) for number in readings):
            return Marked(1.0)
        slip = next((s for n in readings for s in self.slips if self._near(n, s.answer)), None)
        text = slip.feedback if slip else self.feedback
        return Marked(0.0, (Note(text, right=False),) if text else ())

    def right(self) -> dict[str, list[str]]:
        return {"number": [str(self.answer)]}

    def key(self) -> list[PlainText]:
        if self.parameters:
            return [PlainText(f"{self.answer}{self._unit()}")]
        write = (
            format_number if self._written else _written
        )  # what a formula gave may have many decimals
        within = f" (within {write(self.margin)})" if self.margin else ""
        return [PlainText(f"{write(_decimal(self.answer))}{self._unit()}{within}")]

    def describe(self, given: Given) -> list[PlainText]:
        return [PlainText(f"{given['number'][0]}{self._unit()}")]

    def _unit(self) -> str:
        return f" {self.unit}" if self.unit else ""


def _decimal(value: float | str) -> Decimal:
    """Return the decimal that was written, not the binary fraction nearest to it."""
    return Decimal(repr(value) if isinstance(value, float) else value)


def _written(value: float | str | Decimal) -> str:
    if isinstance(value, str):
        return value
    exact = value if isinstance(value, Decimal) else _decimal(value)
    return format(exact.normalize(), "f")
