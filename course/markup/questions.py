"""Questions as HTML: the form to answer with, what a learner answered, and the feedback on it."""

import functools
import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import jinja2
from markupsafe import Markup

from course.content import counts, parameters
from course.content import percent as percentages
from course.content.model import Passage
from course.content.parameters import PLACE
from course.content.plan import Plan
from course.content.questions.base import (
    Choices,
    Control,
    Entry,
    Given,
    Marked,
    Note,
    Option,
    Question,
)
from course.content.questions.blank import GAP
from course.content.quiz import Pool, Quiz
from course.content.verdict import Verdict, verdict
from course.markup.texts import phrase, plain, plain_text, prose


@dataclass(frozen=True)
class ShownQuestion:
    """A question as one learner is shown it, and the variant that its form sends."""

    question: Question
    variant: str = ""

    @functools.cached_property
    def controls(self) -> list[Control]:
        """The controls to answer with."""
        return self.question.form()

    @property
    def prompt(self) -> Markup:
        return _prompt(self.question, self.controls, {})


def account_notice(base: str) -> Markup:
    """Return the notice above the questions of a quiz that needs an account; correct signed in or not."""
    return Markup(
        '<p class="question__notice">These questions need an account: '
        '<a href="{0}account/sign-in">sign in</a> or <a href="{0}account/sign-up">create one</a> '
        "before you answer. If you are signed in, go ahead.</p>"
    ).format(base)


@dataclass(frozen=True)
class Result:
    """What a learner may see of their answer; *repeat* is whether they may try again."""

    given: Given
    marked: Marked
    shows_key: bool = False
    repeat: bool = True
    remark: str = ""
    """How many tries are left, and the like."""
    peers: Mapping[str, int] = field(default_factory=dict)
    """For a poll: how many learners chose each option."""
    lately: bool = False
    """Whether *peers* counts only the latest answers."""
    sister: str = ""
    """The question to try instead of this one."""
    again: ShownQuestion | None = None
    """The question with other numbers, to try next."""

    @property
    def state(self) -> Verdict:
        return verdict(self.marked.share)


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
    owner: str | None = None,
    notice: str = "",
    variant: str = "",
    instead: str = "",
    pool: Pool | None = None,
) -> Markup:
    """Return a question as a form; with *result*, filled in and with feedback.

    *owner* is the key of the learner whom a page is made for, and "" on a stranger's page. The form then
    holds it and an id, so that the service takes the form once, however often it is sent, and for nobody
    else. It is None on a page that is the same for everyone. *notice* is shown above an unanswered question.

    A page for one learner shows the question with this learner's numbers and order, which *variant* names;
    *instead* is the id of the question that it replaces. A page for everyone shows it as written, with what
    its script needs to arrange it; of a *pool*, the first questions.
    """
    given = result.given if result else {}
    controls = asked.form(result.given if result else None)
    name = f"q-{asked.id}"
    state = result.state if result else "open"
    revision = revision or asked.revision

    def about(variant: str) -> Markup:
        client_id = None if owner is None else uuid.uuid4()
        return _macro("about")(asked.id, revision, variant, asked.varies, instead, client_id, owner)

    again = _again(result.again, f"{name}-again", about) if result and result.again else {}
    return _macro("question")(
        asked,
        name,
        revision,
        base=base,
        varies=not result and (asked.varies or pool is not None),
        pool=pool,
        numbers=asked.numbers(),
        notice=notice,
        about=about(variant),
        prompt=_prompt(asked, controls, given),
        fields=_fields(controls, name, given, fixed=bool(again)),
        hint=_numbers(asked.hint, asked) if asked.hint and state != "right" else "",
        button=_button(asked, result),
        result=result,
        state=state,
        details=_details(asked, controls, result) if result else "",
        again=again,
    )


def _again(shown: ShownQuestion, name: str, about: Callable[[str], Markup]) -> dict[str, Markup]:
    """Return the parts of the form for the next try, with other numbers."""
    return {
        "about": about(shown.variant),
        "prompt": shown.prompt,
        "fields": _fields(shown.controls, name, {}),
    }


def _button(asked: Question, result: Result | None) -> str:
    """Return the button's label; "" for no button."""
    if result is None:
        return "Check" if asked.SCORED else "Send"
    if not result.repeat or result.sister or result.again:
        return ""
    return "Send again" if result.state == "saved" else "Try again"


@functools.cache
def _macro(name: str) -> Callable[..., Markup]:
    """Return a macro of a question's template; rendering a template as a whole takes longer."""
    macro: Callable[..., Markup] = getattr(environment().get_template("question.html").module, name)
    return macro


# HTML that is the same for many learners is cached: a learner's answer is assembled from it. The caches for
# HTML with a learner's own words are small.


def _fields(controls: Iterable[Control], name: str, given: Given, *, fixed: bool = False) -> Markup:
    """Return the controls below the prompt, filled in with *given*."""
    return _joined(
        _field(control, name, given, fixed) for control in controls if not _in_prompt(control)
    )


def _field(control: Control, name: str, given: Given, fixed: bool) -> Markup:
    if isinstance(control, Entry):
        return _macro("entry")(control, given.get(control.name, [""])[0], fixed)
    if isinstance(control, Choices):
        chosen = given.get(control.name, ())
        options = [
            _choice(
                control.name,
                option,
                control.many,
                control.shuffled and option.stays,
                option.key in chosen,
            )
            for option in control.options
        ]
        return _macro("choices")(control, name, _joined(options))
    rows = [
        _row(name, row, _places(control.options, control.ranks, tuple(given.get(row.key, ()))))
        for row in control.rows
    ]
    return _macro("rows")(control, name, _joined(rows))


def _joined(pieces: Iterable[Markup]) -> Markup:
    return Markup("".join(pieces))  # noqa: S704 - each is safe


@functools.lru_cache(maxsize=10_000)
def _choice(name: str, option: Option, many: bool, stays: bool, checked: bool) -> Markup:
    return _macro("choice")(name, option, many, stays, checked)


@functools.lru_cache(maxsize=10_000)
def _places(options: tuple[Option, ...], ranks: bool, chosen: tuple[str, ...]) -> Markup:
    return _macro("places")(options, ranks, chosen)


@functools.lru_cache(maxsize=10_000)
def _row(name: str, row: Option, places: Markup) -> Markup:
    return _macro("row")(name, row, places)


def _details(asked: Question, controls: Sequence[Control], result: Result) -> Markup:
    """Return the feedback on an answer, without the verdict."""
    details = []
    if result.marked.notes:
        details.append(_notes(result.marked.notes))
    if result.peers and (chosen := _peers(controls, result)):
        details.append(_macro("peers")(chosen, result.lately))
    if result.shows_key:
        key, explained = tuple(asked.key()), asked.explained
        if key or explained:
            details.append(_explanation(key, explained, asked.SCORED, result.state == "right"))
    return _joined(details)


@functools.lru_cache(maxsize=2_000)
def _notes(notes: tuple[Note, ...]) -> Markup:
    return _macro("notes")(notes)


@functools.lru_cache(maxsize=5_000)
def _explanation(key: tuple[Passage, ...], explained: str, scored: bool, is_right: bool) -> Markup:
    return _macro("explanation")(key, explained, scored, is_right)


def plan(page: Plan) -> Markup:
    """Return a plan page to read, to print and to fill in by hand."""
    template = environment().get_template("plan.html")
    return Markup(template.render(plan=page))  # noqa: S704 - an autoescaping template


def reading(passages: Sequence[Passage]) -> Markup:
    """Return a key or a given answer as one phrase or as a list."""
    template = environment().get_template("reading.html")
    html = template.render(phrases=[phrase(passage) for passage in passages])
    return Markup(html)  # noqa: S704 - an autoescaping template


def completion_rule(quiz: Quiz | None, asked: int) -> Markup:
    """Return in words what completes a lesson with this *quiz*, of which a learner is *asked* so many."""
    template = environment().get_template("completion_rule.html")
    html = template.render(quiz=quiz, asked=asked).strip()
    return Markup(html)  # noqa: S704 - an autoescaping template


def _in_prompt(control: Control) -> bool:
    return isinstance(control, Entry) and control.style == "word"


def _prompt(asked: Question, controls: Iterable[Control], given: Given) -> Markup:
    """Return the prompt; the gaps of a blank question become fields to type in."""
    entries = [control for control in controls if isinstance(control, Entry)]
    words = {entry.name: entry for entry in entries if entry.style == "word"}
    if not words:
        return _numbers(asked.prompt, asked)

    def field_of(name: str) -> str:
        entry = words.get(f"gap.{name}")
        if entry is None:
            return f"[[{name}]]"
        return _macro("gap")(entry, given.get(entry.name, [""])[0])

    return Markup(GAP.sub(lambda match: field_of(match[1]), str(prose(asked.prompt))))  # noqa: S704


def _peers(controls: Sequence[Control], result: Result) -> list[Chosen]:
    total = sum(result.peers.values()) or 1
    return [
        Chosen(
            option.text,
            result.peers.get(option.key, 0),
            percentages.part(result.peers.get(option.key, 0), total),
            option.key in result.given.get(control.name, ()),
        )
        for control in controls
        if isinstance(control, Choices)
        for option in control.options
    ]


def _numbers(text: str, asked: Question) -> Markup:
    """Return Markdown as HTML in which each {number} that differs between learners can be replaced."""
    numbers = asked.numbers()
    if not numbers:
        return prose(text)

    def first_of(name: str) -> str:
        if name not in numbers:
            return f"{{{name}}}"
        template = environment().get_template("number.html")
        return template.render(name=name, number=numbers[name][0])

    marks = {name: chr(_PRIVATE + at) for at, name in enumerate(numbers)}
    marked = parameters.in_formulas(text, lambda place: marks.get(place[1], place[1]))
    # Every second piece is a tag, whose attributes are left as they are.
    pieces = _TAG.split(str(prose(marked)))
    pieces[::2] = [PLACE.sub(lambda match: first_of(match[1]), piece) for piece in pieces[::2]]
    html = "".join(pieces)
    for name, mark in marks.items():
        first = numbers[name][0]
        html = html.replace(f"<mi>{mark}</mi>", f'<mn data-number="{name}">{first}</mn>')
        html = html.replace(mark, first)
    return Markup(html)  # noqa: S704 - prose cleaned it


_PRIVATE = 0xE000
"""Characters without a meaning, from here on, stand for the numbers in formulas."""


_TAG = re.compile(r"(<[^>]*>)")


@functools.cache
def environment() -> jinja2.Environment:
    """Return the environment of the templates of questions."""
    return environment_for(jinja2.PackageLoader("course.markup", "."))


def environment_for(loader: jinja2.BaseLoader) -> jinja2.Environment:
    """Return an environment with the filters for trainers' texts, which stops at names that are unknown."""
    environment = jinja2.Environment(
        loader=loader,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(
        prose=prose, phrase=phrase, plain=plain, plain_text=plain_text, numbers=_numbers
    )
    environment.filters.update(counts.FILTERS)
    environment.filters.update(percent=percentages.percent, percentage=percentages.percentage)
    environment.filters.update(limit=percentages.limit)
    environment.globals["reading"] = reading
    return environment
