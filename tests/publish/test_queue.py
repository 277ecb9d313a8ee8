"""Answers from the page to the service, and what happens when it is not there."""

import re

import pytest
from playwright.sync_api import Page, expect

ALL_TYPES = "/basics/all-types/"
WAITING = "1 answer is waiting for a connection"


def answer(page: Page, option: str = "Oslo") -> None:
    question = page.locator("#q-capital")
    question.get_by_label(option).check()
    question.get_by_role("button", name=re.compile("Check|Try again")).click()


def test_an_answer_is_marked_in_place(page: Page, service):
    page.goto(service.url + ALL_TYPES)

    answer(page)

    question = page.locator("#q-capital")
    expect(question).to_have_attribute("data-state", "right")
    expect(question.get_by_role("status")).to_have_text("Saved.")
    expect(question.locator(".question__feedback")).to_be_focused()
    expect(page.locator(".lesson__count")).to_have_text("1 of 8 answered, 50% of the points")
    sent = service.received[0]
    assert sent["given"] == {"choice": [service.course.asked["capital"][1].options[0].key]}
    assert set(sent) == {
        "id",
        "question",
        "revision",
        "given",
        "given_at",
        "seconds",
    }  # a stranger's
    assert 0 <= sent["seconds"] < 60


def test_nobody_is_counted_before_the_first_answer(page: Page, service):
    page.goto(service.url + ALL_TYPES)
    page.wait_for_load_state("networkidle")
    assert (service.sessions, service.visits) == (0, [])

    answer(page)
    expect(page.locator("#q-capital")).to_have_attribute("data-state", "right")
    page.goto(service.url + "/basics/graded/")
    page.wait_for_load_state("networkidle")

    assert (service.sessions, service.visits) == (1, ["basics/graded"])


def test_an_answer_waits_for_the_service_and_arrives_once(page: Page, service):
    service.down = True
    page.goto(service.url + ALL_TYPES)
    answer(page)
    expect(page.get_by_text(WAITING)).to_be_visible()
    expect(page.locator("#q-capital").get_by_role("status")).to_contain_text("kept in this browser")

    page.reload()
    expect(page.get_by_text(WAITING)).to_be_visible()
    expect(page.locator("#q-capital").get_by_label("Oslo")).to_be_checked()
    service.down = False
    page.goto(service.url + "/basics/reading/")  # any page sends it

    expect(page.get_by_text(WAITING)).to_be_hidden()
    page.goto(service.url + ALL_TYPES)
    expect(page.locator("#q-capital")).to_have_attribute("data-state", "right")
    assert len(service.received) == 1


def test_an_answer_given_offline_is_sent_when_the_connection_is_back(page: Page, service):
    page.goto(service.url + ALL_TYPES)
    page.context.set_offline(True)
    answer(page)
    expect(page.get_by_text(WAITING)).to_be_visible()

    page.context.set_offline(False)

    expect(page.locator("#q-capital")).to_have_attribute("data-state", "right")
    expect(page.get_by_text(WAITING)).to_be_hidden()


def test_an_answer_whose_reply_was_lost_is_sent_again_with_the_same_id(page: Page, service):
    page.goto(service.url + ALL_TYPES)
    lost = []

    def lose(route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch())  # the service has it, the browser hears nothing
        route.abort()

    answer(page, "Bergen")  # makes the session
    expect(page.locator("#q-capital")).to_have_attribute("data-state", "wrong")
    page.route("**/api/v1/answers*", lose)
    answer(page)
    expect(page.locator("#q-capital")).to_have_attribute("data-state", "right")

    first, second, third = service.received
    assert second["id"] == third["id"] != first["id"]


def test_a_refused_answer_keeps_the_form_and_leaves_the_queue(page: Page, service):
    service.refusal = "Write a number, such as 12 or 3.5."
    page.goto(service.url + ALL_TYPES)
    question = page.locator("#q-how-many")

    question.get_by_label("Your answer").fill("many")
    question.get_by_role("button", name="Check").click()

    refused = f"Your answer couldn’t be saved. {service.refusal}"
    expect(question.get_by_role("status")).to_have_text(refused)
    expect(question.get_by_label("Your answer")).to_have_value("many")
    expect(page.get_by_text(WAITING)).to_be_hidden()
    service.refusal = ""
    question.get_by_role("button", name="Check").click()
    question.get_by_label("Your answer").fill("12")
    expect(page.locator("#q-how-many")).to_have_attribute("data-state", "open")


def test_a_refused_answer_is_told_on_any_page_and_its_text_can_be_copied(page: Page, service):
    service.down = True
    page.goto(service.url + ALL_TYPES)
    question = page.locator("#q-essay")
    question.get_by_role("textbox").fill("Long thought about.")
    question.get_by_role("button", name="Send").click()
    expect(page.get_by_text(WAITING)).to_be_visible()
    service.down, service.refusal = False, "All 2 attempts at this question are used."

    page.goto(service.url + "/basics/reading/")
    bar = page.locator(".course-waiting")
    bar.get_by_text("1 answer couldn’t be saved").click()

    expect(bar.locator("pre")).to_have_text("Long thought about.")
    expect(bar).to_contain_text(service.refusal)
    page.goto(service.url + ALL_TYPES)
    expect(question.get_by_role("textbox")).to_have_value("Long thought about.")
    expect(question.get_by_role("status")).to_contain_text(service.refusal)
    assert service.asked == 1 + 1  # once while it was down, once more, and never again


def test_the_service_is_left_alone_for_as_long_as_it_asks(page: Page, service):
    service.down, service.retry_after = True, "60"
    page.clock.install()
    page.goto(service.url + ALL_TYPES)
    answer(page)
    page.clock.run_for(1_000)
    expect(page.get_by_text(WAITING)).to_be_visible()
    assert service.asked == 1

    page.clock.run_for(50_000)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.clock.run_for(5_000)
    assert service.asked == 1
    service.down = False
    page.clock.run_for(60_000)

    expect(page.locator("#q-capital")).to_have_attribute("data-state", "right")


def test_what_is_no_word_of_the_service_refuses_nothing(page: Page, service):
    page.route("**/api/v1/answers*", lambda route: route.fulfill(status=404, body="<h1>Proxy</h1>"))
    page.goto(service.url + ALL_TYPES)
    answer(page)
    expect(page.get_by_text(WAITING)).to_be_visible()

    page.unroute("**/api/v1/answers*")
    page.evaluate("dispatchEvent(new Event('online'))")

    expect(page.locator("#q-capital")).to_have_attribute("data-state", "right")


@pytest.mark.parametrize(
    "broken",
    [
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
        "Object.defineProperty(window, 'localStorage', "
        "{ get() { throw new DOMException('no', 'SecurityError') } });"
        "navigator.locks.request = async () => { throw new DOMException('no', 'SecurityError') }",
    ],
    ids=["full", "switched off"],
)
def test_a_browser_that_cannot_store_says_so_and_sends_all_the_same(page: Page, service, broken):
    page.add_init_script(broken)
    service.down = True
    page.goto(service.url + ALL_TYPES)
    answer(page)

    status = page.locator("#q-capital").get_by_role("status")
    expect(status).to_contain_text("This browser can’t store it, so keep this page open")
    service.down = False
    page.evaluate("dispatchEvent(new Event('online'))")

    expect(page.locator("#q-capital")).to_have_attribute("data-state", "right")


def test_pressing_twice_sends_once(page: Page, service):
    page.goto(service.url + ALL_TYPES)
    page.locator("#q-capital").get_by_text("Oslo").click()

    page.locator("#q-capital").get_by_role("button", name="Check").dblclick()

    expect(page.locator("#q-capital")).to_have_attribute("data-state", "right")
    page.wait_for_load_state("networkidle")
    assert len(service.received) == 1


def test_two_tabs_make_one_learner(page: Page, service):
    other = page.context.new_page()
    service.down = True
    for tab in (page, other):
        tab.goto(service.url + ALL_TYPES)
    answer(page)
    other.locator("#q-mood").get_by_text("Well", exact=True).click()
    other.locator("#q-mood").get_by_role("button", name="Send").click()
    expect(other.get_by_text("2 answers are waiting for a connection")).to_be_visible()
    service.down = False

    for tab in (page, other):
        tab.evaluate("dispatchEvent(new Event('online'))")

    expect(page.locator("#q-capital")).to_have_attribute("data-state", "right")
    expect(other.locator("#q-capital")).to_have_attribute("data-state", "right")
    expect(page.locator("#q-mood")).to_have_attribute("data-state", "saved")
    assert service.sessions == 1
    # A tab may hear late that the other has sent an answer, and send it again under the same id.
    assert len({one["id"] for one in service.received}) == 2
    assert {one["question"] for one in service.received} == {"capital", "mood"}


def test_an_order_is_made_with_buttons_and_by_dragging(page: Page, service):
    page.goto(service.url + ALL_TYPES)
    question = page.locator("#q-sequence")
    question.scroll_into_view_if_needed()  # far from the screen, nothing is laid out
    texts = question.locator(".row__text")
    one, two, three, four = texts.all_text_contents()

    question.get_by_role("button", name=f"Move up: {two}").press("Enter")
    expect(question.get_by_role("button", name=f"Move up: {two}")).to_be_focused()
    expect(question.get_by_role("status")).to_have_text(f"{two}: place 1 of 4.")
    assert texts.all_text_contents() == [two, one, three, four]
    grip = question.locator(".row__grip").nth(1).bounding_box()
    target = question.locator(".row").nth(2).bounding_box()
    assert grip is not None
    assert target is not None
    page.mouse.move(grip["x"] + 20, grip["y"] + 20)
    page.mouse.down()
    page.mouse.move(target["x"] + 20, target["y"] + target["height"] - 4, steps=8)
    page.mouse.up()
    assert texts.all_text_contents() == [two, three, one, four]
    question.get_by_role("button", name="Check").click()

    expect(page.locator("#q-sequence")).not_to_have_attribute("data-state", "open")
    given = service.received[0]["given"]
    asked = service.course.asked["sequence"][1]
    assert asked.describe(given) == [two, three, one, four]


def test_a_lesson_is_marked_as_read(page: Page, service):
    page.goto(service.url + "/basics/reading/")

    page.get_by_role("button", name="Mark as read").click()

    expect(page.get_by_text("Marked as read.")).to_be_visible()
    expect(page.locator(".lesson__count")).to_have_text("Lesson complete")
    link = page.get_by_role("navigation", name="Navigation").get_by_role(
        "link", name="A lesson to read"
    )
    expect(link).to_have_text("A lesson to read (complete)")
    expect(page.locator("[data-module='Basics & more'] .course-nav__count")).to_have_text("1 of 3")


def test_the_start_page_leads_on(page: Page, service):
    page.goto(service.url)
    button = page.locator("course-continue a")
    expect(button).to_have_text("Begin with the first lesson")
    page.goto(service.url + ALL_TYPES)
    answer(page)
    expect(page.locator("#q-capital")).to_have_attribute("data-state", "right")

    page.goto(service.url)

    expect(button).to_have_text("Continue: Every type, <once>")
    expect(button).to_have_attribute("href", ALL_TYPES)
    expect(page.locator("course-continue")).to_contain_text("0 of 4 lessons complete.")
