"""Rules for one question."""

import re
import string
from collections.abc import Iterator, Sequence

from course.content.looks import latin_shape
from course.content.problems import Problem, short
from course.content.questions.blank import Blanks
from course.content.questions.match import Match
from course.content.questions.multiple import Multiple
from course.content.questions.numeric import Numeric
from course.content.questions.single import KeyedOption, Single
from course.content.questions.text import FreeText
from course.quality.material import Item
from course.quality.rules import GUIDELINES, Rule

Found = Iterator[Problem]


def _options(item: Item) -> Sequence[KeyedOption]:
    """Return what there is to choose from where some options are right and some are wrong."""
    asked = item.question
    return asked.options if isinstance(asked, Single | Multiple) else ()


def _plain(markdown: str) -> str:
    return re.sub(r"[*_`]", "", markdown)


# Options


def option_count(item: Item) -> Found:
    options = _options(item)
    most = 7 if isinstance(item.question, Multiple) else 5
    if options and not 3 <= len(options) <= most:
        hint = "add one that people do believe" if len(options) < 3 else "leave out the idlest"
        yield item.at(("options",), f"{len(options)} options; 3 to {most} serve best", hint)


_SWEEPING = re.compile(
    r"^\W*(all|none|both|neither|any|some) of (the|these|those|them)\b( (above|below|options))?"
    r"|\b(of the|the) above\b"
    r"|^\W*(both|neither|only)? ?\(?[a-e1-5]\)?,? (and|or|nor) \(?[a-e1-5]\)?\W*$",
    re.IGNORECASE,
)


def all_of_the_above(item: Item) -> Found:
    for position, option in enumerate(_options(item)):
        if _SWEEPING.search(_plain(option.text)):
            message = f"'{short(option.text)}' speaks of the other options"
            hint = "say a thing of its own, or use 'type: multiple'"
            yield item.at(("options", position, "text"), message, hint)


_ABSOLUTE = re.compile(
    r"\b(always|never|only|every(?:one|body|thing)|nobody|no one|nothing|completely|entirely|totally"
    r"|impossible|certainly|guarantee[sd]?)\b",
    re.IGNORECASE,
)


def absolute_words(item: Item) -> Found:
    options = _options(item)
    if any(option.correct and _ABSOLUTE.search(option.text) for option in options):
        return
    for position, option in enumerate(options):
        if not option.correct and (match := _ABSOLUTE.search(option.text)):
            message = f"'{match[1]}' stands in wrong options only"
            hint = "leave it out, or use such a word in the right option, too"
            yield item.at(("options", position, "text"), message, hint)


def key_stands_out(item: Item) -> Found:
    options = _options(item)
    if not isinstance(item.question, Single):
        return
    position = next(place for place, option in enumerate(options) if option.correct)
    key = len(_plain(options[position].text))
    wrong = [len(_plain(option.text)) for option in options if not option.correct]
    if key > 1.4 * max(wrong) and key - max(wrong) >= 12:
        message = f"the right option is much the longest: {key} characters, the others {max(wrong)} at most"
        hint = "shorten it, or give the others as much detail"
    elif key < 0.6 * min(wrong) and min(wrong) - key >= 12:
        message = f"the right option is much the shortest: {key} characters, the others {min(wrong)} or more"
        hint = "shorten the others"
    else:
        return
    yield item.at(("options", position, "text"), message, hint)


_OUTER = string.punctuation + "\u2018\u2019\u201c\u201d\u2013\u2014\u2026"


def _folded(text: str) -> str:
    text = " ".join(_plain(text).casefold().translate(str.maketrans(dict.fromkeys(_OUTER))).split())
    return re.sub(r"^(a|an|the) ", "", text)


def alike_options(item: Item) -> Found:
    seen: dict[str, int] = {}
    for position, option in enumerate(_options(item)):
        earlier = seen.setdefault(latin_shape(_folded(option.text)), position)
        if earlier != position:
            message = f"reads like option {earlier + 1} but for case, punctuation or letters that look alike"
            yield item.at(("options", position, "text"), message, "make each different")


_BINARY = {"true", "false", "yes", "no", "right", "wrong", "correct", "incorrect"}


def true_or_false(item: Item) -> Found:
    folded = {_folded(option.text) for option in _options(item)}
    if folded and folded <= _BINARY:
        hint = "ask which of two or three claims is better supported"
        yield item.at(("options",), "asks for true or false", hint)


def option_feedback(item: Item) -> Found:
    for position, option in enumerate(_options(item)):
        if not option.feedback:
            hint = "say why it is right" if option.correct else "say what is wrong with it"
            yield item.at(("options", position), "this option has no feedback", hint)
    asked = item.question
    if isinstance(asked, Numeric) and not asked.feedback:
        hint = "say how to go about it"
        yield item.at(("feedback",), "a wrong number gets no feedback", hint)
    if isinstance(asked, Blanks):
        for name, blank in asked.blanks.items():
            if not blank.feedback:
                hint = "say how to find the word"
                yield item.at(("blanks", name), "a wrong word gets no feedback", hint)


def misconception(item: Item) -> Found:
    places: list[tuple[tuple[str | int, ...], str | None]] = [
        (("options", position), option.misconception)
        for position, option in enumerate(_options(item))
        if not option.correct
    ]
    asked = item.question
    if isinstance(asked, Numeric):
        places += [(("slips", n), slip.misconception) for n, slip in enumerate(asked.slips)]
    if isinstance(asked, Match):
        places += [(("distractors", n), d.misconception) for n, d in enumerate(asked.distractors)]
    if isinstance(asked, Blanks):
        for name, blank in asked.blanks.items():
            slips = enumerate(blank.slips)
            places += [(("blanks", name, "slips", n), slip.misconception) for n, slip in slips]
    for steps, named in places:
        if not named:
            hint = "add 'misconception:' and what a person who answers this seems to believe"
            yield item.at(steps, "names no misconception", hint)


# The prompt


def whole_question(item: Item) -> Found:
    prompt = _plain(item.question.prompt).rstrip()
    if not isinstance(item.question, Single | Multiple):
        return
    if re.search(r"(\.\.\.|…|:|_{2,}|\b(is|are|a|an|the|of|to))\W*$", prompt, re.IGNORECASE):
        message = "the prompt breaks off, and the options complete it"
    elif "?" not in prompt:
        message = "the prompt asks nothing"
    else:
        return
    yield item.at(("prompt",), message, "ask a whole question, answerable with the options covered")


def grammar_cue(item: Item) -> Found:
    article = re.search(r"\b(an?)\W*$", _plain(item.question.prompt), re.IGNORECASE)
    if article is None:
        return
    for position, option in enumerate(_options(item)):
        first = _plain(option.text).strip()[:1].lower()
        if first.isalpha() and (first in "aeiou") != (article[1].lower() == "an"):
            message = f"does not go with '{article[1]}' at the end of the prompt"
            yield item.at(
                ("options", position, "text"), message, "move the article into each option"
            )


_NEGATIVE = re.compile(r"\b(not|except|n[o']t|cannot)\b|\b\w+n[’']t\b", re.IGNORECASE)
_EMPHASISED = re.compile(r"(\*\*|__|\*|_)[^*_]*\b(not|except|cannot|\w+n[’']t)\b[^*_]*\1", re.I)


def bare_negative(item: Item) -> Found:
    if not _options(item):
        return
    asked = [part for part in re.split(r"(?<=[.!?])\s+", item.question.prompt) if "?" in part]
    for sentence in asked:
        match = _NEGATIVE.search(sentence)
        if match and not match[0].isupper() and not _EMPHASISED.search(sentence):
            message = f"'{match[0]}' is easily overlooked in a question"
            hint = f"turn the question round, or write **{match[0]}**"
            yield item.at(("prompt",), message, hint)


_NUMBER_OF = re.compile(
    r"\b(all (?:that|which|of them|the)|every one|any (?:that|of)|one or more)\b"
    r"|\b(two|three|four|five|several|[2-7])\b(?! (?:years|days|weeks|months|hours))",
    re.IGNORECASE,
)


def how_many(item: Item) -> Found:
    if isinstance(item.question, Multiple) and not _NUMBER_OF.search(item.question.prompt):
        hint = "add 'Choose all that apply.'"
        yield item.at(("prompt",), "does not say how many to choose", hint)


_WORD = re.compile(r"[^\W\d_]{4,}")


def _content_words(text: str) -> set[str]:
    """Return the words of *text* that carry meaning, without their endings."""
    words = {word.casefold() for word in _WORD.findall(_plain(text))}
    return {re.sub(r"(ies|es|s|ing|ed|ly)$", "", word)[:9] for word in words - _EVERYDAY}


_EVERYDAY = frozenset(
    _WORD.findall(
        "about above after again also been before being between both could does done down each else even"
        " ever every from give given have here into itself just know like made make many more most much"
        " must once only other over people same shall should some such than that their them then there"
        " these they thing things this those through time under until upon very want well were what when"
        " where which while whom whose will with without would your yours"
    )
)


def hint_gives_key(item: Item) -> Found:
    asked, hint = item.question, item.question.hint
    if not hint:
        return
    shared_words = ""
    if isinstance(asked, Single):
        key = next(option.text for option in asked.options if option.correct)
        known = _content_words(asked.prompt).union(
            *(_content_words(option.text) for option in asked.options if not option.correct)
        )
        own = _content_words(key) - known
        shared = own & _content_words(hint)
        if own and len(shared) * 2 > len(own):
            shared_words = ", ".join(
                word for word in _WORD.findall(hint) if _content_words(word) & shared
            )
    elif isinstance(asked, Numeric) and isinstance(asked.answer, float):
        key = f"{asked.answer:g}"
        shared_words = key if re.search(rf"(?<![\d.,]){re.escape(key)}(?![\d.,]*\d)", hint) else ""
    elif isinstance(asked, Blanks):
        accepted = [word for blank in asked.blanks.values() for word in blank.accept]
        folded = _folded(hint).split()
        shared_words = next((word for word in accepted if _folded(word) in folded), "")
    if shared_words:
        message = f"gives the answer away: '{short(shared_words)}' is in both"
        yield item.at(("hint",), message, "point to the way, not to the answer")


def from_the_lesson(item: Item) -> Found:
    read = " ".join(item.page.body.prose.casefold().split())
    for position, option in enumerate(_options(item)):
        words = " ".join(option.text.casefold().split()).rstrip(".")
        if option.correct and len(words.split()) >= 8 and words in read:
            hint = "put it in other words, or ask about a new situation"
            place = ("options", position, "text")
            yield item.at(place, "the right option is a sentence of the lesson", hint)


# Facts

_YEAR = re.compile(
    r"(?<![\d.,])(?:1[6-9]|20)\d\d(?![\d,.%]*\d|%)(?! (?:reviews|posts|people|items))"
)


def unsourced_figure(item: Item) -> Found:
    asked = item.question
    if asked.sources:
        return
    for name in ("prompt", "explanation"):
        text = getattr(asked, name) or ""
        if match := _YEAR.search(text):
            message = f"speaks of {match[0]} and names no source"
            hint = "add 'sources:', and 'review_after:' if the fact may change"
            yield item.at((name,), message, hint)
            return


def review_due(item: Item) -> Found:
    due = item.question.review_after
    if due is not None and due < item.today:
        hint = "check the facts again, fix them, and set a new date"
        yield item.at(("review_after",), f"was due for review on {due}", hint)


# Types


def numeric_unit(item: Item) -> Found:
    if isinstance(item.question, Numeric) and not item.question.unit:
        hint = "add 'unit:', such as days, % or million"
        yield item.at(("answer",), "has no unit", hint)


def numeric_tolerance(item: Item) -> Found:
    if isinstance(item.question, Numeric) and "tolerance" not in item.written:
        hint = "add 'tolerance: 0' if only this very number is right, else what rounding may change"
        yield item.at(("answer",), "states no tolerance", hint)


def numeric_slips(item: Item) -> Found:
    asked = item.question
    if isinstance(asked, Numeric) and len(asked.slips) < 2:
        hint = "work out the two likeliest wrong numbers, and answer each under 'slips:'"
        yield item.at(("slips",), f"{len(asked.slips)} of two likely slips answered", hint)


def free_pair(item: Item) -> Found:
    asked = item.question
    if isinstance(asked, Match) and not asked.distractors:
        rights = {_folded(pair.right) for pair in asked.pairs}
        if len(rights) == len(asked.pairs):
            hint = "add 'distractors:', or let two pairs share a right side"
            yield item.at(("pairs",), "the last pair is given away by the others", hint)


def self_check(item: Item) -> Found:
    asked = item.question
    if isinstance(asked, FreeText) and (len(asked.checklist) < 2 or not asked.example):
        hint = "give at least two points to check, and an 'example:' to compare with"
        yield item.at(("checklist",), "too little to check one's own text by", hint)


_OWN = "our own rule"
_FEEDBACK = "Van der Kleij, Feskens and Eggen 2015"

RULES: tuple[Rule[Item, Problem], ...] = (
    Rule(
        "option-count",
        "three plausible options serve as well as more, and each wrong one is read and may be learnt",
        "Rodriguez 2005; Nwadinigwe and Naibi 2013; Roediger and Marsh 2005",
        option_count,
    ),
    Rule(
        "all-of-the-above",
        "whoever sees through one option has the answer without knowing the rest",
        GUIDELINES,
        all_of_the_above,
        english=True,
    ),
    Rule(
        "absolute-words",
        "practised takers strike out 'always' and 'never' without thinking of the subject",
        GUIDELINES,
        absolute_words,
        english=True,
    ),
    Rule("key-stands-out", "a different length gives the key away", GUIDELINES, key_stands_out),
    Rule(
        "alike-options", "two options that say the same are both wrong", GUIDELINES, alike_options
    ),
    Rule(
        "true-or-false",
        "half of the guesses are right, and the false half is what some will remember",
        "Roediger and Marsh 2005",
        true_or_false,
        english=True,
    ),
    Rule(
        "option-feedback",
        "an explanation teaches about ten times as much as 'right' or 'wrong'",
        _FEEDBACK,
        option_feedback,
    ),
    Rule(
        "misconception",
        "a wrong option that nobody believes tests nothing; named, it can be answered and counted",
        GUIDELINES,
        misconception,
    ),
    Rule(
        "whole-question",
        "learners should recall first and choose then, not try which ending fits",
        GUIDELINES,
        whole_question,
        english=True,
    ),
    Rule("grammar-cue", "grammar gives the key away", GUIDELINES, grammar_cue, english=True),
    Rule(
        "bare-negative",
        "who overlooks the word answers another question",
        GUIDELINES,
        bare_negative,
        english=True,
    ),
    Rule(
        "how-many",
        "learners should fail for what they do not know, not for guessing how many are wanted",
        _OWN,
        how_many,
        english=True,
    ),
    Rule("hint-gives-key", "then the answer shows nothing", _OWN, hint_gives_key, english=True),
    Rule(
        "from-the-lesson",
        "a known sentence is recognised; a new situation has to be thought through",
        "Haladyna, Downing and Rodriguez 2002; Pan and Rickard 2018",
        from_the_lesson,
        counts_words=True,
    ),
    Rule(
        "unsourced-figure",
        "a dated fact without a source can be neither checked nor brought up to date",
        _OWN,
        unsourced_figure,
    ),
    Rule("review-due", "its facts may have changed", _OWN, review_due),
    Rule(
        "numeric-unit",
        "thousands or millions: nobody should fail for that",
        _OWN,
        numeric_unit,
    ),
    Rule(
        "numeric-tolerance",
        "people round differently, so say how much of that is right",
        _OWN,
        numeric_tolerance,
    ),
    Rule(
        "numeric-slips",
        "a wrong number tells how it came about, if it is recognised",
        _FEEDBACK,
        numeric_slips,
    ),
    Rule(
        "free-pair",
        "with as many targets as rows, whoever knows all but one knows all",
        _OWN,
        free_pair,
    ),
    Rule(
        "self-check",
        "checking one's own text helps about as much as peers' checking, and takes points to check",
        "Double, McGrane and Hopfenbeck 2020",
        self_check,
    ),
)
