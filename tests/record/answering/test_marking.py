"""The version of the marking rules that each answer keeps, and how a trainer brings in the present one."""

import uuid

import pytest
import sqlalchemy as sa

from course.record.answering import answer_history, answers
from course.record.answering.tables import Answer
from course.record.store.database import Database
from tests import living
from tests.record.publishing.test_publications import KEY, Living, living_course

__all__ = ["living_course"]

QUIZ = "quizzes/one/second.yml"


def rows(database: Database) -> list[tuple[int, float | None]]:
    with database.read() as session:
        found = session.execute(
            sa.select(Answer.marking, Answer.share).order_by(Answer.recorded_at)
        )
        return [(marking, share) for marking, share in found]


def of_the_first_rules(living_course: Living, client_id: uuid.UUID, share: float) -> None:
    """Make an answer one that was recorded before the present rules."""
    with living_course.database.write() as session:
        mine = sa.update(Answer).where(Answer.client_id == client_id)
        session.execute(mine.values(marking=1, share=share))


@pytest.fixture
def early(living_course: Living) -> tuple[int, uuid.UUID]:
    """A learner who typed (blue) for blue when brackets still counted."""
    learner = living_course.guest()
    given = living_course.answer(learner, "colour", {"gap.colour": ["(blue)"]})
    of_the_first_rules(living_course, given.client_id, 0.0)
    return learner, given.client_id


def test_an_answer_is_stored_with_the_rules_that_marked_it(living_course: Living) -> None:
    living_course.answer(living_course.guest(), "colour", {"gap.colour": ["(blue)"]})

    assert rows(living_course.database) == [(2, 1.0)]


def test_an_answer_is_shown_as_it_was_marked(
    living_course: Living, early: tuple[int, uuid.UUID]
) -> None:
    with living_course.database.read() as session:
        found = answer_history.load_answer(session, *early)
        again = answers.load_answer(session, *early)

    assert found is not None
    assert found.answer.marked.share == again.marked.share == 0.0
    assert found.answer.marked.notes[0].right is False


def test_a_row_of_before_the_column_has_the_first_rules(living_course: Living) -> None:
    """A process of the version before inserts without it while this one starts."""
    assert Answer.__table__.c.marking.server_default.arg == "1"  # type: ignore[attr-defined]


def test_new_rules_alone_change_no_earlier_mark(
    living_course: Living, early: tuple[int, uuid.UUID]
) -> None:
    living_course.register()

    assert living_course.predict().is_nothing
    assert living_course.publish() == 0


def test_a_trainer_brings_in_the_present_rules_by_naming_them(
    living_course: Living, early: tuple[int, uuid.UUID]
) -> None:
    old = living_course.published.revisions["colour"]
    where = next(
        name
        for name in (KEY, QUIZ)
        if "- id: colour\n" in (living_course.root / name).read_text("utf-8")
    )
    living.edit(living_course.root, where, "- id: colour\n", "- id: colour\n    marking: 2\n")
    assert [one.question for one in living_course.predict().questions if one.is_open] == ["colour"]

    living_course.decide("colour", "regrade", old)
    assert living_course.predict().marks.up == 1

    assert living_course.publish() == 1
    found = living_course.past(early[0], answers_of(living_course, early))
    assert (found.answer.original_mark.share, found.answer.current_mark.share) == (0.0, 1.0)


def answers_of(living_course: Living, early: tuple[int, uuid.UUID]) -> answers.RecordedAnswer:
    with living_course.database.read() as session:
        return answers.load_answer(session, *early)
