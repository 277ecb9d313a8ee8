"""Reading a course from its files: pages, quizzes, plans, the glossary, and every problem in them."""

import dataclasses
import functools
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from course.content import glossary as glossaries
from course.content import hosts, quiz, source
from course.content import lesson as lessons
from course.content import plan as plans
from course.content.course import Course, Lesson, Module, Place
from course.content.glossary import Glossary
from course.content.model import slug
from course.content.plan import Plan
from course.content.problems import CourseError, Problem, did_you_mean, errors, short
from course.content.questions.base import Question

LESSONS = "lessons"
QUIZZES = "quizzes"
PLANS = "plans"
GLOSSARY = glossaries.FILE
SITE = "mkdocs.yml"

RESERVED = frozenset(
    {
        "account",
        "answers",
        "api",
        "assets",
        "healthz",
        "readyz",
        "learning",
        "quiz",
        "read",
        "search",
        "teaching",
    }
)
"""First parts of addresses that belong to the service and the theme, so that no page can have them."""


@dataclass(frozen=True)
class Sound:
    """A page with nothing wrong in its own files; what all pages show together is left to see."""

    lesson: Lesson | None
    """None for a page that is no lesson."""


@dataclass(frozen=True)
class Reading:
    """How one file is read; who remembers what did not change puts its own functions here."""

    read_lesson: Callable[..., tuple[lessons.LessonFile | None, list[Problem]]] = lessons.read
    read_quiz: Callable[[Path, Path], tuple[quiz.QuizFile | None, list[Problem]]] = quiz.read
    expect: Callable[[Sequence[tuple[Path, bool]]], object] = lambda pages: None
    """Hears which pages will be asked for, each with whether its place lets it be a lesson."""
    recall: Callable[[Path, bool], Sound | None] = lambda page, lesson: None
    """Returns a page that has been sound, if its files say the same."""
    note: Callable[[Path, bool, Sound], object] = lambda page, lesson, sound: None
    """Hears of each page that is sound and could not be recalled."""


FROM_FILES = Reading()


def open_course(root: Path, site_url: str | None = None, reading: Reading = FROM_FILES) -> Course:
    """Return the course in the folder *root*; raises CourseError with every problem of its files."""
    course, problems = read(root, site_url, reading)
    if errors(problems) or course is None:
        raise CourseError(problems)
    return course


def read(
    root: Path, site_url: str | None = None, reading: Reading = FROM_FILES
) -> tuple[Course | None, list[Problem]]:
    """Return the course in *root* as far as it can be read, and every problem found, in file order.

    *site_url* stands in for that of mkdocs.yml.
    """
    reader = _Reader(root, reading)
    course = reader.course(site_url)
    return course, sorted(set(reader.problems))


def renewed(
    course: Course, lesson: Lesson, root: Path, reading: Reading = FROM_FILES
) -> tuple[Course, list[Problem]]:
    """Return *course* with one lesson as its files say now, and the problems of these alone.

    What only all files together show, such as an id used twice, waits for `read`.
    """
    page = root / LESSONS / lesson.path
    reader = _Reader(root, reading, [page])
    module = next(module for module in course.modules if lesson in module.lessons)
    fresh = reader._lesson(_Page(page, module.title)) or lesson
    lessons = tuple(fresh if one is lesson else one for one in module.lessons)
    modules = (Module(m.title, lessons) if m is module else m for m in course.modules)
    return dataclasses.replace(course, modules=tuple(modules)), sorted(set(reader.problems))


def look_at(page: Path, root: Path, reading: Reading, *, lesson: bool) -> None:
    """Read one page by itself, so that *reading* hears of it if it is sound."""
    _Reader(root, reading, [page])._lesson(_Page(page, "any" if lesson else None))


def write_missing_ids(root: Path) -> dict[str, list[str]]:
    """Give each question without an id one of its own; return the ids written, by file."""
    paths = _files(root / QUIZZES, ".yml")
    taken = set().union(*(quiz.ids_in(root, path) for path in paths))
    written = {
        source.name_of(root, path): quiz.write_missing_ids(root, path, taken) for path in paths
    }
    return {name: ids for name, ids in written.items() if ids}


@dataclass(frozen=True)
class _Page:
    """A page in the navigation; *module* is None for one at the top level."""

    path: Path
    module: str | None

    @property
    def may_be_lesson(self) -> bool:
        return self.module is not None and self.path.name != "index.md"


class _Reader:
    """Reads a course once, gathering the problems of all its files."""

    def __init__(self, root: Path, reading: Reading, pages: list[Path] | None = None) -> None:
        """*pages* are the only ones to be read, where that is not all of them."""
        self.root = root
        self.reading = reading
        self.problems: list[Problem] = []
        self.pages = _files(root / LESSONS, ".md") if pages is None else pages
        quizzes = _files(root / QUIZZES, ".yml") if pages is None else map(self._quiz_path, pages)
        self.unread_quizzes = {path for path in quizzes if os.path.lexists(path)}
        plan_pages = (
            _files(root / PLANS, ".yml")
            if pages is None
            else [self._beside(page, PLANS) for page in pages]
        )
        self.unread_plans = {path for path in plan_pages if os.path.lexists(path)}
        self.lessons: dict[str, str] = {}
        """The path of each lesson, by id."""
        self.question_paths: dict[str, str] = {}
        self.no_lessons: set[Path] = set()
        """Pages in the navigation that are no lessons."""
        self.glossary_page = ""
        """The page that shows the glossary."""

    def course(self, site_url: str | None) -> Course | None:
        site = self._site()
        if site is None:
            return None
        modules: dict[str, list[Lesson]] = {}
        listed: set[Path] = set()
        pages = list(self._pages(site))
        self.reading.expect([(page.path, page.may_be_lesson) for page in pages])
        for page in pages:
            listed.add(page.path)
            lesson = self._lesson(page)
            if lesson is not None and page.module is not None:
                modules.setdefault(page.module, []).append(lesson)
        for path in self.pages:
            if path not in listed:
                hint = f"list it under 'nav' in {SITE}"
                self._file_problem(path, "is not in the navigation, so nobody finds it", hint)
        self._other_quizzes()
        self._other_plans()
        url = site_url or self._site_url(site)
        built = tuple(Module(title, tuple(lessons)) for title, lessons in modules.items())
        glossary = self._glossary([lesson for lessons in modules.values() for lesson in lessons])
        named, problems = hosts.read(site)
        self.problems += problems
        title = str(site.data.get("site_name") or "Course")
        return Course(title, url, built, glossary, named)

    def _file_problem(self, path: Path, message: str, hint: str = "") -> None:
        self.problems.append(Problem(source.name_of(self.root, path), 1, 1, message, hint))

    def _site(self) -> source.Document | None:
        path = self.root / SITE
        if not os.path.lexists(path):
            hint = "run this in a course's folder, or name the folder with --root"
            self._file_problem(path, "is missing", hint)
            return None
        try:
            site = source.parse_yaml(SITE, source.read_text(self.root, path), lenient=True)
        except source.Unreadable as error:
            self.problems += error.problems
            return None
        if not isinstance(site.data, dict) or not isinstance(site.data.get("nav"), list):
            hint = "list the modules and their lessons under 'nav:', each after a dash"
            what = (
                "must be a list"
                if isinstance(site.data, dict) and "nav" in site.data
                else "missing"
            )
            self.problems.append(site.at(("nav",), f"nav: {what}", hint))
            return None
        return site

    def _site_url(self, site: source.Document) -> str:
        node = site.found(("site_url",))
        url = node.data if node else ""
        if node and node.tag == "!ENV":
            url = url[-1] if isinstance(url, list) and len(url) > 1 else ""
        if url and not _is_address(url):
            hint = "write the whole address, such as https://example.org/course/"
            self.problems.append(site.at(("site_url",), "site_url: is no web address", hint))
        return url if isinstance(url, str) and _is_address(url) else ""

    def _pages(self, site: source.Document) -> Iterator[_Page]:
        """Yield the pages in the navigation, and note entries that lead nowhere."""
        pages, folder = set(self.pages), self.root / LESSONS
        seen: dict[PurePosixPath, int] = {}
        modules: dict[str | None, str | int] = {}
        for steps, target, module in _targets(site.data["nav"], ("nav",), None):
            at = functools.partial(site.at, steps)
            if module is not None and modules.setdefault(module, steps[1]) != steps[1]:
                modules[module] = steps[1]
                message = f"nav: there is a module '{short(module)}' further up"
                self.problems.append(site.at(steps[:3], message, "give each module its own title"))
            if not isinstance(target, str):
                hint = "write '- lesson.md', '- Title: lesson.md', or a title with a list below it"
                self.problems.append(at("nav: this entry names no page", hint))
                continue
            inside = PurePosixPath(target)
            if "://" in target or not target or target.startswith(("/", "#", "mailto:")):
                continue  # a link
            if ".." in inside.parts:
                message = f"nav: {short(target)} leads out of {LESSONS}"
                self.problems.append(at(message, f"move the page into {LESSONS}"))
            elif inside in seen:
                hint = f"the first is on line {seen[inside]}; keep one"
                self.problems.append(at(f"nav: {short(target)} is listed twice", hint))
            elif (path := folder / inside) in pages:
                seen[inside] = at("").line
                yield _Page(path, module)
            elif not (inside.suffix not in ("", ".md") and os.path.lexists(path)):
                hint = did_you_mean(target, {self._inside(page) for page in self.pages})
                self.problems.append(at(f"nav: there is no {LESSONS}/{short(target)}", hint))

    def _inside(self, page: Path) -> str:
        return page.relative_to(self.root / LESSONS).as_posix()

    def _quiz_path(self, page: Path) -> Path:
        return self._beside(page, QUIZZES)

    def _beside(self, page: Path, folder: str) -> Path:
        return self.root / folder / page.relative_to(self.root / LESSONS).with_suffix(".yml")

    def _lesson(self, page: _Page) -> Lesson | None:
        sound = self.reading.recall(page.path, page.may_be_lesson)
        if sound is not None and self._fits(sound):
            return self._taken(page.path, sound)
        before = len(self.problems)
        lesson, lists = self._read_lesson(page)
        if len(self.problems) == before and not lists:
            self.reading.note(page.path, page.may_be_lesson, Sound(lesson))
        return lesson

    def _fits(self, sound: Sound) -> bool:
        """Whether a page shares no name with those before it; if it does, its files have to tell where."""
        lesson = sound.lesson
        return lesson is None or (
            lesson.id not in self.lessons and self.question_paths.keys().isdisjoint(lesson.places)
        )

    def _taken(self, path: Path, sound: Sound) -> Lesson | None:
        """Return the lesson of a page that needs no reading."""
        lesson = sound.lesson
        if lesson is None:
            self.no_lessons.add(path)
            return None
        self.lessons[lesson.id] = f"{LESSONS}/{lesson.path}"
        if lesson.quiz is not None:
            name = f"{QUIZZES}/{lesson.path.removesuffix('.md')}.yml"
            self.unread_quizzes.discard(Path(f"{self.root}/{name}"))
            self.question_paths.update(dict.fromkeys(lesson.places, name))
        if lesson.plan is not None:
            self.unread_plans.discard(self._beside(path, PLANS))
        return lesson

    def _read_lesson(self, page: _Page) -> tuple[Lesson | None, tuple[lessons.Block, ...]]:
        """Return the lesson on a page, if it is one, and the page's lists of the whole course."""
        inside = self._inside(page.path)
        self._check_address(page.path, inside)
        may_be = page.may_be_lesson
        file, problems = self.reading.read_lesson(self.root, page.path, lesson=may_be)
        self.problems += problems
        lists = file.lists if file is not None else ()
        if file is not None:
            self._note_lists(file, inside)
        if file is not None and file.meta is None:
            self.no_lessons.add(page.path)
            return None, lists
        quiz_path = self._quiz_path(page.path)
        asked = self._quiz(quiz_path)
        if file is None or file.meta is None:
            return None, lists
        stem = inside.removesuffix(".md")
        for part in stem.split("/"):
            if part != slug(part):
                message = f"'{short(part)}' cannot be part of a lesson's address"
                self._file_problem(page.path, message, f"rename it to '{short(slug(part))}'")
        name = file.meta.id or stem
        if len(name) > 120:
            hint = "shorten the names of the file and its folders"
            self._file_problem(page.path, "the address is too long: at most 120 characters", hint)
        if (earlier := self.lessons.setdefault(name, file.path)) != file.path:
            message = f"the lesson id '{short(name)}' is used by {earlier}"
            self._file_problem(page.path, message, "give each its own")
            return None, lists
        found = Lesson(
            id=name,
            title=file.meta.title,
            minutes=file.meta.minutes,
            url=f"{stem}/",
            path=inside,
            objectives=file.meta.objectives,
            quiz=asked.quiz if asked else None,
            places=self._place(file, file.meta, asked, quiz_path),
            plan=self._plan(page.path, file),
            sources=tuple(file.meta.sources),
        )
        return found, lists

    def _note_lists(self, file: lessons.LessonFile, inside: str) -> None:
        """Remember which page shows the glossary, and note what is wrong with its block."""
        for block in file.lists:
            if block.kind != "glossary":
                continue
            if not os.path.lexists(self.root / GLOSSARY):
                hint = f"write it beside {SITE}, or remove the block"
                message = f"there is no {GLOSSARY} for this glossary block"
                self._block_problem(file, block, message, hint)
            elif self.glossary_page:
                message = f"the glossary stands in {LESSONS}/{self.glossary_page} already"
                self._block_problem(file, block, message, "remove one of them")
            else:
                self.glossary_page = inside

    def _glossary(self, lessons: list[Lesson]) -> Glossary | None:
        """Return the glossary, if the course has one, and note what is wrong with it."""
        if not os.path.lexists(self.root / GLOSSARY):
            return None
        terms, document, problems = glossaries.read(self.root)
        if not self.glossary_page:
            hint = (
                "put the lines '/// glossary' and '///' into a page, and list it in the navigation"
            )
            self._file_problem(self.root / GLOSSARY, "no page shows the glossary", hint)
        # What a broken lesson says is not known, nor what is called what where the navigation is.
        if terms and not any(problem.path.startswith((LESSONS, SITE)) for problem in self.problems):
            texts = {
                lesson.id: source.read_text(self.root, self.root / LESSONS / lesson.path)
                for lesson in lessons
            }
            problems += glossaries.problems(document, terms, texts)
        self.problems += problems
        return Glossary(self.glossary_page, glossaries.ordered(terms or ()))

    def _plan(self, page: Path, file: lessons.LessonFile) -> Plan | None:
        """Return the lesson's plan page, and note what is wrong with it or with its block."""
        path = self._beside(page, PLANS)
        name = source.name_of(self.root, path)
        for block in file.plans[1:]:
            message = "the plan page stands in an earlier block"
            self._block_problem(file, block, message, "remove one of them")
        if path not in self.unread_plans:
            for block in file.plans[:1]:
                hint = "write it, or remove the block"
                self._block_problem(file, block, f"there is no {name} for this plan block", hint)
            return None
        self.unread_plans.remove(path)
        plan, problems = plans.read(self.root, path)
        self.problems += problems
        if not file.plans:
            hint = "put the lines '/// plan' and '///' where it belongs"
            self._file_problem(path, f"{file.path} has no block for this plan page", hint)
        return plan

    def _other_plans(self) -> None:
        """Note what is wrong with the plan pages that no lesson shows."""
        for path in sorted(self.unread_plans):
            self.problems += plans.read(self.root, path)[1]
            lesson = path.relative_to(self.root / PLANS).with_suffix(".md").as_posix()
            page = self.root / LESSONS / lesson
            if page in self.pages and page not in self.no_lessons:
                continue  # what is wrong with the lesson is told already
            known = [f"{LESSONS}/{self._inside(page)}" for page in self.pages]
            message = f"there is no lesson {LESSONS}/{lesson} for this plan page"
            self._file_problem(path, message, did_you_mean(f"{LESSONS}/{lesson}", known))

    def _check_address(self, path: Path, inside: str) -> None:
        first = inside.removesuffix(".md").split("/")[0]
        if first in RESERVED:
            what = "folder" if "/" in inside else "file"
            message = f"addresses that begin with '{first}/' belong to the service"
            self._file_problem(path, message, f"give the {what} another name")

    def _quiz(self, path: Path) -> quiz.QuizFile | None:
        if path not in self.unread_quizzes:
            return None
        self.unread_quizzes.remove(path)
        file, problems = self.reading.read_quiz(self.root, path)
        self.problems += problems
        if file is None:
            return None
        name = source.name_of(self.root, path)
        for question in file.quiz.questions:
            earlier = self.question_paths.setdefault(question.id, name)
            if earlier != name:
                hint = "give each question its own"
                self.problems.append(file.at(question, "id", f"is used in {earlier}, too", hint))
        return file

    def _place(
        self,
        file: lessons.LessonFile,
        meta: lessons.LessonMeta,
        asked: quiz.QuizFile | None,
        quiz_path: Path,
    ) -> dict[str, Place]:
        """Return each question's place, and note blocks and questions that miss each other."""
        if asked is None:
            if not os.path.lexists(quiz_path):  # else its problems are told already
                quiz_name = source.name_of(self.root, quiz_path)
                for block in file.blocks:
                    message = f"there is no {quiz_name} for this quiz block"
                    self._block_problem(file, block, message, "write it, or remove the block")
            return {}
        if not asked.quiz.questions:
            return {}
        places: dict[str, Place] = {}
        blocks: dict[str, int] = {}
        for block in file.blocks:
            here = Place(block.section, block.anchor)
            for question in self._in_block(file, block, asked, places):
                places[question.id] = here
                blocks[question.id] = block.line
        for pool in asked.quiz.pools:
            first = next((blocks[name] for name in pool.questions if name in blocks), 0)
            for question in asked.quiz.questions:
                if question.id in pool.questions and blocks.get(question.id, first) != first:
                    hint = f"place them all with '/// quiz | {pool.name}'"
                    message = f"others of '{pool.name}' stand in another quiz block"
                    self.problems.append(asked.at(question, "group", message, hint))
        for question in asked.quiz.questions:
            if question.objective not in meta.objectives:
                hint = did_you_mean(question.objective, meta.objectives)
                message = f"{file.path} has no objective '{question.objective}'"
                self.problems.append(asked.at(question, "objective", message, hint))
            if question.id not in places:
                hint = f"add '/// quiz | {question.id}' and '///' below it"
                message = f"stands nowhere in {file.path}"
                self.problems.append(asked.at(question, "id", message, hint))
        return places

    def _in_block(
        self,
        file: lessons.LessonFile,
        block: lessons.Block,
        asked: quiz.QuizFile,
        places: dict[str, Place],
    ) -> list[Question]:
        wanted = asked.quiz.named(block.name) if block.name else asked.quiz.questions
        free = [question for question in wanted if question.id not in places]
        if block.name in asked.broken_names or (asked.broken_names and not block.name):
            return free
        if block.name and not wanted:
            message = f"no question, group or objective is named '{short(block.name)}'"
            self._block_problem(file, block, message, did_you_mean(block.name, asked.quiz.names()))
        if wanted and not free:
            what = f"'{block.name}' stands" if block.name else "all questions stand"
            message = f"{what} in an earlier quiz block"
            self._block_problem(file, block, message, "remove one of them")
        return free

    def _block_problem(
        self, file: lessons.LessonFile, block: lessons.Block, message: str, hint: str
    ) -> None:
        self.problems.append(Problem(file.path, block.line, 1, message, hint))

    def _other_quizzes(self) -> None:
        """Note what is wrong with the quizzes that no lesson asks."""
        stems = {self._quiz_path(page): page for page in self.pages} if self.unread_quizzes else {}
        for path in sorted(self.unread_quizzes):
            self._quiz(path)
            page = stems.get(path)
            if page is None:
                lesson = f"{LESSONS}/{path.relative_to(self.root / QUIZZES).with_suffix('.md').as_posix()}"
                known = {source.name_of(self.root, known)[len(QUIZZES) + 1 :] for known in stems}
                hint = did_you_mean(path.relative_to(self.root / QUIZZES).as_posix(), known)
                self._file_problem(path, f"there is no lesson {lesson} for this quiz", hint)
            elif page in self.no_lessons:
                message = f"{source.name_of(self.root, page)} is no lesson, so nobody is asked this"
                hint = f"list it inside a module of {SITE}; an index.md is never a lesson"
                self._file_problem(path, message, hint)
        for suffix in (".yaml", ".YAML", ".YML"):
            for path in _files(self.root / QUIZZES, suffix):
                hint = f"rename it to {path.with_suffix('.yml').name}"
                self._file_problem(path, "is not read: quizzes end in .yml", hint)


def _files(folder: Path, suffix: str) -> list[Path]:
    """Return what is called so in *folder*, in order; editors' own hidden files are passed over."""
    found = []
    for top, folders, names in os.walk(folder):  # in a tenth of the time of `rglob`
        inside = top[len(str(folder)) :]
        found += [f"{inside}/{name}" for name in (*names, *folders) if name.endswith(suffix)]
        folders[:] = [name for name in folders if not name.startswith(".")]
    found.sort(key=lambda inside: inside.split("/"))
    return [Path(f"{folder}{inside}") for inside in found if "/." not in inside]


def _is_address(url: Any) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except (ValueError, AttributeError, TypeError):
        return False


def _targets(
    nav: list[Any], steps: tuple[str | int, ...], module: str | None
) -> Iterator[tuple[tuple[str | int, ...], Any, str | None]]:
    """Yield where each page of the navigation stands, what it names, and its module."""
    for position, entry in enumerate(nav):
        here = (*steps, position)
        if not isinstance(entry, dict):
            yield here, entry, module
            continue
        for title, target in entry.items():
            if isinstance(target, list):
                yield from _targets(target, (*here, title), module or title)
            else:
                yield (*here, title), target, module
