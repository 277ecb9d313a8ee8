"""What a first visit costs: bytes and requests, which no clock is needed for."""

import pytest
from playwright.sync_api import Browser, Page, expect

from bench import weight
from bench.weight import LEARNING, LESSON, START
from tests.service import Service

LIMITS = {
    # Two seconds on a slow mobile network (1.6 Mbit a second, 150 ms), with a third to spare. Material's
    # script and styles are 55 KB of each; the rest is the page, our own 20 KB, and headers.
    START: (100 * 1024, 20),
    LESSON: (120 * 1024, 22),
    # The service sends its own pages as they are; nginx in front compresses them.
    LEARNING: (120 * 1024, 20),
}
"""Bytes, compressed and with headers, and requests."""


@pytest.mark.parametrize("name", LIMITS)
def test_a_first_visit_is_light(browser: Browser, served: Service, name: str) -> None:
    files, shift = weight.visit(browser, served.url + weight.PAGES[name])

    size, requests = LIMITS[name]
    assert sum(file.bytes for file in files) < size, files
    assert len(files) <= requests, files
    assert shift < 0.001, "nothing moves while the page comes"
    loaded = [file.path for file in files]
    assert not [path for path in loaded if "search_index" in path], "nobody has searched yet"


@pytest.mark.parametrize("scripts", [True])
def test_the_search_loads_its_index_when_somebody_searches(page: Page, served: Service) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(served.url + weight.PAGES[LESSON], wait_until="networkidle")
    before = [url for url in asked if "search_index" in url or "/workers/" in url]

    page.locator("button.course-search").click()
    box = page.locator(".md-search__input")
    box.press_sequentially("control")
    expect(page.locator(".md-search-result__link").first).to_be_visible()
    box.clear()
    box.press_sequentially("nosuchword")
    expect(page.locator(".md-search-result__meta")).to_have_text("No matching documents")

    assert before == []
    assert [url for url in asked if "search_index" in url]
