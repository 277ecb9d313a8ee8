"""Every problem that prevents publishing a course, as one list for both `check` and `build`.

Files are read, then every page's text is rendered as for a site, with the same cache. Mistakes in templates
are found by rendering each template once.
"""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from course import garbage
from course.content.course import Course
from course.content.problems import CourseError, Problem, errors
from course.content.reading import read
from course.publish.cache import FOLDER, Cache
from course.publish.reading import Readings

if TYPE_CHECKING:
    from mkdocs.structure.pages import Page

    from course.publish.pages import Pages

OnStep = Callable[[float], None]


def check(root: Path, site_url: str | None = None) -> tuple[Course | None, list[Problem]]:
    """Return the course in *root*, as far as it can be read, and every problem; writes no site."""
    root = root.resolve()
    with contextlib.closing(Cache(root / FOLDER)) as cache:
        readings = Readings(root, cache)
        course, problems = read_course(root, site_url, readings)
        if course is not None:
            problems = _page_problems(root, course, readings, problems)
            cache.flush()
    return course, sorted(set(problems))


def _page_problems(
    root: Path, course: Course, readings: Readings, problems: list[Problem]
) -> list[Problem]:
    """Return the problems of the pages of *course*, whose files have *problems*."""
    found = list(problems)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="course-check-") as out,
            open_pages(root, Path(out), course, readings, found) as pages,
        ):
            make_texts(pages, found)
            pages.finish_texts()
            pages.check_templates()
    except CourseError as error:
        return error.problems
    return found


def read_course(
    root: Path, site_url: str | None, readings: Readings
) -> tuple[Course | None, list[Problem]]:
    """Return the course in *root* and the problems of its files; *site_url* as `read` takes it."""
    address = site_url or os.environ.get("COURSE_SITE_URL") or None
    try:
        return read(root, address, readings.incremental_reading)
    finally:
        readings.save()
        readings.release()


@contextmanager
def open_pages(
    root: Path, out: Path, course: Course, readings: Readings, problems: list[Problem]
) -> Iterator["Pages"]:
    """Yield the pages of *course*, whose files have *problems*.

    Raises CourseError with these problems and those of the pages.
    """
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # Material's notice, at its import
    with garbage.paused():
        # Imported here: MkDocs costs a third of a second, which a course that cannot be read should not pay.
        from course.publish import opening

    try:
        with opening.open_pages(root, out, course, readings, problems) as found:
            yield found
    except CourseError as error:
        raise CourseError([*problems, *error.problems]) from None


def make_texts(
    pages: "Pages", problems: list[Problem], on_step: OnStep = lambda _: None
) -> "list[Page]":
    """Make the texts of all *pages*, and return the pages that had none before.

    Adds warnings to *problems*, those of the files. Raises CourseError with what is wrong with the pages
    if they or the files cannot be published.
    """
    changed = pages.make_texts(on_step)
    found = pages.problems()
    if errors([*problems, *found]):
        raise CourseError(found)
    problems += found
    return changed
