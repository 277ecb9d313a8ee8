"""Links each term of the glossary where a lesson first uses it, with its definition as the title."""

import posixpath
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from course import markup
from course.content.glossary import Glossary, Term
from course.content.reading import GLOSSARY
from course.publish.builders import course_of, page_path

PRIORITY = 3
"""After the table of contents has taken the headings (5), before builders turn links into addresses (0)."""

_LEFT_ALONE = frozenset(
    {
        "a", "abbr", "button", "caption", "code", "course-formula", "details", "figure", "form", "h1",
        "h2", "h3", "h4", "h5", "h6", "kbd", "label", "pre", "samp", "script", "style", "svg",
        "textarea", "thead",
    }
)  # fmt: skip
"""Where no term is linked. Questions, plan pages and diagrams are ready HTML, which is not in the tree."""


class Terms(Treeprocessor):
    def __init__(self, md: Markdown, settings: Mapping[str, Any]) -> None:
        super().__init__(md)
        self.settings = settings

    def run(self, root: Element) -> None:
        if not self.settings["course"] and not Path(self.settings["root"], GLOSSARY).is_file():
            return  # nobody has read the course, and nobody needs to
        course, path = course_of(self.settings), page_path(self.md)
        lesson = course.by_path.get(path)
        if lesson is not None and course.glossary is not None and course.glossary.page:
            _Linker(course.glossary, lesson.id, path).walk(root)


class _Linker:
    """Walks through one page in the order in which it is read."""

    def __init__(self, glossary: Glossary, lesson: str, path: str) -> None:
        self.glossary = glossary
        self.lesson = lesson
        self.page = posixpath.relpath(glossary.page, posixpath.dirname(path) or ".")
        self.linked: set[str] = set()

    def walk(self, element: Element) -> None:
        if element.tag in _LEFT_ALONE or "admonition-title" in element.get("class", ""):
            return
        children = list(element)
        before, links = self._split(element.text)
        element.text = before
        element[:0] = links
        for child in children:
            self.walk(child)
            before, links = self._split(child.tail)
            child.tail = before
            after = list(element).index(child) + 1
            element[after:after] = links

    def _split(self, text: str | None) -> tuple[str | None, list[Element]]:
        """Return what comes before the first new term in *text*, and links with what follows each."""
        if not text:
            return text, []
        pieces: list[Element] = []
        before, end = text, 0
        for term, begins, ends in self.glossary.found(text, self.lesson):
            if term.anchor in self.linked:
                continue
            self.linked.add(term.anchor)
            if pieces:
                pieces[-1].tail = text[end:begins]
            else:
                before = text[:begins]
            pieces.append(self._link(term, text[begins:ends]))
            end = ends
        if pieces:
            pieces[-1].tail = text[end:]
        return before, pieces

    def _link(self, term: Term, words: str) -> Element:
        definition = markup.plain(term.definition)
        link = Element(
            "a", {"class": "term", "href": f"{self.page}#{term.anchor}", "title": definition}
        )
        link.text = AtomicString(words)
        return link
