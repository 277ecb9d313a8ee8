"""What only a browser can show of the built pages, served under the site's Content-Security-Policy."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

ALL_TYPES = "/basics/all-types/"


def quiet(refusals: list[str]) -> bool:
    """Whether the browser refused nothing and every script ran."""
    return [text for text in refusals if "503" not in text] == []


@pytest.mark.parametrize("path", ["/", ALL_TYPES, "/basics/reading/", "/basics/", "/404.html"])
@pytest.mark.parametrize("media", ["screen", "print"])
def test_nothing_is_refused(page: Page, service, refusals, path, media):
    page.emulate_media(media=media)
    page.goto(service.url + path)
    page.wait_for_load_state("networkidle")

    assert quiet(refusals), refusals


def test_pages_change_without_loading_and_their_elements_work(page: Page, service, refusals):
    page.goto(service.url + ALL_TYPES)
    with page.expect_event("requestfinished", lambda asked: "sitemap.xml" in asked.url):
        page.mouse.move(
            100, 100
        )  # at the first touch Material's script comes, and needs the sitemap
    page.evaluate("window.same = true")

    page.get_by_role("link", name=re.compile("Next")).click()

    expect(page).to_have_url(f"{service.url}/basics/graded/")
    expect(page.get_by_role("heading", level=1)).to_have_text("A graded lesson")
    assert page.evaluate("window.same") is True
    question = page.locator("course-question")
    question.get_by_label("A", exact=True).check()
    question.get_by_role("button", name="Check").click()
    expect(page.get_by_text("Right.", exact=True)).to_be_visible()
    assert page.evaluate("window.same") is True
    assert [answer["question"] for answer in service.received] == ["graded-one"]
    assert [text for text in refusals if "401" not in text] == []


def test_search_finds_a_lesson(page: Page, service, refusals):
    page.goto(service.url)

    page.get_by_role("textbox", name="Search").click()
    page.keyboard.type("footnote", delay=20)

    result = page.locator(".md-search-result__link").first
    expect(result).to_contain_text("Every type, <once>")
    result.click()
    expect(page).to_have_url(re.compile("basics/all-types/"))
    assert quiet(refusals), refusals


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize(
    ("system", "paper"), [("light", "rgb(252, 250, 245)"), ("dark", "rgb(18, 26, 27)")]
)
def test_the_first_paint_has_the_systems_colours(browser: Browser, service, system, paper):
    context = browser.new_context(color_scheme=system)
    page = context.new_page()
    page.route("**/bundle*", lambda route: route.abort())  # Material's own script comes too late

    page.goto(service.url)

    assert background(page) == paper
    context.close()


def test_colours_also_follow_the_system_without_javascript(browser: Browser, service):
    context = browser.new_context(color_scheme="dark", java_script_enabled=False)
    page = context.new_page()
    page.goto(service.url)
    # evaluate still works: it is the page's own scripts that are off
    assert background(page) == "rgb(18, 26, 27)"
    context.close()


def test_a_chosen_palette_is_kept(page: Page, service, refusals):
    page.emulate_media(color_scheme="dark")
    page.goto(service.url)

    page.get_by_title("Switch to light mode").click()
    expect(page.locator("body")).to_have_css("background-color", "rgb(252, 250, 245)")
    page.route("**/bundle*", lambda route: route.abort())
    page.reload()

    assert background(page) == "rgb(252, 250, 245)"
    assert [text for text in refusals if "ERR_FAILED" not in text] == []


def test_the_menu_opens_by_keyboard_on_a_phone(page: Page, service):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(service.url + ALL_TYPES)
    lesson = page.get_by_role("navigation", name="Navigation").get_by_role(
        "link", name="A graded lesson"
    )
    expect(lesson).to_be_hidden()

    page.get_by_role("button", name="Navigation").focus()
    page.keyboard.press("Enter")

    expect(lesson).to_be_visible()
    page.keyboard.press("Escape")
    expect(lesson).to_be_hidden()


@pytest.mark.parametrize("path", ["/", ALL_TYPES])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_screen(page: Page, service, path, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(service.url + path)
    page.wait_for_load_state("networkidle")

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_is_touched_in_a_question_is_large_enough(page: Page, service):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(service.url + ALL_TYPES)
    expect(page.locator(".rows--sortable")).to_be_visible()

    small = page.evaluate(
        """() => [...document.querySelectorAll(
          "course-question :is(button, label.choice, select, .gap, .entry__input, summary, .row__grip)")]
          .filter(one => one.checkVisibility())
          .map(one => [one.className || one.tagName, one.getBoundingClientRect()])
          .filter(([, box]) => box.height < 43.9 || box.width < 43.9)
          .map(([name, box]) => `${name} ${box.width} x ${box.height}`)"""
    )

    assert small == []


def test_paper_shows_lessons_questions_and_sources_only(page: Page, service):
    page.goto(service.url + ALL_TYPES)
    page.emulate_media(media="print")

    for shown in ("h1", "#q-capital .choice", "#q-essay textarea", ".sources__link"):
        expect(page.locator(shown).first).to_be_visible()
    for hidden in (
        ".md-header",
        ".md-sidebar--primary",
        ".course-bar",
        ".onward",
        ".question__actions",
        ".course-footer",
    ):
        expect(page.locator(hidden).first).to_be_hidden()


def test_without_javascript_forms_and_places_are_there(browser: Browser, service):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(service.url + ALL_TYPES)

    expect(page.get_by_role("link", name="My learning").last).to_be_visible()
    expect(page.get_by_role("link", name="Account").last).to_be_visible()
    expect(page.locator("#q-sequence select").first).to_be_visible()
    expect(page.locator(".lesson__progress")).to_be_hidden()
    expect(page.get_by_text("Unfolded.")).to_be_hidden()
    context.close()
