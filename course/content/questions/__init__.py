"""The question types, one module each. A new type is a new module here; nothing else lists them."""

import importlib
import pkgutil
from typing import Any

from course.content.questions.base import Question


def _types() -> dict[str, type[Question]]:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return {kind.TYPE: kind for kind in sorted(Question.__subclasses__(), key=lambda k: k.TYPE)}


TYPES = _types()
"""Every question type by the name that trainers write."""


def load(data: dict[str, Any]) -> Question:
    """Return the question that `Question.dump` made *data* of; raises KeyError for a type unknown here."""
    return TYPES[data["type"]].model_validate(data, strict=False)
