"""What question types share whose parts may stand in another order for each learner."""

import functools
import re
from typing import Any, ClassVar, Protocol, Self, cast

from course.content import chance
from course.content.model import Strict, Text
from course.content.questions.base import Question, Shown, option_key

_PLACES = re.compile(
    r"""
      ^(all|any|none|both|either|neither|nothing|everything)\b
        .*\b(above|below|these|those|them|two|three|four|others?|options?|answers?|choices?|statements?)\b
    | ^(all|none|both|neither|either|nor)$
    | ^(both|neither|either)\b
    | \b(first|last|second|third|fourth|top|bottom|previous|next|other|upper|lower)\s
        ((two|three|four)\s)?(one|two|three|four|options?|answers?|choices?|statements?)\b
    | ^the\s(first|last|second|third|fourth|top|bottom)(\s(and|or)\s.*)?$
    | \b(above|below)\W*$
    | ^(only\s)?((option|answer|statement)s?\s)?\(?([a-h]|[1-9])\)?
        (\s*(,|and|or|&|\+)\s*\(?([a-h]|[1-9])\)?)+(\s(only|together))?\W*$
    """,
    re.IGNORECASE | re.VERBOSE,
)


@functools.lru_cache(maxsize=50_000)  # asked for each option of each form
def names_its_place(text: str) -> bool:
    """Return whether an option tells of its place or another's, in English, and so has to stay there.

    Such as "All of the above", "Neither", "Both A and B", "The first two".
    """
    return len(text) <= 80 and _PLACES.search(text.strip(" *_`.")) is not None


class MovableOption(Strict):
    """Something to choose."""

    text: Text
    """What the learner reads, as Markdown."""
    feedback: Text | None = None
    """What a learner who chooses it reads after answering."""
    fixed: bool | None = None
    """Whether it keeps its place where options are shuffled; left out, its words decide."""

    @property
    def key(self) -> str:
        return option_key(self.text)

    @property
    def stays(self) -> bool:
        return names_its_place(self.text) if self.fixed is None else self.fixed


class Part(Protocol):
    """Something that may be moved: an option, or a pair by its left side."""

    @property
    def key(self) -> str: ...
    @property
    def stays(self) -> bool: ...


class Shuffled(Strict):
    """The `shuffle` of a question; the quiz has one for all that say nothing."""

    MOVES: ClassVar[str] = "options"
    """The field whose entries are moved."""

    shuffle: bool | None = None
    """Whether each learner meets them in another order; options that name their place stay."""

    @property
    def varies(self) -> bool:
        return bool(self.shuffle)

    def shown(self, variant: str) -> Shown | None:
        if not variant:  # else the page was shuffled, even if the question no longer is
            return None
        seed, _ = chance.parts_of(variant)
        name = cast(Question, self).id
        mixed = chance.mixed(seed, name, self._parts(), lambda p: p.key, lambda p: p.stays)
        return {"order": [part.key for part in mixed]}

    def as_shown(self, shown: Shown | None) -> Self:
        order = {key: place for place, key in enumerate((shown or {}).get("order", ()))}
        if not order:
            return self
        # What the record does not know stands at the end; a decision may have brought it.
        parts = sorted(self._parts(), key=lambda part: order.get(part.key, len(order)))
        changes: dict[str, Any] = {self.MOVES: parts, "shuffle": None}
        return cast(Any, self)._variant(**changes)  # type: ignore[no-any-return]

    def _parts(self) -> list[Part]:
        return list(getattr(self, self.MOVES))
