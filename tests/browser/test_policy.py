"""A page with all that Markdown offers here, under the policy: nothing is blocked, nothing is lost."""

import contextlib
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from course.publish.preview.app import create_app
from course.publish.preview.state import Preview
from course.starting import courses
from course.web.edge import safety
from tests import service
from tests.service import Service

RICH = Path(__file__).parents[1] / "courses" / "rich"
SIZES = [(375, 667), (390, 844), (1280, 800)]
LESSON = "meetings/everything/"
DIAGRAMS = "meetings/diagrams/"
FILMS = "https://films.example.org"


def rich(folder: Path) -> Path:
    """Write a new course with one more lesson, which has it all."""
    courses.new_course(folder, "Rich")
    site = folder / "mkdocs.yml"
    text = site.read_text("utf-8")
    text = text.replace(
        "      - meetings/planning.md\n",
        "      - meetings/everything.md\n      - meetings/diagrams.md\n",
    )
    hosts = "  - course:\n      hosts:\n        frames: [films.example.org]\n"
    site.write_text(text.replace("  - course\n", hosts, 1), "utf-8")
    for kind in ("lessons", "quizzes"):
        shutil.rmtree(folder / kind / "meetings")
        (folder / kind / "meetings").mkdir()
    for file in RICH.iterdir():
        kind = "quizzes" if file.suffix == ".yml" else "lessons"
        shutil.copy(file, folder / kind / "meetings")
    start = folder / "lessons/index.md"
    start.write_text(start.read_text("utf-8").replace("planning.md", "everything.md"), "utf-8")
    return folder


@pytest.fixture(scope="module")
def course_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rich(tmp_path_factory.mktemp("rich") / "course")


@pytest.fixture(scope="module")
def served(course_folder: Path) -> Iterator[Service]:
    with service.running(course_folder) as running:
        yield running


@pytest.fixture(scope="module")
def previewed(course_folder: Path) -> Iterator[str]:
    port = service.free_port()
    preview = Preview(course_folder, f"http://127.0.0.1:{port}/")
    server = make_server(
        "127.0.0.1", port, create_app(preview, "127.0.0.1", safety.init_app), threaded=True
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    thread.join()
    preview.close()


@contextlib.contextmanager
def opened(
    browser: Browser, scheme: str = "light", size: tuple[int, int] = SIZES[1], scripts: bool = True
) -> Iterator[tuple[Page, list[str]]]:
    """Yield a page, and the list that gathers what the browser complains of."""
    context: BrowserContext = browser.new_context(
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": size[0], "height": size[1]},
        java_script_enabled=scripts,
    )
    context.route(f"{FILMS}/**", lambda route: route.fulfill(body="<p>A film</p>"))
    page = context.new_page()
    said: list[str] = []
    page.on(
        "console", lambda one: said.append(one.text) if one.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page, said
    context.close()


def style(page: Page, selector: str, name: str) -> str:
    found: str = page.locator(selector).first.evaluate(
        f"element => getComputedStyle(element).getPropertyValue({name!r})"
    )
    return found


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}px")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_with_everything_is_shown_whole_under_the_policy(
    browser: Browser, served: Service, scheme: str, size: tuple[int, int]
) -> None:
    with opened(browser, scheme, size) as (page, said):
        page.goto(f"{served.url}{LESSON}")

        assert style(page, "article td:nth-child(2)", "text-align") == "right"
        assert style(page, "#styled", "text-align") == "center"
        expect(page.get_by_role("img", name="Where a report goes")).to_be_visible()
        shown = page.locator(f".course-diagram__{scheme}")
        expect(shown).to_be_visible()
        expect(page.locator(".course-diagram img:visible")).to_have_count(1)
        shown.scroll_into_view_if_needed()
        page.wait_for_function("image => image.naturalWidth > 0", arg=shown.element_handle())
        assert "🚀" in page.locator("article").inner_text()
        expect(page.locator("article .twemoji svg")).to_be_visible()
        assert style(page, "mrow[mathcolor]", "color") == "rgb(255, 0, 0)"
        page.wait_for_function("document.fonts.check('16px \"Noto Sans Math\"')")
        expect(page.frame_locator("iframe").get_by_text("A film")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert said == []


def test_a_formula_has_height_and_names_itself_in_lists(browser: Browser, served: Service) -> None:
    with opened(browser, size=SIZES[2]) as (page, _):
        page.goto(f"{served.url}{LESSON}")

        fraction = page.locator("math mfrac").first.bounding_box()
        letter = page.locator("math mi").first.bounding_box()
        assert fraction is not None
        assert letter is not None
        assert fraction["height"] > 1.3 * letter["height"]
        contents = page.locator(".md-sidebar--secondary")
        expect(contents.get_by_role("link", name="The area a² of a square")).to_be_visible()


SIGNS = """elements => elements.map(
    ({childNodes}) => [...childNodes].filter((node) => node instanceof Text).map(({data}) => data)
)"""
STRAY = """paragraph => {
    const stray = new Set();
    for (let width = 60; width < 340; width += 1) {
        paragraph.style.width = `${width}px`;
        for (const joined of paragraph.querySelectorAll(".math-joined")) {
            const line = joined.querySelector("math").getBoundingClientRect();
            for (const sign of [...joined.childNodes].filter((node) => node instanceof Text)) {
                const range = document.createRange();
                range.selectNode(sign);
                const {top, bottom} = range.getBoundingClientRect();
                if (bottom <= line.top || top >= line.bottom) stray.add(sign.data);
            }
        }
    }
    return [...stray];
}"""


def test_signs_beside_a_formula_stay_on_its_line(browser: Browser, served: Service) -> None:
    with opened(browser, size=SIZES[0]) as (page, _):
        page.goto(f"{served.url}{LESSON}")

        paragraph = page.locator("article p", has_text="How long do you wait")
        joined = paragraph.locator(".math-joined")
        assert joined.evaluate_all(SIGNS) == [["(", "),"], ["?"], ["."]]
        assert paragraph.evaluate(STRAY) == []


def test_a_question_shows_formulas_code_and_pictures_before_and_after_an_answer(
    browser: Browser, served: Service
) -> None:
    with opened(browser) as (page, said):
        page.goto(f"{served.url}{LESSON}")
        question = page.locator("course-question")
        question.locator("input[type=radio]").first.check()
        question.get_by_role("button", name="Check").click()

        feedback = page.locator(".question__feedback")
        expect(feedback.locator("math")).to_have_count(2)
        expect(feedback.locator(".highlight .k")).to_have_text("assert")
        assert style(page, "course-question td:nth-child(2)", "text-align") == "right"
        for picture in page.locator('course-question img[alt="A dot"]').all():
            page.wait_for_function("image => image.naturalWidth > 0", arg=picture.element_handle())
        assert said == []


def test_pages_of_the_service_show_the_same(browser: Browser, served: Service) -> None:
    with opened(browser, scripts=False) as (page, said):
        page.goto(f"{served.url}quiz/{LESSON.rstrip('/')}")
        page.locator("course-question input[type=radio]").first.check()
        page.get_by_role("button", name="Check").click()

        expect(page.locator(".question__feedback math")).to_have_count(2)
        expect(page.locator("course-question .highlight .nb").first).to_have_text("print")
        picture = page.locator('course-question img[alt="A dot"]').first
        assert picture.get_attribute("src") == "/meetings/dot.svg"
        assert said == []


def expect_pictures(page: Page, within: str, scheme: str, *names: str) -> None:
    """Expect diagrams of these names to be seen, in the colours of *scheme* and in no others."""
    shown = page.locator(f"{within} .course-diagram__{scheme}:visible")
    expect(page.locator(f"{within} .course-diagram img:visible")).to_have_count(len(names))
    assert [picture.get_attribute("alt") for picture in shown.all()] == list(names)
    for picture in shown.all():
        picture.scroll_into_view_if_needed()
        page.wait_for_function("image => image.naturalWidth > 0", arg=picture.element_handle())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [SIZES[0], SIZES[2]], ids=lambda size: f"{size[0]}px")
def test_diagrams_of_a_question_show_before_and_after_an_answer(
    browser: Browser, served: Service, scheme: str, size: tuple[int, int]
) -> None:
    prompt, wrong = "Where a report goes", "A report becomes a mail"
    options = ("A report becomes a call", wrong)
    with opened(browser, scheme, size) as (page, said):
        page.goto(f"{served.url}{DIAGRAMS}")
        expect_pictures(page, "#q-way form", scheme, prompt, *options)
        page.get_by_role("radio", name=wrong).check()
        page.locator("#q-way").get_by_role("button", name="Check").click()
        page.locator("#q-way").get_by_text("Answer and explanation").click()

        told = ("The lower way", "A report becomes a call", "Who calls whom")
        expect_pictures(page, "#q-way .question__feedback", scheme, *told)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        page.goto(f"{served.url}learning/{DIAGRAMS.rstrip('/')}")
        page.get_by_role("link", name="See this answer as you gave it").first.click()
        page.get_by_text("Feedback and explanation at the time").click()
        expect_pictures(page, "article", scheme, prompt, *options, wrong, *told)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_diagrams_of_a_question_need_no_script(
    browser: Browser, served: Service, scheme: str
) -> None:
    with opened(browser, scheme, scripts=False) as (page, said):
        page.goto(f"{served.url}quiz/{DIAGRAMS.rstrip('/')}")
        page.get_by_role("radio", name="A report becomes a call").check()
        page.locator("#q-way").get_by_role("button", name="Check").click()

        names = ("The upper way", "Who calls whom")
        expect_pictures(page, "#q-way .question__feedback", scheme, *names)
        menu = page.get_by_role("combobox", name="A diamond")
        assert menu.locator("option").all_inner_texts() == ["Choose", "A plain step", "a decision"]
        assert said == []


def test_a_diagram_to_put_in_order_is_named(browser: Browser, served: Service) -> None:
    with opened(browser) as (page, _):
        page.goto(f"{served.url}{DIAGRAMS}")

        expect(page.get_by_role("button", name="Move down: The report arrives")).to_be_visible()


def test_a_page_needs_no_script_and_follows_the_system_s_colours(
    browser: Browser, served: Service
) -> None:
    with opened(browser, "dark", scripts=False) as (page, said):
        page.goto(f"{served.url}{LESSON}")

        expect(page.locator(".course-diagram__dark")).to_be_visible()
        expect(page.locator(".course-diagram__light")).to_be_hidden()
        expect(page.locator("article math")).to_have_count(10)
        assert said == []


COLOURS = """elements => elements.map((element) => {
    const {color, backgroundColor, boxShadow} = getComputedStyle(element);
    return [element.outerHTML.slice(0, 60), color, backgroundColor, boxShadow];
})"""
COLOURED = (
    "article :is(.highlight, .highlight :not(a, nav *), kbd, p > code, table *, h2, p:not([class]))"
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_scripts_everything_has_the_colours_that_it_has_with_scripts(
    browser: Browser, served: Service, scheme: str
) -> None:
    shown = []
    for scripts in (True, False):
        with opened(browser, scheme, SIZES[2], scripts) as (page, _):
            page.goto(f"{served.url}{LESSON}")
            page.wait_for_load_state("networkidle")
            texts = page.locator(f"{COLOURED}:not(course-question *)")
            shown.append(texts.evaluate_all(COLOURS))
            expect(page.get_by_alt_text("A dot at night")).to_be_visible(visible=scheme == "dark")
            expect(page.get_by_alt_text("A dot by day")).to_be_visible(visible=scheme == "light")

    assert shown[0] == shown[1]
    assert len({colour for _, colour, *_ in shown[0]}) == 8


def test_a_diagram_on_a_narrow_screen_is_scrolled_and_its_words_do_not_shrink(
    browser: Browser, served: Service
) -> None:
    with opened(browser, size=SIZES[0]) as (page, _):
        page.goto(f"{served.url}{LESSON}")
        picture = page.locator(".course-diagram__light")
        frame = page.locator(".course-diagram")
        expect(frame).to_have_attribute("tabindex", "0")

        assert picture.evaluate(
            "image => image.clientWidth === Number(image.getAttribute('width'))"
        )
        assert frame.evaluate("frame => frame.scrollWidth > frame.clientWidth")
        frame.evaluate("frame => frame.scrollBy(1000, 0)")
        assert frame.evaluate("frame => frame.scrollLeft > 0")
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[0][0]
        page.emulate_media(media="print")
        assert frame.evaluate("frame => frame.scrollWidth <= frame.clientWidth")


@pytest.mark.parametrize("how", [{"forced_colors": "active"}, {"media": "print"}], ids=str)
def test_paper_and_colours_of_the_system_lose_nothing(
    browser: Browser, served: Service, how: dict[str, Any]
) -> None:
    with opened(browser, "dark") as (page, _):
        page.goto(f"{served.url}{LESSON}")
        page.emulate_media(**how)

        expect(page.locator(".course-diagram__light")).to_be_visible()
        expect(page.locator(".course-diagram__dark")).to_be_hidden()
        assert style(page, "article math", "color") == style(page, "article h1", "color")
        done, to_do = page.locator(".task-list-indicator").all()
        before = "element => getComputedStyle(element, '::before')"
        assert done.evaluate(f"element => ({before})(element).maskImage") != "none"
        assert to_do.evaluate(f"element => ({before})(element).maskImage") == "none"
        icon = done.evaluate(f"element => ({before})(element).backgroundColor")
        assert icon != style(page, "body", "background-color")


def test_in_the_system_s_colours_a_wrong_choice_has_its_cross_and_its_frame(
    browser: Browser, served: Service
) -> None:
    with opened(browser) as (page, _):
        page.emulate_media(forced_colors="active")
        page.goto(f"{served.url}{LESSON}")
        question = page.locator("#q-square")
        question.get_by_role("radio").nth(1).check()
        question.get_by_role("button", name="Check").click()

        note = question.locator('.note[data-right="false"]')
        seen = note.evaluate("element => getComputedStyle(element, '::before').backgroundImage")
        assert seen.count("linear-gradient") == 2
        assert "rgb(0, 0, 0)" in seen or "rgb(255, 255, 255)" in seen
        assert style(page, "#q-square .question__feedback", "border-top-style") == "solid"


def test_the_preview_shows_the_same(browser: Browser, previewed: str) -> None:
    with opened(browser, size=SIZES[2]) as (page, said):
        page.goto(f"{previewed}/{LESSON}")
        question = page.locator("course-question")
        question.locator("input[type=radio]").first.check()
        question.get_by_role("button", name="Check").click()

        expect(page.locator(".question__feedback math")).to_have_count(2)
        shown = page.locator(".course-diagram__light")
        shown.scroll_into_view_if_needed()
        page.wait_for_function("image => image.naturalWidth > 0", arg=shown.element_handle())
        assert style(page, "article td:nth-child(2)", "text-align") == "right"
        expect(page.frame_locator("iframe").get_by_text("A film")).to_be_visible()
        page.goto(f"{previewed}/{DIAGRAMS}")
        expect_pictures(page, "#q-way .question__prompt", "light", "Where a report goes")
        page.locator("preview-key summary").first.click()
        expect_pictures(page, ".preview-key__explanation", "light", "Who calls whom")
        assert said == []


def test_the_preview_says_that_it_marks_answers_by_script(browser: Browser, previewed: str) -> None:
    with opened(browser, scripts=False) as (page, _):
        page.goto(f"{previewed}/{LESSON}")
        page.locator("course-question input[type=radio]").first.check()
        page.get_by_role("button", name="Check").click()

        expect(page.get_by_text("marks answers only with JavaScript")).to_be_visible()
