"""Lists a new page in the navigation of mkdocs.yml, and changes nothing else in the file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.content import source
from course.content.navigation import folder_title
from course.content.reading import SITE

_DASH = re.compile(r"^( *)- ")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UNUSUAL = "its list has an unusual layout"


class NoPlace(Exception):
    """There is no safe place for the page; the message is the reason, as part of a sentence."""


def with_page(root: Path, page: str) -> bytes:
    """Return mkdocs.yml in *root* with *page* at the end of its module; raises NoPlace.

    Its module is the one that lists pages of the same folder, or else a new one at the end.
    """
    path = root / SITE
    before = path.read_bytes()
    try:
        document = source.parse_yaml(SITE, source.read_text(root, path), lenient=True)
    except source.Unreadable:
        raise NoPlace("it cannot be read") from None
    nav = document.found(("nav",))
    if nav is None or not isinstance(nav.data, list) or not nav.parts:
        raise NoPlace("it has no list of pages")
    lines = before.decode("utf-8-sig").splitlines(keepends=True)
    line, added = _place(nav, lines, page)
    close = "\r\n" if b"\r\n" in before else "\n"
    if not lines[line - 1].endswith("\n"):
        lines[line - 1] += close
    lines[line:line] = [text + close for text in added]
    after = "".join(lines)
    if not _is_added(document, after, page):
        raise NoPlace(_UNUSUAL)
    return before[: len(_BYTE_ORDER_MARK) * before.startswith(_BYTE_ORDER_MARK)] + after.encode()


def _place(nav: source.Node, lines: list[str], page: str) -> tuple[int, list[str]]:
    """Return after which line *page* belongs, and the lines to insert there."""
    beside = [
        leaf for leaf in _leaves(nav) if leaf.in_module and _folder(leaf.page) == _folder(page)
    ]
    if beside:
        line = beside[-1].line
        dash = _DASH.match(lines[line - 1])
        if dash is None or beside[-1].page not in lines[line - 1]:
            raise NoPlace(_UNUSUAL)
        return line, [f"{dash[1]}- {page}"]
    dash = _DASH.match(lines[next(iter(nav.parts.values())).line - 1])
    if dash is None:
        raise NoPlace(_UNUSUAL)
    title = folder_title(_folder(page).split("/")[0]) or "Lessons"
    return max(_lines(nav)), [f"{dash[1]}- {title}:", f"{dash[1]}    - {page}"]


@dataclass(frozen=True)
class _Leaf:
    """A page in the navigation, and the line that names it."""

    page: str
    line: int
    in_module: bool


def _leaves(node: source.Node, depth: int = 0) -> Iterator[_Leaf]:
    if isinstance(node.data, str):
        yield _Leaf(node.data, node.line, depth > 1)
    deeper = depth + isinstance(node.data, list)
    for part in node.parts.values():
        yield from _leaves(part.node, deeper)


def _lines(node: source.Node) -> Iterator[int]:
    yield node.line
    for part in node.parts.values():
        yield from _lines(part.node)


def _folder(page: str) -> str:
    return page.rpartition("/")[0]


def _is_added(before: source.Document, text: str, page: str) -> bool:
    """Whether *text* differs from *before* in nothing but *page*, listed inside a module."""
    try:
        after = source.parse_yaml(SITE, text, lenient=True)
    except source.Unreadable:
        return False
    nav = after.found(("nav",))
    is_in_module = nav is not None and any(
        leaf.in_module for leaf in _leaves(nav) if leaf.page == page
    )
    return is_in_module and before.data == {**after.data, "nav": _without(after.data["nav"], page)}


def _without(nav: Any, page: str) -> Any:
    """Return *nav* without *page*, and without the module that lists nothing else."""
    if isinstance(nav, list):
        remaining = [_without(entry, page) for entry in nav if entry != page]
        return [entry for entry in remaining if not _is_empty_module(entry)]
    if isinstance(nav, dict):
        return {key: _without(value, page) for key, value in nav.items()}
    return nav


def _is_empty_module(entry: Any) -> bool:
    return isinstance(entry, dict) and [*entry.values()] == [[]]
