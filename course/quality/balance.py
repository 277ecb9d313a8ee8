"""Rules for the questions of a quiz together, and for those of the whole course."""

from collections import Counter
from collections.abc import Iterator, Sequence

from course.content.problems import Problem
from course.content.questions.base import Question
from course.content.questions.single import Single
from course.quality.material import Material, Page, Sheet
from course.quality.rules import GUIDELINES, Found, Rule

UNLIKELY = 0.05
"""What chance brings about less often than this is a pattern, and learners find patterns."""

WORTHWHILE = 1.5
"""How many times as often as by chance a guess has to pay; in a long course even less would be unlikely."""


def at_least(hits: int, chances: Sequence[float]) -> float:
    """Return how likely *hits* or more successes are, when each trial has a chance of its own.

    The distribution is that of a sum of unequal trials (Poisson binomial), built up trial by trial.
    """
    likely = [1.0]
    for chance in chances:
        stays = [share * (1 - chance) for share in likely] + [0.0]
        moves = [0.0] + [share * chance for share in likely]
        likely = [a + b for a, b in zip(stays, moves, strict=True)]
    return sum(likely[hits:])


def _singles(sheet: Sheet) -> list[Single]:
    return [item.question for item in sheet.items if isinstance(item.question, Single)]


def _fixed(sheet: Sheet) -> list[Single]:
    """Return the questions whose options stand in the same order for everybody."""
    return [question for question in _singles(sheet) if not question.shuffle]


def _key(asked: Single) -> int:
    return next(place for place, option in enumerate(asked.options) if option.correct)


def _too_often_longest(asked: Sequence[Single]) -> str:
    longest = 0
    for question in asked:
        lengths = [len(option.text) for option in question.options]
        key = lengths[_key(question)]
        longest += key == max(lengths) and lengths.count(key) == 1
    chances = [1 / len(question.options) for question in asked]
    if longest > WORTHWHILE * sum(chances) and at_least(longest, chances) < UNLIKELY:
        found = f"the right option is the longest in {longest} of {len(asked)} questions"
        return f"{found}; by chance it would be in {sum(chances):.0f}"
    return ""


def _too_often_at(asked: Sequence[Single]) -> str:
    places = Counter(_key(question) for question in asked)
    if not places:
        return ""
    place, times = places.most_common(1)[0]
    chances = [1 / len(q.options) if place < len(q.options) else 0.0 for q in asked]
    if times <= WORTHWHILE * sum(chances):
        return ""
    ways = max(len(question.options) for question in asked)  # each place could have been the one
    if ways * at_least(times, chances) < UNLIKELY:
        return f"the right option stands at place {place + 1} in {times} of {len(asked)} questions"
    return ""


_SHORTEN = "shorten some of the right ones, or write wrong ones with as much detail"
_MOVE = "move some of them, or set 'shuffle: true'"


def longest_is_key(sheet: Sheet) -> Iterator[Problem]:
    if trouble := _too_often_longest(_singles(sheet)):
        yield sheet.at(("questions",), trouble, _SHORTEN)


def key_position(sheet: Sheet) -> Iterator[Problem]:
    if trouble := _too_often_at(_fixed(sheet)):
        yield sheet.at(("questions",), trouble, _MOVE)


def course_longest_is_key(material: Material) -> Iterator[Found]:
    """Told only where no single quiz shows it already."""
    asked = [question for sheet in material.sheets for question in _singles(sheet)]
    alone = any(_too_often_longest(_singles(sheet)) for sheet in material.sheets)
    if not alone and (trouble := _too_often_longest(asked)):
        problem = material.site.at(("nav",), f"in the whole course, {trouble}", _SHORTEN)
        yield material.excuses, problem


def course_key_position(material: Material) -> Iterator[Found]:
    alone = any(_too_often_at(_fixed(sheet)) for sheet in material.sheets)
    asked = [question for sheet in material.sheets for question in _fixed(sheet)]
    if not alone and (trouble := _too_often_at(asked)):
        yield material.excuses, material.site.at(("nav",), f"in the whole course, {trouble}", _MOVE)


def practises(question: Question) -> bool:
    """Whether answering it is practice, with a right answer or a list to check: no poll, no first guess."""
    return question.type == "text" or question.worth > 0


def practice(page: Page) -> Iterator[Problem]:
    lesson = page.lesson
    if lesson is None:
        return
    counted = Counter(asked.objective for asked in lesson.questions if practises(asked))
    for name in lesson.objectives:
        if counted[name] == 0:
            message = f"objectives.{name}: no question practises it"
            yield page.at(("objectives", name), message, "ask at least two, or promise less")
        elif counted[name] == 1:
            message = f"objectives.{name}: one question alone practises it"
            hint = "add a sister question: the same objective in a new situation"
            yield page.at(("objectives", name), message, hint)


QUIZ_RULES: tuple[Rule[Sheet, Problem], ...] = (
    Rule(
        "longest-is-key",
        "careful authors add detail to what is right, and learners notice",
        GUIDELINES,
        longest_is_key,
    ),
    Rule(
        "key-position",
        "a favourite place is guessed without reading",
        GUIDELINES,
        key_position,
    ),
)

PAGE_RULES: tuple[Rule[Page, Problem], ...] = (
    Rule(
        "practice",
        "the second try at the same question tests memory for the first; a new situation tests learning",
        "Pan and Rickard 2018",
        practice,
    ),
)

COURSE_RULES: tuple[Rule[Material, Found], ...] = (
    Rule(
        "longest-is-key",
        "careful authors add detail to what is right, and learners notice",
        GUIDELINES,
        course_longest_is_key,
    ),
    Rule(
        "key-position",
        "a favourite place is guessed without reading",
        GUIDELINES,
        course_key_position,
    ),
)
