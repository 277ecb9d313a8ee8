"""Rules for a lesson as something to read: its length, its level, its pictures."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from course.content import source, timing
from course.content.problems import Problem, short
from course.content.reading import LESSONS, plan_name
from course.quality import markdown
from course.quality.material import Material, Page, Passage
from course.quality.rules import Found, Rule

FAST, SLOW = 240, 200
"""Words a minute. Brysbaert 2019 finds 238 for non-fiction; learners stop at figures and tables."""

HARDEST = 50
"""The readability index above which adults who know the subject still stumble."""

LONGEST = 500
"""Words between two headings; lessons do best with something to answer every 250 to 400."""


@dataclass(frozen=True)
class Figures:
    """What reading a page takes. *level* is the LIX, None for a page too short to tell."""

    words: int
    question_words: int
    level: float | None

    @property
    def minutes(self) -> tuple[int, int]:
        """The least and most minutes to expect: fast and the text alone, slow and with its questions."""
        least = round(self.words / FAST)
        most = math.ceil((self.words + self.question_words) / SLOW)
        return max(1, least), max(1, most)


def figures(material: Material) -> dict[str, Figures]:
    """Return what reading each lesson takes, by the path of its page."""
    asked: Counter[str] = Counter()
    for passage in material.passages:
        if passage.in_question:
            asked[passage.path] += markdown.words(passage.prose)
    quizzes = {sheet.page.path: sheet.path for sheet in material.sheets}
    return {
        page.path: Figures(
            markdown.words(page.body.prose),
            asked[quizzes.get(page.path, "")],
            lix(page.body.prose),
        )
        for page in material.pages
        if page.lesson is not None
    }


_NOT_SENTENCES = re.compile(r"^[ \t]*(\||#).*$", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?:](?=[\s\"'”’)*_]|$)|\n\s*\n")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")


def lix(prose: str) -> float | None:
    """Return the readability index LIX (Björnsson 1968), or None for less than a hundred words.

    Words per sentence, plus the percentage of words with more than six letters: about 30 for a story, 40
    for a newspaper, 50 for an official text, 60 for a learned one. It counts letters, where the better
    known formulas guess syllables, and so holds for several languages.
    """
    text = _NOT_SENTENCES.sub("", prose)
    words = _WORD.findall(text)
    if len(words) < 100:
        return None
    sentences = sum(1 for part in _SENTENCE_END.split(text) if _WORD.search(part))
    long = sum(1 for word in words if len(word) > 6)
    return len(words) / sentences + 100 * long / len(words)


def reading_time(material: Material) -> Iterator[Found]:
    taken = figures(material)
    for page in material.pages:
        if page.lesson is None:
            continue
        stated, found = page.lesson.minutes, taken[page.path]
        least, most = found.minutes
        if not least <= stated <= most + 1:
            takes = f"{least}" if least == most else f"{least} to {most}"
            message = f"minutes: {found.words} words and the questions take {takes}, not {stated}"
            yield page.excuses, page.at(("minutes",), message, f"write {takes}, or fix the length")


def plan_time(material: Material) -> Iterator[Found]:
    for page in material.pages:
        plan = page.lesson.plan if page.lesson is not None else None
        if page.lesson is None or plan is None:
            continue
        least = timing.writing_minutes(plan)
        if plan.minutes < least:
            path = plan_name(page.lesson.path)
            text = source.read_text(material.root, material.root / path)
            at = source.parse_yaml(path, text).at
            message = f"minutes: writing its entries takes {least} at least, not {plan.minutes}"
            yield page.excuses, at(("minutes",), message, f"write {least}, or ask for less")


def reading_level(page: Page) -> Iterator[Problem]:
    level = lix(page.body.prose)
    if level is not None and level > HARDEST:
        message = f"is hard to read: index {level:.0f}, {HARDEST} at most"
        hint = "split the longest sentences, and use everyday words where they say the same"
        yield page.body.at(page.body.text.find(page.body.text.lstrip()[:1]), "", message, hint)


def section_length(page: Page) -> Iterator[Problem]:
    for section in markdown.sections(page.body.prose):
        if section.words > LONGEST:
            name = f"the section '{short(section.title)}'" if section.title else "the beginning"
            message = f"{name} runs to {section.words} words; {LONGEST} at most"
            offset = section.offset or len(page.body.text) - len(page.body.text.lstrip())
            yield page.body.at(offset, "", message, "divide it, and ask something in between")


def text_alternative(passage: Passage) -> Iterator[Problem]:
    for link in markdown.links(passage.visible):
        # An <img> with an empty alt says on purpose that it decorates; ![](...) says nothing.
        lacks = link.label is None or (not link.is_html and not link.label)
        if link.is_picture and lacks:
            message = f"the picture {short(link.target)} has no text alternative"
            hint = "say what it shows between the brackets, or in alt="
            yield passage.at(link.offset, "<img" if link.is_html else link.target, message, hint)


_SVG_NAME = re.compile(r"<title\b|aria-label(ledby)?=|aria-hidden=[\"']true", re.IGNORECASE)


def svg_title(material: Material) -> Iterator[Found]:
    for path in sorted((material.root / LESSONS).rglob("*.svg")):
        name = source.name_of(material.root, path)
        try:
            text = source.read_text(material.root, path)
        except source.Unreadable:
            continue  # too large, or no text at all: it is shown as a picture, with its own alternative
        if not _SVG_NAME.search(text):
            hint = "put <title>what it shows</title> right behind <svg ...>"
            yield material.excuses, Problem(name, 1, 1, "the drawing has no title", hint)


_WCAG = "WCAG 2.2, 1.1.1"

COURSE_RULES: tuple[Rule[Material, Found], ...] = (
    Rule(
        "reading-time",
        "people plan by the minutes that you promise",
        "Brysbaert 2019",
        reading_time,
        counts_words=True,
    ),
    Rule(
        "plan-time",
        "a page that takes twice as long as promised is left half empty",
        "Karat and others 1999",
        plan_time,
    ),
    Rule("text-alternative", "people who cannot see a picture are read its text", _WCAG, svg_title),
)

PAGE_RULES: tuple[Rule[Page, Problem], ...] = (
    Rule(
        "reading-level",
        "adults read beside their work, many of them not in their first language",
        "Björnsson 1968",
        reading_level,
        counts_words=True,
    ),
    Rule(
        "section-length",
        "something to do every 250 to 400 words goes with more learning than more to read",
        "Koedinger and others 2015",
        section_length,
        counts_words=True,
    ),
)

PASSAGE_RULES: tuple[Rule[Passage, Problem], ...] = (
    Rule(
        "text-alternative",
        "people who cannot see a picture are read its text",
        _WCAG,
        text_alternative,
    ),
)
