"""When the service is away, or the learner is quick: nothing lost, nothing doubled."""

import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from course.content.course import Course
from course.record.answering.tables import Answer
from course.record.store.database import Database
from tests import service
from tests.browser.learner import Learner, right
from tests.service import Service


@pytest.fixture
def own(course_root: object) -> Iterator[Service]:
    """A service over the small course that a test may stop."""
    with service.running(course_root) as running:  # type: ignore[arg-type]
        yield running


@pytest.fixture
def guest(own: Service, browser: Browser) -> Iterator[Learner]:
    context = browser.new_context(base_url=own.url)
    course = Course.load((own.folder / "build" / "course.json").read_text())
    yield Learner(context.new_page(), course, own.folder / "data" / "outbox", scripts=True)
    context.close()


def stored(own: Service) -> list[tuple[str, uuid.UUID]]:
    database = Database(f"sqlite:///{own.folder}/data/course.sqlite")
    with database.read() as session:
        rows = session.execute(sa.select(Answer.question, Answer.client_id)).all()
    database.close()
    return [(question, client_id) for question, client_id in rows]


def send(guest: Learner, name: str) -> None:
    guest.fill(name, right(guest.course.asked[name][1]))
    guest.place(name).locator("button[type=submit]").click()


def status(page: Page, name: str) -> str:
    return page.locator(f"#q-{name} .question__status").inner_text()


def test_an_answer_waits_for_the_service_and_arrives_once(guest: Learner, own: Service) -> None:
    page = guest.page
    page.goto("/basics/all-types/")
    guest.answer("pick")

    own.stop()
    send(guest, "share")
    expect(guest.place("share").get_by_role("status")).to_contain_text("Waiting for a connection")
    expect(page.get_by_text("1 answer is waiting for a connection")).to_be_visible()
    send(guest, "ask")
    expect(page.get_by_text("2 answers are waiting for a connection")).to_be_visible()
    assert [name for name, _ in stored(own)] == ["pick"]

    own.start()
    expect(guest.place("share").locator(".question__verdict")).to_contain_text(
        "Right.", timeout=30_000
    )
    expect(guest.place("ask").locator(".question__verdict")).to_contain_text(
        "Recorded.", timeout=30_000
    )
    expect(page.get_by_text("waiting for a connection")).to_have_count(0)
    assert sorted(name for name, _ in stored(own)) == ["ask", "pick", "share"]


def test_an_answer_outlives_the_closing_of_the_page(guest: Learner, own: Service) -> None:
    page = guest.page
    page.goto("/basics/all-types/")
    guest.answer("pick")
    own.stop()
    send(guest, "share")
    expect(guest.place("share").get_by_role("status")).to_contain_text("Waiting for a connection")
    page.close()

    own.start()
    guest.page = guest.page.context.new_page()
    guest.page.goto("/more/graded/")  # another page of the course will do

    waiting = guest.page.get_by_text("1 answer is waiting for a connection")
    expect(waiting).to_have_count(0, timeout=30_000)
    guest.page.goto("/learning/basics/all-types")
    expect(guest.page.locator(".course-answer")).to_have_count(2)
    assert sorted(name for name, _ in stored(own)) == ["pick", "share"]


def test_the_first_answer_of_all_may_wait_too(guest: Learner, own: Service) -> None:
    guest.page.goto("/basics/all-types/")
    own.stop()
    send(guest, "pick")
    expect(guest.place("pick").get_by_role("status")).to_contain_text("Waiting for a connection")

    own.start()

    expect(guest.place("pick").locator(".question__verdict")).to_contain_text(
        "Right.", timeout=30_000
    )
    assert [name for name, _ in stored(own)] == ["pick"]


def test_a_lost_reply_is_asked_for_again_and_stored_once(guest: Learner, own: Service) -> None:
    page = guest.page
    page.goto("/basics/all-types/")
    guest.answer("pick")
    lost: list[str] = []

    def lose_the_first(route: object) -> None:
        if not lost:
            route.fetch()  # type: ignore[attr-defined]
            lost.append("reply")
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/api/v1/answers*", lose_the_first)
    send(guest, "share")

    expect(guest.place("share").locator(".question__verdict")).to_contain_text(
        "Right.", timeout=30_000
    )
    assert lost == ["reply"]
    assert [name for name, _ in stored(own)].count("share") == 1


def test_a_double_click_is_one_answer(guest: Learner, own: Service) -> None:
    guest.page.goto("/basics/all-types/")
    guest.fill("pick", right(guest.course.asked["pick"][1]))
    guest.place("pick").locator("button[type=submit]").dblclick()

    expect(guest.place("pick").locator(".question__verdict")).to_contain_text("Right.")
    assert [name for name, _ in stored(own)] == ["pick"]


def test_two_tabs_of_a_newcomer_are_one_learner(guest: Learner, own: Service) -> None:
    first = guest.page
    second = first.context.new_page()
    for page, name in ((first, "pick"), (second, "ask")):
        page.goto("/basics/all-types/")
        Learner(page, guest.course, guest.outbox, scripts=True).fill(
            name, right(guest.course.asked[name][1])
        )
    first.locator("#q-pick button[type=submit]").click(no_wait_after=True)
    second.locator("#q-ask button[type=submit]").click()

    expect(second.locator("#q-ask .question__verdict")).to_be_visible()
    expect(first.locator("#q-pick .question__verdict")).to_be_visible()
    first.goto("/learning")
    expect(first.locator("main")).to_contain_text("2 of 8 questions answered")


def test_an_answer_to_a_question_that_changed_is_told_and_reloading_mends_it(
    guest: Learner, own: Service
) -> None:
    page = guest.page
    page.goto("/basics/all-types/")
    guest.answer("pick")
    page.locator("#q-ask").evaluate("place => place.dataset.revision = '0000000000000000'")
    send(guest, "ask")
    expect(guest.place("ask").get_by_role("status")).to_contain_text("Reload the page")

    page.reload()
    guest.answer("ask")
    assert sorted(name for name, _ in stored(own)) == ["ask", "pick"]
