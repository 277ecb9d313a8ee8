"""Answers as learners send them, by chance: right and wrong, of every type of question."""

import json
import random
from collections.abc import Iterator

from course.content.course import Course
from course.content.questions.base import Control, Entry, Given, Question, Rows


def bodies(course: Course) -> Iterator[str]:
    """Yield what a client sends, "@" for its id: four answers to every question.

    They follow the order of the course, again and again.
    """
    chance = random.Random("answers")
    for _ in range(4):
        for name, (_, question) in course.asked.items():
            filled = given(question, chance)
            body = {"id": "@", "question": name, "revision": question.revision, "given": filled}
            yield json.dumps(body)


def given(question: Question, chance: random.Random) -> Given:
    """Return an answer that the service takes, right or wrong as it comes."""
    fields: Given = {}
    for control in question.form():
        fields.update(_filled(control, chance))
    return fields


def _filled(control: Control, chance: random.Random) -> Given:
    if isinstance(control, Entry):
        number = control.style == "number"
        return {control.name: [str(chance.randrange(1_000)) if number else "some words"]}
    options = [option.key for option in control.options]
    if isinstance(control, Rows):
        picked = chance.sample(options, k=len(control.rows))
        return {row.key: [key] for row, key in zip(control.rows, picked, strict=True)}
    return {control.name: chance.sample(options, k=2 if control.many else 1)}
