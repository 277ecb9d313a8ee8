"""Rules for what there is to choose from: whether a choice without thought passes, and how texts come out."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import markdown

from course.content.percent import limit, percent, percentage
from course.content.problems import Problem, short
from course.content.questions.base import Given, option_key
from course.content.questions.match import Match
from course.content.questions.multiple import Multiple
from course.quality.material import Item, Steps
from course.quality.rules import Rule

Found = Iterator[Problem]


def all_ticked_passes(item: Item) -> Found:
    asked, lesson = item.question, item.page.lesson
    if lesson is None or lesson.quiz is None or not asked.worth:
        return
    pass_mark = lesson.quiz.rules.pass_mark
    for given, steps, what in _without_thought(item):
        share = asked.mark(given).share or 0.0
        if share >= pass_mark - 1e-9:
            gives = percentage(percent(share))
            message = f"{what} gives {gives} of the points, and {limit(pass_mark)} passes"
            hint = "add wrong ones that people do believe, or 'scoring: all-or-nothing'"
            yield item.at(steps, message, hint)
            return


def _without_thought(item: Item) -> Iterator[tuple[Given, Steps, str]]:
    """Yield answers that need no knowledge: every option ticked, and one choice for every row."""
    asked = item.question
    if isinstance(asked, Multiple):
        everything = {"choice": [option.key for option in asked.options]}
        yield everything, ("options",), "ticking every option"
    if isinstance(asked, Match):
        for right in dict.fromkeys(pair.right for pair in asked.pairs):
            given = {pair.key: [option_key(right)] for pair in asked.pairs}
            yield given, ("pairs",), f"choosing '{short(right)}' in every row"


# Markdown

_LISTED = {
    "options": "text", "pairs": "left", "items": "text", "distractors": "text", "checklist": "",
}  # fmt: skip
"""The lists of texts to choose from, and the key of each entry that holds its text."""

_EXTENSIONS = ("tables", "fenced_code", "sane_lists", "smarty")
"""What `course/markup` draws questions with, but for formulas, which are left out here."""

_BLOCKS = {
    "h1": "a heading", "h2": "a heading", "h3": "a heading", "h4": "a heading", "h5": "a heading",
    "h6": "a heading", "hr": "a ruled line", "ul": "a list", "ol": "a list", "blockquote": "a quotation",
    "pre": "a block of code", "table": "a table",
}  # fmt: skip

_LOST = re.compile(r"\\([()\[\]{}])")
"""A backslash that Markdown takes away, though what follows meant nothing to it."""

_FORMULA = re.compile(r"\\\(.+?\\\)|\\\[.+?\\\]", re.DOTALL)
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_TAG = re.compile(r"</?([a-zA-Z][\w-]*)(?:\s[^<>]*)?/?>")
_TAGS = frozenset(
    re.findall(
        r"\w+",
        "a abbr b bdi bdo br cite code del dfn em i img ins kbd mark q ruby rp rt s samp small span"
        " strong sub sup time u var wbr",
    )
)
"""HTML that may stand in a line of text."""


def markdown_changes_option(item: Item) -> Found:
    for steps, text in _texts(item):
        if what := _change(text):
            hint = "write it as code (`…`), or a backslash before the sign"
            yield item.at(steps, f"'{short(text)}' is shown otherwise: {what}", hint)


def _texts(item: Item) -> Iterator[tuple[Steps, str]]:
    """Yield each text to choose from, as it stands in the file."""
    for name, key in _LISTED.items():
        listed = item.written.get(name)
        for position, entry in enumerate(listed if isinstance(listed, list) else []):
            group = entry if isinstance(entry, list) else [entry]
            for inner, one in enumerate(group):
                steps: Steps = (name, position, *((inner,) if isinstance(entry, list) else ()))
                if isinstance(one, str):
                    yield steps, one
                for field in (key, "right") if isinstance(one, dict) else ():
                    if isinstance(text := one.get(field), str):
                        yield (*steps, field), text


def _change(text: str) -> str:
    """Return what Markdown makes of a text beyond what its signs were plainly meant for; "" for nothing."""
    if "\n" in text.strip():
        return ""  # more than a phrase: blocks are meant
    text = _FORMULA.sub("x", text)
    tags = _Tags()
    tags.feed(markdown.markdown(text, extensions=list(_EXTENSIONS)))
    for tag in tags.found:
        if tag in _BLOCKS:
            return f"as {_BLOCKS[tag]}"
    if tags.splits_word:
        return "signs inside a word or number make emphasis"
    plain = _CODE.sub("", text)
    if (match := _TAG.search(plain)) and match[1].lower() not in _TAGS:
        return f"{match[0]} is taken for HTML and left out"
    if match := _LOST.search(plain):
        return f"the backslash before {match[1]} is lost"
    if match := re.search(r"(?<!-)--(?=[a-zA-Z])", plain):
        return "-- becomes a dash"
    return ""


class _Tags(HTMLParser):
    """Collects the names of the elements in HTML, and whether emphasis begins or ends inside a word."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.splits_word = False
        self._before = ""
        self._has_ended = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.append(tag)
        self.splits_word |= tag in ("em", "strong") and _is_of_word(self._before)

    def handle_endtag(self, tag: str) -> None:
        self._has_ended = tag in ("em", "strong")

    def handle_data(self, data: str) -> None:
        self.splits_word |= self._has_ended and _is_of_word(data[0])
        self._before, self._has_ended = data[-1], False


def _is_of_word(char: str) -> bool:
    """Whether *char* is a letter or digit of a script that parts words by spaces."""
    return char.isalnum() and char < "\u2e80"


_OWN = "our own rule"

RULES: tuple[Rule[Item, Problem], ...] = (
    Rule(
        "all-ticked-passes",
        "whoever chooses everything, or the same everywhere, passes without knowing anything",
        _OWN,
        all_ticked_passes,
    ),
    Rule(
        "markdown-changes-option",
        "learners choose by what they see, and signs that Markdown takes are not seen",
        _OWN,
        markdown_changes_option,
    ),
)
