"""Mermaid fences as pictures, one for light pages and one for dark: no script draws them in the browser."""

import functools
import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from html import escape, unescape
from typing import Any
from urllib.parse import quote

from course.content.problems import short
from course.markup import draw_diagrams, faults

LONGEST = 50_000
"""Characters of a diagram, as Mermaid itself has it."""

SECONDS = 5
"""Seconds of the processor that drawing a diagram may take; hundredths of one are usual."""

LONGEST_IN_QUESTION = 5_000
"""Characters of a diagram in a question, which goes along with each answer: at most some 200 KB of SVG."""

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


class DiagramError(Exception):
    """A diagram cannot be drawn; says why, and what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = message
        self.hint = hint
        super().__init__(message)


@functools.lru_cache(maxsize=256)
def draw(source: str) -> dict[str, str]:
    """Return a diagram as SVG by theme, "light" and "dark"; raises DiagramError."""
    if len(source) > LONGEST:
        message = f"a diagram has {len(source)} characters; the limit is {LONGEST}"
        raise DiagramError(message, "split it")
    try:
        done = subprocess.run(
            [sys.executable, "-P", draw_diagrams.__file__, str(SECONDS)],
            input=json.dumps([_themed(source, theme) for theme in _THEMES]),
            capture_output=True,
            encoding="utf-8",
            timeout=_WAIT,
        )
    except subprocess.TimeoutExpired:
        raise DiagramError(_TOO_LONG, "make it simpler, or split it") from None
    if -done.returncode in (signal.SIGXCPU, signal.SIGKILL):
        raise DiagramError(_TOO_LONG, "make it simpler, or split it")
    if done.returncode:
        why = done.stderr.strip() or f"the renderer ended with {done.returncode}"
        message = f"a mermaid diagram cannot be drawn: {short(why)}"
        hint = "compare it with https://mermaid.js.org/intro/syntax-reference.html"
        raise DiagramError(message, hint)
    return dict(zip(_THEMES, json.loads(done.stdout), strict=True))


_WAIT = 60
"""Seconds until a process without a turn at the processor is given up."""

_TOO_LONG = "a mermaid diagram takes too long to draw"


def _themed(source: str, theme: str) -> str:
    """Return a diagram with our colours, and without comments that are empty, in which the renderer loops."""
    settings = {"theme": "base", "themeVariables": {**_FONT, **_THEMES[theme]}}
    front = _FRONT_MATTER.match(source)
    head, body = (front[0], source[front.end() :]) if front else ("", source)
    body = _EMPTY_COMMENT.sub("", body)
    return f"{head}%%{{init: {json.dumps(settings)}}}%%\n{body}"


_FRONT_MATTER = re.compile(r"\s*---\n.*?\n---[ \t]*\n", re.DOTALL)
_EMPTY_COMMENT = re.compile(r"^[ \t]*%%+[ \t]*$", re.MULTILINE)


def inline(svg: str) -> str:
    """Return an address that holds the picture itself, so that no file has to be there to show it."""
    return f"data:image/svg+xml,{quote(svg, safe='/:;=,()')}"


def fence(formatter: Callable[..., str]) -> dict[str, Any]:
    """Return the setting of pymdownx.superfences that has *formatter* make the HTML of a mermaid fence."""
    return {"name": "mermaid", "class": "mermaid", "format": formatter, "validator": _validate}


def _validate(
    language: str, inputs: Mapping[str, str], options: dict[str, Any], *_: object
) -> bool:
    """Accept options of any name, which are reported: a fence that is refused here would become code."""
    options.update(inputs)
    return True


def render(source: str, options: Mapping[str, Any], address: Callable[[str], str]) -> str:
    """Return a fence as a phrase of HTML; *address* returns where a picture, given as SVG, is found."""
    try:
        if options:
            raise DiagramError(
                f"a diagram has no option '{short(next(iter(options)))}'", _NO_OPTION
            )
        drawn = draw(source)
    except DiagramError as error:
        return faults.marked(source, error.message, error.hint)
    words = _words(drawn["light"])
    pictures = "".join(_picture(theme, svg, words, address(svg)) for theme, svg in drawn.items())
    marks = "".join(faults.marked(quoted, *said) for quoted, *said in _lost(source, drawn["light"]))
    return f'<span class="course-diagram">{pictures}</span>{marks}'


_NO_OPTION = "remove it; Mermaid has its own title: 'title: ...' between two lines '---'"


def _picture(theme: str, svg: str, words: str, address: str) -> str:
    width, height = _size(svg)
    return (
        f'<img class="course-diagram__{theme}" src="{escape(address)}" alt="{escape(words)}" '
        f'width="{width}" height="{height}" loading="lazy">'
    )


class QuestionDiagrams:
    """The diagrams of a short text. Its HTML is cleaned, so the pictures are put in afterwards."""

    TAG = "course-diagram"
    """The placeholder of a diagram until then."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def reset(self) -> None:
        self.found = []

    @property
    def fence(self) -> dict[str, Any]:
        """The setting of pymdownx.superfences that collects the diagrams."""
        return fence(self._collect)

    def _collect(
        self, source: str, language: str, css_class: str, options: Any, *_: Any, **__: Any
    ) -> str:
        self.found.append(_render_in_question(source, options))
        return f'<{self.TAG} data-number="{len(self.found) - 1}"></{self.TAG}>'

    def drawn(self, page: str) -> str:
        """Return HTML with each diagram in its place."""
        return _PLACE.sub(self._drawn, page) if self.found else page

    def _drawn(self, match: re.Match[str]) -> str:
        number = int(match[1])
        return self.found[number] if number < len(self.found) else ""


_PLACE = re.compile(rf'<{QuestionDiagrams.TAG} data-number="(\d+)"></{QuestionDiagrams.TAG}>')


def _render_in_question(source: str, options: Mapping[str, Any]) -> str:
    if len(source) > LONGEST_IN_QUESTION:
        message = f"a diagram in a question has {len(source)} characters; the limit is {LONGEST_IN_QUESTION}"
        return faults.marked(
            source, message, "split it, or put it into the lesson, above the question"
        )
    return render(source, options, inline)


_OF_DARK_PAGES = re.compile(r'<img class="course-diagram__dark"[^>]*>')
_ALTERNATIVE = re.compile(r'<img\b[^>]*?\balt="([^"]*)"[^>]*>')


def as_words(page: str) -> str:
    """Return HTML with each picture, drawn or not, as the words that stand for it."""
    return _ALTERNATIVE.sub(r"\1", _OF_DARK_PAGES.sub("", page)) if "<img" in page else page


_VIEW = re.compile(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"')
_TEXTS = re.compile(r"<(title|desc|text)\b[^>]*>(.*?)</\1>", re.DOTALL)


def _size(svg: str) -> tuple[int, int]:
    """Return width and height in pixels, so that the page does not move when the picture comes."""
    found = _VIEW.search(svg)
    return (round(float(found[1])), round(float(found[2]))) if found else (600, 400)


def _words(svg: str) -> str:
    """Return the words for the picture: `accTitle` and `accDescr`, or else all words in it."""
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
