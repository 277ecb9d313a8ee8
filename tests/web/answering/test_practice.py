"""What pages say of an answer that a merge brought beyond the attempts allowed."""

import re
import uuid

import pytest
from flask.testing import FlaskClient

from course.content.course import Course
from course.record.people import access, accounts
from course.record.store.database import Database
from tests.forms import choice
from tests.web.answering.test_answers import form
from tests.web.visitors import FORM, MAIL, Browser

NAMED = re.compile(r"practice: beyond the attempts allowed", re.IGNORECASE)


@pytest.fixture
def cheat(member: FlaskClient, new_browser: Browser, course: Course) -> FlaskClient:
    """A browser of an account that used its attempts, and signed in again after a guest's right answers."""
    wrong = {"graded-one": choice("Three"), "graded-two": choice("Three")}
    right = {"graded-one": choice("Two"), "graded-two": choice("Four")}
    for _ in range(2):
        for question, given in wrong.items():
            sent = form(course, question, given, id=str(uuid.uuid4()))
            assert member.post("/answers", data=sent).status_code == 303
    guest = new_browser()
    for question, given in right.items():
        assert guest.post("/answers", data=form(course, question, given)).status_code == 303
    assert guest.post("/account/sign-in", data=FORM).status_code == 303
    return guest


def test_my_learning_says_which_answers_are_practice(cheat: FlaskClient) -> None:
    answers = cheat.get("/learning/more/graded").text

    assert len(NAMED.findall(answers)) == 2
    page = cheat.get("/quiz/more/graded").text
    assert "This answer is practice" in page
    standing = cheat.get("/api/v1/lessons?lesson=more/graded").get_json()["lesson"]
    assert (standing["complete"], standing["score"]) == (False, 0.0)


def test_the_trainers_page_says_so_too(cheat: FlaskClient, database: Database) -> None:
    with database.write() as session:
        accounts.set_role(session, MAIL, access.TRAINER)
    listed = cheat.get("/teaching/learners").text
    (address,) = set(re.findall(r'href="(/teaching/learners/\d+)"', listed))

    assert len(NAMED.findall(cheat.get(address).text)) == 2
