"""A course: modules of lessons, in the order of the site's navigation, with their quizzes."""

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from course.content import lesson as lessons
from course.content import questions, quiz, source
from course.content.model import slug
from course.content.problems import CourseError, Problem, did_you_mean
from course.content.questions.base import Question
from course.content.quiz import Quiz, Rules

LESSONS = "lessons"
QUIZZES = "quizzes"
SITE = "mkdocs.yml"


@dataclass(frozen=True)
class Place:
    """Where a question stands in its lesson: the heading above it, and that heading's anchor."""

    section: str
    anchor: str


@dataclass(frozen=True)
class Lesson:
    """One lesson as it is published. *url* is relative to the site's root."""

    id: str
    title: str
    minutes: int
    url: str
    path: str
    objectives: dict[str, str]
    quiz: Quiz | None
    places: dict[str, Place]
    """Each question's place, in the order of the page."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions in the order of the page."""
        if self.quiz is None:
            return ()
        by_id = {question.id: question for question in self.quiz.questions}
        return tuple(by_id[name] for name in self.places if name in by_id)


@dataclass(frozen=True)
class Module:
    title: str
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True)
class Course:
    """Everything that the service and the site need to know of what trainers wrote."""

    title: str
    site_url: str
    modules: tuple[Module, ...]

    @functools.cached_property
    def lessons(self) -> dict[str, Lesson]:
        """The lessons by id, in the order of the course."""
        return {lesson.id: lesson for module in self.modules for lesson in module.lessons}

    @functools.cached_property
    def asked(self) -> dict[str, tuple[Lesson, Question]]:
        """Every question by id, with its lesson."""
        return {
            question.id: (lesson, question)
            for lesson in self.lessons.values()
            for question in lesson.questions
        }

    @property
    def base(self) -> str:
        """The path under which the site is served, such as "/" or "/course/"."""
        return urlsplit(self.site_url).path.rstrip("/") + "/"

    def dump(self) -> str:
        """Return the course as JSON, keys included: it never belongs in the site."""
        return json.dumps(
            {
                "title": self.title,
                "site_url": self.site_url,
                "modules": [
                    {"title": m.title, "lessons": [_dump_lesson(lesson) for lesson in m.lessons]}
                    for m in self.modules
                ],
            },
            ensure_ascii=False,
            indent=1,
        )

    @classmethod
    def load(cls, text: str) -> "Course":
        """Return the course that `dump` wrote."""
        data = json.loads(text)
        modules = tuple(
            Module(module["title"], tuple(_load_lesson(lesson) for lesson in module["lessons"]))
            for module in data["modules"]
        )
        return cls(data["title"], data["site_url"], modules)


def _dump_lesson(lesson: Lesson) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": lesson.id,
        "title": lesson.title,
        "minutes": lesson.minutes,
        "url": lesson.url,
        "path": lesson.path,
        "objectives": lesson.objectives,
        "places": {name: [place.section, place.anchor] for name, place in lesson.places.items()},
    }
    if lesson.quiz is not None:
        data["rules"] = lesson.quiz.rules.model_dump(mode="json")
        data["questions"] = [question.dump() for question in lesson.quiz.questions]
    return data


def _load_lesson(data: dict[str, Any]) -> Lesson:
    asked = None
    if "questions" in data:
        rules = Rules.model_validate(data["rules"])
        asked = Quiz(rules, tuple(questions.load(entry) for entry in data["questions"]))
    places = {name: Place(*place) for name, place in data["places"].items()}
    kept = {key: data[key] for key in ("id", "title", "minutes", "url", "path", "objectives")}
    return Lesson(**kept, quiz=asked, places=places)


def open_course(root: Path, site_url: str | None = None) -> Course:
    """Return the course in the folder *root*; raises CourseError with every problem of its files."""
    course, problems = read(root, site_url)
    if problems or course is None:
        raise CourseError(problems)
    return course


def read(root: Path, site_url: str | None = None) -> tuple[Course | None, list[Problem]]:
    """Return the course in *root* as far as it can be read, and every problem found, in file order.

    *site_url* stands in for that of mkdocs.yml.
    """
    reader = _Reader(root)
    course = reader.course(site_url)
    return course, sorted(set(reader.problems))


class _Nav(yaml.SafeLoader):
    """Reads mkdocs.yml, whose own tags (!ENV, !!python/name) say nothing about the course."""


_Nav.add_multi_constructor("!", lambda loader, suffix, node: _default_of(node))
_Nav.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: None)


def _default_of(node: yaml.Node) -> Any:
    """Return what `!ENV [NAME, default]` falls back to."""
    if isinstance(node, yaml.SequenceNode) and node.value:
        return node.value[-1].value
    return None


class _Reader:
    """Reads a course once, gathering the problems of all its files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.lesson_ids: dict[str, str] = {}
        self.question_paths: dict[str, str] = {}

    def course(self, site_url: str | None) -> Course | None:
        site = self._site()
        if site is None:
            return None
        listed = list(self._nav(site.get("nav")))
        modules: dict[str, list[Lesson]] = {}
        for module, path in listed:
            lesson = self._lesson(path, module)
            if lesson is not None and module is not None:
                modules.setdefault(module, []).append(lesson)
        self._unlisted({path for _, path in listed})
        self._quizzes_without_lesson()
        url = site_url or site.get("site_url") or ""
        built = tuple(Module(title, tuple(lessons)) for title, lessons in modules.items())
        return Course(str(site.get("site_name") or "Course"), str(url), built)

    def _problem(self, path: str, line: int, message: str, hint: str = "") -> None:
        self.problems.append(Problem(path, line, 1, message, hint))

    def _site(self) -> dict[str, Any] | None:
        path = self.root / SITE
        if not path.is_file():
            self._problem(
                SITE, 1, "is missing", "run this in a course's folder, or name it with --root"
            )
            return None
        try:
            self.site_text = source.read_text(self.root, path)
            data = yaml.load(self.site_text, Loader=_Nav)  # noqa: S506 - derived from SafeLoader
        except source.Unreadable as error:
            self.problems.append(error.problem)
            return None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            self._problem(
                SITE,
                line,
                f"is not YAML: {getattr(error, 'problem', error)}",
                "check the indentation",
            )
            return None
        if not isinstance(data, dict) or not isinstance(data.get("nav"), list):
            self._problem(
                SITE, 1, "has no 'nav'", "list the modules and their lessons under 'nav:'"
            )
            return None
        return data

    def _nav(self, nav: Any, module: str | None = None) -> Iterator[tuple[str | None, Path]]:
        """Yield the module (None at the top level) and path of each page listed."""
        for entry in nav:
            title, target = next(iter(entry.items())) if isinstance(entry, dict) else ("", entry)
            if isinstance(target, list):
                yield from self._nav(target, module or str(title))
            elif isinstance(target, str) and target.endswith(".md"):
                path = self.root / LESSONS / target
                if path.is_file():
                    yield module, path
                else:
                    listed = {p.relative_to(self.root / LESSONS).as_posix() for p in self._pages()}
                    line = self._line_of(target)
                    self._problem(
                        SITE,
                        line,
                        f"nav: there is no {LESSONS}/{target}",
                        did_you_mean(target, listed),
                    )

    def _line_of(self, text: str) -> int:
        lines = self.site_text.split("\n")
        return next((number for number, line in enumerate(lines, 1) if text in line), 1)

    def _pages(self) -> list[Path]:
        return sorted((self.root / LESSONS).rglob("*.md"))

    def _unlisted(self, listed: set[Path]) -> None:
        for path in self._pages():
            if path not in listed:
                name = path.relative_to(self.root).as_posix()
                self._problem(
                    name,
                    1,
                    "is not in the navigation, so nobody finds it",
                    f"list it under 'nav' in {SITE}",
                )

    def _lesson(self, path: Path, module: str | None) -> Lesson | None:
        inside = path.relative_to(self.root / LESSONS)
        may_be = module is not None and path.name != "index.md"
        file, problems = lessons.read(self.root, path, lesson=may_be)
        self.problems += problems
        quiz_file = self._quiz(path)
        if file is None:
            return None
        stem = inside.with_suffix("").as_posix()
        for part in stem.split("/"):
            if part != slug(part):
                hint = f"rename it to '{slug(part)}'"
                self._problem(file.path, 1, f"'{part}' cannot be part of a lesson's address", hint)
        name = file.meta.id or stem
        if name in self.lesson_ids:
            self._problem(
                file.path,
                1,
                f"the lesson id '{name}' is used by {self.lesson_ids[name]}",
                "give each its own",
            )
            return None
        self.lesson_ids[name] = file.path
        places = self._place(file, quiz_file)
        return Lesson(
            id=name,
            title=file.meta.title,
            minutes=file.meta.minutes,
            url=f"{stem}/",
            path=inside.as_posix(),
            objectives=file.meta.objectives,
            quiz=quiz_file.quiz if quiz_file else None,
            places=places,
        )

    def _quiz(self, lesson_path: Path) -> quiz.QuizFile | None:
        inside = lesson_path.relative_to(self.root / LESSONS).with_suffix(".yml")
        path = self.root / QUIZZES / inside
        if not path.is_file() and not path.is_symlink():
            return None
        file, problems = quiz.read(self.root, path)
        self.problems += problems
        if file is None:
            return None
        name = path.relative_to(self.root).as_posix()
        for question in file.quiz.questions:
            earlier = self.question_paths.setdefault(question.id, name)
            if earlier != name:
                self.problems.append(
                    file.at(
                        question, "id", f"is used in {earlier}, too", "give each question its own"
                    )
                )
        return file

    def _place(self, file: lessons.LessonFile, asked: quiz.QuizFile | None) -> dict[str, Place]:
        """Return each question's place, and note blocks and questions that miss each other."""
        quiz_name = (
            f"{QUIZZES}/{Path(file.path).relative_to(LESSONS).with_suffix('.yml').as_posix()}"
        )
        if asked is None:
            if not (self.root / quiz_name).exists():
                for block in file.blocks:
                    self._problem(
                        file.path,
                        block.line,
                        f"there is no {quiz_name} for this quiz block",
                        "write it, or remove the block",
                    )
            return {}
        places: dict[str, Place] = {}
        for block in file.blocks:
            here = Place(block.section, block.anchor)
            for question in self._in_block(file, block, asked.quiz, places):
                places[question.id] = here
        for question in asked.quiz.questions:
            if question.objective not in file.meta.objectives:
                hint = did_you_mean(question.objective, file.meta.objectives)
                message = f"{file.path} has no objective '{question.objective}'"
                self.problems.append(asked.at(question, "objective", message, hint))
            if question.id not in places:
                hint = f"add '/// quiz | {question.id}' and '///' below it"
                self.problems.append(
                    asked.at(question, "id", f"stands nowhere in {file.path}", hint)
                )
        return places

    def _in_block(
        self, file: lessons.LessonFile, block: lessons.Block, asked: Quiz, places: dict[str, Place]
    ) -> list[Question]:
        wanted = asked.named(block.name) if block.name else asked.questions
        if block.name and not wanted:
            hint = did_you_mean(block.name, asked.names())
            self._problem(
                file.path,
                block.line,
                f"no question, group or objective is named '{block.name}'",
                hint,
            )
        free = [question for question in wanted if question.id not in places]
        if wanted and not free:
            what = f"'{block.name}' stands" if block.name else "all questions stand"
            self._problem(
                file.path, block.line, f"{what} in an earlier quiz block", "remove one of them"
            )
        return free

    def _quizzes_without_lesson(self) -> None:
        folder = self.root / QUIZZES
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            name = path.relative_to(self.root).as_posix()
            if path.suffix == ".yaml":
                self._problem(
                    name,
                    1,
                    "is not read: quizzes end in .yml",
                    f"rename it to {inside.with_suffix('.yml')}",
                )
            elif (
                path.suffix == ".yml"
                and not (self.root / LESSONS / inside.with_suffix(".md")).exists()
            ):
                stems = {
                    p.relative_to(self.root / LESSONS).with_suffix(".yml").as_posix()
                    for p in self._pages()
                }
                hint = did_you_mean(inside.as_posix(), stems)
                self._problem(
                    name,
                    1,
                    f"there is no lesson {LESSONS}/{inside.with_suffix('.md').as_posix()} for this quiz",
                    hint,
                )
