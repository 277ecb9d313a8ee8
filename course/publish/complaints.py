"""What MkDocs, its extensions and its templates complain of, as problems with a place and a mend."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import jinja2
from mkdocs.exceptions import Abort, BuildError, ConfigurationError

from course.content.problems import CourseError, Problem, short
from course.content.reading import LESSONS, PLANS, QUIZZES, SITE
from course.publish.plugin import Stopped


class _Said(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def heard() -> Iterator[list[str]]:
    """Yield the list that gathers MkDocs' warnings and errors; its other notices say nothing new."""
    logger = logging.getLogger("mkdocs")
    said = _Said()
    before = logger.level, logger.propagate
    logger.setLevel(logging.INFO)  # at ERROR, --strict would count no warning
    logger.propagate = False
    logger.addHandler(said)
    try:
        yield said.messages
    finally:
        logger.removeHandler(said)
        logger.setLevel(before[0])
        logger.propagate = before[1]


@contextmanager
def told(root: Path, said: list[str]) -> Iterator[None]:
    """Raise as one CourseError whatever of MkDocs goes wrong inside, with what it *said* before."""
    try:
        yield
    except Stopped as error:
        raise CourseError(error.problems) from None
    except (Abort, BuildError, ConfigurationError) as error:
        raise CourseError([problem(root, message) for message in said or [str(error)]]) from None
    except jinja2.TemplateError as error:
        raise of_template(root, error) from None


_LINK = re.compile(r"Doc file '([^']+)' contains (?:a|an \w+) link '([^']+)', (.+)", re.DOTALL)


def problem(root: Path, message: str) -> Problem:
    """Return a warning of MkDocs as a problem, at the link's own line where it is about a link."""
    match = _LINK.match(message)
    if match is None:
        return Problem(SITE, 1, 1, " ".join(message.split()))
    name, target, trouble = f"{LESSONS}/{match[1]}", match[2], " ".join(match[3].split())
    lines = (root / name).read_text("utf-8").split("\n")
    line = next((number for number, text in enumerate(lines, 1) if target in text), 1)
    column = lines[line - 1].find(target) + 1
    return Problem(name, line, column or 1, f"links to '{target}', {trouble}")


def of_page(root: Path, uri: str, error: Exception) -> CourseError:
    """Return what an extension raised while it rendered the page *uri*, at the words that it quotes."""
    name = f"{LESSONS}/{uri}"
    quoted = re.search(r"'([^']+)'", str(error))
    lines = (root / name).read_text("utf-8").split("\n")
    line = next((n for n, text in enumerate(lines, 1) if quoted and quoted[1] in text), 1)
    message = f"cannot be made into a page: {short(error) or type(error).__name__}"
    return CourseError([Problem(name, line, 1, message)])


def of_template(root: Path, error: jinja2.TemplateError) -> CourseError:
    """Return what is wrong in a template of the course's own theme."""
    line, path = 1, SITE
    if isinstance(error, jinja2.TemplateSyntaxError):
        line = error.lineno
        file = Path(error.filename or SITE)
        path = file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name
    message = f"a template cannot be filled: {short(error.message or error)}"
    hint = "look at the files of the theme's 'custom_dir', and at 'template:' in front matter"
    return CourseError([Problem(path, line, 1, message, hint)])


def page_of(path: str) -> str:
    """Return which page a file of the course belongs to, as MkDocs calls it; "" for none."""
    folder, _, inside = path.partition("/")
    if folder == LESSONS and inside.endswith(".md"):
        return inside
    if folder in (QUIZZES, PLANS) and inside.endswith(".yml"):
        return Path(inside).with_suffix(".md").as_posix()
    return ""
