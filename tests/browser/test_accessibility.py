"""axe finds nothing to complain of on any kind of page, in both palettes, on a phone and on a desk."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from course.content.course import Course
from course.record.people import access, accounts, mail_links
from course.record.revisions import registration
from course.record.statistics import figure_cache
from course.record.store.database import Database
from tests.browser.learner import Learner, right, wrong
from tests.browser.test_journeys import FIRST, one_of_each_type
from tests.record import simulated
from tests.service import Service

PAGES = {
    "start": "/",
    "module": "/understand/",
    "lesson": f"/{FIRST}/",
    "questions": f"/quiz/{FIRST}",
    "my learning": "/learning",
    "my answers": f"/learning/{FIRST}",
    "account": "/account",
    "sign in": "/account/sign-in",
    "sign up": "/account/sign-up",
    "forgotten password": "/account/forgotten",
    "erase": "/account/erase",
    "not found": "/nowhere",
}


@pytest.fixture(scope="module", params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def seasoned(browser: Browser, served: Service, scheme: str) -> Iterator[Page]:
    """A learner with answers of every type, right and wrong."""
    context = browser.new_context(base_url=served.url, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    course = Course.load((served.folder / "build" / "course.json").read_text())
    learner = Learner(page, course, served.folder / "data" / "outbox", scripts=True)
    page.goto(f"/{FIRST}/")
    singles = [q for q in course.lessons[FIRST].questions if q.type == "single"]
    learner.answer(singles[-1].id, wrong(singles[-1]))
    for name in one_of_each_type(course):
        learner.answer(name, right(course.asked[name][1]))
    yield page
    context.close()


def violations(page: Page) -> str:
    # Transitions of colour would be measured half way.
    page.wait_for_timeout(300)
    found = Axe().run(page)
    return found.generate_report() if found.violations_count else ""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("kind", PAGES)
def test_pages_of_a_learner(seasoned: Page, kind: str, width: int) -> None:
    seasoned.set_viewport_size({"width": width, "height": 900})
    seasoned.goto(PAGES[kind])
    seasoned.wait_for_load_state("networkidle")
    seasoned.evaluate(
        "document.querySelectorAll('article details').forEach(part => { part.open = true })"
    )

    assert violations(seasoned) == ""


@pytest.mark.parametrize("kind", ["start", "lesson", "my learning", "account"])
def test_pages_of_a_stranger(browser: Browser, served: Service, scheme: str, kind: str) -> None:
    context = browser.new_context(base_url=served.url, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(PAGES[kind])
    page.wait_for_load_state("networkidle")

    assert violations(page) == ""
    context.close()


def test_the_pages_of_a_trainer(browser: Browser, served: Service, scheme: str) -> None:
    context = browser.new_context(base_url=served.url, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    course = Course.load((served.folder / "build" / "course.json").read_text())
    page.goto(sign_in_link(served, course, f"trainer-{scheme}@example.org"))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Question statistics").click()
    page.get_by_role("heading", name="Question statistics").wait_for()
    assert violations(page) == ""

    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"/teaching/lessons/{FIRST}")
    page.locator("article details").first.evaluate("part => { part.open = true }")
    assert violations(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    context.close()


def sign_in_link(served: Service, course: Course, mail: str) -> str:
    """Let learners answer, so that plots and flags show; return a link that a trainer signs in with."""
    database = Database(f"sqlite:///{served.folder}/data/course.sqlite")
    with contextlib.closing(database):
        link = _answered(database, course, mail)
        figure_cache.recount(database, course)  # they are too many for a page to count
    return link


def _answered(database: Database, course: Course, mail: str) -> str:
    with database.write() as session:
        accounts.set_role(session, mail, access.TRAINER)
        row_of = registration.register(session, course).revision_ids
        who = simulated.learners(session, 100)
        for question in course.lessons[FIRST].questions:
            if question.type in ("single", "order"):
                given = [right(question)] * 100
                simulated.give(session, who, question, row_of[question.id], given, lesson=FIRST)
        return f"/account/sign-in/{mail_links.issue(session, 'sign-in', mail)}"


def test_the_search_and_the_menu(browser: Browser, served: Service, scheme: str) -> None:
    context = browser.new_context(
        base_url=served.url,
        color_scheme=scheme,
        reduced_motion="reduce",
        viewport={"width": 390, "height": 844},
    )
    page = context.new_page()
    page.goto("/")
    page.locator(".course-search:visible").click()
    page.get_by_role("textbox", name="Search").press_sequentially("influence")
    page.locator(".md-search-result__item").first.wait_for()
    assert violations(page) == ""

    page.keyboard.press("Escape")
    page.locator(".course-menu:visible").click()
    assert violations(page) == ""
    context.close()


def test_no_page_scrolls_sideways_on_a_small_phone(seasoned: Page) -> None:
    seasoned.set_viewport_size({"width": 320, "height": 640})
    widths = {}
    for kind, address in PAGES.items():
        seasoned.goto(address)
        widths[kind] = seasoned.evaluate("document.documentElement.scrollWidth")

    assert {kind: width for kind, width in widths.items() if width > 320} == {}


def test_every_page_is_valid_html(seasoned: Page, tmp_path: Path) -> None:
    names = []
    for kind, address in PAGES.items():
        name = tmp_path / f"{kind.replace(' ', '-')}.html"
        name.write_text(seasoned.request.get(address).text())
        names.append(str(name))

    command = [
        ".venv/bin/node",
        "node_modules/.bin/html-validate",
        "--config",
        ".htmlvalidate.json",
        *names,
    ]
    done = subprocess.run(command, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
