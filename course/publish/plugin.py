"""The MkDocs side: what the theme needs to know of the course, the feed, and a last check."""

import datetime
import email.utils
import functools
import hashlib
import re
from collections.abc import Iterable
from html import escape, unescape
from pathlib import Path
from typing import Any, cast

import jinja2
from mkdocs.config import config_options as options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin
from mkdocs.structure import StructureItem
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from course import markup
from course.content import counts, hosts, timing
from course.content.course import Course
from course.content.problems import CourseError, Problem, errors
from course.content.reading import LESSONS, open_course
from course.publish import extensions, navigation, page_checks, redirects
from course.publish.lists import reading_note

HERE = Path(__file__).parent
BLOCKS = "course.publish.blocks"
SNIPPETS = "pymdownx.snippets"
FEED = "feed.xml"


class BuildStopped(PluginError):
    """Ends a build of MkDocs, and carries every problem found."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("the course cannot be published:\n" + str(CourseError(problems)))


class Settings(Config):  # type: ignore[no-untyped-call]  # of MkDocs
    """The settings below `course:` under `plugins:` in mkdocs.yml."""

    hosts = options.Type(dict, default={})
    """Other sites whose content pages may show; read and checked by `course.content.hosts`."""
    dollar_formulas = options.Type(bool, default=False)
    """Whether $...$ and $$...$$ are formulas, too."""


class CoursePlugin(BasePlugin[Settings]):  # type: ignore[no-untyped-call]  # of MkDocs
    """Questions come from the Markdown extension; this adds what only MkDocs can."""

    course: Course | None = None
    """The course, where it has been read before the build."""

    problems: list[Problem]

    @property
    def base(self) -> str:
        """The path under which the site is served."""
        return self.course.base if self.course else "/"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        self.problems = []
        self.root = Path(config.config_file_path or "mkdocs.yml").resolve().parent
        if self.course is None:
            try:
                self.course = open_course(self.root, config.site_url)
            except CourseError as error:
                self._stop(error.problems)
        assert self.course is not None  # noqa: S101 - for the type checker: read above
        if BLOCKS not in config.markdown_extensions:
            config.markdown_extensions.append(BLOCKS)
        config.mdx_configs.setdefault(BLOCKS, {}).update(root=str(self.root))
        self.take(self.course, config)
        config.mdx_configs[BLOCKS].update(
            dollars=self.config.dollar_formulas, drawings={}, question_links=[]
        )
        extensions.prepare(config)
        if SNIPPETS in config.markdown_extensions:  # reads from the current folder otherwise
            snippets = config.mdx_configs.setdefault(SNIPPETS, {})
            snippets["base_path"] = [str(self.root / path) for path in _bases(snippets)]

        # Behind the course's own overrides, in front of Material.
        own = config.theme.custom_dir is not None
        config.theme.dirs.insert(1 if own else 0, str(HERE / "theme"))
        config.theme.static_templates.add(FEED)
        return config

    def take(self, course: Course, config: MkDocsConfig) -> None:
        """Go on with *course*, as it is read now."""
        self.course = course
        self.lessons = course.by_path
        self.modules = {
            lesson.path: module for module in course.modules for lesson in module.lessons
        }
        config.mdx_configs[BLOCKS]["course"] = course

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        for path in _assets():
            target = f"{assets_folder()}/{path.name}"
            if path.suffix == ".js":
                lean = stripped(path.read_text("utf-8"))
                files.append(File.generated(config, target, content=lean))
            else:
                files.append(File.generated(config, target, abs_src_path=str(path)))
        assert self.course is not None  # noqa: S101 - for the type checker: read before
        content = self.course.hosts.as_nginx
        files.append(File.generated(config, hosts.SITE_HEADERS, content=content))
        assert self.course is not None  # noqa: S101 - for the type checker: read before
        for redirect in redirects.files(self.course, config):
            if files.get_file_from_path(redirect.src_uri) is None:
                files.append(redirect)
        return files

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        self.nav = nav
        return nav

    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        uri = page.file.src_uri
        if uri in self.lessons:
            html = without_title(html, page)
        if uri not in config.mdx_configs[BLOCKS].get("broken", ()):
            path = Path(page.file.abs_src_path or "")
            name = f"{LESSONS}/{uri}"
            named = self.course.hosts if self.course else hosts.Hosts()
            rendered = page_checks.RenderedPage(path, name, html, self.lessons.get(uri), named)
            self.problems += page_checks.check(rendered)
        return html

    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> None:
        if errors(self.problems):
            self._stop(self.problems)
        _titles_as_html(self.nav.items)
        for page in self.nav.pages:
            with_title_as_html(page)
        env.filters.update(counts.FILTERS)
        env.filters["phrase"] = markup.phrase
        env.filters["completion_rule"] = markup.completion_rule
        env.filters["answering_minutes"] = timing.answering_minutes
        env.filters["mail_date"] = mail_date
        env.filters["reading_note"] = reading_note
        env.globals["course"] = self.course
        env.globals["navigation"] = navigation.drawn
        env.globals["course_size"] = len(self.lessons)
        env.globals["course_assets"] = assets_folder()

    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Any
    ) -> TemplateContext:
        lesson = self.lessons.get(page.file.src_uri)
        if lesson is not None:
            module = self.modules[lesson.path]
            cast(dict[str, Any], context).update(lesson=lesson, module=module)
        return context

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        return _valid(output)

    def on_post_template(
        self, output_content: str, *, template_name: str, config: MkDocsConfig
    ) -> str:
        return _valid(output_content)

    def on_template_context(
        self, context: TemplateContext, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        if template_name == FEED:
            pages = [file.page for file in context["pages"] if file.src_uri in self.lessons]
            dated = [page for page in pages if page is not None and page.meta.get("date")]
            dated.sort(key=lambda page: page.meta["date"], reverse=True)
            cast(dict[str, Any], context).update(dated_pages=dated)
        return context

    def _stop(self, problems: list[Problem]) -> None:
        raise BuildStopped(problems)


def without_title(html: str, page: Page) -> str:
    """Return the *html* of a lesson without the title that it begins with: the template shows that."""
    match = _TITLE.match(html)
    if match is None:
        return html
    if len(page.toc.items) == 1 and page.toc.items[0].level == 1:
        page.toc.items = page.toc.items[0].children
    anchor = re.search(r'\bid="([^"]*)"', match[1])
    return (f'<div id="{anchor[1]}"></div>' if anchor else "") + html[match.end() :]


_TITLE = re.compile(r"\s*<h1\b([^>]*)>.*?</h1>", re.DOTALL)


def _valid(output: str) -> str:
    """Mend the one mistake of Material's page that no block lets us override."""
    return _TOGGLE.sub(r"\1>", output)


_TOGGLE = re.compile(r'(<input class="md-toggle" [^>]*type="checkbox"[^>]*) autocomplete="off">')


def _titles_as_html(items: Iterable[StructureItem]) -> None:
    """Escape titles alike: MkDocs gives those of headings as HTML, and all others as they were typed."""
    for item in items:
        if item.title:
            item.title = as_html(item.title)
        _titles_as_html(getattr(item, "children", None) or ())


def with_title_as_html(page: Page) -> None:
    """Escape the title in the front matter, too: the search takes it from there."""
    if "title" in page.meta:
        page.meta["title"] = as_html(str(page.meta["title"]))


def as_html(title: str) -> str:
    """Return *title* as HTML, whether it is HTML already or was typed."""
    return escape(unescape(title), quote=False)


def _bases(snippets: dict[str, Any]) -> list[str]:
    base = snippets.get("base_path", ["."])
    return [base] if isinstance(base, str) else list(base)


def mail_date(day: datetime.date) -> str:
    """Return *day* as feeds write it."""
    noon = datetime.datetime.combine(day, datetime.time(12), datetime.UTC)
    return email.utils.format_datetime(noon)


def _assets() -> list[Path]:
    return sorted(path for path in (HERE / "assets").iterdir() if path.is_file())


def stripped(script: str) -> str:
    """Return *script* without lines that only comment, types and indents, a third of its weight.

    No text in our scripts goes on in the next line, where an indent would be a part of it.
    """
    return _UNREAD.sub("", script)


_UNREAD = re.compile(
    r"^[ \t]*/\*\*(?:[^*]|\*(?!/))*\*/[ \t]*\n"  # a documentation comment
    r"|^[ \t]*//.*\n"  # a line of words
    r"|/\*\* @type [^*]*\*/ ?"  # the type of an expression
    r"|^[ \t]+",  # an indent
    re.MULTILINE,
)


@functools.cache
def assets_folder() -> str:
    """Return the folder of scripts and styles in the site, named by their content.

    So a browser may keep them for ever, and the modules can import each other by plain names.
    """
    digest = hashlib.sha256()
    for path in _assets():
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"assets/course-{digest.hexdigest()[:8]}"
