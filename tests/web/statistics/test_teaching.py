"""Question statistics, on pages for trainers."""

import csv
import html
import io
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from course.content.course import Course
from course.record.people import access, accounts
from course.record.people.tables import Account, Learner
from course.record.revisions import registration
from course.record.revisions.registration import CourseSnapshot
from course.record.statistics import figure_cache
from course.record.store.database import Database
from tests.forms import RIGHT, WRONG
from tests.record import simulated
from tests.web.visitors import MAIL, queries

LESSON = "basics/all-types"

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what does not differ between databases."""

PAGES = [
    "/teaching",
    f"/teaching/lessons/{LESSON}",
    "/teaching/figures.csv",
    f"/teaching/lessons/{LESSON}/figures.json",
]


@pytest.fixture
def trainer(member: FlaskClient, database: Database) -> FlaskClient:
    """A browser signed in to a trainer's account."""
    appoint(database, access.TRAINER)
    return member


def appoint(database: Database, role: str) -> None:
    with database.write() as session:
        accounts.set_role(session, MAIL, role)


@pytest.fixture
def answered(database: Database, published: CourseSnapshot) -> None:
    """Forty learners have answered: thirty are right, ten make the same mistake."""
    with database.write() as session:
        who = simulated.learners(session, 40)
        for name, right in RIGHT.items():
            lesson, question = published.course.asked[name]
            given = [right] * 30 + [WRONG.get(name, right)] * 10
            row = published.revision_ids[name]
            simulated.give(
                session, who, question, row, given, lesson=lesson.id, seconds=[20.0] * 40
            )


@ON_SQLITE
def test_strangers_and_guests_are_asked_to_sign_in(client: FlaskClient) -> None:
    found = [client.get(address) for address in PAGES]
    client.post("/api/v1/session")
    found += [client.get(address) for address in PAGES]

    assert {response.status_code for response in found} == {303}
    assert {response.location for response in found} == {"/account/sign-in"}


@ON_SQLITE
def test_a_role_opens_the_pages_and_shows_the_way(member: FlaskClient, database: Database) -> None:
    opened = {"learner": 403, "trainer": 200, "manager": 200, "administrator": 200}
    for role, status in opened.items():
        appoint(database, role)

        assert {member.get(address).status_code for address in PAGES} == {status}, role
        assert ('href="/teaching"' in member.get("/account").text) == (status == 200)


def test_every_lesson_is_listed_with_its_learners(trainer: FlaskClient, answered: None) -> None:
    page = trainer.get("/teaching").text

    assert re.findall(r'course-lesson__state">([^<]+)<', page) == ["40 learners", "0 learners"]
    assert f'href="/teaching/lessons/{LESSON}"' in page
    assert "Only reading" not in page


def test_a_lesson_shows_each_question_with_key_and_figures(
    trainer: FlaskClient, answered: None, course: Course
) -> None:
    page = trainer.get(f"/teaching/lessons/{LESSON}").text

    for question in course.lessons[LESSON].questions:
        assert f'id="q-{question.id}"' in page
    assert "Which is <em>right</em>?" in page
    assert "0.75 (0.60 to 0.86)" in page
    assert "25% (14 to 40)" in page
    assert "20 s (20 to 20)" in page
    assert '<q><bdi class="plain-text">5.2</bdi></q>, 10 learners' in page
    assert "Because." not in page, "what learners write stays theirs"
    assert "<style" not in page
    assert "style=" not in page


@ON_SQLITE
def test_what_is_flagged_is_told_on_both_pages(
    trainer: FlaskClient, database: Database, published: CourseSnapshot
) -> None:
    question = published.course.asked["pick"][1]
    with database.write() as session:
        who = simulated.learners(session, 100)
        simulated.give(
            session,
            who,
            question,
            published.revision_ids["pick"],
            [RIGHT["pick"]] * 100,
            lesson=LESSON,
        )

    overview, lesson = (
        trainer.get(page).text for page in ("/teaching", f"/teaching/lessons/{LESSON}")
    )

    assert "pick: option 1 chosen by 0 of 100; facility 1.00, too easy to tell much" in overview
    assert "Option 1 chosen by 0 of 100." in lesson


def test_an_earlier_revision_is_kept_below(
    trainer: FlaskClient, answered: None, course_file: Path, course: Course
) -> None:
    before = course.asked["pick"][1].revision
    trainer.get("/teaching")
    course_file.write_text(course_file.read_text().replace("Which is *right*?", "Which way?"))

    page = trainer.get(f"/teaching/lessons/{LESSON}").text

    assert f"40 first answers to revision <code>{before}</code>" in page
    assert "Which way?" in page
    assert "Which is <em>right</em>?" in page


@ON_SQLITE
def test_figures_are_taken_away_as_files(trainer: FlaskClient, answered: None) -> None:
    table = trainer.get(f"/teaching/lessons/{LESSON}/figures.csv")
    plain = trainer.get("/teaching/figures.json")

    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert {row["question"] for row in rows} == {*RIGHT}
    assert re.search(r'filename="questions-basics-all-types-\S+\.csv"', str(table.headers))
    assert {one["question"]: one["n"] for one in plain.json}["pick"] == 40  # type: ignore[union-attr]
    assert len(plain.json) == 10  # type: ignore[arg-type]


@ON_SQLITE
def test_an_unknown_address_is_told(trainer: FlaskClient) -> None:
    for address in (
        "/teaching/lessons/no/lesson",
        f"/teaching/lessons/{LESSON}/figures.xml",
        "/teaching/",
    ):
        assert trainer.get(address).status_code == 404


def test_a_page_takes_the_same_few_queries(
    trainer: FlaskClient, answered: None, app: OpenAPI
) -> None:
    """For the identity, the cache, the number of answers, three for figures, and one to count learners."""
    trainer.get("/teaching")
    sent = queries(app)
    counts = []
    for address in PAGES:
        sent.clear()
        trainer.get(address)
        counts.append(len(sent))

    assert counts == [7, 6, 6, 6]


@pytest.fixture
def many(database: Database, published: CourseSnapshot) -> None:
    """Thousands of answers."""
    with database.write() as session:
        who = simulated.learners(session, 160)
        for name, right in RIGHT.items():
            lesson, question = published.course.asked[name]
            row = published.revision_ids[name]
            simulated.give(session, who, question, row, [right] * 160, lesson=lesson.id)


@ON_SQLITE
def test_thousands_of_answers_are_counted_at_once(trainer: FlaskClient, many: None) -> None:
    page, overview = trainer.get(f"/teaching/lessons/{LESSON}").text, trainer.get("/teaching").text

    assert "1.00 (0.98 to 1.00)" in page
    assert "160 learners" in overview
    assert "Counted on" not in page + overview
    assert "being counted" not in page + overview
    assert trainer.get("/teaching/figures.csv").status_code == 200


@ON_SQLITE
def test_a_page_waits_for_another_one_that_counts_and_not_for_ever(
    trainer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figure_cache, "MAX_WAIT", 0)
    with figure_cache._computing:
        refused = trainer.get("/teaching")

    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert trainer.get("/teaching").status_code == 200


@ON_SQLITE
def test_too_many_answers_are_counted_by_a_process_that_nobody_waits_for(
    trainer: FlaskClient, many: None, app: OpenAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figure_cache, "MAX_ANSWERS", 500)
    address = f"/teaching/lessons/{LESSON}"
    first, listed = trainer.get(address).text, trainer.get("/teaching").text
    file = trainer.get(f"{address}/figures.csv")
    process = app.extensions["course_recounting"].process
    assert process.wait(60) == 0

    page = trainer.get(address).text
    overview = trainer.get("/teaching").text

    assert "being counted for the first time" in first
    assert "not counted yet" in listed
    assert (file.status_code, file.headers["Retry-After"]) == (503, "60")
    assert re.search(r"Counted on <time [^>]+>\d+ \w+ \d{4}, \d\d:\d\d UTC", page)
    assert "1.00 (0.98 to 1.00)" in page
    assert "160 learners" in overview
    assert "check again" not in (page + overview).lower()
    assert trainer.get("/teaching/figures.json").status_code == 200


@ON_SQLITE
def test_learners_and_their_answers_come_a_page_at_a_time(
    trainer: FlaskClient, many: None, database: Database
) -> None:
    with database.write() as session:
        for learner in session.scalars(sa.select(Learner.id).where(Learner.id > 100)):
            session.add(Account(learner_id=learner, mail=f"many-{learner}@example.org"))

    def walk(address: str, link: str) -> tuple[list[int], list[str]]:
        """Follow the button to the next page to the end; return how many each page lists, and all of them."""
        counts, seen = [], []
        while address:
            page = trainer.get(address).text
            found = re.findall(link, page)
            counts.append(len(found))
            seen += found
            further = re.search(r'href="([^"]+)">(?:Earlier learners|More learners|Earlier)', page)
            address = html.unescape(further[1]) if further else ""
        assert len(set(seen)) == len(seen)
        return counts, seen

    everybody, _ = walk("/teaching/learners", r'/teaching/learners/(\d+)"')
    named, _ = walk("/teaching/learners?mail=Many-", r">(many-\d+@example.org)<")
    with database.write() as session:
        given = simulated.item("extra")
        row = registration.register(session, simulated.course_of(given)).revision_ids["extra"]
        for attempt in range(1, 60):
            simulated.give(session, [100], given, row, [0], attempt=attempt)
    answers, _ = walk("/teaching/learners/100", r'/answers/([0-9a-f-]+)"')

    assert everybody == [50, 50, 50, 11]
    assert named == [50, 11]
    assert answers == [50, 17]
    assert trainer.get("/teaching/learners?before=99999999999999999999").status_code == 200
    assert "No learners found." in trainer.get("/teaching/learners?mail=nobody").text
