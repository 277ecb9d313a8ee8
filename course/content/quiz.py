"""Quizzes: one YAML file beside each lesson that asks something."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator

from course.content import questions, source
from course.content.model import Fault, Strict, slug, validated
from course.content.problems import Problem, did_you_mean
from course.content.questions.base import Question


def _share(value: Any) -> float:
    if isinstance(value, str) and re.fullmatch(r"\s*\d+(\.\d+)?\s*%\s*", value):
        share = float(value.strip().rstrip("% ")) / 100
    elif isinstance(value, float) or (value in (0, 1) and not isinstance(value, bool)):
        share = float(value)
    else:
        raise ValueError("must be a share of the points such as 80%")
    if not 0 <= share <= 1:
        raise ValueError("must lie between 0% and 100%")
    return share


class Rules(Strict):
    """How a quiz is taken; the file's keys beside its questions."""

    pass_mark: Annotated[float, PlainValidator(_share, json_schema_input_type=str | float)] = 0.8
    mode: Literal["practice", "graded"] = "practice"
    attempts: Annotated[int, Field(ge=1, le=100)] | None = None

    def faults(self) -> Iterator[Fault]:
        if self.mode == "graded" and self.attempts is None:
            yield Fault(("mode",), "a graded quiz needs a number of attempts", "add 'attempts: 2'")
        if self.mode == "practice" and self.attempts is not None:
            yield Fault(
                ("attempts",),
                "practice has no limit of attempts",
                "remove it, or use 'mode: graded'",
            )


@dataclass(frozen=True)
class Quiz:
    """What a lesson asks, and by which rules it is passed."""

    rules: Rules
    questions: tuple[Question, ...]

    @property
    def scored(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.worth)

    def named(self, name: str) -> tuple[Question, ...]:
        """Return the questions that *name* stands for: one's id, a group or an objective."""
        for matches in (
            [question for question in self.questions if question.id == name],
            [question for question in self.questions if question.group == name],
            [question for question in self.questions if question.objective == name],
        ):
            if matches:
                return tuple(matches)
        return ()

    def names(self) -> set[str]:
        """Return every name that a quiz block can use."""
        ids = {question.id for question in self.questions}
        groups = {question.group for question in self.questions if question.group}
        return ids | groups | {question.objective for question in self.questions}


@dataclass(frozen=True)
class QuizFile:
    """A quiz as read, with the document that knows where each question stands."""

    quiz: Quiz
    document: source.Document
    places: dict[str, int]
    """The position of each question in the file, by id."""

    def at(self, question: Question, field: str, message: str, hint: str = "") -> Problem:
        steps = ("questions", self.places[question.id], field)
        return self.document.at(steps, f"questions.{question.id}.{field}: {message}", hint)


def read(root: Path, path: Path) -> tuple[QuizFile | None, list[Problem]]:
    """Return the quiz in *path* and all its problems; None where nothing of it can be used."""
    name = path.relative_to(root).as_posix()
    try:
        document = source.parse_yaml(name, source.read_text(root, path))
    except source.Unreadable as error:
        return None, [error.problem]

    data = document.data
    if not isinstance(data, dict):
        kind = source.describe(data)
        hint = "start with 'questions:' and indent each question under it"
        return None, [Problem(name, 1, 1, f"a quiz must be a group of keys, not {kind}", hint)]

    problems = list(document.problems)
    rules, found = _rules(document, data)
    problems += found
    asked, found = _questions(document, data)
    problems += found

    quiz = Quiz(rules, tuple(question for question, _ in asked))
    places = {question.id: position for question, position in asked}
    return QuizFile(quiz, document, places), problems


def _rules(document: source.Document, data: dict[str, Any]) -> tuple[Rules, list[Problem]]:
    problems = []
    known = [*Rules.model_fields, "questions"]
    for key in data:
        if key not in known:
            problems.append(document.at((key,), f"{key}: unknown key", did_you_mean(key, known)))
    given = {key: value for key, value in data.items() if key in Rules.model_fields}
    rules, found = validated(Rules, given, document, (), "quiz")
    if rules is None:
        return Rules(), problems + found
    problems += [document.at(f.steps, f"{f.steps[0]}: {f.message}", f.hint) for f in rules.faults()]
    return rules, problems


def _questions(
    document: source.Document, data: dict[str, Any]
) -> tuple[list[tuple[Question, int]], list[Problem]]:
    listed = data.get("questions")
    if not isinstance(listed, list) or not listed:
        what = (
            "missing"
            if "questions" not in data
            else f"must be a list, not {source.describe(listed)}"
        )
        if listed == []:
            what = "is empty"
        hint = "begin each question with '- id:'"
        return [], [document.at(("questions",), f"questions: {what}", hint)]
    asked: list[tuple[Question, int]] = []
    problems = []
    seen: set[str] = set()
    for position, entry in enumerate(listed):
        question, found = _question(document, entry, position)
        problems += found
        if question is None:
            continue
        if question.id in seen:
            steps = ("questions", position, "id")
            problems.append(
                document.at(
                    steps,
                    f"questions.{question.id}.id: used twice in this quiz",
                    "give each question its own",
                )
            )
            continue
        seen.add(question.id)
        asked.append((question, position))
    return asked, problems


def _question(
    document: source.Document, entry: Any, position: int
) -> tuple[Question | None, list[Problem]]:
    steps = ("questions", position)
    label = f"questions.{position + 1}"
    if not isinstance(entry, dict):
        message = f"{label}: must be a group of keys, not {source.describe(entry)}"
        return None, [
            document.at(steps, message, "write 'id:', 'type:', 'prompt:' below each other")
        ]
    if isinstance(entry.get("id"), str):
        label = f"questions.{entry['id']}"
    kind = entry.get("type")
    if not isinstance(kind, str) or kind not in questions.TYPES:
        known = ", ".join(questions.TYPES)
        if kind is None:
            return None, [document.at(steps, f"{label}.type: missing", f"one of: {known}")]
        hint = did_you_mean(str(kind), questions.TYPES)
        return None, [
            document.at((*steps, "type"), f"{label}.type: no question type '{kind}'", hint)
        ]

    question, problems = validated(questions.TYPES[kind], entry, document, steps, label)
    if question is None:
        problems = [_with_id_hint(problem, entry) for problem in problems]
    else:
        for fault in question.faults():
            inner = ".".join(str(s + 1) if isinstance(s, int) else s for s in fault.steps)
            place = document.at(
                (*steps, *fault.steps), f"{label}.{inner}: {fault.message}", fault.hint
            )
            problems.append(place)
    return question, problems


def _with_id_hint(problem: Problem, entry: dict[str, Any]) -> Problem:
    if not problem.message.endswith(".id: missing"):
        return problem
    hint = f"add 'id: {proposed_id(entry)}', or let 'course check --fix' write it"
    return Problem(problem.path, problem.line, problem.column, problem.message, hint)


def proposed_id(entry: dict[str, Any]) -> str:
    """Return a name for a question that has none, from the first words of its prompt."""
    words = slug(str(entry.get("prompt", "question"))).split("-")[:5]
    return "-".join(words)[:60].strip("-")


def write_missing_ids(root: Path, path: Path, taken: set[str]) -> list[str]:
    """Give each question of *path* that lacks an id one that is not *taken*; return those written.

    Only the ids are inserted; every other character of the file stays. A file that is not YAML stays whole.
    """
    try:
        text = source.read_text(root, path)
        document = source.parse_yaml(path.relative_to(root).as_posix(), text)
    except source.Unreadable:
        return []
    listed = document.data.get("questions") if isinstance(document.data, dict) else None
    inserts: list[tuple[int, str]] = []
    written: list[str] = []
    for position, entry in enumerate(listed if isinstance(listed, list) else []):
        node = document.found(("questions", position))
        if node is None or not isinstance(entry, dict) or entry.get("id"):
            continue
        stem, number = proposed_id(entry), 2
        name = stem
        while name in taken:
            name, number = f"{stem}-{number}", number + 1
        taken.add(name)
        written.append(name)
        mark = node.start_mark
        before = "".join(line + "\n" for line in text.split("\n")[: mark.line])
        here = len(before) + mark.column
        flow = text[here] == "{"
        inserts.append(
            (here + flow, f"id: {name}, " if flow else f"id: {name}\n{' ' * mark.column}")
        )
    for place, insert in reversed(inserts):
        text = text[:place] + insert + text[place:]
    if inserts:
        path.write_text(text, encoding="utf-8")
    return written
