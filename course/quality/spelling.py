"""Spelling, by the dictionary of the course's language and the course's own list of words."""

import functools
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from spellchecker import SpellChecker

from course.content import source
from course.content.problems import Problem
from course.quality import dialect
from course.quality.material import Material, Passage
from course.quality.rules import Found, Rule

WORD_LIST = "words.txt"

FLOOD = 3
"""Places of one unknown word above which they become one warning."""

FOREIGN = 0.5
"""The share of unknown words above which a course is most likely in another language than it names."""
ENOUGH_WORDS = 100
"""Words below which nobody can tell a course's language."""

_LETTER = r"[^\W\d_\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209c]"  # no superscripts, no fractions
_WORD = re.compile(rf"{_LETTER}+(?:[’']{_LETTER}+)*")


class Word(NamedTuple):
    """A word where it stands."""

    text: str
    passage: Passage
    offset: int

    def at(self, message: str, hint: str = "") -> Problem:
        return self.passage.at(self.offset, self.text, message, hint)


class Dictionary:
    """The words that are right: those of the language, and those that the course adds."""

    def __init__(
        self, language: str, own: frozenset[str], read: Counter[str] | None = None
    ) -> None:
        """*read* counts the words of the course that are written in lower case."""
        self.language = language
        self.own = own
        self.read = read or Counter()
        self.used: set[str] = set()
        """Which of the course's own words were needed."""
        self._checker = _checker(language)
        self._known: dict[str, bool] = {}

    def knows(self, word: str) -> bool:
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._look_up(word)
        return known

    def _look_up(self, word: str) -> bool:
        word = re.sub(r"['’]s?$", "", word.replace("’", "'"))
        if len(word) < 3 or (word.isupper() and len(word) < 7):  # KPI, WOMMA
            return True
        lower = word.lower()
        if lower in self._checker:
            return True
        if self.language == "en" and dialect.american(lower) in self._checker:
            return True
        entry = next((entry for entry in (word, lower) if entry in self.own), None)
        if entry is not None:
            self.used.add(entry)
        return entry is not None

    @functools.cached_property
    def _right(self) -> Counter[str]:
        """The lower-case words of the course that are right, with how often it uses them."""
        return Counter({word: many for word, many in self.read.items() if self.knows(word)})

    @functools.cache  # noqa: B019 - there is one dictionary in a run
    def nearest(self, word: str) -> str:
        """Return the word one slip away that the course uses most, or "".

        Only its own words: a dictionary knows many that nobody would like to be suggested.
        """
        if not word.islower():
            return ""  # a name, most likely, and names resemble all kinds of words
        near = self._checker.edit_distance_1(word) & self._right.keys() - {word}
        return max(sorted(near), key=self._right.__getitem__, default="")


@functools.cache
def _checker(language: str) -> SpellChecker:
    return SpellChecker(language, distance=1)


def can_spell(language: str) -> bool:
    return language in SpellChecker.languages()


def own_words(root: Path) -> dict[str, int]:
    """Return the course's own words with their lines; raises source.Unreadable. "#" begins a comment."""
    path = root / WORD_LIST
    if not path.exists():
        return {}
    words: dict[str, int] = {}
    for number, line in enumerate(source.read_text(root, path).split("\n"), 1):
        if word := line.partition("#")[0].strip():
            words.setdefault(word, number)
    return words


def words(material: Material) -> Iterator[Word]:
    for passage in material.passages:
        for match in _WORD.finditer(passage.prose):
            yield Word(match[0], passage, match.start())


@functools.lru_cache(maxsize=1)
def unknown(material: Material) -> tuple[list[Word], Dictionary]:
    """Return the words that no dictionary knows, and the dictionary that looked them up."""
    found = list(words(material))
    read = Counter(word.text for word in found if word.text.islower())
    dictionary = Dictionary(material.language, frozenset(own_words(material.root)), read)
    return [word for word in found if not dictionary.knows(word.text)], dictionary


@functools.lru_cache(maxsize=1)
def is_foreign(material: Material) -> bool:
    """Whether the course seems to be in another language than mkdocs.yml names."""
    missed, _ = unknown(material)
    total = sum(1 for _ in words(material))
    return total >= ENOUGH_WORDS and len(missed) > FOREIGN * total


def spelling(material: Material) -> Iterator[Found]:
    if not can_spell(material.language):
        return
    missed, dictionary = unknown(material)
    if is_foreign(material):
        message = f"most words are in no dictionary of the language '{material.language}'"
        hint = "name the language of the course under 'theme:', such as 'language: de'"
        yield material.excuses, material.site.at(("theme", "language"), message, hint)
        return
    places: dict[str, list[Word]] = {}
    for word in missed:
        places.setdefault(word.text, []).append(word)
    for text, found in places.items():
        near = dictionary.nearest(text)
        suggestion = f"did you mean '{near}'? " if near else "fix it, or "
        hint = f"{suggestion}{'If it is right, add it' if near else 'add it'} to {WORD_LIST}"
        message = f"'{text}' is in no dictionary"
        if len(found) > FLOOD:
            found = [word for word in found if not word.passage.excuses.cover("spelling")]
            message += f"; it stands in {len(found)} places" if len(found) > 1 else ""
            found = found[:1]
        for word in found:
            yield word.passage.excuses, word.at(message, hint)


def word_list(material: Material) -> Iterator[Found]:
    """Yield words of the course's list that are there for nothing."""
    own = own_words(material.root)
    if not own or not can_spell(material.language):
        return
    _, dictionary = unknown(material)
    for word, line in own.items():
        if word not in dictionary.used:
            problem = Problem(WORD_LIST, line, 1, f"'{word}' is not needed", "remove the line")
            yield material.excuses, problem
    listed = list(own)
    for before, word in itertools.pairwise(listed):
        if _sorting(word) < _sorting(before):
            message = f"'{word}' stands after '{before}'"
            yield material.excuses, Problem(WORD_LIST, own[word], 1, message, "sort the list")


def _sorting(word: str) -> tuple[str, str]:
    return word.casefold(), word


def add_words(material: Material) -> list[str]:
    """Write every unknown word into the course's list; return those added."""
    missed, _ = unknown(material)
    listed = own_words(material.root)
    names = {re.sub(r"['’]s?$", "", word.text) for word in missed}
    added = sorted(
        {n for n in names if n.lower() not in names or n.islower()} - listed.keys(), key=_sorting
    )
    if added:
        path = material.root / WORD_LIST
        text = source.read_text(material.root, path) if path.exists() else ""
        comments = [line for line in text.split("\n") if line.startswith("#")]
        entries = [line for line in text.split("\n") if line.strip() and not line.startswith("#")]
        lines = comments + sorted([*entries, *added], key=_sorting)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return added


def _is_name(word: Word) -> bool:
    """Whether a capital within a sentence shows it to be part of a name, which is spelt as it is."""
    before = word.passage.prose[: word.offset].rstrip(" *_")
    return word.text[0].isupper() and before[-1:].isalpha()


def mixed_spelling(material: Material) -> Iterator[Found]:
    if material.language != "en":
        return
    use_of = functools.cache(lambda lower: dialect.use(lower, _checker("en").__contains__))
    found = [
        (word, use)
        for word in words(material)
        if (use := use_of(word.text.lower())) is not None and not _is_name(word)
    ]
    counts = Counter(use for _, use in found)
    for word, use in found:
        if counts[use] < counts[use.other] or (
            counts[use] == counts[use.other] and use.is_american
        ):
            message = f"'{word.text}' is spelt the {use.name} way"
            hint = f"{counts[use.other]} words are spelt the {use.other.name} way, {counts[use]} this way"
            yield word.passage.excuses, word.at(message, hint)


COURSE_RULES: tuple[Rule[Material, Found], ...] = (
    Rule("spelling", "a slip makes readers doubt the rest", "our own rule", spelling),
    Rule("word-list", "a list of needless words lets slips pass", "our own rule", word_list),
    Rule(
        "mixed-spelling",
        "one hand should seem to have written the course",
        "our own rule",
        mixed_spelling,
        english=True,
    ),
)
