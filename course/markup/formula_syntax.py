r"""Formulas in Markdown: \(...\) in a line, \[...\] from the start of a line to the end of one.

With dollars, $...$ and $$...$$ as well; that is asked for, since prices are no formulas.
"""

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from markupsafe import Markup, escape

from course.markup import faults, formulas
from course.markup.formulas import FormulaError

TAG = "course-formula"
"""Stands for a formula until everything else of the page is HTML."""

PATTERN = re.compile(rf'<{TAG} data-number="(\d+)">.*?</{TAG}>', re.DOTALL)

_INSIDE = r"((?:\\(?![\])])|[^\\])+?)"
_PATTERNS = {
    "course-formula-line": (rf"(?<!\\)\\\({_INSIDE}\\\)", False),
    "course-formula-block": (rf"(?m:^)[ ]{{0,3}}\\\[{_INSIDE}\\\][ ]*(?m:$)", True),
}
_DOLLARS = {
    "course-formula-dollars": (r"(?<![\\$])\$\$((?:\\.|[^\\$])+?)\$\$", True),
    "course-formula-dollar": (
        r"(?<![\\$\w])\$(?!\s)((?:\\.|[^\\$])+?)(?<![\s\\])\$(?![\w$])",
        False,
    ),
}
_AFTER_CODE = 189
"""Behind code (190), before escapes (180), which would take the brackets."""


_DRAWN = re.compile(r'<math [^<>]*?alttext="([^"]*)"[^<>]*>.*?</math>', re.DOTALL)


def as_lines(html: str) -> Markup:
    """Return HTML with each drawn formula as one line of text."""
    return Markup(_DRAWN.sub(r"\1", html))  # noqa: S704 - no more than it was


def drawn_in(text: str) -> Markup:
    """Return plain words as HTML, with the formulas in them drawn."""
    pieces: list[str] = re.split(_PATTERNS["course-formula-line"][0], text)
    pieces[::2] = [str(escape(words)) for words in pieces[::2]]
    pieces[1::2] = [_drawn(tex, display=False) for tex in pieces[1::2]]
    return Markup("".join(pieces))  # noqa: S704 - escaped, or made by us


def _drawn(tex: str, *, display: bool) -> str:
    try:
        return formulas.mathml(tex, display=display)
    except FormulaError as error:
        return faults.marked(tex, error.message, error.hint)


class FormulaSyntax(Extension):
    """Gathers the formulas of a text in `found`, as LaTeX and whether on a line of their own."""

    def __init__(self, **settings: Any) -> None:
        self.config = {"dollars": [False, "Whether $...$ is a formula, too."]}
        super().__init__(**settings)
        self.reset()

    def reset(self) -> None:
        self.found: list[tuple[str, bool]] = []
        self.is_named = False
        """Whether headings and titles are taken, which would make nonsense of MathML."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name that Markdown calls
        md.registerExtension(self)
        patterns = {**_PATTERNS, **(_DOLLARS if self.getConfig("dollars") else {})}
        for name, (pattern, display) in patterns.items():
            md.inlinePatterns.register(_Formula(pattern, md, self, display), name, _AFTER_CODE)
        md.treeprocessors.register(_Labels(md, self), "course-formula-labels", 6)
        md.treeprocessors.register(_Lines(md, self), "course-formula-lines", 4)
        md.treeprocessors.register(_Named(md, self), "course-formula-named", -10)

    def drawn(self, html: str) -> str:
        """Return *html* with each formula in its place."""
        if not self.found or not self.is_named:
            return html
        return PATTERN.sub(lambda match: self._drawn(match), html)

    def _drawn(self, match: re.Match[str]) -> str:
        if int(match[1]) >= len(self.found):
            return ""
        tex, display = self.found[int(match[1])]
        return _drawn(tex, display=display)


class Drawn(Postprocessor):
    """Puts the formulas into a whole page, where nothing is cleaned afterwards."""

    def __init__(self, md: Markdown, syntax: FormulaSyntax) -> None:
        super().__init__(md)
        self.syntax = syntax

    def run(self, text: str) -> str:
        return self.syntax.drawn(text)


class _Formula(InlineProcessor):
    def __init__(self, pattern: str, md: Markdown, syntax: FormulaSyntax, display: bool) -> None:
        super().__init__(pattern, md)
        self.syntax = syntax
        self.display = display

    def handleMatch(  # type: ignore[override]  # noqa: N802 - the name that Markdown calls
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        tex = self.unescape(m[1])
        element = Element(TAG, {"data-number": str(len(self.syntax.found))})
        element.text = AtomicString(tex)
        self.syntax.found.append((tex, self.display))
        return element, m.start(0), m.end(0)


class _Labels(Treeprocessor):
    """Gives headings with formulas a name for the table of contents, which knows no MathML."""

    def __init__(self, md: Markdown, syntax: FormulaSyntax) -> None:
        super().__init__(md)
        self.syntax = syntax

    def run(self, root: Element) -> None:
        if not self.syntax.found:
            return
        for element in root.iter():
            if re.fullmatch("h[1-6]", element.tag) and element.find(f".//{TAG}") is not None:
                words = [
                    formulas.line(text) if isinstance(text, AtomicString) else text
                    for text in element.itertext()
                ]
                element.attrib.setdefault("data-toc-label", "".join(words))


class _Lines(Treeprocessor):
    """Says each formula as a line of text, behind the table of contents: anchors are made of the LaTeX."""

    def __init__(self, md: Markdown, syntax: FormulaSyntax) -> None:
        super().__init__(md)
        self.syntax = syntax

    def run(self, root: Element) -> None:
        for element in root.iter(TAG) if self.syntax.found else ():
            element.text = AtomicString(formulas.line(element.text or ""))


class _Named(Treeprocessor):
    """Runs last of all."""

    def __init__(self, md: Markdown, syntax: FormulaSyntax) -> None:
        super().__init__(md)
        self.syntax = syntax

    def run(self, root: Element) -> None:
        self.syntax.is_named = True
