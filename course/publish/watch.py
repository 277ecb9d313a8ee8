"""Tracks which attributes of other pages a template reads."""

from collections.abc import Callable
from typing import Any

import jinja2
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

from course.content.course import Course, Lesson, Module

_OUTLINE: dict[type, frozenset[str]] = {
    Page: frozenset(
        {
            "abs_url", "active", "ancestors", "canonical_url", "children", "edit_url", "file",
            "is_homepage", "is_index", "is_link", "is_page", "is_section", "is_top_level",
            "next_page", "parent", "previous_page", "title", "url",
        }
    ),
    File: frozenset({"dest_path", "dest_uri", "name", "page", "src_path", "src_uri", "url"}),
    Course: frozenset({"base", "site_url", "title"}),
    Module: frozenset({"title"}),
    Lesson: frozenset({"id", "url", "path"}),
}  # fmt: skip
"""Attributes that any page may read of any other: they are in the outline, on which every page depends."""

_PUT_OFF = frozenset({"content", "markdown"})
"""Attributes that are loaded when a template first reads them."""

_NEVER = frozenset({"update_date"})
"""Attributes that depend on the date of the build, so a page that reads them is not cached."""


class Watch:
    """Notes whether the template of the current page reads more of other pages than the outline."""

    def __init__(self, env: jinja2.Environment, refill: Callable[[Page, str], None]) -> None:
        """*load_content* loads the "content" or the "markdown" of a page when a template reads it."""
        self.load_content = refill
        self.own: set[int] = set()
        self.reads_others = False
        self.reads_today = False
        self._env, self._getitem = env, env.getitem
        env.getattr = self.getattr  # type: ignore[method-assign]  # all access in templates goes
        env.getitem = self.getitem  # type: ignore[method-assign]  # through these two

    def start(self, *own: Any) -> None:
        """Start tracking a page; reading its *own* objects does not count."""
        self.own = {id(thing) for thing in own}
        self.reads_others = self.reads_today = False

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Replace the environment's own method, called some hundred times a page."""
        if type(obj) in _OUTLINE:
            self._note(obj, attribute)
        try:
            return getattr(obj, attribute)
        except AttributeError:
            pass
        try:
            return obj[attribute]
        except (TypeError, LookupError, AttributeError):
            return self._env.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if type(obj) in _OUTLINE:
            self._note(obj, argument)
        return self._getitem(obj, argument)

    def _note(self, obj: Any, attribute: Any) -> None:
        if attribute in _NEVER:
            self.reads_today = True
        if attribute in _PUT_OFF and isinstance(obj, Page):
            self.load_content(obj, attribute)
        if attribute not in _OUTLINE[type(obj)] and id(obj) not in self.own:
            self.reads_others = True
