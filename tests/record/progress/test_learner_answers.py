"""Answers that are alike are read as one, and a standing is the same as if each had been read."""

import random
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from course.content.course import Course
from course.record.answering.tables import Answer
from course.record.progress import learner_answers, standings
from course.record.progress.completion import AnsweredMark
from course.record.revisions import registration
from course.record.revisions.registration import CourseSnapshot
from course.record.store.base import now
from course.record.store.database import Database
from tests.record import simulated

ITEMS = [simulated.item(f"q{number}") for number in range(4)]


@pytest.fixture
def published(database: Database) -> CourseSnapshot:
    course: Course = simulated.course_of(*ITEMS)
    with database.write() as session:
        return registration.register(session, course, now() - timedelta(days=9))


@pytest.fixture
def learner(database: Database) -> int:
    with database.write() as session:
        [made] = simulated.learners(session, 1)
        return made


def give(
    database: Database, published: CourseSnapshot, learner: int, item: int, given: Iterable[int]
) -> None:
    """Have the learner choose these options of a question, one after the other."""
    question = ITEMS[item]
    with database.write() as session:
        mine = (Answer.learner_id == learner) & (Answer.question == question.id)
        last = session.scalar(sa.select(sa.func.max(Answer.attempt)).where(mine)) or 0
        for attempt, option in enumerate(given, last + 1):
            row = published.revision_ids[question.id]
            simulated.give(session, [learner], question, row, [option], attempt=attempt)


def read(database: Database, published: CourseSnapshot, learner: int) -> list[AnsweredMark]:
    with database.read() as session:
        return learner_answers.course_answers(session, published.decided, learner)


def test_repeated_answers_add_no_rows(
    database: Database, published: CourseSnapshot, learner: int
) -> None:
    for item in range(4):
        give(database, published, learner, item, [1, 1, 0, 0])
    few = read(database, published, learner)
    for item in range(4):
        give(database, published, learner, item, [1, 0] * 20)
    many = read(database, published, learner)

    assert len(few) == len(many) == 12
    assert [sum(mark.answers for mark in found) for found in (few, many)] == [16, 176]


@pytest.mark.parametrize("seed", range(8))
def test_a_standing_is_that_of_every_single_answer(
    database: Database, published: CourseSnapshot, learner: int, seed: int
) -> None:
    chance = random.Random(seed)
    for _ in range(30):
        give(database, published, learner, chance.randrange(4), [chance.randrange(3)])
    with database.write() as session:
        for row in session.scalars(sa.select(Answer)):
            row.practice = chance.random() < 0.1
            row.recorded_at -= timedelta(seconds=chance.randrange(3))  # clocks are set back, too
            row.share = row.share and chance.choice([0.5, 1.0])

    with database.read() as session:
        found = standings.course_standing(session, published, learner)
        alone = standings.lesson_standing(
            session, published, learner, published.course.lessons["basics/one"]
        )
        whole = standings.compute(
            published.course,
            published.timeline,
            single(session, learner),
            {},
            {},
            found_seed(found),
        )

    assert found == whole
    assert alone == whole.lessons["basics/one"]


def single(session: Any, learner: int) -> list[AnsweredMark]:
    """Return each answer by itself, oldest first."""
    rows = session.scalars(
        sa.select(Answer)
        .where(Answer.learner_id == learner, ~Answer.practice)
        .order_by(Answer.recorded_at, Answer.attempt, Answer.question)
    )
    return [
        AnsweredMark(row.question, row.share, row.out_of, row.recorded_at, lesson=row.lesson)
        for row in rows
    ]


def found_seed(found: standings.CourseStanding) -> str:
    return found.lessons["basics/one"].selection.seed
