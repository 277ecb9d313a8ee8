"""The recorder: groups, the line, and what holds whoever else is at work."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from course.content.questions.base import AnswerError
from course.record.answering import recording
from course.record.answering.answers import RecordedAnswer
from course.record.answering.preparing import Prepared, Sender, prepare
from course.record.answering.recording import QueueFull, Recorder, SignedOut
from course.record.answering.statements import statements
from course.record.answering.tables import Answer, Attempt, Submission
from course.record.people import learners
from course.record.people.tables import SignIn
from course.record.revisions.registration import CourseSnapshot
from course.record.store.database import Database
from tests.forms import RIGHT, WRONG, choice


@pytest.fixture
def recorder(database: Database) -> Recorder:
    return Recorder(database)


def senders(database: Database, many: int) -> list[Sender]:
    """Make guests, each signed in."""
    made = []
    with database.write() as session:
        for _ in range(many):
            identity = learners.identify(session, learners.start_guest(session, "test"))
            assert identity is not None
            made.append(Sender(identity.learner_id, identity.sign_in_id))
    return made


def sent(published: CourseSnapshot, question: str, given: Any = None) -> Submission:
    fields = RIGHT[question] if given is None else given
    return Submission(
        id=uuid.uuid4(), question=question, revision=published.revisions[question], given=fields
    )


def prepared(database: Database, published: CourseSnapshot, sender: Sender) -> Prepared:
    return prepare(published, sender, sent(published, "pick"), database)


def at_once(
    database: Database, *tasks: Callable[[], RecordedAnswer]
) -> list[RecordedAnswer | Exception]:
    """Run *tasks* side by side, so that all but the first stand in line together."""
    lined_up = threading.Event()

    def run(task: Callable[[], RecordedAnswer]) -> RecordedAnswer | Exception:
        lined_up.wait()
        try:
            return task()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(tasks)) as pool:
        found = [pool.submit(run, task) for task in tasks]
        lined_up.set()
        return [one.result(timeout=60) for one in found]


def stored(database: Database, learner_id: int) -> list[tuple[str, int]]:
    with database.read() as session:
        rows = session.execute(
            sa.select(Answer.question, Answer.attempt)
            .where(Answer.learner_id == learner_id)
            .order_by(Answer.question, Answer.attempt)
        )
        return [(row[0], row[1]) for row in rows]


def test_many_at_once_are_stored_once_each_and_numbered_without_gaps(
    database: Database, published: CourseSnapshot, recorder: Recorder
) -> None:
    guests = senders(database, 6)
    other = Recorder(database)  # as another process has it
    tasks = [
        lambda guest=guest, by=by: by.record(published, guest, sent(published, "pick"))
        for guest in guests
        for by in (recorder, other, recorder, other, recorder)
    ]

    found = at_once(database, *tasks)

    assert all(isinstance(one, RecordedAnswer) and one.is_new for one in found), found
    for guest in guests:
        assert stored(database, guest.learner_id) == [("pick", n) for n in range(1, 6)]
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 30


def test_those_who_wait_are_written_together(
    database: Database, published: CourseSnapshot, recorder: Recorder
) -> None:
    guests = senders(database, 5)
    begun: list[str] = []
    sa.event.listen(database.engine, "checkout", lambda *_: begun.append("transaction"))
    recorder._is_writing = True  # as if it were writing
    waiting = [recorder.enqueue(prepared(database, published, guest)) for guest in guests]
    assert not any(one.done() for one in waiting)

    recorder._write()

    assert all(one.result(timeout=60).is_new for one in waiting)
    assert begun == ["transaction"]


def test_one_that_is_no_good_harms_no_other_in_its_group(
    database: Database, published: CourseSnapshot
) -> None:
    run = statements(database.engine.dialect)
    good, out, again, gone = senders(database, 4)
    before = sent(published, "pick", WRONG["pick"])
    first = Recorder(database).record(published, again, before)
    with database.write() as session:
        learners.end_sign_in(session, out.learner_id, out.sign_in_id or 0)
        session.execute(sa.delete(SignIn).where(SignIn.id == gone.sign_in_id))
        session.execute(sa.text("DELETE FROM learner WHERE id = :id"), {"id": gone.learner_id})
    group = [
        prepare(published, sender, what, database)
        for sender, what in (
            (good, sent(published, "pick")),
            (out, sent(published, "pick")),
            (again, before),
            (gone, sent(published, "pick")),
        )
    ]

    with database.cursor() as cursor:
        found = recording.record_batch(run, cursor, group)

    assert isinstance(found[0], RecordedAnswer)
    assert isinstance(found[1], SignedOut)
    assert found[2:] == [None, None]  # these go alone
    assert stored(database, out.learner_id) == []
    assert first.attempt == 1


def test_an_answer_sent_twice_at_once_is_one(
    database: Database, published: CourseSnapshot, recorder: Recorder
) -> None:
    (guest,) = senders(database, 1)
    same = sent(published, "pick")

    found = at_once(database, *[lambda: recorder.record(published, guest, same) for _ in range(4)])

    assert sorted(one.is_new for one in found if isinstance(one, RecordedAnswer)) == [
        False, False, False, True,
    ]  # fmt: skip
    assert stored(database, guest.learner_id) == [("pick", 1)]


def test_an_id_used_for_another_question_returns_what_it_stood_for(
    database: Database, published: CourseSnapshot, recorder: Recorder
) -> None:
    (guest,) = senders(database, 1)
    first = sent(published, "pick")
    recorder.record(published, guest, first)

    again = recorder.record(
        published,
        guest,
        Submission(
            id=first.id,
            question="ask",
            revision=published.revisions["ask"],
            given=choice("Tea"),
        ),
    )

    assert (again.is_new, again.question.id) == (False, "pick")
    assert stored(database, guest.learner_id) == [("pick", 1)]


def test_a_full_line_turns_away_at_once_and_keeps_nothing(
    database: Database, published: CourseSnapshot
) -> None:
    recorder = Recorder(database, limit=1)
    first, second, third = senders(database, 3)
    recorder._is_writing = True  # as if it were writing
    waiting = recorder.enqueue(prepared(database, published, first))
    with pytest.raises(QueueFull):
        recorder.record(published, second, sent(published, "pick"))

    recorder._write()

    assert waiting.result(timeout=60).is_new
    assert stored(database, second.learner_id) == []
    assert recorder.record(published, third, sent(published, "pick")).is_new


def test_a_database_that_fails_is_told_to_all_and_the_line_goes_on(
    database: Database, published: CourseSnapshot, recorder: Recorder
) -> None:
    guests = senders(database, 3)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE attempt RENAME TO attempt_away")

    found = at_once(
        database,
        *[lambda g=g: recorder.record(published, g, sent(published, "pick")) for g in guests],
    )

    assert all(isinstance(one, sa.exc.DBAPIError) for one in found), found
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE attempt_away RENAME TO attempt")
    assert recorder.record(published, guests[0], sent(published, "pick")).attempt == 1


def test_what_is_no_answer_never_stands_in_line(
    database: Database, published: CourseSnapshot, recorder: Recorder
) -> None:
    (guest,) = senders(database, 1)

    with pytest.raises(AnswerError):
        recorder.record(published, guest, sent(published, "pick", {"choice": ["nonsense"]}))

    assert not recorder._queue
    assert stored(database, guest.learner_id) == []


def test_a_row_held_elsewhere_delays_its_own_answer_only(
    database: Database, published: CourseSnapshot, recorder: Recorder
) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite holds no rows")
    held, free = senders(database, 2)
    with database.write() as session:
        learners.lock_learner(session, held.learner_id)
        late, early = (
            recorder.enqueue(prepared(database, published, sender)) for sender in (held, free)
        )
        assert early.result(timeout=60).is_new
        assert recorder.record(published, free, sent(published, "tick")).is_new  # the line goes on
        assert not late.done()

    assert late.result(timeout=60).is_new


def test_nobody_waits_for_who_has_gone(
    database: Database, published: CourseSnapshot, recorder: Recorder
) -> None:
    gone, here = senders(database, 2)
    recorder._is_writing = True  # as if it were writing
    cancelled, waiting = (
        recorder.enqueue(prepared(database, published, sender)) for sender in (gone, here)
    )
    assert cancelled.cancel()

    recorder._write()

    assert waiting.result(timeout=60).is_new
    assert stored(database, gone.learner_id) == []
