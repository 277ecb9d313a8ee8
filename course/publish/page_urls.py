"""Addresses of pages, joined once for a site instead of taken apart for each page."""

import functools
import re
from urllib.parse import urljoin, urlsplit

from mkdocs.structure.pages import Page

_PLAIN = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*")
"""Addresses inside the site that `urljoin` puts behind the site's own as they are."""

_set_canonical_url = Page._set_canonical_url


def speed_up() -> None:
    """Let MkDocs find the full addresses of pages with less work."""
    Page._set_canonical_url = _set_plain_url  # type: ignore[method-assign, assignment]


def _set_plain_url(page: Page, base: str | None) -> None:
    site = _site(base) if base else None
    if site is None or not _PLAIN.fullmatch(page.url):
        _set_canonical_url(page, base)
    else:
        page.canonical_url, page.abs_url = site[0] + page.url, site[1] + page.url


@functools.lru_cache(maxsize=8)
def _site(base: str) -> tuple[str, str] | None:
    """Return the address of a site and its path; None where joining is not writing one behind the other."""
    base = base if base.endswith("/") else f"{base}/"
    if urljoin(base, "page/") != f"{base}page/" or urljoin(base, "") != base:
        return None
    return base, urlsplit(base).path
