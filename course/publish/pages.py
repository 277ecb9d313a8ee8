"""The pages of a site, each made from its Markdown in two steps that wait for no other page.

    text    Markdown to HTML, with what MkDocs finds out on the way
    page    the theme's template around it, which knows the outline: titles and addresses of all pages

MkDocs' own `build` takes the same steps for all pages at every build. Here the result of a step is cached,
and reused until something that it depends on changes.
"""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from mkdocs.commands import build
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, get_files, set_exclusions
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc
from mkdocs.utils import write_file

from course.content.problems import CourseError, Problem, errors
from course.content.reading import quiz_name
from course.publish import (
    compressed,
    configuration,
    diagnostics,
    drawings,
    lists,
    search,
    templates,
    workers,
)
from course.publish.cache import FinishedPages, digest
from course.publish.drawings import Drawings
from course.publish.navigation import CachedNavigation
from course.publish.plugin import BLOCKS, CoursePlugin, as_html
from course.publish.question_links import LinkingFile, QuestionLinks, merged
from course.publish.reading import Readings
from course.publish.texts import Dependencies, Renderer, Text, target, token
from course.publish.watch import Watch

OnStep = Callable[[float], None]

_LEFT_OUT = re.compile(
    r"<course-question [^>]* data-search-exclude>.*?</course-question>|<math .*?</math>", re.DOTALL
)
_QUESTION_ID = re.compile(r'<course-question [^>]*\bid="([^"]+)"')
"""MkDocs does not find these anchors: they are in HTML that a block has made."""
_PLACE = re.compile(r"<!-- a place -->(?:[^<]*<!-- /a place -->)?")


def _search_text(match: re.Match[str]) -> str:
    """Return what the search reads in place of a question, which is nothing, or of a formula."""
    words = re.match(r'<math [^>]*alttext="([^"]*)"', match[0])
    return f"<!-- a place -->{words[1]}<!-- /a place -->" if words else "<!-- a place -->"


class Pages:
    """The site of a course as MkDocs sees it, and its pages.

    A page's text stays in the cache and is put into the page when something asks for it, so that memory
    does not grow with the length of the lessons. Without a cache it stays in the page.
    """

    def __init__(
        self,
        config: MkDocsConfig,
        plugin: CoursePlugin,
        messages: list[str],
        readings: Readings,
        *,
        broken: Iterable[str] = (),
        is_lazy: bool = False,
    ) -> None:
        """Open the pages; what MkDocs warns of is added to *messages*.

        With *is_lazy*, a file is read when its text is made. The files of the pages *broken* have problems:
        these pages are shown as far as possible and not cached.
        """
        self.is_lazy = is_lazy
        self.broken: set[str] = set(broken)
        self.failed: list[Problem] = []
        """Why some texts could not be made."""
        self.warned: dict[str, list[Problem]] = {}
        """What is wrong with a page that can be published all the same."""
        self.plugin = plugin
        self.messages = messages
        self.readings = readings
        templates.speed_up(config.theme)
        self.config = config = config.plugins.on_config(config)
        config.plugins.on_pre_build(config=config)
        self.cache = readings.cache if configuration.are_known(config) else None
        self.finished = FinishedPages(readings.cache)
        self.search = configuration.search(config)
        self.dependencies = Dependencies()
        if self.cache is not None:
            self._text_base = configuration.texts_digest(config, plugin.base)
            self._page_base = configuration.pages_digest(config)
            self._index_by_ourselves()
        config.markdown_extensions.append(cast(str, self.dependencies))
        self.renderer = Renderer(config, self.dependencies)
        self._find_files()
        self._read_sources()

    def _index_by_ourselves(self) -> None:
        """Stop the search from reading each page: its entries are made and cached with the text."""
        events = self.config.plugins.events["page_context"]
        events[:] = [m for m in events if getattr(m, "__self__", self) is not self.search]
        if self.search is not None:
            search.stand_in()

    def _find_files(self) -> None:
        config = self.config
        files = get_files(config)
        self.env = config.theme.get_env()
        files.add_files_from_theme(self.env, config)
        self.files = config.plugins.on_files(files, config=config)
        set_exclusions(self.files, config)
        nav = get_navigation(self.files, config)
        self.nav: Navigation = config.plugins.on_nav(nav, config=config, files=self.files)
        self.documents = self.files.documentation_pages()
        self.pages = [cast(Page, file.page) for file in self.documents]
        self.titles = {page.file.src_uri: page.__dict__.get("title") for page in self.pages}
        """The titles that the navigation gives."""
        self.listed = set(map(id, self.nav.pages))
        self.keys: dict[str, str] = {}
        """Where the text of each page lies in the cache."""
        self.names: dict[str, str] = {}
        """Each text by everything that it was made of."""
        self.searched: dict[str, str] = {}
        """The entries of each page in the search index, as JSON."""
        config.mdx_configs[BLOCKS]["broken"] = self.broken
        self.lists: set[str] = set()
        """The lists of the whole course on the page whose text is being made."""
        config.mdx_configs[BLOCKS]["lists"] = self.lists
        self._question_links: list[QuestionLinks] = config.mdx_configs[BLOCKS]["question_links"]
        """The links of the questions on the page whose text is being made, for each block."""
        self.addresses: dict[str, dict[str, str]] = {}
        """Where the links of the questions on each page lead."""
        self.question_links: dict[str, dict[str, dict[str, str]]] = {}
        """The anchors that they lead to, by page."""
        self._drawn: Drawings = config.mdx_configs[BLOCKS]["drawings"]
        """The diagrams on the page whose text is being made."""
        self.drawings: dict[str, list[str]] = {}
        """Which files the diagrams of each page are."""
        self._drawings: Drawings = {}
        """Those of this run, where there is no cache."""
        self._copied: dict[str, tuple[str, File]] = {}
        """The files of the site that are no pages and were not there before, and how each is called."""
        self._compressing = ""
        """A file of the site that is being compressed already."""
        self.unread: set[str] = set()
        """Pages whose Markdown is not read yet; their front matter is known."""
        self.unknown: set[str] = set()
        """Pages of which nothing is known; they are read when their text is made."""

    def _read_sources(self) -> None:
        """Read every page of which the cache does not know what it says."""
        self.heads: dict[str, Text] = {}
        """What the cache has of the texts, but for their content."""
        if self.cache is not None:
            keys = {self._key(page): page for page in self.pages}
            for key, entry in self.cache.get_all(list(keys)).items():
                if (found := Text.load(entry)) is not None:
                    self.heads[key] = found
        for page in self.pages:
            found = self.heads.get(self._key(page)) if self.cache is not None else None
            if found is not None:
                self.unread.add(page.file.src_uri)
                page.markdown, page.meta = "", found.meta
            elif self.is_lazy and self.cache is not None:
                self.unknown.add(page.file.src_uri)
            else:
                self._read_source(page)

    def _read_source(self, page: Page) -> None:
        before = len(self.messages)
        try:
            with diagnostics.naming_page(self.plugin.root, page.file.src_uri):
                page.read_source(self.config)
        except CourseError:
            if page.file.src_uri not in self.broken:
                raise
            del self.messages[before:]  # the problems of the file say it with its place
            page.markdown, page.meta = "", {}

    def source(self, page: Page) -> None:
        """Read the Markdown of *page*, if that was put off."""
        if page.file.src_uri in self.unknown:
            self.unknown.remove(page.file.src_uri)
            self._read_source(page)
        elif page.file.src_uri in self.unread:
            self.unread.remove(page.file.src_uri)
            meta = page.meta
            page.read_source(self.config)
            page.meta = meta  # in which titles may be HTML by now

    # -- texts

    def make_texts(self, on_step: OnStep) -> list[Page]:
        """Make the text of every page, and return those that had none before.

        `problems` returns what could not be made.
        """
        changed = new = [page for page in self.pages if not self.find_text(page)]
        if self.cache is not None:
            made = self._parallel_map(new, self._make_text_in_worker, on_step)
            new = [page for position, page in enumerate(changed) if position not in made]
            while made:  # together they are as long as the course
                position, (key, entry) = made.popitem()
                self.cache.mark_used(key, _content(key))
                if found := Text.load(entry):
                    self._apply(changed[position], found)
        for position, page in enumerate(new):
            try:
                self.text(page)
            except CourseError as error:
                self.failed += error.problems
            on_step(position / len(new))
        return changed

    def problems(self) -> list[Problem]:
        """Return, once, everything that is wrong with the texts made so far."""
        self.check_anchors(self.pages)
        found = diagnostics.problems(self.plugin.root, self.messages)
        found += self.failed + self.plugin.problems
        found += [problem for problems in self.warned.values() for problem in problems]
        for reported in (self.messages, self.failed, self.plugin.problems):
            reported.clear()
        return found

    def check_anchors(self, pages: Iterable[Page]) -> None:
        """Let MkDocs warn of links of *pages* to anchors that no text made so far has."""
        for page in pages:
            level = self.config.validation.links.anchors
            page.validate_anchor_links(files=self.files, log_level=level)
            asked: Any = SimpleNamespace(
                file=LinkingFile.beside(page.file), links_to_anchors=self._linked_by_questions(page)
            )
            Page.validate_anchor_links(asked, files=self.files, log_level=level)

    def linked(self, page: Page) -> list[File]:
        """Return the pages to whose anchors *page* or its questions link."""
        return [*(page.links_to_anchors or {}), *self._linked_by_questions(page)]

    def _linked_by_questions(self, page: Page) -> dict[File, dict[str, str]]:
        links = self.question_links.get(page.file.src_uri, {})
        return {
            file: anchors
            for uri, anchors in links.items()
            if (file := self.files.get_file_from_path(uri)) is not None
        }

    def check_templates(self) -> None:
        """Fill each template once, so that what is wrong in it is raised."""
        for name in self.config.theme.static_templates:
            build._build_theme_template(name, self.env, self.files, self.config, self.nav)
        for name in self.config.extra_templates:
            build._build_extra_template(name, self.files, self.config, self.nav)
        self.env.globals["navigation"] = CachedNavigation(self.env, self.nav, self.watch).drawn
        first = {page.meta.get("template"): page for page in reversed(self.pages)}
        for page in first.values():
            self.make_page(page)

    def _make_text_in_worker(self, page: Page) -> tuple[str, bytes]:
        """Make the text of *page* for another process; return its cache key and its dump."""
        assert self.cache is not None  # noqa: S101 - for the type checker
        found = self._make_text(page)
        self.unload(page)
        self._release_questions(page)
        key = self._key(page)
        if not self.cache.has(key):
            raise LookupError("A page that MkDocs warns of is made again in the main process.")
        return key, found.dump()

    def _release_questions(self, page: Page) -> None:
        """Release the questions on *page*, which no other page needs."""
        if (lesson := self.plugin.lessons.get(page.file.src_uri)) is not None:
            lesson.release()

    def text(self, page: Page) -> None:
        """Find the text of *page* in the cache, or make it."""
        if not self.find_text(page):
            self._make_text(page)
            self.unload(page)

    def finish_texts(self) -> None:
        """Finish what needs the titles of all pages, which the texts know, or the front matter."""
        self._add_drawings()
        self.heads.clear()
        self.env = self.config.plugins.on_env(self.env, config=self.config, files=self.files)
        self.watch = Watch(self.env, self._load_part)
        self._outline = self._name_outline()
        self._everything = digest(*(self.names.get(page.file.src_uri, "") for page in self.pages))

    def reread(self, page: Page) -> None:
        """Read the file of *page* again."""
        uri = page.file.src_uri
        self.keys.pop(uri, None)
        self.unread.discard(uri)
        page.__dict__.pop("title", None)
        if self.titles[uri] is not None:
            page.title = self.titles[uri]
        page.content = None
        page.read_source(self.config)

    def _key(self, page: Page) -> str:
        """Return where the text of *page* lies in the cache."""
        uri = page.file.src_uri
        if uri not in self.keys:
            quiz = f"{self.plugin.root}/{quiz_name(uri)}"
            self.keys[uri] = digest(
                self._text_base,
                uri,
                page.file.dest_uri,
                self._file_digest(page),
                repr(self.titles[uri]),
                repr(id(page) in self.listed),
                self.readings.name(quiz) if uri in self.plugin.lessons else "no lesson",
                self._plan(uri),
                self._terms(uri),
            )
        return self.keys[uri]

    def _file_digest(self, page: Page) -> str:
        """Return what the file of *page* says, as a digest."""
        path = page.file.abs_src_path or ""
        inside = path.startswith(f"{self.plugin.root}/")
        return (inside and self.readings.name(path)) or digest(page.file.content_bytes)

    def _plan(self, uri: str) -> str:
        """Return what the plan page of a lesson says, as plain data."""
        lesson = self.plugin.lessons.get(uri)
        return lesson.plan.model_dump_json() if lesson is not None and lesson.plan else ""

    def _terms(self, uri: str) -> str:
        """Return what a lesson may link, and where it leads, as plain data."""
        glossary = self.plugin.course.glossary if self.plugin.course else None
        return glossary.as_json if glossary is not None and uri in self.plugin.lessons else ""

    def _list(self, name: str) -> str:
        """Name what a list shows of the whole course."""
        return digest(lists.shown(self.plugin.course, name)) if self.plugin.course else ""

    def find_text(self, page: Page) -> bool:
        """Put the text of *page* into it, but for its content, if the cache has it."""
        found = self._cached_text(page)
        if found is None:
            return False
        self._apply(page, found)
        return True

    def _apply(self, page: Page, found: Text) -> None:
        if page.file.src_uri in self.unknown:
            self.unknown.remove(page.file.src_uri)
            page.meta = found.meta
        page.toc = get_toc(cast(Any, found.toc))
        page._title_from_render = found.title
        page.present_anchor_ids = set(found.anchors)
        page.links_to_anchors = {
            file: links
            for uri, links in found.links.items()
            if (file := self.files.src_uris.get(uri)) is not None
        }
        self._note(page, found)
        self.unload(page)

    def _cached_text(self, page: Page) -> Text | None:
        if self.cache is None or page.file.src_uri in self.broken:
            return None
        key = self._key(page)
        found = self.heads.pop(key, None)
        if found is None and page.file.src_uri in self.unknown:
            return None
        if found is None and (entry := self.cache.get(key)) is not None:
            found = Text.load(entry)
        return found if found is not None and self._is_current(found) else None

    def _is_current(self, found: Text) -> bool:
        """Whether everything that was looked at would be found as it was."""
        return (
            all(target(self._file(path)) == was for path, was in found.targets.items())
            and all(self.dependencies.snippet(path) == was for path, was in found.snippets.items())
            and all(self._list(name) == was for name, was in found.lists.items())
            and all(self.drawing(name) is not None for name in found.drawings)
        )

    def _file(self, path: str) -> File | None:
        """Return the file at *path* as MkDocs does, which takes each path apart first."""
        return self.files.src_uris.get(path) or self.files.get_file_from_path(path)

    def drawing(self, name: str) -> bytes | None:
        """Return the diagram in the file *name*; None if no text made so far has it."""
        if self.cache is None:
            return self._drawings.get(name)
        return self.cache.get(_drawing(name))

    def addresses_by_url(self) -> dict[str, dict[str, str]]:
        """Return the addresses for the service, as Course.addresses has them."""
        return {
            self.plugin.lessons[uri].url: found
            for uri, found in sorted(self.addresses.items())
            if found and uri in self.plugin.lessons
        }

    def _add_drawings(self) -> None:
        """Put the diagrams of all texts among the files of the site."""
        known = self.files.src_uris
        for name in sorted({name for names in self.drawings.values() for name in names}):
            uri, svg = f"{drawings.FOLDER}/{name}", self.drawing(name)
            if uri not in known and svg is not None:
                self.files.append(File.generated(self.config, uri, content=svg))

    def _note(self, page: Page, found: Text) -> None:
        uri = page.file.src_uri
        if self.cache is not None:
            dependencies = json.dumps([found.targets, found.snippets, found.lists])
            self.names[uri] = digest(self._key(page), dependencies)
            self.cache.mark_used(_content(self._key(page)))
        self.searched[uri] = found.search
        self.warned[uri] = [Problem(*warning) for warning in found.warnings]
        self.drawings[uri] = found.drawings
        self.addresses[uri] = found.addresses
        self.question_links[uri] = found.question_links
        if self.cache is not None:
            self.cache.mark_used(*map(_drawing, found.drawings))

    def unload(self, page: Page) -> None:
        """Take out of *page* what the cache has. Not None: that would change the title."""
        uri = page.file.src_uri
        if self.cache is not None and uri not in self.broken and self.cache.has(self._key(page)):
            page.content = page.markdown = ""
            self.unread.add(uri)

    def _load_part(self, page: Page, what: str) -> None:
        """Load the "content" or the "markdown" of *page*."""
        if what == "content":
            self.load_content(page)
        else:
            self.source(page)

    def load_content(self, page: Page) -> None:
        """Load the content of *page*, if it was left in the cache."""
        if page.content == "" and self.cache is not None:
            content = self.cache.get(_content(self._key(page)))
            if content is None:  # the cache was emptied meanwhile
                self._make_text(page)
            else:
                page.content = content.decode("utf-8", "surrogatepass")

    def _make_text(self, page: Page) -> Text:
        """Turn the Markdown of *page* into HTML, and cache it unless MkDocs warns of it."""
        before = len(self.messages), len(self.plugin.problems)
        self.source(page)
        meta = dict(page.meta)
        with diagnostics.naming_page(self.plugin.root, page.file.src_uri):
            page = self._render(page)
        found = Text(
            meta=meta,
            toc=[token(item) for item in page.toc],
            title=page._title_from_render,
            # None among them is an `id` without a value, such as in `<device id>`.
            anchors=sorted(filter(None, page.present_anchor_ids or ())),
            links={file.src_uri: links for file, links in (page.links_to_anchors or {}).items()},
            targets=self.dependencies.targets,
            snippets=self.dependencies.snippets,
            lists={name: self._list(name) for name in sorted(self.lists)},
            drawings=sorted(self._drawn),
            addresses={k: v for one in self._question_links for k, v in one.addresses.items()},
            question_links=merged(self._question_links),
        )
        problems = self.plugin.problems[before[1] :]
        del self.plugin.problems[before[1] :]
        self.plugin.problems += errors(problems)
        found.warnings = [astuple(problem) for problem in problems if problem.is_warning]
        self._store_drawings()
        if self.cache is not None:
            self._index(page, found)
            is_sound = before == (len(self.messages), len(self.plugin.problems))
            if is_sound and page.file.src_uri not in self.broken and self._is_unchanged(page):
                self.cache.put(self._key(page), found.dump())
                content = (page.content or "").encode("utf-8", "surrogatepass")
                self.cache.put(_content(self._key(page)), content)
        self._note(page, found)
        return found

    def _render(self, page: Page) -> Page:
        """Take the steps of MkDocs from Markdown to HTML, plugins' events included."""
        plugins, config = self.config.plugins, self.config
        files = self.dependencies.start(self.files)
        self.lists.clear()
        self._drawn.clear()
        self._question_links.clear()
        page = plugins.on_pre_page(page, config=config, files=self.files)
        if self.cache is None:
            page.read_source(config)  # another plugin may have a say in it
        page.markdown = plugins.on_page_markdown(
            page.markdown or "", page=page, config=config, files=self.files
        )
        if self.cache is None:
            page.render(config, files)
        else:
            self.renderer.render(page, files)
        page.content = plugins.on_page_content(
            page.content or "", page=page, config=config, files=self.files
        )
        ids = _QUESTION_ID.findall(page.content or "")
        page.present_anchor_ids = {*(page.present_anchor_ids or ()), *ids}
        return page

    def _store_drawings(self) -> None:
        if self.cache is None:
            self._drawings.update(self._drawn)
        else:
            for name, svg in self._drawn.items():
                self.cache.put(_drawing(name), svg)

    def _is_unchanged(self, page: Page) -> bool:
        """Whether the file of *page* still says what the page's key says of it."""
        return self.readings.is_unchanged(Path(page.file.abs_src_path or ""))

    def _index(self, page: Page, found: Text) -> None:
        """Make the search entries of *page*, with the titles that it will have in the end."""
        if self.search is None:
            return
        title, meta = page.title, dict(page.meta)
        if id(page) in self.listed:
            title = as_html(str(title))
            if "title" in meta:
                meta["title"] = as_html(str(meta["title"]))
        # Questions are no part of the search, and half of what there is to read.
        content = page.content or ""
        left_out = _LEFT_OUT.findall(content)
        lean = _LEFT_OUT.sub(_search_text, content)
        read: Any = SimpleNamespace(
            title=title, meta=meta, toc=page.toc, url=page.url, content=lean
        )
        self.search.search_index.entries = []
        self.search.on_page_context({}, page=read, config=self.config, nav=self.nav)
        found.search = search.as_json(self.search.search_index.entries)
        rest = iter(left_out)
        page.content = re.sub(_PLACE, lambda _: next(rest), read.content)

    def index(self) -> None:
        """Give the search the entries of all texts made so far, in the order of the pages."""
        if self.cache is not None and self.search is not None:
            entries = (self.searched.get(page.file.src_uri) for page in self.pages)
            search.put(self.search.search_index, filter(None, entries))

    # -- pages

    def place_finished(self) -> list[Page]:
        """Put cached pages into the site, and return all others.

        Must be the first to write there: the site may begin as a copy of the previous one.
        """
        if self.cache is None:
            return self.pages
        self.finished.start(self.config.site_dir)
        new = [
            page
            for page in self.pages
            if not any(
                self.finished.place(key, page.file.abs_dest_path) for key in self._page_keys(page)
            )
        ]
        for file in self.files:
            if not file.is_documentation_page() and file.inclusion.is_included():  # type: ignore[no-untyped-call]
                key = digest(self._page_base, file.dest_uri, file.content_bytes)
                if not self.finished.place(key, file.abs_dest_path):
                    self._copied[file.abs_dest_path] = key, file
        self.finished.remove_unused()
        return new

    def copy_files(self) -> None:
        """Copy all files that are not pages into the site."""
        if self.cache is None:
            self.files.copy_static_files()
        for _, file in self._copied.values():
            file.copy_file()

    @contextmanager
    def indexing(self, new: list[Page]) -> Iterator[None]:
        """Give the search its index while the block runs, which puts it into the site.

        A long one is compressed meanwhile, where few pages are *new*: that takes as long as all else after
        an edit. Where many are, other processes will do it.
        """
        self.index()
        if self.cache is None or self.search is None:
            yield
            return
        is_long = sum(map(len, self.searched.values())) >= compressed.LARGE
        self.searched.clear()  # together they are as long as the course
        if is_long and len(new) < workers.MIN_ITEMS:
            index = self.search.search_index.generate_search_index(None).encode("utf-8")
            self._compressing = f"{self.config.site_dir}/{search.INDEX}"
            with compressed.compress_large_in_background(index, self._compressing):
                yield
        else:
            yield
        search.put(self.search.search_index, [])

    def make_pages(self, new: list[Page], on_step: OnStep) -> None:
        """Make the *new* pages of the site, in their files, and what lies beside all other files."""
        self.env.globals["navigation"] = CachedNavigation(self.env, self.nav, self.watch).drawn
        # The longest first, so that no process waits for it at the end.
        files = sorted(
            compressed.compressible_files(self.config.site_dir), key=os.path.getsize, reverse=True
        )
        files = [
            path
            for path in files
            if path != self._compressing and not os.path.lexists(f"{path}.br")
        ]
        if self.cache is not None and len(new) >= workers.MIN_ITEMS:
            made = self._parallel_map([*files, *new], self._make_in_worker, on_step)
            for key, facts in made.values():
                self.readings.cache.mark_used(key)
                self.finished.note(key, facts)
            new = [page for at, page in enumerate(new, len(files)) if at not in made]
            files = [path for at, path in enumerate(files) if at not in made]
        with compressed.compress_in_background(files, self.readings.cache):
            for position, page in enumerate(new):
                self.finished.note(*self._make_page_file(page))
                on_step(position / len(new))
        for path, (key, _) in self._copied.items():
            self.finished.note(key, self.finished.store(key, path))

    def _make_in_worker(self, one: Page | str) -> tuple[str, Any]:
        """Make a page, or compress another file; return the cache key, and what to note."""
        if isinstance(one, str):
            return compressed.compress_cached(one, self.readings.cache), None
        made = self._make_page_file(one)
        self._release_questions(one)
        return made

    def _make_page_file(self, page: Page) -> tuple[str, Any]:
        """Write the file of *page*; return its cache key, and what to note, if anything."""
        html = self.make_page(page)
        if not html.strip():
            return "", None
        path = page.file.abs_dest_path
        write_file(html.encode("utf-8", "xmlcharrefreplace"), path)
        compressed.compress_page(path)
        if self.cache is None or self.watch.reads_today:
            return "", None
        key = self._page_keys(page)[self.watch.reads_others]
        return key, self.finished.store(key, path)

    def make_page(self, page: Page, template: str | None = None, **more: Any) -> str:
        """Fill the template of *page*, or another *template*, which may ask for *more*."""
        self.load_content(page)
        page.active = True
        try:
            own = page.meta.get("template")
            with diagnostics.naming_page(self.plugin.root, page.file.src_uri, own):
                output = self._fill(page, template or own or "main.html", more)
        finally:
            page.active = False
        self.unload(page)
        return output

    def _fill(self, page: Page, template: str, more: dict[str, Any]) -> str:
        plugins, config = self.config.plugins, self.config
        context = get_context(self.nav, self.documents, config, page)
        filled = self.env.get_template(template)
        context = plugins.on_page_context(context, page=page, config=config, nav=self.nav)
        values: dict[str, Any] = {**context, **more}
        self.watch.start(page, page.file, values.get("lesson"))
        return plugins.on_post_page(filled.render(values), page=page, config=config)

    def _page_keys(self, page: Page) -> tuple[str, str]:
        """Return where a finished page lies: one that reads only the outline of others, or more.

        Which of the two it is follows from what both are made of, so there is never an entry at each.
        """
        uri = page.file.src_uri
        own = digest(self._page_base, self._outline, uri, self.names[uri])
        return own, digest(own, self._everything)

    def _name_outline(self) -> str:
        """Name what every page may show of the others: titles, addresses and their order."""
        others = [
            [page.file.src_uri, page.file.url, str(page.title)]
            for page in self.pages
            if id(page) not in self.listed
        ]
        listed = [_outline(item) for item in self.nav.items]
        return digest(json.dumps([listed, others, len(self.plugin.lessons)]))

    def _parallel_map(
        self, new: list[Any], make: Callable[[Any], Any], on_step: OnStep
    ) -> dict[int, Any]:
        """Call *make* for the *new* pages on all cores, and return the results by position."""
        done = 0

        def on_done(many: int) -> None:
            nonlocal done
            done += many
            on_step(done / len(new))

        return workers.parallel_map(new, make, on_done, self.readings.cache.flush)


def _content(key: str) -> str:
    """Return where the content of the text at *key* lies."""
    return f"{key}-content"


def _drawing(name: str) -> str:
    """Return where the diagram in the file *name* lies in the cache."""
    return f"diagram-{name}"


def _outline(item: Any) -> list[Any]:
    children = [_outline(child) for child in item.children or ()]
    meant = getattr(item, "url", ""), getattr(item, "edit_url", ""), item.is_page, item.is_link
    return [item.title and str(item.title), *meant, children]
