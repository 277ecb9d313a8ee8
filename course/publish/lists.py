"""Blocks that show something of the whole course: `/// glossary` its terms, `/// sources` its sources."""

import itertools
import json
import posixpath
from collections.abc import Callable
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString
from pymdownx.blocks.block import Block

from course.content import dates
from course.content.course import Course, Lesson
from course.content.lesson import Source
from course.content.problems import CourseError, Problem
from course.content.reading import GLOSSARY, LESSONS
from course.publish.builders import course_of, page_path


class ListBlock(Block):  # type: ignore[misc]  # pymdownx has no types
    """Elements, not ready HTML: so headings reach the contents, and links are followed and checked."""

    ARGUMENT = None

    def on_create(self, parent: Element) -> Element:
        course, path = course_of(self.config), page_path(self.md)
        self.config["lists"].add(self.NAME)
        around = SubElement(parent, "div", {"class": f"course-{self.NAME}"})
        self.fill(around, course, path)
        return around

    def fill(self, around: Element, course: Course, path: str) -> None:
        raise NotImplementedError

    def on_markdown(self) -> str:
        return "block"


class GlossaryBlock(ListBlock):
    """Puts the course's terms into the page, in the order of the alphabet."""

    NAME = "glossary"

    def fill(self, around: Element, course: Course, path: str) -> None:
        if course.glossary is None:
            if path in self.config["broken"]:
                return
            name, hint = f"{LESSONS}/{path or '?'}", "write it, or remove the block"
            message = f"there is no {GLOSSARY} for this glossary block"
            raise CourseError([Problem(name, 1, 1, message, hint)])
        letters = SubElement(around, "p", {"class": "course-glossary__letters"})
        begins = itertools.groupby(course.glossary.terms, lambda term: term.anchor[0].upper())
        for letter, terms in begins:
            _link(letters, f"#{next(terms).anchor}", letter).tail = " "
        for term in course.glossary.terms:
            SubElement(around, "h2", {"id": term.anchor}).text = AtomicString(term.term)
            SubElement(around, "p").text = term.definition
            lesson = course.lessons.get(term.lesson or "")
            if lesson is not None:
                taught = SubElement(around, "p", {"class": "course-glossary__taught"})
                taught.text = "Taught in "
                _link(taught, _way(path, lesson), lesson.title)


class SourcesBlock(ListBlock):
    """Puts the sources of all lessons into the page, in the order of the course."""

    NAME = "sources"

    def fill(self, around: Element, course: Course, path: str) -> None:
        for module in course.modules:
            lessons = [lesson for lesson in module.lessons if lesson.sources]
            if lessons:
                SubElement(around, "h2").text = AtomicString(module.title)
            for lesson in lessons:
                _link(SubElement(around, "h3"), _way(path, lesson), lesson.title)
                listed = SubElement(around, "ol")
                for source in lesson.sources:
                    _source(SubElement(listed, "li"), source)


def _source(item: Element, source: Source) -> None:
    published = f" {source.publisher}." if source.publisher else ""
    item.text = f"{source.text} ({source.year}).{published} "
    if source.url:
        link = _link(item, source.url, source.url)
        link.set("rel", "noopener")
        link.tail = " "
    if note := reading_note(source):
        SubElement(item, "span", {"class": "sources__note"}).text = note


def reading_note(source: Source) -> str:
    """Return what was read of a source, and when; "" where nothing is known."""
    when = dates.day(source.read) if source.read else ""
    if source.seen == "page":
        return f"Read on {when}." if when else ""
    what = "a stored copy of it" if source.seen == "copy" else "only a report of it"
    return f"We read {what}, on {when}." if when else f"We read {what}."


def _link(parent: Element, target: str, words: str) -> Element:
    link = SubElement(parent, "a", {"href": target})
    link.text = AtomicString(words)
    return link


def _way(path: str, lesson: Lesson) -> str:
    """Return how the page at *path* links to a lesson: file to file, as every builder understands it."""
    return posixpath.relpath(lesson.path, posixpath.dirname(path) or ".")


def shown(course: Course, name: str) -> str:
    """Return everything that the list *name* shows of *course*, as plain data."""
    return json.dumps(_SHOWN[name](course))


def _of_glossary(course: Course) -> object:
    titles = [[lesson.id, lesson.title, lesson.path] for lesson in course.lessons.values()]
    return [course.glossary.as_json if course.glossary else "", titles]


def _of_sources(course: Course) -> object:
    return [
        [
            module.title,
            lesson.title,
            lesson.path,
            [s.model_dump(mode="json") for s in lesson.sources],
        ]
        for module in course.modules
        for lesson in module.lessons
        if lesson.sources
    ]


_SHOWN: dict[str, Callable[[Course], object]] = {
    GlossaryBlock.NAME: _of_glossary,
    SourcesBlock.NAME: _of_sources,
}
