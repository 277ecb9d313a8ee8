"""Turning a trainer's plain data into models, with every fault placed in the file."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import pydantic
import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from course.content import source
from course.content.problems import Problem, did_you_mean

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
"""Words for learners, as Markdown; never empty."""

Id = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80, strip_whitespace=True),
]
"""A name that stays: lower-case words and digits joined by hyphens."""


class Strict(BaseModel):
    """A part of a file: no unknown keys, no silent conversions."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


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
        message = f"{label}: must be a group of keys, not {source.describe(data)}"
        return None, [document.at(steps, message, f"it takes: {', '.join(_keys(model))}")]
    try:
        return model.model_validate(data), []
    except pydantic.ValidationError as error:
        return None, list(_problems(error, model, document, tuple(steps), label))


def _keys(model: type[BaseModel]) -> list[str]:
    return list(model.model_fields)


def _problems(
    error: pydantic.ValidationError,
    model: type[BaseModel],
    document: source.Document,
    steps: tuple[str | int, ...],
    label: str,
) -> Iterator[Problem]:
    for detail in error.errors(include_url=False):
        walked = document.walked((*steps, *detail["loc"]))
        inner = walked[len(steps) :]
        if detail["type"] == "missing":
            inner.append(detail["loc"][-1])
        where = ".".join([label, *map(_step, inner)]) if inner else label
        message, hint = _explain(
            detail, document.found(walked), _model_at(model, detail["loc"][:-1])
        )
        yield document.at(walked, f"{where}: {message}", hint)


def _step(step: str | int) -> str:
    return f"{step + 1}" if isinstance(step, int) else step


def _model_at(model: type[BaseModel], loc: Sequence[str | int]) -> type[BaseModel]:
    """Return the model that *loc* leads to, looking through lists, mappings and unions."""
    for step in loc:
        field = model.model_fields.get(str(step))
        if field is not None:
            found = list(_models_in(field.annotation))
            if found:
                model = found[0]
    return model


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models_in(inner)


_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a group of keys",
    "model_type": "a group of keys",
    "date_type": "a date such as 2026-11-22",
}


def _explain(detail: Any, node: yaml.Node | None, model: type[BaseModel]) -> tuple[str, str]:
    """Return a validator's complaint, and its mend, in a trainer's words."""
    kind, given, facts = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "missing":
        return "missing", ""
    if kind == "extra_forbidden":
        return "unknown key", did_you_mean(str(detail["loc"][-1]), _keys(model))
    if kind == "string_type" and isinstance(node, yaml.ScalarNode) and node.value:
        read = source.describe(given)
        return f"YAML reads {node.value} as {read}, not as text", f"write '{node.value}' in quotes"
    if kind in _WANTED:
        hint = "give it a value, or remove the key" if given is None else ""
        return f"must be {_WANTED[kind]}, not {source.describe(given)}", hint
    if kind in ("string_too_short", "too_short"):
        return "is empty" if not given else f"needs at least {facts['min_length']}", ""
    if kind in ("string_too_long", "too_long"):
        return f"is too long: at most {facts['max_length']}", ""
    if kind == "string_pattern_mismatch":
        return (
            f"'{given}' cannot be a name here",
            f"use lower-case letters, digits and hyphens: '{slug(given)}'",
        )
    if kind == "literal_error":
        return f"'{given}' is not one of {facts['expected']}", ""
    if kind == "value_error":
        return str(facts["error"]), ""
    return detail["msg"][:1].lower() + detail["msg"][1:], ""


def slug(text: str) -> str:
    """Return *text* as a name: lower-case ASCII words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split()) or "name"


def tidy(text: str) -> str:
    """Return *text* as it counts for a revision: without differences that only the file shows.

    Lines of one paragraph are joined and spaces folded; code, where spaces matter, is left alone.
    """
    text = unicodedata.normalize("NFC", text).strip()
    if "```" in text or "\n    " in text:
        return "\n".join(line.rstrip() for line in text.splitlines())
    paragraphs = [" ".join(block.split()) for block in text.split("\n\n")]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
