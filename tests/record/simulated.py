"""Answers of simulated learners whose properties are known: a two-parameter logistic model."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy import orm

from course.content.course import Course, Lesson, Module, Place
from course.content.questions.base import Question
from course.content.questions.single import Single
from course.content.quiz import Quiz, Rules
from course.record.answering.tables import Answer, Attempt
from course.record.people.tables import Learner
from course.record.store.base import now

Table = np.ndarray[Any, np.dtype[np.float64]]


def item(name: str, key: int = 0, options: int = 3, **more: Any) -> Single:
    """A question whose option number *key*, counted from 0, is right."""
    listed = [{"text": f"{name} {n}", "correct": n == key} for n in range(options)]
    about = {"id": name, "type": "single", "objective": "any", "prompt": "?", "explanation": "!"}
    return Single.model_validate(about | {"options": listed} | more)


def course_of(*asked: Question, lesson: str = "basics/one") -> Course:
    """A course of one lesson that asks these questions."""
    places = {question.id: Place("", "") for question in asked}
    quiz = Quiz(Rules(), tuple(asked))
    url = f"{lesson}/"
    made = Lesson(lesson, "One", 1, url, f"{lesson}.md", {"any": "Do it"}, quiz, places)
    return Course("Simulated", "http://localhost/", (Module("Basics", (made,)),))


def right(rng: np.random.Generator, ability: Table, difficulty: float, slope: float) -> Table:
    """Which learners are right: the chance is 1 / (1 + exp(-slope * (ability - difficulty)))."""
    chance = 1 / (1 + np.exp(-slope * (ability - difficulty)))
    return (rng.random(len(ability)) < chance).astype(float)


def learners(session: orm.Session, count: int) -> list[int]:
    """Make guests and return their ids."""
    made = [Learner() for _ in range(count)]
    session.add_all(made)
    session.flush()
    return [learner.id for learner in made]


def give(
    session: orm.Session,
    who: Sequence[int],
    question: Question,
    row: int,
    given: Iterable[Any],
    *,
    seconds: Iterable[float | None] | None = None,
    attempt: int = 1,
    lesson: str = "basics/one",
) -> None:
    """Record an answer of each learner; *given* holds an option's position, fields, or None for no answer.

    The marks are those that the engine gives.
    """
    rows = []
    times = list(seconds) if seconds is not None else [None] * len(who)
    for learner, answer, time in zip(who, given, times, strict=True):
        if answer is None:
            continue
        if not isinstance(answer, dict):
            assert isinstance(question, Single)
            answer = {"choice": [question.options[int(answer)].key]}
        rows.append(
            {
                "learner_id": learner,
                "client_id": uuid.uuid4(),
                "lesson": lesson,
                "attempt": attempt,
                "question": question.id,
                "question_revision_id": row,
                "given": answer,
                "share": question.mark(answer).share,
                "out_of": question.worth,
                "seconds": time,
                "recorded_at": now(),
            }
        )
    this = sa.and_(Attempt.number == attempt, Attempt.lesson == lesson)
    begun = session.scalars(sa.select(Attempt.learner_id).where(this))
    known = set(begun)
    new = [one["learner_id"] for one in rows if one["learner_id"] not in known]
    if new:
        tries = [{"learner_id": name, "lesson": lesson, "number": attempt} for name in new]
        session.execute(sa.insert(Attempt), tries)
    session.execute(sa.insert(Answer), rows)
