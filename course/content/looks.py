"""Normal forms of texts for finding those that look alike though their characters differ."""

import unicodedata

from course.content.folding import INVISIBLE
from course.content.model import normalise_text

_SAME_LOOK = frozenset({"<wide>", "<narrow>", "<small>", "<noBreak>", "<compat>", "<isolated>"})
"""Kinds of Unicode's compatibility forms that look like the plain ones; x² and ½ are others."""

_JOINERS = "\u200c\u200d"

_TWINS = str.maketrans(
    "АВЕЅІЈКМНОРСТХУаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲ",
    "ABESIJKMHOPCTXYaesijopcyxABEZHIKMNOPTYXoc",
)
"""Cyrillic and Greek letters that look like Latin ones."""


def visible_text(text: str) -> str:
    """Return *text* casefolded, without invisible characters, and with all kinds of spaces alike."""
    if text.isascii():
        return " ".join(normalise_text(text).casefold().split())
    seen = "".join(
        _plain(char, before, after)
        for before, char, after in zip(f" {text}", text, f"{text[1:]} ", strict=False)
    )
    return " ".join(normalise_text(seen).casefold().split())


def latin_shape(text: str) -> str:
    """Return `visible_text` with Cyrillic and Greek letters replaced by the Latin ones they resemble."""
    return visible_text(text.translate(_TWINS))


def _plain(char: str, before: str, after: str) -> str:
    """Return the visible form of one character; "" if it is invisible."""
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
