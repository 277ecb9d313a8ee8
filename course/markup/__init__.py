"""Questions and short texts as HTML: one look for the built site and for the service's pages."""

import functools
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import jinja2
import markdown
import nh3
from markupsafe import Markup

from course.content.questions.base import Choices, Control, Entry, Given, Marked, Question, Rows
from course.content.questions.blank import GAP

_EXTENSIONS = ("tables", "fenced_code", "sane_lists", "smarty")


@functools.lru_cache(maxsize=20_000)
def prose(text: str) -> Markup:
    """Return short Markdown as safe HTML, in paragraphs."""
    return Markup(nh3.clean(markdown.markdown(text, extensions=list(_EXTENSIONS))))  # noqa: S704


@functools.lru_cache(maxsize=20_000)
def phrase(text: str) -> Markup:
    """Return one paragraph of Markdown as safe HTML without the paragraph, to stand in a line."""
    html = str(prose(text)).strip()
    if html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1:
        html = html[3:-4]
    return Markup(html)  # noqa: S704 - prose cleaned it


@dataclass(frozen=True)
class Result:
    """What a learner may see of an answer of theirs. *repeat* says whether they may try again."""

    given: Given
    marked: Marked
    shows_key: bool = False
    repeat: bool = True
    remark: str = ""
    """How many tries are left, and the like."""
    peers: Mapping[str, int] = field(default_factory=dict)
    """For a poll: how many learners chose each option."""

    @property
    def state(self) -> str:
        """ "right", "partly" or "wrong"; "saved" where nobody marks."""
        share = self.marked.share
        if share is None:
            return "saved"
        return "right" if share >= 1 else "partly" if share > 0 else "wrong"


@dataclass(frozen=True)
class Chosen:
    """How often one option of a poll was chosen."""

    text: str
    count: int
    percent: int
    mine: bool


def question(
    asked: Question,
    *,
    base: str = "/",
    result: Result | None = None,
    revision: str | None = None,
    with_id: bool = False,
    notice: str = "",
) -> Markup:
    """Return a question as a form; with *result*, filled in and with feedback.

    *with_id* gives the form an id of its own, so that a page made for one visit sends it once however
    often the button is pressed. A page that is the same for everyone must not have it. *notice* is said
    above a question that has no answer yet.
    """
    template = _environment().get_template("question.html")
    controls = asked.form(result.given if result else None)
    html = template.render(
        question=asked,
        revision=revision or asked.revision,
        controls=[control for control in controls if not _in_prompt(control)],
        prompt=_prompt(asked, result.given if result else {}),
        base=base,
        result=result,
        given=result.given if result else {},
        client_id=uuid.uuid4() if with_id else None,
        chosen=_peers(controls, result) if result and result.peers else (),
        notice=notice,
    )
    return Markup(html)  # noqa: S704 - an autoescaping template


def reading(lines: Sequence[str]) -> Markup:
    """Return lines of Markdown, such as a key or a given answer, as one phrase or as a list."""
    template = _environment().get_template("reading.html")
    return Markup(template.render(lines=lines))  # noqa: S704 - an autoescaping template


def _in_prompt(control: Control) -> bool:
    return isinstance(control, Entry) and control.style == "word"


def _prompt(asked: Question, given: Given) -> Markup:
    """Return the prompt; the gaps of a blank question become fields to type in."""
    entries = [control for control in asked.form() if isinstance(control, Entry)]
    words = {entry.name: entry for entry in entries if entry.style == "word"}
    if not words:
        return prose(asked.prompt)
    gap = _environment().get_template("gap.html")

    def field_of(name: str) -> str:
        entry = words.get(f"gap.{name}")
        if entry is None:
            return f"[[{name}]]"
        return gap.render(entry=entry, question=asked, value=given.get(entry.name, [""])[0])

    return Markup(GAP.sub(lambda match: field_of(match[1]), str(prose(asked.prompt))))  # noqa: S704


def _peers(controls: Sequence[Control], result: Result) -> list[Chosen]:
    total = sum(result.peers.values()) or 1
    return [
        Chosen(
            option.text,
            result.peers.get(option.key, 0),
            round(100 * result.peers.get(option.key, 0) / total),
            option.key in result.given.get(control.name, ()),
        )
        for control in controls
        if isinstance(control, Choices)
        for option in control.options
    ]


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("course.markup", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(prose=prose, phrase=phrase)
    environment.globals["reading"] = reading
    return environment


__all__ = ["Result", "Rows", "phrase", "prose", "question", "reading"]
