"""Reading a trainer's files: text with its limits, and YAML with the line and column of everything."""

import contextlib
import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from course.content.problems import Problem, short

MAX_BYTES = 1_000_000
"""A lesson or quiz above this is a mistake (a pasted picture, a database dump), not a text."""

MAX_DEPTH = 20
"""No file of a course nests deeper; libyaml would follow a few thousand brackets into a crash."""

# What YAML cannot hold, and line separators that editors do not count as lines.
_FORBIDDEN = re.compile(
    "[^\t\n\r -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)

# libyaml parses some ten times faster than the Python loader; wheels of PyYAML carry it.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Steps = Sequence[str | int]


class Unreadable(Exception):
    """A file that cannot be taken as text or YAML at all; carries what was found until then."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


def name_of(root: Path, path: Path) -> str:
    """Return how problems call *path*: from the course's folder, fit to be printed."""
    return printable(path.relative_to(root).as_posix())


def printable(name: str) -> str:
    """Return *name* with "?" for each character that a terminal would not show."""
    return name if name.isprintable() else "".join(c if c.isprintable() else "?" for c in name)


def read_text(root: Path, path: Path) -> str:
    """Return the text of *path*, with line ends as ``\\n``.

    Raises Unreadable for a file that leads out of *root*, is too large or is not UTF-8.
    """
    name = name_of(root, path)
    raw = _read_bytes(root, path, name)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _position(error.object[: error.start].decode("utf-8"))
        message = f"is not UTF-8 text (byte 0x{error.object[error.start]:02x})"
        raise Unreadable(Problem(name, line, column, message, "save the file as UTF-8")) from None
    if match := _FORBIDDEN.search(text):
        line, column = _position(text[: match.start()])
        message = f"holds an invisible character (U+{ord(match[0]):04X})"
        raise Unreadable(
            Problem(name, line, column, message, "delete it and type that place again")
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_bytes(root: Path, path: Path, name: str) -> bytes:
    def refuse(message: str, hint: str) -> Unreadable:
        return Unreadable(Problem(name, 1, 1, message, hint))

    try:
        if not path.resolve().is_relative_to(root.resolve()):
            hint = "copy the file in instead of linking to it"
            raise refuse("leads out of the course's folder", hint)
        if path.is_dir():
            raise refuse("is a folder, not a file", "rename or remove it")
        if not path.is_file() and path.exists():
            raise refuse("is not an ordinary file", "replace it by a text file")
        size = path.stat().st_size
        if size > MAX_BYTES:
            message = f"is {size / 1e6:.1f} MB large; the limit is {MAX_BYTES / 1e6:.0f} MB"
            raise refuse(message, "split it, and keep pictures in files of their own")
        return path.read_bytes()
    except (OSError, RuntimeError) as error:  # RuntimeError: how pathlib meets links in a circle
        reason = getattr(error, "strerror", None) or "its links lead in a circle"
        hint = "check that it exists and that you may read it"
        raise refuse(f"cannot be read: {reason}", hint) from None


def _position(before: str) -> tuple[int, int]:
    """Return line and column of what follows *before*."""
    before = before.replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


@dataclass(slots=True)
class Node:
    """A value in a YAML file: its line and column, as written, as plain data, and its parts."""

    line: int
    column: int
    data: Any = None
    raw: str = ""
    tag: str = ""
    parts: "dict[str | int, Part]" = field(default_factory=dict)
    is_noted: bool = False
    """Whether a problem with it is reported already."""


@dataclass(slots=True)
class Part:
    """A value within a list or under a key, and where the item or key begins."""

    line: int
    column: int
    node: Node


@dataclass
class Document:
    """A YAML file (or front matter) as plain data, with the node tree that knows each place."""

    path: str
    root: Node | None = None
    line_offset: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def data(self) -> Any:
        return self.root.data if self.root else None

    def at(self, steps: Steps, message: str, hint: str = "") -> Problem:
        """Return a problem at the key or item that *steps* lead to, or at its nearest parent."""
        place: Node | Part | None = self.root
        for _, part in self._walk(steps):
            place = part
        line, column = (place.line, place.column) if place else (1 + self.line_offset, 1)
        return Problem(self.path, line, column, message, hint)

    def found(self, steps: Steps) -> Node | None:
        """Return the node that *steps* lead to, or None."""
        walked = [part.node for _, part in self._walk(steps)]
        if len(walked) < len(steps):
            return None
        return walked[-1] if walked else self.root

    def walked(self, steps: Steps) -> list[str | int]:
        """Return those of *steps* that exist in the file; others are the validator's own."""
        return [step for step, _ in self._walk(steps)]

    def _walk(self, steps: Steps) -> Iterator[tuple[str | int, Part]]:
        node = self.root
        for step in steps:
            if node and step in node.parts:
                yield step, node.parts[step]
                node = node.parts[step].node


def parse_yaml(path: str, text: str, line_offset: int = 0, *, lenient: bool = False) -> Document:
    """Return *text* as a Document; raises Unreadable when it is not YAML at all.

    *lenient* passes over what is right in a program's settings and a slip in a trainer's text: tags,
    references and the like.
    """
    document = Document(path, line_offset=line_offset)
    composer = _Composer(document, text)
    try:
        document.root = composer.whole()
    except yaml.MarkedYAMLError as error:
        document.problems.append(composer.explain(error))
    except yaml.YAMLError as error:
        message = f"is not YAML: {short(error)}"
        document.problems.append(Problem(path, 1 + line_offset, 1, message))
    except _TooDeep as error:
        document.problems.append(
            composer.problem(error.mark, "is nested too deep", "check the brackets and indentation")
        )
    else:
        if lenient:
            document.problems.clear()
        return document
    raise Unreadable(*(document.problems[-1:] if lenient else document.problems))


class _TooDeep(Exception):
    def __init__(self, mark: yaml.Mark) -> None:
        self.mark = mark


class _Spot(NamedTuple):
    """A place in the text, counted from 0 as the parser does."""

    line: int
    column: int


_QUOTE = "put the whole text in quotes"
_REFER = f"{_QUOTE}; references (& and *) are not used in a course"
_BASE_60 = re.compile(r"[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?")
_OCTAL = re.compile(r"[-+]?0\d+")
_HASH = re.compile(r"\s+(#[^\s#!-]\S*)")
_convert = yaml.constructor.SafeConstructor()
_CONVERTED = ("null", "bool", "int", "float", "timestamp")


class _Composer:
    """Builds nodes from a parser's events, noting what YAML reads otherwise than it was meant."""

    def __init__(self, document: Document, text: str) -> None:
        self.document = document
        self.lines = text.split("\n")
        self.first_line = document.line_offset + 1
        self.next = _Loader(text).get_event
        self.last: Any = None

    def place(self, mark: Any) -> tuple[int, int]:
        """Return line and column of *mark*; for the parser, the end is a line further than the last."""
        line = min(mark.line, len(self.lines) - 1)
        column = min(mark.column, len(self.lines[line]))
        return line + 1 + self.document.line_offset, column + 1

    def problem(self, mark: Any, message: str, hint: str) -> Problem:
        return Problem(self.document.path, *self.place(mark), message, hint)

    def note(self, node: Node, mark: Any, message: str, hint: str) -> None:
        node.is_noted = True
        self.document.problems.append(self.problem(mark, message, hint))

    def whole(self) -> Node | None:
        self.next()  # the stream begins
        if isinstance(self.next(), yaml.StreamEndEvent):
            return None
        root = self.node(self.next(), depth=0)
        self.next()  # the document ends
        after = self.next()
        if not isinstance(after, yaml.StreamEndEvent):
            self.note(root, after.start_mark, "a second part begins here", "remove the line '---'")
        return root

    def node(self, event: Any, depth: int) -> Node:
        mark = event.start_mark
        node = Node(*self.place(mark))
        if event.anchor and isinstance(event, yaml.AliasEvent):
            self.note(node, mark, "a text starts with '*', which YAML reads as a reference", _REFER)
            return node
        if event.anchor:
            self.note(node, mark, "a text starts with '&', which YAML reads as a name", _REFER)
        node.tag = event.tag or ""
        if node.tag:
            hint = f"{_QUOTE}; tags are not used in a course"
            self.note(node, mark, "a text starts with '!', which YAML reads as a tag", hint)
        if isinstance(event, yaml.ScalarEvent):
            self.scalar(node, event)
            return node
        if depth == MAX_DEPTH:
            raise _TooDeep(mark)
        if isinstance(event, yaml.SequenceStartEvent):
            self.sequence(node, depth)
        else:
            self.mapping(node, depth)
        return node

    def sequence(self, node: Node, depth: int) -> None:
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            item = self.node(event, depth + 1)
            node.parts[len(node.parts)] = Part(item.line, item.column, item)
        node.data = [part.node.data for part in node.parts.values()]

    def mapping(self, node: Node, depth: int) -> None:
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key = self.node(event, depth + 1)
            value = self.node(self.next(), depth + 1)
            if not isinstance(event, yaml.ScalarEvent):
                self.note(node, event.start_mark, "a key must be a word", "remove the brackets")
            elif key.raw == "<<" and not event.style:
                hint = "write the entries out"
                self.note(node, event.start_mark, "<< is not used in a course", hint)
            elif key.raw in node.parts:
                message = f"'{short(key.raw)}' is given twice"
                hint = f"the first is on line {node.parts[key.raw].line}; keep one"
                self.note(value, event.start_mark, message, hint)
            else:
                node.parts[key.raw] = Part(key.line, key.column, value)
        node.data = {key: part.node.data for key, part in node.parts.items()}

    def scalar(self, node: Node, event: Any) -> None:
        self.last = event
        raw = node.data = node.raw = event.value
        if event.style == '"' and (match := _FORBIDDEN.search(raw)):  # written as \\0, say
            message = f"holds a character that cannot be shown (U+{ord(match[0]):04X})"
            self.note(node, event.start_mark, message, "remove it")
        if event.style:  # in quotes
            return
        self.hash(node, event.end_mark)
        if event.tag or len(raw) > 40:  # nothing longer is a number or a date
            return
        kind = _kind(raw)
        if kind in ("int", "float") and (_BASE_60.fullmatch(raw) or _OCTAL.fullmatch(raw)):
            number = getattr(_convert, f"construct_yaml_{kind}")(yaml.ScalarNode("", raw))
            message = f"YAML reads {raw} as the number {number}"
            hint = f"write '{raw}' in quotes for the text, or the plain number"
            self.note(node, event.start_mark, message, hint)
        elif kind in _CONVERTED:
            with contextlib.suppress(ValueError, OverflowError):  # 2026-13-45 looks like a date
                node.data = getattr(_convert, f"construct_yaml_{kind}")(yaml.ScalarNode("", raw))

    def hash(self, node: Node, end: yaml.Mark) -> None:
        """Note a word such as #this, which silently ends a text as if a comment began."""
        line = self.lines[end.line] if end.line < len(self.lines) else ""
        if "#" in line and (match := _HASH.match(line, end.column)):
            message = f"the text ends before '{short(match[1])}', which YAML takes for a comment"
            hint = f"{_QUOTE}, or leave a space after the # of a comment"
            self.note(node, _Spot(end.line, match.start(1)), message, hint)

    def explain(self, error: yaml.MarkedYAMLError) -> Problem:
        """Return the parser's complaint in a trainer's words."""
        reason = error.problem or error.context or ""
        mark: Any = error.problem_mark or error.context_mark
        start: Any = error.context_mark or mark
        line = self.lines[mark.line] if mark.line < len(self.lines) else ""
        before, sign = line[: mark.column].rstrip(), line[mark.column : mark.column + 1]
        if "tab character" in reason or ("cannot start any token" in reason and sign == "\t"):
            return self.problem(mark, "a tab is used to indent", "indent with spaces only")
        if "cannot start any token" in reason or "node content" in reason:
            if not sign:
                hint = "close the brackets above, and write the text"
                return self.problem(mark, "a text or a closing bracket is missing", hint)
            message = f"a text starts with '{sign}', which means something else to YAML"
            return self.problem(mark, message, _QUOTE)
        for name, first in _STARTS.items():
            if name in (error.context or "") or name in reason:
                message = f"a text starts with {first}, which means something else to YAML"
                return self.problem(start, message, _QUOTE)
        if "mapping values are not allowed" in reason and re.search(r":\s", before):
            message = "a colon followed by a space stands inside a text"
            return self.problem(mark, message, _QUOTE)
        if "mapping values are not allowed" in reason:
            hint = "indent it like its neighbours; if it is part of a text, put the text in quotes"
            return self.problem(mark, "this key does not line up with the keys above it", hint)
        if "could not find expected ':'" in reason:
            hint = "write 'key: value', or indent it under the key it belongs to"
            return self.problem(
                start, "this line is neither a key nor part of the text above", hint
            )
        if "unexpected end of stream" in reason or "document indicator" in reason:
            return self.problem(start, "a quote is opened here and not closed", "close it")
        if "',' or" in reason:
            hint = f"close it; if it is part of a text, {_QUOTE}"
            return self.problem(start, "a bracket is opened here and not closed", hint)
        if "escape" in reason or "hexdecimal" in reason:
            message = "a backslash in double quotes means something else to YAML"
            return self.problem(mark, message, "use single quotes, or write it twice")
        if before.endswith(("'", '"')):
            return self._after_quote(mark)
        if before.endswith(("]", "}")):
            message = "a text goes on after a bracket, which YAML reads as the end of a list"
            return self.problem(mark, message, _QUOTE)
        hint = "compare its indentation with the lines above"
        return self.problem(mark, "this line does not fit the structure above it", hint)

    def _after_quote(self, mark: Any) -> Problem:
        opened = self.last.start_mark
        if opened.line < mark.line:  # it swallowed the lines up to the next quote
            hint = "close it; write a quote inside a text in single quotes twice ('')"
            return self.problem(opened, "a quote is opened here and not closed on its line", hint)
        hint = "put the whole text in the other kind of quotes"
        return self.problem(mark, "a text goes on after its closing quote", hint)


_STARTS = {
    "scanning an alias": "'*'",
    "scanning an anchor": "'&'",
    "scanning a tag": "'!'",
    "parsing a tag": "'!'",
    "scanning a block scalar": "'>' or '|'",
    "block sequence entries are not allowed": "'-' and a space",
    "mapping keys are not allowed": "'?' and a space",
}


def _kind(raw: str) -> str:
    """Return what YAML takes a plain word for: "str", "int", "bool" ..."""
    for tag, pattern in yaml.SafeLoader.yaml_implicit_resolvers.get(raw[:1], ()):
        if pattern.match(raw):
            return str(tag).rpartition(":")[2]
    return "str"


def describe(value: Any) -> str:
    """Return what kind of thing YAML made of a value, in a trainer's words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int():
            return "a number"
        case float():
            return "a number with decimals"
        case datetime.datetime():
            return "a date and time"
        case datetime.date():
            return "a date"
        case list():
            return "a list"
        case dict():
            return "lines of 'key: value'"
    return "text"
