"""The text of one page: Markdown made into HTML, with what MkDocs finds out and looks at on the way."""

import logging
import pickle
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from markdown import Extension, Markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import pages as mkdocs
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, get_toc

from course.publish.cache import digest, unpickle_plain
from course.publish.plugin import BLOCKS


@dataclass
class Text:
    """What was found out and looked at while a page's Markdown was made into HTML."""

    meta: dict[str, Any]
    """The page's front matter."""
    toc: list[dict[str, Any]]
    title: str | None
    anchors: list[str]
    links: dict[str, dict[str, str]]
    """The anchors that it links to, by page."""
    targets: dict[str, list[Any] | None]
    """Where each of its links led; None for what was not found."""
    snippets: dict[str, list[str] | None]
    """The path and the digest of the file read for each name; None for what was not found."""
    lists: dict[str, str]
    """What each of its lists, such as the glossary, showed of the whole course."""
    drawings: list[str]
    """The files that its diagrams are, by name."""
    addresses: dict[str, str]
    """Where the links of its questions lead that count from the quiz's file."""
    question_links: dict[str, dict[str, str]]
    """The anchors that its questions link to, by page."""
    search: str = ""
    """Its entries in the search index, as JSON."""
    warnings: list[tuple[Any, ...]] = field(default_factory=list)
    """The fields of each problem of the page that does not stop a build."""

    def dump(self) -> bytes:
        return pickle.dumps(vars(self), 5)

    @classmethod
    def load(cls, entry: bytes) -> "Text | None":
        """Return what `dump` made, or None if *entry* is something else."""
        found = unpickle_plain(entry)
        try:
            return cls(**found)
        except TypeError:
            return None


class Renderer:
    """Makes one page after the other with the same instance of Markdown, as long as the course is the same.

    MkDocs makes an instance for each page, which takes a tenth of the time of a page's text. `reset` clears
    the state of extensions; those that MkDocs adds have no `reset`, so they are added again for each page.
    """

    def __init__(self, config: MkDocsConfig, dependencies: "Dependencies") -> None:
        self.config = config
        dependencies.build_markdown = lambda: self.markdown
        self._course: Any = None
        self._markdown: Markdown | None = None

    @property
    def markdown(self) -> Markdown:
        course = self.config.mdx_configs[BLOCKS]["course"]
        if self._markdown is None or self._course is not course:
            self._course = course
            self._markdown = Markdown(
                extensions=self.config.markdown_extensions,
                extension_configs=self.config.mdx_configs,
            )
            _pass_over_plain_text(self._markdown)
        return self._markdown.reset()

    def render(self, page: Page, files: Files) -> None:
        """Do what `page.render` of MkDocs does."""
        md = self.markdown
        raw = mkdocs._RawHTMLPreprocessor()
        anchors = mkdocs._ExtractAnchorsTreeprocessor(page.file, files, self.config)
        links = mkdocs._RelativePathTreeprocessor(page.file, files, self.config)
        title = mkdocs._ExtractTitleTreeprocessor()
        for one in (raw, anchors, links, title):
            one._register(md)
        page.content = md.convert(page.markdown or "")
        page.toc = get_toc(getattr(md, "toc_tokens", []))
        page._title_from_render = title.title
        page.present_anchor_ids = anchors.present_anchor_ids | raw.present_anchor_ids
        if mkdocs.log.getEffectiveLevel() > logging.DEBUG:
            page.links_to_anchors = links.links_to_anchors


_SIGNS = {
    "backtick": "`", "escape": r"\\", "reference": r"\[", "link": r"\[", "image_link": r"\[",
    "image_reference": r"\[", "short_reference": r"\[", "short_image_ref": r"\[", "autolink": "<",
    "automail": "<", "linebreak": "  \n", "html": "<", "entity": "&", "not_strong": r"[*_]",
    "em_strong": r"[*_]", "em_strong2": "_", "footnote": r"\[", "course-formula-line": r"\\",
    "course-formula-block": r"\\", "course-formula-line-open": r"\\",
    "course-formula-block-open": r"\\", "course-formula-block-inside": r"\\",
    "course-formula-dollar": r"\$", "course-formula-dollars": r"\$",
    "delimiter": "=", "emoji": ":", "keys": r"\+", "keys-custom": r"\+",
}  # fmt: skip
"""What a text must have in it for each of Markdown's inline patterns to find something."""


def _pass_over_plain_text(md: Markdown) -> None:
    """Let *md* try its inline patterns only on texts with a sign in them that one of them needs.

    Most list items and cells have none, and each of some fifteen patterns searches each text.
    """
    patterns = set(md.inlinePatterns._data)  # type: ignore[attr-defined]  # its names
    if not patterns <= _SIGNS.keys():
        return
    inline: Any = md.treeprocessors["inline"]
    has_signs = re.compile("|".join(sorted({_SIGNS[name] for name in patterns}))).search
    handle = inline._InlineProcessor__handleInline

    def handled(text: str, first: int = 0) -> Any:
        return handle(text, first) if has_signs(text) else text

    inline._InlineProcessor__handleInline = handled


def token(item: AnchorLink) -> dict[str, Any]:
    children = [token(child) for child in item.children]
    return {"name": item.title, "id": item.id, "level": item.level, "children": children}


class Dependencies(Extension):
    """Notes what rendering a page looks at beside it: the targets of links, and snippets."""

    files: Files
    find: Callable[[str], str | None] | None = None
    build_markdown: Callable[[], object]
    """Lets the extension for snippets begin, which finds them."""

    def start(self, files: Files) -> Files:
        """Begin with a page, and return what to look its links up in."""
        self.files = files
        self.targets: dict[str, list[Any] | None] = {}
        self.snippets: dict[str, list[str] | None] = {}
        return cast(Files, self)

    def get_file_from_path(self, path: str) -> File | None:
        found = self.files.get_file_from_path(path)
        self.targets[path] = target(found)
        return found

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name that Markdown calls
        if "snippet" not in md.preprocessors:
            return
        snippets: Any = md.preprocessors["snippet"]
        self.find = find = snippets.get_snippet_path  # the only way by which it comes to a file

        def noted(path: str) -> str | None:
            self.snippets[path] = self.snippet(path)
            found: str | None = find(path)
            return found

        snippets.get_snippet_path = noted

    def snippet(self, path: str) -> list[str] | None:
        """Return the file that *path* means, and the digest of its content; None where there is none."""
        if self.find is None:
            self.build_markdown()
        found = self.find(path) if self.find else None
        try:
            return [found, digest(Path(found).read_bytes())] if found else None
        except OSError:
            return None


def target(found: File | None) -> list[Any] | None:
    return None if found is None else [found.url, found.inclusion.value]
