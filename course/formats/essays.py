"""What helps to judge a free answer: notes for markers elsewhere, a checklist and an example here."""

import re
from typing import Any

from course.content.questions.text import FreeText

_ENTRY = re.compile(r"^[-*+][ ]+", re.MULTILINE)
_EXAMPLE = "Example:"


def checked(notes: str) -> dict[str, Any]:
    """Return notes for markers as a checklist, and what follows the list as an example."""
    data: dict[str, Any] = {}
    listed, _, example = notes.partition(f"\n\n{_EXAMPLE}\n\n")
    if not _ENTRY.search(listed):
        listed, example = "", notes
    before, *entries = _ENTRY.split(listed)
    lines = ["\n".join(line.strip() for line in entry.strip().split("\n")) for entry in entries]
    if lines and before.strip():
        lines.insert(0, before.strip())
    if lines:
        data["checklist"] = list(dict.fromkeys(line for line in lines if line))
    if example.strip():
        data["example"] = example.strip()
    return data


def grader_notes(question: FreeText) -> str:
    """Return the checklist and the example as notes for markers."""
    entries = ("\n    ".join(entry.split("\n")) for entry in question.checklist)
    # An entry of several paragraphs would swallow the next one, were there no line between them.
    gap = "\n\n" if any("\n\n" in entry for entry in question.checklist) else "\n"
    notes = gap.join(f"- {entry}" for entry in entries)
    return f"{notes}\n\n{_EXAMPLE}\n\n{question.example}" if question.example else notes
