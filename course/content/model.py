"""Turning a trainer's plain data into models, with every fault placed in the file."""

import ast
import functools
import inspect
import itertools
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import pydantic
from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, StringConstraints

from course.content import source
from course.content.problems import Problem, did_you_mean, short

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
"""Words for learners, as Markdown; never empty."""


@dataclass(frozen=True)
class PlainText:
    """Words that are not Markdown, such as what a learner typed: shown exactly as they are written.

    Deliberately not a string: what joins or formats it as one has to decide what comes out.
    """

    text: str

    def __str__(self) -> str:
        return self.text


Passage = str | PlainText
"""Something to read: a string is a trainer's Markdown, PlainText is shown as it is."""

Id = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80, strip_whitespace=True),
]
"""A name that stays: lower-case words and digits joined by hyphens."""


class Strict(BaseModel):
    """A part of a file: no unknown keys, no silent conversions.

    The docstrings of fields are written for trainers: editors and hints show them.
    """

    # Validators are built on first use: a build that takes most from its cache needs few of them.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: GetJsonSchemaHandler) -> Any:
        made = handler(core_schema)
        properties = handler.resolve_ref_schema(made)["properties"]
        for name, description in field_descriptions(cls).items():
            properties[cls.model_fields[name].alias or name].setdefault("description", description)
        return made


@functools.cache
def field_descriptions(model: type[BaseModel]) -> Mapping[str, str]:
    """Return the docstrings of the fields of *model*.

    pydantic can gather them as well, but for every model at each start: a sixth of a second.
    """
    found: dict[str, str] = {}
    for kind in reversed(model.__mro__):
        if issubclass(kind, Strict) and kind is not Strict:
            found = {k: v for k, v in found.items() if k not in inspect.get_annotations(kind)}
            found.update(_docstrings(kind))
    return {name: found[name] for name in model.model_fields if name in found}


def _docstrings(kind: type) -> Iterator[tuple[str, str]]:
    """Yield each annotated field of *kind* that has a docstring, with the docstring."""
    try:
        body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    except (OSError, TypeError):  # made while running
        return
    lines = body.body if isinstance(body, ast.ClassDef) else []
    for field, after in itertools.pairwise(lines):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            match after:
                case ast.Expr(ast.Constant(str(docstring))):
                    yield field.target.id, inspect.cleandoc(docstring)


M = TypeVar("M", bound=Strict)


@dataclass(frozen=True)
class Fault:
    """Something wrong inside a part of a file; *steps* lead to the place from that part."""

    steps: tuple[str | int, ...]
    message: str
    hint: str = ""


def validated(
    model: type[M], data: Any, document: source.Document, steps: Sequence[str | int], label: str
) -> tuple[M | None, list[Problem]]:
    """Return *data* as *model*, or None and the problems found; *label* names the part in messages."""
    if not isinstance(data, dict):
        message = f"{label}: must be lines of 'key: value', not {source.describe(data)}"
        return None, [document.at(steps, message, f"it takes: {', '.join(_keys(model))}")]
    try:
        return model.model_validate(data), []
    except pydantic.ValidationError as error:
        return None, list(_problems(error, model, document, tuple(steps), label))


def _problems(
    error: pydantic.ValidationError,
    model: type[BaseModel],
    document: source.Document,
    steps: tuple[str | int, ...],
    label: str,
) -> Iterator[Problem]:
    for detail in error.errors(include_url=False):
        walked = document.walked((*steps, *detail["loc"]))
        node = document.found(walked)
        if node is None or node.is_noted:
            continue
        inner = walked[len(steps) :]
        if detail["type"] == "missing":
            inner.append(detail["loc"][-1])
        message, hint = _explain(detail, node, model)
        yield document.at(walked, f"{place([label, *inner])}: {message}", hint)


def place(steps: Iterable[str | int]) -> str:
    """Return where *steps* lead as messages name it, such as "questions.first-act.options.2"."""
    return ".".join(str(s + 1) if isinstance(s, int) else short(s) for s in steps if s != "")


def _model_at(model: type[BaseModel], loc: Sequence[str | int]) -> type[BaseModel]:
    """Return the model whose keys stand where *loc* leads, looking through lists and unions."""
    for step in loc:
        field = model.model_fields.get(str(step))
        found = list(_models_in(field.annotation)) if field is not None else []
        if found:
            model = found[0]
    return model


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models_in(inner)


NO_TEXT = "write digits without quotes, and a point before decimals: 1234.5"
"""How a number has to be written that was written as text."""

_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "lines of 'name: value'",
    "model_type": "lines of 'key: value'",
    "date_from_datetime_inexact": "a date",
}


def _explain(detail: Any, node: source.Node, model: type[BaseModel]) -> tuple[str, str]:
    """Return the message and the fix hint for a validation error, worded for trainers."""
    kind, given, facts = detail["type"], detail["input"], detail.get("ctx", {})
    if kind in _WANTED:
        if kind == "string_type" and node.raw:
            message = f"YAML reads {short(node.raw)} as {source.describe(given)}, not as text"
            return message, f"write '{short(node.raw)}' in quotes"
        return f"must be {_WANTED[kind]}, not {source.describe(given)}", _fix_hint(
            kind, given, _model_at(model, detail["loc"])
        )
    match kind:
        case "missing":
            return "missing", _addition(_model_at(model, detail["loc"][:-1]), detail["loc"][-1])
        case "date_type":
            hint = "write year, month and day, such as 2026-11-22"
            return f"'{short(given)}' is no date", hint
        case "extra_forbidden":
            return "unknown key", did_you_mean(
                str(detail["loc"][-1]), _keys(_model_at(model, detail["loc"][:-1]))
            )
        case "string_too_short":
            return "is empty", "write something, or remove the key"
        case "too_short" if not given:
            return "is empty", "write at least one entry"
        case "too_short":
            return f"needs at least {facts['min_length']} entries", ""
        case "string_too_long":
            return f"is too long: at most {facts['max_length']} characters", ""
        case "string_pattern_mismatch":
            hint = f"use lower-case letters, digits and hyphens, such as '{short(slug(given))}'"
            return f"'{short(given)}' cannot be a name here", hint
        case "literal_error":
            known = re.findall("'([^']*)'", facts["expected"])
            return f"'{short(given)}' is not known here", did_you_mean(str(given), known)
        case "greater_than_equal":
            return f"must be {facts['ge']:g} or more", ""
        case "less_than_equal":
            return f"must be {facts['le']:g} or less", ""
        case "finite_number":
            return "must be an ordinary number", ""
        case "value_error":
            message, *hint = facts["error"].args
            return message, hint[0] if hint else ""
    return detail["msg"][:1].lower() + detail["msg"][1:], ""


def _keys(model: type[BaseModel]) -> list[str]:
    """Return the keys of *model* as trainers write them."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _addition(model: type[BaseModel], name: str) -> str:
    """Return a hint to add the key *name*, with what its field's docstring says of it."""
    description = field_descriptions(model).get(name, "")
    return f"add '{name}:'" + (
        f" ({description[0].lower()}{description[1:].rstrip('.')})" if description else ""
    )


def _fix_hint(kind: str, given: Any, model: type[BaseModel]) -> str:
    """Return the likeliest way to turn *given* into what is wanted."""
    if given is None:
        return "give it a value, or remove the key"
    match kind:
        case "string_type" if isinstance(given, dict):
            return "a colon and a space make a key: put the whole text in quotes"
        case "string_type":
            return "put the whole text in quotes"
        case "int_type":
            return "write a whole number such as 8, without quotes"
        case "float_type":
            return NO_TEXT
        case "bool_type":
            return "write true or false, without quotes"
        case "list_type":
            return "begin each entry on a line of its own, with '- '"
        case "dict_type":
            return "write each as 'name:' on a line of its own, without a dash"
        case "model_type" if isinstance(given, str) and "text" in model.model_fields:
            return f"write 'text: {short(given)}'"
        case "date_from_datetime_inexact":
            return "write year, month and day only, such as 2026-11-22"
    return ""


def slug(text: str) -> str:
    """Return *text* as a name: lower-case ASCII words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split()) or "name"


_CODE = re.compile(r"^(```|~~~| {4}|\t)", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n\s*\n")


def has_code(text: str) -> bool:
    """Return whether a text of Markdown has a block of code or a diagram."""
    return bool(_CODE.search(text))


def beside(sign: str, *texts: str) -> str:
    """Return texts of Markdown in one line with *sign* between them; code and diagrams stand below it."""
    return functools.reduce(lambda before, text: _beside(sign, before, text), texts)


def _beside(sign: str, before: str, text: str) -> str:
    if has_code(before):
        before, sign = f"{before}\n\n", sign.lstrip(" :")
    return f"{before}{sign}\n\n{text}" if has_code(text) else f"{before}{sign}{text}"


def normalise_text(text: str) -> str:
    """Return *text* without differences that a reader does not see, for computing a revision.

    Joins the lines of each paragraph and collapses spaces; a text with code, where spaces matter, keeps them.
    """
    text = unicodedata.normalize("NFC", text).strip()
    if has_code(text):
        return "\n".join(line.rstrip() for line in text.split("\n"))
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in _BLANK_LINES.split(text))
