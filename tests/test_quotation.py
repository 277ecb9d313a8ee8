"""Quotation marks: 'straight' in messages of commands and in problems, “curly” on pages for learners."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

COURSE = Path(__file__).parents[1] / "course"

MARKDOWN = ("settings.py", "export.py")
"""Modules whose texts are rows of tables in Markdown."""


def texts(path: Path) -> Iterator[str]:
    """Yield the strings of a module that are no docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    documentation = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if id(node) in documentation or not isinstance(node, ast.Constant):
            continue
        if isinstance(node.value, str):
            yield node.value


def test_messages_name_commands_in_straight_quotation_marks() -> None:
    found = [
        f"{path}: {text}"
        for path in COURSE.rglob("*.py")
        if path.name not in MARKDOWN
        for text in texts(path)
        if re.search(r"[`“‘]course [a-z]", text)
    ]

    assert found == []


def test_pages_have_curly_apostrophes() -> None:
    modules = [
        path for path in COURSE.glob("web/**/*.py") if path.parent.name not in ("api", "mail")
    ]
    pages = [text for path in modules for text in texts(path)]
    pages += [path.read_text("utf-8") for path in COURSE.glob("web/**/*.html")]

    assert [page for page in pages if re.search(r"[a-z]'(s|t|re|ve|ll|d)\b", page)] == []
