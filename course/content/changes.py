"""What a trainer decided about answers to an earlier revision of a question, written beside it in git."""

import datetime
from typing import Annotated, Literal

from pydantic import Field

from course.content.model import Strict, Text

Revision = Annotated[str, Field(pattern=r"^[0-9a-f]{7,16}$")]
"""A question's revision, or how it begins."""

DECISIONS = {
    "keep": "old answers keep their marks",
    "regrade": "old answers are marked anew with the new key",
    "void": "the question no longer counts for those who answered it",
    "re-ask": "old answers keep their marks, and those who gave them are asked again",
}

Decision = Literal["keep", "regrade", "void", "re-ask"]


class Change(Strict):
    """One decision. Revisions may be shortened to their first seven digits."""

    from_: Annotated[Revision | None, Field(alias="from")] = None
    """The revision that was answered; left out where the question is new and no other renamed."""
    to: Revision
    """The revision that took its place."""
    decision: Decision | Literal["new"]
    """keep, regrade, void or re-ask; new says that it is no other question under another name."""
    reason: Text
    """Why, for learners whose marks change and for trainers who come later."""
    date: datetime.date | None = None
    """When it was decided."""
