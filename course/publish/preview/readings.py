"""Files as they are, and where something in them is wrong, with what was last right in its place."""

import dataclasses
from pathlib import Path

from course.content.quiz import QuizFile
from course.publish.cache import Cache
from course.publish.reading import Read, Readings


class LastGood(Readings):
    """Reads a file that is broken as it was before, so that its page still shows; its problems stay."""

    def __init__(self, root: Path, cache: Cache) -> None:
        super().__init__(root, cache)
        self._good: dict[tuple[str, Path], Read] = {}

    def _get(self, kind: str, path: Path) -> Read:
        found, problems = super()._get(kind, path)
        before = self._good.get((kind, path), (None, []))[0]
        if found is None:
            return before, problems
        if isinstance(found, QuizFile) and isinstance(before, QuizFile) and found.broken_names:
            found = _with_last_good(found, before)
        self._good[kind, path] = found, []
        return found, problems


def _with_last_good(found: QuizFile, before: QuizFile) -> QuizFile:
    """Return *found* with the questions that are broken now as they were *before*."""
    asked = {question.id: question for question in found.quiz.questions}
    for question in before.quiz.questions:
        if question.id in found.broken_names:
            asked.setdefault(question.id, question)
    places = {**before.places, **found.places}
    in_order = sorted(asked.values(), key=lambda question: places[question.id])
    return dataclasses.replace(
        found,
        quiz=dataclasses.replace(found.quiz, questions=tuple(in_order)),
        places=places,
        broken_names=found.broken_names - set(asked),
    )
