"""The words that a course explains: glossary.yml beside mkdocs.yml."""

import functools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from course.content import source
from course.content.lesson import split
from course.content.lesson import visible as visible_lines
from course.content.model import Fault, Strict, Text, place, slug, validated
from course.content.problems import Problem, did_you_mean, short

FILE = "glossary.yml"


class Term(Strict):
    """A word or phrase, what it means in this course, and where it is taught."""

    term: Text
    """The word, as the glossary shows it."""
    definition: Text
    """What it means, in one or two plain sentences of Markdown."""
    forms: list[Text] = Field(default_factory=list)
    """Other words for it that lessons use, such as its plural."""
    lesson: Text | None = None
    """The lesson that teaches it, such as basics/first-replies."""
    only_in: list[Text] = Field(default_factory=list)
    """The only lessons in which these words mean this."""

    @property
    def anchor(self) -> str:
        return slug(self.term)

    @property
    def words(self) -> tuple[str, ...]:
        """All words for it in a text, in lower case and with single spaces."""
        return tuple(dict.fromkeys(map(_key, (self.term, *self.forms))))

    def may_stand_in(self, lesson: str) -> bool:
        return not self.only_in or lesson in self.only_in


class File(Strict):
    """A glossary file."""

    terms: list[Term] = Field(min_length=1)
    """The words, in any order."""

    def faults(self) -> Iterator[Fault]:
        anchors: dict[str, Term] = {}
        taken: dict[str, list[Term]] = {}
        for position, entry in enumerate(self.terms):
            if (first := anchors.setdefault(entry.anchor, entry)) is not entry:
                hint = f"keep one of '{short(first.term)}' and '{short(entry.term)}'"
                yield Fault((position, "term"), f"'{short(entry.term)}' is given twice", hint)
                continue
            for word in entry.words:
                others = [other for other in taken.get(word, ()) if _collide(other, entry)]
                if others:
                    message = f"'{short(word)}' stands for '{short(others[0].term)}' already"
                    hint = "keep it for one of them, or say with 'only_in' which lessons mean which"
                    yield Fault((position, _key_of(entry, word)), message, hint)
                taken.setdefault(word, []).append(entry)


@dataclass(frozen=True)
class Glossary:
    """The terms in the order of the alphabet, and the page that shows them ("" while none does)."""

    page: str
    terms: tuple[Term, ...]

    def found(self, text: str, lesson: str) -> Iterator[tuple[Term, int, int]]:
        """Yield each term in *text*, with its start and end."""
        for match in self._pattern.finditer(text):
            for term in self._by_word[_key(match[0])]:
                if term.may_stand_in(lesson):
                    yield term, match.start(), match.end()

    @functools.cached_property
    def as_json(self) -> str:
        """All terms as JSON, for cache keys."""
        return json.dumps([self.page, *(term.model_dump() for term in self.terms)])

    @functools.cached_property
    def _by_word(self) -> dict[str, list[Term]]:
        found: dict[str, list[Term]] = {}
        for term in self.terms:
            for word in term.words:
                found.setdefault(word, []).append(term)
        return found

    @functools.cached_property
    def _pattern(self) -> re.Pattern[str]:
        # The longest first: a text that says "share of voice" does not say "share".
        words = sorted(self._by_word, key=lambda word: (-len(word), word))
        either = "|".join(r"\s+".join(map(re.escape, word.split())) for word in words)
        return re.compile(rf"(?<![\w-])(?:{either or r'(?!)'})(?![\w-])", re.IGNORECASE)


def read(root: Path) -> tuple[tuple[Term, ...] | None, source.Document, list[Problem]]:
    """Return the terms of the course in *root*, the file they stand in, and what is wrong in it by itself.

    None means that there is no glossary, or that it cannot be read.
    """
    path = root / FILE
    try:
        document = source.parse_yaml(FILE, source.read_text(root, path))
    except source.Unreadable as error:
        return None, source.Document(FILE), error.problems
    problems = list(document.problems)
    label = "" if isinstance(document.data, dict) else "glossary"
    file, found = validated(File, document.data, document, (), label)
    problems += found
    if file is None:
        return None, document, problems
    problems += [_problem(document, fault) for fault in file.faults()]
    return tuple(file.terms), document, problems


def ordered(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(sorted(terms, key=lambda term: (term.anchor, term.term)))


def faults(terms: Sequence[Term], lessons: dict[str, str]) -> Iterator[Fault]:
    """Yield what only the *lessons* show to be wrong with the *terms*; they are texts, by id."""
    for position, term in enumerate(terms):
        named = [(("lesson",), term.lesson)] if term.lesson else []
        places = [*named, *((("only_in", n), name) for n, name in enumerate(term.only_in))]
        for steps, name in places:
            if name not in lessons:
                message = f"there is no lesson '{short(name)}'"
                yield Fault((position, *steps), message, did_you_mean(name, lessons))
    missing = {position: Glossary("", (term,)) for position, term in enumerate(terms)}
    for name, text in lessons.items():
        if not missing:
            break
        plain = _prose(text)
        for position, alone in list(missing.items()):
            if next(alone.found(plain, name), None):
                del missing[position]
    for position in missing:
        term = terms[position]
        if all(name in lessons for name in term.only_in):
            where = "in no lesson" if not term.only_in else "in none of these lessons"
            message = f"'{short(term.term)}' is used {where}"
            hint = "add the form that lessons use under 'forms', or remove the term"
            yield Fault((position, "term"), message, hint)


def problems(
    document: source.Document, terms: Sequence[Term], lessons: dict[str, str]
) -> list[Problem]:
    """Return what is wrong with the *terms* of *document* in a course of these *lessons*."""
    return [_problem(document, fault) for fault in faults(terms, lessons)]


def _problem(document: source.Document, fault: Fault) -> Problem:
    steps = ("terms", *fault.steps)
    return document.at(steps, f"{place(steps)}: {fault.message}", fault.hint)


def _prose(text: str) -> str:
    """Return a lesson's file without front matter, code, headings and blocks, where nothing is linked."""
    _, body, _ = split("", text)
    return _NO_TEXT.sub("", "\n".join(visible_lines(body)))


_NO_TEXT = re.compile(r"^(?:#{1,6}\s.*|\s*/{3,}.*|--8<--.*)$|`[^`\n]*`", re.MULTILINE)


def _key(words: str) -> str:
    return " ".join(words.split()).lower()


def _key_of(entry: Term, word: str) -> str:
    return "term" if word == _key(entry.term) else "forms"


def _collide(one: Term, other: Term) -> bool:
    return not one.only_in or not other.only_in or bool({*one.only_in} & {*other.only_in})
