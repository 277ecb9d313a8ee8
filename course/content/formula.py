"""Formulas in numeric questions: the few signs that people reckon with, in decimals.

simpleeval walks the formula; all that it could do beyond the table below is taken away from it.
"""

import ast
import decimal
import functools
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import simpleeval

MAX_LENGTH = 200
MAX_MAGNITUDE = 15
"""How many digits a result may have before or behind the point: more, nobody would type."""

_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
_NODES = (ast.Expr, ast.Name, ast.UnaryOp, ast.BinOp, ast.Call)
_TYPED = str.maketrans({"×": "*", "·": "*", "÷": "/", "\u2212": "-", "\u2013": "-"})


def _round(value: Decimal, places: Decimal = Decimal(0)) -> Decimal:
    """Round half away from zero, as people learn it."""
    if places != int(places) or abs(places) > 20:
        raise FormulaError("round() takes a number of places from -20 to 20")
    return value.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)


FUNCTIONS: dict[str, Any] = {
    "abs": abs,
    "max": max,
    "min": min,
    "round": _round,
    "sqrt": lambda value: value.sqrt(),
}
"""What a formula may call."""


class FormulaError(ValueError):
    """A formula that cannot be reckoned; says why."""


@dataclass(frozen=True)
class Formula:
    """A formula that can be read; *names* are those of the values that it needs."""

    text: str
    tree: ast.stmt
    names: frozenset[str]


@functools.lru_cache(maxsize=10_000)
def parse(text: str) -> Formula:
    """Return the formula in *text*; raises FormulaError for what is none."""
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"is longer than {MAX_LENGTH} characters")
    try:
        body = ast.parse(text.translate(_TYPED).strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaError("is no formula") from None
    if len(body) != 1 or not isinstance(body[0], ast.Expr):
        raise FormulaError("is no formula")
    _allowed(body[0].value)
    called = {id(node.func) for node in ast.walk(body[0]) if isinstance(node, ast.Call)}
    names = {
        node.id
        for node in ast.walk(body[0])
        if isinstance(node, ast.Name) and id(node) not in called
    }
    return Formula(text, body[0], frozenset(names))


def _allowed(node: ast.expr) -> None:
    """Raise FormulaError for the first part of a formula that is not for formulas."""
    match node:
        case ast.Constant(value=bool() | complex() | str() | bytes() | None):
            raise FormulaError("holds something that is no number")
        case ast.Constant() | ast.Name():
            return
        case ast.BinOp(op=ast.BitXor()):
            raise FormulaError("has '^' in it; a power is written with '**'")
        case ast.BinOp(op=op) if type(op) in _OPERATORS:
            parts = [node.left, node.right]
        case ast.UnaryOp(op=op) if type(op) in _OPERATORS:
            parts = [node.operand]
        case ast.Call(func=ast.Name(id=name), keywords=[]) if name in FUNCTIONS:
            parts = node.args
        case ast.Call(func=ast.Name(id=name)):
            raise FormulaError(f"calls '{name}'; it may call {', '.join(FUNCTIONS)}")
        case _:
            raise FormulaError("has signs that formulas do not know")
    for part in parts:
        _allowed(part)


def evaluate(formula: Formula, values: Mapping[str, Decimal]) -> Decimal:
    """Return the value of *formula* with *values*; raises FormulaError if it has none."""
    evaluator = simpleeval.SimpleEval(_OPERATORS, FUNCTIONS, values)
    evaluator.nodes = {kind: evaluator.nodes[kind] for kind in _NODES}
    evaluator.nodes[ast.Constant] = lambda node: Decimal(repr(node.value))
    try:
        with decimal.localcontext(decimal.Context(prec=28)):
            result = evaluator.eval(formula.text, formula.tree)
    except decimal.DivisionByZero:
        raise FormulaError("divides by zero") from None
    except decimal.InvalidOperation:
        raise FormulaError("takes the root of a negative number, or divides 0 by 0") from None
    except decimal.Overflow:
        raise FormulaError("becomes too large") from None
    except (TypeError, simpleeval.InvalidExpression):
        raise FormulaError("cannot be reckoned") from None
    if not isinstance(result, Decimal) or not result.is_finite():
        raise FormulaError("comes to no number")
    if result and not -MAX_MAGNITUDE < result.adjusted() < MAX_MAGNITUDE:
        raise FormulaError("becomes too large" if result.adjusted() > 0 else "becomes too small")
    return result
