"""What figures say against a question, with the reason. docs/statistics.md names the sources of the limits.

All figures are from first answers. A lesson wants everyone to be right in the end; at the first try, a
question that everyone gets right, or that the better learners get wrong, tells nothing or misleads.
"""

from dataclasses import dataclass

from course.content.percent import limit
from course.record.statistics.intervals import MIN_SHARE
from course.record.statistics.item_statistics import Figures, OptionFigures

IDLE = 0.05
HARD = 0.3
EASY = 0.95
"""Limits of shares; one counts as passed when the whole interval lies beyond it."""

WEAK = 0.2
"""Limit of the discrimination."""

MIN_KEY = 50
MIN_WEAK = 200
"""How many learners it takes to say that a discrimination is below 0, and below WEAK."""


@dataclass(frozen=True)
class Flag:
    """Something to look at: *code* for programs, *text* short, *why* what it means and what to do."""

    code: str
    text: str
    why: str


def question_flags(figures: Figures) -> list[Flag]:
    """Return what there is to look at, in the order of the options, what concerns the whole last."""
    return [*_idle(figures), *_facility(figures), *_discrimination(figures)]


def summary_line(figures: Figures) -> str:
    """Return the flags of a question in one line; empty where there are none."""
    found = "; ".join(flag.text for flag in question_flags(figures))
    return f"{figures.question.id}: {found}" if found else ""


def _options(figures: Figures) -> list[tuple[int, OptionFigures]]:
    """Return the options with their numbers in the file; none where the question has rows of them."""
    whole = [part for part in figures.parts if not part.text]
    return list(enumerate(whole[0].options, start=1)) if whole else []


def _idle(figures: Figures) -> list[Flag]:
    return [
        Flag(
            "idle",
            f"option {number} chosen by {option.count} of {figures.n}",
            f"Fewer than {limit(IDLE)} choose it, so it does no work. Replace it with a mistake that "
            "people make, or leave it out.",
        )
        for number, option in _options(figures)
        if option.right is False and option.share.high is not None and option.share.high < IDLE
    ]


def _facility(figures: Figures) -> list[Flag]:
    facility = figures.facility
    if facility is None or facility.value is None or facility.low is None or facility.high is None:
        return []
    measured = f"facility {facility.value:.2f}"
    if facility.high < HARD:
        why = "Few are right at the first try. See whether the lesson teaches it, and the prompt asks it."
        return [Flag("hard", f"{measured}, too hard or not taught", why)]
    if facility.low > EASY:
        why = (
            "Nearly everyone is right at the first try, so it shows little about who has learnt it."
        )
        return [Flag("easy", f"{measured}, too easy to tell much", why)]
    return []


def _discrimination(figures: Figures) -> list[Flag]:
    found = figures.discrimination
    if found is None or found.value is None:
        return []
    measured = f"discrimination {found.value:.2f}"
    if found.value < 0 and found.n >= MIN_KEY:
        why = "Those who do well in the rest of the lesson miss it more often than the others."
        return [Flag("key", f"{measured}, check the key", f"{why}{_rival(figures)}")]
    if found.value < WEAK and found.n >= MIN_WEAK:
        why = "It hardly tells those who do well in the rest of the lesson from those who do not."
        return [Flag("weak", f"{measured}, weak", why)]
    return []


def _rival(figures: Figures) -> str:
    """Say which wrong option draws those who do best in the rest, if one does."""
    able = [
        (option.rest, number, option)
        for number, option in _options(figures)
        if option.rest is not None and option.count >= MIN_SHARE
    ]
    if not able:
        return ""
    _, number, best = max(able, key=lambda one: one[0])
    return "" if best.right else f" Those who chose option {number} did best there."
