"""Placing imported questions in a course: ids, objectives, the quiz, its lesson, and the navigation.

Everything is worked out and checked first, as a Plan; writing it overwrites nothing.
"""

import contextlib
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import pydantic
import yaml

from course.content import addresses, navigation_edit, questions, quiz, reading, source
from course.content import lesson as lessons
from course.content.model import place, slug, validated
from course.content.navigation_edit import NoPlace
from course.content.problems import CourseError, Problem, short
from course.content.questions.base import Question
from course.content.reading import LESSONS, QUIZZES, SITE, quiz_name
from course.formats.items import PICTURE, Item

NO_EXPLANATION = "No explanation came with this question."
NO_CHECKLIST = "It answers what was asked."
"""A placeholder for what a question needs and the file lacks; easy to search for."""


@dataclass
class Plan:
    """What an import will write, and what is left for the trainer to do."""

    lesson: str
    files: dict[Path, bytes] = field(default_factory=dict)
    """The new files."""
    site: bytes | None = None
    """The navigation with the new lesson, where it could be added safely."""
    todo: list[str] = field(default_factory=list)
    """What the trainer has to add by hand."""


def lesson_name(name: str) -> str:
    """Return *name* as a lesson's; raises CourseError when no lesson can be called so."""
    plain = name.removeprefix(f"{LESSONS}/").removesuffix(".md").strip("/")
    parts = plain.split("/")
    if wrong := [part for part in parts if part != slug(part)]:
        hint = f"use lower-case letters, digits and hyphens, such as '{slug(wrong[0])}'"
        raise _problem(name, f"'{short(wrong[0])}' cannot be part of a lesson's address", hint)
    if parts[0] in addresses.RESERVED:
        raise _problem(name, f"addresses that begin with '{parts[0]}/' belong to the service")
    if parts[-1] == "index" or len(plain) > addresses.MAX_LENGTH:
        raise _problem(name, "cannot be a lesson's address", "choose a short name, not 'index'")
    return plain


def lesson_of_quiz(name: str) -> str:
    """Return the lesson of the quiz file *name*; raises CourseError if that cannot be a quiz's path."""
    path = PurePosixPath(name)
    if path.parts[:1] != (QUIZZES,) or path.suffix != ".yml" or len(path.parts) < 2:
        raise _problem(name, "is no place for a quiz", f"name it as {QUIZZES}/lesson.yml")
    return lesson_name(str(path.relative_to(QUIZZES).with_suffix("")))


def _problem(path: str, message: str, hint: str = "") -> CourseError:
    return CourseError([Problem(path, 1, 1, message, hint)])


def plan(root: Path, items: Sequence[Item], lesson: str, source_name: str) -> Plan:
    """Work out how *items* become the quiz of *lesson*, and settle what each lacks.

    Items that the course would not take are refused from now on. Raises CourseError where nothing can be
    written: the quiz exists, or the lesson cannot be read.
    """
    made = Plan(lesson)
    page, quiz_path = root / LESSONS / f"{lesson}.md", root / quiz_name(lesson)
    for path in (quiz_path, quiz_path.with_suffix(".yaml")):
        if os.path.lexists(path):
            hint = "nothing is overwritten; choose another lesson with --lesson"
            raise _problem(source.name_of(root, path), "exists already", hint)
    if not (root / SITE).is_file():
        raise _problem(SITE, "is missing", "run this in a course's folder, or name it with --root")
    existing = _existing(root, page) if os.path.lexists(page) else None
    taken = reading.question_ids(root)
    objectives: dict[str, str] = (
        dict(existing.meta.objectives) if existing and existing.meta else {}
    )
    asked = []
    for item in items:
        if not item.refused:
            data = _settled(
                item, taken, objectives, fixed=existing is not None, source_name=source_name
            )
            data = _linked(data, item, f"{page.stem}-pictures")
            if _is_sound(item, data):
                taken.add(data["id"])
                asked.append(data)
    if not asked:
        return made
    for item in items:
        if not item.refused:
            folder = page.parent / f"{page.stem}-pictures"
            made.files |= {folder / name: content for name, content in item.pictures.items()}
    made.files[quiz_path] = _quiz(asked, source.name_of(root, quiz_path))
    if existing is None:
        used = {data["objective"] for data in asked}
        remaining = {name: text for name, text in objectives.items() if name in used}
        made.files[page] = _page(lesson, remaining, len(asked), source_name)
        try:
            made.site = navigation_edit.with_page(root, f"{lesson}.md")
        except NoPlace:
            made.todo.append(f"list '{lesson}.md' inside a module of 'nav' in {SITE}")
    elif not any(block.name == "" for block in existing.blocks):
        made.todo.append(f"add a line '/// quiz' and a line '///' to {existing.path}")
    return made


def _existing(root: Path, page: Path) -> lessons.LessonFile:
    found, problems = lessons.read(root, page, lesson=True)
    if found is None or found.meta is None or problems:
        hint = "fix it first, or choose another lesson with --lesson"
        first = f": {problems[0].message}" if problems else ""
        raise _problem(source.name_of(root, page), f"cannot take a quiz{first}", hint)
    return found


def _settled(
    item: Item, taken: set[str], objectives: dict[str, str], *, fixed: bool, source_name: str
) -> dict[str, Any]:
    """Return an item's data with id and objective, and with something where it lacks what we need."""
    data = dict(item.data)
    wanted = slug(item.id)[:60].strip("-") if slug(item.id) != "name" else ""
    if wanted and wanted in taken:
        item.remarks.append("its id is taken by another question, so it has a new one")
    item.id = data["id"] = quiz.free_id(wanted or quiz.proposed_id(data), taken)
    data["objective"] = _objective(item, objectives, fixed=fixed, source_name=source_name)
    if item.praise and not data.get("explanation"):
        data["explanation"] = "\n\n".join(dict.fromkeys(item.praise))
        item.report_loss("what was said to right answers only is now said after any answer")
    elif item.praise:
        item.report_loss("what is said to right answers only")
    if not data.get("explanation") and data["type"] != "poll":
        data["explanation"] = NO_EXPLANATION
        item.remarks.append(f"came without an explanation: it says '{NO_EXPLANATION}'")
    if data["type"] == "text" and not data.get("checklist"):
        data["checklist"] = [NO_CHECKLIST]
        item.remarks.append(f"came without a checklist: it says '{NO_CHECKLIST}'")
    return data


def _objective(item: Item, objectives: dict[str, str], *, fixed: bool, source_name: str) -> str:
    name = slug(item.category)[:60].strip("-") if item.category else "imported"
    if name in objectives:
        return name
    if fixed:
        first = next(iter(objectives))
        item.remarks.append(f"has no objective of this lesson: it is filed under '{first}'")
        return first
    text = " ".join(item.category.split()) if item.category else f"Answer what {source_name} asks"
    objectives[name] = text
    item.remarks.append(f"the objective '{name}' was made from the file; say what learners can do")
    return name


def _linked(value: Any, item: Item, folder: str) -> Any:
    """Return *value* with its pictures linked to where they will lie."""
    if isinstance(value, dict):
        return {key: _linked(inner, item, folder) for key, inner in value.items()}
    if isinstance(value, list):
        return [_linked(inner, item, folder) for inner in value]
    if isinstance(value, str) and PICTURE in value:
        for name in item.pictures:
            value = value.replace(f"{PICTURE}{name}", f"{folder}/{name}")
    return value


def _is_sound(item: Item, data: dict[str, Any]) -> bool:
    """Whether a course takes this question; if not, refuse it with the course's own reason."""
    found, problems = checked(data)
    if problems or found is None:
        item.refused = "; ".join(problem.message for problem in problems)
    return not item.refused


def checked(data: dict[str, Any]) -> tuple[Question | None, list[Problem]]:
    """Return *data* as the question that a course reads from it, and what is wrong with it."""
    with contextlib.suppress(pydantic.ValidationError):
        sound = questions.TYPES[data["type"]].model_validate(data)
        if not any(sound.faults()):
            return sound, []
    # Only what is wrong goes the way of a file, which has the words for it.
    document = source.parse_yaml("", _dumped(_ordered(data)))
    model = questions.TYPES[data["type"]]
    question, problems = validated(model, document.data, document, (), "")
    if question is None:
        return None, [*document.problems, *problems]
    faults = [
        document.at(fault.steps, f"{place(fault.steps)}: {fault.message}")
        for fault in question.faults()
    ]
    return question, [*document.problems, *faults]


_FIRST = ("id", "type", "objective", "group", "points", "prompt")
_LAST = ("hint", "explanation", "tags", "sources", "review_after")


def _ordered(data: dict[str, Any]) -> dict[str, Any]:
    between = [key for key in data if key not in _FIRST + _LAST]
    return {key: data[key] for key in (*_FIRST, *between, *_LAST) if key in data}


class _Dumper(yaml.SafeDumper):
    """Writes YAML as the documents show it: lists indented, long texts over several lines."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _dumped(data: Any) -> str:
    text: str = yaml.dump(
        data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000_000
    )
    return text


def _quiz(asked: list[dict[str, Any]], name: str) -> bytes:
    content = _dumped({"questions": [_ordered(data) for data in asked]}).encode()
    if len(content) > source.MAX_BYTES:
        message = f"would be {len(content) / 1e6:.1f} MB large; the limit is {source.MAX_BYTES / 1e6:.0f} MB"
        raise _problem(name, message, "export the questions in several files")
    return content


def _page(lesson: str, objectives: dict[str, str], count: int, source_name: str) -> bytes:
    title = lesson.rpartition("/")[2].replace("-", " ").capitalize()
    meta = {"title": title, "minutes": min(240, math.ceil(count / 2)), "objectives": objectives}
    text = f"These questions were imported from `{short(source_name).replace('`', '')}`."
    return f"---\n{_dumped(meta)}---\n\n{text}\n\n/// quiz\n///\n".encode()


# Writing


def write(root: Path, made: Plan) -> list[str]:
    """Write the files of a plan and return their names; a failure leaves none of them behind."""
    written: list[Path] = []
    try:
        for path, content in made.files.items():
            if (
                path.is_file()
                and path.read_bytes() == content
                and f"{PICTURE[:-1]}s" in path.parent.name
            ):
                continue  # the same picture, from an import before
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                written.append(path)
                file.write(content)
        if made.site is not None:
            fresh = root / f".{SITE}.new"
            fresh.write_bytes(made.site)
            fresh.replace(root / SITE)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        text = error.strerror or "it failed"
        name = Path(error.filename or root)
        shown = source.name_of(root, name) if name.is_relative_to(root) else name.name
        raise _problem(shown, f"cannot be written: {text}", "nothing was imported") from None
    return [source.name_of(root, path) for path in written]
