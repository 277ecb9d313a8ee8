"""The pages of a site, each made from its Markdown in two steps that wait for no other page.

    text    Markdown to HTML, with what MkDocs finds out on the way
    page    the theme's template around it, which knows the outline: titles and addresses of all pages

MkDocs' own `build` takes the same steps, for all pages one after another and always anew. Here what a step
makes is kept in the cache, and taken from there while nothing that it was made of has changed.
"""

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from markdown import Extension, Markdown
from mkdocs.commands.build import get_context
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.structure.files import File, Files, get_files, set_exclusions
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, get_toc

from course.content.course import QUIZZES, SITE, Course
from course.content.problems import CourseError, Problem
from course.publish import complaints, configuration, lists, workers
from course.publish.cache import digest
from course.publish.plugin import BLOCKS, CoursePlugin, as_html
from course.publish.reading import Readings
from course.publish.watch import Watch

OnStep = Callable[[float], None]

_QUESTION = re.compile(
    r"<course-question [^>]* data-search-exclude>.*?</course-question>", re.DOTALL
)
_PLACE = "<!-- the place of a question -->"


@dataclass
class Text:
    """A page's Markdown as HTML, with what was found out and looked at while it was made."""

    content: str
    toc: list[dict[str, Any]]
    title: str | None
    anchors: list[str]
    links: dict[str, dict[str, str]]
    """The anchors that it links to, by page."""
    targets: dict[str, list[Any] | None]
    """Where each of its links led; None for what was not found."""
    snippets: dict[str, list[str] | None]
    """Which file was read for each name, and what it said."""
    lists: dict[str, str]
    """What each of its lists, such as the glossary, showed of the whole course."""
    search: list[dict[str, Any]] = field(default_factory=list)
    """Its entries in the search index."""

    def dump(self) -> bytes:
        head = {key: value for key, value in vars(self).items() if key != "content"}
        return f"{json.dumps(head)}\n{self.content}".encode("utf-8", "surrogatepass")

    @classmethod
    def load(cls, entry: bytes) -> "Text":
        head, _, content = entry.partition(b"\n")
        return cls(content.decode("utf-8", "surrogatepass"), **json.loads(head))


class Pages:
    """The site of a course as MkDocs sees it, and its pages.

    A page's text stays in the cache and is put into the page when something asks for it, so that memory
    does not grow with the length of the lessons. Without a cache it stays in the page.
    """

    def __init__(
        self,
        config: MkDocsConfig,
        plugin: CoursePlugin,
        said: list[str],
        readings: Readings,
    ) -> None:
        """*said* grows with what MkDocs warns of."""
        self.plugin = plugin
        self.said = said
        self.readings = readings
        self.config = config = config.plugins.on_config(config)
        config.plugins.on_pre_build(config=config)
        self.cache = readings.kept if configuration.are_known(config) else None
        self.search = configuration.search(config)
        self.seen = _Seen()
        if self.cache is not None:
            self._text_base = configuration.name_for_texts(config, plugin.base)
            self._page_base = configuration.name_for_pages(config)
            self._index_by_ourselves()
        config.markdown_extensions.append(cast(str, self.seen))
        Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs)
        self._find_files()

    def _index_by_ourselves(self) -> None:
        """Keep the search from reading each page: its entries are made, and kept, with the text."""
        events = self.config.plugins.events["page_context"]
        events[:] = [m for m in events if getattr(m, "__self__", self) is not self.search]

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
        self.searched: dict[str, list[dict[str, Any]]] = {}
        """The entries of each page in the search index."""
        self.mending: set[str] = set()
        """Pages that are shown although something is wrong with their files; they are not kept."""
        config.mdx_configs[BLOCKS]["mending"] = self.mending
        self.lists: set[str] = set()
        """The lists of the whole course on the page whose text is being made."""
        config.mdx_configs[BLOCKS]["lists"] = self.lists
        for page in self.pages:
            page.read_source(config)

    # -- texts

    def make_texts(self, on_step: OnStep) -> None:
        """Make the text of every page."""
        new = [page for page in self.pages if not self.find_text(page)]
        if self.cache is not None:
            _spread(new, self._make_text, on_step)
        for position, page in enumerate(new):
            self.text(page)
            on_step(position / len(new))

    def text(self, page: Page) -> None:
        """Find the text of *page* in the cache, or make it."""
        if not self.find_text(page):
            self._make_text(page)
            self.leave(page)

    def settle(self) -> None:
        """Finish what needs the titles of all pages, which the texts know, or the front matter."""
        self.env = self.config.plugins.on_env(self.env, config=self.config, files=self.files)
        self.watch = Watch(self.env, self.refill)
        self._outline = self._name_outline()
        self._everything = digest(*(self.names.get(page.file.src_uri, "") for page in self.pages))

    def reread(self, page: Page) -> None:
        """Read the file of *page* again."""
        uri = page.file.src_uri
        self.keys.pop(uri, None)
        page.__dict__.pop("title", None)
        if self.titles[uri] is not None:
            page.title = self.titles[uri]
        page.content = None
        page.read_source(self.config)

    def _key(self, page: Page) -> str:
        """Return where the text of *page* lies in the cache."""
        uri = page.file.src_uri
        if uri not in self.keys:
            quiz = Path(self.plugin.root, QUIZZES, uri).with_suffix(".yml")
            self.keys[uri] = digest(
                self._text_base,
                uri,
                page.file.dest_uri,
                page.markdown or "",
                repr(page.meta),
                repr(self.titles[uri]),
                repr(id(page) in self.listed),
                self.readings.names.get(quiz, "") if uri in self.plugin.lessons else "no lesson",
                self._plan(uri),
                self._terms(uri),
            )
        return self.keys[uri]

    def _plan(self, uri: str) -> str:
        """Return what the plan page of a lesson says, as plain data."""
        lesson = self.plugin.lessons.get(uri)
        return lesson.plan.model_dump_json() if lesson is not None and lesson.plan else ""

    def _terms(self, uri: str) -> str:
        """Return what a lesson may link, and where it leads, as plain data."""
        glossary = self.plugin.course.glossary if self.plugin.course else None
        return glossary.said if glossary is not None and uri in self.plugin.lessons else ""

    def _list(self, name: str) -> str:
        """Name what a list shows of the whole course."""
        return digest(lists.shown(self.plugin.course, name)) if self.plugin.course else ""

    def find_text(self, page: Page) -> bool:
        """Put the text of *page* into it, but for its content, if the cache has it."""
        found = self._kept(page)
        if found is None:
            return False
        page.toc = get_toc(cast(Any, found.toc))
        page._title_from_render = found.title
        page.present_anchor_ids = set(found.anchors)
        page.links_to_anchors = {
            file: links
            for uri, links in found.links.items()
            if (file := self.files.get_file_from_path(uri)) is not None
        }
        self._note(page, found)
        self.leave(page)
        return True

    def _kept(self, page: Page) -> Text | None:
        if self.cache is None or page.file.src_uri in self.mending:
            return None
        entry = self.cache.get(self._key(page))
        if entry is None:
            return None
        try:
            found = Text.load(entry)
        except (ValueError, TypeError):
            return None
        return found if self._still_holds(found) else None

    def _still_holds(self, found: Text) -> bool:
        """Whether everything that was looked at would be found as it was."""
        return (
            all(
                _target(self.files.get_file_from_path(path)) == was
                for path, was in found.targets.items()
            )
            and all(self.seen.snippet(path) == was for path, was in found.snippets.items())
            and all(self._list(name) == was for name, was in found.lists.items())
        )

    def _note(self, page: Page, found: Text) -> None:
        uri = page.file.src_uri
        if self.cache is not None:
            looked_at = json.dumps([found.targets, found.snippets, found.lists])
            self.names[uri] = digest(self._key(page), looked_at)
        self.searched[uri] = found.search

    def leave(self, page: Page) -> None:
        """Take the content out of *page* if the cache has it. Not None: that would change the title."""
        uri = page.file.src_uri
        if self.cache is not None and uri not in self.mending and self.cache.has(self._key(page)):
            page.content = ""

    def refill(self, page: Page) -> None:
        """Put the content of *page* into it again, if it was left in the cache."""
        if page.content == "":
            found = self._kept(page)
            if found is None:  # somebody has removed it
                self._make_text(page)
            else:
                page.content = found.content

    def _make_text(self, page: Page) -> None:
        """Turn the Markdown of *page* into HTML. What is warned of is not kept, to be told each time."""
        told = len(self.said) + len(self.plugin.problems)
        plugins, config = self.config.plugins, self.config
        files = self.seen.start(self.files)
        self.lists.clear()
        page = plugins.on_pre_page(page, config=config, files=self.files)
        if self.cache is None:
            page.read_source(config)  # another plugin may have a say in it
        page.markdown = plugins.on_page_markdown(
            page.markdown or "", page=page, config=config, files=self.files
        )
        try:
            page.render(config, files)
        except (CourseError, MkDocsException):
            raise
        except Exception as error:  # an extension raises anything
            raise complaints.of_page(self.plugin.root, page.file.src_uri, error) from error
        page.content = plugins.on_page_content(
            page.content or "", page=page, config=config, files=self.files
        )
        found = Text(
            content=page.content,
            toc=[_token(item) for item in page.toc],
            title=page._title_from_render,
            anchors=sorted(page.present_anchor_ids or ()),
            links={file.src_uri: links for file, links in (page.links_to_anchors or {}).items()},
            targets=self.seen.targets,
            snippets=self.seen.snippets,
            lists={name: self._list(name) for name in sorted(self.lists)},
        )
        if self.cache is not None:
            self._index(page, found)
            told = len(self.said) + len(self.plugin.problems) - told
            if not told and page.file.src_uri not in self.mending:
                self.cache.put(self._key(page), found.dump())
        self._note(page, found)

    def _index(self, page: Page, found: Text) -> None:
        """Let the search make its entries of *page*, with the titles that it will have in the end."""
        if self.search is None:
            return
        title, meta = page.title, dict(page.meta)
        if id(page) in self.listed:
            title = as_html(str(title))
            if "title" in meta:
                meta["title"] = as_html(str(meta["title"]))
        # Questions are no part of the search, and half of what there is to read.
        questions = _QUESTION.findall(found.content)
        lean = _QUESTION.sub(_PLACE, found.content)
        read: Any = SimpleNamespace(
            title=title, meta=meta, toc=page.toc, url=page.url, content=lean
        )
        self.search.search_index.entries = []
        self.search.on_page_context({}, page=read, config=self.config, nav=self.nav)
        found.search = self.search.search_index.entries
        rest = iter(questions)
        page.content = found.content = re.sub(_PLACE, lambda _: next(rest), read.content)

    def index(self) -> None:
        """Give the search the entries of all texts made so far, in the order of the pages."""
        if self.cache is not None and self.search is not None:
            self.search.search_index.entries = [
                entry for page in self.pages for entry in self.searched.get(page.file.src_uri, ())
            ]

    # -- pages

    def make_pages(self, on_page: Callable[[Page, str], None], on_step: OnStep) -> None:
        """Make every page and hand it over."""
        new = []
        for page in self.pages:
            kept = self._kept_page(page)
            if kept is None:
                new.append(page)
            else:
                on_page(page, kept)
        if self.cache is not None:
            _spread(new, self.make_page, on_step)
        for position, page in enumerate(new):
            kept = self._kept_page(page)
            on_page(page, self.make_page(page) if kept is None else kept)
            on_step(position / len(new))

    def make_page(self, page: Page, template: str | None = None, **more: Any) -> str:
        """Fill the template of *page* and keep what comes of it; another *template* is not kept."""
        plugins, config = self.config.plugins, self.config
        self.refill(page)
        page.active = True
        try:
            context = get_context(self.nav, self.documents, config, page)
            filled = self.env.get_template(template or page.meta.get("template", "main.html"))
            context = plugins.on_page_context(context, page=page, config=config, nav=self.nav)
            values: dict[str, Any] = {**context, **more}
            self.watch.start(page, page.file, values.get("lesson"))
            output = plugins.on_post_page(filled.render(values), page=page, config=config)
        finally:
            page.active = False
        if self.cache is not None and template is None and not self.watch.reads_today:
            key = self._page_keys(page)[self.watch.reads_others]
            self.cache.put(key, output.encode("utf-8", "surrogatepass"))
        self.leave(page)
        return output

    def _kept_page(self, page: Page) -> str | None:
        if self.cache is None:
            return None
        for key in self._page_keys(page):
            entry = self.cache.get(key)
            with contextlib.suppress(UnicodeDecodeError):
                if entry is not None:
                    return entry.decode("utf-8", "surrogatepass")
        return None

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


@contextmanager
def opened(root: Path, out: Path, course: Course, readings: Readings) -> Iterator[Pages]:
    """Yield the pages of *course*; whatever is wrong with them leaves as one CourseError."""
    with complaints.heard() as said, complaints.told(root, said):
        pages = load(root, out, course, readings, said)
        try:
            yield pages
        except Exception as error:
            pages.config.plugins.on_build_error(error=error)
            raise
        pages.config.plugins.on_shutdown()
        if said:
            raise CourseError([complaints.problem(root, message) for message in said])


def load(root: Path, out: Path, course: Course, readings: Readings, said: list[str]) -> Pages:
    """Return the pages of *course* with none of them made."""
    config = load_config(
        str(root / SITE), site_dir=str(out), site_url=course.site_url or None, strict=True
    )
    plugin = config.plugins.get("course")
    if not isinstance(plugin, CoursePlugin):
        hint = "add '- course' under 'plugins:'"
        raise CourseError([Problem(SITE, 1, 1, "does not use the engine", hint)])
    plugin.course = course
    config.plugins.on_startup(command="build", dirty=False)
    return Pages(config, plugin, said, readings)


def _spread(new: list[Page], make: Callable[[Page], Any], on_step: OnStep) -> None:
    """Have *make* fill the cache for the *new* pages, on all cores."""
    done = 0

    def on_done(many: int) -> None:
        nonlocal done
        done += many
        on_step(done / len(new))

    workers.spread(new, make, on_done)


def _token(item: AnchorLink) -> dict[str, Any]:
    children = [_token(child) for child in item.children]
    return {"name": item.title, "id": item.id, "level": item.level, "children": children}


def _outline(item: Any) -> list[Any]:
    children = [_outline(child) for child in item.children or ()]
    meant = getattr(item, "url", ""), getattr(item, "edit_url", ""), item.is_page, item.is_link
    return [item.title and str(item.title), *meant, children]


class _Seen(Extension):
    """Notes what rendering a page looks at beside it: the targets of links, and snippets."""

    files: Files
    find: Callable[[str], str | None]

    def start(self, files: Files) -> Files:
        """Begin with a page, and return what to look its links up in."""
        self.files = files
        self.targets: dict[str, list[Any] | None] = {}
        self.snippets: dict[str, list[str] | None] = {}
        return cast(Files, self)

    def get_file_from_path(self, path: str) -> File | None:
        found = self.files.get_file_from_path(path)
        self.targets[path] = _target(found)
        return found

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name that Markdown calls
        if "snippet" not in md.preprocessors:
            return
        snippets: Any = md.preprocessors["snippet"]
        self.find = snippets.get_snippet_path  # the only way by which it comes to a file

        def noted(path: str) -> str | None:
            self.snippets[path] = self.snippet(path)
            return self.find(path)

        snippets.get_snippet_path = noted

    def snippet(self, path: str) -> list[str] | None:
        """Return which file *path* stands for, and what that says; None where there is none."""
        found = self.find(path)
        try:
            return [found, digest(Path(found).read_bytes())] if found else None
        except OSError:
            return None


def _target(found: File | None) -> list[Any] | None:
    return None if found is None else [found.url, found.inclusion.value]
