"""What was acknowledged survives the death of the process: a writer is killed while it writes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa

from course.record.answering.tables import Answer
from course.record.store.database import Database

KILLS = 4

WRITER = """
import sys, uuid
from course.content.course import Course
from course.record.answering import answers, recording
from course.record.people import learners
from course.record.people.learners import identify
from course.record.revisions import registration
from course.record.store.database import Database
from tests.forms import WRONG
from pathlib import Path

database = Database(sys.argv[1])
course = Course.load(Path(sys.argv[2]).read_text())
with database.write() as session:
    published = registration.register(session, course)
    learner_id = identify(session, learners.start_guest(session, "test")).learner_id
print("ready", flush=True)
while True:
    client_id = uuid.uuid4()
    for _ in range(2):  # each is sent again, as a browser does that heard nothing
        sent = answers.Submission(client_id, "pick", published.revisions["pick"], WRONG["pick"])
        with database.write() as session:
            recording.record(session, published, learner_id, sent)
        print(client_id, flush=True)
"""


def lines_before_the_kill(round_number: int) -> int:
    """No two rounds die at the same point."""
    return 10 + 7 * round_number


def test_killed_again_and_again_no_acknowledged_answer_is_lost_or_doubled(
    database_url: str, course_file: Path, tmp_path: Path
) -> None:
    acknowledged: set[str] = set()
    for round_number in range(KILLS):
        command = [sys.executable, "-c", WRITER, database_url, str(course_file)]
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=environment
        ) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
            for _ in range(lines_before_the_kill(round_number)):
                acknowledged.add(writer.stdout.readline().strip())
            writer.send_signal(signal.SIGKILL)
            rest = writer.stdout.read().splitlines()
            acknowledged.update(line for line in rest if len(line) == 36)

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
