"""The JSON API: sessions, answers, progress."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from course.content.course import Course
from course.record.answering.tables import Answer
from course.record.people.tables import Learner
from course.record.store.database import Database
from tests.forms import RIGHT, WRONG, choice, submission


def rows(database: Database) -> int:
    with database.read() as session:
        return session.execute(sa.select(sa.func.count()).select_from(Answer)).scalar_one()


@pytest.mark.parametrize("question", RIGHT)
def test_a_right_answer_of_each_type_is_recorded(
    learner: FlaskClient, course: Course, question: str
) -> None:
    sent = submission(course, question, RIGHT[question])

    response = learner.post("/api/v1/answers", json=sent)

    assert response.status_code == 201
    unmarked = question in ("write", "ask")
    assert response.json["state"] == ("saved" if unmarked else "right")
    assert response.json["share"] == (None if unmarked else 1)
    assert response.json["id"] == sent["id"]
    assert response.json["attempt"] == 1


@pytest.mark.parametrize(
    ("question", "share", "said"),
    [
        ("pick", 0, "secret-pick-left"),
        ("tick", 0, "secret-tick"),
        ("share", 0, "secret-slip"),
        ("fill", 0, "secret-green"),
        ("sort", 0.5, "secret-one"),
        ("pair", 0, "secret-dog"),
    ],
)
def test_a_wrong_answer_is_marked_by_parts_and_says_why(
    learner: FlaskClient, course: Course, question: str, share: float, said: str
) -> None:
    response = learner.post("/api/v1/answers", json=submission(course, question, WRONG[question]))

    assert response.json["share"] == share
    notes = " ".join(note["text"] for note in response.json["notes"])
    if question != "pair":
        assert said in notes
    else:
        assert "secret-sings" in notes


def test_wrong_then_right_counts_as_right_and_keeps_both(
    learner: FlaskClient, course: Course
) -> None:
    learner.post("/api/v1/answers", json=submission(course, "pick", WRONG["pick"]))
    second = learner.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"]))

    assert second.json["attempt"] == 2
    assert second.json["state"] == "right"


def test_without_a_session_nothing_is_recorded(
    client: FlaskClient, course: Course, database: Database
) -> None:
    response = client.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"]))

    assert response.status_code == 401
    assert response.json["error"]["code"] == "no-session"
    assert rows(database) == 0


def test_reading_progress_makes_no_guest(client: FlaskClient, database: Database) -> None:
    client.get("/api/v1/progress")
    client.get("/api/v1/lessons?lesson=basics/all-types&view=html")

    with database.read() as session:
        assert session.scalars(sa.select(Learner)).all() == []


def test_a_replayed_answer_is_recognised(
    learner: FlaskClient, course: Course, database: Database
) -> None:
    sent = submission(course, "pick", WRONG["pick"])
    first = learner.post("/api/v1/answers", json=sent)

    again = learner.post("/api/v1/answers", json=sent | {"given": RIGHT["pick"]})

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json["share"] == 0, "what was recorded first stays"
    assert rows(database) == 1


def test_twenty_parallel_submissions_with_one_id_make_one_row(
    app: OpenAPI, learner: FlaskClient, course: Course, database: Database
) -> None:
    cookie = learner.get_cookie("course")
    sent = submission(course, "pick", RIGHT["pick"])
    gate = threading.Barrier(20)

    def send(_: int) -> int:
        client = app.test_client()
        client.set_cookie("course", cookie.value)
        gate.wait()
        return client.post("/api/v1/answers", json=sent).status_code

    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(send, range(20)))

    assert sorted(statuses) == [200] * 19 + [201]
    assert rows(database) == 1


def test_two_tabs_with_different_answers_make_two_attempts(
    app: OpenAPI, learner: FlaskClient, course: Course, database: Database
) -> None:
    cookie = learner.get_cookie("course")
    gate = threading.Barrier(8)

    def send(_: int) -> int:
        client = app.test_client()
        client.set_cookie("course", cookie.value)
        gate.wait()
        return client.post("/api/v1/answers", json=submission(course, "pick", WRONG["pick"])).json[
            "attempt"
        ]

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(send, range(8))) == list(range(1, 9))


def test_the_same_id_from_another_learner_is_another_answer(
    app: OpenAPI, course: Course, database: Database
) -> None:
    sent = submission(course, "pick", RIGHT["pick"])
    one, other = app.test_client(), app.test_client()
    for client in (one, other):
        client.post("/api/v1/session")
    one.post("/api/v1/answers", json=sent)

    stolen = other.post("/api/v1/answers", json=sent | {"given": WRONG["pick"]})

    assert stolen.status_code == 201
    assert stolen.json["share"] == 0, "marked for who sent it; the other's mark is not shown"
    assert one.get("/api/v1/progress").json["modules"][0]["lessons"][0]["answered"] == 1
    assert rows(database) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Learner-Id": "1"},
        {"X-Forwarded-User": "1"},
        {"Authorization": "Bearer 1"},
        {"Cookie": "course=forged; learner_id=1; remember_token=1"},
    ],
)
def test_no_header_stands_in_for_the_cookie(
    app: OpenAPI, learner: FlaskClient, course: Course, headers: dict[str, str]
) -> None:
    learner.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"]))
    stranger = app.test_client(use_cookies=False)

    shown = stranger.get("/api/v1/lessons?lesson=basics/all-types&learner_id=1", headers=headers)

    assert shown.json["questions"] == []
    assert shown.json["lesson"]["answered"] == 0
    assert (
        stranger.post(
            "/api/v1/visits", json={"lesson": "basics/all-types"}, headers=headers
        ).status_code
        == 401
    )


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"question": "nowhere"}, 404, "unknown-question"),
        ({"revision": "0" * 16}, 409, "unknown-revision"),
        ({"given": {}}, 422, "not-an-answer"),
        ({"given": {"choice": ["nonsense"]}}, 422, "not-an-answer"),
        ({"given": choice("Left", "Right")}, 422, "not-an-answer"),
        ({"given": "Left"}, 422, "invalid"),
        ({"id": "7"}, 422, "invalid"),
        ({"more": 1}, 422, "invalid"),
        ({"given_at": "2026-11-22T10:00:00"}, 422, "invalid"),
    ],
)
def test_what_is_no_answer_is_refused_with_a_reason(
    learner: FlaskClient,
    course: Course,
    database: Database,
    change: dict[str, object],
    status: int,
    code: str,
) -> None:
    sent = submission(course, "pick", RIGHT["pick"]) | change

    response = learner.post("/api/v1/answers", json=sent)

    assert (response.status_code, response.json["error"]["code"]) == (status, code)
    assert response.json["error"]["message"]
    assert rows(database) == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({}, 201),
        ({"Origin": "http://localhost"}, 201),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
    ],
)
def test_writes_sent_by_other_sites_are_refused(
    learner: FlaskClient, course: Course, headers: dict[str, str], status: int
) -> None:
    sent = submission(course, "pick", RIGHT["pick"])

    assert learner.post("/api/v1/answers", json=sent, headers=headers).status_code == status


def test_a_graded_quiz_allows_its_attempts_and_shows_the_key_after_the_last(
    learner: FlaskClient, course: Course
) -> None:
    def send(question: str, text: str) -> dict[str, object]:
        return learner.post("/api/v1/answers", json=submission(course, question, choice(text))).json

    first = send("graded-one", "Three")
    assert (first["share"], first["attempts_left"]) == (0, 1)
    assert first["explanation"] is None
    assert first["key"] is None
    assert send("graded-one", "Two")["error"]["code"] == "attempt-open", (
        "the attempt has another question"
    )
    right = send("graded-two", "Four")
    assert right["key"] == ["Four"]
    assert send("graded-two", "Four")["error"]["code"] == "no-attempts-left", "it is right already"

    last = send("graded-one", "Three")
    assert (last["attempt"], last["attempts_left"]) == (2, 0)
    assert last["key"] == ["Two"]
    assert last["explanation"] == "Add one to one."
    assert send("graded-one", "Two")["error"]["code"] == "no-attempts-left"


def test_a_replay_after_the_last_attempt_is_no_refusal(
    learner: FlaskClient, course: Course
) -> None:
    sent = submission(course, "graded-two", choice("Four"))
    learner.post("/api/v1/answers", json=sent)

    assert learner.post("/api/v1/answers", json=sent).status_code == 200


def test_a_session_is_kept_when_asked_for_again(client: FlaskClient) -> None:
    assert client.get("/api/v1/session").json == {"learner": None, "merged": []}
    first = client.post("/api/v1/session")
    second = client.post("/api/v1/session")
    assert (first.status_code, second.status_code) == (201, 200)
    key = first.json["learner"]["key"]
    kept = {"learner": {"guest": True, "mail": None, "key": key}, "merged": []}
    assert client.get("/api/v1/session").json == kept


def test_the_state_of_a_lesson_brings_back_every_answer(
    learner: FlaskClient, course: Course
) -> None:
    for question, given in (RIGHT | {"share": WRONG["share"]}).items():
        learner.post("/api/v1/answers", json=submission(course, question, given))

    state = learner.get("/api/v1/lessons?lesson=basics/all-types&view=html").json

    assert [answer["question"] for answer in state["questions"]] == list(
        course.lessons["basics/all-types"].places
    )
    html = {answer["question"]: answer["html"] for answer in state["questions"]}
    assert 'value="1,73"' not in html["share"]
    assert 'value="5.2"' in html["share"]
    assert "secret-slip" in html["share"]
    assert "Try again" in html["share"]
    assert 'value="Blue"' in html["fill"]
    assert "What learners chose (1 so far)" in html["ask"]
    assert "secret-check-a" in html["write"], "the list appears once the text is sent"


def test_a_poll_shows_what_others_chose(app: OpenAPI, course: Course) -> None:
    for text in ("Tea", "Coffee", "Coffee"):
        client = app.test_client()
        client.post("/api/v1/session")
        answer = client.post(
            "/api/v1/answers?view=html", json=submission(course, "ask", choice(text))
        ).json
    client.post("/api/v1/answers", json=submission(course, "ask", choice("Tea")))

    state = client.get("/api/v1/lessons?lesson=basics/all-types&view=html").json

    assert "3 so far" in answer["html"]
    assert "67%" in state["questions"][0]["html"], "a changed mind counts once"


def test_progress_counts_lessons_and_names_the_next_step(
    learner: FlaskClient, course: Course
) -> None:
    before = learner.get("/api/v1/progress").json
    assert before["next"] == {"title": "All types", "url": "basics/all-types/", "label": "Start"}

    learner.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"]))
    begun = learner.get("/api/v1/progress").json
    assert begun["next"]["url"] == "basics/all-types/#q-tick"
    assert begun["next"]["label"] == "Continue"

    for question, given in RIGHT.items():
        learner.post("/api/v1/answers", json=submission(course, question, given))
    read = learner.post("/api/v1/readings", json={"lesson": "basics/reading"})
    assert read.status_code == 201

    after = learner.get("/api/v1/progress").json
    assert (after["modules"][0]["done"], after["modules"][0]["total"]) == (2, 2)
    assert after["next"]["title"] == "A graded lesson"


def test_times_from_the_future_are_cut_to_now(
    learner: FlaskClient, course: Course, database: Database
) -> None:
    sent = submission(course, "pick", RIGHT["pick"], given_at="2999-01-01T00:00:00Z")
    learner.post("/api/v1/answers", json=sent)

    with database.read() as session:
        answer = session.scalars(sa.select(Answer)).one()
    assert answer.given_at == answer.recorded_at


def test_an_old_page_is_marked_with_the_key_that_it_showed(
    app: OpenAPI, learner: FlaskClient, course: Course, course_file: object
) -> None:
    old = submission(course, "pick", choice("Left"))
    learner.get("/api/v1/progress")
    text = course_file.read_text()  # type: ignore[attr-defined]
    turned = text.replace('"text": "Left",', '"text": "Left", "correct": true,', 1)
    at = turned.index('"text": "Right",')
    turned = turned[:at] + turned[at:].replace('"correct": true,', "", 1)
    course_file.write_text(turned)  # type: ignore[attr-defined]

    marked_old = learner.post("/api/v1/answers", json=old).json
    new = Course.load(turned)
    marked_new = learner.post("/api/v1/answers", json=submission(new, "pick", choice("Left"))).json

    assert marked_old["share"] == 0
    assert marked_new["share"] == 1
    assert marked_old["revision"] != marked_new["revision"]


def test_a_broken_course_file_changes_nothing(
    learner: FlaskClient, course: Course, course_file: object
) -> None:
    learner.get("/api/v1/progress")
    course_file.write_text('{"title": ')  # type: ignore[attr-defined]

    response = learner.post("/api/v1/answers", json=submission(course, "pick", RIGHT["pick"]))

    assert response.status_code == 201


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe"])
def test_what_is_no_json_object_is_refused(learner: FlaskClient, body: bytes) -> None:
    response = learner.post("/api/v1/answers", data=body, content_type="application/json")

    assert response.status_code in (400, 422)
    assert response.json["error"]["message"]


def test_ids_are_compared_as_ids(learner: FlaskClient, course: Course, database: Database) -> None:
    sent = submission(course, "pick", RIGHT["pick"])
    learner.post("/api/v1/answers", json=sent)

    again = learner.post("/api/v1/answers", json=sent | {"id": uuid.UUID(sent["id"]).hex.upper()})

    assert again.status_code == 200
    assert rows(database) == 1
