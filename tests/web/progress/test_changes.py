"""What a learner sees of a course that changed: marks given anew and why, and answers as they were met."""

import re
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from course.content import decisions
from course.content.reading import open_course
from course.record.people import access, accounts
from course.record.publishing import impact, publications, summary
from course.record.revisions.published_course import PublishedCourse
from course.record.store.database import Database
from tests import living
from tests.conftest import ORIGIN
from tests.living import choice
from tests.web import mailbox, visitors

KEY = "quizzes/one/first.yml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(living.COURSE, tmp_path / "living"))


@pytest.fixture
def course_file(root: Path, tmp_path: Path) -> Path:
    path = tmp_path / "course.json"
    path.write_text(open_course(root).dump(), encoding="utf-8")
    return path


def publish(root: Path, course_file: Path, database: Database) -> None:
    course = open_course(root)
    published = PublishedCourse(course_file, database).get()
    with database.read() as session:
        record = summary.compute(session, published)
    publications.publish(
        database,
        course,
        impact.assess(record, course),
        after=record.publication,
        by="Ada",
        commit="c" * 40,
        switch=lambda: course_file.write_text(course.dump(), encoding="utf-8") and None,
    )


def decide(root: Path, question: str, decision: str, old: str, reason: str) -> None:
    course = open_course(root)
    change = decisions.change(old, course.asked[question][1].revision, decision, reason)
    decisions.write(root, course, question, [change])


@pytest.fixture
def answered(
    root: Path, course_file: Path, database: Database, learner: FlaskClient
) -> tuple[FlaskClient, str]:
    """A learner whose answer to the question with the wrong key was marked wrong, and its address."""
    revision = open_course(root).asked["capital"][1].revision
    body = {
        "id": "00000000-0000-4000-8000-000000000001",
        "question": "capital",
        "revision": revision,
        "given": choice("Canberra"),
    }
    assert learner.post("/api/v1/answers", json=body).status_code == 201
    living.edit(root, KEY, "{text: Sydney, correct: true,", "{text: Sydney,")
    living.edit(root, KEY, "{text: Canberra,", "{text: Canberra, correct: true,")
    return learner, f"/learning/answers/{body['id']}"


def test_a_mark_that_changed_is_told_with_the_reason(
    answered: tuple[FlaskClient, str], root: Path, course_file: Path, database: Database
) -> None:
    learner, address = answered
    old = PublishedCourse(course_file, database).get().revisions["capital"]
    assert "Marks that changed" not in learner.get("/learning").text
    assert "0 of 1, the same" in " ".join(learner.get(address).text.split()).replace("</dd>", "")
    decide(root, "capital", "regrade", old, "The key named *Sydney* <script>.")

    publish(root, course_file, database)

    page = learner.get("/learning").text
    assert "Marks that changed" in page
    assert "0 of 1 → <strong>1 of 1</strong>" in page
    assert "The key named <em>Sydney</em>" in page
    assert "<script>." not in page
    page = learner.get(address).text
    assert "<dt>Mark at the time</dt><dd>0 of 1</dd>" in page
    assert "<dt>Current mark</dt><dd>1 of 1</dd>" in page
    assert "0 of 1 → 1 of 1" in page
    assert page.index("Sydney") < page.index("Canberra") < page.index("Melbourne")
    assert "It has changed since" in page
    assert "was regraded" in learner.get("/quiz/one/first").text


@pytest.mark.parametrize(
    ("decision", "quiz_says", "learning_says"),
    [
        ("void", "It doesn’t count for you", "doesn’t count"),
        ("re-ask", "please answer the new version", "changed since you answered"),
        ("keep", "and that counts", "1 to review"),
    ],
)
def test_every_decision_is_told_where_the_question_stands(
    answered: tuple[FlaskClient, str],
    root: Path,
    course_file: Path,
    database: Database,
    decision: str,
    quiz_says: str,
    learning_says: str,
) -> None:
    learner, _ = answered
    old = PublishedCourse(course_file, database).get().revisions["capital"]
    decide(root, "capital", decision, old, "The key was wrong.")

    publish(root, course_file, database)

    assert quiz_says in learner.get("/quiz/one/first").text
    assert learning_says in learner.get("/learning").text


def test_an_answer_opens_when_question_and_lesson_are_long_gone(
    answered: tuple[FlaskClient, str], root: Path, course_file: Path, database: Database
) -> None:
    learner, address = answered
    (root / "lessons/one/first.md").unlink()
    (root / KEY).unlink()
    living.edit(root, "mkdocs.yml", "      - one/first.md\n", "")
    publish(root, course_file, database)

    page = learner.get(address).text

    assert "What is the capital of Australia?" in page
    assert "Canberra <strong>(chosen)</strong>" in page
    assert "It’s no longer asked" in page
    overview = learner.get("/learning").text
    assert "No longer part of the course" in overview
    assert ">First</a>: 1 answer" in overview
    assert "no longer part of the course" in learner.get("/learning/one/first").text


DIAGRAM = """
      ```mermaid
      flowchart LR
        accTitle: Where the ministers meet
        A[Australia] --> B[Canberra]
      ```
"""


def test_an_answer_shows_the_diagrams_of_a_question_that_is_long_gone(
    root: Path, course_file: Path, database: Database, learner: FlaskClient
) -> None:
    living.edit(root, KEY, "prompt: What is the capital of Australia?", f"prompt: |{DIAGRAM}")
    living.edit(
        root,
        KEY,
        "explanation: Canberra was founded to be the capital.",
        f"explanation: |{DIAGRAM}",
    )
    publish(root, course_file, database)
    sent = {
        "id": "00000000-0000-4000-8000-000000000005",
        "question": "capital",
        "revision": open_course(root).asked["capital"][1].revision,
        "given": choice("Sydney"),
    }
    reply = learner.post("/api/v1/answers?view=html", json=sent)
    (root / "lessons/one/first.md").unlink()
    (root / KEY).unlink()
    living.edit(root, "mkdocs.yml", "      - one/first.md\n", "")
    publish(root, course_file, database)

    page = learner.get(f"/learning/answers/{sent['id']}").text

    picture = 'src="data:image/svg+xml,'
    words = 'alt="Where the ministers meet"'
    assert (reply.json["html"].count(picture), reply.json["html"].count(words)) == (4, 4)
    assert (page.count(picture), page.count(words)) == (4, 4)
    assert "It’s no longer asked" in page


def test_a_trainer_opens_answers_of_learners_and_nobody_else_does(
    answered: tuple[FlaskClient, str], app: OpenAPI, database: Database
) -> None:
    (learner, address), trainer = answered, app.test_client()
    trainer.post("/account/sign-up", data=visitors.FORM)
    trainer.post(mailbox.link(app))
    with database.write() as session:
        accounts.set_role(session, visitors.MAIL, access.TRAINER)
    listed = trainer.get("/teaching/learners").text
    [number] = re.findall(r"/teaching/learners/(\d+)\">Guest", listed)
    listed = trainer.get(f"/teaching/learners/{number}").text
    [link] = re.findall(rf'"(/teaching/learners/{number}/answers/[^"]+)"', listed)

    page = trainer.get(link).text

    assert "What is the capital of Australia?" in page
    assert f"Guest {number} answered on" in page
    assert "Canberra <strong>(chosen)</strong>" in page
    assert visitors.MAIL in trainer.get("/teaching/learners?mail=ADA@").text
    assert "No learners found." in trainer.get("/teaching/learners?mail=%25").text
    assert learner.get(link).status_code == 303, "a guest is asked to sign in"
    assert trainer.get("/teaching/learners/999").status_code == 404
    assert trainer.get(address).status_code == 404, "that is the learner's own page"


def test_nobody_opens_the_answer_of_another(
    answered: tuple[FlaskClient, str], client: FlaskClient
) -> None:
    _, address = answered
    stranger = client.application.test_client()
    assert stranger.get(address).status_code == 404
    stranger.post("/api/v1/session", json={}, headers=ORIGIN)

    assert stranger.get(address).status_code == 404
    assert stranger.get("/learning/answers/00000000-0000-4000-8000-0000000000ff").status_code == 404


@pytest.mark.parametrize("has_script", [True, False])
def test_an_answer_that_arrives_after_its_question_was_removed_is_kept(
    root: Path, course_file: Path, database: Database, learner: FlaskClient, has_script: bool
) -> None:
    revision = open_course(root).asked["last-one"][1].revision
    sent = {
        "id": "00000000-0000-4000-8000-000000000003",
        "question": "last-one",
        "revision": revision,
    }
    (root / "lessons/two/gone.md").unlink()
    (root / "quizzes/two/gone.yml").unlink()
    living.edit(root, "mkdocs.yml", "      - two/gone.md\n", "")
    publish(root, course_file, database)

    for status in (201, 200):  # sent again, it is recognised
        if has_script:
            body = sent | {"given": choice("Yes")}
            reply = learner.post("/api/v1/answers?view=html", json=body)
            assert (reply.status_code, reply.json["lesson"]) == (status, None)
            assert "is no longer part of the course" in reply.json["html"]
        else:
            reply = learner.post("/answers", data=sent | choice("Yes"), headers=ORIGIN)
            assert reply.status_code == 303

    page = learner.get(f"/learning/answers/{sent['id']}").text
    assert "Yes <strong>(chosen)</strong>" in page
    assert "1 answer" in learner.get("/learning").text
    nonsense = sent | {"choice": "nonsense", "id": ""}
    assert learner.post("/answers", data=nonsense, headers=ORIGIN).status_code == 422
    unknown = sent | {"question": "never-was", "given": choice("Yes"), "id": sent["id"][:-1] + "4"}
    assert learner.post("/api/v1/answers", json=unknown).status_code == 404


def test_a_question_that_moved_keeps_its_answer_on_the_page(
    root: Path, course_file: Path, database: Database, learner: FlaskClient
) -> None:
    course = open_course(root)
    body = {
        "id": "00000000-0000-4000-8000-000000000002",
        "question": "wander",
        "revision": course.asked["wander"][1].revision,
        "given": {"number": ["7"]},
    }
    assert learner.post("/api/v1/answers", json=body).status_code == 201
    text = (root / KEY).read_text("utf-8")
    at = text.index("  - id: wander")
    (root / KEY).write_text(text[:at], "utf-8")
    with (root / "quizzes/one/second.yml").open("a") as file:
        file.write(text[at:])
    publish(root, course_file, database)

    assert learner.get("/quiz/one/second").text.count('data-state="right"') == 1
    assert "1 of 3 questions answered" in learner.get("/learning").text
    assert "How many days" in learner.get("/learning/one/second").text
