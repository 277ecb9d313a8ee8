"""Reading a course from its files: pages, quizzes, plans, the glossary, and every problem in them."""

import dataclasses
import functools
import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from course.content import (
    addresses,
    hosts,
    navigation,
    places,
    quiz,
    site_file,
    site_settings,
    source,
)
from course.content import glossary as glossaries
from course.content import lesson as lessons
from course.content import plan as plans
from course.content.course import Course, Lesson, Module, Place
from course.content.glossary import Glossary
from course.content.plan import Plan
from course.content.problems import CourseError, Problem, did_you_mean, errors, short

LESSONS = "lessons"
QUIZZES = "quizzes"
PLANS = "plans"
GLOSSARY = glossaries.FILE
SITE = site_file.SITE

SAME_ADDRESS = "give one of them another name"


def quiz_name(lesson: str) -> str:
    """Return the file of a lesson's quiz: "quizzes/begin/hello.yml" of "begin/hello.md"."""
    return f"{QUIZZES}/{lesson.removesuffix('.md')}.yml"


def plan_name(lesson: str) -> str:
    """Return the file of a lesson's plan page: "plans/begin/hello.yml" of "begin/hello.md"."""
    return f"{PLANS}/{lesson.removesuffix('.md')}.yml"


@dataclass(frozen=True)
class ValidPage:
    """A page whose own files have no problems; checks across pages are separate."""

    lesson: Lesson | None
    """None for a page that is no lesson."""
    aliases: tuple[str, ...] = ()
    """Addresses that the page had before."""


@dataclass(frozen=True)
class Reading:
    """How files are read; a caller with a cache passes its own functions."""

    read_lesson: Callable[..., tuple[lessons.LessonFile | None, list[Problem]]] = lessons.read
    read_quiz: Callable[[Path, Path], tuple[quiz.QuizFile | None, list[Problem]]] = quiz.read
    expect: Callable[[Sequence[tuple[Path, bool]]], object] = lambda pages: None
    """Called with the pages that will be asked for, each with whether its place lets it be a lesson."""
    recall: Callable[[Path, bool], ValidPage | None] = lambda page, lesson: None
    """Returns a page that has been sound, if its files say the same."""
    note: Callable[[Path, bool, ValidPage], object] = lambda page, lesson, sound: None
    """Called with each page that has no problems and could not be recalled."""


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

    *site_url* replaces that of mkdocs.yml.
    """
    reader = _Reader(root, reading)
    course = reader.course(site_url)
    return course, sorted(set(reader.problems))


def reread_lesson(
    course: Course, lesson: Lesson, root: Path, reading: Reading = FROM_FILES
) -> tuple[Course, list[Problem]]:
    """Return *course* with one lesson read again, and the problems of its files.

    Checks across files, such as for an id used twice, are left to `read`.
    """
    page = root / LESSONS / lesson.path
    reader = _Reader(root, reading, [page])
    module = next(module for module in course.modules if lesson in module.lessons)
    fresh = reader._lesson(_Page(page, module.title)) or lesson
    lessons = tuple(fresh if one is lesson else one for one in module.lessons)
    modules = (Module(m.title, lessons) if m is module else m for m in course.modules)
    return dataclasses.replace(course, modules=tuple(modules)), sorted(set(reader.problems))


def read_page(page: Path, root: Path, reading: Reading, *, lesson: bool) -> None:
    """Read one page by itself; calls `reading.note` if it has no problems."""
    _Reader(root, reading, [page])._lesson(_Page(page, "any" if lesson else None))


def question_ids(root: Path) -> set[str]:
    """Return the ids of all questions in the quizzes, however wrong the rest of the files is."""
    paths = _files(root / QUIZZES, ".yml")
    return set().union(*(quiz.ids_in(root, path) for path in paths))


def write_missing_ids(root: Path) -> dict[str, list[str]]:
    """Give each question without an id one of its own; return the ids written, by file."""
    taken = question_ids(root)
    written = {
        source.name_of(root, path): quiz.write_missing_ids(root, path, taken)
        for path in _files(root / QUIZZES, ".yml")
    }
    return {name: ids for name, ids in written.items() if ids}


@dataclass(frozen=True)
class _Page:
    """A page in the navigation; *module* is None for one at the top level."""

    path: Path
    module: str | None

    @property
    def may_be_lesson(self) -> bool:
        return self.module is not None


class _Reader:
    """Reads a course once, gathering the problems of all its files."""

    def __init__(self, root: Path, reading: Reading, pages: list[Path] | None = None) -> None:
        """*pages* are the only ones to be read, where that is not all of them."""
        self.root = root
        self.reading = reading
        self.problems: list[Problem] = []
        self._top = len(str(root / LESSONS)) + 1
        self.pages = _files(root / LESSONS, ".md") if pages is None else pages
        self.unread_quizzes = self._names(QUIZZES, quiz_name, pages)
        """The quizzes that no page has asked for yet, as "quizzes/begin/hello.yml"."""
        self.unread_plans = self._names(PLANS, plan_name, pages)
        """The same of plan pages."""
        self.lessons: dict[str, str] = {}
        """The path of each lesson, by id."""
        self.question_paths: dict[str, str] = {}
        self.no_lessons: set[Path] = set()
        """Pages in the navigation that are no lessons."""
        self.glossary_page = ""
        """The page that shows the glossary."""
        self.left_out: set[Path] = set()
        """Pages that mkdocs.yml keeps out of the site."""
        self.aliases: dict[str, tuple[Path, str]] = {}
        """The page of each old address, and how the entry is written."""

    def _names(
        self, folder: str, name: Callable[[str], str], pages: Sequence[Path] | None
    ) -> set[str]:
        """Return the files in *folder*, or those of *pages* that exist, each as *name* calls it."""
        if pages is None:
            top = self.root / folder
            return {f"{folder}{str(path)[len(str(top)) :]}" for path in _files(top, ".yml")}
        names = map(name, map(self._inside, pages))
        return {found for found in names if os.path.lexists(self.root / found)}

    def course(self, site_url: str | None) -> Course | None:
        site, problems = site_file.read(self.root)
        self.problems += problems
        if site is None:
            return None
        modules: dict[str, list[Lesson]] = {}
        patterns = navigation.Patterns(site.data)
        left_out = {path for path in self.pages if patterns.leave_out(self._inside(path))}
        self.left_out, self.pages = left_out, [p for p in self.pages if p not in left_out]
        pages = [*self._pages(site, patterns)]
        pages += self._unlisted({page.path for page in pages}, patterns)
        self._check_addresses()
        self.reading.expect([(page.path, page.may_be_lesson) for page in pages])
        for page in pages:
            lesson = self._lesson(page)
            if lesson is not None and page.module is not None:
                modules.setdefault(page.module, []).append(lesson)
        self._other_quizzes()
        self._other_plans()
        url = site_url or self._site_url(site)
        built = tuple(Module(title, tuple(lessons)) for title, lessons in modules.items())
        glossary = self._glossary([lesson for lessons in modules.values() for lesson in lessons])
        named, problems = hosts.read(site)
        self.problems += [*problems, *site_settings.problems(site)]
        title = str(site.data.get("site_name") or "Course")
        return Course(title, url, built, glossary, named, self._redirects(built))

    def _file_problem(self, path: Path, message: str, hint: str = "") -> None:
        self.problems.append(Problem(source.name_of(self.root, path), 1, 1, message, hint))

    def _site_url(self, site: source.Document) -> str:
        url, problems = site_file.address(site)
        self.problems += problems
        return url

    def _pages(self, site: source.Document, patterns: navigation.Patterns) -> Iterator[_Page]:
        """Yield the pages in the navigation, and note entries that lead nowhere."""
        nav = site.data.get("nav")
        if nav is not None:
            yield from self._written_pages(site, nav, patterns)
            return
        shown = [name for page in self.pages if not patterns.hide(name := self._inside(page))]
        for _, name, module in navigation.from_folders(shown):
            yield _Page(self.root / LESSONS / name, module)

    def _written_pages(
        self, site: source.Document, nav: list[Any], patterns: navigation.Patterns
    ) -> Iterator[_Page]:
        folder = self.root / LESSONS
        pages = {self._inside(page): page for page in self.pages}
        seen: dict[PurePosixPath, int] = {}
        modules: dict[str | None, str | int] = {}
        for steps, target, module in navigation.entries(nav):
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
            elif (page := pages.get(str(inside))) is not None:
                seen[inside] = at("").line
                yield _Page(page, module)
            elif (path := folder / inside) in self.left_out:
                setting = patterns.leave_out(self._inside(path))
                message = f"nav: {short(target)} is kept out of the site by '{setting}'"
                problem = at(message, "readers find nothing there: remove it here or there")
                self.problems.append(dataclasses.replace(problem, is_warning=True))
            elif not (inside.suffix not in ("", ".md") and os.path.lexists(path)):
                hint = did_you_mean(target, {self._inside(page) for page in self.pages})
                self.problems.append(at(f"nav: there is no {LESSONS}/{short(target)}", hint))

    def _unlisted(self, listed: set[Path], patterns: navigation.Patterns) -> Iterator[_Page]:
        """Yield the pages of the site that stand outside the navigation; none of them is a lesson."""
        for path in self.pages:
            if path in listed:
                continue
            if not patterns.hide(self._inside(path)):
                name = source.name_of(self.root, path)
                message = "is not in the navigation, so nobody finds it"
                hint = f"list it under 'nav' in {SITE}, or under 'not_in_nav' if that is meant"
                self.problems.append(Problem(name, 1, 1, message, hint, is_warning=True))
            yield _Page(path, None)

    def _check_addresses(self) -> None:
        """Note pages that would lie at the address of another."""
        first: dict[str, Path] = {}
        for path in sorted(self.pages, key=lambda page: page.name == "README.md"):
            inside = self._inside(path)
            if not inside.isprintable():
                hint = "rename it, with letters, digits and hyphens"
                self._file_problem(path, "has a name that cannot be an address", hint)
            elif (other := first.setdefault(addresses.of_page(inside), path)) != path:
                taken = source.name_of(self.root, other)
                self._file_problem(path, f"has the same address as {taken}", SAME_ADDRESS)

    def _redirects(self, modules: Sequence[Module]) -> dict[str, str]:
        """Return the address of the page that each old address leads to, and note what is wrong with these.

        The id of a lesson that moved is an old address, too, unless something else lies there now.
        """
        pages = {addresses.of_page(self._inside(page)): page for page in self.pages}
        found: dict[str, str] = {}
        for alias, (path, written) in self.aliases.items():
            if alias in pages:
                what = f"is the address of {source.name_of(self.root, pages[alias])}"
            elif os.path.lexists(self.root / LESSONS / alias.rstrip("/")):
                what = f"is a file or a folder in {LESSONS}"
                what = "" if (self.root / LESSONS / alias).is_dir() else what
            else:
                what = ""
            if what:
                self._alias_problem(path, written, what)
            found[alias] = addresses.as_url(addresses.of_page(self._inside(path)))
        for lesson in (lesson for module in modules for lesson in module.lessons):
            if lesson.id == unicodedata.normalize("NFC", lesson.path.removesuffix(".md")):
                continue
            address, trouble = addresses.of_alias(lesson.id)
            if address not in pages and not trouble:
                found.setdefault(address, lesson.url)
        return found

    def _note_aliases(self, path: Path, aliases: Iterable[str]) -> None:
        for written in aliases:
            address, trouble = addresses.of_alias(written)
            other = self.aliases.setdefault(address, (path, written))[0]
            if not trouble and other != path:
                trouble = f"leads to {source.name_of(self.root, other)} already"
            if trouble:
                self._alias_problem(path, written, trouble)

    def _alias_problem(self, path: Path, written: str, trouble: str) -> None:
        name = source.name_of(self.root, path)
        lines = source.read_text(self.root, path).split("\n")
        line = next((number for number, text in enumerate(lines, 1) if written in text), 1)
        hint = "write an address that the page had before, such as module/lesson/"
        self.problems.append(Problem(name, line, 1, f"aliases: {short(written)} {trouble}", hint))

    def _inside(self, page: Path) -> str:
        """Return the path of *page* in the folder of lessons."""
        return str(page)[self._top :]  # pathlib would take as long as the rest of a known page

    def _lesson(self, page: _Page) -> Lesson | None:
        sound = self.reading.recall(page.path, page.may_be_lesson)
        if sound is not None and self._fits(sound):
            self._note_aliases(page.path, sound.aliases)
            return self._taken(page.path, sound)
        before = len(self.problems)
        lesson, file = self._read_lesson(page)
        aliases = tuple(file.page.aliases) if file is not None else ()
        if len(self.problems) == before and not (file and file.lists):
            self.reading.note(page.path, page.may_be_lesson, ValidPage(lesson, aliases))
        self._note_aliases(page.path, aliases)
        return lesson

    def _fits(self, sound: ValidPage) -> bool:
        """Whether a page shares no name with those before it; if it does, its files have to tell where."""
        lesson = sound.lesson
        return lesson is None or (
            lesson.id not in self.lessons and self.question_paths.keys().isdisjoint(lesson.places)
        )

    def _taken(self, path: Path, sound: ValidPage) -> Lesson | None:
        """Return the lesson of a page that needs no reading."""
        lesson = sound.lesson
        if lesson is None:
            self.no_lessons.add(path)
            return None
        self.lessons[lesson.id] = f"{LESSONS}/{lesson.path}"
        if lesson.quiz is not None:
            name = quiz_name(lesson.path)
            self.unread_quizzes.discard(name)
            self.question_paths.update(dict.fromkeys(lesson.places, name))
        if lesson.plan is not None:
            self.unread_plans.discard(plan_name(lesson.path))
        return lesson

    def _read_lesson(self, page: _Page) -> tuple[Lesson | None, lessons.LessonFile | None]:
        """Return the lesson on a page, if it is one, and the page as read."""
        inside = self._inside(page.path)
        self._check_address(page.path, inside)
        may_be = page.may_be_lesson
        file, problems = self.reading.read_lesson(self.root, page.path, lesson=may_be)
        self.problems += problems
        if file is not None:
            self._note_lists(file, inside)
        if file is not None and file.meta is None:
            self.no_lessons.add(page.path)
            return None, file
        asked = self._quiz(quiz_name(inside))
        if file is None or file.meta is None:
            return None, file
        for part in inside.removesuffix(".md").split("/"):
            message, hint = addresses.trouble_with_name(part)
            if message:
                self._file_problem(page.path, message, hint)
        stem = unicodedata.normalize("NFC", inside.removesuffix(".md"))
        name = file.meta.id or stem
        if len(name) > addresses.MAX_LENGTH:
            hint = "shorten the names of the file and its folders"
            self._file_problem(
                page.path,
                f"the address is too long: at most {addresses.MAX_LENGTH} characters",
                hint,
            )
        if (earlier := self.lessons.setdefault(name, file.path)) != file.path:
            message = f"the lesson id '{short(name)}' is used by {earlier}"
            self._file_problem(page.path, message, "give each its own")
            return None, file
        found = Lesson(
            id=name,
            title=file.meta.title,
            minutes=file.meta.minutes,
            url=addresses.as_url(addresses.of_page(inside)),
            path=inside,
            objectives=file.meta.objectives,
            quiz=asked.quiz if asked else None,
            places=self._place(file, file.meta, asked, quiz_name(inside)),
            plan=self._plan(plan_name(inside), file),
            sources=tuple(file.meta.sources),
        )
        return found, file

    def _note_lists(self, file: lessons.LessonFile, inside: str) -> None:
        """Remember which page shows the glossary, and note what is wrong with its block."""
        for block in file.lists:
            if block.kind != "glossary":
                continue
            if not os.path.lexists(self.root / GLOSSARY):
                hint = f"write it beside {SITE}, or remove the block"
                message = f"there is no {GLOSSARY} for this glossary block"
                self.problems.append(file.at(block, message, hint))
            elif self.glossary_page:
                message = f"the glossary stands in {LESSONS}/{self.glossary_page} already"
                self.problems.append(file.at(block, message, "remove one of them"))
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
        if terms and not any(p.path.startswith((LESSONS, SITE)) for p in errors(self.problems)):
            texts = {
                lesson.id: source.read_text(self.root, self.root / LESSONS / lesson.path)
                for lesson in lessons
            }
            problems += glossaries.problems(document, terms, texts)
        self.problems += problems
        return Glossary(self.glossary_page, glossaries.ordered(terms or ()))

    def _plan(self, name: str, file: lessons.LessonFile) -> Plan | None:
        """Return the plan page *name* of a lesson, and note what is wrong with it or with its block."""
        for block in file.plans[1:]:
            message = "the plan page stands in an earlier block"
            self.problems.append(file.at(block, message, "remove one of them"))
        if name not in self.unread_plans:
            for block in file.plans[:1]:
                hint = "write it, or remove the block"
                message = f"there is no {source.printable(name)} for this plan block"
                self.problems.append(file.at(block, message, hint))
            return None
        self.unread_plans.remove(name)
        path = self.root / name
        plan, problems = plans.read(self.root, path)
        self.problems += problems
        if not file.plans:
            hint = "put the lines '/// plan' and '///' where it belongs"
            self._file_problem(path, f"{file.path} has no block for this plan page", hint)
        return plan

    def _other_plans(self) -> None:
        """Note what is wrong with the plan pages that no lesson shows."""
        for name in sorted(self.unread_plans, key=PurePosixPath):
            path = self.root / name
            self.problems += plans.read(self.root, path)[1]
            lesson = path.relative_to(self.root / PLANS).with_suffix(".md").as_posix()
            page = self.root / LESSONS / lesson
            if page in self.left_out:
                continue
            if page in self.pages and page not in self.no_lessons:
                continue  # the lesson's problems are reported already
            known = [f"{LESSONS}/{self._inside(page)}" for page in self.pages]
            message = f"there is no lesson {LESSONS}/{lesson} for this plan page"
            self._file_problem(path, message, did_you_mean(f"{LESSONS}/{lesson}", known))

    def _check_address(self, path: Path, inside: str) -> None:
        first = inside.removesuffix(".md").split("/")[0]
        if first in addresses.RESERVED:
            what = "folder" if "/" in inside else "file"
            message = f"addresses that begin with '{first}/' belong to the service"
            self._file_problem(path, message, f"give the {what} another name")

    def _quiz(self, name: str) -> quiz.QuizFile | None:
        if name not in self.unread_quizzes:
            return None
        self.unread_quizzes.remove(name)
        file, problems = self.reading.read_quiz(self.root, self.root / name)
        self.problems += problems
        if file is None:
            return None
        for question in file.quiz.questions:
            earlier = self.question_paths.setdefault(question.id, name)
            if earlier != name:
                hint = "give each question its own"
                self.problems.append(
                    file.at(question, ("id",), f"is used in {source.printable(earlier)}, too", hint)
                )
        return file

    def _place(
        self,
        file: lessons.LessonFile,
        meta: lessons.LessonMeta,
        asked: quiz.QuizFile | None,
        name: str,
    ) -> dict[str, Place]:
        """Return the place of each question of the quiz *name*, and note blocks without a quiz."""
        if asked is not None:
            found, problems = places.place_questions(file, list(meta.objectives), asked)
            self.problems += problems
            return found
        if not os.path.lexists(self.root / name):  # else its problems are reported already
            message = f"there is no {source.printable(name)} for this quiz block"
            hint = "write it, or remove the block"
            self.problems += [file.at(block, message, hint) for block in file.blocks]
        return {}

    def _other_quizzes(self) -> None:
        """Note what is wrong with the quizzes that no lesson asks."""
        pages = {quiz_name(self._inside(page)): page for page in self.pages}
        left_out = {quiz_name(self._inside(page)) for page in self.left_out}
        for name in sorted(self.unread_quizzes, key=PurePosixPath):
            path = self.root / name
            self._quiz(name)
            page = pages.get(name)
            if name in left_out:
                continue
            if page is None:
                lesson = f"{LESSONS}/{path.relative_to(self.root / QUIZZES).with_suffix('.md').as_posix()}"
                known = {source.printable(known).removeprefix(f"{QUIZZES}/") for known in pages}
                hint = did_you_mean(name.removeprefix(f"{QUIZZES}/"), known)
                self._file_problem(path, f"there is no lesson {lesson} for this quiz", hint)
            elif page in self.no_lessons:
                message = f"{source.name_of(self.root, page)} is no lesson, so nobody is asked this"
                hint = f"list it inside a module of {SITE}; an index.md is a lesson when it has 'objectives:'"
                self._file_problem(path, message, hint)
        for path in _files(self.root / QUIZZES, ".yaml", ".YAML", ".YML"):
            hint = f"rename it to {path.with_suffix('.yml').name}"
            self._file_problem(path, "is not read: quizzes end in .yml", hint)


def _files(folder: Path, *suffixes: str) -> list[Path]:
    """Return what ends in one of *suffixes* in *folder*, in order, without hidden files."""
    found = []
    for top, folders, names in os.walk(folder):  # in a tenth of the time of `rglob`
        inside = top[len(str(folder)) :]
        found += [f"{inside}/{name}" for name in (*names, *folders) if name.endswith(suffixes)]
        folders[:] = [name for name in folders if not name.startswith(".")]
    found.sort(key=lambda inside: inside.split("/"))
    return [Path(f"{folder}{inside}") for inside in found if "/." not in inside]
