"""What was acknowledged survives the death of the process: a writer is killed while it writes."""

from pathlib import Path

import sqlalchemy as sa

from course.record.answering.tables import Answer
from course.record.store.database import Database
from tests.record.writing import writing

KILLS = 4


def lines_before_the_kill(round_number: int) -> int:
    """No two rounds die at the same point."""
    return 10 + 7 * round_number


def test_killed_again_and_again_no_acknowledged_answer_is_lost_or_doubled(
    database_url: str, course_file: Path
) -> None:
    acknowledged: set[str] = set()
    for round_number in range(KILLS):
        with writing(database_url, course_file) as writer:
            writer.read(lines_before_the_kill(round_number))
        acknowledged |= writer.acknowledged

    database = Database(database_url)
    with database.read() as session:
        stored = [str(found) for found in session.scalars(sa.select(Answer.client_id))]
        numbers = session.execute(sa.select(Answer.learner_id, Answer.attempt)).all()
    database.close()
    read = sum(lines_before_the_kill(round_number) for round_number in range(KILLS))
    assert len(acknowledged) >= read // 2, "the writer says each twice"
    assert acknowledged <= set(stored)
    assert len(stored) == len(set(stored))
    assert len(stored) - len(acknowledged) <= KILLS, "at most the one under way at each kill"
    assert len(numbers) == len(set(numbers))
