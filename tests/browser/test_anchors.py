"""A link to a question shows it below the header, whatever stands above it and comes later."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from course.content.course import Course, Lesson
from tests import service
from tests.browser.learner import right
from tests.conftest import SMALL
from tests.forms import submission
from tests.service import Service

SIZES = [(1200, 700), (390, 844)]
LESSON = "understand/the-social-web-as-a-system"

PLACE = """(name) => {
  const question = document.getElementById(name).getBoundingClientRect();
  const header = document.querySelector('.md-header').getBoundingClientRect();
  const end = document.documentElement.scrollHeight - innerHeight - scrollY;
  return [question.top - header.bottom, end];
}"""


@pytest.fixture
def scripts() -> bool:
    return True


PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def is_below_header(page: Page, name: str, *, scripts: bool = True) -> bool:
    """Whether a question begins within 40 px below the header, or as high as the end of the page allows."""
    page.wait_for_load_state("networkidle")
    if scripts:  # without, a page calls nobody back
        page.evaluate(PAINTED)
    gap, left = page.evaluate(PLACE, f"q-{name}")
    return 0 <= gap <= 40 or (gap > 0 and left <= 1)


def asked(lesson: Lesson) -> list[str]:
    """The questions that everybody meets."""
    assert lesson.quiz
    pooled = {name for pool in lesson.quiz.pools for name in pool.questions}
    return [question.id for question in lesson.questions if question.id not in pooled]


def answer_all(page: Page, course: Course, lesson: Lesson) -> None:
    """Answer a lesson's questions from outside the page, in the page's browser."""
    page.request.post("api/v1/session", data={})
    for name in asked(lesson):
        sent = submission(course, name, right(course.asked[name][1]))
        page.request.post("api/v1/answers", data=sent)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("answered", [False, True], ids=["fresh", "answered"])
def test_each_question_of_a_lesson_is_shown_where_its_link_leads(
    browser: Browser, served: Service, shipped: Course, size: tuple[int, int], answered: bool
) -> None:
    context = browser.new_context(
        base_url=served.url, viewport={"width": size[0], "height": size[1]}
    )
    page = context.new_page()
    lesson = shipped.lessons[LESSON]
    if answered:
        answer_all(page, shipped, lesson)

    missed = []
    some = asked(lesson)[::3]
    for name in some:
        page.goto("about:blank")
        page.goto(f"{lesson.url}#q-{name}")
        if not is_below_header(page, name):
            missed.append((name, page.evaluate(PLACE, f"q-{name}")))

    assert missed == []
    assert len(some) >= 3
    context.close()


def test_continue_leads_to_the_question_without_loading_the_page(
    page: Page, shipped: Course
) -> None:
    lesson = shipped.lessons[LESSON]
    name = asked(lesson)[-1]
    answer_all(page, shipped, lesson)
    page.goto("")
    with page.expect_event("requestfinished", lambda one: "sitemap.xml" in one.url):
        page.mouse.move(100, 100)  # at a touch Material's script comes, and needs the sitemap
    page.evaluate("window.same = true")
    button = page.locator("course-continue a")
    expect(button).to_have_text(re.compile("Continue|Start"))
    button.evaluate("(link, to) => link.href = to", f"{page.url}{lesson.url}#q-{name}")

    button.click()

    expect(page.locator(f"#q-{name}")).to_be_visible()
    assert page.evaluate("window.same") is True
    assert is_below_header(page, name)


@pytest.fixture(scope="module")
def tall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The small course, whose first question is some 1,700 px high."""
    folder = Path(shutil.copytree(SMALL, tmp_path_factory.mktemp("tall") / "small"))
    quiz = folder / "quizzes" / "basics" / "all-types.yml"
    prompt = "prompt: |\n      " + "\n\n      ".join(["Which way do you go?"] * 45)
    text, count = re.subn(r"prompt: [^\n|]+", prompt, quiz.read_text(), count=1)
    assert count == 1
    quiz.write_text(text)
    with service.running(folder) as running:
        yield running


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("runs", [True, False], ids=["scripts", "no-scripts"])
def test_a_question_behind_a_tall_one_is_shown(
    browser: Browser, tall: Service, size: tuple[int, int], runs: bool
) -> None:
    context = browser.new_context(
        base_url=tall.url,
        viewport={"width": size[0], "height": size[1]},
        java_script_enabled=runs,
    )
    page = context.new_page()

    page.goto("basics/all-types/#q-share")

    box = page.locator("course-question").first.bounding_box()
    assert box
    assert box["height"] > 1_500
    assert is_below_header(page, "share", scripts=runs)
    context.close()


def test_a_reader_who_moves_on_is_not_brought_back(page: Page, tall: Service) -> None:
    page.goto(f"{tall.url}basics/all-types/#q-share")
    assert is_below_header(page, "share")
    page.mouse.move(200, 300)
    page.mouse.wheel(0, -600)
    page.wait_for_function("document.getElementById('q-share').getBoundingClientRect().top > 300")

    page.evaluate("document.querySelector('course-question').style.paddingTop = '500px'")
    page.evaluate(PAINTED)

    assert page.evaluate(PLACE, "q-share")[0] > 300
