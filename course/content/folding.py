"""Typed words as they are compared, by each version of the marking rules.

A fold that was published stays as it is: answers keep the mark of their day, and are shown with it. A better
one is a new version (`MARKING` in `course/content/questions/base.py`) with an entry in `FOLDS`.

Version 2 rests on Unicode's character names, which never change, and on its general categories, which are
changed for new characters only. So it needs no table from a library, and an upgrade of Python or of a library
alters no mark.
"""

import functools
import re
import unicodedata
from collections.abc import Callable, Mapping

# Version 1

_ALIKE = str.maketrans("‘’ʼ“”‐‑‒–—−", "'''\"\"------")


def fold_1(text: str) -> str:
    """Return *text* without case, accents, outer punctuation or double spaces.

    Accents are those of Latin, Greek and Cyrillic; marks that make another letter (が, か) stay.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(
        c for c in plain if not "\u0300" <= c <= "\u036f" and unicodedata.category(c) != "Cf"
    )
    words = " ".join(plain.translate(_ALIKE).split())
    return words.strip(" .,;:!?\"'«»") or words


# Version 2

_SPACING_MARKS = str.maketrans(
    {
        "\u00b4": "'",  # acute accent
        "\u0384": "'",  # Greek tonos, on the key of the apostrophe
        "\u1fbd": "'",  # Greek koronis
        "\u1fbf": "'",  # Greek psili
        "\u1ffd": "'",  # Greek oxia
        "\u1ffe": "'",  # Greek dasia
        "\u02dd": '"',  # double acute accent
        "\u2033": '"',  # double prime
        "\u2036": '"',  # reversed double prime
    }
)
"""Typed for an apostrophe or a quotation mark; normalisation would make a space of them."""

_LETTERS = {
    "æ": "ae", "œ": "oe", "ꜳ": "aa", "ꜵ": "ao", "ꜷ": "au", "ꜹ": "av", "ꜽ": "ay", "ꝏ": "oo", "ꝡ": "vy",
    "ꜩ": "tz", "ȸ": "db", "ȹ": "qp", "ð": "d", "þ": "th", "ı": "i", "ȷ": "j", "ŋ": "n", "ĸ": "k",
}  # fmt: skip
"""Ligatures and letters whose name does not say which letter they come from; lower case is enough."""

_VARIED = re.compile(r"LATIN SMALL LETTER (?:DOTLESS )?([A-Z]) WITH ")
"""The name of a stroked, barred or hooked letter, such as LATIN SMALL LETTER L WITH STROKE."""

_SINGLE = re.compile(
    r"\bAPOSTROPHE\b|\bPRIME\b|\bGRAVE ACCENT\b|\bACUTE ACCENT\b|SINGLE .*QUOTATION MARK|\bSALTILLO\b"
    r"|^MODIFIER LETTER (?:TURNED COMMA|REVERSED COMMA|GLOTTAL STOP|LEFT HALF RING|RIGHT HALF RING)$"
    r"|^HEBREW PUNCTUATION GERESH$"
)
_DOUBLE = re.compile(
    r"QUOTATION MARK|CORNER BRACKET|^HEBREW PUNCTUATION GERSHAYIM$|DOUBLE (?:PRIME|APOSTROPHE)"
)
_MINUS = re.compile(r"(?:^|LETTER |HEAVY )MINUS SIGN$|^HYPHEN BULLET$")

INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Characters that show nothing, besides those of category Cf."""

_ACCENTS = (
    ("\u0300", "\u036f"),  # Latin, Greek and Cyrillic
    ("\u0483", "\u0487"),  # Cyrillic
    ("\u0591", "\u05bd"), ("\u05bf", "\u05bf"), ("\u05c1", "\u05c2"), ("\u05c4", "\u05c5"),
    ("\u05c7", "\u05c7"),  # Hebrew points
    ("\u064b", "\u0652"), ("\u0670", "\u0670"),  # Arabic vowels
    ("\u1ab0", "\u1aff"), ("\u1dc0", "\u1dff"), ("\u20d0", "\u20ff"), ("\ufe20", "\ufe2f"),
)  # fmt: skip
"""Marks that are passed over, as ranges: accents, and the vowel points that most people leave out."""

_MEANS_SOMETHING = frozenset("#%&*/@\\†‡‰‱§¶※-_")
"""Punctuation that stays at the ends of a word: C# is not C, and 5% is not 5."""

_QUOTES = "'\""


def is_dash(char: str) -> bool:
    """Whether *char* is a dash, a hyphen or a minus sign of any script."""
    return unicodedata.category(char) == "Pd" or bool(_MINUS.search(unicodedata.name(char, "")))


def is_apostrophe(char: str) -> bool:
    """Whether *char* is an apostrophe, a single quotation mark, or an accent or prime typed for one."""
    return _quote(char) == "'"


@functools.lru_cache(maxsize=4096)
def _quote(char: str) -> str:
    """Return ' or " for an apostrophe or quotation mark of any script, and "" for all else."""
    name = unicodedata.name(char, "")
    if char in _QUOTES:
        return char
    if _SINGLE.search(name) and "DOUBLE" not in name:
        return "'"
    return '"' if _DOUBLE.search(name) else ""


@functools.lru_cache(maxsize=4096)
def _folded(char: str) -> str:
    """Return what a character counts as, once case and compatibility forms are gone."""
    if char.isascii():
        return "'" if char == "`" else char
    category = unicodedata.category(char)
    if category == "Cf" or char == "\u0640" or INVISIBLE.match(char):  # U+0640 only widens a word
        return ""
    if category == "Mn":
        return "" if any(first <= char <= last for first, last in _ACCENTS) else char
    if is_dash(char):
        return "-"
    if mark := _quote(char):
        return mark
    if char in _LETTERS:
        return _LETTERS[char]
    varied = _VARIED.match(unicodedata.name(char, ""))
    return varied[1].lower() if varied else char


def fold_2(text: str) -> str:
    """Return *text* as it is compared: see "What counts as the same" in docs/reference.md."""
    plain = unicodedata.normalize("NFKD", text.translate(_SPACING_MARKS)).casefold()
    plain = "".join(map(_folded, unicodedata.normalize("NFKD", plain)))
    words = " ".join(plain.split())
    return _without_outer(words) or words


def _without_outer(words: str) -> str:
    """Return *words* without punctuation at the ends, and without brackets around the whole."""
    while True:
        inner = words.strip()
        while inner and _is_outer(inner[0]):
            inner = inner[1:].lstrip()
        while inner and _is_outer(inner[-1]):
            inner = inner[:-1].rstrip()
        if _is_bracketed(inner):
            inner = inner[1:-1]
        if inner == words:
            return words
        words = inner


def _is_outer(char: str) -> bool:
    return char in _QUOTES or (
        unicodedata.category(char) in ("Po", "Pi", "Pf") and char not in _MEANS_SOMETHING
    )


def _is_bracketed(text: str) -> bool:
    """Whether one pair of round brackets holds the whole of *text*; (a)(b) and f(x) have others."""
    if not (text.startswith("(") and text.endswith(")")):
        return False
    depth = 0
    for char in text[:-1]:
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return False
    return depth == 1


FOLDS: Mapping[int, Callable[[str], str]] = {1: fold_1, 2: fold_2}
"""How typed words are compared, by the version of the marking rules."""

fold = FOLDS[max(FOLDS)]
