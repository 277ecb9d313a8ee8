"""Mermaid fences as pictures, one for light pages and one for dark: no script draws them in the browser."""

import functools
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from html import escape, unescape
from typing import Any
from urllib.parse import quote

from markdown import Markdown

from course.content.problems import short
from course.markup import faults
from course.publish.builders import course_of

FOLDER = "assets/diagrams"
"""Where the drawings lie in the site."""

LONGEST = 50_000
"""Characters of a diagram, as Mermaid itself has it."""

Drawings = dict[str, bytes]
"""SVG files by name."""

_FONT = {"fontFamily": "system-ui, sans-serif", "fontSize": "15px"}
_THEMES: dict[str, dict[str, object]] = {
    "light": {
        "background": "#fcfaf5",
        "primaryColor": "#dfece8",
        "primaryTextColor": "#1d2a2b",
        "primaryBorderColor": "#0f5257",
        "secondaryColor": "#f8e4d8",
        "tertiaryColor": "#f3efe5",
        "lineColor": "#4d5b5a",
        "textColor": "#1d2a2b",
        "noteBkgColor": "#faf0d6",
        "noteTextColor": "#1d2a2b",
        "edgeLabelBackground": "#fcfaf5",
    },
    "dark": {
        "darkMode": True,
        "background": "#121a1b",
        "primaryColor": "#173536",
        "primaryTextColor": "#e6e9e4",
        "primaryBorderColor": "#7fd0c6",
        "secondaryColor": "#43291c",
        "tertiaryColor": "#1f2c2d",
        "lineColor": "#a9b5b1",
        "textColor": "#e6e9e4",
        "noteBkgColor": "#352b12",
        "noteTextColor": "#e6e9e4",
        "edgeLabelBackground": "#121a1b",
    },
}
"""The colours of course.css, which a picture does not know."""


def fence(source: str, language: str, css_class: str, options: Any, md: Markdown, **_: Any) -> str:
    """Return the HTML of a mermaid fence; a formatter of pymdownx.superfences."""
    settings: Mapping[str, Any] = md.treeprocessors["course-terms"].settings  # type: ignore[attr-defined]
    try:
        drawn = {name: draw(source, name) for name in _THEMES}
    except DiagramError as error:
        return faults.marked(source, error.message, error.hint)
    pictures = "".join(_picture(name, svg, settings) for name, svg in drawn.items())
    marks = "".join(faults.marked(quoted, *said) for quoted, *said in _lost(source, drawn["light"]))
    return f'<p class="course-diagram">{pictures}</p>{marks}'


class DiagramError(Exception):
    """A diagram cannot be drawn; says why, and what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = message
        self.hint = hint
        super().__init__(message)


@functools.lru_cache(maxsize=16)
def draw(source: str, theme: str) -> str:
    """Return a diagram as SVG, in the colours of *theme*; raises DiagramError."""
    if len(source) > LONGEST:
        message = f"a diagram has {len(source)} characters; the limit is {LONGEST}"
        raise DiagramError(message, "split it")
    import mmdr  # 27 MB, which a course without diagrams should not load

    settings = {"theme": "base", "themeVariables": {**_FONT, **_THEMES[theme]}}
    front = _FRONT_MATTER.match(source)
    head, body = (front[0], source[front.end() :]) if front else ("", source)
    try:
        svg: str = mmdr.render(f"{head}%%{{init: {json.dumps(settings)}}}%%\n{body}").svg()
    except ValueError as error:
        message = f"a mermaid diagram cannot be drawn: {short(error)}"
        hint = "compare it with https://mermaid.js.org/intro/syntax-reference.html"
        raise DiagramError(message, hint) from None
    return svg


_FRONT_MATTER = re.compile(r"\s*---\n.*?\n---[ \t]*\n", re.DOTALL)


def _picture(theme: str, svg: str, settings: Mapping[str, Any]) -> str:
    raw = svg.encode("utf-8")
    if not isinstance(
        settings["drawings"], dict
    ):  # a builder that puts no files of ours into the site
        address = f"data:image/svg+xml,{quote(svg)}"
    else:
        name = f"{hashlib.sha256(raw).hexdigest()[:16]}.svg"
        settings["drawings"][name] = raw
        address = f"{course_of(settings).base}{FOLDER}/{name}"
    width, height = _size(svg)
    return (
        f'<img class="course-diagram__{theme}" src="{escape(address)}" alt="{escape(_words(svg))}" '
        f'width="{width}" height="{height}" loading="lazy">'
    )


_VIEW = re.compile(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"')
_TEXTS = re.compile(r"<(title|desc|text)\b[^>]*>(.*?)</\1>", re.DOTALL)


def _size(svg: str) -> tuple[int, int]:
    """Return width and height in pixels, so that the page does not move when the picture comes."""
    found = _VIEW.search(svg)
    return (round(float(found[1])), round(float(found[2]))) if found else (600, 400)


def _words(svg: str) -> str:
    """Return what stands for the picture: `accTitle` and `accDescr`, or else all words in it."""
    texts: dict[str, list[str]] = {"title": [], "desc": [], "text": []}
    for kind, inner in _TEXTS.findall(svg):
        words = " ".join(unescape(re.sub(r"<[^>]*>", " ", inner)).split())
        if words and words not in texts[kind]:
            texts[kind].append(words)
    if texts["title"] or texts["desc"]:
        return ". ".join(one.rstrip(".") for one in (*texts["title"][:1], *texts["desc"][:1]))
    return f"Diagram: {', '.join(texts['text'])}"


_CLICK = re.compile(r"^[ \t]*(?:click|link|links|callback)[ \t]+\S.*$", re.MULTILINE)
_LOADED = re.compile(r"<image\b[^>]*\bhref=\"(?!data:|#)([^\"]*)")


def _lost(source: str, svg: str) -> Iterator[tuple[str, str, str]]:
    """Yield what of a diagram a picture cannot do: the words, the message, the mend."""
    for found in _CLICK.finditer(source):
        hint = "remove it, and put the link into the text below"
        yield found[0].strip(), "a diagram is a picture, so nothing in it can be clicked", hint
    for found in _LOADED.finditer(svg):
        hint = "leave it out, or draw it with text and shapes"
        yield unescape(found[1]), "a diagram cannot load a picture", hint
