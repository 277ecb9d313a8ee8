"""Several people at one browser: an answer that waits is saved for the person who gave it."""

import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, Route, expect

from course.content.course import Course
from course.record.answering.tables import Answer
from course.record.people.tables import Account
from course.record.people.tables import Learner as LearnerRow
from course.record.store.database import Database
from tests import service
from tests.browser.learner import Learner, follow, right
from tests.conftest import SMALL
from tests.service import Service

LESSON = "/basics/all-types/"
ANSWERS = "**/api/v1/answers*"
PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service over the small course."""
    folder = tmp_path_factory.mktemp("owners") / "small"
    shutil.copytree(SMALL, folder)
    with service.running(folder, COURSE_LIMIT_SIGN_IN="10000 per minute") as running:
        yield running


@pytest.fixture
def guest(own: Service, browser: Browser) -> Iterator[Learner]:
    context = browser.new_context(base_url=own.url)
    course = Course.load((own.folder / "build" / "course.json").read_text())
    yield Learner(context.new_page(), course, own.folder / "data" / "outbox", scripts=True)
    context.close()


def sign_up(learner: Learner, mail: str) -> None:
    page = learner.page
    page.goto("/account/sign-up")
    page.get_by_label("Email address").fill(mail)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Create an account").click()
    expect(page.locator("main")).to_contain_text(mail)
    page.goto(learner.link_in_mail_to(mail))
    follow(page, page.locator("main").get_by_role("button", name="Create an account"))


def sign_in(page: Page, mail: str) -> None:
    page.goto("/account/sign-in")
    page.get_by_label("Email address").fill(mail)
    page.get_by_label("Password").first.fill(PASSWORD)
    follow(page, page.get_by_role("button", name="Sign in", exact=True))


def sign_out(page: Page) -> None:
    page.goto("/account")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out", exact=True).click()


def hold(page: Page) -> None:
    """Let no answer through."""
    page.route(ANSWERS, lambda route: route.fulfill(status=503))


def send(learner: Learner, name: str) -> None:
    learner.fill(name, right(learner.course.asked[name][1]))
    learner.place(name).locator("button[type=submit]").click()


def answered(own: Service, mail: str) -> list[str]:
    database = Database(f"sqlite:///{own.folder}/data/course.sqlite")
    with database.read() as session:
        found = sa.select(Answer.question).join(Account, Account.learner_id == Answer.learner_id)
        names = list(session.scalars(found.where(Account.mail == mail)))
    database.close()
    return names


def learners(own: Service) -> int:
    database = Database(f"sqlite:///{own.folder}/data/course.sqlite")
    with database.read() as session:
        count = session.scalars(sa.select(sa.func.count()).select_from(LearnerRow)).one()
    database.close()
    return count


def test_an_answer_waits_for_the_person_who_gave_it(guest: Learner, own: Service) -> None:
    page = guest.page
    sign_up(guest, "ada@example.org")
    hold(page)
    page.goto(LESSON)
    send(guest, "pick")
    expect(page.get_by_text("1 answer is waiting for a connection")).to_be_visible()
    page.goto("/account")
    expect(page.get_by_text("1 answer is not saved yet. If you sign out now")).to_be_visible()

    sign_out(page)
    expect(page.get_by_text("1 answer waits in this browser for the person")).to_be_visible()
    sign_up(guest, "bob@example.org")
    page.unroute(ANSWERS)
    page.goto(LESSON)
    bar = page.get_by_text("1 answer by someone else waits in this browser")
    expect(bar).to_be_visible()
    expect(guest.place("pick").locator("input:checked")).to_have_count(0)
    guest.answer("ask")
    assert (answered(own, "ada@example.org"), answered(own, "bob@example.org")) == ([], ["ask"])

    sign_out(page)
    sign_in(page, "ada@example.org")
    page.goto(LESSON)
    expect(guest.place("pick").locator(".question__verdict")).to_contain_text("Right.")
    expect(bar).to_have_count(0)
    assert answered(own, "ada@example.org") == ["pick"]
    assert answered(own, "bob@example.org") == ["ask"]


def test_what_a_guest_answered_follows_into_their_account(guest: Learner, own: Service) -> None:
    page = guest.page
    sign_up(guest, "cleo@example.org")
    sign_out(page)
    page.goto(LESSON)
    guest.answer("ask")
    hold(page)
    send(guest, "pick")
    expect(page.get_by_text("1 answer is waiting for a connection")).to_be_visible()

    sign_in(page, "cleo@example.org")
    page.unroute(ANSWERS)
    page.goto(LESSON)

    expect(guest.place("pick").locator(".question__verdict")).to_contain_text("Right.")
    assert sorted(answered(own, "cleo@example.org")) == ["ask", "pick"]


def test_a_page_tells_that_its_learner_was_signed_out_in_another_tab(
    guest: Learner, own: Service
) -> None:
    page = guest.page
    sign_up(guest, "dora@example.org")
    page.goto(LESSON)
    expect(page.locator(".lesson__count")).to_contain_text("0 of 8")
    other = page.context.new_page()
    sign_out(other)
    expect(page.get_by_text("You have been signed out.")).to_be_visible()

    send(guest, "pick")
    status = guest.place("pick").get_by_role("status")
    expect(status).to_contain_text("Sign in again to save your answer.")
    assert answered(own, "dora@example.org") == []
    guest.page = other
    sign_up(guest, "eve@example.org")
    expect(status).to_contain_text("Someone else has signed in")
    sign_out(other)
    sign_in(other, "dora@example.org")

    expect(page.locator("#q-pick .question__verdict")).to_contain_text("Right.")
    assert answered(own, "dora@example.org") == ["pick"]
    assert answered(own, "eve@example.org") == []


@pytest.mark.parametrize("reloads", [True, False])
def test_a_guest_whose_session_is_lost_says_that_the_answers_are_theirs(
    guest: Learner, own: Service, reloads: bool
) -> None:
    page = guest.page
    page.goto(LESSON)
    guest.answer("ask")
    page.context.clear_cookies()
    send(guest, "pick")
    status = guest.place("pick").get_by_role("status")
    expect(status).to_contain_text("Your guest session has ended.")
    expect(page.locator(".course-waiting")).to_contain_text("your guest session has ended")
    before = learners(own)

    if reloads:
        page.reload()
        expect(guest.place("pick").locator("input:checked")).to_have_count(0)
        page.get_by_role("button", name="Save as mine").click()
    else:
        page.get_by_role("button", name="Continue as a new guest").click()

    expect(guest.place("pick").locator(".question__verdict")).to_contain_text("Right.")
    assert learners(own) == before + 1


def without_cookies(route: Route) -> None:
    """Hand a request on as a proxy that lets no cookie pass."""
    asked = route.request
    headers = {k: v for k, v in asked.headers.items() if k not in ("cookie", "host")}
    body = asked.post_data.encode() if asked.post_data else None
    sent = urllib.request.Request(asked.url, body, headers, method=asked.method)
    try:
        with urllib.request.urlopen(sent) as reply:
            status, said, passed = reply.status, reply.read(), reply.headers
    except urllib.error.HTTPError as error:
        with error:
            status, said, passed = error.code, error.read(), error.headers
    kept = {name: passed[name] for name in ("Content-Type", "Location") if passed[name]}
    route.fulfill(status=status, body=said, headers=kept)


def test_refused_cookies_are_told_once_and_make_nobody(guest: Learner, own: Service) -> None:
    page, before = guest.page, learners(own)
    tries: list[str] = []
    page.on("request", lambda one: tries.append(one.url))
    page.route("**/api/v1/**", without_cookies)
    page.clock.install()
    page.goto(LESSON)

    send(guest, "pick")
    page.clock.run_for(1_000)

    status = guest.place("pick").get_by_role("status")
    expect(status).to_contain_text("This course needs a cookie to save your answers")
    count = len(tries)
    page.clock.run_for(600_000)
    assert len(tries) == count
    assert learners(own) == before
    page.unroute("**/api/v1/**")
    page.reload()
    page.clock.run_for(1_000)
    expect(guest.place("pick").locator(".question__verdict")).to_contain_text("Right.")


@pytest.mark.parametrize("blocked", [True, False], ids=["blocked", "allowed"])
def test_without_scripts_cookies_are_checked_before_anything_is_stored(
    own: Service, browser: Browser, blocked: bool
) -> None:
    context = browser.new_context(base_url=own.url, java_script_enabled=False)
    page, before = context.new_page(), learners(own)
    if blocked:
        page.route("**/answers*", without_cookies)
    page.goto(LESSON)
    page.locator("#q-pick label").first.click()

    page.locator("#q-pick button[type=submit]").click()

    if blocked:
        expect(page.get_by_text("This course needs a cookie to save your answers")).to_be_visible()
    else:
        expect(page.locator("#q-pick .question__verdict")).to_be_visible()
    assert learners(own) == before + (not blocked)
    context.close()
