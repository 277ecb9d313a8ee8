"""Whether two texts look alike to a person, whatever characters they are made of."""

import unicodedata

from course.content.folding import INVISIBLE
from course.content.model import tidy

_SAME_LOOK = frozenset({"<wide>", "<narrow>", "<small>", "<noBreak>", "<compat>", "<isolated>"})
"""Kinds of Unicode's compatibility forms that look like the plain ones; x² and ½ are others."""

_JOINERS = "\u200c\u200d"

_TWINS = str.maketrans(
    "АВЕЅІЈКМНОРСТХУаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲ",
    "ABESIJKMHOPCTXYaesijopcyxABEZHIKMNOPTYXoc",
)
"""Cyrillic and Greek letters that look like Latin ones."""


def look(text: str) -> str:
    """Return *text* as it is seen: without invisible characters, kinds of spaces, and case."""
    if text.isascii():
        return " ".join(tidy(text).casefold().split())
    seen = "".join(
        _plain(char, before, after)
        for before, char, after in zip(f" {text}", text, f"{text[1:]} ", strict=False)
    )
    return " ".join(tidy(seen).casefold().split())


def shape(text: str) -> str:
    """Return what *text* looks like where letters of other scripts count as the Latin ones they resemble."""
    return look(text.translate(_TWINS))


def _plain(char: str, before: str, after: str) -> str:
    """Return what is seen of one character."""
    if (
        char in _JOINERS
    ):  # they shape Persian, Hindi and emoji, and do nothing between other letters
        return char if min(before, after) >= "\u0590" else ""
    if unicodedata.category(char) == "Cf" or INVISIBLE.match(char):
        return ""
    if char.isspace():
        return char if char == "\n" else " "
    kind = unicodedata.decomposition(char).partition(" ")[0]
    return unicodedata.normalize("NFKC", char) if kind in _SAME_LOOK else char
