"""My learning: progress, and every answer as it was met."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from course.content.course import Course
from tests.forms import RIGHT, WRONG, submission


def answer(client: FlaskClient, course: Course, question: str, given: dict[str, list[str]]) -> None:
    assert (
        client.post("/api/v1/answers", json=submission(course, question, given)).status_code == 201
    )


def test_a_stranger_is_told_how_to_begin(client: FlaskClient) -> None:
    page = client.get("/learning").text

    assert "Nothing has been recorded for this browser yet" in page
    assert "Start: All types" in page
    assert "0 of 3 lessons complete" in page


def test_the_page_shows_scores_and_what_to_read_again(learner: FlaskClient, course: Course) -> None:
    answer(learner, course, "pick", RIGHT["pick"])
    answer(learner, course, "share", WRONG["share"])

    page = learner.get("/learning").text

    assert "2 of 8 questions answered" in page
    assert "score 16%" in page, "1 of the 6 points that there are, rounded down"
    assert "1 to review" in page
    assert 'href="/basics/all-types/#second-section"' in page
    assert 'href="/basics/all-types/#q-share"' in page


def test_a_lesson_with_all_answers_and_the_pass_mark_is_complete(
    learner: FlaskClient, course: Course
) -> None:
    for question, given in RIGHT.items():
        answer(learner, course, question, given)

    page = learner.get("/learning").text

    assert "1 of 3 lessons complete" in page
    assert "score 100%" in page
    assert "Continue: Only reading" in page


@pytest.mark.parametrize("question", WRONG)
def test_every_answer_is_kept_with_the_question_as_it_stood(
    learner: FlaskClient, course: Course, question: str
) -> None:
    answer(learner, course, question, WRONG[question])
    answer(learner, course, question, RIGHT[question])

    page = learner.get("/learning/basics/all-types").text

    assert "Attempt 1" in page
    assert "Attempt 2" in page
    assert page.count(course.asked[question][1].revision) == 2
    assert "0 of 1" in page or "0.5 of 1" in page
    assert "1 of 1" in page


def test_an_answer_reads_as_it_was_given_after_the_question_changed(
    learner: FlaskClient, course: Course, course_file: object
) -> None:
    answer(learner, course, "pick", WRONG["pick"])
    text = course_file.read_text()  # type: ignore[attr-defined]
    course_file.write_text(  # type: ignore[attr-defined]
        text.replace("Which is *right*?", "Which way?").replace('"text": "Left"', '"text": "West"')
    )

    page = learner.get("/learning/basics/all-types").text

    assert "Which is <em>right</em>?" in page
    assert "Left" in page
    assert "it has changed since" in page
    assert "West" not in page


def test_a_lesson_added_later_lowers_nothing(
    learner: FlaskClient, course: Course, course_file: object
) -> None:
    text = course_file.read_text()  # type: ignore[attr-defined]
    learner.get("/learning")
    for question, given in RIGHT.items():
        answer(learner, course, question, given)
    for question in ("graded-one", "graded-two"):
        given = {"choice": [o.key for o in course.asked[question][1].options if o.correct]}  # type: ignore[attr-defined]
        answer(learner, course, question, given)
    learner.post("/api/v1/readings", json={"lesson": "basics/reading"})
    assert "You finished the course on" in learner.get("/learning").text

    extra = text.replace('"basics/reading"', '"basics/added"').replace(
        "Only reading", "Added later"
    )
    both = Course.load(text)
    added = Course.load(extra).lessons["basics/added"]
    first, *rest = both.modules
    grown = Course(
        both.title, both.site_url, (type(first)(first.title, (*first.lessons, added)), *rest)
    )
    course_file.write_text(grown.dump())  # type: ignore[attr-defined]

    page = learner.get("/learning").text
    assert "1 lesson has been added since you finished" in page
    assert "Added later" in page
    assert "3 of 4 lessons complete" in page
    assert learner.get("/api/v1/progress").json["new_since_finished"][0]["id"] == "basics/added"


def test_pictures_and_links_of_a_question_lead_where_they_do_on_the_lessons_page(
    learner: FlaskClient, course: Course, course_file: Path
) -> None:
    text = course_file.read_text()
    linked = "![A dog](dog.png) [Read](../reading/#why) [Home](/) Which is *right*?"
    course_file.write_text(text.replace("Which is *right*?", linked))
    learner.get("/learning")  # the service takes the course up

    page = learner.get("/quiz/basics/all-types").text

    assert 'src="/basics/all-types/dog.png"' in page
    assert 'href="/basics/reading/#why"' in page
    assert '<a href="/"' in page
