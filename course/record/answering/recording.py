"""Recording answers: checked, marked, stored in batches, and acknowledged when they are on the disk.

The caller prepares the answer (`preparing`): which question it is about, what it is worth. Then the answer
waits in a queue. One writer thread stores everything in the queue in one transaction, and then what
arrived meanwhile. So a commit, the most expensive step, is shared by all answers that arrived during the
previous one.

What holds always:
- An answer is acknowledged once it is on the disk, never before.
- An answer is known by learner and client id. Sent again, it is recognised, and the mark first given is
  returned; the database's own key makes sure of it.
- A learner's answers to one question are numbered 1, 2, 3 ... without gaps: number n belongs to attempt n.
  A transaction holds the rows of its learners, and one learner has one answer in it at most, so two tabs
  cannot take the same number.
- Nothing is marked with another revision's key than the one the learner saw. What was decided since about
  that revision is applied at once to an answer that arrives late, as a regrade beside its own mark.
- A sign-in that has ended records nothing, even if it was valid a moment ago: the transaction checks it.
- A batch that fails is rolled back, and each of its answers is retried alone: none fails because of another.
- A batch never waits for a locked row, so two batches cannot deadlock: an answer whose learner is locked
  elsewhere is written alone, outside the queue.
- The queue is bounded. When it is full, `enqueue` raises QueueFull at once and stores nothing.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sqlalchemy import orm
from sqlalchemy.exc import OperationalError

from course.content.questions.base import AnswerError
from course.record.answering import rows
from course.record.answering.answers import LessonRows, RecordedAnswer, Refused
from course.record.answering.preparing import Prepared, Sender, prepare
from course.record.answering.statements import Statements, as_pairs, statements
from course.record.answering.tables import Answer, Submission
from course.record.people import learners
from course.record.publishing import late_answers
from course.record.revisions.registration import CourseSnapshot
from course.record.store.database import Database
from course.record.store.statements import pipelined
from course.record.store.unavailable import is_unavailable

BATCH = 64
"""How many answers are written in one transaction at most."""

SINGLE_WRITERS = 4
"""Threads for answers that cannot be part of a batch; each may wait for a row lock."""

QUEUE_LIMIT = 256
"""The default limit of the queue."""


class QueueFull(Exception):
    """The queue is full: nothing was stored, and trying again in a moment is safe."""


class SignedOut(Exception):
    """The sign-in that an answer came with has ended."""


class DuplicateId(Exception):
    """An id that the record holds under another question."""


Queued = tuple[Prepared, Future[RecordedAnswer]]
"""An answer that waits in the queue, and the future of its outcome."""

Outcome = RecordedAnswer | Exception


class Recorder:
    """Records answers in one database; one for each process, used by all its threads."""

    def __init__(self, database: Database, limit: int = QUEUE_LIMIT) -> None:
        self.database = database
        self.limit = limit
        self._run = statements(database.engine.dialect)
        self._queue: list[Queued] = []
        self._is_writing = False
        self._lock = threading.Lock()
        self._writer = ThreadPoolExecutor(1, "recorder")
        self._single_writers = ThreadPoolExecutor(SINGLE_WRITERS, "recorder-alone")

    @property
    def is_full(self) -> bool:
        """Whether the queue is full."""
        return len(self._queue) >= self.limit

    def record(self, published: CourseSnapshot, sender: Sender, sent: Submission) -> RecordedAnswer:
        """Store an answer, or return the one stored under the same id before.

        Raises AnswerError when the fields are no answer; Refused with the codes "unknown-question",
        "unknown-revision", "unknown-variant", "not-asked", "no-attempts-left", "attempt-open" and
        "account-required";
        learners.Erased, SignedOut, and QueueFull.
        """
        return self.enqueue(prepare(published, sender, sent, self.database)).result()

    def enqueue(self, prepared: Prepared) -> Future[RecordedAnswer]:
        """Put an answer into the queue. The outcome comes once it is on the disk; raises QueueFull."""
        outcome: Future[RecordedAnswer] = Future()
        with self._lock:
            if self.is_full:
                raise QueueFull
            self._queue.append((prepared, outcome))
            writes, self._is_writing = self._is_writing, True
        if not writes:
            self._writer.submit(self._write)
        return outcome

    def _write(self) -> None:
        """Write the queue batch by batch until it is empty."""
        while batch := self._next_batch():
            found = self._write_batch([one for one, _ in batch])
            for (one, future), outcome in zip(batch, found, strict=True):
                if outcome is None:
                    self._single_writers.submit(self._write_single, one, future)
                else:
                    _resolve(future, outcome)

    def _next_batch(self) -> list[Queued]:
        """Take the first answer of each learner from the queue, in order, up to BATCH."""
        taken: dict[int, Queued] = {}
        with self._lock:
            rest = []
            for queued in self._queue:
                one, future = queued
                learner_id = one.sender.learner_id
                if learner_id in taken or len(taken) == BATCH:
                    rest.append(queued)
                elif future.set_running_or_notify_cancel():
                    taken[learner_id] = queued
            self._queue = rest
            self._is_writing = bool(taken)
        return list(taken.values())

    def _write_batch(self, batch: Sequence[Prepared]) -> Sequence[Outcome | None]:
        """Store a batch in one transaction; return each outcome, None for an answer to be written alone."""
        try:
            try:
                return self._record_batch(batch)
            except OperationalError as error:
                if not error.connection_invalidated:
                    raise
            # The server may have been restarted. If it did store them, their ids show that.
            return self._record_batch(batch)
        except Exception as error:
            if is_unavailable(error):
                return [error] * len(batch)  # retrying each would fail as well
            # One bad answer must not fail the others, so each is retried alone.
            return [None] * len(batch)

    def _record_batch(self, batch: Sequence[Prepared]) -> Sequence[Outcome | None]:
        with self.database.cursor() as cursor:
            return record_batch(self._run, cursor, batch)

    def _write_single(self, one: Prepared, future: Future[RecordedAnswer]) -> None:
        try:
            with self.database.write() as session:
                outcome: Outcome = record_single(session, one)
        except Exception as error:  # passed on through the future
            outcome = error
        _resolve(future, outcome)


def _resolve(future: Future[RecordedAnswer], outcome: Outcome) -> None:
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)


def record(
    session: orm.Session, published: CourseSnapshot, learner_id: int, sent: Submission
) -> RecordedAnswer:
    """Record one answer within the caller's transaction; raises as `Recorder.record` does."""
    return record_single(session, prepare(published, Sender(learner_id), sent, session))


def record_batch(run: Statements, cursor: Any, batch: Sequence[Prepared]) -> list[Outcome | None]:
    """Record answers of several learners; the outcome is None for one that has to be written alone."""
    other = cursor.connection.cursor()
    with pipelined(run.dialect, cursor):
        senders = [(one.sender.learner_id, one.sender.sign_in_id or 0) for one in batch]
        run.lock.execute(cursor, as_pairs(senders))
        asked = [pair for one in batch for pair in rows.pairs_to_count(one, one.sender.learner_id)]
        run.counts.execute(other, as_pairs(asked))
        locked = run.locked(run.lock.fetch(cursor))
        counts = rows.counts_by_learner(run.counts.fetch(other))
    sign_ins = {name: sign_in for name, (merged, sign_in) in locked.items() if merged is None}
    here = [one for one in batch if one.is_plain and one.sender.learner_id in sign_ins]
    members = run.learners_with_account(
        cursor, [one.sender.learner_id for one in here if one.needs_account]
    )
    found: dict[int, Outcome] = {}
    new: dict[int, tuple[Prepared, rows.Row]] = {}
    for one in here:
        learner_id = one.sender.learner_id
        try:
            if one.sender.sign_in_id not in (None, sign_ins[learner_id]):
                raise SignedOut
            mine = counts.setdefault(learner_id, {})
            made = rows.new_row(run, cursor, one, learner_id, mine, members)
        except (SignedOut, Refused, AnswerError) as error:
            found[learner_id] = error
        else:
            new |= {learner_id: made} if made else {}
    if new:
        inserted = [row for _, row in new.values()]
        with pipelined(run.dialect, cursor):
            run.answer.run(cursor, inserted)
            run.attempt.run(other, [rows.attempt_row(row) for row in inserted])
        if cursor.rowcount != len(inserted):
            raise DuplicateId
    lessons = _read_lessons(run, cursor, list(new.values()))
    for learner_id, (one, row) in new.items():
        mine = counts[learner_id]
        found[learner_id] = rows.recorded(one, row, mine, lesson=lessons.get(learner_id))
    return [found.get(one.sender.learner_id) for one in batch]


def _read_lessons(
    run: Statements, cursor: Any, new: Sequence[tuple[Prepared, rows.Row]]
) -> dict[int, LessonRows]:
    """Return by learner what their lesson's standing follows from, for answers whose reply shows it."""
    wanted = [(row["learner_id"], one) for one, row in new if one.wants_lesson]
    if not wanted:
        return {}
    other = cursor.connection.cursor()
    with pipelined(run.dialect, cursor):
        visits = [(learner_id, one.lesson.id) for learner_id, one in wanted]
        run.visits.execute(cursor, as_pairs(visits))
        asked = [(learner_id, name) for learner_id, one in wanted for name in one.lesson_questions]
        run.lesson_answers.execute(other, as_pairs(asked))
        found = {row[0]: LessonRows(row[1:], []) for row in run.visits.fetch(cursor)}
        for learner_id, *answer in run.lesson_answers.fetch(other):
            found[learner_id].answers.append(answer)
    return found


def record_single(session: orm.Session, one: Prepared) -> RecordedAnswer:
    """Record one answer in the caller's transaction, waiting for its learner's row."""
    run = statements(session.get_bind().dialect)
    learner_id = learners.lock_learner(session, one.sender.learner_id)
    cursor = session.connection().connection.cursor()
    sign_in_id = one.sender.sign_in_id
    if sign_in_id is not None:
        locked = run.locked(run.lock.rows(cursor, as_pairs([(learner_id, sign_in_id)])))
        if locked.get(learner_id) != (None, sign_in_id):
            raise SignedOut
    asked = as_pairs(rows.pairs_to_count(one, learner_id))
    counts = rows.counts_by_learner(run.counts.rows(cursor, asked)).get(learner_id, {})
    if one.sent.instead:
        one = rows.with_replaced_question(session, learner_id, one, counts)
    members = run.learners_with_account(cursor, [learner_id] if one.needs_account else [])
    new = rows.new_row(run, cursor, one, learner_id, counts, members)
    if new is None:
        return rows.recorded_before(session, learner_id, one, counts)
    one, row = new
    run.answer.run(cursor, [row])
    if cursor.rowcount != 1:
        return rows.recorded_before(session, learner_id, one, counts)
    run.attempt.run(cursor, [rows.attempt_row(row)])
    if one.is_present:
        return rows.recorded(one, row, counts)
    answer = Answer(**row)
    regrades = late_answers.apply_decisions(
        session, answer, one.question, one.sent.revision, answer.recorded_at
    )
    return rows.recorded(one, row, counts, regrades)
