"""Lessons: Markdown with front matter, and the places in it where questions stand."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from course.content import source
from course.content.model import Id, Strict, Text, slug, validated
from course.content.problems import Problem


class Source(Strict):
    """Where a fact comes from. *reported*: known from a re-telling or an interested party only."""

    text: Text
    year: Annotated[int, Field(ge=1500, le=2200)]
    url: Text | None = None
    reported: bool = False


class Page(Strict):
    """Front matter of any page; the keys that the site's theme understands are let through."""

    title: Text | None = None
    description: Text | None = None
    lesson: bool = True
    hide: list[str] = Field(default_factory=list)
    icon: str | None = None
    tags: list[str] = Field(default_factory=list)
    search: dict[str, Any] = Field(default_factory=dict)
    template: str | None = None


class LessonMeta(Page):
    """Front matter of a lesson. *minutes* is the reading time; *id* keeps a record when a file moves."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+([-/][a-z0-9]+)*$", max_length=120)] | None = None
    title: Text
    minutes: Annotated[int, Field(ge=1, le=240)]
    objectives: dict[Id, Text] = Field(min_length=1)
    date: datetime.date | None = None
    sources: list[Source] = Field(default_factory=list)


@dataclass(frozen=True)
class Block:
    """A quiz block: the *name* in it ("" for all that remain), its line, and the section around it."""

    name: str
    line: int
    section: str
    anchor: str


@dataclass(frozen=True)
class LessonFile:
    """A lesson as read: its front matter, its quiz blocks, and where each front-matter key stands."""

    path: str
    meta: LessonMeta
    blocks: tuple[Block, ...]
    document: source.Document


_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")
_HEADING_ID = re.compile(r"\{[^}]*#([\w-]+)[^}]*\}\s*$")
_QUIZ = re.compile(r"^(\s*)/{3,}\s*quiz\b[ \t]*(?:\|(.*))?$")
_BLOCK_END = re.compile(r"^\s*/{3,}\s*$")


def read(root: Path, path: Path, *, lesson: bool) -> tuple[LessonFile | None, list[Problem]]:
    """Return the lesson in *path* and all its problems; None for a page that is no lesson.

    *lesson* says whether the page's place in the navigation makes it one.
    """
    name = path.relative_to(root).as_posix()
    try:
        text = source.read_text(root, path)
        document, body, offset = _split(name, text)
    except source.Unreadable as error:
        return None, [error.problem]
    problems = list(document.problems)
    data = document.data if document.data is not None else {}
    is_lesson = lesson and not (isinstance(data, dict) and data.get("lesson") is False)
    meta, found = validated(LessonMeta if is_lesson else Page, data, document, (), "front matter")
    problems += found

    blocks = []
    for item in _blocks(name, body, offset):
        if isinstance(item, Problem):
            problems.append(item)
        else:
            blocks.append(item)
    if blocks and not is_lesson:
        problems.append(
            Problem(
                name,
                blocks[0].line,
                1,
                "a quiz block stands on a page that is no lesson",
                "list the page inside a module of mkdocs.yml, or move the block",
            )
        )
    if not isinstance(meta, LessonMeta):
        return None, problems
    return LessonFile(name, meta, tuple(blocks), document), problems


def _split(name: str, text: str) -> tuple[source.Document, str, int]:
    """Return the front matter, the body, and the number of lines before the body."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        if text.startswith("---"):
            raise source.Unreadable(
                Problem(name, 1, 1, "the front matter is not closed", "end it with a line '---'")
            )
        return source.Document(name, None, None), text, 0
    document = source.parse_yaml(name, match[1], line_offset=1)
    return document, text[match.end() :], text[: match.end()].count("\n")


def _blocks(name: str, body: str, offset: int) -> Iterator[Block | Problem]:
    """Yield each quiz block of *body*, and what is wrong with how it is written."""
    lines = body.split("\n")
    fence = ""
    section, anchor = "", ""
    anchors: set[str] = set()
    for number, line in enumerate(lines):
        if match := _FENCE.match(line):
            mark = match[1]
            if not fence:
                fence = mark
            elif mark.startswith(fence) and line.strip() == mark:
                fence = ""
            continue
        if fence:
            continue
        if match := _HEADING.match(line):
            section, anchor = _heading(match[2], anchors)
        elif match := _QUIZ.match(line):
            here = offset + number + 1
            yield from _faults(name, lines, number, here, match)
            yield Block((match[2] or "").strip(), here, section, anchor)


def _heading(text: str, anchors: set[str]) -> tuple[str, str]:
    """Return a heading's text and its anchor, made as Python-Markdown's toc extension makes it."""
    if given := _HEADING_ID.search(text):
        anchors.add(given[1])
        return text[: given.start()].strip(), given[1]
    plain = re.sub(r"[*_`]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text))
    stem = slug(plain)
    anchor, number = stem, 1
    while anchor in anchors:
        anchor, number = f"{stem}_{number}", number + 1
    anchors.add(anchor)
    return plain, anchor


def _faults(
    name: str, lines: list[str], number: int, here: int, match: re.Match[str]
) -> Iterator[Problem]:
    column = len(match[1]) + 1
    if match[1]:
        yield Problem(name, here, column, "a quiz block is indented", "start it at the left margin")
    if number and lines[number - 1].strip():
        yield Problem(
            name, here, column, "a quiz block follows text directly", "leave a blank line before it"
        )
    following = next((line for line in lines[number + 1 :] if line.strip()), "")
    if not _BLOCK_END.match(following):
        yield Problem(
            name, here, column, "a quiz block is not closed", "put a line '///' right after it"
        )
