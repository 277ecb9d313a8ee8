"""Answering with plain forms: post, redirect, feedback on the page."""

import re
import uuid

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from course.content.course import Course
from course.record.answering.tables import Answer
from course.record.people.tables import Learner
from course.record.store.database import Database
from tests.forms import RIGHT, WRONG, choice


def form(
    course: Course, question: str, given: dict[str, list[str]], **more: str
) -> dict[str, object]:
    return {"question": question, "revision": course.asked[question][1].revision, **given, **more}


def rows(database: Database, table: type = Answer) -> int:
    with database.read() as session:
        return session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


@pytest.mark.parametrize("question", RIGHT)
def test_a_form_leads_to_the_page_with_feedback(
    client: FlaskClient, course: Course, question: str
) -> None:
    posted = client.post("/answers", data=form(course, question, RIGHT[question]))

    assert posted.status_code == 303
    assert posted.location == f"/quiz/basics/all-types#q-{question}"
    page = client.get(posted.location).text
    verdict = "Recorded." if question in ("write", "ask") else "Right."
    assert f'id="q-{question}"' in page
    assert verdict in page


def test_the_first_answer_makes_a_guest_and_the_cookie_keeps_it(
    client: FlaskClient, course: Course, database: Database
) -> None:
    client.post("/answers", data=form(course, "pick", WRONG["pick"]))
    client.post("/answers", data=form(course, "tick", RIGHT["tick"]))

    assert rows(database, Learner) == 1
    cookie = client.get_cookie("course")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"


def test_a_double_click_is_one_answer(
    client: FlaskClient, course: Course, database: Database
) -> None:
    client.get("/learning")
    for _ in range(2):
        client.post("/answers", data=form(course, "pick", WRONG["pick"]))

    assert rows(database) == 1


def test_the_page_made_for_a_visit_carries_an_id_of_its_own(
    client: FlaskClient, course: Course, database: Database
) -> None:
    client.post("/answers", data=form(course, "pick", WRONG["pick"]))
    page = client.get("/quiz/basics/all-types").text
    own = re.findall(r'name="id" value="([0-9a-f-]{36})"', page)
    assert len(set(own)) == len(own) >= 7

    for _ in range(3):
        client.post("/answers", data=form(course, "pick", RIGHT["pick"], id=own[0]))

    assert rows(database) == 2


@pytest.mark.parametrize(
    ("question", "given", "said"),
    [
        ("pick", {}, "Choose an option first."),
        ("share", {"number": ["about two"]}, "Write a number"),
        ("sort", {}, "Choose one for each line first"),
        ("fill", {"gap.colour": ["blue"]}, "Write an answer first."),
    ],
)
def test_an_incomplete_form_says_what_is_missing(
    client: FlaskClient,
    course: Course,
    database: Database,
    question: str,
    given: dict[str, list[str]],
    said: str,
) -> None:
    response = client.post("/answers", data=form(course, question, given))

    assert response.status_code == 422
    assert said in response.text
    assert 'role="alert"' in response.text
    assert rows(database) == 0


def test_a_question_that_is_gone_is_told_so(client: FlaskClient) -> None:
    response = client.post("/answers", data={"question": "nowhere", "revision": "0"})

    assert response.status_code == 404
    assert "is not part of the course" in response.text


def test_the_graded_page_keeps_the_key_until_the_last_attempt(
    client: FlaskClient, course: Course
) -> None:
    def send(question: str, text: str) -> str:
        sent = form(course, question, choice(text), id=str(uuid.uuid4()))
        return client.post("/answers", data=sent, follow_redirects=True).text

    assert "Add one to one." not in send("graded-one", "Three")
    assert "Answer the other questions of this attempt first." in send("graded-one", "Three")
    page = send("graded-two", "Four")
    assert "Add two to two." in page
    assert "You have 1 more attempt." in page
    assert "Add one to one." in send("graded-one", "Three")


def test_a_lesson_without_questions_is_marked_as_read(client: FlaskClient) -> None:
    response = client.post("/read", data={"lesson": "basics/reading"}, follow_redirects=True)

    assert "1 of 3 lessons complete" in response.text


@pytest.mark.parametrize("path", ["/quiz/nowhere", "/learning/nowhere", "/nowhere"])
def test_what_is_not_there_is_said_on_a_page(client: FlaskClient, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert "<h1>Page not found</h1>" in response.text
    assert "There’s no page at this address." in response.text


def test_another_site_cannot_post_the_form(
    client: FlaskClient, course: Course, database: Database
) -> None:
    response = client.post(
        "/answers",
        data=form(course, "pick", RIGHT["pick"]),
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert response.status_code == 403
    assert rows(database) == 0
    assert rows(database, Learner) == 0


def test_a_changed_question_is_shown_anew_and_the_old_answer_counts(
    client: FlaskClient, course: Course, course_file: object
) -> None:
    client.post("/answers", data=form(course, "ask", choice("Tea")))
    text = course_file.read_text()  # type: ignore[attr-defined]
    course_file.write_text(text.replace("Tea or coffee?", "Coffee or tea, now?"))  # type: ignore[attr-defined]

    page = client.get("/quiz/basics/all-types").text

    assert "Coffee or tea, now?" in page
    assert "You answered an earlier version" in page
    assert "1 of 8 answered" in page
