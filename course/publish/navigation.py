"""The navigation beside a page, drawn once for pages that differ in one link of it: their own."""

from pathlib import Path
from typing import Any

import jinja2
from jinja2.runtime import Context
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import normalize_url

from course.publish.watch import Watch

_TREE = "partials/nav-tree.html"
_LINK = "partials/nav-link.html"
_OURS = Path(__file__).parent / "theme"


@jinja2.pass_context
def drawn(context: Context) -> str:
    """Return the navigation of the page whose template is being filled."""
    return context.environment.get_template(_TREE).render(context.get_all())


class CachedNavigation:
    """Draws the navigation for the first page of each family, and for the others puts the mark elsewhere.

    A family lies in one folder below one section, so all its pages see all others at the same addresses; but
    a page with others below its own address is of no family.
    """

    def __init__(self, env: jinja2.Environment, nav: Navigation, watch: Watch) -> None:
        self.watch = watch
        self.families: dict[tuple[int, str], tuple[Page, str]] = {}
        """The page that was drawn of each family, and its navigation."""
        self.parents = {folder for page in nav.pages for folder in _folders(page.url)}
        found = env.get_template(_TREE).filename or ""
        self.is_ours = Path(found).is_relative_to(_OURS)
        """Whether it is known what the template asks of a page."""
        self.link: Any = env.get_template(_LINK).module

    @jinja2.pass_context
    def drawn(self, context: Context) -> str:
        page = context.get("page")
        folders = _folders(page.url) if isinstance(page, Page) else []
        if not folders or not self.is_ours or page.url in self.parents:
            return drawn(context)
        family = id(page.parent), folders[0]
        if family in self.families:
            return self._like(*self.families[family], page) or drawn(context)
        before = self.watch.reads_others, self.watch.reads_today
        html = drawn(context)
        if (self.watch.reads_others, self.watch.reads_today) == before:
            self.families[family] = page, html
        return html

    def _like(self, first: Page, html: str, page: Page) -> str:
        """Return the navigation of *page*, like that of the *first* of its family; "" where it is not."""
        for old, new in (
            (self._begin(first, first), self._begin(first, page)),
            (self._begin(page, first), self._begin(page, page)),
        ):
            if html.count(old) != 1:
                return ""
            html = html.replace(old, new)
        return html

    def _begin(self, page: Page, seen_from: Page) -> str:
        """Return how the link to *page* begins on another page, or on itself."""
        return str(self.link.link(normalize_url(page.url, page=seen_from), page is seen_from))


def _folders(url: str) -> list[str]:
    """Return the addresses of the folders that a page lies in, the nearest first; "" is the site's own."""
    parts = url.rstrip("/").split("/")
    if parts[0] in ("", "."):
        return []  # the start page, which is no file of its folder
    return ["/".join([*parts[:end], ""]) for end in range(len(parts) - 1, 0, -1)] + [""]
