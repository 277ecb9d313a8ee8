"""A new course, from the files in this package's folder `files`."""

import json
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from course.content import schema

FILES = resources.files(__package__) / "files"
SCHEMA = "schemas/quiz.schema.json"
"""Where a course keeps the description of quizzes for editors."""

EXAMPLE = FILES / "quizzes" / "meetings" / "planning.yml"
"""A quiz with one question of each type."""

_HARMLESS = {".git"}
"""What an empty folder may hold: a repository that was made first."""


class Refused(Exception):
    """A course or lesson cannot be created here; the message says why, and what to do."""


def new_course(folder: Path, title: str) -> list[str]:
    """Write a course into *folder*, which is empty or not there yet; return the names of its files."""
    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} is a file. Name a folder that is empty or not there yet.")
    there = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    if held := [name for name in there if name not in _HARMLESS]:
        shown = ", ".join(held[:5]) + (f" and {len(held) - 5} more" if len(held) > 5 else "")
        raise Refused(
            f"{folder} is not empty: it holds {shown}. Name a folder that is empty or not there yet."
        )
    texts = {name: text.replace("{{ title }}", _quotable(title)) for name, text in _texts(FILES)}
    texts[SCHEMA] = json.dumps(schema.quiz_schema(), indent=2, ensure_ascii=False) + "\n"
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return sorted(texts)


def _quotable(title: str) -> str:
    """Return *title* so that it can stand in double quotes and in a heading."""
    return " ".join(title.split()).replace("\\", "").replace('"', "”")


def _texts(folder: Traversable, above: str = "") -> list[tuple[str, str]]:
    """Return the names and texts of all files; "dot-" stands for the point that hides a file."""
    found = []
    for entry in folder.iterdir():
        name = above + entry.name.replace("dot-", ".", 1)
        if entry.is_dir():
            found += _texts(entry, f"{name}/")
        else:
            found.append((name, entry.read_text(encoding="utf-8")))
    return found
