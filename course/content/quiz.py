"""Quizzes: one YAML file beside each lesson that asks something."""

import dataclasses
import functools
import itertools
import re
from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator

from course.content import questions, source
from course.content.model import Fault, Id, Strict, Text, place, slug, validated
from course.content.problems import Problem, did_you_mean, short
from course.content.questions.base import Question
from course.content.questions.shuffled import Shuffled


def _share(value: Any) -> float:
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,9}(\.\d{1,9})?\s*%\s*", value):
        share = float(value.strip().rstrip("% ")) / 100
    elif isinstance(value, float):
        share = value
    else:
        number = re.fullmatch(r"\s*(\d\d+)\s*", str(value))
        hint = f"write {number[1]}%" if number else ""
        raise ValueError("must be a share of the points, such as 80%", hint)
    if not 0 <= share <= 1:
        raise ValueError("must lie between 0% and 100%", "")
    return share


PassMark = Annotated[
    float,
    PlainValidator(
        _share,
        json_schema_input_type=Annotated[str, Field(pattern=r"^\s*\d{1,9}(\.\d{1,9})?\s*%\s*$")]
        | Annotated[float, Field(ge=0, le=1)],
    ),
]


class Rules(Strict):
    """How a quiz is taken; the file's keys beside its questions."""

    pass_mark: PassMark = 0.8
    """The share of the points that passes, such as 80%."""
    mode: Literal["practice", "graded"] = "practice"
    """Whether learners may try for ever (practice) or a number of times (graded)."""
    attempts: Annotated[int, Field(ge=1, le=100)] | None = None
    """How often a graded quiz may be tried."""
    account: Literal["optional", "required"] = "optional"
    """Whether only people who are signed in to an account may answer."""
    shuffle: bool = False
    """Whether each learner sees the options in another order."""
    draw: dict[Id, Annotated[int, Field(ge=1, le=100)]] = Field(default_factory=dict)
    """For a group, how many of its questions each learner is asked."""

    @property
    def needs_account(self) -> bool:
        return self.account == "required"

    def faults(self) -> Iterator[Fault]:
        if self.mode == "graded" and self.attempts is None:
            yield Fault(("mode",), "a graded quiz needs a number of attempts", "add 'attempts: 2'")
        if self.mode == "practice" and self.attempts is not None:
            yield Fault(
                ("attempts",),
                "practice has no limit of attempts",
                "remove it, or use 'mode: graded'",
            )


class File(Rules):
    """A quiz file but for its questions: its rules, and keys that matter to trainers alone."""

    lint: dict[Id, Text] = Field(default_factory=dict)
    """Rules of `course lint` that it may break, each with the reason."""


class _Keys(File):
    """All keys of a quiz file; what a question may hold depends on its type."""

    questions: Any = None
    """The questions, in any order; the lesson places them."""


@dataclass(frozen=True)
class Pool:
    """Questions of which each learner is asked *draw*."""

    name: str
    draw: int
    questions: tuple[str, ...]
    """Their ids, in the order of the file."""


@dataclass(frozen=True)
class Quiz:
    """What a lesson asks, and by which rules it is passed."""

    rules: Rules
    questions: tuple[Question, ...]

    @classmethod
    def later(cls, make: Callable[[], "Quiz"]) -> "Quiz":
        """Return the quiz that *make* returns, which is called when something of it is asked for."""
        quiz = object.__new__(cls)
        vars(quiz)["_make"] = make
        return quiz

    def release(self) -> bool:
        """Forget what can be made again, and return whether that is so."""
        if "_make" not in vars(self):
            return False
        for name in ("rules", "questions", "pools"):
            vars(self).pop(name, None)
        return True

    def __getattr__(self, name: str) -> Any:
        make = vars(self).get("_make")
        if name not in ("rules", "questions") or make is None:
            raise AttributeError(f"a quiz has no '{name}'")
        vars(self).update(vars(make()))
        return vars(self)[name]

    @functools.cached_property
    def pools(self) -> tuple[Pool, ...]:
        """The groups of which a learner is asked a few questions."""
        return tuple(
            Pool(name, draw, tuple(q.id for q in self.questions if q.group == name))
            for name, draw in self.rules.draw.items()
        )

    def pool_of(self, name: str) -> Pool | None:
        """Return the pool that the question called *name* belongs to."""
        return next((pool for pool in self.pools if name in pool.questions), None)

    @property
    def scored(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.worth)

    def named(self, name: str) -> tuple[Question, ...]:
        """Return the questions that *name* means: one's id, a group or an objective."""
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
    """A quiz as read, with the text that it was read from."""

    quiz: Quiz
    path: str
    text: str
    places: dict[str, int]
    """The position of each question in the file, by id."""
    broken_names: frozenset[str]
    """Ids, groups and objectives of questions that could not be read; the problems are reported already."""

    @functools.cached_property
    def document(self) -> source.Document:
        """The plain data with the line of each question; made when it is first used."""
        return source.parse_yaml(self.path, self.text)

    def at(
        self, question: Question, steps: Sequence[str | int], message: str, hint: str = ""
    ) -> Problem:
        """Return a problem of the part of *question* to which *steps* lead."""
        label = place(["questions", question.id, *steps])
        path = ("questions", self.places[question.id], *steps)
        return self.document.at(path, f"{label}: {message}", hint)


def read(root: Path, path: Path, text: str | None = None) -> tuple[QuizFile | None, list[Problem]]:
    """Return the quiz in *path* and all its problems; None where nothing of it can be used.

    *text* is what the file says, where it has been read.
    """
    name = source.name_of(root, path)
    try:
        text = source.read_text(root, path) if text is None else text
        document = source.parse_yaml(name, text)
    except source.Unreadable as error:
        return None, error.problems

    data = document.data
    problems = list(document.problems)
    if not isinstance(data, dict):
        kind = (
            "is empty"
            if data is None
            else f"must be lines of 'key: value', not {source.describe(data)}"
        )
        hint = "start with 'questions:' and begin each question below it with '- id:'"
        return None, [*problems, Problem(name, 1, 1, f"the quiz {kind}", hint)]

    rules, found = _rules(document, data)
    problems += found
    listed = data.get("questions")
    if not isinstance(listed, list) or not listed:
        problems.append(_no_questions(document, data))
        listed = []

    places: dict[str, int] = {}
    asked: list[Question] = []
    broken: set[str] = set()
    for position, entry in enumerate(listed):
        question, found = _question(document, entry, position)
        if question is not None and question.id in places:
            message = f"questions.{question.id}.id: used twice in this quiz"
            steps = ("questions", position, "id")
            found = [*found, document.at(steps, message, "give each question its own")]
        elif question is not None:
            places[question.id] = position
            asked.append(question)
        elif isinstance(entry, dict):
            broken |= {str(entry.get(key)) for key in ("id", "group", "objective")}
        problems += found
    quiz = Quiz(rules, tuple(_shuffled(question, rules) for question in asked))
    problems += _faults_of_pools(quiz, document, places, broken)
    return QuizFile(quiz, name, text, places, frozenset(broken)), problems


def _no_questions(document: source.Document, data: dict[str, Any]) -> Problem:
    listed = data.get("questions")
    what = f"must be a list, not {source.describe(listed)}"
    if "questions" not in data:
        what = "missing"
    elif not listed:
        what = "is empty"
    return document.at(("questions",), f"questions: {what}", "begin each question with '- id:'")


def _rules(document: source.Document, data: dict[str, Any]) -> tuple[Rules, list[Problem]]:
    keys, problems = validated(_Keys, data, document, (), "")
    if keys is None:
        return Rules(), problems
    rules = Rules.model_validate(keys.model_dump(exclude={"questions", "lint"}))
    return rules, [
        document.at(fault.steps, f"{place(fault.steps)}: {fault.message}", fault.hint)
        for fault in rules.faults()
    ]


def _question(
    document: source.Document, entry: Any, position: int
) -> tuple[Question | None, list[Problem]]:
    steps = ("questions", position)
    label = place(steps)
    if not isinstance(entry, dict):
        node = document.found(steps)
        if node and node.is_noted:
            return None, []
        message = f"{label}: must be lines of 'key: value', not {source.describe(entry)}"
        hint = "write 'id:', 'type:', 'prompt:' below each other"
        return None, [document.at(steps, message, hint)]
    if isinstance(entry.get("id"), str) and entry["id"].strip():
        label = f"questions.{short(entry['id'])}"
    kind = entry.get("type")
    if not isinstance(kind, str) or kind not in questions.TYPES:
        return None, [_no_type(document, entry, steps, label)]

    question, problems = validated(questions.TYPES[kind], entry, document, steps, label)
    if question is None:
        return None, [_with_id_hint(problem, entry) for problem in problems]
    return question, [
        document.at(
            (*steps, *fault.steps), f"{place([label, *fault.steps])}: {fault.message}", fault.hint
        )
        for fault in question.faults()
        if not ((node := document.found((*steps, *fault.steps))) and node.is_noted)
    ]


def _shuffled(question: Question, rules: Rules) -> Question:
    """Return *question* as the quiz wants it shuffled, where it says nothing itself."""
    if rules.shuffle and isinstance(question, Shuffled) and question.shuffle is None:
        return question.model_copy(update={"shuffle": True})
    return question


def _faults_of_pools(
    quiz: Quiz, document: source.Document, places: dict[str, int], broken: set[str]
) -> Iterator[Problem]:
    by_id = {question.id: question for question in quiz.questions}
    groups = {question.group for question in quiz.questions if question.group}
    for pool in quiz.pools:
        if pool.name in broken:
            continue  # some of it could not be read: that is reported already
        size = len(pool.questions)
        here = ("draw", pool.name)
        if not size:
            message = f"draw.{pool.name}: no question belongs to the group '{pool.name}'"
            hint = (
                did_you_mean(pool.name, groups) if groups else f"add 'group: {pool.name}' to some"
            )
            yield document.at(here, message, hint)
        elif pool.draw >= size:
            message = f"draw.{pool.name}: {pool.draw} of {size} leaves nothing to chance"
            hint = f"draw {size - 1} at most, or add questions" if size > 1 else "add questions"
            yield document.at(here, message, hint)
        worths = Counter(by_id[name].worth for name in pool.questions)
        for name in pool.questions:
            if by_id[name].worth != (usual := worths.most_common(1)[0][0]):
                message = f"gives {by_id[name].worth:g}, and others of '{pool.name}' give {usual:g}"
                steps = ("questions", places[name], "points")
                hint = "the questions that are drawn from give equal points"
                yield document.at(steps, f"questions.{name}.points: {message}", hint)


def _no_type(
    document: source.Document, entry: dict[str, Any], steps: tuple[str | int, ...], label: str
) -> Problem:
    if entry.get("type") is None:
        hint = f"add 'type:' and one of {', '.join(questions.TYPES)}"
        return document.at((*steps, "type"), f"{label}.type: missing", hint)
    kind = short(entry["type"])
    message = f"{label}.type: there is no question type '{kind}'"
    return document.at((*steps, "type"), message, did_you_mean(kind, questions.TYPES))


def _with_id_hint(problem: Problem, entry: dict[str, Any]) -> Problem:
    if not problem.message.endswith(".id: missing"):
        return problem
    hint = f"add 'id: {proposed_id(entry)}', or let 'course check --fix' write it"
    return dataclasses.replace(problem, hint=hint)


def proposed_id(entry: dict[str, Any]) -> str:
    """Return a name for a question that has none, from the first words of its prompt."""
    words = slug(str(entry.get("prompt", "question"))).split("-")[:5]
    return "-".join(words)[:60].strip("-")


def ids_in(root: Path, path: Path) -> set[str]:
    """Return the ids that the questions of *path* have, however wrong the rest of it is."""
    document = _document(root, path)
    return {str(entry["id"]) for _, entry in _entries(document) if "id" in entry}


def write_missing_ids(root: Path, path: Path, taken: set[str]) -> list[str]:
    """Give each question of *path* that lacks an id one that is not *taken*; return those written.

    Only the ids are inserted; every other character of the file stays. A file that is not YAML stays whole.
    """
    document = _document(root, path)
    if document.problems:
        return []
    nodes: list[tuple[source.Node, str]] = []
    for node, entry in _entries(document):
        if "id" not in entry:
            nodes.append((node, free_id(proposed_id(entry), taken)))
            taken.add(nodes[-1][1])
    lines = path.read_bytes().decode("utf-8").splitlines(keepends=True)
    for node, name in reversed(nodes):
        lines[node.line - 1] = _with_id(lines[node.line - 1], node.column - 1, name)
    if nodes:
        path.write_bytes("".join(lines).encode("utf-8"))
    return [name for _, name in nodes]


def free_id(wanted: str, taken: Container[str]) -> str:
    """Return *wanted*, with the first number behind it that makes it none of the ids *taken*."""
    numbered = (f"{wanted}-{number}" for number in itertools.count(2))
    return next(name for name in itertools.chain([wanted], numbered) if name not in taken)


def _with_id(line: str, column: int, name: str) -> str:
    mark = len(line) - len(line.removeprefix("\ufeff"))  # a byte-order mark has no column
    before, after = line[: mark + column], line[mark + column :]
    if after.startswith("{"):
        return f"{before}{{id: {name}, {after[1:]}"
    end = line[len(line.rstrip("\r\n")) :] or "\n"
    return f"{before}id: {name}{end}{' ' * column}{after}"


def _document(root: Path, path: Path) -> source.Document:
    name = source.name_of(root, path)
    try:
        return source.parse_yaml(name, source.read_text(root, path))
    except source.Unreadable as error:
        return source.Document(name, problems=error.problems)


def _entries(document: source.Document) -> list[tuple[source.Node, dict[str, Any]]]:
    listed = document.found(["questions"])
    nodes = [part.node for part in listed.parts.values()] if listed else []
    return [(node, node.data) for node in nodes if isinstance(node.data, dict)]
