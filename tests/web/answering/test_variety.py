"""Each learner's own questions, orders and numbers, by the API and by forms without scripts."""

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from course.content.course import Course
from course.content.reading import open_course
from course.record.answering.tables import Answer
from course.record.people.tables import Learner
from course.record.store.database import Database
from tests.conftest import ORIGIN
from tests.forms import choice, submission

VARIED = Path(__file__).parents[2] / "courses" / "varied"
SEED = "ab12cd34"
STATE = "/api/v1/lessons?lesson=basics/varied&view=html"


@pytest.fixture
def course() -> Course:
    return open_course(VARIED)


@pytest.fixture
def seeded(client: FlaskClient) -> FlaskClient:
    """A browser that has arranged its pages before it became a guest."""
    assert client.post(f"/api/v1/session?seed={SEED}").status_code == 201
    return client


def answers(database: Database) -> list[Answer]:
    with database.read() as session:
        found = session.scalars(sa.select(Answer).order_by(Answer.recorded_at)).all()
        session.expunge_all()
        return list(found)


def send(client: FlaskClient, course: Course, question: str, given: Any, **more: Any) -> Any:
    body = submission(course, question, given, **more)
    return client.post("/api/v1/answers?view=html", json=body).json


def test_a_new_guest_keeps_the_seed_of_the_browser(
    app: OpenAPI, seeded: FlaskClient, database: Database
) -> None:
    seeded.post("/api/v1/session?seed=00000000")
    other = app.test_client()
    other.post("/api/v1/session")

    with database.read() as session:
        first, second = session.scalars(sa.select(Learner.seed).order_by(Learner.id))
    assert first == SEED
    assert re.fullmatch("[0-9a-f]{8}", second)
    assert seeded.get(STATE).json["seed"] == SEED
    assert app.test_client().get(STATE).json["seed"] is None
    assert len(seeded.get(STATE).json["asked"]) == 5


def test_a_seed_is_a_short_word(client: FlaskClient) -> None:
    statuses = {
        seed: client.post(f"/api/v1/session?seed={seed}").status_code
        for seed in ("AB12CD34", "", "ab12cd34.2", "0" * 17, "'")
    }

    assert set(statuses.values()) == {422}, statuses


def test_numbers_are_marked_as_they_were_shown_and_stay_in_the_record(
    seeded: FlaskClient, course: Course, database: Database
) -> None:
    shown = course.asked["clicks"][1].shown(SEED)
    assert shown is not None
    reach, rate = (int(shown["values"][name]) for name in ("reach", "rate"))

    wrong = send(seeded, course, "clicks", {"number": ["1"]}, variant=SEED, seconds=12.5)
    again = re.findall(r'name="variant" value="([^"]*)"', wrong["html"])
    right = send(
        seeded, course, "clicks", {"number": [str(reach * rate / 100)]}, variant=SEED, seconds=9e9
    )

    assert (wrong["state"], right["state"]) == ("wrong", "right")
    assert again == [SEED, f"{SEED}.2"]
    assert f"{reach:,} × {rate} ÷ 100" in wrong["html"]
    first, second = answers(database)
    assert first.shown == {**shown, "variant": SEED}
    assert (first.seconds, second.seconds) == (12.5, 3600)
    page = seeded.get(f"/learning/answers/{first.client_id}").text + seeded.get("/learning").text
    assert "{reach}" not in page
    data = seeded.get("/account/data.json").text
    assert f"A post reaches **{reach:,}** people" in data


def test_an_order_is_recorded_as_it_stood_and_shown_so_again(
    seeded: FlaskClient, course: Course, database: Database
) -> None:
    asked = course.asked["pick"][1]
    keys = [option.key for option in asked.as_shown(asked.shown(SEED)).options]  # type: ignore[attr-defined]
    written = [option.key for option in asked.options]  # type: ignore[attr-defined]
    assert keys != written

    wrong = send(seeded, course, "pick", choice("Beta"), variant=SEED)

    assert re.findall(r'name="choice" value="(\w+)"', wrong["html"]) == keys
    assert f'name="variant" value="{SEED}"' in wrong["html"]
    [answer] = answers(database)
    assert answer.shown == {"order": keys, "variant": SEED}
    send(seeded, course, "pick", choice("Alpha"))
    assert answers(database)[1].shown is None, "the page for everyone has the order written"


def test_what_a_page_cannot_have_shown_is_refused(seeded: FlaskClient, course: Course) -> None:
    changes: list[tuple[dict[str, Any], int]] = [
        ({"variant": "AB"}, 422),
        ({"variant": "ab.0"}, 422),
        ({"seconds": -1}, 422),
        ({"seconds": "soon"}, 422),
        ({"instead": "nowhere"}, 201),
        ({"variant": "0" * 16, "seconds": 0}, 201),
    ]
    for change, status in changes:
        body = submission(course, "pick", choice("Beta"), **change)

        assert seeded.post("/api/v1/answers", json=body).status_code == status, change


def test_a_damaged_form_says_what_to_do(client: FlaskClient, course: Course) -> None:
    revision = course.asked["pick"][1].revision
    form = {"question": "pick", "revision": revision, "seconds": "nan", **choice("Beta")}

    refused = client.post("/answers", data={**form, "variant": "<b>"}, headers=ORIGIN)
    taken = client.post("/answers", data=form, headers=ORIGIN)

    assert (refused.status_code, taken.status_code) == (422, 303)
    assert "Reload it and answer again" in refused.text


def test_a_sister_takes_the_place_of_a_missed_question_until_all_were_tried(
    seeded: FlaskClient, course: Course, database: Database
) -> None:
    first, second = [name for name in seeded.get(STATE).json["asked"] if name.startswith("drill")]
    wrong = send(
        seeded, course, first, choice("Even" if "one" in first or "three" in first else "Odd")
    )
    sister = re.findall(r'data-sister="([^"]*)"', wrong["html"])[0]
    assert sister not in (first, second)
    assert wrong["lesson"]["answered"] == 1

    body = choice("Odd" if sister in ("drill-one", "drill-three") else "Even")
    right = send(seeded, course, sister, body, instead=first)

    assert (right["state"], right["lesson"]["answered"]) == ("right", 1)
    assert right["lesson"]["score"] == pytest.approx(0.2)
    asked = seeded.get(STATE).json["asked"]
    assert {second, sister} < set(asked)
    assert first not in asked
    assert answers(database)[1].shown == {"instead": first}
    other = send(seeded, course, sister, body, instead=second)
    assert other["attempt"] == 2
    assert (answers(database)[2].shown or {}).get("instead") is None, (
        "only what was missed, and once"
    )


def test_without_scripts_the_sister_stands_below_and_other_numbers_are_in_the_form(
    client: FlaskClient, course: Course
) -> None:
    def post(question: str, given: dict[str, list[str]], **more: str) -> str:
        revision = course.asked[question][1].revision
        form = {
            "question": question,
            "revision": revision,
            "id": str(uuid.uuid4()),
            **more,
            **given,
        }
        return client.post("/answers", data=form, headers=ORIGIN, follow_redirects=True).text

    page = post("drill-one", choice("Even"))
    names = re.findall(r'data-question="(drill-\w+)"', page)
    assert names[0] == "drill-one"
    assert len(names) == 3
    sister = re.findall(r'data-sister="([^"]*)"', page)[0]
    assert names[1] == sister
    assert '<input type="hidden" name="instead" value="drill-one">' in page
    assert f'href="#q-{sister}"' in page

    page = post(sister, choice("Odd" if sister == "drill-three" else "Even"), instead="drill-one")
    assert "drill-one" not in re.findall(r'data-question="(drill-\w+)"', page)

    page = post("clicks", {"number": ["1"]}, variant="")
    assert "A post reaches <strong>2,000</strong> people and 2 % click" in page
    assert page.count("A post reaches <strong>") == 2, "and once with other numbers"


def test_a_graded_quiz_refuses_what_it_did_not_draw(seeded: FlaskClient, course: Course) -> None:
    state = "/api/v1/lessons?lesson=basics/exam"
    [drawn] = seeded.get(state).json["asked"]
    other = next(name for name in ("exam-one", "exam-two") if name != drawn)
    send(seeded, course, drawn, choice("A letter"))

    refused = seeded.post("/api/v1/answers", json=submission(course, other, choice("A number")))

    assert (refused.status_code, refused.json["error"]["code"]) == (409, "not-asked")
    assert seeded.get(state).json["asked"] == [drawn]
    assert "data-sister" not in seeded.get(state + "&view=html").text
