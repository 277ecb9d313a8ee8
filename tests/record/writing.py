"""A process that records answers as fast as it can, and prints the id of each that is acknowledged."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_PROGRAM = """
import sys, uuid
from course.content.course import Course
from course.record.answering import recording
from course.record.answering.tables import Submission
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
    for _ in range(2):  # each is sent again, as a browser does that got no response
        sent = Submission(
            id=client_id,
            question="pick",
            revision=published.revisions["pick"],
            given=WRONG["pick"],
        )
        with database.write() as session:
            recording.record(session, published, learner_id, sent)
        print(client_id, flush=True)
"""


class Writer:
    """The process, and what it has acknowledged."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self._process, self._output = process, process.stdout
        self.acknowledged: set[str] = set()

    def read(self, lines: int) -> None:
        """Wait for so many acknowledgements; each answer has two."""
        for _ in range(lines):
            self.acknowledged.add(self._output.readline().strip())

    def kill(self) -> None:
        self._process.kill()
        rest = self._output.read().splitlines()
        self.acknowledged.update(line for line in rest if len(line) == 36)
        self._process.wait()


@contextlib.contextmanager
def writing(database_url: str, course_file: Path) -> Iterator[Writer]:
    """Yield a process that writes answers, and kill it after the block."""
    command = [sys.executable, "-c", _PROGRAM, database_url, str(course_file)]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        writer = Writer(process)
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield writer
        finally:
            writer.kill()
