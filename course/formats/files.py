"""Which format a file has, and reading and writing it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from course.content import diagrams
from course.content.problems import short
from course.content.questions.base import Question
from course.content.questions.numeric import Numeric
from course.formats import gift, kinds, moodle, moodle_writing, qti, qti_package, table, xml
from course.formats.items import ExportedQuestion, Item, Written, unusable

FORMATS = ("gift", "moodle", "qti", "csv")
ENDINGS = {
    "gift": gift.ENDING,
    "moodle": moodle.ENDING,
    "qti": qti_package.ENDING,
    "csv": table.ENDING,
}

MAX_BYTES = 100_000_000


def load(path: Path) -> bytes:
    """Return what a file holds; raises CourseError where it cannot be had."""
    name = path.name
    try:
        if path.is_dir():
            raise unusable(name, "is a folder, not a file", "name the file inside it")
        if path.stat().st_size > MAX_BYTES:
            raise unusable(
                name, f"is larger than {MAX_BYTES // 1_000_000} MB", "export less at once"
            )
        content = path.read_bytes()
    except OSError as error:
        raise unusable(name, f"cannot be read: {error.strerror}", "check its name") from None
    if not content.strip():
        raise unusable(name, "is empty", "export it again")
    return content


def read(
    content: bytes, name: str, kind: str | None = None, encoding: str | None = None
) -> list[Item]:
    """Return the questions in a file; *kind* overrides what the file itself looks like.

    Raises CourseError when it is of no known format, or damaged.
    """
    if content.startswith(b"PK"):
        if kind not in (None, "qti"):
            raise unusable(name, f"is a zip file, which {kind} is not", "leave out --format")
        return qti.read_package(content, name)
    if other := kinds.detect_bytes(content):
        raise _unknown(name, other)
    if kind in ("moodle", "qti") or (kind is None and _is_xml(content)):
        return _read_xml(xml.parse(content, name), name, kind)
    text = decoded(content, name, encoding)
    if kind is None and (other := kinds.detect_text(text)):
        raise _unknown(name, other)
    if kind == "csv" or (kind is None and table.recognises(text)):
        return table.read(text, name)
    if kind == "gift" or gift.recognises(text):
        return gift.read(text.replace("\r\n", "\n").replace("\r", "\n"), name)
    raise unusable(
        name,
        "is no file of questions that is known here",
        f"known are {', '.join(FORMATS)}; if it is one of them, say which with --format",
    )


def _unknown(name: str, other: str) -> Exception:
    hint = f"questions are read from {', '.join(FORMATS)}; export them as one of these"
    return unusable(name, f"is {other}, which is not read here", hint)


_XML = re.compile(rb"<(\?xml|!|quiz|quest|assess|manifest|qti-)")


def _is_xml(content: bytes) -> bool:
    start = content[:400].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return _XML.match(start) is not None


def _read_xml(root: xml.Element, name: str, kind: str | None) -> list[Item]:
    if moodle.recognises(root) and kind != "qti":
        return moodle.read(root, name)
    if qti.recognises(root) and kind != "moodle":
        return qti.read(root, name)
    if root.tag == "manifest":
        raise unusable(name, "is the manifest of a package", "name the zip file it came in")
    message = f"is XML that begins with <{short(root.tag)}>"
    raise unusable(name, f"{message}: neither Moodle XML nor QTI", "Moodle XML begins with <quiz>")


_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def decoded(content: bytes, name: str, encoding: str | None = None) -> str:
    """Return the text of a file, whose encoding is UTF-8 unless it is marked or given otherwise."""
    marked = next((known for mark, known in _MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding or marked)
    except LookupError:
        hint = "common are utf-8, utf-16 and cp1252"
        raise unusable(name, f"there is no encoding '{short(encoding)}'", hint) from None
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - before.rfind(b"\n")
        message = f"is not {(encoding or marked).upper()} text (byte 0x{content[error.start]:02x})"
        hint = (
            "save it as UTF-8, or name its encoding: --encoding cp1252 for older Windows programs"
        )
        raise unusable(name, message, hint, line=line, column=column) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        hint = "save it as UTF-8, or name its encoding, such as --encoding utf-16-le"
        raise unusable(name, "holds zero bytes, as no text in UTF-8 does", hint, line=line)
    return text.removeprefix("\ufeff")


def write(kind: str, asked: Sequence[ExportedQuestion], root: Path) -> Written:
    """Return the questions in a format; pictures are read from *root*, the folder of the lessons."""
    with_numbers = [replace(entry, question=_with_numbers(entry.question)) for entry in asked]
    content, outcomes = _write(kind, with_numbers, root)
    for entry, outcome in zip(asked, outcomes, strict=True):
        if (
            isinstance(entry.question, Numeric)
            and entry.question.parameters
            and not outcome.refused
        ):
            outcome.report_loss("the parameters: everybody meets the same numbers")
        if kind != "csv" and not outcome.refused and diagrams.has_diagram(entry.question.dump()):
            outcome.report_loss("diagrams: their source is shown in place of the pictures")
    return Written(content, outcomes)


def _with_numbers(question: Question) -> Question:
    """Return a question whose numbers differ from learner to learner with those of the preview."""
    return question.as_shown(None) if isinstance(question, Numeric) else question


def _write(kind: str, asked: Sequence[ExportedQuestion], root: Path) -> Written:
    match kind:
        case "gift":
            return gift.write(asked)
        case "moodle":
            return moodle_writing.write(asked, root)
        case "qti":
            return qti_package.write(asked, root)
        case "csv":
            return table.write(asked)
    raise ValueError(kind)
