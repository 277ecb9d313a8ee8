"""British and American spellings of one word.

The English dictionary is an American one. So a British word is known by its American twin, which the
families below spell.
"""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass

_OUR = (
    "arm|behavi|cand|clam|col|demean|end?eav|enam|fav|ferv|flav|glam|harb|hon|hum|lab|neighb|od|parl"
    "|ranc|rig|rum|sav|savi|splend|succ|tum|val|vap|vig"
)
_RE = "calib|cent|fib|lit|lust|mag|meag|mit|och|sabot|scept|somb|spect|theat"

_FAMILIES: tuple[tuple[str, str], ...] = (
    (r"\bmanoeuvr(e|)", "maneuver"),
    (r"\bjewellery\b", "jewelry"),
    (r"\bjeweller", "jeweler"),
    (rf"(\b|un|dis|mis|multi|dis)({_OUR})our", r"\1\2or"),
    (rf"\b((?:kilo|centi|milli|epi)?(?:{_RE})|(?:kilo|centi|milli)met)re(s|d|)\b", r"\1er\2"),
    (
        r"(ancel|abel|avel|evel|odel|uel|erhal|ignal|ivil|ounsel|quarrel|rival|spiral|total|arvel|encil)"
        r"l(ed|ing|ers?|ors?)\b",
        r"\1\2",
    ),
    (r"\b(def|off|pret)ence", r"\1ense"),
    (r"\blicence", "license"),
    (r"\b(pract)is(e[ds]?|ing)\b", r"\1ic\2"),
    (r"(catal|dial|anal|monol|epil)ogue", r"\1og"),
    (r"\b(an|p|f|h|encyclop|orthop|arch|gyn|leuk|medi)a?e(?=[a-z])", r"\1e"),
    (r"oe(?=[a-z]{3})", "e"),
    (r"\baeroplane", "airplane"),
    (r"\bsceptic", "skeptic"),
    (r"\b(cheque)(s|)\b", r"check\2"),
    (r"\bgrey", "gray"),
    (r"\bplough", "plow"),
    (r"\bmould", "mold"),
    (r"\btyre", "tire"),
    (r"\baluminium\b", "aluminum"),
    (r"\bmoustache", "mustache"),
    (r"\bpyjamas\b", "pajamas"),
    (r"\bkerb", "curb"),
    (r"\bageing\b", "aging"),
    (r"\benquir", "inquir"),
    (r"\bprogramme(s|)\b", r"program\1"),
    (r"\b(fulfi|enro|insti|disti|ski|wi)l(s|ment|ments|ful|fully|)\b", r"\1ll\2"),
    (r"\b(judg|acknowledg)ement", r"\1ment"),
    (r"\bmaths\b", "math"),
    (r"\b(learn|spel|burn|dream|lean)t\b", r"\1ed"),
    (r"(\w{3})ys(e|ed|er|ers|es|ing)\b", r"\1yz\2"),
)  # fmt: skip

_ISE = re.compile(r"(?<=\w{3})is(e|ed|er|ers|es|ing|ation|ations|ational|able)\b")
_IZE = re.compile(r"(?<=\w{3})iz(e|ed|er|ers|es|ing|ation|ations|ational|able)\b")
_NO_TWIN = re.compile(
    r"^(cap|down|over|re|out|under|mid|full|life|king|super)?siz|priz|seiz|^mai?ze|^bai?z|citizen|horizon"
)


_COMPILED = tuple((re.compile(pattern), replacement) for pattern, replacement in _FAMILIES)


@functools.lru_cache(maxsize=100_000)
def american(word: str) -> str:
    """Return how an American would spell a lower-case *word*, as far as these families know."""
    for pattern, replacement in _COMPILED:
        word = pattern.sub(replacement, word)
    return _ISE.sub(r"iz\1", word)


@dataclass(frozen=True)
class Use:
    """One of two ways to spell a group of words."""

    name: str
    other_name: str
    is_american: bool

    @property
    def other(self) -> "Use":
        return Use(self.other_name, self.name, not self.is_american)


BRITISH = Use("British", "American", False)
ISE = Use("-ise", "-ize", False)

_AMERICAN = re.compile(
    r"^(un|dis|mis)?(arm|behavi|cand|col|endeav|fav|flav|harb|neighb|rum|splend|vap)or(?!i[ouz]|at)"
    r"|^(hon|hum|lab|val|vig)or(s|ed|ing|able|ably|less)?$"
    r"|^(cent|theat|fib|meag|somb|kilomet|centimet|millimet)er(s|ed|)$|^liters?$"
    r"|^(travel|label|cancel|model|signal|fuel|counsel|marvel|quarrel|level)(ed|ing|ers?|ors?)$"
    r"|^(def|off|pret)enses?$|^(catal|dial|anal|monol)ogs?$|^skeptic"
    r"|^gray(s|er|ish)?$|^plow|^mold(s|y|ed)?$|^aluminum$|^mustaches?$|^pajamas$|^(para|ana)lyz"
    r"|^(fulfill|enroll|skillful|willful)(s|ment|ments|ly|)$|^maneuver|^jewelry$"
)  # fmt: skip


@functools.lru_cache(maxsize=50_000)
def _american(word: str) -> bool:
    return _AMERICAN.search(word) is not None


def use(word: str, known: Callable[[str], bool]) -> Use | None:
    """Return which way a lower-case *word* is spelt, or None where there is but one, or both serve."""
    if _american(word):
        return BRITISH.other
    if _IZE.search(word) and not _NO_TWIN.search(word):
        return ISE.other if known(word) else None
    if known(word) or not word.isalpha():
        return None
    twin = american(word)
    if twin == word or not known(twin):
        return None
    return ISE if _ISE.search(word) and not re.search(r"yz", twin) else BRITISH
