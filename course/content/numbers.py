"""Numbers as people type them, by each version of the marking rules: see `course/content/folding.py`."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal

from course.content.folding import is_apostrophe, is_dash

Readings = tuple[Decimal, ...]
"""What a typed number may mean, likeliest first; empty for what is no number."""

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d{1,2})?", re.IGNORECASE)
_BY_COMMAS = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{2,3})*,\d{3}(\.\d*)?")
_BY_POINTS = re.compile(r"[-+]?[1-9]\d{0,2}(\.\d{3})+,\d+|[-+]?[1-9]\d{0,2}(\.\d{3}){2,}")

# Version 1

_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\uff0d": "-", "\uff0b": "+", "\uff0e": ".",
                        "\uff0c": ",", "\u066b": ".", "\u066c": ","})  # fmt: skip
_DECORATION = re.compile(r"[\s'\u2019_\u2066-\u2069\u200e\u200f]")


def readings_1(typed: str) -> Readings:
    """Return the one number that *typed* means: a comma before three digits groups thousands."""
    text = _DECORATION.sub("", typed.translate(_SIGNS)).strip("%\uff05\u066a€$£¥₹±~≈=")
    text = re.sub(r"^([-+])[€$£¥₹]", r"\1", text)
    text = _in_ascii(text)
    if _BY_COMMAS.fullmatch(text):
        text = text.replace(",", "")
    elif _BY_POINTS.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    elif text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    return _decimals(text)


def _in_ascii(text: str) -> str:
    """Return *text* with the digits of every script as 0 to 9."""
    return re.sub(r"\d", lambda digit: str(int(digit[0])), text)


def _decimals(*texts: str) -> Readings:
    return tuple(Decimal(text) for text in dict.fromkeys(texts) if _NUMBER.fullmatch(text))


# Version 2

_GROUP, _POINT = "\ue000", "\ue001"
"""Stand for a sign that can only group thousands, and for one that can only begin the decimals."""

_AROUND = f"%$±~≈={_GROUP}"
"""What may stand around a number: every currency sign is read as $."""

_WAVES = "\u301c\u3030\u30a0"
"""Dashes by Unicode's category that are written for "about" and "to"."""

_MEANT = {"\u066b": _POINT, "\u066c": _GROUP, "\u060c": ",", "\u30fc": "-", "_": _GROUP}
"""Arabic marks; the long-vowel mark on the minus key of Japanese keyboards; and _ of programmers."""

_TWO_WAYS = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")
"""One comma or point before exactly three digits: thousands to some, decimals to others."""


def readings_2(typed: str) -> Readings:
    """Return what *typed* may mean: 1,234 and 1.234 may be read in two ways, all else in one.

    Spaces, apostrophes, currency and percent signs are passed over. Every dash and minus of Unicode is a
    minus; the digits of every script are digits. Words and sums are no numbers: "about 5", "1/3", "3-4".
    """
    text = _in_ascii("".join(map(_plain, typed))).strip(_AROUND)
    text = re.sub(f"^([-+])[{_AROUND}]*", r"\1", text)
    is_grouped = re.search(rf"\d{_GROUP}\d", text) is not None
    text = text.replace(_GROUP, "")
    if _POINT in text:
        return _decimals(re.sub("[.,]", "", text).replace(_POINT, "."))
    decimal = text.replace(",", ".")
    if is_grouped and text.count(",") + text.count(".") == 1:
        return _decimals(decimal)
    if _TWO_WAYS.fullmatch(text):
        thousands = re.sub("[.,]", "", text)
        return _decimals(*((thousands, decimal) if "," in text else (decimal, thousands)))
    if _BY_COMMAS.fullmatch(text):
        return _decimals(text.replace(",", ""))
    if _BY_POINTS.fullmatch(text):
        return _decimals(text.replace(".", "").replace(",", "."))
    return _decimals(decimal if text.count(",") == 1 and "." not in text else text)


def _plain(char: str) -> str:
    """Return what one typed character means within a number; "" where it means nothing."""
    if char in _MEANT:
        return _MEANT[char]
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    if category == "Sc":
        return "$"
    if char.isspace() or is_apostrophe(char):
        return _GROUP
    if char not in _WAVES and is_dash(char):
        return "-"
    if char == "\u066a":  # Arabic percent sign
        return "%"
    kind = unicodedata.decomposition(char).partition(" ")[0]
    return unicodedata.normalize("NFKC", char) if kind in ("<wide>", "<small>") else char


READINGS: Mapping[int, Callable[[str], Readings]] = {1: readings_1, 2: readings_2}
"""How typed numbers are read, by the version of the marking rules."""
