"""Lessons: Markdown with front matter, and the places in it where questions stand."""

import bisect
import dataclasses
import datetime
import difflib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from markdown.extensions import toc
from pydantic import AfterValidator, ConfigDict, Field

from course.content import source
from course.content.addresses import INDEX
from course.content.model import Id, Strict, Text, validated
from course.content.problems import Problem, did_you_mean, short

_WEB_ADDRESS = re.compile(r"https?://[^\s/]+\S*")


def _whole_address(text: str) -> str:
    if not _WEB_ADDRESS.fullmatch(text):
        message = f"'{short(text)}' is not the address of a page"
        raise ValueError(message, "write it whole, such as https://example.org/page")
    return text


WebAddress = Annotated[Text, AfterValidator(_whole_address)]
"""The address of a page on the web."""


class Source(Strict):
    """Where a fact comes from, so that a reader can look it up."""

    text: Text
    """The source, as readers see it."""
    year: Annotated[int, Field(ge=1500, le=2200)]
    """The year in which it appeared."""
    publisher: Text | None = None
    """Who published it, where the text does not say so."""
    url: WebAddress | None = None
    """Where it can be read: its address, or https://doi.org/ and its DOI."""
    read: datetime.date | None = None
    """The day on which it was last read."""
    seen: Literal["page", "copy", "report"] = "page"
    """What was read: the page itself, a stored copy of it, or somebody's report of it."""


class Page(Strict):
    """Front matter of any page; other keys are let through, for the theme and for plugins."""

    model_config = ConfigDict(extra="ignore")

    title: Text | None = None
    """What the page is called."""
    description: Text | None = None
    """One sentence for search engines and feeds."""
    lesson: bool | None = None
    """Write false for a page of a module that is no lesson, and true for an index page that is one."""
    aliases: list[Text] = Field(default_factory=list)
    """Addresses that the page had before, such as module/lesson/; they lead to it."""
    hide: list[str] = Field(default_factory=list)
    """What the theme leaves out, such as toc."""
    icon: str | None = None
    """An icon for the navigation."""
    tags: list[str] = Field(default_factory=list)
    """Words to file the page under."""
    search: dict[str, Any] = Field(default_factory=dict)
    """Settings of the search for this page."""
    template: str | None = None
    """Another template of the theme."""
    lint: dict[Id, Text] = Field(default_factory=dict)
    """Rules of `course lint` that it may break, each with the reason."""


class LessonMeta(Page):
    """Front matter of a lesson. *minutes* is the reading time; *id* keeps a record when a file moves."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+([-/][a-z0-9]+)*$", max_length=120)] | None = None
    """A name that keeps the records when the file moves."""
    title: Text
    """What the lesson is called."""
    minutes: Annotated[int, Field(ge=1, le=240)]
    """The reading time in minutes."""
    objectives: dict[Id, Text] = Field(min_length=1)
    """What learners can do afterwards, each under a short name."""
    date: datetime.date | None = None
    """When it was published."""
    sources: list[Source] = Field(default_factory=list)
    """Where its facts come from."""


@dataclass(frozen=True)
class Block:
    """A block: the *name* in it ("" for all that remain), its line, and the section around it."""

    name: str
    line: int
    section: str
    anchor: str
    kind: str = "quiz"


@dataclass(frozen=True)
class LessonFile:
    """A page as read: its front matter (None where the page is no lesson), and its blocks by kind.

    *lists* are those that show something of the whole course: its glossary, its sources.
    """

    path: str
    meta: LessonMeta | None
    blocks: tuple[Block, ...]
    plans: tuple[Block, ...] = ()
    lists: tuple[Block, ...] = ()
    page: Page = field(default_factory=Page)
    """The front matter of any page."""

    def at(self, block: Block, message: str, hint: str = "") -> Problem:
        """Return a problem at the line of *block*."""
        return Problem(self.path, block.line, 1, message, hint)


_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_MAY_HIDE = re.compile(r"```|~~~|<!--")
_FENCE = re.compile(r"^([\s>]*)(`{3,}|~{3,})([^`]*)$")
_HEADING = re.compile(r"^#{1,6}(.*)$")
_UNDERLINE = re.compile(r"^(=+|-+)[ ]*$")
_HEADING_ID = re.compile(r"\{[^}]*#([\w-]+)[^}]*\}\s*$")
LISTS = ("glossary", "sources")
KINDS = ("plan", "quiz", *LISTS)
_BLOCK = re.compile(r"^([\s>*+-]*)(/{3,})\s*([\w-]+)(.*)$")
_BLOCK_END = re.compile(r"^\s*(/{3,})\s*$")


def read(
    root: Path, path: Path, text: str | None = None, *, lesson: bool
) -> tuple[LessonFile | None, list[Problem]]:
    """Return the page in *path* and all its problems; None where nothing of it can be used.

    *lesson* says whether the page's place in the navigation makes it one, *text* what the file says, where
    it has been read.
    """
    name = source.name_of(root, path)
    try:
        text = source.read_text(root, path) if text is None else text
        document, body, offset = split(name, text)
    except source.Unreadable as error:
        return None, error.problems
    problems = list(document.problems)
    data = document.data if document.data is not None else {}
    is_lesson = lesson and _may_be_lesson(path, data)
    lines = _visible_lines(body)
    found = _find_title(name, lines, offset, data)
    if is_lesson and isinstance(data, dict):
        problems += found.problems
    if is_lesson and found.title and isinstance(data, dict):
        data = {"title": found.title, **data}
    problems += _fence_problems(name, body, offset)
    blocks = []
    for item in _blocks(name, lines, offset):
        if isinstance(item, Problem):
            problems.append(item)
        else:
            blocks.append(item)
    if is_lesson and document.root is None:
        message = f"the front matter is {'empty' if offset else 'missing'}"
        hint = "start with a line '---', then 'title:', 'minutes:' and 'objectives:', then '---'"
        return None, [*problems, Problem(name, 1, 1, message, hint)]
    label = "" if isinstance(data, dict) else "front matter"
    meta, wrong = validated(LessonMeta if is_lesson else Page, data, document, (), label)
    problems += wrong
    problems += _doubtful_keys(data, document, is_lesson=is_lesson, may_be=lesson)
    lists = tuple(block for block in blocks if block.kind in LISTS)
    asking = [block for block in blocks if block.kind not in LISTS]
    if asking and not is_lesson:
        message = f"a {asking[0].kind} block stands on a page that is no lesson"
        hint = "list the page inside a module of mkdocs.yml, or move the block"
        problems.append(Problem(name, asking[0].line, 1, message, hint))
    if meta is None:
        return None, problems
    lesson_meta = meta if isinstance(meta, LessonMeta) else None
    quizzes = tuple(block for block in blocks if block.kind == "quiz")
    plans = tuple(block for block in blocks if block.kind == "plan")
    return LessonFile(name, lesson_meta, quizzes, plans, lists, meta), problems


def _may_be_lesson(path: Path, data: Any) -> bool:
    """Whether a page of a module is a lesson: an index page only where it has what a lesson has."""
    declared = data.get("lesson") if isinstance(data, dict) else None
    if path.stem in INDEX:
        return declared is True or (
            declared is None and isinstance(data, dict) and "objectives" in data
        )
    return declared is not False


def _doubtful_keys(
    data: Any, document: source.Document, *, is_lesson: bool, may_be: bool
) -> Iterator[Problem]:
    """Yield what is doubtful in keys that mean nothing on the page; others may be those of a plugin."""
    keys = {key for key in data if isinstance(key, str)} if isinstance(data, dict) else set()
    ours = (LessonMeta if is_lesson else Page).model_fields.keys()
    for key in sorted(keys - ours):
        near = difflib.get_close_matches(key, ours - keys, n=1, cutoff=0.8)
        if near:
            problem = document.at(
                (key,), f"{short(key)}: unknown key", f"did you mean '{near[0]}'?"
            )
            yield dataclasses.replace(problem, is_warning=True)
        elif key == "objectives" and not may_be:
            hint = "list the page inside a module of mkdocs.yml, or remove the key"
            yield document.at((key,), "objectives: a page outside the modules is no lesson", hint)


@dataclass(frozen=True)
class _Title:
    """The heading that begins a text and is its page's title; *problems* are warnings."""

    title: str
    problems: list[Problem]


def _find_title(name: str, lines: list[str], offset: int, data: Any) -> _Title:
    """Return the `# Title` that *lines* begin with, and note other headings of the first level."""
    first = next((number for number, line in enumerate(lines) if line.strip()), -1)
    title, problems = "", []
    for number in range(len(lines)):
        if not (text := _title(lines, number, highest_only=True)):
            continue
        here = offset + number + 1
        if number != first:
            message = "a heading of the first level: a page has one, its title"
            hint = "write it with '##'"
        else:
            title = _heading(text, _Anchors())[0]
            given = data.get("title") if isinstance(data, dict) else None
            if not isinstance(given, str) or _folded(given) == _folded(title):
                continue
            message = (
                f"the heading '{short(title)}' is not the title '{short(given)}', which is shown"
            )
            hint = "remove one of them"
        problems.append(Problem(name, here, 1, message, hint, is_warning=True))
    return _Title(title, problems)


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[*_`]", "", text).casefold().split())


def split(name: str, text: str) -> tuple[source.Document, str, int]:
    """Return the front matter, the body, and the number of lines before the body."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        if text.split("\n", 1)[0].rstrip() == "---":
            message = "the front matter is not closed"
            raise source.Unreadable(Problem(name, 1, 1, message, "end it with a line '---'"))
        return source.Document(name), text, 0
    document = source.parse_yaml(name, match[1], line_offset=1)
    return document, text[match.end() :], text[: match.end()].count("\n")


def _visible_lines(body: str) -> list[str]:
    """Return what `visible` returns, without looking at each line where nothing is hidden."""
    return visible(body) if _MAY_HIDE.search(body) else body.split("\n")


def _blocks(name: str, lines: list[str], offset: int) -> Iterator[Block | Problem]:
    """Yield each block of ours in the visible *lines*, and what is wrong with how it is written."""
    section, anchor = "", ""
    anchors = _Anchors()
    for number, line in enumerate(lines):
        if title := _title(lines, number):
            section, anchor = _heading(title, anchors)
        elif (match := _BLOCK.match(line)) and (kind := match[3].lower()) in KINDS:
            here = offset + number + 1
            yield from _faults(name, lines, number, here, match)
            argument = match[4].strip().removeprefix("|").strip()
            yield Block(argument, here, section, anchor, kind)
        elif match and (hint := did_you_mean(match[3].lower(), KINDS)).startswith("did"):
            hint = hint.replace("'", "'/// ", 1)
            message = f"there is no block '{short(match[3])}'"
            yield Problem(name, offset + number + 1, len(match[1]) + 1, message, hint)


def hidden(lines: list[str]) -> Iterator[int]:
    """Yield the lines inside a code fence or a comment, where nothing is a block.

    A fence closes with exactly the same marks at the same indentation, or it is none.
    """
    same: dict[str, list[int]] = {}
    comment_ends = []
    for number, line in enumerate(lines):
        same.setdefault(line.rstrip(), []).append(number)
        if "-->" in line:
            comment_ends.append(number)
    end = -1
    for number, line in enumerate(lines):
        if number > end:
            if match := _FENCE.match(line):
                end = _first(same.get(match[1] + match[2], []), number + 1)
            elif line.lstrip().startswith("<!--"):
                end = _first(comment_ends, number)
        if number <= end:
            yield number


_GENERIC = frozenset(
    {
        "admonition", "attention", "caption", "caution", "danger", "definition", "details", "error",
        "figure-caption", "hint", "html", "note", "tab", "table-caption", "tip", "warning",
    }
)  # fmt: skip
"""Blocks of pymdownx, which run on to the end of the page where they are not closed."""


def unclosed(lines: list[str]) -> list[tuple[int, str]]:
    """Return the index and the marks of each fence in *lines* that begins and never ends."""
    concealed = set(hidden(lines))
    found = []
    for number, line in enumerate(lines):
        match = _FENCE.match(line)
        if match and match[2] and number not in concealed:
            found.append((number, match[2]))
            break  # what looks like a fence further on may be its end
    stack: list[tuple[int, str, str]] = []
    for number, line in enumerate(lines):
        if number in concealed:
            continue
        if end := _BLOCK_END.match(line):
            alike = [n for n, (_, marks, _) in enumerate(stack) if marks == end[1]]
            del stack[alike[-1] if alike else len(stack) :]
        elif (match := _BLOCK.match(line)) and match[3].lower() in (*_GENERIC, *KINDS):
            stack.append((number, match[2], match[3].lower()))
    found += [(number, f"{marks} {kind}") for number, marks, kind in stack if kind in _GENERIC]
    return sorted(found)


def _fence_problems(name: str, body: str, offset: int) -> Iterator[Problem]:
    for number, fence in unclosed(body.split("\n")) if _MAY_BE_FENCED.search(body) else ():
        marks = fence.split(" ")[0]
        message = f"'{fence}' begins here and is never closed"
        hint = f"write a line '{marks}' where it ends, with as many marks, indented alike"
        yield Problem(name, offset + number + 1, 1, message, hint, is_warning=True)


_MAY_BE_FENCED = re.compile(r"^[\s>]*(```|~~~|///)", re.MULTILINE)


def visible(body: str) -> list[str]:
    """Return the lines of *body*, empty where they are inside a code fence or a comment."""
    lines = body.split("\n")
    for number in hidden(lines):
        lines[number] = ""
    return lines


def _first(numbers: list[int], least: int) -> int:
    """Return the first of the sorted *numbers* that is *least* or more; -1 if there is none."""
    index = bisect.bisect_left(numbers, least)
    return numbers[index] if index < len(numbers) else -1


def _title(lines: list[str], number: int, *, highest_only: bool = False) -> str:
    """Return the heading that begins on a line, or ""; *highest_only* passes over all but the first level."""
    line = lines[number]
    if match := _HEADING.match(line):
        if highest_only and line.startswith("##"):
            return ""
        return match[1].strip().rstrip("#").rstrip()[:300]
    begins = number == 0 or not lines[number - 1].strip()
    if begins and number + 1 < len(lines) and line.strip():
        match = _UNDERLINE.match(lines[number + 1])
        if match and not (highest_only and match[1].startswith("-")):
            return line.strip()[:300]
    return ""


class _Anchors:
    """The anchors of a page so far; *counters* lets the toc extension find the next free one at once."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.counters: dict[str, int] = {}

    def unique(self, text: str) -> str:
        stem = toc.slugify(text, "-")
        return toc.unique(stem, self.taken, self.counters)  # type: ignore[call-arg]  # the types lag


def _heading(text: str, anchors: _Anchors) -> tuple[str, str]:
    """Return a heading's text and its anchor, made as Python-Markdown's toc extension makes it."""
    given = _HEADING_ID.search(text)
    text = text[: given.start()].strip() if given else text
    # Every second piece is a formula, of which nothing but the brackets goes.
    pieces = re.split(r"(?<!\\)\\\((.+?)\\\)", text)
    pieces[::2] = [_without_marks(piece) for piece in pieces[::2]]
    named = "".join(pieces)
    pieces[1::2] = [rf"\({formula}\)" for formula in pieces[1::2]]
    if given:
        anchors.taken.add(given[1])
    return "".join(pieces), given[1] if given else anchors.unique(named)


def _without_marks(text: str) -> str:
    plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return html.unescape(re.sub(r"[*`]|(?<!\w)_+|_+(?!\w)", "", plain))


def anchors(body: str) -> set[str]:
    """Return the anchors of the headings of *body*."""
    lines = visible(body)
    found = _Anchors()
    for number in range(len(lines)):
        if title := _title(lines, number):
            _heading(title, found)
    return found.taken


def _faults(
    name: str, lines: list[str], number: int, here: int, match: re.Match[str]
) -> Iterator[Problem]:
    column = len(match[1]) + 1
    kind = match[3].lower()
    before = lines[number - 1] if number else ""
    argument = match[4].strip()
    if match[1]:
        yield Problem(
            name, here, column, f"a {kind} block is indented", "start it at the left margin"
        )
    if before.strip() and not _BLOCK_END.match(before):
        hint = "leave a blank line before it"
        yield Problem(name, here, column, f"a {kind} block follows text directly", hint)
    if argument and not argument.startswith("|"):
        hint = f"write '/// {kind} | {short(argument)}'"
        yield Problem(name, here, column, f"a '|' is missing in a {kind} block", hint)
    elif argument and kind == "plan":
        hint = "write '/// plan': a lesson has one page, in its file under plans/"
        yield Problem(name, here, column, "a plan block takes no name", hint)
    elif argument and kind in LISTS:
        hint = f"write '/// {kind}': it shows those of the whole course"
        yield Problem(name, here, column, f"a {kind} block takes no name", hint)
    following = next((line for line in lines[number + 1 :] if line.strip()), "")
    end = _BLOCK_END.match(following)
    if end is None or end[1] != match[2]:
        hint = f"put a line '{match[2]}' right below it"
        yield Problem(name, here, column, f"a {kind} block is not closed", hint)
