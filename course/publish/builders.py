"""What our Markdown extension needs from the builder that runs it: MkDocs, ProperDocs or Zensical."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markdown import Markdown

from course.content.course import Course
from course.content.reading import open_course


def page_path(md: Markdown) -> str:
    """Return the path of the page being rendered, relative to the lessons' folder; "" if unknown.

    Each builder stores it in a different place, and sets it only after the extensions were loaded.
    """
    if "relpath" in md.treeprocessors:  # MkDocs, ProperDocs
        return str(md.treeprocessors["relpath"].file.src_uri)  # type: ignore[attr-defined]
    for preprocessor in md.preprocessors:  # Zensical
        path = getattr(getattr(preprocessor, "page", None), "path", None)
        if path:
            return str(path)
    return ""


def course_of(settings: Mapping[str, Any]) -> Course:
    """Return the course that the extension's *settings* name; raises CourseError if it is broken."""
    course: Course | str = settings["course"]
    return course if isinstance(course, Course) else _opened(settings["root"])


@functools.lru_cache(maxsize=1)
def _opened(root: str) -> Course:
    """Read the course for builders without plugins, where nothing else has read it."""
    return open_course(Path(root).resolve())
