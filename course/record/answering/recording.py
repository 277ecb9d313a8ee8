"""Recording answers: checked, marked, stored in groups, and acknowledged when they are on the disk.

Whoever brings an answer prepares it alone (`preparing`): which question it is about, what it is worth. Then
it stands in line. One thread writes for all who stand there, in one transaction, and then for all who came
meanwhile. So a commit, which is what costs most, is shared by as many answers as arrived during the one
before.

What holds always:
- There is an outcome when the answer is on the disk, or an error; nothing is acknowledged before.
- An answer is known by learner and client id. Sent again, it is recognised, and the mark first given is
  returned; the database's own key makes sure of it.
- A learner's answers to one question are numbered 1, 2, 3 ... without gaps: number n belongs to attempt n.
  A transaction holds the rows of its learners, and one learner has one answer in it at most, so two tabs
  cannot take the same number.
- Nothing is marked with another revision's key than the one the learner saw. What was decided since about
  that revision is applied at once to an answer that arrives late, as a mark given anew beside its own.
- A sign-in that has ended records nothing, however lately it was seen to be good: a transaction looks.
- A group that fails is undone whole, and each of its answers is tried alone: none fails for another's sake.
- A group waits for nobody's row, so no two groups wait for each other: what is held elsewhere goes alone,
  beside the line.
- The line is bounded. Who finds it full is told at once, and nothing of theirs is stored.
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
from course.record.answering.answers import Counts, Recorded, Refused, Submission, Tries
from course.record.answering.preparing import Prepared, Sender, prepare
from course.record.answering.tables import Answer
from course.record.people import learners
from course.record.people.tables import Account, Learner, SignIn
from course.record.publishing import late_answers, marks
from course.record.revisions import registration
from course.record.revisions.registration import Published
from course.record.store.base import Base, now
from course.record.store.database import Database
from course.record.store.statements import Insert, Statement, at_once
from course.record.store.unavailable import is_unavailable

LONGEST = 3600.0
"""Seconds; who has a question in view for longer has left it."""

GROUP = 64
"""How many answers are written in one transaction at most."""

ALONE = 4
"""How many answers are written at once that cannot go with a group; each may wait for a row."""

LINE = 256
"""How many answers may stand in line, unless a setting says otherwise."""


NEEDS_ACCOUNT = "This quiz needs an account. Sign in or create one, then answer again."


class Busy(Exception):
    """The line is full: nothing was stored, and to try again in a moment is safe."""


class SignedOut(Exception):
    """The sign-in that an answer came with has ended."""


@dataclass(frozen=True)
class _InLine:
    """An answer in line, and where its outcome goes."""

    prepared: Prepared
    outcome: Future[Recorded] = field(default_factory=Future)


class Recorder:
    """Records answers in one database; one for each process, used by all its threads."""

    def __init__(self, database: Database, limit: int = LINE) -> None:
        self.database = database
        self.limit = limit
        self._run = statements(database.engine.dialect)
        self._line: list[_InLine] = []
        self._writes = False
        self._lock = threading.Lock()
        self._writer = ThreadPoolExecutor(1, "recorder")
        self._others = ThreadPoolExecutor(ALONE, "recorder-alone")

    @property
    def is_full(self) -> bool:
        """Whether nobody else may stand in line just now."""
        return len(self._line) >= self.limit

    def record(self, published: Published, sender: Sender, sent: Submission) -> Recorded:
        """Store an answer, or return the one stored under the same id before.

        Raises AnswerError when the fields are no answer; Refused with the codes "unknown-question",
        "unknown-revision", "unknown-variant", "not-asked", "no-attempts-left", "attempt-open" and
        "account-required";
        learners.Erased, SignedOut, and Busy.
        """
        return self.begin(self.prepare(published, sender, sent)).result()

    def prepare(self, published: Published, sender: Sender, sent: Submission) -> Prepared:
        """Read and mark an answer without storing it; raises AnswerError and Refused as `record` does."""
        return prepare(published, sender, sent, self._look_up)

    def begin(self, prepared: Prepared) -> Future[Recorded]:
        """Put an answer in line. The outcome comes when it is on the disk; raises Busy."""
        mine = _InLine(prepared)
        with self._lock:
            if self.is_full:
                raise Busy
            self._line.append(mine)
            writes, self._writes = self._writes, True
        if not writes:
            self._writer.submit(self._write)
        return mine.outcome

    def _look_up(self, question: str, revision: str) -> tuple[int, Question] | None:
        with self.database.read() as session:
            return registration.revision(session, question, revision)

    def _write(self) -> None:
        """Write for those in line, group by group, until nobody stands there."""
        while group := self._step_forward():
            for one, outcome in zip(group, self._together(group), strict=True):
                if outcome is None:
                    self._others.submit(self._alone, one)
                else:
                    _tell(one, outcome)

    def _step_forward(self) -> list[_InLine]:
        """Take from the line, in its order, one answer of each learner."""
        taken: dict[int, _InLine] = {}
        with self._lock:
            rest = []
            for one in self._line:
                learner_id = one.prepared.sender.learner_id
                if learner_id in taken or len(taken) == GROUP:
                    rest.append(one)
                elif one.outcome.set_running_or_notify_cancel():
                    taken[learner_id] = one
            self._line = rest
            self._writes = bool(taken)
        return list(taken.values())

    def _together(self, group: Sequence[_InLine]) -> Sequence[Recorded | Exception | None]:
        """Return the outcome for each of *group*, stored in one transaction; None for who has to go alone."""
        prepared = [one.prepared for one in group]
        try:
            try:
                return self._recorded(prepared)
            except OperationalError as error:
                if not error.connection_invalidated:
                    raise
            # The server may have been restarted since. If it had stored them all the same, ids tell.
            return self._recorded(prepared)
        except Exception as error:
            if is_unavailable(error):
                return [error] * len(group)  # no use in asking the database for each
            # Whoever's fault it is, the others shall not pay for it.
            return [None] * len(group)

    def _recorded(self, group: Sequence[Prepared]) -> Sequence[Recorded | Exception | None]:
        with self.database.cursor() as cursor:
            return _recorded(self._run, cursor, group)

    def _alone(self, one: _InLine) -> None:
        try:
            with self.database.write() as session:
                outcome: Recorded | Exception = record_prepared(session, one.prepared)
        except Exception as error:  # handed to whom it concerns
            outcome = error
        _tell(one, outcome)


def _tell(one: _InLine, outcome: Recorded | Exception) -> None:
    if isinstance(outcome, Exception):
        one.outcome.set_exception(outcome)
    else:
        one.outcome.set_result(outcome)


def record(
    session: orm.Session, published: Published, learner_id: int, sent: Submission
) -> Recorded:
    """Record one answer within the caller's transaction; raises as `Recorder.record` does."""

    def look_up(question: str, revision: str) -> tuple[int, Question] | None:
        return registration.revision(session, question, revision)

    return record_prepared(session, prepare(published, Sender(learner_id), sent, look_up))


class Taken(Exception):
    """An id that the record holds under another question."""


Row = dict[str, Any]
"""A row of `Answer`."""


Made = dict[int, dict[str, answers.Count]]
"""What was answered before, by learner and question, as far as it decides what may be answered now."""


class Statements:
    """What is run for every group, ready for a database."""

    def __init__(self, dialect: sa.Dialect) -> None:
        self.dialect = dialect
        self.is_sqlite = dialect.name == "sqlite"
        tables = Base.metadata.tables
        self.hold = Statement(_hold(dialect), dialect)
        self.made = Statement(answers.answers_of(dialect.name), dialect)
        self.last = Statement(_LAST, dialect)
        self.accounts = Statement(_accounts(dialect), dialect)
        self.answer = Insert(tables["answer"], ["learner_id", "client_id"], dialect)
        self.attempt = Insert(tables["attempt"], ["learner_id", "lesson", "number"], dialect)


_LAST = sa.select(Answer.given).where(
    Answer.learner_id == sa.bindparam("learner_id"),
    Answer.question == sa.bindparam("question"),
    Answer.attempt == sa.bindparam("attempt"),
)

statements = functools.lru_cache(maxsize=8)(Statements)


def _hold(dialect: sa.Dialect) -> Any:
    """Return what holds the rows of learners, for *pairs* of a learner and a sign-in.

    It finds each with whom it was merged into, and the sign-in, if that has not ended. Who is held elsewhere
    or was erased is left out.
    """
    pair, learner_id, sign_in_id, _ = answers.pairs_on(dialect.name)
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


def _accounts(dialect: sa.Dialect) -> Any:
    """Return what finds those of *pairs* of a learner and anything who have an account."""
    pair, learner_id, _, _ = answers.pairs_on(dialect.name)
    is_theirs = Account.learner_id == learner_id
    return sa.select(Account.learner_id).select_from(sa.join(pair, Account, is_theirs))


def _with_account(
    run: Statements, cursor: Any, group: Iterable[tuple[int, Prepared]]
) -> Collection[int]:
    """Return the learners with an account, of those whose answers need one."""
    pairs = [(learner_id, 0) for learner_id, one in group if one.needs_account]
    if not pairs:
        return ()
    return {row[0] for row in run.accounts.rows(cursor, {"pairs": json.dumps(pairs)})}


def _senders(group: Iterable[Prepared]) -> dict[str, str]:
    pairs = [(one.sender.learner_id, one.sender.sign_in_id or 0) for one in group]
    return {"pairs": json.dumps(pairs)}


def _held(run: Statements, rows: Sequence[Any]) -> dict[int, tuple[int | None, int | None]]:
    """Return by learner whom it was merged into, and its good sign-in, from what `hold` found."""
    if run.is_sqlite:
        rows = json.loads(rows[0][0])
    return {row[0]: (row[1], row[2]) for row in rows}


def _recorded(
    run: Statements, cursor: Any, group: Sequence[Prepared]
) -> list[Recorded | Exception | None]:
    """Record what can be recorded together; None stands for an answer that has to go alone."""
    other = cursor.connection.cursor()
    with at_once(run.dialect, cursor):
        run.hold.begin(cursor, _senders(group))
        run.made.begin(other, _asked((one.sender.learner_id, one) for one in group))
        senders = _held(run, run.hold.fetched(cursor))
        made = _made(run.made.fetched(other))
    held = {name: sign_in for name, (merged, sign_in) in senders.items() if merged is None}
    here = [one for one in group if one.is_plain and one.sender.learner_id in held]
    members = _with_account(run, cursor, [(one.sender.learner_id, one) for one in here])
    found: dict[int, Recorded | Exception] = {}
    placed: dict[int, tuple[Prepared, Row]] = {}
    for one in here:
        learner_id = one.sender.learner_id
        try:
            if one.sender.sign_in_id not in (None, held[learner_id]):
                raise SignedOut
            new = _placed(run, cursor, one, learner_id, made.get(learner_id, {}), members)
        except (SignedOut, Refused, AnswerError) as error:
            found[learner_id] = error
        else:
            placed |= {learner_id: new} if new else {}
    rows = [row for _, row in placed.values()]
    if rows:
        with at_once(run.dialect, cursor):
            run.answer.run(cursor, rows)
            run.attempt.run(other, [_attempt(row) for row in rows])
        if cursor.rowcount != len(rows):
            raise Taken
    for learner_id, (one, row) in placed.items():
        found[learner_id] = _finished(one, row, made)
    return [found.get(one.sender.learner_id) for one in group]


def record_prepared(session: orm.Session, one: Prepared) -> Recorded:
    """Record one answer in the caller's transaction, waiting for its learner's row."""
    run = statements(session.get_bind().dialect)
    learner_id = learners.holding(session, one.sender.learner_id)
    cursor = session.connection().connection.cursor()
    sign_in_id = one.sender.sign_in_id
    if sign_in_id is not None:
        pairs = json.dumps([(learner_id, sign_in_id)])
        held = _held(run, run.hold.rows(cursor, {"pairs": pairs}))
        if held.get(learner_id) != (None, sign_in_id):
            raise SignedOut
    made = _made(run.made.rows(cursor, _asked([(learner_id, one)])))
    counts = made.get(learner_id, {})
    if one.sent.instead and (instead := _instead(session, learner_id, one, counts)):
        one = replace(one, shown={**(one.shown or {}), "instead": instead})
    members = _with_account(run, cursor, [(learner_id, one)])
    new = _placed(run, cursor, one, learner_id, counts, members)
    if new is None:
        return _again(session, learner_id, one, counts)
    one, row = new
    run.answer.run(cursor, [row])
    if cursor.rowcount != 1:
        return _again(session, learner_id, one, counts)
    run.attempt.run(cursor, [_attempt(row)])
    anew: tuple[marks.Regrade, ...] = ()
    if not one.is_present:
        answer = Answer(**row)
        anew = late_answers.apply_decisions(
            session, answer, one.question, one.sent.revision, answer.recorded_at
        )
    return _finished(one, row, made, anew)


def _again(session: orm.Session, learner_id: int, one: Prepared, counts: Counts) -> Recorded:
    """Return what was recorded before under the id that was sent again."""
    mine = answers.tries(one.lesson, one.sent.question, counts)
    return replace(answers.stored(session, learner_id, one.sent.client_id), tries=mine)


def _asked(group: Iterable[tuple[int, Prepared]]) -> dict[str, str]:
    pairs = [
        (learner_id, name) for learner_id, one in group for name in _deciding(one.lesson, one.sent)
    ]
    return {"pairs": json.dumps(pairs)}


def _made(rows: Iterable[Sequence[Any]]) -> Made:
    made: Made = {}
    for (learner_id, name), count in answers.counted(rows).items():
        made.setdefault(learner_id, {})[name] = count
    return made


def _deciding(lesson: Lesson, sent: Submission) -> list[str]:
    """Return the questions whose answers decide: this one, or all of a quiz that counts or gives sisters."""
    counts = lesson.quiz is not None and lesson.quiz.rules.attempts is not None
    return [q.id for q in lesson.questions] if counts or sent.instead else [sent.question]


def _placed(
    run: Statements,
    cursor: Any,
    one: Prepared,
    learner_id: int,
    counts: Counts,
    members: Collection[int],
) -> tuple[Prepared, Row] | None:
    """Return an answer and its row; None where its id is there already. Raises Refused and AnswerError."""
    count = counts.get(one.sent.question)
    if count and one.sent.client_id in count.ids:
        return None
    if one.needs_account and learner_id not in members:
        raise Refused(answers.ACCOUNT_REQUIRED, NEEDS_ACCOUNT)
    mine = answers.tries(one.lesson, one.sent.question, counts)
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


def _instead(session: orm.Session, learner_id: int, one: Prepared, counts: Counts) -> str:
    """Return which missed question this one replaces; "" where it replaces none, whatever was sent."""
    lesson, sent = one.lesson, one.sent
    pool = lesson.quiz.pool_of(sent.question) if lesson.quiz else None
    if pool is None or sent.instead not in pool.questions or sent.question in counts:
        return ""
    missed = answers.tries(lesson, sent.instead, counts)
    is_missed = missed.made > 0 and not missed.is_right and missed.allowed is None
    replaced = draws.hand(session, learner_id, lesson).replaced
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
    """Return how long a question was in view, as far as what a browser says can be so."""
    if seconds is None or not math.isfinite(seconds):
        return None
    return min(max(seconds, 0.0), LONGEST)


def _attempt(row: Row) -> dict[str, Any]:
    """Return the attempt that an answer belongs to, and opens if it is the first."""
    return {
        "learner_id": row["learner_id"],
        "lesson": row["lesson"],
        "number": row["attempt"],
        "started_at": row["recorded_at"],
    }


def _finished(
    one: Prepared, row: Row, made: Made, anew: tuple[marks.Regrade, ...] = ()
) -> Recorded:
    """Return a stored answer as recorded, and how its question stands with it."""
    name, client_id = one.sent.question, one.sent.client_id
    share, out_of = row["share"], row["out_of"]
    counts = made.setdefault(row["learner_id"], {})
    mark = marks.effective_mark(share, out_of, anew[-1] if anew else None)
    counts.setdefault(name, answers.Count()).add(client_id, mark)
    return Recorded(
        client_id,
        one.question,
        row["given"],
        share,
        out_of,
        row["attempt"],
        row["recorded_at"],
        row["shown"],
        anew,
        one.sent.revision,
        is_new=True,
        tries=answers.tries(one.lesson, name, counts),
        marked_now=one.marked,
    )
