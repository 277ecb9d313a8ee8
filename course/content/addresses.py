"""The addresses of pages, as MkDocs makes them, and the old ones that lead to a page that moved."""

import unicodedata
from urllib.parse import quote

from course.content.model import slug
from course.content.problems import short

RESERVED = frozenset(
    {
        "account",
        "answers",
        "api",
        "assets",
        "healthz",
        "readyz",
        "learning",
        "quiz",
        "read",
        "search",
        "teaching",
    }
)
"""First parts of addresses that belong to the service and the theme, so that no page can have them."""

MAX_LENGTH = 120
"""How many characters the address of a lesson may have; the record's columns hold no more."""

INDEX = ("index", "README")
"""Names of pages that lie at the address of their folder."""


def of_page(inside: str) -> str:
    """Return the address of a page, such as "start/first/" of start/first.md, and "" of index.md."""
    folder, slash, name = inside.rpartition("/")
    stem = name.rpartition(".")[0] or name
    return folder + slash if stem in INDEX else f"{folder}{slash}{stem}/"


def as_url(address: str) -> str:
    """Return *address* with its characters quoted as in a link."""
    return quote(address)


def trouble_with_name(part: str) -> tuple[str, str]:
    """Return why a part of a lesson's path cannot be in its address, and a better name; "" for neither."""
    name = unicodedata.normalize("NFC", part)
    if all(c in "-_." or unicodedata.category(c)[0] in "LMN" for c in name):
        return "", ""
    cleaned = "".join(c if unicodedata.category(c)[0] in "LMN" or c in "-_." else " " for c in name)
    better = "-".join(cleaned.split()) or slug(name)
    return (
        f"'{short(part)}' cannot be part of a lesson's address",
        f"rename it to '{short(better)}'",
    )


def of_alias(alias: str) -> tuple[str, str]:
    """Return the address that an entry under `aliases:` means, and what is wrong with it, if anything."""
    text = alias.strip().strip("/")
    address = of_page(text) if text.endswith(".md") else f"{text}/"
    if any(part in ("", ".", "..") or trouble_with_name(part)[0] for part in text.split("/")):
        return address, "is no address inside the site"
    if text.endswith(".html") or len(text) > 200:
        return (
            address,
            "cannot be kept: an old address ends in its last folder, such as module/lesson/",
        )
    if text.split("/")[0] in RESERVED:
        return address, "belongs to the service"
    return address, ""
