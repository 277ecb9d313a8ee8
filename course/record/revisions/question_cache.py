"""A cache of published questions: loading one from its row takes longer than a query."""

import json
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from course.content import questions
from course.content.questions.base import Question
from course.record.revisions.tables import QuestionRevision
from course.record.store.statements import Query, names_column

MAX_QUESTIONS = 2_000
"""The limit of the cache: more than most courses ask, and some ten megabytes."""

_Key = tuple[str, str, str]
_cache: dict[_Key, Question] = {}
"""By id, revision and wording: equal keys mean equal text, so databases can share the cache."""


def _keys(dialect: str) -> Any:
    """Return what finds the ids, revisions and wordings of the rows whose numbers are *names*."""
    numbers = sa.select(sa.cast(names_column(dialect), sa.BigInteger))
    return sa.select(
        QuestionRevision.id,
        QuestionRevision.question,
        QuestionRevision.revision,
        QuestionRevision.wording,
    ).where(QuestionRevision.id.in_(numbers))


_KEYS = Query(_keys)


def load_questions(session: orm.Session, ids: Collection[int]) -> dict[int, tuple[str, Question]]:
    """Return the revision and the question of each row.

    Two queries, or one when all questions are cached.
    """
    rows = _KEYS.rows(session, names=json.dumps(sorted(set(ids))))
    keys: dict[int, _Key] = {row[0]: (row[1], row[2], row[3]) for row in rows}
    found = {row: _cache[key] for row, key in keys.items() if key in _cache}
    missing = [row for row in keys if row not in found]
    if missing:
        contents = session.execute(
            sa.select(QuestionRevision.id, QuestionRevision.content).where(
                QuestionRevision.id.in_(missing)
            )
        )
        found |= {row.id: questions.load(row.content) for row in contents}
        if len(_cache) + len(missing) > MAX_QUESTIONS:
            _cache.clear()
        _cache.update({keys[row]: found[row] for row in missing})
    return {row: (keys[row][1], question) for row, question in found.items()}
