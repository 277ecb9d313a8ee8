"""What the share of the points of an answer means: right, partly right, wrong, or only saved."""

from typing import Literal

Verdict = Literal["right", "partly", "wrong", "saved"]


def is_right(share: float | None) -> bool:
    """Whether an answer got all the points; False where the question is not marked."""
    return share is not None and share >= 1


def verdict(share: float | None) -> Verdict:
    """Return the verdict on an answer; "saved" where the question is not marked."""
    if share is None:
        return "saved"
    return "right" if is_right(share) else "partly" if share > 0 else "wrong"
