"""The sections of a page for the search: what Material's own parser finds, in a third of its time.

Material reads each page with Python's HTML parser, made for any HTML there is. A page comes from a
serialiser, so a pattern takes its tags apart. Where one is written otherwise, Material's parser is asked.
"""

import functools
import json
import re
from collections.abc import Iterable
from html import unescape
from typing import Any

from material.plugins.search import plugin as material

INDEX = "search/search_index.json"
"""Where Material puts the index, in a site."""

_THEIRS = material.Parser

_PIECE = re.compile(
    r"([^<]+)"
    r"|<([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z_:][\w:.-]*(?:=\"[^\"<>]*\")?)*)\s*(/?)>"
    r"|</([a-zA-Z][a-zA-Z0-9-]*)>"
    r"|<!--(?:[^-<>]|-(?!-))*-->"
)
_ATTRIBUTE = re.compile(r"([a-zA-Z_:][\w:.-]*)(?:=\"([^\"]*)\")?")
_OTHERWISE = re.compile(r"<(?:script|style|textarea|title|xmp|iframe|no\w+|plaintext)\b", re.I)
"""Elements in which HTML parsers take tags for text; which ones depends on Python's version."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


class Parser:
    """Replaces Material's parser of that name."""

    def __init__(self) -> None:
        self.data: list[Any] = []

    def feed(self, html: str) -> None:
        try:
            self.data = sections(html)
        except (_OtherHtml, ValueError):
            parser = _THEIRS()
            parser.feed(html)
            parser.close()
            self.data = parser.data

    def close(self) -> None:
        """Nothing is left to do."""


class _OtherHtml(Exception):
    """Something that is not written as the serialiser writes it."""


def sections(html: str) -> list[Any]:
    """Return the sections of a page, as Material's parser does: elements count by their tags alone."""
    if _OTHERWISE.search(html):
        raise _OtherHtml
    reader = _Reader()
    end = 0
    for piece in _PIECE.finditer(html):
        if piece.start() != end:
            raise _OtherHtml
        end = piece.end()
        text, tag, attributes, is_closed, closing = piece.groups()
        if text is not None:
            reader.text(unescape(text) if "&" in text else text)
        elif closing is not None:
            reader.end(closing.lower())
        elif tag is not None:  # no comment
            reader.start(tag.lower(), attributes)
            if is_closed:
                reader.end(tag.lower())
    if end != len(html):
        raise _OtherHtml
    return reader.sections


class _Reader:
    def __init__(self) -> None:
        self.sections: list[Any] = []
        self.section: Any = None
        self.context: list[str] = []
        self.permalinks = 0
        self.is_permalink: list[bool] = []
        self.skipped = {"object", "script", "style"}

    def start(self, tag: str, given: str) -> None:
        if tag in material.void:
            return
        attributes = {name.lower(): value for name, value in _ATTRIBUTE.findall(given)}
        self.context.append(tag)
        is_permalink = tag == "a" and attributes.get("class") == "headerlink"
        self.is_permalink.append(is_permalink)
        self.permalinks += is_permalink
        if tag in _HEADINGS and "id" in attributes:
            self._head(tag, attributes)
        if self.section is None:
            self._begin(material.Section(material.Element("hx")))
        if "data-search-exclude" in attributes or attributes.get("class") == "linenodiv":
            self.skipped.add(tag)
        elif tag in _KEPT and self.skipped.isdisjoint(self.context):
            self._current().append(f"<{tag}>")

    def _head(self, tag: str, attributes: dict[str, str]) -> None:
        depth = len(self.context)
        if tag != "h1" and not self.sections:
            self._begin(material.Section(material.Element("hx"), depth))
        section = material.Section(material.Element(tag, attributes), depth)
        if self.sections:
            section.id = unescape(attributes["id"])
        self._begin(section)

    def _begin(self, section: Any) -> None:
        self.section = section
        self.sections.append(section)

    def _current(self) -> list[str]:
        section = self.section
        found: list[str] = section.title if section.el.tag in self.context else section.text
        return found

    def end(self, tag: str) -> None:
        context = self.context
        if not context or context[-1] != tag:
            return
        if self.section.depth > len(context):
            for section in reversed(self.sections):
                if section.depth <= len(context):
                    self.section.depth = float("inf")
                    self.section = section
                    break
        context.pop()
        self.permalinks -= self.is_permalink.pop()
        if tag in self.skipped:
            if tag not in ("script", "style", "object"):
                self.skipped.remove(tag)
        elif tag in _KEPT and self.skipped.isdisjoint(context):
            _close(self._current(), tag)

    def text(self, text: str) -> None:
        if not self.skipped.isdisjoint(self.context):
            return
        if "pre" not in self.context:
            text = " " if text.isspace() else text.replace("\n", " ")
        if self.section is None:
            self._begin(material.Section(material.Element("hx")))
        section = self.section
        if section.el.tag in self.context:
            if not self.permalinks:
                section.title.append(_escaped(text))
        elif text.isspace():
            if not section.text or not section.text[-1].isspace() or "pre" in self.context:
                section.text.append(text)
        else:
            section.text.append(_escaped(text))


_KEPT = frozenset({"p", "code", "pre", "li", "ol", "ul", "sub", "sup"})


def _close(data: list[str], tag: str) -> None:
    """Close an element that the index keeps, or remove it if it is empty."""
    first = data.index(f"<{tag}>")
    if all(piece.isspace() for piece in data[first + 1 :]):
        del data[first:]
    else:
        data.append(f"</{tag}>")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def stand_in() -> None:
    """Let Material's search read pages with our parser."""
    material.Parser = Parser


def as_json(entries: list[dict[str, Any]]) -> str:
    """Return *entries* as the index has them, without the brackets around them."""
    return json.dumps(entries, separators=(",", ":"), default=str)[1:-1]


def put(index: Any, entries: Iterable[str]) -> None:
    """Let *index*, Material's, consist of *entries* that are JSON already; it is made once."""
    pieces = list(entries)

    @functools.cache
    def whole() -> str:
        index.entries = []
        empty: str = type(index).generate_search_index(index, None)
        if not pieces:
            return empty
        pieces[0] = empty.removesuffix("]}") + pieces[0]
        pieces[-1] += "]}"
        joined = ",".join(pieces)
        pieces.clear()  # together they are as long as the course
        return joined

    index.generate_search_index = lambda _: whole()
