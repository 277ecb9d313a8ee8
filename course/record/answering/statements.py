"""The statements that record answers, compiled once for each kind of database."""

import functools
import json
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from course.record.answering import answers
from course.record.answering.tables import Answer
from course.record.people.tables import Account, Learner, SignIn
from course.record.progress import learner_answers
from course.record.store.base import Base
from course.record.store.statements import Insert, Statement


class Statements:
    """The statements that run for every batch, compiled for a database."""

    def __init__(self, dialect: sa.Dialect) -> None:
        self.dialect = dialect
        self.is_sqlite = dialect.name == "sqlite"
        tables = Base.metadata.tables
        self.lock = Statement(_lock_learners_query(dialect), dialect)
        self.counts = Statement(answers.answers_query(dialect.name), dialect)
        self.previous = Statement(_PREVIOUS_ANSWER, dialect)
        self.accounts = Statement(_accounts_query(dialect), dialect)
        self.visits = Statement(learner_answers.visits_of_many(dialect.name), dialect)
        self.lesson_answers = Statement(learner_answers.answers_of_many(dialect.name), dialect)
        self.answer = Insert(tables["answer"], ["learner_id", "client_id"], dialect)
        self.attempt = Insert(tables["attempt"], ["learner_id", "lesson", "number"], dialect)

    def locked(self, rows: Sequence[Any]) -> dict[int, tuple[int | None, int | None]]:
        """Return for each learner in the result of `lock`: merged into whom, and the valid sign-in."""
        if self.is_sqlite:
            rows = json.loads(rows[0][0])
        return {row[0]: (row[1], row[2]) for row in rows}

    def learners_with_account(self, cursor: Any, learner_ids: Iterable[int]) -> set[int]:
        """Return those of some learners who have an account."""
        pairs = [(learner_id, 0) for learner_id in learner_ids]
        return {row[0] for row in self.accounts.rows(cursor, as_pairs(pairs))} if pairs else set()


statements = functools.lru_cache(maxsize=8)(Statements)


def as_pairs(pairs: Sequence[tuple[Any, ...]]) -> dict[str, str]:
    """Return the parameter of statements that take *pairs*: see `answers.pairs_table`."""
    return {"pairs": json.dumps(pairs)}


_PREVIOUS_ANSWER = sa.select(Answer.given).where(
    Answer.learner_id == sa.bindparam("learner_id"),
    Answer.question == sa.bindparam("question"),
    Answer.attempt == sa.bindparam("attempt"),
)


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
