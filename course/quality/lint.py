"""Running the rules over a course, minding the written exceptions."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from course.content.course import Course
from course.content.problems import Problem, did_you_mean
from course.quality import balance, items, links, material, options, phrases, reading, spelling
from course.quality.material import Excuses, Material
from course.quality.rules import UNSPACED, Rule, Warned

ITEM_RULES = items.RULES + options.RULES
PAGE_RULES = balance.PAGE_RULES + reading.PAGE_RULES
PASSAGE_RULES = reading.PASSAGE_RULES
COURSE_RULES = (
    balance.COURSE_RULES
    + reading.COURSE_RULES
    + spelling.COURSE_RULES
    + phrases.COURSE_RULES
    + links.COURSE_RULES
)

ALL: tuple[Rule[Any, Any], ...] = (
    *ITEM_RULES,
    *balance.QUIZ_RULES,
    *PAGE_RULES,
    *PASSAGE_RULES,
    *COURSE_RULES,
    *links.EXTERNAL_RULES,
)
NAMES = frozenset(rule.name for rule in ALL)

EXCEPTION = "exception"
_EXCEPTION_WHY = "an exception should say what is excepted, and go when it is needed no more"


def lint(
    root: Path, course: Course, *, external: bool = False, today: datetime.date | None = None
) -> tuple[list[Warned], Material]:
    """Return what the sound *course* in *root* could do better, in file order, and what was read.

    *external* asks other sites whether links to them are alive.
    """
    read = material.read(root, course, today or datetime.date.today())
    found = {
        Warned(problem, rule.name, rule.why)
        for rule, excuses, problem in _broken(read, external=external)
        if not excuses.cover(rule.name)
    }
    skipped = set(silent_rules(read))
    if not external:
        skipped |= {rule.name for rule in links.EXTERNAL_RULES}
    found |= {
        Warned(problem, EXCEPTION, _EXCEPTION_WHY)
        for excuses in read.all_excuses
        for problem in _idle(excuses, skipped)
    }
    return sorted(found), read


def silent_rules(read: Material) -> list[str]:
    """Return the rules that cannot judge the language of the course, and so say nothing of it."""
    names = [rule.name for rule in ALL if not _knows_language(rule, read)]
    if not spelling.can_spell(read.language):
        names += [rule.name for rule in spelling.COURSE_RULES]
    return sorted(set(names))


def _knows_language(rule: Rule[Any, Any], read: Material) -> bool:
    is_english = read.language == "en" and not (
        spelling.can_spell("en") and spelling.is_foreign(read)
    )
    return (is_english or not rule.english) and (
        read.language not in UNSPACED or not rule.counts_words
    )


def _broken(read: Material, *, external: bool) -> Iterator[tuple[Rule[Any, Any], Excuses, Problem]]:
    def applies(rules: Iterable[Rule[Any, Any]]) -> list[Rule[Any, Any]]:
        return [rule for rule in rules if _knows_language(rule, read)]

    subjects: tuple[tuple[tuple[Rule[Any, Any], ...], Sequence[Any]], ...] = (
        (ITEM_RULES, [item for sheet in read.sheets for item in sheet.items]),
        (balance.QUIZ_RULES, read.sheets),
        (PAGE_RULES, read.pages),
        (PASSAGE_RULES, read.passages),
    )
    for rules, parts in subjects:
        for rule in applies(rules):
            for part in parts:
                for problem in rule.check(part):
                    yield rule, part.excuses, problem
    for rule in applies((*COURSE_RULES, *(links.EXTERNAL_RULES if external else ()))):
        for excuses, problem in rule.check(read):
            yield rule, excuses, problem


def _idle(excuses: Excuses, skipped: Iterable[str]) -> Iterator[Problem]:
    yield from excuses.faults
    for name, place in excuses.places.items():
        at = (place.path, place.line, place.column)
        if name not in NAMES:
            yield Problem(*at, f"there is no rule '{name}'", did_you_mean(name, NAMES))
        elif name not in excuses.used and name not in skipped:
            yield Problem(*at, f"the exception from '{name}' is not needed", "remove it")
