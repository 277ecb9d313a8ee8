"""Which pages mkdocs.yml lists, hides or leaves out, as MkDocs reads `nav`, `not_in_nav` and the like."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from pathspec.gitignore import GitIgnoreSpec

from course.content import source

Entry = tuple[tuple[str | int, ...], Any, str | None]
"""The path to an entry in mkdocs.yml, the page that it names, and its module."""

_TRANSLATED = re.compile(r"\.[a-z]{2,3}([-_][A-Za-z]{2,4})?\.md$")


class Patterns:
    """What mkdocs.yml says of pages by patterns, in the syntax of .gitignore."""

    def __init__(self, settings: dict[str, Any]) -> None:
        excluded = [
            ".*",
            "/templates/",
            *_lines(settings, "exclude_docs"),
        ]  # the first two are MkDocs' own
        self._left_out = GitIgnoreSpec.from_lines([*excluded])
        self._drafts = GitIgnoreSpec.from_lines(_lines(settings, "draft_docs"))
        plugins = dict(_plugins(settings.get("plugins")))
        posts = [f"/{plugins['blog'].get('blog_dir', 'blog')}/"] if "blog" in plugins else []
        self._hidden = GitIgnoreSpec.from_lines([*_lines(settings, "not_in_nav"), *posts])
        self._are_translated = "i18n" in plugins

    def leave_out(self, page: str) -> str:
        """Return the setting that keeps *page* out of the site; "" where none does."""
        if self._left_out.match_file(page):
            return "exclude_docs"
        return "draft_docs" if self._drafts.match_file(page) else ""

    def hide(self, page: str) -> bool:
        """Whether *page* is part of the site and needs no place in the navigation."""
        return self._hidden.match_file(page) or (
            self._are_translated and _TRANSLATED.search(page) is not None
        )


def _lines(settings: dict[str, Any], key: str) -> list[str]:
    value = settings.get(key)
    return value.splitlines() if isinstance(value, str) else []


def _plugins(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name and the settings of each plugin; themes may stand before a name, as in material/blog."""
    entries = list(value.items()) if isinstance(value, dict) else value
    for entry in entries if isinstance(entries, list) else ():
        pair = next(iter(entry.items())) if isinstance(entry, dict) and entry else entry
        name, options = pair if isinstance(pair, tuple) else (pair, None)
        yield str(name).split("/")[-1], options if isinstance(options, dict) else {}


def inherit(site: source.Document, path: Path) -> None:
    """Add to *site*, read from *path*, the settings of the files that it inherits from (`INHERIT`)."""
    for _ in range(source.MAX_DEPTH):
        data = site.data
        if (
            site.root is None
            or not isinstance(data, dict)
            or not isinstance(data.get("INHERIT"), str)
        ):
            return
        path = path.parent / data["INHERIT"]
        text = source.read_text(path.parent, path)
        parent = source.parse_yaml(path.name, text, lenient=True).data
        own = {key: value for key, value in data.items() if key != "INHERIT"}
        site.root.data = {**(parent if isinstance(parent, dict) else {}), **own}


def entries(nav: list[Any]) -> Iterator[Entry]:
    """Yield the entries of a navigation that is written down."""
    yield from _entries(nav, ("nav",), None)


def _entries(nav: list[Any], steps: tuple[str | int, ...], module: str | None) -> Iterator[Entry]:
    for position, entry in enumerate(nav):
        here = (*steps, position)
        if not isinstance(entry, dict):
            yield here, entry, module
            continue
        for title, target in entry.items():
            if isinstance(target, list):
                yield from _entries(target, (*here, title), module or title)
            else:
                yield (*here, title), target, module


def from_folders(pages: Sequence[str]) -> Iterator[Entry]:
    """Yield the entries of the navigation that MkDocs makes of *pages* where mkdocs.yml has none.

    The files of a folder come before its folders, an index first; each folder at the top is a module.
    """
    for page in sorted(pages, key=_place):
        folders = PurePosixPath(page).parent.parts
        module = folder_title(folders[0]) if folders else None
        yield ("nav", module or page), page, module


def _place(page: str) -> list[tuple[Any, ...]]:
    path = PurePosixPath(page)
    last = (0, path.stem not in ("index", "README"), path.name)
    return [*((1, folder) for folder in path.parent.parts), last]


def folder_title(name: str) -> str:
    """Return what MkDocs calls a folder in a navigation of its own making."""
    title = name.replace("-", " ").replace("_", " ")
    return title.capitalize() if title == title.lower() else title
