"""How many queries each page sends: always as many, however much a learner or everybody has answered."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI

from course.content.course import Course
from course.record.answering.tables import Answer
from course.record.people import access, accounts
from course.record.people.tables import Account
from course.record.revisions.registration import CourseSnapshot
from course.record.statistics import figure_cache
from course.record.store.database import Database
from tests.forms import RIGHT, WRONG
from tests.record import simulated
from tests.web.visitors import MAIL, queries

LESSON = "basics/all-types"

PAGES = {
    "/learning": 3,
    f"/learning/{LESSON}": 5,
    "/learning/answers/{answer}": 6,
    f"/quiz/{LESSON}": 6,
    "/api/v1/progress": 3,
    f"/api/v1/lessons?lesson={LESSON}&view=html": 6,
    "POST /api/v1/visits": 4,
    "/teaching": 2,
    f"/teaching/lessons/{LESSON}": 2,
    "/teaching/learners": 2,
    "/teaching/learners?mail=a": 2,
    "/teaching/learners/{learner}": 7,
    "/teaching/learners/{learner}/answers/{answer}": 7,
}
"""Pages with the number of their queries, with many answers in the record; one finds out who asks."""


@pytest.fixture
def many(
    database: Database, published: CourseSnapshot, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More answers than are counted in a request, and the figures of every lesson as they were counted."""
    monkeypatch.setattr(figure_cache, "MAX_ANSWERS", 100)
    with database.write() as session:
        who = simulated.learners(session, 160)
        for name, right in RIGHT.items():
            lesson, question = published.course.asked[name]
            given = [right] * 120 + [WRONG.get(name, right)] * 40
            row = published.revision_ids[name]
            simulated.give(session, who, question, row, given, lesson=lesson.id)
    assert figure_cache.recount(database, course) == 2


@pytest.fixture
def trainer(member: FlaskClient, database: Database) -> FlaskClient:
    with database.write() as session:
        accounts.set_role(session, MAIL, access.TRAINER)
    return member


def give(database: Database, published: CourseSnapshot, learner: int, attempts: range) -> None:
    """Have a learner answer every question of a lesson so many times."""
    with database.write() as session:
        for name, right in RIGHT.items():
            lesson, question = published.course.asked[name]
            row = published.revision_ids[name]
            for attempt in attempts:
                given = [WRONG.get(name, right)]
                simulated.give(
                    session, [learner], question, row, given, attempt=attempt, lesson=lesson.id
                )


def test_pages_send_as_many_queries_for_many_answers_as_for_few(
    trainer: FlaskClient, app: OpenAPI, database: Database, published: CourseSnapshot, many: None
) -> None:
    with database.read() as session:
        learner = session.scalars(sa.select(Account.learner_id)).one()
    give(database, published, learner, range(1, 2))
    few = _counted(trainer, app, database, learner)
    give(database, published, learner, range(2, 12))
    after = _counted(trainer, app, database, learner)

    assert few == PAGES
    assert after == PAGES


def _counted(
    browser: FlaskClient, app: OpenAPI, database: Database, learner: int
) -> dict[str, int]:
    with database.read() as session:
        mine = sa.select(Answer.client_id).where(Answer.learner_id == learner).limit(1)
        answer = session.scalars(mine).one()
    sent = queries(app)
    found = {}
    for page in PAGES:
        address = page.format(learner=learner, answer=answer)
        for _ in range(2):  # what is kept at hand is read with the first
            sent.clear()
            if address.startswith("POST "):
                response = browser.post(address[5:], json={"lesson": LESSON})
            else:
                response = browser.get(address)
            assert response.status_code in (200, 204), address
        found[page] = len(sent)
    return found
