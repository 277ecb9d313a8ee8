"""The numbers of a question that differ from learner to learner, and the texts with them."""

import contextlib
import itertools
import math
import random
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, StringConstraints, Tag

from course.content import chance, diagrams, formula
from course.content.formula import FUNCTIONS, FormulaError
from course.content.model import Fault, Strict
from course.content.problems import did_you_mean, short

PLACE = re.compile(r"\{([^{}\n]+)\}")
"""Where a number stands in a text: {name}, or {a formula} in what is said after the answer."""

_FORMULA = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)
_IN_FORMULA = re.compile(r"\{\{([^{}\n]+)\}\}")
"""In a formula of LaTeX, where single braces have a meaning of their own."""

MAX_VALUES = 200
MAX_CHECKED = 500
"""How many combinations are tried when a question is checked; of more, the corners and a choice."""

OWN = {"answer", *FUNCTIONS}
"""Names that mean something else in a formula."""

Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e12, le=1e12)]

_NAME = r"^[a-z][a-z0-9_]*$"


def _name(value: Any) -> Any:
    if isinstance(value, str) and not re.match(_NAME, value):
        plain = re.sub(r"\W+", "_", value.lower(), flags=re.ASCII).strip("_0123456789") or "number"
        hint = f"formulas need a name of letters, digits and _, such as '{short(plain)}'"
        raise ValueError(f"'{short(value)}' cannot be a name here", hint)
    return value


Name = Annotated[str, BeforeValidator(_name), StringConstraints(pattern=_NAME, max_length=40)]


class Span(Strict):
    """Numbers at equal distances."""

    from_: Annotated[Number, Field(alias="from")]
    """The first number."""
    to: Number
    """The number that is not passed."""
    step: Annotated[Number, Field(json_schema_extra={"exclusiveMinimum": 0})] = 1.0
    """How far each is from the one before."""


def _kind(value: Any) -> str:
    return "list" if isinstance(value, list) else "span"


def _values(value: Any) -> Any:
    if not isinstance(value, list | dict):
        hint = "write [2, 3, 4], or {from: 2, to: 10, step: 2}"
        raise ValueError("must be a list of numbers, or where they begin and end", hint)
    return value


Values = Annotated[
    Annotated[Annotated[list[Number], Field(min_length=2)], Tag("list")]
    | Annotated[Span, Tag("span")],
    Discriminator(_kind),
    BeforeValidator(_values),
]

Parameters = Annotated[
    dict[Name, Values], Field(json_schema_extra={"propertyNames": {"pattern": _NAME}})
]


def numbers(values: "list[float] | Span") -> list[Decimal]:
    """Return the numbers that a parameter may take, the first one first; at most one too many."""
    if isinstance(values, list):
        return [_decimal(value) for value in values]
    first, last, step = (_decimal(value) for value in (values.from_, values.to, values.step))
    if step <= 0 or last < first:
        return []
    many = min(int((last - first) / step), MAX_VALUES)
    return [first + step * place for place in range(many + 1)]


def faults(parameters: Parameters) -> Iterator[Fault]:
    """Yield what is wrong with parameters by themselves."""
    for name, values in parameters.items():
        found = numbers(values)
        steps = ("parameters", name)
        if name in OWN:
            message = f"'{name}' means something else in a formula"
            yield Fault(steps, message, "choose another name")
        if isinstance(values, Span) and values.step <= 0:
            yield Fault((*steps, "step"), "must be above 0", "")
        elif len(found) < 2:
            hint = "raise 'to', or take a smaller step"
            yield Fault(steps, "has one number only" if found else "has no numbers", hint)
        elif len(found) > MAX_VALUES:
            message = f"has more than {MAX_VALUES} numbers"
            yield Fault(steps, message, "take a larger step")
        elif isinstance(values, list):
            for place, value in enumerate(found):
                if value in found[:place]:
                    yield Fault(
                        (*steps, place), f"{format_number(value)} stands twice", "remove one"
                    )


def faults_of_formula(
    steps: tuple[str | int, ...], text: str, known: Collection[str]
) -> Iterator[Fault]:
    """Yield what is wrong with a formula, before any number is put into it."""
    try:
        names = formula.parse(text).names
    except FormulaError as error:
        hint = "write it with names and numbers and + - * / ** ( ), such as (a + b) / 2"
        yield Fault(steps, f"'{short(text)}' {error}", hint)
        return
    for name in sorted(names - set(known)):
        message = f"there is no parameter '{short(name)}'"
        yield Fault(steps, message, did_you_mean(name, known))


def chosen(parameters: Parameters, question: str, variant: str) -> dict[str, Decimal]:
    """Return the numbers of *variant*; "" has the first of each.

    From try to try the combinations are gone through in long steps, so that none returns before all were
    there.
    """
    seed, number = chance.parts_of(variant)
    # By name, as databases keep the names of JSON in an order of their own.
    found = {name: numbers(parameters[name]) for name in sorted(parameters)}
    total = math.prod(len(values) for values in found.values())
    at = chance.number(seed, question, "numbers") % total if seed else 0
    at = (at + (number - 1) * _stride(total)) % total
    values = {}
    for name, choice in found.items():
        at, place = divmod(at, len(choice))
        values[name] = choice[place]
    return values


def _stride(total: int) -> int:
    """Return a step near the golden section of *total* that leads through all places."""
    step = max(1, round(total * 0.618))
    while math.gcd(step, total) > 1:
        step += 1
    return step


def samples(parameters: Parameters) -> Iterable[dict[str, Decimal]]:
    """Return the combinations to check: all, or where they are too many the corners and a choice."""
    found = [numbers(values) for values in parameters.values()]
    if math.prod(len(values) for values in found) <= MAX_CHECKED:
        combined: Iterable[Sequence[Decimal]] = itertools.product(*found)
    else:
        corners = itertools.product(*((values[0], values[-1]) for values in found))
        draw = random.Random(0)  # noqa: S311 - the same choice each time, nothing secret
        others = ([draw.choice(values) for values in found] for _ in range(MAX_CHECKED))
        combined = itertools.islice(itertools.chain(corners, others), MAX_CHECKED)
    return ({**dict(zip(parameters, values, strict=True))} for values in combined)


def places(text: str) -> list[str]:
    """Return what is in braces in *text*, where a number belongs."""
    text = "\n".join(diagrams.split(text)[::2])
    pieces = _FORMULA.split(text)
    inside = [name for match in _FORMULA.findall(text) for name in _IN_FORMULA.findall(match)]
    return [name for piece in pieces for name in PLACE.findall(piece)] + inside


def in_diagrams(text: str, known: Collection[str]) -> Iterator[str]:
    """Yield what is in braces in the diagrams of *text*, and would be a number outside of them."""
    for inside in PLACE.findall("\n".join(diagrams.split(text)[1::2])):
        with contextlib.suppress(FormulaError):
            if formula.parse(inside).names & set(known):
                yield inside


def filled(text: str, values: Mapping[str, Decimal]) -> str:
    """Return *text* with numbers in place of names and formulas in braces, but for its diagrams."""
    pieces = diagrams.split(text)
    pieces[::2] = [_filled(piece, values) for piece in pieces[::2]]
    return "".join(pieces)


def _filled(text: str, values: Mapping[str, Decimal]) -> str:

    def number(place: re.Match[str]) -> str:
        return format_number(formula.evaluate(formula.parse(place[1]), values))

    text = in_formulas(text, lambda place: f"{{{number(place)}}}")
    pieces = re.split(f"({_FORMULA.pattern})", text, flags=re.DOTALL)
    pieces[::2] = [PLACE.sub(number, piece) for piece in pieces[::2]]
    return "".join(pieces)


def in_formulas(text: str, number: Callable[[re.Match[str]], str]) -> str:
    """Return *text* with what *number* returns at each place within a formula of LaTeX."""
    return _FORMULA.sub(lambda match: _IN_FORMULA.sub(number, match[0]), text)


def format_number(value: Decimal) -> str:
    """Return a number for display, such as 2,500 or 0.125, with at most four decimals."""
    rounded = (
        round(value, 4) if abs(value) >= 1 or not value else round(value, 3 - value.adjusted())
    )
    return format(rounded.normalize(), ",f").replace("-", "\u2212")


def _decimal(value: float) -> Decimal:
    return Decimal(repr(float(value))).normalize()
