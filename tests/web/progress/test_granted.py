"""Completions that are kept as facts: learners and trainers read why, and take them along."""

import json
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from course.record.people import access, accounts, merging
from course.record.people.tables import Account, Learner
from course.record.progress.tables import GrantedCompletion
from course.record.store.database import Database
from tests.web.visitors import MAIL

LESSON = "basics/all-types"
DAY = datetime(2026, 5, 17, tzinfo=UTC)


def grant(database: Database, learner_id: int, reason: str, lesson: str = LESSON) -> None:
    with database.write() as session:
        fact = GrantedCompletion(
            learner_id=learner_id, lesson=lesson, completed_at=DAY, reason=reason
        )
        session.add(fact)


def member_id(database: Database) -> int:
    with database.read() as session:
        return session.scalars(sa.select(Account.learner_id).where(Account.mail == MAIL)).one()


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("mixed marks", "kept from an earlier version of this service"),
        ("undone", "kept from a correction that has since been undone"),
    ],
)
def test_learner_and_trainer_read_why_a_completion_is_kept(
    member: FlaskClient, database: Database, reason: str, words: str
) -> None:
    learner_id = member_id(database)
    grant(database, learner_id, reason)
    with database.write() as session:
        accounts.set_role(session, MAIL, access.TRAINER)

    overview = member.get("/learning").text
    lesson = member.get(f"/learning/{LESSON}").text
    trainers = member.get(f"/teaching/learners/{learner_id}").text

    assert f"completed on 17 May 2026 ({words}" in overview
    assert f"<strong>complete</strong> ({words}" in lesson
    assert "completed on 17 May 2026, " + words in trainers


def test_a_completion_that_is_kept_belongs_to_the_own_data(
    member: FlaskClient, database: Database
) -> None:
    grant(database, member_id(database), "undone")

    data = json.loads(member.get("/account/data.json").text)

    assert [row["lesson"] for row in data["granted_completions"]] == [LESSON]


def test_a_completion_that_is_kept_goes_with_a_guest_into_an_account(database: Database) -> None:
    with database.write() as session:
        guest, account = Learner(), Learner()
        session.add_all([guest, account])
        session.flush()
        session.add(Account(learner_id=account.id, mail="ada@example.org"))
        ids = guest.id, account.id
    grant(database, ids[0], "mixed marks")
    grant(database, ids[0], "undone", "basics/other")
    grant(database, ids[1], "undone", "basics/other")

    with database.write() as session:
        assert merging.merge(session, *ids)

    with database.read() as session:
        rows = session.execute(
            sa.select(GrantedCompletion.learner_id, GrantedCompletion.lesson)
        ).all()
    assert sorted(map(tuple, rows)) == [(ids[1], LESSON), (ids[1], "basics/other")]
