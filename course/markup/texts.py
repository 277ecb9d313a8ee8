"""Short Markdown, such as a prompt or an option, as safe HTML, and what a page could not show of it."""

import functools
import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin

import markdown
import nh3
from markupsafe import Markup

from course.content.hosts import Hosts
from course.content.lesson import unclosed
from course.content.model import Passage, PlainText
from course.markup import blocked, diagrams, formula_syntax, styles
from course.markup.diagrams import QuestionDiagrams
from course.markup.faults import Fault
from course.markup.formula_syntax import FormulaSyntax

_EXTENSIONS = ("tables", "sane_lists", "smarty", "pymdownx.superfences", "pymdownx.highlight")


class _Converter(threading.local):
    """Markdown for short texts, made once for each thread: that takes longer than converting one."""

    def __init__(self) -> None:
        self.formulas = FormulaSyntax()
        self.diagrams = QuestionDiagrams()

    @functools.cached_property
    def markdown(self) -> markdown.Markdown:
        """Made when the first text needs it: most options are plain."""
        return markdown.Markdown(
            extensions=[*_EXTENSIONS, self.formulas],
            extension_configs={"pymdownx.superfences": {"custom_fences": [self.diagrams.fence]}},
        )

    def convert(self, text: str) -> str:
        """Return Markdown as HTML, including any HTML in it."""
        self.diagrams.reset()
        return styles.as_classes(self.markdown.reset().convert(text))

    def drawn(self, html: str) -> str:
        """Return the HTML of the last text with its formulas and diagrams in their places."""
        return self.diagrams.drawn(self.formulas.drawn(html))


_converter = _Converter()

_PLAIN = re.compile(r"[^\W\d_](?:[^\W_]|[ ,;:?!%()/]|\.(?!\.)|(?<=\w)-(?=\w))*(?<! )")
"""A line in which Markdown finds nothing to do, as most options are: a fifth of the time of a build."""


@functools.lru_cache(maxsize=20_000)
def prose(text: str) -> Markup:
    """Return short Markdown as safe HTML, in paragraphs."""
    if _PLAIN.fullmatch(text):
        return Markup(f"<p>{text}</p>")  # noqa: S704 - letters and a few signs
    html = _converter.convert(text)
    return Markup(_converter.drawn(_cleaned(html)))  # noqa: S704


def _cleaned(html: str) -> str:
    """Return HTML without what a short text may not hold."""
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, attribute_filter=_as_class)


_TAGS = nh3.ALLOWED_TAGS | {formula_syntax.TAG, QuestionDiagrams.TAG}
_ATTRIBUTES = {
    **nh3.ALLOWED_ATTRIBUTES,
    formula_syntax.TAG: {"data-number"},
    QuestionDiagrams.TAG: {"data-number"},
    **{
        tag: nh3.ALLOWED_ATTRIBUTES.get(tag, set()) | {"class"}
        for tag in ("div", "p", "span", "table", "td", "th")
    },
}
_OF_CODE = re.compile(
    r"highlight(?:table)?|filename|hll|linenos|linenodiv|normal|code|[a-z]{1,2}[0-9]?"
)
"""The classes that colour code; others have a meaning on a page."""


def _as_class(tag: str, name: str, value: str) -> str | None:
    if name != "class":
        return value
    known = all(one in styles.CLASSES or _OF_CODE.fullmatch(one) for one in value.split())
    return value if known else None


def phrase(text: Passage) -> Markup:
    """Return one paragraph of Markdown as safe HTML without its <p>, for use inside a line.

    PlainText comes out as it is written, with its line breaks; its direction is its own.
    """
    return plain_text(text.text) if isinstance(text, PlainText) else _phrase(text)


def plain_text(text: str) -> Markup:
    """Return what somebody typed as HTML that shows exactly that."""
    return Markup('<bdi class="plain-text">{}</bdi>').format(text)


@functools.lru_cache(maxsize=20_000)
def _phrase(text: str) -> Markup:
    html = str(prose(text)).strip()
    if html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1:
        html = html[3:-4]
    return Markup(html)  # noqa: S704 - prose cleaned it


def faults_of(text: str, hosts: Hosts) -> Iterator[Fault]:
    """Yield the parts of a short text that a page cannot show, or would remove."""
    html = _converter.convert(text)
    yield from blocked.found(_converter.drawn(html), hosts)
    for _, marks in unclosed(text.split("\n")) if "```" in text or "~~~" in text else ():
        message = f"'{marks}' begins here and is never closed"
        yield Fault(marks, message, f"write a line '{marks}' where it ends", is_warning=True)
    remaining = Counter(_OPENED.findall(_cleaned(html)))
    for tag, many in Counter(_OPENED.findall(html)).items():
        if many > remaining[tag] and tag not in blocked.REPORTED:
            message = f"a question shows no <{tag}>; it would be left out"
            yield Fault(
                f"<{tag}", message, f"write it in Markdown, or as `<{tag}>` if you mean the words"
            )


def links_in(text: str) -> list[str]:
    """Return where the links and pictures of a short text lead, as written, in the order of the text."""
    reader = _Links()
    reader.feed(prose(text))
    reader.close()
    return reader.found


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = {"a": "href", "img": "src"}.get(tag)
        self.found += [value for name, value in attrs if name == wanted and value]


_OPENED = re.compile(r"<([a-zA-Z][\w-]*)(?=[\s>/])")


def plain(text: str) -> str:
    """Return one paragraph of Markdown as text alone: formulas in one line, pictures by their words."""
    return formula_syntax.as_lines(diagrams.as_words(phrase(text))).striptags()


def with_formulas(text: str) -> Markup:
    """Return words that are no Markdown as HTML, with the formulas in them drawn."""
    return formula_syntax.drawn_in(text)


def placed(html: str, addresses: Mapping[str, str]) -> str:
    """Return *html* with *addresses* in place of those that trainers wrote, as in `Course.addresses`."""
    if not addresses:
        return html
    return _RELATIVE.sub(
        lambda found: f'{found[1]}="{addresses.get(unescape(found[2]), found[2])}"', html
    )


_RELATIVE = re.compile(r'''\b(href|src)="(?![a-z][a-z0-9+.-]*:|[/#"])([^"]*)"''', re.IGNORECASE)


def anchored(html: str, at: str) -> str:
    """Return *html* with its relative addresses resolved against the path *at*.

    The attributes have double quotes, as nh3 and the templates write them.
    """
    return _RELATIVE.sub(lambda found: f'{found[1]}="{urljoin(at, found[2])}"', html)
