"""The main job end to end: a newcomer learns as a guest, signs up, and goes on elsewhere."""

import re
import uuid

import pytest
from playwright.sync_api import Browser, Page, expect

from course.content.course import Course
from tests.browser.learner import Learner, follow, right, wrong
from tests.service import Service

FIRST = "understand/who-holds-the-message"


def one_of_each_type(course: Course) -> list[str]:
    """Return a question of each type in the first lesson."""
    found: dict[str, str] = {}
    for question in course.lessons[FIRST].questions:
        found.setdefault(question.type, question.id)
    return list(found.values())


def test_a_guest_learns_comes_back_signs_up_and_goes_on_elsewhere(
    learner: Learner, page: Page, browser: Browser, served: Service, shipped: Course, scripts: bool
) -> None:
    asked = one_of_each_type(shipped)
    assert len(asked) == 8
    single = next(name for name in asked if shipped.asked[name][1].type == "single")

    # From the start page into the first lesson, without an account.
    page.goto("/")
    page.get_by_role("link", name=re.compile("Start")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(shipped.lessons[FIRST].title)
    expect(page.get_by_text(re.compile("This lesson is complete once"))).to_be_visible()

    # One wrong, then right; then one of each other type.
    learner.answer(single, wrong(shipped.asked[single][1]))
    expect(learner.place(single)).to_contain_text("Not yet.")
    learner.answer(single)
    expect(learner.place(single)).to_contain_text("Right.")
    for name in asked:
        if name != single:
            learner.be_at(f"/{shipped.lessons[FIRST].url}")
            learner.answer(name)

    # Reloading, and coming back later with the same cookie, brings everything back.
    state = page.context.storage_state()
    page.reload()
    return_to = browser.new_context(
        base_url=served.url,
        java_script_enabled=scripts,
        storage_state={"cookies": state["cookies"], "origins": []},
    )
    later = return_to.new_page()
    later.goto(f"/{shipped.lessons[FIRST].url}" if scripts else f"/quiz/{FIRST}")
    for name in asked:
        verdict = later.locator(f"#q-{name} .question__verdict")
        unmarked = shipped.asked[name][1].type in ("text", "poll")
        expect(verdict).to_contain_text("Recorded." if unmarked else "Right.")
    later.goto("/learning")
    total = len(shipped.lessons[FIRST].questions)
    expect(later.locator("main")).to_contain_text(f"8 of {total} questions answered")
    later.get_by_role("link", name="All my answers in this lesson").click()
    expect(later.get_by_role("heading", name="Attempt 2")).to_be_visible()

    # Signing up keeps the record; a second browser finds it.
    address = f"ada-{uuid.uuid4().hex[:8]}@example.org"
    password = "a long enough secret"
    sign_up(later, learner, address, password)
    later.goto("/learning")
    expect(later.locator("main")).to_contain_text(f"8 of {total} questions answered")
    return_to.close()

    elsewhere = browser.new_context(
        base_url=served.url, java_script_enabled=scripts, viewport={"width": 1280, "height": 800}
    )
    second = elsewhere.new_page()
    sign_in(second, address, password)
    second.goto("/learning")
    expect(second.locator("main")).to_contain_text(f"8 of {total} questions answered")
    elsewhere.close()


def sign_up(page: Page, learner: Learner, address: str, password: str) -> None:
    page.goto("/account/sign-up")
    page.get_by_label(re.compile("mail", re.I)).first.fill(address)
    page.get_by_label("Password", exact=False).first.fill(password)
    page.get_by_role("button", name=re.compile("sign up|make|create", re.I)).first.click()
    expect(page.locator("main")).to_contain_text(address)
    page.goto(learner.link_in_mail_to(address))
    follow(page, page.locator("main").get_by_role("button").first)
    page.goto("/account")
    expect(page.locator("main")).to_contain_text(address)


def sign_in(page: Page, address: str, password: str) -> None:
    page.goto("/account/sign-in")
    page.get_by_label(re.compile("mail", re.I)).first.fill(address)
    page.get_by_label("Password", exact=False).first.fill(password)
    follow(page, page.get_by_role("button", name=re.compile("^sign in", re.I)).first)
    page.goto("/account")
    expect(page.locator("main")).to_contain_text(address)


@pytest.mark.parametrize("scripts", [True], indirect=True)
def test_a_lesson_is_completed_and_the_navigation_shows_it(
    learner: Learner, page: Page, shipped: Course
) -> None:
    lesson = shipped.lessons[FIRST]
    for name in lesson.places:
        learner.be_at(f"/{lesson.url}")
        learner.answer(name)

    page.goto("/learning")
    expect(page.locator("main")).to_contain_text("1 of 3 lessons complete")
    expect(page.get_by_role("link", name=re.compile("^Continue: "))).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"/{lesson.url}")
    expect(page.locator(".lesson__count")).to_contain_text("Lesson complete")
    link = page.locator(".course-nav").get_by_role("link", name=lesson.title)
    expect(link).to_contain_text(re.compile("complete", re.I))
    expect(page.locator(".course-nav__module").first).to_contain_text("1 of 3")
    page.goto("/")
    expect(
        page.locator("course-continue").get_by_role("link", name=re.compile("Continue"))
    ).to_be_visible()


@pytest.mark.parametrize("scripts", [True], indirect=True)
def test_by_keyboard_alone(page: Page, shipped: Course, learner: Learner) -> None:
    lesson = shipped.lessons[FIRST]
    question = next(q for q in lesson.questions if q.type == "single")
    page.goto(f"/{lesson.url}")
    key = right(question)["choice"][0]
    radios = learner.place(question.id).locator("input[type=radio]")
    position = next(n for n in range(radios.count()) if radios.nth(n).get_attribute("value") == key)

    # Walk there from the top of the page: every stop has to be reachable, visible and left again.
    for _ in range(400):
        page.keyboard.press("Tab")
        inside = page.evaluate(
            "name => document.activeElement?.matches(`#q-${name} input[type=radio]`)",
            question.id,
        )
        if inside:
            break
    else:
        raise AssertionError("the question was never reached")
    page.keyboard.press("Space")
    for _ in range(position):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(learner.place(question.id).locator(".question__verdict")).to_contain_text("Right.")
    assert page.evaluate("document.activeElement.closest('.question__feedback') !== null")


@pytest.mark.parametrize("scripts", [True], indirect=True)
def test_an_order_question_by_keyboard(page: Page, shipped: Course, learner: Learner) -> None:
    lesson = shipped.lessons[FIRST]
    question = next(q for q in lesson.questions if q.type == "order")
    page.goto(f"/{lesson.url}")
    place = learner.place(question.id)
    wanted = sorted(right(question), key=lambda row: int(right(question)[row][0]))

    for target, row in enumerate(wanted):
        for _ in range(len(wanted)):
            names = [s.get_attribute("name") for s in place.locator("select").all()]
            if names.index(row) == target:
                break
            place.locator(".row").nth(names.index(row)).get_by_role(
                "button", name=re.compile("up", re.I)
            ).focus()
            page.keyboard.press("Enter")
    place.locator("button[type=submit]").focus()
    page.keyboard.press("Enter")

    expect(place.locator(".question__verdict")).to_contain_text("Right.")
