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

LAID_OUT = """(question) => new Promise((done) => setTimeout(() => requestAnimationFrame(() =>
  done(question.firstElementChild.checkVisibility({ contentVisibilityAuto: true }))), 100))"""


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


@pytest.mark.parametrize("scripts", [True])
def test_nothing_that_nobody_needs_yet_runs_while_a_page_comes(page: Page, served: Service) -> None:
    page.goto(served.url + weight.PAGES[LESSON], wait_until="networkidle")
    assert page.evaluate("window.component$ === undefined"), "Material waits for a touch"
    far = page.locator("course-question").last
    assert not far.evaluate(LAID_OUT)
    with page.expect_event("requestfinished", lambda asked: "sitemap.xml" in asked.url):
        far.scroll_into_view_if_needed()  # a touch: Material's script comes, and needs the sitemap
    assert far.evaluate(LAID_OUT)

    page.evaluate("window.same = true")
    page.locator("a[rel=next]").click()
    expect(page.locator("h1")).not_to_have_text("Who holds the message?")
    assert page.evaluate("window.same") is True


@pytest.mark.parametrize("scripts", [True])
@pytest.mark.parametrize("key", ["/", "button"])
def test_the_search_is_ready_at_the_first_touch(page: Page, served: Service, key: str) -> None:
    page.goto(served.url, wait_until="networkidle")

    if key == "button":
        page.locator("button.course-search").click()
    else:
        page.keyboard.press(key)

    expect(page.locator(".md-search__input")).to_be_focused()
    page.keyboard.type("control")
    expect(page.locator(".md-search-result__link").first).to_be_visible()


def test_nothing_moves_when_material_runs(browser: Browser, served: Service) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 20_000})
    page = context.new_page()
    page.goto(served.url + weight.PAGES[LESSON], wait_until="networkidle")
    places = (
        "[...document.querySelectorAll('article *')].map((one) => one.getBoundingClientRect().top)"
    )
    before = page.evaluate(f"window.all = [...document.querySelectorAll('article *')]; {places}")

    page.mouse.move(100, 100)
    page.locator(".md-typeset__scrollwrap").first.wait_for(state="attached")

    after = page.evaluate("window.all.map((one) => one.getBoundingClientRect().top)")
    assert after == before
    context.close()


def test_beside_a_short_page_the_navigation_ends_above_the_footer(
    browser: Browser, served: Service
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 700})
    page = context.new_page()
    page.goto(f"{served.url}account")
    assert page.evaluate("window.component$ === undefined"), "Material's script has not begun"

    navigation = page.locator(".md-sidebar--primary .md-sidebar__scrollwrap").bounding_box()
    footer = page.locator(".course-footer").bounding_box()

    assert navigation
    assert footer
    assert navigation["y"] + navigation["height"] <= footer["y"]
    context.close()
