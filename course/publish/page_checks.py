"""What is checked in the HTML of every page. `check`, `build` and the preview all run these rules.

To add a rule, write a function that yields problems and list it in RULES. A problem with `is_warning` is
reported and stops nothing; every other stops the build.
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from course.content.course import Lesson
from course.content.hosts import Hosts
from course.content.lesson import hidden, unclosed
from course.content.problems import Problem, short
from course.publish import policy_checks
from course.publish.blocks import line_of_block


@dataclass(frozen=True)
class RenderedPage:
    """A page's HTML without the theme around it, and where it comes from."""

    path: Path
    """The Markdown file."""
    name: str
    """The file as problems name it, such as "lessons/start/first.md"."""
    html: str
    lesson: Lesson | None
    """None for a page that is no lesson."""
    hosts: Hosts
    """The other sites that it may show something of."""

    @functools.cached_property
    def source(self) -> str:
        """The Markdown file's text, front matter included, so that lines count as in the file."""
        return self.path.read_text("utf-8-sig", "replace")


def check(page: RenderedPage) -> list[Problem]:
    """Return everything that the rules find in a page."""
    return [problem for rule in RULES for problem in rule(page)]


def each_question_once(page: RenderedPage) -> Iterator[Problem]:
    """A block that pymdownx does not take silently stays text."""
    for question in page.lesson.questions if page.lesson else ():
        times = page.html.count(f'id="q-{question.id}"')
        if times != 1:
            what = "is not on the page" if times == 0 else f"is on the page {times} times"
            hint = "leave a blank line around each quiz block, and no options inside it"
            if fences := unclosed(page.source.split("\n")):
                number, fence = fences[0]
                hint = f"close '{fence}', which begins on line {number + 1}"
            message = f"the question '{question.id}' {what}"
            yield Problem(page.name, line_of_block(page.source), 1, message, hint)


def only_known_tags(page: RenderedPage) -> Iterator[Problem]:
    """Words in angle brackets become a tag of HTML, which no browser shows."""
    unknown = {name.lower() for name in _TAG.findall(page.html)} - _HTML
    if "<svg" in page.html:
        unknown -= _INSIDE_SVG
    if "<math" in page.html:
        unknown -= _INSIDE_MATH
    if not unknown:
        return
    lines = page.source.split("\n")
    for number in hidden(lines):
        lines[number] = ""
    for number, line in enumerate(lines, 1):
        for match in _WRITTEN_TAG.finditer(_CODE.sub(lambda code: " " * len(code[0]), line)):
            if match[1].lower() in unknown:
                message = f"'{short(match[0])}' is read as a tag of HTML, so nobody sees it"
                hint = "put it in backticks, or write '&lt;' for '<'"
                yield Problem(page.name, number, match.start() + 1, message, hint, is_warning=True)


_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9]*)(?=[\s>/])")
"""Without a hyphen: elements with one are the page's own."""
_WRITTEN_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*)?>")
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_HTML = _names(
    "a abbr acronym address area article aside audio b base bdi bdo big blockquote body br button canvas "
    "caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed "
    "fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr "
    "html i iframe img input ins kbd label legend li link main map mark marquee math menu meta meter nav "
    "nobr noframes noscript object ol optgroup option output p param picture pre progress q rp rt ruby s "
    "samp script search section select slot small source span strike strong style sub summary sup svg "
    "table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr"
)
_INSIDE_SVG = _names(
    "animate circle clippath defs desc ellipse filter foreignobject g image line lineargradient marker "
    "mask metadata path pattern polygon polyline radialgradient rect set stop switch symbol text textpath "
    "tspan use view"
)
_INSIDE_MATH = _names(
    "annotation maction menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts "
    "mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none "
    "semantics"
)


def nothing_blocked(page: RenderedPage) -> Iterator[Problem]:
    """What the policy of the site keeps out would be missing without a word."""
    yield from policy_checks.in_page(page.html, page.source, page.name, page.hosts)


def questions_can_be_shown(page: RenderedPage) -> Iterator[Problem]:
    """Feedback and explanations come from the service, long after the build."""
    if page.lesson is not None and page.lesson.questions:
        root = page.path.parents[page.name.count("/")]
        lesson = page.lesson.path
        yield from policy_checks.in_questions(page.lesson.questions, root, lesson, page.hosts)


RULES: tuple[Callable[[RenderedPage], Iterable[Problem]], ...] = (
    each_question_once,
    only_known_tags,
    nothing_blocked,
    questions_can_be_shown,
)
