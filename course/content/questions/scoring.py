"""How the parts of a question make its mark."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from course.content.model import Strict

Scoring = Literal["parts", "all-or-nothing"]

Weight = Annotated[float, Field(ge=-1000, le=1000, allow_inf_nan=False)]


class Scored(Strict):
    """The `scoring` of a question whose parts count alike."""

    scoring: Scoring = "parts"
    """parts: each right part counts; all-or-nothing: the points are for all of it."""

    def _share(self, right: Sequence[bool]) -> float:
        """Return the share of the points when each part is right as *right* says."""
        if self.scoring == "all-or-nothing":
            return float(all(right))
        return sum(right) / len(right)
