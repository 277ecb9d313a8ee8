"""Recording answers: checked, marked, stored in batches, and acknowledged when they are on the disk.

The caller's thread prepares the answer (`preparing`): which question it is about, what it is worth. Then the
answer waits in a queue. One writer thread stores everything in the queue in one transaction, and then what
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

import functools
import json
import math
import threading
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.exc import OperationalError

from course.content.course import Lesson
from course.content.questions.base import AnswerError, Question
from course.record.answering import answers, draws
from course.record.answering.answers import Counts, RecordedAnswer, Refused, Submission, Tries
from course.record.answering.preparing import Prepared, Sender, prepare
from course.record.answering.tables import Answer
from course.record.people import learners
from course.record.people.tables import Account, Learner, SignIn
from course.record.publishing import late_answers, marks
from course.record.revisions import registration
from course.record.revisions.registration import Published
from course.record.store.base import Base, now
from course.record.store.database import Database
from course.record.store.statements import Insert, Statement, pipelined
from course.record.store.unavailable import is_unavailable

MAX_SECONDS = 3600.0
"""Seconds: a question that is in view for longer has been left open."""

BATCH = 64
"""How many answers are written in one transaction at most."""

SINGLE_WRITERS = 4
"""Threads for answers that cannot be part of a batch; each may wait for a row lock."""

QUEUE_LIMIT = 256
"""The default limit of the queue."""


NEEDS_ACCOUNT = "This quiz needs an account. Sign in or create one, then answer again."


class QueueFull(Exception):
    """The queue is full: nothing was stored, and trying again in a moment is safe."""


class SignedOut(Exception):
    """The sign-in that an answer came with has ended."""


@dataclass(frozen=True)
class QueuedAnswer:
    """An answer that waits in the queue, with the future of its outcome."""

    prepared: Prepared
    outcome: Future[RecordedAnswer] = field(default_factory=Future)


class Recorder:
    """Records answers in one database; one for each process, used by all its threads."""

    def __init__(self, database: Database, limit: int = QUEUE_LIMIT) -> None:
        self.database = database
        self.limit = limit
        self._run = statements(database.engine.dialect)
        self._queue: list[QueuedAnswer] = []
        self._is_writing = False
        self._lock = threading.Lock()
        self._writer = ThreadPoolExecutor(1, "recorder")
        self._single_writers = ThreadPoolExecutor(SINGLE_WRITERS, "recorder-alone")

    @property
    def is_full(self) -> bool:
        """Whether the queue is full."""
        return len(self._queue) >= self.limit

    def record(self, published: Published, sender: Sender, sent: Submission) -> RecordedAnswer:
        """Store an answer, or return the one stored under the same id before.

        Raises AnswerError when the fields are no answer; Refused with the codes "unknown-question",
        "unknown-revision", "unknown-variant", "not-asked", "no-attempts-left", "attempt-open" and
        "account-required";
        learners.Erased, SignedOut, and QueueFull.
        """
        return self.enqueue(self.prepare(published, sender, sent)).result()

    def prepare(self, published: Published, sender: Sender, sent: Submission) -> Prepared:
        """Read and mark an answer without storing it; raises AnswerError and Refused as `record` does."""
        return prepare(published, sender, sent, self._look_up)

    def enqueue(self, prepared: Prepared) -> Future[RecordedAnswer]:
        """Put an answer into the queue. The outcome comes once it is on the disk; raises QueueFull."""
        mine = QueuedAnswer(prepared)
        with self._lock:
            if self.is_full:
                raise QueueFull
            self._queue.append(mine)
            writes, self._is_writing = self._is_writing, True
        if not writes:
            self._writer.submit(self._write)
        return mine.outcome

    def _look_up(self, question: str, revision: str) -> tuple[int, Question] | None:
        with self.database.read() as session:
            return registration.find_revision(session, question, revision)

    def _write(self) -> None:
        """Write the queue batch by batch until it is empty."""
        while group := self._next_batch():
            for one, outcome in zip(group, self._write_batch(group), strict=True):
                if outcome is None:
                    self._single_writers.submit(self._write_single, one)
                else:
                    _resolve(one, outcome)

    def _next_batch(self) -> list[QueuedAnswer]:
        """Take the first answer of each learner from the queue, in order, up to BATCH."""
        taken: dict[int, QueuedAnswer] = {}
        with self._lock:
            rest = []
            for one in self._queue:
                learner_id = one.prepared.sender.learner_id
                if learner_id in taken or len(taken) == BATCH:
                    rest.append(one)
                elif one.outcome.set_running_or_notify_cancel():
                    taken[learner_id] = one
            self._queue = rest
            self._is_writing = bool(taken)
        return list(taken.values())

    def _write_batch(
        self, group: Sequence[QueuedAnswer]
    ) -> Sequence[RecordedAnswer | Exception | None]:
        """Store *group* in one transaction; return each outcome, None for an answer to be written alone."""
        prepared = [one.prepared for one in group]
        try:
            try:
                return self._recorded(prepared)
            except OperationalError as error:
                if not error.connection_invalidated:
                    raise
            # The server may have been restarted. If it did store them, their ids show that.
            return self._recorded(prepared)
        except Exception as error:
            if is_unavailable(error):
                return [error] * len(group)  # retrying each would fail as well
            # One bad answer must not fail the others, so each is retried alone.
            return [None] * len(group)

    def _recorded(self, group: Sequence[Prepared]) -> Sequence[RecordedAnswer | Exception | None]:
        with self.database.cursor() as cursor:
            return _record_batch(self._run, cursor, group)

    def _write_single(self, one: QueuedAnswer) -> None:
        try:
            with self.database.write() as session:
                outcome: RecordedAnswer | Exception = record_prepared(session, one.prepared)
        except Exception as error:  # passed on through the future
            outcome = error
        _resolve(one, outcome)


def _resolve(one: QueuedAnswer, outcome: RecordedAnswer | Exception) -> None:
    if isinstance(outcome, Exception):
        one.outcome.set_exception(outcome)
    else:
        one.outcome.set_result(outcome)


def record(
    session: orm.Session, published: Published, learner_id: int, sent: Submission
) -> RecordedAnswer:
    """Record one answer within the caller's transaction; raises as `Recorder.record` does."""

    def look_up(question: str, revision: str) -> tuple[int, Question] | None:
        return registration.find_revision(session, question, revision)

    return record_prepared(session, prepare(published, Sender(learner_id), sent, look_up))


class DuplicateId(Exception):
    """An id that the record holds under another question."""


Row = dict[str, Any]
"""A row of `Answer`."""


CountsByLearner = dict[int, dict[str, answers.Count]]
"""Earlier answers by learner and question, as far as they decide what may be answered now."""


class Statements:
    """The statements that run for every batch, compiled for a database."""

    def __init__(self, dialect: sa.Dialect) -> None:
        self.dialect = dialect
        self.is_sqlite = dialect.name == "sqlite"
        tables = Base.metadata.tables
        self.hold = Statement(_lock_learners_query(dialect), dialect)
        self.made = Statement(answers.answers_query(dialect.name), dialect)
        self.last = Statement(_PREVIOUS_ANSWER, dialect)
        self.accounts = Statement(_accounts_query(dialect), dialect)
        self.answer = Insert(tables["answer"], ["learner_id", "client_id"], dialect)
        self.attempt = Insert(tables["attempt"], ["learner_id", "lesson", "number"], dialect)


_PREVIOUS_ANSWER = sa.select(Answer.given).where(
    Answer.learner_id == sa.bindparam("learner_id"),
    Answer.question == sa.bindparam("question"),
    Answer.attempt == sa.bindparam("attempt"),
)

statements = functools.lru_cache(maxsize=8)(Statements)


def _lock_learners_query(dialect: sa.Dialect) -> Any:
    """Return the query that locks learners' rows, for *pairs* of a learner and a sign-in.

    A row is the learner, whom they were merged into, and the sign-in if it has not ended. Learners who are
    locked elsewhere or were erased are left out.
    """
    pair, learner_id, sign_in_id, _ = answers.pairs_table(dialect.name)
    is_good = (
        (SignIn.id == sign_in_id) & (SignIn.learner_id == Learner.id) & SignIn.ended_at.is_(None)
    )
    columns = (Learner.id, Learner.merged_into, SignIn.id)
    found = sa.join(pair, Learner, Learner.id == learner_id).outerjoin(SignIn, is_good)
    if dialect.name == "sqlite":  # one row, since its driver lets other threads run at each
        each = sa.func.json_group_array(sa.func.json_array(*columns))
        return sa.select(each).select_from(found)
    held = sa.select(*columns).select_from(found)
    return held.with_for_update(of=Learner, key_share=True, skip_locked=True)


def _accounts_query(dialect: sa.Dialect) -> Any:
    """Return the query for the learners in *pairs* who have an account; the second of a pair is ignored."""
    pair, learner_id, _, _ = answers.pairs_table(dialect.name)
    is_theirs = Account.learner_id == learner_id
    return sa.select(Account.learner_id).select_from(sa.join(pair, Account, is_theirs))


def _learners_with_account(
    run: Statements, cursor: Any, group: Iterable[tuple[int, Prepared]]
) -> Collection[int]:
    """Return the learners with an account, of those whose answers need one."""
    pairs = [(learner_id, 0) for learner_id, one in group if one.needs_account]
    if not pairs:
        return ()
    return {row[0] for row in run.accounts.rows(cursor, {"pairs": json.dumps(pairs)})}


def _sender_pairs(group: Iterable[Prepared]) -> dict[str, str]:
    pairs = [(one.sender.learner_id, one.sender.sign_in_id or 0) for one in group]
    return {"pairs": json.dumps(pairs)}


def _locked(run: Statements, rows: Sequence[Any]) -> dict[int, tuple[int | None, int | None]]:
    """Return for each learner in the result of `hold`: merged into whom, and the valid sign-in."""
    if run.is_sqlite:
        rows = json.loads(rows[0][0])
    return {row[0]: (row[1], row[2]) for row in rows}


def _record_batch(
    run: Statements, cursor: Any, group: Sequence[Prepared]
) -> list[RecordedAnswer | Exception | None]:
    """Record a batch; the outcome is None for an answer that has to be written alone."""
    other = cursor.connection.cursor()
    with pipelined(run.dialect, cursor):
        run.hold.execute(cursor, _sender_pairs(group))
        run.made.execute(other, _pairs((one.sender.learner_id, one) for one in group))
        senders = _locked(run, run.hold.fetch(cursor))
        made = _counts_by_learner(run.made.fetch(other))
    held = {name: sign_in for name, (merged, sign_in) in senders.items() if merged is None}
    here = [one for one in group if one.is_plain and one.sender.learner_id in held]
    members = _learners_with_account(run, cursor, [(one.sender.learner_id, one) for one in here])
    found: dict[int, RecordedAnswer | Exception] = {}
    placed: dict[int, tuple[Prepared, Row]] = {}
    for one in here:
        learner_id = one.sender.learner_id
        try:
            if one.sender.sign_in_id not in (None, held[learner_id]):
                raise SignedOut
            new = _prepare_row(run, cursor, one, learner_id, made.get(learner_id, {}), members)
        except (SignedOut, Refused, AnswerError) as error:
            found[learner_id] = error
        else:
            placed |= {learner_id: new} if new else {}
    rows = [row for _, row in placed.values()]
    if rows:
        with pipelined(run.dialect, cursor):
            run.answer.run(cursor, rows)
            run.attempt.run(other, [_attempt(row) for row in rows])
        if cursor.rowcount != len(rows):
            raise DuplicateId
    for learner_id, (one, row) in placed.items():
        found[learner_id] = _to_recorded(one, row, made)
    return [found.get(one.sender.learner_id) for one in group]


def record_prepared(session: orm.Session, one: Prepared) -> RecordedAnswer:
    """Record one answer in the caller's transaction, waiting for its learner's row."""
    run = statements(session.get_bind().dialect)
    learner_id = learners.lock_learner(session, one.sender.learner_id)
    cursor = session.connection().connection.cursor()
    sign_in_id = one.sender.sign_in_id
    if sign_in_id is not None:
        pairs = json.dumps([(learner_id, sign_in_id)])
        held = _locked(run, run.hold.rows(cursor, {"pairs": pairs}))
        if held.get(learner_id) != (None, sign_in_id):
            raise SignedOut
    made = _counts_by_learner(run.made.rows(cursor, _pairs([(learner_id, one)])))
    counts = made.get(learner_id, {})
    if one.sent.instead and (instead := _replaced_question(session, learner_id, one, counts)):
        one = replace(one, shown={**(one.shown or {}), "instead": instead})
    members = _learners_with_account(run, cursor, [(learner_id, one)])
    new = _prepare_row(run, cursor, one, learner_id, counts, members)
    if new is None:
        return _already_recorded(session, learner_id, one, counts)
    one, row = new
    run.answer.run(cursor, [row])
    if cursor.rowcount != 1:
        return _already_recorded(session, learner_id, one, counts)
    run.attempt.run(cursor, [_attempt(row)])
    regrades: tuple[marks.Regrade, ...] = ()
    if not one.is_present:
        answer = Answer(**row)
        regrades = late_answers.apply_decisions(
            session, answer, one.question, one.sent.revision, answer.recorded_at
        )
    return _to_recorded(one, row, made, regrades)


def _already_recorded(
    session: orm.Session, learner_id: int, one: Prepared, counts: Counts
) -> RecordedAnswer:
    """Return what was recorded before under the id that was sent again."""
    mine = answers.question_tries(one.lesson, one.sent.question, counts)
    return replace(answers.load_answer(session, learner_id, one.sent.client_id), tries=mine)


def _pairs(group: Iterable[tuple[int, Prepared]]) -> dict[str, str]:
    pairs = [
        (learner_id, name)
        for learner_id, one in group
        for name in _questions_to_count(one.lesson, one.sent)
    ]
    return {"pairs": json.dumps(pairs)}


def _counts_by_learner(rows: Iterable[Sequence[Any]]) -> CountsByLearner:
    made: CountsByLearner = {}
    for (learner_id, name), count in answers.count_rows(rows).items():
        made.setdefault(learner_id, {})[name] = count
    return made


def _questions_to_count(lesson: Lesson, sent: Submission) -> list[str]:
    """Return the questions to count: this one, or the whole quiz for limited attempts and sisters."""
    counts = lesson.quiz is not None and lesson.quiz.rules.attempts is not None
    return [q.id for q in lesson.questions] if counts or sent.instead else [sent.question]


def _prepare_row(
    run: Statements,
    cursor: Any,
    one: Prepared,
    learner_id: int,
    counts: Counts,
    members: Collection[int],
) -> tuple[Prepared, Row] | None:
    """Return an answer and its new row; None if its id is stored already. Raises Refused and AnswerError."""
    count = counts.get(one.sent.question)
    if count and one.sent.client_id in count.ids:
        return None
    if one.needs_account and learner_id not in members:
        raise Refused(answers.ACCOUNT_REQUIRED, NEEDS_ACCOUNT)
    mine = answers.question_tries(one.lesson, one.sent.question, counts)
    if not mine.may_answer:
        raise _refusal(mine)
    number = count.total if count else 0
    if one.question.FOLLOWS_UP and number:
        one = _following_up(run, cursor, one, learner_id, number)
    return one, _row(one, learner_id, number + 1)


def _refusal(tries: Tries) -> Refused:
    if not tries.is_asked:
        return Refused(
            "not-asked", "This isn’t one of the questions you were given. Reload the page."
        )
    if tries.waits:
        return Refused("attempt-open", "Answer the other questions of this attempt first.")
    if tries.is_right:
        return Refused("no-attempts-left", "You’ve already answered this question correctly.")
    return Refused(
        "no-attempts-left", f"You’ve used all {tries.allowed} attempts at this question."
    )


def _following_up(
    run: Statements, cursor: Any, one: Prepared, learner_id: int, attempt: int
) -> Prepared:
    """Return an answer as read with the one before it, on which its form depends."""
    values = {"learner_id": learner_id, "question": one.sent.question, "attempt": attempt}
    ((before,),) = run.last.rows(cursor, values)
    given = one.question.read(one.sent.fields, before)
    return replace(one, given=given, marked=one.question.mark(given))


def _replaced_question(session: orm.Session, learner_id: int, one: Prepared, counts: Counts) -> str:
    """Return the missed question that this one replaces; "" if none, whatever the browser sent."""
    lesson, sent = one.lesson, one.sent
    pool = lesson.quiz.pool_of(sent.question) if lesson.quiz else None
    if pool is None or sent.instead not in pool.questions or sent.question in counts:
        return ""
    missed = answers.question_tries(lesson, sent.instead, counts)
    is_missed = missed.made > 0 and not missed.is_right and missed.allowed is None
    replaced = draws.load_selection(session, learner_id, lesson).replaced
    return sent.instead if is_missed and sent.instead not in replaced else ""


def _row(one: Prepared, learner_id: int, attempt: int) -> Row:
    """Return the row that an answer gets."""
    moment = now()
    sent = one.sent
    return {
        "learner_id": learner_id,
        "client_id": sent.client_id,
        "lesson": one.lesson.id,
        "attempt": attempt,
        "question": sent.question,
        "question_revision_id": one.revision_id,
        "given": one.given,
        "share": one.marked.share,
        "out_of": one.question.worth,
        "shown": one.shown,
        "seconds": _seconds(sent.seconds),
        "given_at": min(sent.given_at, moment) if sent.given_at else None,
        "recorded_at": moment,
        "marking": one.question.marked_by,
        "practice": False,
    }


def _seconds(seconds: float | None) -> float | None:
    """Return the seconds that a browser reported, within plausible limits; None if they are no number."""
    if seconds is None or not math.isfinite(seconds):
        return None
    return min(max(seconds, 0.0), MAX_SECONDS)


def _attempt(row: Row) -> dict[str, Any]:
    """Return the attempt that an answer belongs to, and opens if it is the first."""
    return {
        "learner_id": row["learner_id"],
        "lesson": row["lesson"],
        "number": row["attempt"],
        "started_at": row["recorded_at"],
    }


def _to_recorded(
    one: Prepared, row: Row, made: CountsByLearner, regrades: tuple[marks.Regrade, ...] = ()
) -> RecordedAnswer:
    """Return a stored answer as recorded, and how its question stands with it."""
    name, client_id = one.sent.question, one.sent.client_id
    share, out_of = row["share"], row["out_of"]
    counts = made.setdefault(row["learner_id"], {})
    mark = marks.effective_mark(share, out_of, regrades[-1] if regrades else None)
    counts.setdefault(name, answers.Count()).add(client_id, mark)
    return RecordedAnswer(
        client_id,
        one.question,
        row["given"],
        share,
        out_of,
        row["attempt"],
        row["recorded_at"],
        row["shown"],
        regrades,
        one.sent.revision,
        is_new=True,
        tries=answers.question_tries(one.lesson, name, counts),
        marked_now=one.marked,
    )
