"""Phrases that must not come back: the course's own house style, from its list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from course.content import source
from course.content.problems import Problem
from course.quality.material import Material
from course.quality.rules import UNSPACED, Found, Rule

PHRASE_LIST = "phrases.yml"


@dataclass(frozen=True)
class Phrase:
    """A phrase to avoid. *better* is what to write instead; "" for a phrase to leave out."""

    text: str
    better: str

    def pattern(self, *, spaced: bool) -> re.Pattern[str]:
        """Return what finds it: in any case, across line ends, with either apostrophe.

        *spaced*: the language puts spaces between words, so that only whole words are found.
        """
        words = r"\s+".join(re.sub("['’]", "['’]", re.escape(w)) for w in self.text.split())
        return re.compile(rf"(?<!\w){words}(?!\w)" if spaced else words, re.IGNORECASE)


def read_list(material: Material) -> tuple[list[Phrase], list[Problem]]:
    """Return the course's phrases and what is wrong with their list; raises source.Unreadable."""
    path = material.root / PHRASE_LIST
    if not path.exists():
        return [], []
    document = source.parse_yaml(PHRASE_LIST, source.read_text(material.root, path))
    written = document.data if document.data is not None else {}
    if not isinstance(written, dict):
        return [], [document.at((), "is no list of phrases", "write 'PHRASE: BETTER WORDING'")]
    phrases, problems = [], list(document.problems)
    for text, better in written.items():
        if text.strip() and isinstance(better, str | None):
            phrases.append(Phrase(text, (better or "").strip()))
        else:
            hint = 'put both in quotation marks: "PHRASE": "BETTER WORDING"'
            problems.append(document.at((text,), f"'{text}' is no phrase with a wording", hint))
    return phrases, problems


def house_style(material: Material) -> Iterator[Found]:
    phrases, problems = read_list(material)
    for problem in problems:
        yield material.excuses, problem
    spaced = material.language not in UNSPACED
    for phrase in phrases:
        pattern = phrase.pattern(spaced=spaced)
        for passage in material.passages:
            for match in pattern.finditer(passage.prose):
                hint = f"write '{phrase.better}'" if phrase.better else "leave it out"
                message = f"'{' '.join(match[0].split())}' is on the list of phrases to avoid"
                yield passage.excuses, passage.at(match.start(), match[0], message, hint)


COURSE_RULES: tuple[Rule[Material, Found], ...] = (
    Rule(
        "house-style",
        "a phrase that was put right once comes back with the next author",
        "our own rule",
        house_style,
    ),
)
