"""Naming files that hold questions in no format that is read, or hold none at all."""

import json
import re

from course.formats.archive import Archive

_STARTS = {
    b"%PDF": "a PDF file",
    b"{\\rtf": "an RTF document",
    b"\xd0\xcf\x11\xe0": "a document of an older Office program",
    b"\x1f\x8b": "a gzip archive, as Moodle's course backups are",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"SQLite format 3": "a database",
}
_TEXTS = {
    r"\s*\\(documentclass|begin|section|usepackage)\b": "LaTeX",
    r"(?s).*^ANSWER:[ \t]*[A-Z][ \t]*$": "an Aiken file",
    r"(?s).*^(questions|rules):": "YAML, such as a quiz of a course: copy it into 'quizzes/' instead",
    r"\s*(#!|import |from \w+ import |function\b|const |class \w)": "program code",
}
_IN_ZIP = {
    "h5p.json": "an H5P file",
    "word/document.xml": "a Word document",
    "xl/workbook.xml": "an Excel workbook",
    "ppt/presentation.xml": "a PowerPoint file",
    "mimetype": "an OpenDocument or EPUB file",
    "moodle_backup.xml": "a Moodle backup",
}


def detect_bytes(content: bytes) -> str:
    """Return what a file is by its first bytes; "" if unknown."""
    if re.match(rb"\s*<(!doctype\s+html|html)\b", content.removeprefix(b"\xef\xbb\xbf"), re.I):
        return "a web page"
    return next((kind for start, kind in _STARTS.items() if content.startswith(start)), "")


def detect_text(text: str) -> str:
    """Return what a text is if it is clearly not a file of questions; "" otherwise."""
    if _is_json(text):
        return "JSON"
    found = (kind for sign, kind in _TEXTS.items() if re.match(sign, text, re.I | re.M))
    return next(found, "")


def _is_json(text: str) -> bool:
    """Return whether a text is JSON, or begins with a line that is, as in JSON Lines."""
    if text.lstrip()[:1] not in ("{", "["):
        return False
    for part in (text, text.strip().split("\n", 1)[0]):
        try:
            json.loads(part)
        except (ValueError, RecursionError):
            continue
        return True
    return re.match(r'\s*[\[{]+\s*"[^"\n]*"\s*[:,]', text) is not None


def detect_archive(archive: Archive) -> str:
    """Return what a zip file is by the names in it; "" if unknown."""
    return next((kind for name, kind in _IN_ZIP.items() if name in archive.names), "")
