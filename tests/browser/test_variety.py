"""What a browser arranges is what the service marks: on reload, offline, on other devices."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from course.content.course import Course
from course.content.questions.base import Question
from course.content.reading import open_course
from tests import service
from tests.content.test_variety import CHANCES, SEEDS
from tests.service import Service

VARIED = Path(__file__).parents[1] / "courses" / "varied"
LESSON = "basics/varied/"


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = shutil.copytree(VARIED, tmp_path_factory.mktemp("varied"), dirs_exist_ok=True)
    with service.running(folder) as running:
        yield running


@pytest.fixture
def course() -> Course:
    return open_course(VARIED)


@pytest.fixture
def page(browser: Browser, varied: Service) -> Iterator[Page]:
    """A learner's first page, whose script has arranged it."""
    context = browser.new_context(base_url=varied.url)
    opened = context.new_page()
    opened.goto(LESSON)
    expect(opened.locator("[data-varies='']")).to_have_count(0)
    yield opened
    context.close()


def seed_of(page: Page) -> str:
    return str(page.evaluate("localStorage.getItem('/.seed')"))


def asked_on(page: Page) -> list[str]:
    each = page.locator("course-question:not([hidden])").all()
    return [str(one.get_attribute("data-question")) for one in each]


def prompt_of(page: Page) -> str:
    return page.locator("#q-clicks .question__prompt").first.inner_text()


def choices_on(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("#q-pick .choice").all_inner_texts()]


def as_met(course: Course, name: str, variant: str) -> Question:
    asked = course.asked[name][1]
    return asked.as_shown(asked.shown(variant))


def test_the_browser_and_the_service_have_the_same_chance(page: Page, course: Course):
    script = page.locator("link[rel=modulepreload][href*=variety]").get_attribute("href")
    asked = course.asked["clicks"][1]
    numbers = asked.numbers()
    variants = ["", *SEEDS[:40], *(f"{SEEDS[0]}.{count}" for count in range(1, 60))]

    found = page.evaluate(
        """async ([script, chances, numbers, variants]) => {
          const { chance, chosen } = await import(new URL(script, location.href));
          return [chances.map(parts => chance(...parts)),
                  variants.map(one => chosen(numbers, "clicks", one))];
        }""",
        [script, [list(parts) for parts in CHANCES], numbers, variants],
    )

    assert found[0] == list(CHANCES.values())
    prompts = [as_met(course, "clicks", variant).prompt for variant in variants]
    assert prompts == [
        asked.prompt.replace("{reach}", one["reach"]).replace("{rate}", one["rate"])
        for one in found[1]
    ]


def test_a_first_visit_a_reload_and_the_service_agree(page: Page, course: Course):
    seed = seed_of(page)
    asked, choices, prompt = asked_on(page), choices_on(page), prompt_of(page)

    assert choices == [option.text for option in as_met(course, "pick", seed).options]  # type: ignore[attr-defined]
    assert prompt == as_met(course, "clicks", seed).prompt.replace("**", "")
    assert len(asked) == 5
    page.reload()
    expect(page.locator("[data-varies='']")).to_have_count(0)
    assert (seed_of(page), asked_on(page)) == (seed, asked)
    assert (choices_on(page), prompt_of(page)) == (choices, prompt)

    # The answer makes a guest; its page on another device is arranged alike.
    page.locator("#q-pick").get_by_role("radio", name="Beta", exact=True).check()
    page.locator("#q-pick").get_by_role("button", name="Check").click()
    expect(page.locator("#q-pick")).to_have_attribute("data-state", "wrong")
    assert choices_on(page) == choices
    page.evaluate("localStorage.setItem('/.seed', '00000000')")
    page.reload()
    expect(page.locator("#q-pick")).to_have_attribute("data-state", "wrong")
    assert (seed_of(page), asked_on(page), prompt_of(page)) == (seed, asked, prompt)


def test_an_answer_given_offline_is_marked_by_the_numbers_that_were_seen(
    page: Page, course: Course
):
    question = page.locator("#q-clicks")
    prompt = prompt_of(page)
    page.context.set_offline(True)
    question.get_by_label("Your answer").fill(str(as_met(course, "clicks", seed_of(page)).key()[0]))
    question.get_by_role("button", name="Check").click()
    expect(question.get_by_role("status")).to_contain_text("kept in this browser")

    page.context.set_offline(False)

    expect(question).to_have_attribute("data-state", "right")
    assert prompt_of(page) == prompt


def test_a_missed_number_is_asked_again_with_other_numbers(page: Page, course: Course):
    question = page.locator("#q-clicks")
    question.get_by_label("Your answer").fill("1")
    question.get_by_role("button", name="Check").click()
    question.get_by_text("Try again with other numbers").click()
    again = question.locator(".question__again")
    second = as_met(course, "clicks", f"{seed_of(page)}.2")
    expect(again.locator(".question__prompt")).to_have_text(second.prompt.replace("**", ""))

    again.get_by_label("Your answer").fill(str(second.key()[0]))
    again.get_by_role("button", name="Check").click()

    expect(question).to_have_attribute("data-state", "right")
    expect(question).to_contain_text(str(second.dump()["solution"]))


def test_a_missed_question_gives_place_to_its_sister(page: Page, course: Course):
    first, second = [name for name in asked_on(page) if name.startswith("drill")]

    def answer(name: str, *, right: bool) -> None:
        odd = name in ("drill-one", "drill-three")
        box = page.locator(f"#q-{name}").get_by_role(
            "radio", name="Odd" if odd == right else "Even"
        )
        box.first.check()
        page.locator(f"#q-{name}").get_by_role("button", name="Check").click()
        state = "right" if right else "wrong"
        expect(page.locator(f"#q-{name}")).to_have_attribute("data-state", state)

    answer(first, right=False)
    page.get_by_role("link", name="Try a similar question").click()
    [sister] = [name for name in asked_on(page) if name.startswith("drill") and name != second]
    assert sister != first
    expect(page.locator(f"#q-{sister} .question__prompt")).to_be_focused()
    expect(page.locator(f"#q-{first}")).to_be_hidden()
    answer(sister, right=True)
    expect(page.locator(".lesson__count")).to_have_text(re.compile(r"^1 of 5 answered, 20%"))

    page.reload()
    expect(page.locator(f"#q-{sister}")).to_have_attribute("data-state", "right")
    expect(page.locator(f"#q-{first}")).to_be_hidden()
    expect(page.locator(f"#q-{second}")).to_be_visible()
