"""A quiz that only people with an account may answer: guests read it, and are told before and after."""

import uuid
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from course.content.course import Course
from course.content.questions.base import option_key
from course.content.reading import open_course
from course.record.answering import recording
from course.record.answering.tables import Answer, Submission
from course.record.people.tables import Account, Learner
from course.record.revisions.registration import CourseSnapshot
from course.record.store.database import Database
from tests.forms import RIGHT
from tests.web.answering.test_answers import form, rows

GIVEN = {"choice": [option_key("Two")]}


@pytest.fixture
def course(course_root: Path) -> Course:
    quiz = course_root / "quizzes/more/graded.yml"
    quiz.write_text(f"account: required\n{quiz.read_text('utf-8')}", "utf-8")
    return open_course(course_root)


def body(course: Course, question: str = "graded-one") -> dict[str, object]:
    revision = course.asked[question][1].revision
    return {"id": str(uuid.uuid4()), "question": question, "revision": revision, "given": GIVEN}


@pytest.mark.parametrize("view", ["", "?view=html", "?nonsense"])
def test_a_program_is_refused_with_a_code(
    learner: FlaskClient, course: Course, database: Database, view: str
) -> None:
    answer = learner.post(f"/api/v1/answers{view}", json=body(course))

    assert answer.status_code == 403
    assert answer.json == {
        "error": {
            "code": "account-required",
            "message": "This quiz needs an account. Sign in or create one, then answer again.",
        }
    }
    assert rows(database) == 0


def test_a_form_is_refused_with_the_way_to_an_account(
    learner: FlaskClient, course: Course, database: Database
) -> None:
    answer = learner.post("/answers", data=form(course, "graded-one", GIVEN))

    assert answer.status_code == 403
    assert "This quiz needs an account." in answer.text
    assert 'href="/account/sign-in"' in answer.text
    assert rows(database) == 0


def test_a_first_visit_makes_nobody(
    client: FlaskClient, course: Course, database: Database
) -> None:
    answer = client.post("/answers", data=form(course, "graded-one", GIVEN))

    assert answer.status_code == 403
    assert rows(database, Learner) == 0


def test_other_quizzes_take_a_guests_answer(learner: FlaskClient, course: Course) -> None:
    assert learner.post("/answers", data=form(course, "pick", RIGHT["pick"])).status_code == 303


def test_a_member_answers_by_form_and_by_script(
    member: FlaskClient, course: Course, database: Database
) -> None:
    assert member.post("/api/v1/answers", json=body(course)).status_code == 201
    form_of_two = form(course, "graded-two", {"choice": [option_key("Four")]})
    assert member.post("/answers", data=form_of_two).status_code == 303
    assert rows(database) == 2
    assert "These questions need an account" not in member.get("/quiz/more/graded").text


def test_a_guest_reads_the_questions_and_what_to_do_first(learner: FlaskClient) -> None:
    page = learner.get("/quiz/more/graded").text

    assert "One plus one?" in page
    assert "These questions need an account" in page


def test_what_a_guest_answered_before_stays_and_is_recognised(
    learner: FlaskClient,
    course: Course,
    app: OpenAPI,
    published: CourseSnapshot,
    database: Database,
) -> None:
    """The quiz asked for no account when it was answered."""
    before = body(course)
    with database.write() as session:
        mine = session.query(Learner).one().id
        quiz = published.course.lessons["more/graded"].quiz
        assert quiz is not None
        rules = quiz.rules
        vars(quiz)["rules"] = rules.model_copy(update={"account": "optional"})
        sent = Submission(
            id=uuid.UUID(str(before["id"])),
            question="graded-one",
            revision=str(before["revision"]),
            given=GIVEN,
        )
        recording.record(session, published, mine, sent)
        vars(quiz)["rules"] = rules

    again = learner.post("/api/v1/answers", json=before)

    assert again.status_code == 200
    assert "Two it is." in learner.get("/quiz/more/graded").text
    second = body(course, "graded-two") | {"given": {"choice": [option_key("Four")]}}
    assert learner.post("/api/v1/answers", json=second).status_code == 403


def test_a_guest_who_makes_an_account_may_answer_at_once(
    app: OpenAPI, client: FlaskClient, course: Course, database: Database
) -> None:
    """Whoever was remembered as a guest a moment ago is not taken for one."""
    assert client.post("/api/v1/session").status_code == 201
    assert client.post("/api/v1/answers", json=body(course)).status_code == 403
    with database.write() as session:
        mine = session.query(Learner).one().id
        session.add(Account(learner_id=mine, mail="a@example.org", password_hash=None))

    assert client.post("/api/v1/answers", json=body(course)).status_code == 201
    assert rows(database, Answer) == 1
