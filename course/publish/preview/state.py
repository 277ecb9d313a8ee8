"""The course as it is now: read again at each save, its pages made when somebody opens them."""

import contextlib
import mimetypes
import os
import signal
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

import jinja2
from markupsafe import Markup
from mkdocs.commands import build as mkdocs
from mkdocs.structure.pages import Page

from course import markup
from course.content.course import Course
from course.content.hosts import Hosts
from course.content.problems import CourseError, Problem, errors
from course.content.questions.base import Question
from course.content.reading import LESSONS, PLANS, QUIZZES, quiz_name, read, reread_lesson
from course.publish import diagnostics, drawings
from course.publish.cache import FOLDER, Cache
from course.publish.opening import load_pages
from course.publish.pages import Pages
from course.publish.plugin import as_html, with_title_as_html
from course.publish.preview import notes
from course.publish.preview.readings import LastGood

HERE = Path(__file__).parent

PAUSE = 0.5
"""Seconds without a save before all files are looked at together: the page that was saved comes first."""


class Preview:
    """Answers for every address of the site, and tells who waits what has changed.

    One lock guards it all: a page takes some hundredths of a second, and few people look.
    """

    def __init__(self, root: Path, site_url: str) -> None:
        self.root = root.resolve()
        self.site_url = site_url
        self.notes: Mapping[str, Markup] = {}
        """What to show below the key of each question: see `notes.add_keys`."""
        self.problems: list[Problem] = []
        """What is wrong with the files, whichever page is looked at."""
        self.version = 0
        self.lock = threading.RLock()
        self._news = threading.Condition()
        self._changed: dict[int, frozenset[str] | None] = {}
        self._stack = contextlib.ExitStack()
        self._messages = self._stack.enter_context(diagnostics.capture_messages())
        cache = self._stack.enter_context(contextlib.closing(Cache(self.root / FOLDER)))
        self._readings = LastGood(self.root, cache)
        self._pages: Pages | None = None
        self._shown = ""
        self._helper = 0
        self._timer = threading.Timer(PAUSE, self._check_all_files)
        self._of_site: set[Problem] = set()
        """What MkDocs reports of the settings and the navigation, which no file of ours shows."""
        self._made: dict[str, list[Problem]] = {}
        """The pages whose text is made, with the problems found meanwhile."""
        self.open()

    # -- reading

    def open(self) -> None:
        """Read everything again. What cannot be read at all leaves the pages as they were."""
        with self.lock:
            course, self.problems = read(self.root, self.site_url, self._readings.full_reading)
            if course is None:
                return
            try:
                with diagnostics.as_course_error(self.root, self._messages):
                    self._pages = self._opened(course)
                found = diagnostics.site_problems(self.root, self._messages, self.problems)
            except CourseError as error:
                found = error.problems
            self._of_site = set(found)
            self.problems = sorted({*self.problems, *found})
            del self._messages[:]
            self._shown = self._page_metadata()

    def _opened(self, course: Course) -> Pages:
        pages = load_pages(
            self.root,
            self.root / "site",
            course,
            self._readings,
            self._messages,
            broken=self._broken(),
        )
        assert pages.env.loader is not None  # noqa: S101 - for the type checker: MkDocs sets it
        own = jinja2.FileSystemLoader(HERE / "theme")
        pages.env.loader = jinja2.ChoiceLoader([pages.env.loader, own])
        self._made = {}
        for page in pages.pages:
            if "title" not in page.meta and pages.titles[page.file.src_uri] is None:
                self._make(pages, page)  # only its text says what it is called
        pages.plugin.problems.clear()
        pages.finish_texts()
        return pages

    def _broken(self) -> set[str]:
        """Return the pages whose files have problems."""
        return {
            uri for problem in errors(self.problems) if (uri := diagnostics.page_uri(problem.path))
        }

    def update_files(self, paths: Iterable[Path]) -> None:
        """Go on from what the files at *paths* say now."""
        with self.lock:
            paths = {path for path in paths if path.exists() or self._knows(path)}
            if not paths:
                return  # a file that an editor made and removed
            pages = self._pages
            uris = {diagnostics.page_uri(self._name(path)) for path in paths}
            are_edits = all(path.is_file() and self._readings.knows(path) for path in paths)
            for path in paths:
                self._readings.invalidate(path)
            if pages is None or not are_edits or not uris <= set(pages.files.src_uris):
                self.open()
                self._announce(None)
                return
            for uri in uris:
                self._edit(pages, uri)
            self._announce(frozenset(pages.files.src_uris[uri].page.url for uri in uris))  # type: ignore[union-attr]
        self._timer.cancel()
        self._timer = threading.Timer(PAUSE, self._check_all_files)
        self._timer.daemon = True
        self._timer.start()

    def _edit(self, pages: Pages, uri: str) -> None:
        """Take up the page *uri* by itself: that is on the screen before all others are looked at."""
        lesson = pages.plugin.lessons.get(uri)
        course = pages.plugin.course
        if lesson is not None and course is not None:
            course, found = reread_lesson(course, lesson, self.root, self._readings.full_reading)
            others = [
                problem for problem in self.problems if diagnostics.page_uri(problem.path) != uri
            ]
            self.problems = sorted({*others, *found})
            pages.plugin.take(course, pages.config)
            pages.env.globals["course"] = course
            (pages.broken.add if errors(found) else pages.broken.discard)(uri)
        self._made.pop(uri, None)
        self._reread(pages, cast(Page, pages.files.src_uris[uri].page))

    def _check_all_files(self) -> None:
        """Look at all files together: an edit in one can mend another, or stand in its navigation."""
        _, problems = read(self.root, self.site_url, self._readings.full_reading)
        with self.lock:
            if (
                sorted({*problems, *self._of_site}) != self.problems
                or self._page_metadata() != self._shown
            ):
                self.open()
                self._announce(None)
        self.check_pages()

    def check_pages(self) -> None:
        """Make the texts of all pages, so that every page lists the problems of all others.

        The lock is free between two pages, so that a request for one goes first.
        """
        if self._helper:  # which fills the cache meanwhile
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self._helper, 0)
            self._helper = 0
        before = self._found_in_texts()
        for page in self._pages.pages if self._pages else ():
            with self.lock:
                pages = self._pages
                if pages is None or pages.files.src_uris.get(page.file.src_uri) is not page.file:
                    return  # all is read again, and looked at then
                self._make(pages, page)
        if self._found_in_texts() != before:
            self._announce(None)

    def _found_in_texts(self, but: str = "") -> list[Problem]:
        """Return the problems of all texts made so far, *but* of one page."""
        with self.lock:
            return sorted({p for uri, found in self._made.items() if uri != but for p in found})

    def _knows(self, path: Path) -> bool:
        """Whether the course was made of *path*, which may be gone now."""
        known = self._pages.files.src_uris if self._pages else {}
        name = self._name(path)
        inside = name.removeprefix(f"{LESSONS}/")
        return self._readings.knows(path) or inside in known or "/" not in name

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else ""

    def folders(self) -> list[Path]:
        """Return the folders whose files the course is made of."""
        with self.lock:
            config = self._pages.config if self._pages else None
            named = (
                [config.docs_dir, config.theme.custom_dir or "", *config.watch] if config else []
            )
        found = {self.root / LESSONS, self.root / QUIZZES, self.root / PLANS}
        found |= {Path(name).resolve() for name in named if name}
        return sorted(path for path in found if path.is_dir() and path != self.root)

    def _page_metadata(self) -> str:
        """Return what pages may show of others."""
        pages = self._pages.pages if self._pages else []
        return repr([(page.file.src_uri, page.meta) for page in pages])

    def _reread(self, pages: Pages, page: Page) -> None:
        pages.reread(page)
        text = page.markdown or ""
        if text.startswith("---\n"):  # front matter that is broken, which MkDocs takes for text
            page.markdown = text.partition("\n---\n")[2]
        with_title_as_html(page)
        page.title = as_html(str(page.title))

    # -- news

    def _announce(self, urls: frozenset[str] | None) -> None:
        with self._news:
            self.version += 1
            self._changed[self.version] = urls
            self._changed.pop(self.version - 100, None)
            self._news.notify_all()

    def wait(self, since: int, seconds: float) -> tuple[int, frozenset[str] | None]:
        """Wait for what is newer than *since*; return the version, and the pages that changed.

        None means all of them; the same version means that nothing has changed.
        """
        with self._news:
            self._news.wait_for(lambda: self.version > since, seconds)
            versions = range(since + 1, self.version + 1)
            changed = [self._changed.get(version) for version in versions]
            if None in changed:
                return self.version, None
            return self.version, frozenset().union(*(urls for urls in changed if urls))

    # -- showing

    def _make(self, pages: Pages, page: Page) -> None:
        """Make the text of *page*, and store the problems found meanwhile."""
        uri = page.file.src_uri
        if uri in self._made:
            return
        self._made[uri] = []
        before = len(self._messages)
        found: list[Problem] = []
        try:
            with diagnostics.as_course_error(self.root, self._messages):
                pages.text(page)
                for file in pages.linked(page):
                    if file.page is not None:
                        self._make(pages, file.page)
                pages.check_anchors([page])
        except CourseError as error:
            found += error.problems
            page.content = " "  # not "", which stands for one left in the cache
        found += diagnostics.problems(self.root, self._messages[before:])
        found += [
            problem
            for problem in pages.plugin.problems
            if diagnostics.page_uri(problem.path) == uri
        ]
        found += pages.warned.get(uri, [])
        pages.plugin.problems.clear()
        del self._messages[before:]
        self._made[uri] = found

    def page(self, url: str) -> str | None:
        """Return the page at *url*, which is relative to the site's root; None if there is none."""
        with self.lock:
            pages = self._pages
            if pages is None:
                return self._not_yet()
            page = next((page for page in pages.pages if unquote(page.url) == url), None)
            if page is None:
                return None
            self._make(pages, page)
            try:
                with diagnostics.as_course_error(self.root, self._messages):
                    return self._filled(pages, page)
            except CourseError as error:
                return self._not_yet(error.problems)

    def _filled(self, pages: Pages, page: Page) -> str:
        uri = page.file.src_uri
        pages.load_content(page)
        plain = page.content
        mine = [problem for problem in self.problems if diagnostics.page_uri(problem.path) == uri]
        others = [problem for problem in self.problems if diagnostics.page_uri(problem.path) != uri]
        here = sorted({*mine, *self._made[uri]})
        content, above = notes.add_problems(plain or "", here, self._source(uri))
        lesson = pages.plugin.lessons.get(uri)
        asked = {question.id: question for question in lesson.questions} if lesson else {}
        known = pages.files.src_uris
        bar = notes.render(
            "bar.html",
            version=self.version,
            has_questions=bool(asked),
            others=[
                (problem, _address(known, problem))
                for problem in sorted({*others, *self._found_in_texts(but=uri)})
            ],
        )
        content = notes.add_keys(content, asked, self.notes)
        page.content = markup.placed(content, pages.addresses.get(uri, {}))
        try:
            return pages.make_page(
                page,
                "preview.html",
                preview={
                    "template": page.meta.get("template", "main.html"),
                    "bar": Markup(bar),  # noqa: S704 - an autoescaping template
                    "above": above,
                },
            )
        finally:
            page.content = plain
            pages.unload(page)

    def _source(self, uri: str) -> notes.Source:
        lesson = f"{LESSONS}/{uri}"
        quiz = quiz_name(uri)
        return notes.Source(lesson, self._read_text(lesson), quiz, self._read_text(quiz))

    def _read_text(self, name: str) -> str:
        try:
            return (self.root / name).read_text("utf-8", "replace")
        except OSError:
            return ""

    def _not_yet(self, more: Iterable[Problem] = ()) -> str:
        problems = sorted({*self.problems, *more})
        return notes.render("broken.html", problems=notes.problems_box(problems))

    def not_found(self) -> str:
        """Return the page for an address at which there is nothing."""
        with self.lock:
            if self._pages is None:
                return self._not_yet()
            return self._template(self._pages, "404.html") or ""

    def file(self, path: str) -> tuple[bytes, str] | None:
        """Return a file of the site that is no page, and its type; None if there is none."""
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        with self.lock:
            pages = self._pages
            if pages is None:
                return None
            if path == "search/search_index.json":
                return self._index(pages).encode(), kind
            if path.startswith(f"{drawings.FOLDER}/"):
                svg = pages.drawing(path.removeprefix(f"{drawings.FOLDER}/"))
                return None if svg is None else (svg, kind)
            if path in pages.config.theme.static_templates:
                return (self._template(pages, path) or "").encode(), kind
            named = (path, f"{path}index.html") if path.endswith("/") else (path,)
            file = next((f for f in pages.files if f.dest_uri in named), None)
            if file is None or file.is_documentation_page():
                return None
            return file.content_bytes, mimetypes.guess_type(file.dest_uri)[0] or kind

    def _template(self, pages: Pages, name: str) -> str | None:
        template = pages.env.get_template(name)
        return mkdocs._build_template(name, template, pages.files, pages.config, pages.nav)

    def _index(self, pages: Pages) -> str:
        """Return the search index of the pages whose text is made, or was made at some time before."""
        for page in pages.pages:
            if page.file.src_uri not in pages.searched and pages.cache is not None:
                pages.find_text(page)
        pages.index()
        if pages.search is None:
            return "{}"
        index: str = pages.search.search_index.generate_search_index(None)
        return index

    def policy(self) -> str:
        """Return the Content-Security-Policy of the course as it is now."""
        course = self._pages.plugin.course if self._pages else None
        return (course.hosts if course else Hosts()).policy

    def placed(self, name: str, html: str) -> str:
        """Return HTML of the question *name* with its links as they are meant."""
        with self.lock:
            course = self._pages.plugin.course if self._pages else None
            found = course.asked.get(name) if course else None
            addresses = self._pages.addresses if self._pages else {}
            return markup.placed(html, addresses.get(found[0].path, {})) if found else html

    def question(self, name: str) -> Question | None:
        with self.lock:
            found = self._pages and self._pages.plugin.course and self._pages.plugin.course.asked
            return found[name][1] if found and name in found else None

    def questions(self, lesson: str) -> list[str] | None:
        """Return the ids of a lesson's questions; None if there is no such lesson."""
        with self.lock:
            course = self._pages.plugin.course if self._pages else None
            found = course.lessons.get(lesson) if course else None
            return [question.id for question in found.questions] if found else None

    def show_notes(self, make_notes: Callable[[Course], Mapping[str, Markup]]) -> None:
        """Show below each key what *make_notes* says of the course's questions; open pages take it up."""
        course = self._pages.plugin.course if self._pages else None
        found = make_notes(course) if course else {}
        if found:
            with self.lock:
                self.notes = found
                self._announce(None)

    def prepare(self) -> None:
        """Make the texts of all pages for the search, in a process that gives way to everything else.

        To be called before there are threads.
        """
        pages = self._pages
        if pages is None or pages.cache is None or not hasattr(os, "fork"):
            return
        self._helper = os.fork()
        if self._helper:
            return
        try:
            os.nice(10)
            for page in pages.pages:
                with contextlib.suppress(Exception):  # who looks at the page is told
                    if not pages.find_text(page):
                        pages.text(page)
            pages.cache.flush()
        finally:
            os._exit(0)

    def close(self) -> None:
        """End what was started."""
        self._timer.cancel()
        if self._helper:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(self._helper, signal.SIGKILL)
                os.waitpid(self._helper, 0)
        self._stack.close()


def _address(known: Mapping[str, Any], problem: Problem) -> str:
    file = known.get(diagnostics.page_uri(problem.path))
    return f"/{file.page.url}" if file is not None and file.page is not None else ""
