"""Chance that can be repeated: the same seed gives the same numbers, here and in the browser.

`chance` in variety.js reckons alike, so a page that a browser arranged by a learner's seed is the page that
the service marks, on every device and without a connection. What a learner met is recorded as it came out
all the same, never as a seed alone.
"""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

VARIANT = r"^([0-9a-z]{1,16}(\.[1-9]\d{0,3})?)?$"
"""What a form may say it was shown with: nothing, a learner's seed, or the seed and the number of the try."""

_MASK = 0xFFFFFFFF


def is_variant(text: str) -> bool:
    """Return whether *text* may name a variant."""
    return re.fullmatch(VARIANT, text) is not None and not text.endswith("\n")


def parts_of(variant: str) -> tuple[str, int]:
    """Return the seed in *variant* and the number of the try, from 1."""
    seed, _, number = variant.partition(".")
    return seed, int(number or 1)


def number(seed: str, about: str, name: str) -> int:
    """Return a number from 0 to 2^32 - 1: FNV-1a of the three, mixed so that each bit counts."""
    mixed = 0x811C9DC5
    for byte in f"{seed}|{about}|{name}".encode():
        mixed = ((mixed ^ byte) * 0x01000193) & _MASK
    mixed = ((mixed ^ (mixed >> 16)) * 0x85EBCA6B) & _MASK
    mixed = ((mixed ^ (mixed >> 13)) * 0xC2B2AE35) & _MASK
    return mixed ^ (mixed >> 16)


def mixed(
    seed: str,
    about: str,
    things: Sequence[T],
    key: Callable[[T], str],
    stays: Callable[[T], bool] = lambda _: False,
) -> list[T]:
    """Return *things* in the order of *seed*; those that stay keep their places. "" changes nothing."""
    if not seed:
        return list(things)
    moving = sorted(
        (thing for thing in things if not stays(thing)),
        key=lambda thing: number(seed, about, key(thing)),
    )
    following = iter(moving)
    return [thing if stays(thing) else next(following) for thing in things]
