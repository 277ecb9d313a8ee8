"""Filling in the forms of the small course's questions: right and wrong answers of each type."""

import uuid
from typing import Any

from course.content.course import Course
from course.content.questions.base import Given, option_key


def choice(*texts: str) -> Given:
    return {"choice": [option_key(text) for text in texts]}


def ranks(*texts: str) -> Given:
    return {f"item.{option_key(text)}": [str(place)] for place, text in enumerate(texts, 1)}


def pairs(**matches: str) -> Given:
    return {f"pair.{option_key(left)}": [option_key(right)] for left, right in matches.items()}


RIGHT: dict[str, Given] = {
    "pick": choice("Right"),
    "tick": choice("2", "4"),
    "share": {"number": ["1,73"]},
    "fill": {"gap.colour": ["Blue"], "gap.plant": [" tree "]},
    "sort": ranks("one", "too", "two", "four"),
    "pair": pairs(dog="barks", cat="mews"),
    "write": {"text": ["Because."]},
    "ask": choice("Tea"),
}
WRONG: dict[str, Given] = {
    "pick": choice("Left"),
    "tick": choice("2", "5"),
    "share": {"number": ["5.2"]},
    "fill": {"gap.colour": ["green"], "gap.plant": ["bush"]},
    "sort": ranks("four", "two", "too", "one"),
    "pair": pairs(dog="sings", cat="barks"),
}


def submission(course: Course, question: str, given: Given, **more: Any) -> dict[str, Any]:
    """Return the body of an answer to the API."""
    revision = course.asked[question][1].revision
    return {
        "id": str(uuid.uuid4()),
        "question": question,
        "revision": revision,
        "given": given,
    } | more
