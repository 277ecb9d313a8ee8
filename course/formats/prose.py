"""Texts between Markdown, HTML and plain words; pictures and formulas in them."""

import base64
import binascii
import functools
import hashlib
import html
import os
import re
import urllib.parse
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import bs4
import markdown
from markdownify import MarkdownConverter

from course.content.model import slug
from course.content.problems import short
from course.formats import literal
from course.formats.items import PICTURE, Item, Refused

EXTENSIONS = ("tables", "fenced_code", "sane_lists")

Find = Callable[[str], bytes | None]
"""Returns the file that a text's link names, or None."""

# What no lesson may hold (see content.source).
_UNSEEN = re.compile(
    "[^\t\n\r -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_MATHS = re.compile(r"\$\$.+?\$\$|\\\(.+?\\\)|\\\[.+?\\\]", re.DOTALL)
_MARKED = re.compile(r"[<&]|\$\$|\\[(\[]")
_STYLED = re.compile(r"(?:^|[;\s])(?:color|background[\w-]*|font[\w-]*)\s*:", re.IGNORECASE)
_MEDIA = ("audio", "video", "iframe", "object", "embed", "script", "form", "input", "svg", "canvas")
_TOLD = {
    "u": "underlining",
    "ins": "underlining",
    "s": "the line through struck-out words",
    "strike": "the line through struck-out words",
    "del": "the line through struck-out words",
    "mark": "marking with a colour",
    "ruby": "readings above characters",
    "form": "a form within the text",
    "button": "a button within the text",
    "select": "a menu within the text",
    "textarea": "a field within the text",
}
"""What is lost with an element, though its words stay."""
_SPANS = ("colspan", "rowspan")
_BLOCKS = re.compile(r"<(?:p|div|ul|ol|table|h[1-6]|pre|blockquote)\b", re.IGNORECASE)


def nothing(_: str) -> None:
    """Find no file: for formats that hold none."""


def from_html(text: str, item: Item, find: Find = nothing) -> str:
    """Return HTML as Markdown; *item* takes the pictures, and a note of what could not be kept."""
    return _from_html(literal.escaped_words(text, is_html=True), item, find)


def _from_html(text: str, item: Item, find: Find) -> str:
    if not _MARKED.search(text):
        return escaped(" ".join(_seen(text, item).split()))
    soup = _soup(text)
    try:
        _settle(soup, item, find)
        text = _Converter(**_STYLE).convert_soup(soup)
    except RecursionError:
        raise Refused("its text is HTML nested too deep to be read") from None
    text = re.sub(r"  \n (?=\S)", "  \n", text)
    lines = (line.rstrip() if not line.endswith("  ") else line for line in text.split("\n"))
    return _seen(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), item)


def from_auto(text: str, item: Item, find: Find = nothing) -> str:
    """Return Moodle's own format, which is HTML whose line ends count, as Markdown."""
    text = literal.escaped_words(text.strip(), is_html=False)
    if not _BLOCKS.search(text):
        text = re.sub(r"\n", "<br>\n", re.sub(r"\n\s*\n", "</p><p>", f"<p>{text}</p>"))
    return _from_html(text, item, find)


def from_plain(text: str, item: Item) -> str:
    """Return plain words as Markdown that reads the same."""
    visible = _seen(text, item)
    if _MATHS.search(visible):
        return from_html(html.escape(visible, quote=False).replace("\n", "<br>\n"), item)
    return escaped("\n".join(line.strip() for line in visible.strip().split("\n")))


def from_markdown(text: str, item: Item, find: Find = nothing) -> str:
    """Return Markdown with its pictures taken in."""

    def linked(match: re.Match[str]) -> str:
        link = _picture(match["link"], item, find)
        return f"![{match['alt']}]({link}{match['title']})" if link else match["alt"]

    return _seen(_IMAGE.sub(linked, text).strip(), item)


def _seen(text: str, item: Item) -> str:
    """Return *text* without what cannot be seen, which no lesson may hold."""
    clean = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n"))
    if _UNSEEN.search(text.replace("\u2028", "\n")):
        item.report_loss("characters that cannot be seen")
    return clean


def _settle(soup: Any, item: Item, find: Find) -> None:
    """Settle what Markdown cannot say before the rest is converted."""
    for node in soup.find_all(string=lambda text: isinstance(text, bs4.element.PreformattedString)):
        node.extract()  # comments, declarations, CDATA of an unknown kind
    for tag in soup.find_all("math"):
        source = tag.find("annotation")
        tag.replace_with(_code(soup, (source or tag).get_text(" ", strip=True)))
        item.report_loss("a formula is kept as its source, and not drawn")
    for tag in soup.find_all("style"):
        tag.decompose()
        item.report_loss("colours and fonts")
    for tag in soup.find_all(_MEDIA):
        item.report_loss(f"what <{tag.name}> shows")
        tag.decompose() if tag.name in ("script", "svg", "canvas") else tag.unwrap()
    for tag in soup.find_all("img"):
        link = _picture(str(tag.get("src", "")), item, find)
        if link is None:
            tag.replace_with(str(tag.get("alt") or ""))
        else:
            tag["src"] = link
    for tag in soup.find_all("a"):
        target = str(tag.get("href", ""))
        if not re.match(r"(https?:|mailto:|#|/)", target):
            if target:
                item.report_loss(f"the link to '{short(target)}'")
            tag.unwrap()
    if any(_STYLED.search(str(tag["style"])) for tag in soup.find_all(style=True)) or soup.find(
        "font"
    ):
        item.report_loss("colours and fonts")
    for tag in soup.find_all([*_TOLD]):
        item.report_loss(_TOLD[tag.name])
    if any(tag.get(span, "1") != "1" for tag in soup.find_all(["td", "th"]) for span in _SPANS):
        item.report_loss("cells of a table that were joined")
    if any(tag.get("start", "1") != "1" or "reversed" in tag.attrs for tag in soup.find_all("ol")):
        item.report_loss("where a numbered list begins")
    for node in soup.find_all(string=_MATHS):
        _keep_maths(soup, node, item)


def _code(soup: Any, text: str) -> Any:
    code = soup.new_tag("code")
    code.string = text
    return code


def _keep_maths(soup: Any, node: Any, item: Item) -> None:
    if node.find_parent(["code", "pre"]):
        return
    text, end = str(node), 0
    parts: list[Any] = []
    for match in _MATHS.finditer(text):
        parts += [text[end : match.start()], _code(soup, " ".join(match[0].split()))]
        end = match.end()
    node.replace_with(*(part for part in [*parts, text[end:]] if part != ""))
    item.report_loss("a formula is kept as its source, and not drawn")


_STYLE: dict[str, Any] = {
    "sub_symbol": "<sub>",
    "sup_symbol": "<sup>",
    "wrap": True,  # which joins the lines of a paragraph, and, without a width, breaks none
    "wrap_width": None,
}


class _Converter(MarkdownConverter):
    """HTML to the Markdown that Python-Markdown reads: nested lists by four spaces, no `~~`."""

    def escape(self, text: str, parent_tags: Any) -> str:
        return escaped(text)

    def convert_li(self, el: Any, text: str, parent_tags: Any) -> str:
        numbered = el.parent is not None and el.parent.name == "ol"
        bullet = f"{1 + len(el.find_previous_siblings('li'))}." if numbered else "-"
        first, *rest = (text or "").strip().split("\n")
        lines = [f"{bullet:<4}{first}", *(f"    {line}" if line else "" for line in rest)]
        return "\n".join(lines).rstrip() + "\n"

    def convert_hN(self, n: int, el: Any, text: str, parent_tags: Any) -> str:  # noqa: N802
        # A question is no place for headings, which would put it into the page's table of contents.
        bold = text.replace("**", "").strip()
        return f"\n\n**{bold}**\n\n" if bold else ""

    def convert_del(self, el: Any, text: str, parent_tags: Any) -> str:
        return text

    convert_s = convert_del

    def convert_td(self, el: Any, text: str, parent_tags: Any) -> str:
        cell = " ".join(text.split())
        return " " + re.sub(r"(?<!\\)\|", r"\\|", cell) + " |"

    convert_th = convert_td


_LINE_STARTS = re.compile(
    r"^(?P<space>[ \t]*)(?:(?P<mark>#|>|[-+*](?=\s|$)|[-*_](?=[ \t]*[-*_]))"
    r"|(?P<number>\d+)(?P<dot>\.)(?=\s|$)|(?P<odd>(?<=\n)=+[ \t]*$|~~~)|(?P<ref>\[)(?=[^\]]*\]:))",
    re.MULTILINE,
)


def _underscores(match: re.Match[str]) -> str:
    """Keep those within a word, and a line to write on; escape those that would emphasise."""
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    inside, beside = before.isalnum() and after.isalnum(), before.isalnum() or after.isalnum()
    return match[0] if inside or (len(match[0]) >= 3 and not beside) else "\\_" * len(match[0])


def escaped(text: str) -> str:
    """Return *text* such that Markdown shows just that, with as few backslashes as will do."""
    text = re.sub(r"\\(?=[\\`*_{}\[\]()>#+\-.!])", r"\\\\", text)
    text = text.replace("`", "\\`")
    text = re.sub(r"(?<=\S)\*|\*(?=\S)", r"\\*", text)
    text = re.sub(r"_+", _underscores, text)
    text = re.sub(r"\[(?=[^\[\]]*\]\()|\[(?=\[)|(?<=!)\[", r"\\[", text)
    text = re.sub(r"&(?=#?\w+;)", "&amp;", text)
    text = re.sub(r"<(?=[A-Za-z/!?])", "&lt;", text)

    def marked(match: re.Match[str]) -> str:
        if match["number"]:
            return f"{match['space']}{match['number']}\\."
        if match["odd"]:
            return f"{match['space']}&#{ord(match['odd'][0])};{match['odd'][1:]}"
        return f"{match['space']}\\{match['mark'] or match['ref']}"

    return _LINE_STARTS.sub(marked, text)


def soup_of(text: str) -> Any:
    """Return Markdown as a tree of HTML."""
    return _soup(_html(text))


def _soup(text: str) -> Any:
    with warnings.catch_warnings():  # of texts that look like an address or like XML
        warnings.simplefilter("ignore", bs4.MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", bs4.XMLParsedAsHTMLWarning)
        return bs4.BeautifulSoup(text, "html.parser")


@functools.lru_cache(maxsize=10_000)
def _html(text: str) -> str:
    return _renderer().reset().convert(text)


@functools.cache
def _renderer() -> markdown.Markdown:
    return markdown.Markdown(extensions=list(EXTENSIONS))  # which takes longer than to use it


def to_plain(text: str) -> str:
    """Return Markdown as the words that a reader sees."""
    return str(soup_of(text).get_text()).strip()


def is_plain(text: str) -> bool:
    """Whether Markdown shows the very characters that are written."""
    return to_plain(text) == text and not soup_of(text).find(["em", "strong", "code", "a", "img"])


# Pictures


class Picture(NamedTuple):
    """A picture of a lesson: how its text calls it, and what it holds."""

    link: str
    name: str
    content: bytes


_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<link>[^)\s]+)(?P<title>[^)]*)\)")
_KINDS = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpg",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"RIFF": "webp",
}


def _kind(content: bytes) -> str:
    for start, ending in _KINDS.items():
        if content.startswith(start):
            return ending
    return "svg" if b"<svg" in content[:1000] else ""


def _picture(link: str, item: Item, find: Find) -> str | None:
    """Return what a text may name as a picture, taking the picture in; None where it cannot be had."""
    if re.match(r"https?:", link):
        item.report_loss(f"a picture stays at {short(link)}, outside the course")
        return link
    stem = "picture"
    if match := re.match(r"data:image/[\w.+-]+;base64,", link):
        content = decoded(link[match.end() :])
    else:
        content = find(urllib.parse.unquote(link))
        stem = slug(PurePosixPath(urllib.parse.unquote(link)).stem)[:40]
    if content is None:
        item.report_loss(f"the picture '{short(link)}' is missing in the file")
        return None
    ending = _kind(content)
    if not ending:
        item.report_loss(f"'{short(link)}' is no picture that a page can show")
        return None
    name = f"{stem}-{hashlib.sha256(content).hexdigest()[:8]}.{ending}"
    item.pictures[name] = content
    return PICTURE + name


def decoded(text: str) -> bytes | None:
    """Return what base64 says, or None where it is none."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def pictures(text: str, folder: Path, root: Path) -> Iterator[Picture]:
    """Yield the pictures that a question's Markdown shows; *content* is empty for a missing one.

    Links are those of the built page, whose address is *folder*; nothing outside *root* is read.
    """
    for match in _IMAGE.finditer(text):
        link = match["link"]
        if re.match(r"[a-z]+:|/|#", link):
            continue
        # The page's folder exists in the site only, so ".." is taken off before the disk is asked.
        near = [os.path.normpath(at / urllib.parse.unquote(link)) for at in (folder, folder.parent)]
        path = next((Path(p).resolve() for p in near if Path(p).is_file()), None)
        if path is None or not path.is_relative_to(root.resolve()):
            yield Picture(link, "", b"")
        else:
            content = path.read_bytes()
            digest = hashlib.sha256(content).hexdigest()[:8]
            stem = re.sub(rf"-{digest}$", "", slug(path.stem))
            yield Picture(link, f"{stem}-{digest}{path.suffix.lower()}", content)


def relinked(text: str, links: dict[str, str]) -> str:
    """Return Markdown whose pictures lie elsewhere: *links* says where."""

    def linked(match: re.Match[str]) -> str:
        return f"![{match['alt']}]({links.get(match['link'], match['link'])}{match['title']})"

    return _IMAGE.sub(linked, text)
