"""What the preview adds to a page: problems where they belong, and the key below each question."""

import functools
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jinja2
from markupsafe import Markup
from pydantic import BaseModel

from course import markup
from course.content.model import beside
from course.content.problems import Problem
from course.content.questions.base import Question

_QUESTION = re.compile(
    r'<course-question [^>]*id="q-([^"]+)"[^>]*>.*?</course-question>', re.DOTALL
)
_HEADING_LINE = re.compile(r"^#{1,6}(?=\s*\S)|^(?=\S.*\n(?:=+|-+)[ ]*$)", re.MULTILINE)
_TITLE_LINE = re.compile(r"\A\s*(?:#(?!#).*|\S.*\n=+[ ]*$)", re.MULTILINE)
_HEADING = re.compile(r"</h[1-6]>")
_BLOCK_LINE = re.compile(r"^\s*/{3,}\s*quiz\b", re.MULTILINE)
_FENCE = re.compile(r"^([`~]{3,}).*?^\1[ ]*$", re.MULTILINE | re.DOTALL)
_ID = re.compile(r"^[\s-]*id:\s*['\"]?([a-z0-9-]+)", re.MULTILINE)
_LINKS = re.compile(r"links to '([^']+)'")


def add_keys(content: str, asked: Mapping[str, Question], notes: Mapping[str, Markup]) -> str:
    """Return *content* with the key of each question below it, and below that what *notes* says of it.

    *notes* is where figures about a question's answers go: HTML by the question's id.
    """

    def followed(match: re.Match[str]) -> str:
        question = asked.get(match[1])
        if question is None:
            return match[0]
        return f"{match[0]}\n{key(question)}{notes.get(question.id, '')}"

    return _QUESTION.sub(followed, content)


def key(question: Question) -> Markup:
    """Return what a trainer wants to see of a question beside its form."""
    template = _environment().get_template("key.html")
    return Markup(template.render(question=question, parts=list(_parts(question))))  # noqa: S704


@dataclass(frozen=True)
class Part:
    """An option, a pair, a blank, a slip: its *words*, and what is said of it."""

    words: str
    right: bool | None
    feedback: str
    misconception: str


def _parts(question: Question) -> Iterable[Part]:
    """Yield each part of *question* that has words and feedback of its own, whatever its type."""
    fields = [(name, getattr(question, name)) for name in type(question).model_fields]
    lists = [value for name, value in fields if name not in ("sources", "changes")]
    for value in lists:
        inner = value.values() if isinstance(value, dict) else value
        if not isinstance(value, list | dict):
            continue
        for part in inner:
            if isinstance(part, BaseModel):
                yield from _part_and_slips(part)


def _part_and_slips(part: BaseModel) -> Iterable[Part]:
    fields = dict(part)
    slips = fields.get("slips") or []
    words = [fields.get(name) for name in ("text", "left", "right", "answer", "accept")]
    shown = [" / ".join(map(str, w)) if isinstance(w, list) else str(w) for w in words if w]
    if shown:
        yield Part(
            beside(" → ", *shown),
            fields.get("correct"),
            str(fields.get("feedback") or ""),
            str(fields.get("misconception") or ""),
        )
    for slip in slips:
        yield from _part_and_slips(slip)


@dataclass(frozen=True)
class Source:
    """The files that a page is made of: their names from the course's folder, and what they say."""

    lesson: str
    lesson_text: str
    quiz: str
    quiz_text: str


def add_problems(content: str, problems: Sequence[Problem], source: Source) -> tuple[str, Markup]:
    """Return *content* with each problem at its place, and what belongs above it all."""
    above = []
    # From the end, so that the places of those before stay what they are.
    found = [(_place(content, problem, source), problem) for problem in problems]
    for place, problem in sorted(found, key=lambda pair: (pair[0][0], pair[1]), reverse=True):
        position, is_inline = place
        if position < 0:
            above.append(problem)
        else:
            note = problems_box([problem], is_inline=is_inline)
            content = content[:position] + str(note) + content[position:]
    return content, problems_box(sorted(above)) if above else Markup()


def problems_box(problems: Sequence[Problem], *, is_inline: bool = False) -> Markup:
    template = _environment().get_template("problems.html")
    return Markup(template.render(problems=problems, is_inline=is_inline))  # noqa: S704


def _place(content: str, problem: Problem, source: Source) -> tuple[int, bool]:
    """Return where in *content* a problem belongs, or -1; and whether that is inside a line."""
    if problem.path == source.quiz:
        name = _question_at(source.quiz_text, problem.line)
        for mark in (f'id="q-{name}"', 'id="preview-block-', "<course-question "):
            if mark in content:
                return content.rindex("<", 0, content.index(mark) + 1), False
        return -1, False
    if (match := _LINKS.match(problem.message)) and (after := _after_link(content, match[1])) > 0:
        return after, True
    before = source.lesson_text.split("\n")
    until = "\n".join(before[: problem.line])
    if _BLOCK_LINE.match(before[problem.line - 1] if problem.line <= len(before) else ""):
        mark = f'id="preview-block-{len(_BLOCK_LINE.findall(_visible(until)))}"'
        if mark in content:
            return content.rindex("<", 0, content.index(mark)), False
    shown = _visible(until)
    if "</h1>" not in content:  # the title, which the template shows
        shown = _TITLE_LINE.sub("", shown)
    headings = len(_HEADING_LINE.findall(shown))
    ends = [match.end() for match in _HEADING.finditer(_QUESTION.sub(_blank, content))]
    return (ends[min(headings, len(ends)) - 1], False) if headings and ends else (-1, False)


def _visible(text: str) -> str:
    """Return *text* without its front matter and code."""
    if text.startswith("---\n"):
        text = text.partition("\n---\n")[2]
    return _FENCE.sub("", text)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _question_at(text: str, line: int) -> str:
    """Return the id of the question at *line* of a quiz, however broken it is."""
    lines = text.split("\n")
    begins = next((n for n in range(min(line, len(lines)), 0, -1) if _starts(lines, n - 1)), 1)
    ends = next((n for n in range(begins, len(lines)) if _starts(lines, n)), len(lines))
    match = _ID.search("\n".join(lines[begins - 1 : ends]))
    return match[1] if match else ""


def _starts(lines: list[str], number: int) -> bool:
    """Whether a question begins on a line: at a dash that is indented as the first of them is."""
    first = next((line for line in lines if line.lstrip().startswith("- ")), "- ")
    indent = first[: len(first) - len(first.lstrip())]
    return lines[number].startswith(f"{indent}- ")


def _after_link(content: str, target: str) -> int:
    """Return the place behind the link or the picture that leads to *target*; -1 if there is none."""
    wanted = re.escape(html.escape(target, quote=False))
    match = re.search(
        rf'<a [^>]*href="{wanted}"[^>]*>.*?</a>|<img [^>]*src="{wanted}"[^>]*>', content, re.DOTALL
    )
    return match.end() if match else -1


@functools.cache
def _environment() -> jinja2.Environment:
    return markup.environment_for(jinja2.PackageLoader("course.publish.preview", "templates"))


def render(name: str, **values: Any) -> str:
    """Return one of the preview's own templates, filled."""
    return _environment().get_template(name).render(values)
