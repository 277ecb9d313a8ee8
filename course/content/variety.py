"""Which questions of a pool a learner is asked, and which is the sister of one that was missed.

Every question of a pool takes the place of any other: a learner fills as many places as the quiz draws. A
sister, asked instead of one that was answered wrong, takes over its place; so the record says of such an
answer which question it was given `instead` of.
"""

from collections.abc import Collection

from course.content import chance
from course.content.quiz import Pool


def drawn(
    pool: Pool, seed: str, answered: Collection[str], replaced: Collection[str] = ()
) -> list[str]:
    """Return the questions that stand on a learner's page: those answered, then as *seed* has them.

    Questions *replaced* by a sister have left the page. "" has them in the order of the file.
    """
    standing = [name for name in pool.questions if name in answered and name not in replaced]
    fresh = [name for name in _mixed(pool, seed) if name not in answered]
    wanted = {*standing, *fresh[: max(0, pool.draw - len(standing))]}
    return [name for name in pool.questions if name in wanted]


def sister(
    pool: Pool, seed: str, answered: Collection[str], replaced: Collection[str] = ()
) -> str | None:
    """Return the question that is asked next instead of a missed one; None when all were."""
    used = {*answered, *drawn(pool, seed, answered, replaced)}
    return next((name for name in _mixed(pool, seed) if name not in used), None)


def filled(pool: Pool, answered: Collection[str], replaced: Collection[str] = ()) -> int:
    """Return how many places of a pool have an answer."""
    standing = [name for name in pool.questions if name in answered and name not in replaced]
    return min(pool.draw, len(standing))


def _mixed(pool: Pool, seed: str) -> list[str]:
    return chance.mixed(seed, pool.name, pool.questions, key=str)
