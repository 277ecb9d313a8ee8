"""Formulas of LaTeX as MathML, which browsers draw without a script and under our policy."""

import functools
import re
from xml.etree.ElementTree import Element, tostring

import math_core
from defusedxml.ElementTree import fromstring

from course.content.problems import short

LONGEST = 2_000
"""Characters in a formula. The converter recurses: some ten thousand brackets would end the process."""

_converter = math_core.LatexToMathML(fancy_error=False)
_OWN_COMMANDS = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|[gex]?def|let|Declare\w+)(?![a-z])"
)


class FormulaError(Exception):
    """A formula cannot be rendered; the message says why, and the hint what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = message
        self.hint = hint
        super().__init__(message)


@functools.lru_cache(maxsize=5_000)
def mathml(tex: str, *, display: bool) -> str:
    """Return a formula as HTML, on a line of its own with *display*; raises FormulaError."""
    root = _tree(tex, display)
    root.set("alttext", _line(root))
    html = tostring(root, encoding="unicode", short_empty_elements=False)
    return f'<span class="formula">{html}</span>' if display else html


@functools.lru_cache(maxsize=5_000)
def line(tex: str) -> str:
    """Return a formula as one line of plain text, such as "a² + b²", for lists, titles and the search."""
    try:
        return _line(_tree(tex, display=False))
    except FormulaError:
        return tex


def _tree(tex: str, display: bool) -> Element:
    if not tex.strip():
        raise FormulaError("a formula is empty", "write it between the brackets, or remove them")
    if len(tex) > LONGEST:
        message = f"a formula has {len(tex)} characters; the limit is {LONGEST}"
        raise FormulaError(message, "split it, and check that its brackets are closed")
    if found := _OWN_COMMANDS.search(tex):
        message = f"the formula {short(tex)} defines a command with {found[0]}"
        raise FormulaError(message, "write the formula out")
    try:
        xml = _converter.convert_with_local_state(tex.strip(), displaystyle=display)
    except math_core.LatexError as error:
        place, _, message = str(error).partition(": ")
        message = message or place
        what = f"{message[:1].lower()}{message[1:]}".rstrip(".").replace("\\\\", "\\")
        message = f"the formula {short(tex)} cannot be drawn: {short(what)}"
        raise FormulaError(message, _HINT) from None
    root: Element = fromstring(xml)
    for element in list(root.iter()):
        _without_style(element, tex)
    return root


_HINT = "see Formulas in docs/reference.md for what works; a price such as $5 needs no formula"

_CLASSES = {
    "text-align:right": "math-right",
    "text-align:left": "math-left",
    "text-align:center": "math-center",
    "justify-items:end": "",  # the classes above say it
    "justify-items:start": "",
    "justify-items:center": "",
    "padding-right:0": "math-close-right",
    "padding-left:0": "math-close-left",
    "padding-left:1em": "math-apart",
    "width:100%": "math-whole",
    "width:50%": "math-half",
    "width:7.5%": "math-margin",
    **{
        f"border-{side}:0.05em {kind} currentcolor": f"math-{name}-{side}"
        for side in ("left", "right", "top", "bottom")
        for kind, name in (("solid", "line"), ("dashed", "dash"))
    },
}
"""Classes for the converter's style attributes, which our policy blocks; course.css defines them."""

_LINE = "\N{COMBINING LOW LINE}"


def _without_style(element: Element, tex: str) -> None:
    """Replace styles, and elements that browsers lack, by attributes and our classes."""
    classes = []
    for part in element.attrib.pop("style", "").split(";"):
        name, _, value = (piece.strip() for piece in part.partition(":"))
        if name == "color":
            element.set("mathcolor", value)
        elif name and not (name == "width" and element.tag == "mspace"):  # has the attribute, too
            if f"{name}:{value}" not in _CLASSES:
                raise FormulaError(f"the formula {short(tex)} needs a style that pages cannot have")
            classes.append(_CLASSES[f"{name}:{value}"])
    if element.tag == "menclose":
        if element.attrib.pop("notation", "") != "box":
            message = f"the formula {short(tex)} strikes something out, which browsers do not draw"
            raise FormulaError(message, "say in words what cancels")
        element.tag = "mrow"
        classes.append("math-box")
    if element.tag in ("mover", "munder") and len(element) == 2 and element[1].text == _LINE:
        classes.append("math-line-top" if element.tag == "mover" else "math-line-bottom")
        element.attrib.clear()
        element.remove(element[1])
        element.tag = "mrow"
    if named := " ".join(filter(None, classes)):
        element.set("class", named)


_RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_SPACED = frozenset("=+−-<>≤≥≠≈→⇒·×±∈")


def _line(element: Element) -> str:
    """Return an element of MathML as plain text."""
    parts = [_line(child) for child in element]
    match element.tag, parts:
        case "mfrac", [above, below]:
            return f"{_grouped(above)}/{_grouped(below)}"
        case "msqrt", _:
            return f"√{_grouped(''.join(parts))}"
        case "mroot", [inside, degree]:
            return f"{_small(degree, _RAISED, '')}√{_grouped(inside)}"
        case "msup", [base, above]:
            return base + _small(above, _RAISED, "^")
        case "msub", [base, below]:
            return base + _small(below, _LOWERED, "_")
        case (("msubsup" | "munderover"), [base, below, above]):
            return base + _small(below, _LOWERED, "_") + _small(above, _RAISED, "^")
        case "munder", [base, below]:
            return base + _small(below, _LOWERED, "_")
        case "mspace", _:
            return " " if element.get("width") else ""
        case "mtr", _:
            return " ".join(filter(None, parts)) + "; "
        case "mtable", _:
            return "".join(parts).removesuffix("; ")
        case "mo", _:
            sign = (element.text or "").strip("\N{INVISIBLE SEPARATOR}\N{FUNCTION APPLICATION}")
            return f" {sign} " if sign in _SPACED and not element.get("lspace") else sign
    text = (element.text or "") + "".join(parts)
    return re.sub(r"  +", " ", text).strip() if element.tag == "math" else text


def _small(text: str, table: dict[int, int], sign: str) -> str:
    """Return *text* raised or lowered, by *sign* where there are no such characters."""
    tight = text.replace(" ", "")
    return tight.translate(table) if all(ord(c) in table for c in tight) else sign + _grouped(tight)


def _grouped(text: str) -> str:
    return text if len(text) < 2 or text.isalnum() else f"({text})"
