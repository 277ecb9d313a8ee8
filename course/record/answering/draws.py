"""A learner's selection from pools of questions: the seed, what was answered, what a sister replaced."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from course.content import variety
from course.content.course import Lesson
from course.record.answering.tables import Answer
from course.record.people.tables import Learner
from course.record.store.statements import Query, Source

INSTEAD = Answer.shown["instead"].as_string()
"""Of an answer to a sister question: the question that was missed before."""


@dataclass(frozen=True)
class Selection:
    """What decides which questions of a lesson stand before a learner."""

    seed: str = ""
    answered: tuple[str, ...] = ()
    """The questions with an answer, the first answered first."""
    replaced: frozenset[str] = frozenset()
    """Those that were missed and have a sister with an answer."""

    def asked(self, lesson: Lesson) -> list[str]:
        """Return the questions that the learner is asked, in the order of the page."""
        left_out = {name for pool in lesson.pools for name in pool.questions}
        for pool in lesson.pools:
            left_out -= set(variety.drawn(pool, self.seed, self.answered, self.replaced))
        return [question.id for question in lesson.questions if question.id not in left_out]

    def sisters(self, lesson: Lesson, missed: Collection[str]) -> Mapping[str, str]:
        """Return for each question in *missed* the one to try instead, where its pool has one left."""
        found: dict[str, str] = {}
        for pool in lesson.pools:
            used = set(self.answered)
            for name in self.answered:
                if name in pool.questions and name in missed and name not in self.replaced:
                    sister = variety.sister(pool, self.seed, used, self.replaced)
                    if sister is not None:
                        found[name] = sister
                        used.add(sister)
        return found


EMPTY_SELECTION = Selection()
"""Of someone who has not begun."""


_SEED = Query(sa.select(Learner.seed).where(Learner.id == sa.bindparam("learner_id")))


def learner_seed(source: Source, learner_id: int) -> str:
    """Return a learner's seed; "" for nobody."""
    rows = _SEED.rows(source, learner_id=learner_id)
    return str(rows[0][0]) if rows else ""


def load_selection(session: orm.Session, learner_id: int, lesson: Lesson) -> Selection:
    """Return a learner's selection in *lesson*."""
    seed = learner_seed(session, learner_id)
    names = [name for pool in lesson.pools for name in pool.questions]
    if not names:
        return Selection(seed)
    rows = session.execute(
        sa.select(Answer.question, INSTEAD)
        .where(Answer.learner_id == learner_id, Answer.question.in_(names))
        .order_by(Answer.recorded_at, Answer.attempt)
    )
    return from_answers(seed, ((row[0], row[1]) for row in rows))


def from_answers(seed: str, given: Iterable[tuple[str, str | None]]) -> Selection:
    """Return the selection that follows from answers, oldest first: each question, and what it replaced."""
    listed = list(given)
    answered = tuple(dict.fromkeys(question for question, _ in listed))
    return Selection(seed, answered, frozenset(instead for _, instead in listed if instead))
