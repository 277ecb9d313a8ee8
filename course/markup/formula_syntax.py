r"""Formulas in Markdown: \(...\) in a line, \[...\] from the start of a line to the end of one.

With dollars, $...$ and $$...$$ as well; that is asked for, since prices are no formulas.
"""

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import STX, AtomicString
from markupsafe import Markup, escape

from course.content.problems import short
from course.markup import faults, formulas
from course.markup.formulas import FormulaError

TAG = "course-formula"
"""The placeholder of a formula until everything else of the page is HTML."""

_OPENING = r"""(?:[(\[{“‘«„"']|&(?:ldquo|lsquo|laquo|quot);)*"""
_CLOSING = (
    r"""(?:[.,;:!?…)\]}”’»"'%°/-]|&(?:rdquo|rsquo|raquo|hellip|quot);)*[A-Za-z0-9À-ɏ]{0,20}"""
)
_PLACE = re.compile(
    rf"(?P<before>{_OPENING})(?P<start><(?P<tag>\w+)[^<>]*>)?"
    rf'<{TAG} data-number="(?P<number>\d+)">[^<]*</{TAG}>'
    rf"(?P<end>(?(start)</(?P=tag)>))(?P<after>{_CLOSING})"
)
"""A formula's place, which may be all that an element such as <strong> holds, with the signs beside it."""

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

_AFTER_FORMULAS = 188
_END = "\n\n"
"""What ends a paragraph."""

_LEFT_OVER = {
    "course-formula-line-open": (
        rf"(?<!\\)\\\([^\n{STX}]*",
        "the formula '{}' is not closed",
        r"close it with '\)', or write '(' if no formula is meant",
    ),
    "course-formula-block-inside": (
        rf"(?<!\\)\\\[(?=(?:(?!\\\]).)*?(?:\\[a-zA-Z]|\^)){_INSIDE}\\\]",
        "the formula '{}' has other words on its lines",
        r"put it on lines of its own, or write it between '\(' and '\)'",
    ),
    # A bracket that a ] closes on the same line is no formula: \[sic] keeps Markdown from making a link.
    "course-formula-block-open": (
        rf"(?m:^)[ ]{{0,3}}\\\[[^\n\]{STX}]*(?m:$)(?:\n[^\n{STX}]*)?",
        "the formula '{}' is not closed",
        r"close it with '\]' at the end of a line, with no blank line before; "
        "or write '&#91;' if no formula is meant",
    ),
}
"""What is meant as a formula and is none, which Markdown would show as words: pattern, message and hint."""


_DRAWN = re.compile(r'<math [^<>]*?alttext="([^"]*)"[^<>]*>.*?</math>', re.DOTALL)


def as_lines(html: str) -> Markup:
    """Return HTML with each drawn formula as one line of text."""
    return Markup(_DRAWN.sub(r"\1", html))  # noqa: S704 - no more than it was


def drawn_in(text: str) -> Markup:
    """Return plain words as HTML, with the formulas in them drawn."""
    pieces: list[str] = re.split(_PATTERNS["course-formula-line"][0], text)
    found = [Formula(tex, display=False) for tex in pieces[1::2]]
    pieces[::2] = [str(escape(words)) for words in pieces[::2]]
    pieces[1::2] = [
        f'<{TAG} data-number="{number}"></{TAG}>' for number in range(len(pieces[1::2]))
    ]
    return Markup(_placed("".join(pieces), found))  # noqa: S704 - escaped, or made by us


@dataclass(frozen=True)
class Formula:
    """A formula that was found in a text: its LaTeX, and whether on a line of its own."""

    tex: str
    display: bool

    @property
    def drawn(self) -> str:
        try:
            return formulas.mathml(self.tex, display=self.display)
        except FormulaError as error:
            return faults.marked(self.tex, error.message, error.hint)


@dataclass(frozen=True)
class LeftOver:
    """Text that was meant as a formula but is none, with the message about it."""

    tex: str
    message: str
    hint: str

    @property
    def drawn(self) -> str:
        return faults.marked(self.tex, self.message.format(short(self.tex)), self.hint)


def _placed(html: str, found: Sequence[Formula | LeftOver]) -> str:
    """Return *html* with each formula of *found* in its place."""

    def put(place: re.Match[str]) -> str:
        number = int(place["number"])
        drawn = found[number].drawn if number < len(found) else ""
        before, after = place["before"], place["after"]
        whole = f"{before}{place['start'] or ''}{drawn}{place['end']}{after}"
        # Browsers break a line beside MathML whatever follows it, a word joiner or a full stop.
        is_joined = drawn.startswith("<math") and (before or after)
        return f'<span class="math-joined">{whole}</span>' if is_joined else whole

    return _PLACE.sub(put, html)


class FormulaSyntax(Extension):
    """Gathers the formulas of a text in `found`, with what is meant as one and is not."""

    def __init__(self, **settings: Any) -> None:
        self.config = {"dollars": [False, "Whether $...$ is a formula, too."]}
        super().__init__(**settings)
        self.reset()

    def reset(self) -> None:
        self.found: list[Formula | LeftOver] = []
        self.is_named = False
        """Whether headings and titles are taken, which would make nonsense of MathML."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name that Markdown calls
        md.registerExtension(self)
        patterns = {**_PATTERNS, **(_DOLLARS if self.getConfig("dollars") else {})}
        for name, (pattern, display) in patterns.items():
            made = functools.partial(Formula, display=display)
            md.inlinePatterns.register(_Found(pattern, md, self, made), name, _AFTER_CODE)
        for name, (pattern, message, hint) in _LEFT_OVER.items():
            meant = functools.partial(LeftOver, message=message, hint=hint)
            md.inlinePatterns.register(_Found(pattern, md, self, meant), name, _AFTER_FORMULAS)
        md.treeprocessors.register(_Labels(md, self), "course-formula-labels", 6)
        md.treeprocessors.register(_Lines(md, self), "course-formula-lines", 4)
        md.treeprocessors.register(_Named(md, self), "course-formula-named", -10)

    def drawn(self, html: str) -> str:
        """Return *html* with each formula in its place."""
        if not self.found or not self.is_named:
            return html
        return _placed(html, self.found)


class Drawn(Postprocessor):
    """Puts the formulas into a whole page, where nothing is cleaned afterwards."""

    def __init__(self, md: Markdown, syntax: FormulaSyntax) -> None:
        super().__init__(md)
        self.syntax = syntax

    def run(self, text: str) -> str:
        return self.syntax.drawn(text)


class _Found(InlineProcessor):
    """Puts our tag where its pattern is found, and what is *made* of the words there into `found`."""

    def __init__(
        self,
        pattern: str,
        md: Markdown,
        syntax: FormulaSyntax,
        made: Callable[[str], Formula | LeftOver],
    ) -> None:
        super().__init__(pattern, md)
        self.syntax = syntax
        self.made = made

    def handleMatch(  # type: ignore[override]  # noqa: N802 - the name that Markdown calls
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        tex = self.unescape(m[m.lastindex or 0])
        if not m.lastindex and m.end() == len(data):
            tex += (
                _END  # so that it is found in the file and not an earlier formula that begins alike
            )
        element = Element(TAG, {"data-number": str(len(self.syntax.found))})
        element.text = AtomicString(tex)
        self.syntax.found.append(self.made(tex))
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
    """Renders formulas in the table of contents as text, after the anchors were made from the LaTeX."""

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
