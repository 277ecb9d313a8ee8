"""JSON Schemas of what trainers write, made from the models that read it, for editors and other tools."""

import functools
import operator
from typing import Annotated, Any

import pydantic
from pydantic import Field

from course.content import glossary, questions
from course.content.lesson import LessonMeta
from course.content.plan import Plan
from course.content.quiz import File

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def quiz_schema() -> dict[str, Any]:
    """Return the schema of a quiz file. What only a whole course shows to be wrong is not in it."""
    kinds: Any = functools.reduce(operator.or_, questions.TYPES.values())
    question = Annotated[kinds, Field(discriminator="type")]
    listed = Field(min_length=1, description="The questions, in any order; the lesson places them.")
    file = pydantic.create_model("Quiz", __base__=File, questions=(list[question], listed))
    return _schema(file, "Quiz", "How a quiz is taken, and its questions.")


def lesson_schema() -> dict[str, Any]:
    """Return the schema of a lesson's front matter."""
    return _schema(LessonMeta, "Lesson", "The front matter of a lesson.")


def plan_schema() -> dict[str, Any]:
    """Return the schema of a plan page."""
    return _schema(Plan, "Plan page", "A page of the learner's own plan.")


def glossary_schema() -> dict[str, Any]:
    """Return the schema of a glossary."""
    return _schema(glossary.File, "Glossary", "The words that a course explains.")


def _schema(model: type[pydantic.BaseModel], title: str, description: str) -> dict[str, Any]:
    made = _closed(model.model_json_schema())
    return {"$schema": DRAFT, **made, "title": title, "description": description}


def _closed(part: Any) -> Any:
    """Return *part* of a schema, refusing keys that its own patterns for keys leave open."""
    if isinstance(part, list):
        return [_closed(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    closed = {key: _closed(inner) for key, inner in part.items()}
    return {**closed, "additionalProperties": False} if "patternProperties" in part else closed
