"""A cache of published questions: loading one from its row takes longer than a query."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import orm

from course.content import questions
from course.content.questions.base import Question
from course.record.revisions.tables import QuestionRevision

MAX_QUESTIONS = 2_000
"""The limit of the cache: more than most courses ask, and some ten megabytes."""

_Key = tuple[str, str, str]
_cache: dict[_Key, Question] = {}
"""By id, revision and wording: equal keys mean equal text, so databases can share the cache."""


def load_questions(session: orm.Session, ids: Collection[int]) -> dict[int, tuple[str, Question]]:
    """Return the revision and the question of each row.

    Two queries, or one when all questions are cached.
    """
    rows = session.execute(
        sa.select(
            QuestionRevision.id,
            QuestionRevision.question,
            QuestionRevision.revision,
            QuestionRevision.wording,
        ).where(QuestionRevision.id.in_(sorted(set(ids))))
    )
    keys: dict[int, _Key] = {row.id: (row.question, row.revision, row.wording) for row in rows}
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
