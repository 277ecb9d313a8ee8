"""Building the site and the file of keys beside it, so that neither is ever seen half done."""

import hashlib
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import course as engine
from course.content.course import LESSONS, QUIZZES, SITE, Course, open_course
from course.content.problems import CourseError, Problem


def build(
    root: Path,
    out: Path,
    course_file: Path,
    *,
    site_url: str | None = None,
    on_step: Callable[[float], None] = lambda _: None,
) -> Course:
    """Publish the course in *root*: the site into *out*, the questions with keys into *course_file*.

    *on_step* hears the share of the work that is done, from 0 to 1.
    Raises CourseError with everything that is wrong; the site and the file then stay as they were.
    """
    root, out, course_file = root.resolve(), out.resolve(), course_file.resolve()
    state = fingerprint(root, site_url)
    course = open_course(root, site_url or os.environ.get("COURSE_SITE_URL") or None)
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-new-", dir=out.parent))
    try:
        fresh.chmod(0o755)  # mkdtemp keeps others out, and a web server is another
        _run_mkdocs(root, fresh, course, on_step)
        _swap(fresh, out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    course_file.parent.mkdir(parents=True, exist_ok=True)
    _write(course_file, course.dump())
    _write(_state_file(course_file), state)
    return course


def is_current(root: Path, out: Path, course_file: Path, *, site_url: str | None = None) -> bool:
    """Whether *out* and *course_file* are what `build` would make of *root* now."""
    state = _state_file(course_file)
    if not (out.is_dir() and course_file.is_file() and state.is_file()):
        return False
    return state.read_text("utf-8") == fingerprint(root.resolve(), site_url)


def fingerprint(root: Path, site_url: str | None = None) -> str:
    """Name the state of everything that a build reads, by the sizes and times of the files."""
    digest = hashlib.sha256()
    address = site_url or os.environ.get("COURSE_SITE_URL", "")
    digest.update(f"{engine.__version__}\0{address}\0{root}\0".encode())
    ours = Path(__file__).parents[1]
    folders = [root / LESSONS, root / QUIZZES, root / "overrides"]
    folders += [ours / name for name in ("content", "markup", "publish")]
    for path in (root / SITE, *folders):
        for name, size, time in sorted(_files(str(path))):
            digest.update(f"{name}\0{size}\0{time}\0".encode())
    return digest.hexdigest()


def _files(path: str) -> Iterator[tuple[str, int, int]]:
    if os.path.isfile(path):  # noqa: PTH113 - half the time of pathlib, at each start of the service
        facts = os.stat(path)  # noqa: PTH116
        yield path, facts.st_size, facts.st_mtime_ns
    elif os.path.isdir(path):  # noqa: PTH112
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir():
                    if entry.name != "__pycache__":
                        yield from _files(entry.path)
                elif entry.is_file():
                    facts = entry.stat()
                    yield entry.path, facts.st_size, facts.st_mtime_ns


def _state_file(course_file: Path) -> Path:
    return course_file.with_suffix(".fingerprint")


def _write(path: Path, text: str) -> None:
    """Replace *path* in one step, so that a reader sees the old text or the new."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _swap(fresh: Path, out: Path) -> None:
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
    try:
        if out.exists():
            out.rename(old / out.name)
        fresh.rename(out)
    finally:
        if not out.exists() and (old / out.name).exists():
            (old / out.name).rename(out)
        shutil.rmtree(old, ignore_errors=True)


def _run_mkdocs(root: Path, out: Path, course: Course, on_step: Callable[[float], None]) -> None:
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # Material's notice, at its import
    # Imported here: MkDocs costs a third of a second, which only a build should pay.
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort, ConfigurationError

    from course.publish.plugin import CoursePlugin

    with _warnings() as said:
        plugin = None
        try:
            config = load_config(
                str(root / SITE), site_dir=str(out), site_url=course.site_url or None, strict=True
            )
            plugin = config.plugins.get("course")
            if not isinstance(plugin, CoursePlugin):
                hint = "add '- course' under 'plugins:'"
                raise CourseError([Problem(SITE, 1, 1, "does not use the engine", hint)])
            plugin.course = course
            plugin.on_step = on_step
            config.plugins.on_startup(command="build", dirty=False)
            build_site(config)
            config.plugins.on_shutdown()
        except (Abort, ConfigurationError) as error:
            if plugin is not None and plugin.problems:
                raise CourseError(plugin.problems) from None
            raise CourseError(
                [_problem(root, message) for message in said or [str(error)]]
            ) from None


class _Said(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _warnings() -> Iterator[list[str]]:
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


_LINK = re.compile(r"Doc file '([^']+)' contains (?:a|an \w+) link '([^']+)', (.+)", re.DOTALL)


def _problem(root: Path, message: str) -> Problem:
    """Return a warning of MkDocs as a problem, at the link's own line where it is about a link."""
    match = _LINK.match(message)
    if match is None:
        return Problem(SITE, 1, 1, " ".join(message.split()))
    name, target, trouble = f"{LESSONS}/{match[1]}", match[2], " ".join(match[3].split())
    lines = (root / name).read_text("utf-8").split("\n")
    line = next((number for number, text in enumerate(lines, 1) if target in text), 1)
    column = lines[line - 1].find(target) + 1
    return Problem(name, line, column or 1, f"links to '{target}', {trouble}")
