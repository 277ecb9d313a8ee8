"""A question's way out to a file and back in, as the commands take it."""

from pathlib import Path

from course.content import questions, source
from course.content.questions.base import Question
from course.formats import files, placing
from course.formats.items import ExportedQuestion, Item, Outcome


def exported(question: Question, kind: str, root: Path = Path()) -> tuple[bytes | None, Outcome]:
    """Return the file that *question* makes, and what became of it."""
    asked = ExportedQuestion(question, "basics/one", "One / two", root / "basics/one")
    content, (outcome,) = files.write(kind, [asked], root)
    return content, outcome


def imported(content: bytes, name: str = "file") -> list[Item]:
    """Return the items of a file, each settled as an import settles it."""
    items = files.read(content, name)
    taken: set[str] = set()
    for item in items:
        if not item.refused:
            data = placing._settled(item, taken, {}, fixed=False, source_name=name)
            if placing._is_sound(item, data):
                item.data = data
                taken.add(data["id"])
    return items


def question_of(item: Item) -> Question:
    """Return the question that a course reads from the quiz which an item becomes."""
    document = source.parse_yaml("quiz.yml", placing._quiz([item.data], "quiz.yml").decode())
    assert document.problems == []
    (data,) = document.data["questions"]
    return questions.TYPES[data["type"]].model_validate(data)
