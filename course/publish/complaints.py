"""What MkDocs, its extensions and its templates complain of, as problems with a place and a mend."""

import logging
import re
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import jinja2
from mkdocs.exceptions import Abort, BuildError, ConfigurationError
from mkdocs.plugins import BasePlugin

from course.content.lesson import hidden
from course.content.problems import CourseError, Problem, short
from course.content.reading import LESSONS, PLANS, QUIZZES, SAME_ADDRESS, SITE
from course.publish import question_links
from course.publish.plugin import CoursePlugin, Stopped


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
    except CourseError:
        raise
    except (Abort, BuildError, ConfigurationError) as error:
        raise CourseError(problems(root, said or [str(error)])) from None
    except jinja2.TemplateError as error:
        raise of_template(root, error) from None
    except Exception as error:
        if not (culprit := _culprit(root, error)):
            raise  # a mistake of ours: its traceback is wanted
        message = f"{culprit} failed: {_words(error)}"
        raise CourseError([Problem(SITE, 1, 1, message)]) from error


@contextmanager
def naming_page(root: Path, uri: str, template: str | None = None) -> Iterator[None]:
    """Raise as a CourseError about the page *uri* whatever an extension, a plugin or a template raises."""
    try:
        yield
    except CourseError:
        raise
    except jinja2.TemplateNotFound as error:
        if error.name != template:
            raise of_template(root, error, uri) from None
        line, column = _find(root, f"{LESSONS}/{uri}", "template:")
        message = f"template: the theme has no template '{short(template)}'"
        raise CourseError([Problem(f"{LESSONS}/{uri}", line, column, message)]) from None
    except jinja2.TemplateError as error:
        raise of_template(root, error, uri) from None
    except Exception as error:  # whatever they raise
        raise _of_page(root, uri, error) from error


_LINK = re.compile(r"Doc file '([^']+)' contains an? ([a-z ]*)link '([^']+)', (.+)", re.DOTALL)
_WHAT = {"unrecognized relative ": "which is no file of the course; "}
"""What MkDocs says of a link before it, in our words."""


_CLASH = re.compile(r"Excluding '([^']+)' from the site because it conflicts with '([^']+)'")


def problems(root: Path, messages: Iterable[str]) -> list[Problem]:
    """Return warnings of MkDocs as problems, at a link's own line where they are about links."""
    return [found for message in messages for found in _problems(root, message)]


def _problems(root: Path, message: str) -> Iterator[Problem]:
    match = _LINK.match(message)
    if match is None and (clash := _CLASH.match(message)):
        taken = f"has the same address as {LESSONS}/{clash[2]}"
        yield Problem(f"{LESSONS}/{clash[1]}", 1, 1, taken, SAME_ADDRESS)
    elif match is None:
        yield Problem(SITE, 1, 1, " ".join(message.split()))
    else:
        inside, what, target, said = match.groups()
        trouble = _WHAT.get(what, "") + " ".join(said.split())
        if inside.endswith(question_links.ENDING):
            yield from question_links.problems(root, inside, target, trouble)
        else:
            name = f"{LESSONS}/{inside}"
            yield Problem(name, *_find(root, name, target), f"links to '{target}', {trouble}")


def _find(root: Path, name: str, words: str) -> tuple[int, int]:
    """Return line and column of the first *words* in a file; 1 and 1 where they are not found.

    Words outside code and comments come first. A page that a plugin made has no file.
    """
    try:
        lines = (root / name).read_text("utf-8-sig", "replace").split("\n")
    except OSError:
        return 1, 1
    concealed = set(hidden(lines))
    found = [number for number, text in enumerate(lines) if words in text]
    found.sort(key=lambda number: number in concealed)
    return (found[0] + 1, lines[found[0]].find(words) + 1) if found else (1, 1)


def _of_page(root: Path, uri: str, error: Exception) -> CourseError:
    """Return what was raised while the page *uri* was made, at the words that it quotes."""
    name = f"{LESSONS}/{uri}"
    quoted = re.search(r"'([^']+)'", str(error))
    line = _find(root, name, quoted[1])[0] if quoted else 1
    culprit = _culprit(root, error)
    by = f" ({culprit})" if culprit else ""
    message = f"cannot be made into a page: {_words(error)}{by}"
    return CourseError([Problem(name, line, 1, message)])


def _words(error: Exception) -> str:
    """Return what *error* says; an error that says one word or none says its name as well."""
    words, name = short(error), type(error).__name__
    return words if " " in words else f"{name}: {words}".removesuffix(": ")


def _culprit(root: Path, error: Exception) -> str:
    """Return which plugin or hook raised *error*; "" where it was neither."""
    found = ""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        plugin = frame.f_locals.get("self")
        path = Path(frame.f_code.co_filename)
        if isinstance(plugin, BasePlugin) and not isinstance(plugin, CoursePlugin):
            found = f"the plugin {type(plugin).__module__}"
        elif frame.f_code.co_name.startswith("on_") and path.parent.is_relative_to(root):
            found = f"the hook {path.relative_to(root).as_posix()}"
    return found


def of_template(root: Path, error: jinja2.TemplateError, uri: str = "") -> CourseError:
    """Return what is wrong in a template, perhaps while it was filled for the page *uri*."""
    line, path = 1, SITE
    if isinstance(error, jinja2.TemplateSyntaxError):
        line = error.lineno
        file = Path(error.filename or SITE)
        path = file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name
    of = f" for {LESSONS}/{uri}" if uri else ""
    message = f"a template cannot be filled{of}: {short(error.message or error)}"
    hint = "look at the files of the theme's 'custom_dir', and at 'template:' in front matter"
    return CourseError([Problem(path, line, 1, message, hint)])


def of_site(root: Path, said: list[str], known: list[Problem]) -> list[Problem]:
    """Return what MkDocs *said* when it opened the site, and the *known* problems do not say already."""
    if any(one.path == SITE for one in known):
        said = [message for message in said if "'nav' configuration" not in message]
    return problems(root, said)


def page_of(path: str) -> str:
    """Return which page a file of the course belongs to, as MkDocs calls it; "" for none."""
    folder, _, inside = path.partition("/")
    if folder == LESSONS and inside.endswith(".md"):
        return inside
    if folder in (QUIZZES, PLANS) and inside.endswith(".yml"):
        return Path(inside).with_suffix(".md").as_posix()
    return ""
