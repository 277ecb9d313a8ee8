"""Markdown with what is no prose blanked out, so that every remaining word keeps its place.

Rendering it would be exact about the words and lose where they stand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from course.content.lesson import hidden

# What repeats is bounded, so that no text, however odd, takes longer than its length allows.
_CODE = re.compile(
    r"(?P<ticks>`{1,9})(?!`)[^`](?:.{0,999}?[^`])??(?P=ticks)(?!`)"
    r"|<!--.{0,999}?-->"
    r"|<(?P<raw>script|style|pre|code|svg)\b.{0,9999}?</(?P=raw)>",
    re.DOTALL | re.IGNORECASE,
)

_NOT_PROSE = re.compile(
    r"\\\((?:\\(?![\])])|[^\\]){1,999}?\\\)"  # formulas
    r"|^[ ]{0,3}\\\[(?:\\(?![\])])|[^\\]){1,999}?\\\]"
    r"|^[ \t]*\[[^\]\n]{1,200}\]:[ \t]+\S.*$"  # where a reference leads
    r"|^[ \t]*(?:///|--8<--).*$"
    r"|^[ \t]*(?:!!!|\?\?\?\+?)[ \t]+[\w -]*"
    r"|\]\([^()\n]{0,999}(?:\([^()\n]{0,99}\)[^()\n]{0,999})?\)|\]\[[^\]\n]{0,200}\]"
    r"|\[\[[^\[\]\n]{1,200}\]\]"
    r"|\{[^{}\n]{0,500}\}"  # attributes, and the names of numbers
    r"|</?[a-zA-Z][^<>]{0,999}>"
    r"|<?\b(?:https?|mailto|ftp):[^\s>)]*>?|\bwww\.[^\s)]+|[\w.+-]{1,64}@[\w.-]{1,255}\.\w+"
    r"|:[a-z0-9]+(?:-[a-z0-9]+)*:"
    r"|&\#?\w{1,40};|\[\^[^\[\]\n]{1,100}\]:?",
    re.MULTILINE,
)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def visible(text: str) -> str:
    """Return *text* with code and comments blanked out."""
    lines = text.split("\n")
    for number in hidden(lines):
        lines[number] = " " * len(lines[number])
    return _CODE.sub(_blank, "\n".join(lines))


def prose(text: str) -> str:
    """Return what `visible` left without formulas, links' targets, HTML, attributes and blocks."""
    return _NOT_PROSE.sub(_blank, text)


@dataclass(frozen=True)
class Link:
    """A link or picture; *label* is its text, or None where HTML gives a picture none."""

    target: str
    offset: int
    is_picture: bool
    label: str | None
    is_html: bool = False


_INLINE = re.compile(
    r"(?P<bang>!?)\[(?P<label>(?:[^\[\]\n]|\n(?!\n)|\[[^\[\]\n]{0,300}\]){0,600})\]"
    r"\(\s{0,9}<?(?P<target>[^\s<>()]{0,999}(?:\([^\s()]{0,99}\)[^\s<>()]{0,99}){0,3})>?"
    r"(?:\s{1,9}[\"'][^\n]{0,500}?[\"'])?\s{0,9}\)"
)
_REFERENCE = re.compile(
    r"^[ \t]*\[(?!\^)[^\]\n]{1,200}\]:[ \t]+<?(?P<target>[^\s>]+)", re.MULTILINE
)
_BARE = re.compile(r"<(?P<target>https?://[^\s<>]+)>")
_TAG = re.compile(r"<(?P<tag>img|a)\b(?P<rest>[^<>]{0,999})>", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)")


def links(text: str) -> Iterator[Link]:
    """Yield the links and pictures of what `visible` left, in no particular order."""
    for match in _INLINE.finditer(text):
        picture = bool(match["bang"])
        yield Link(match["target"], match.start("target"), picture, match["label"].strip())
        if not picture:  # a picture may stand within a link
            for inner in _INLINE.finditer(match["label"]):
                start = match.start("label") + inner.start("target")
                yield Link(inner["target"], start, bool(inner["bang"]), inner["label"].strip())
    for pattern in (_REFERENCE, _BARE):
        for match in pattern.finditer(text):
            yield Link(match["target"], match.start("target"), False, "")
    for match in _TAG.finditer(text):
        given = {m[1].lower(): m[2].strip("\"'") for m in _ATTRIBUTE.finditer(match["rest"])}
        picture = match["tag"].lower() == "img"
        target = given.get("src" if picture else "href")
        if target is not None or picture:
            yield Link(target or "", match.start(), picture, given.get("alt"), True)


_HEADING = re.compile(r"^(?P<marks>#{1,6})\s+(?P<title>.+?)\s*#*\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    title: str
    offset: int
    words: int


def sections(prose_text: str) -> list[Section]:
    """Return the parts between headings, with the words in each; tables do not count as reading."""
    marks = list(_HEADING.finditer(prose_text))
    ends = [*(mark.start() for mark in marks[1:]), len(prose_text)][: len(marks)]
    found = [Section("", 0, words(prose_text[: marks[0].start()] if marks else prose_text))]
    for mark, end in zip(marks, ends, strict=True):
        title = " ".join(mark["title"].split())
        found.append(Section(title, mark.start("marks"), words(prose_text[mark.end() : end])))
    return found


_TABLE = re.compile(r"^[ \t]*\|.*$", re.MULTILINE)
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")


def words(prose_text: str) -> int:
    """Return how many words there are to read, tables aside."""
    return len(_WORD.findall(_TABLE.sub("", prose_text)))
