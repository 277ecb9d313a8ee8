"""What a trainer decided about answers to an earlier revision of a question, written beside it in git."""

import datetime
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from course.content.model import Strict, Text

_REVISION = r"^[0-9a-f]{7,16}$"


def _revision(text: str) -> str:
    if not re.fullmatch(_REVISION, text):
        hint = "'course decide' and 'course impact' name them"
        raise ValueError("must be a revision: 7 to 16 of the digits 0-9 and a-f", hint)
    return text


Revision = Annotated[
    str, AfterValidator(_revision), Field(json_schema_extra={"pattern": _REVISION})
]
"""A question's revision, or how it begins."""

DECISIONS = {
    "keep": "old answers keep their marks",
    "regrade": "old answers are regraded with the new key",
    "void": "the question no longer counts for those who answered it",
    "re-ask": "old answers keep their marks, and those who gave them are asked again",
}


class Change(Strict):
    """One decision. Revisions may be shortened to their first seven digits."""

    from_: Annotated[Revision | None, Field(alias="from")] = None
    """The revision that was answered; left out where the question is new and no other renamed."""
    to: Revision
    """The revision that took its place."""
    decision: Literal["keep", "regrade", "void", "re-ask", "new"]
    """keep, regrade, void or re-ask; new says that it is no other question under another name."""
    reason: Text
    """Why, for learners whose marks change and for trainers who come later."""
    date: datetime.date | None = None
    """When it was decided."""
