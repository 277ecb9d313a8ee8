"""The short way to the address of a page leads where MkDocs' own way does."""

from types import SimpleNamespace
from typing import Any

import pytest
from mkdocs.structure.pages import Page

from course.publish import page_urls

SITES = [
    None,
    "",
    "https://example.org",
    "https://example.org/",
    "https://example.org/learn",
    "https://example.org/learn//",
    "https://example.org/a/../b/",
    "https://example.org/learn/?version=2",
    "https://example.org/learn/#top",
    "/learn/",
    "learn",
]
PAGES = [
    "",
    "start/",
    "start/first.lesson/",
    "gr%C3%B6%C3%9Fer/",
    "../up/",
    "./",
    "start//x/",
    "a:b/",
]


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("url", PAGES)
def test_addresses_are_those_of_mkdocs(site: str | None, url: str) -> None:
    theirs: Any = SimpleNamespace(url=url)
    ours: Any = SimpleNamespace(url=url)

    page_urls._set_canonical_url(theirs, site)
    page_urls._set_plain_url(ours, site)

    assert vars(ours) == vars(theirs)


def test_pages_of_a_site_take_the_short_way() -> None:
    page_urls.speed_up()

    assert Page._set_canonical_url is page_urls._set_plain_url
