"""Opening the pages of a course: MkDocs' configuration, with the course and the engine's plugin in it."""

import functools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from mkdocs.config import defaults, load_config
from mkdocs.utils.yaml import get_yaml_loader

from course import garbage
from course.content.course import Course
from course.content.problems import CourseError, Problem, errors
from course.content.reading import SITE
from course.publish import diagnostics, page_urls
from course.publish.pages import Pages
from course.publish.plugin import CoursePlugin
from course.publish.reading import Readings


@contextmanager
def open_pages(
    root: Path, out: Path, course: Course, readings: Readings, problems: list[Problem]
) -> Iterator[Pages]:
    """Yield the pages of *course*, whose files have *problems*.

    Whatever is wrong with the pages themselves leaves as one CourseError.
    """
    broken = {uri for problem in errors(problems) if (uri := diagnostics.page_uri(problem.path))}
    with diagnostics.capture_messages() as messages, diagnostics.as_course_error(root, messages):
        with garbage.paused():
            pages = load_pages(root, out, course, readings, messages, broken=broken, is_lazy=True)
        opening = diagnostics.site_problems(root, messages, problems)
        messages.clear()
        pages.failed += opening
        try:
            yield pages
        except Exception as error:
            pages.config.plugins.on_build_error(error=error)
            raise
        pages.config.plugins.on_shutdown()
        if messages:
            raise CourseError(diagnostics.problems(root, messages))


def load_pages(
    root: Path,
    out: Path,
    course: Course,
    readings: Readings,
    messages: list[str],
    *,
    broken: Iterable[str] = (),
    is_lazy: bool = False,
) -> Pages:
    """Return the pages of *course* with none of them made; *broken* and *is_lazy* as in Pages."""
    # The same loader on libyaml, which takes a tenth of the time for a long navigation.
    defaults.get_yaml_loader = functools.partial(  # type: ignore[attr-defined]
        get_yaml_loader, getattr(yaml, "CLoader", yaml.Loader)
    )
    page_urls.speed_up()
    config = load_config(
        str(root / SITE), site_dir=str(out), site_url=course.site_url or None, strict=True
    )
    plugin = config.plugins.get("course")
    if not isinstance(plugin, CoursePlugin):
        hint = "add '- course' under 'plugins:'"
        raise CourseError([Problem(SITE, 1, 1, "does not use the engine", hint)])
    plugin.course = course
    config.plugins.on_startup(command="build", dirty=False)
    return Pages(config, plugin, messages, readings, broken=broken, is_lazy=is_lazy)
