"""The diagrams of lessons as files of the site, named by their content."""

import hashlib
from collections.abc import Mapping
from typing import Any

from markdown import Markdown

from course.markup import diagrams
from course.publish.builders import course_of

FOLDER = "assets/diagrams"
"""Where the drawings lie in the site."""

Drawings = dict[str, bytes]
"""SVG files by name."""


def fence(source: str, language: str, css_class: str, options: Any, md: Markdown, **_: Any) -> str:
    """Return the HTML of a mermaid fence; a formatter of pymdownx.superfences."""
    settings: Mapping[str, Any] = md.treeprocessors["course-terms"].settings  # type: ignore[attr-defined]

    def address(svg: str) -> str:
        drawings = settings["drawings"]
        if not isinstance(drawings, dict):  # a builder that puts no files of ours into the site
            return diagrams.inline(svg)
        raw = svg.encode("utf-8")
        name = f"{hashlib.sha256(raw).hexdigest()[:16]}.svg"
        drawings[name] = raw
        return f"{course_of(settings).base}{FOLDER}/{name}"

    return f"<p>{diagrams.render(source, options, address)}</p>"
