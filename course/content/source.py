"""Reading a trainer's files: text with its limits, and YAML that remembers where everything stands."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from course.content.problems import Problem

MAX_BYTES = 1_000_000
"""A lesson or quiz above this is a mistake (a pasted picture, a database dump), not a text."""

# libyaml parses some ten times faster than the Python loader; wheels of PyYAML carry it.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Steps = Sequence[str | int]


class Unreadable(Exception):
    """A file that cannot be taken as text or YAML at all."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def read_text(root: Path, path: Path) -> str:
    """Return the text of *path*, with line ends as ``\\n``.

    Raises Unreadable for a file that leads out of *root*, is too large or is not UTF-8.
    """
    name = path.relative_to(root).as_posix()

    def refuse(message: str, hint: str, line: int = 1, column: int = 1) -> Unreadable:
        return Unreadable(Problem(name, line, column, message, hint))

    if not path.resolve().is_relative_to(root.resolve()):
        raise refuse(
            "leads out of the course's folder", "copy the file in instead of linking to it"
        )
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise refuse(
                f"is {size / 1e6:.1f} MB large; the limit is {MAX_BYTES / 1e6:.0f} MB",
                "split it, and keep pictures in files of their own",
            )
        raw = path.read_bytes()
    except OSError as error:
        raise refuse(
            f"cannot be read: {error.strerror}", "check that it exists and who owns it"
        ) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        raise refuse(
            f"is not UTF-8 text (byte 0x{raw[error.start]:02x})",
            "save the file as UTF-8",
            line,
            column,
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise refuse("holds a NUL byte", "this looks like a binary file", line)
    return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass
class Document:
    """A YAML file (or front matter) as plain data, with the node tree that knows each place."""

    path: str
    data: Any
    node: yaml.Node | None
    line_offset: int = 0
    problems: list[Problem] = field(default_factory=list)
    _built: set[int] = field(default_factory=set)

    def at(self, steps: Steps, message: str, hint: str = "") -> Problem:
        """Return a problem at the key or item that *steps* lead to, or at its nearest parent."""
        mark = _walk(self.node, steps)[1]
        line, column = (mark.line, mark.column) if mark else (0, 0)
        return Problem(self.path, line + 1 + self.line_offset, column + 1, message, hint)

    def found(self, steps: Steps) -> yaml.Node | None:
        """Return the node that *steps* lead to, or None."""
        node, _, walked = _walk(self.node, steps)
        return node if len(walked) == len(steps) else None

    def walked(self, steps: Steps) -> list[str | int]:
        """Return those of *steps* that exist in the file; others are the validator's own."""
        return _walk(self.node, steps)[2]


def parse_yaml(path: str, text: str, line_offset: int = 0) -> Document:
    """Return *text* as a Document; raises Unreadable when it is not YAML at all."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        message, hint = _explain(
            error, text.splitlines()[line] if line < text.count("\n") + 1 and text else ""
        )
        raise Unreadable(Problem(path, line + 1 + line_offset, column + 1, message, hint)) from None
    except yaml.YAMLError as error:  # a character that YAML does not allow
        raise Unreadable(
            Problem(
                path,
                1 + line_offset,
                1,
                f"is not YAML: {str(error).splitlines()[0]}",
                "remove the control character",
            )
        ) from None
    document = Document(path, None, node, line_offset)
    document.data = _construct(document, node) if node is not None else None
    return document


def _explain(error: yaml.MarkedYAMLError, line: str) -> tuple[str, str]:
    """Return the parser's complaint in a trainer's words."""
    said = error.problem or error.context or "cannot be read"
    if "\t" in line[: len(line) - len(line.lstrip())] or (
        "cannot start any token" in said and "\t" in line
    ):
        return "a tab is used to indent", "indent with spaces; YAML allows no tabs"
    if "mapping values are not allowed" in said:
        return (
            "a colon followed by a space stands inside plain text",
            "put the whole text in quotes",
        )
    if "cannot start any token" in said:
        return (
            "a text starts with a character that means something to YAML",
            "put the whole text in quotes",
        )
    if "undefined alias" in said or "alias" in (error.context or ""):
        return (
            "a text starts with *, which YAML reads as a reference",
            "put the whole text in quotes",
        )
    if "could not find expected ':'" in said:
        return (
            "a colon is missing after a key",
            "write 'key: value', or indent the text under its key",
        )
    if "did not find expected" in said or "expected <block end>" in said:
        return (
            f"the structure breaks here ({said})",
            "check the indentation, and close every quote and bracket",
        )
    if "unexpected end of stream" in said:
        return "a quote or bracket is opened and not closed", "close it"
    return f"is not YAML: {said}", "check the line above, too"


def _walk(node: yaml.Node | None, steps: Steps) -> tuple[yaml.Node | None, Any, list[str | int]]:
    """Follow *steps* as far as they exist; steps that do not exist are passed over."""
    mark = node.start_mark if node else None
    walked: list[str | int] = []
    for step in steps:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            mark = node.start_mark
            walked.append(step)
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == step:
                    node, mark = value, key.start_mark
                    walked.append(step)
                    break
    return node, mark, walked


_safe = yaml.SafeLoader("")
_BASE_60 = re.compile(r"^[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?$")
_OCTAL = re.compile(r"^[-+]?0\d+$")


def _construct(document: Document, node: yaml.Node) -> Any:
    """Return *node* as plain data, noting equal keys and numbers that are not what they look like."""
    if id(node) in document._built:  # an alias can also nest without end
        document.problems.append(
            _note(
                document, node, "is used again through an alias (*)", "write it out at each place"
            )
        )
        return None
    document._built.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(document, node))
    if isinstance(node, yaml.SequenceNode):
        return [_construct(document, item) for item in node.value]
    raw = node.value
    if node.tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float") and (
        _BASE_60.match(raw) or _OCTAL.match(raw)
    ):
        value = _safe.construct_object(node)
        document.problems.append(
            _note(
                document,
                node,
                f"YAML reads {raw} as the number {value}",
                f"write '{raw}' in quotes for the text, or the plain number",
            )
        )
        return raw
    if node.tag in _SCALARS:
        try:
            return _safe.construct_object(node)
        except ValueError:  # 2026-13-45 looks like a date
            return raw
    if not node.tag.startswith("tag:yaml.org,2002:str"):
        document.problems.append(
            _note(document, node, f"the YAML tag {node.tag} is not used in a course", "remove it")
        )
    return raw


_SCALARS = {f"tag:yaml.org,2002:{kind}" for kind in ("null", "bool", "int", "float", "timestamp")}


def _pairs(document: Document, node: yaml.MappingNode) -> Iterator[tuple[str, Any]]:
    seen: dict[str, int] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            document.problems.append(
                _note(document, key, "a key must be a word", "remove the brackets")
            )
            continue
        if key.value == "<<":
            document.problems.append(
                _note(
                    document,
                    key,
                    "merge keys (<<) are not used in a course",
                    "write the entries out",
                )
            )
            continue
        if key.value in seen:
            document.problems.append(
                _note(
                    document,
                    key,
                    f"'{key.value}' is given twice",
                    f"the first is on line {seen[key.value]}; keep one",
                )
            )
            continue
        seen[key.value] = key.start_mark.line + 1 + document.line_offset
        yield key.value, _construct(document, value)


def _note(document: Document, node: yaml.Node, message: str, hint: str) -> Problem:
    mark = node.start_mark
    return Problem(
        document.path, mark.line + 1 + document.line_offset, mark.column + 1, message, hint
    )


def describe(value: Any) -> str:
    """Return what kind of thing YAML made of a value, in a trainer's words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes or no (true/false)"
        case int() | float():
            return "a number"
        case datetime.date():
            return "a date"
        case list():
            return "a list"
        case dict():
            return "a group of keys"
    return "text"
