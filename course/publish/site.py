"""Building the site and the file of keys beside it, so that neither is ever seen half done."""

import contextlib
import gc
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import course as engine
from course import garbage, private
from course.content.course import Course
from course.content.problems import CourseError, Problem
from course.content.reading import GLOSSARY, LESSONS, PLANS, QUIZZES, SITE
from course.publish import checking, compressed, leftovers
from course.publish.cache import FOLDER, SPARE, Cache
from course.publish.checking import OnStep
from course.publish.reading import Readings

if TYPE_CHECKING:
    from course.publish.pages import Pages


def build(
    root: Path,
    out: Path,
    course_file: Path,
    *,
    site_url: str | None = None,
    on_step: OnStep = lambda _: None,
    on_warning: Callable[[Problem], object] = lambda _: None,
) -> Course:
    """Publish the course in *root*: the site into *out*, the questions with keys into *course_file*.

    *on_step* is called with the share of the work that is done, from 0 to 1, and *on_warning*, at the end,
    with each problem that does not stop a build.
    Raises CourseError with everything that is wrong; the site and the file then stay as they were.
    """
    root, out, course_file = root.resolve(), out.resolve(), course_file.resolve()
    with contextlib.closing(Cache(root / FOLDER)) as cache:
        course, warnings = _build(root, out, course_file, site_url, cache, on_step)
    for warning in warnings:
        on_warning(warning)
    return course


def _build(
    root: Path, out: Path, course_file: Path, site_url: str | None, cache: Cache, on_step: OnStep
) -> tuple[Course, list[Problem]]:
    """Build as `build` does, and return the course with its warnings."""
    state = fingerprint(root, site_url)
    readings = Readings(root, cache)
    with garbage.paused():
        course, problems = checking.read_course(root, site_url, readings)
    if course is None:
        raise CourseError(problems)
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh, lock = leftovers.start_build(out)
    try:
        fresh.chmod(0o755)  # mkdtemp keeps others out, and a web server is another
        with checking.open_pages(root, fresh, course, readings, problems) as pages:
            is_alike = _make(pages, problems, on_step)
            course.addresses.update(pages.addresses_by_url())
        with leftovers.locked(out.parent):
            _swap(fresh, out, cache.folder / SPARE if is_alike else None)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        os.close(lock)
        gc.unfreeze()
    course_file.parent.mkdir(parents=True, exist_ok=True)
    # It has the keys: only its owner and the service's group may read it.
    private.write(course_file, course.dump(readings.dump_lessons(course.lessons.values())), 0o640)
    private.write(_state_file(course_file), state, 0o640)
    cache.sweep()
    return course, sorted(set(problems))


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
    folders = [root / LESSONS, root / QUIZZES, root / PLANS, root / "overrides"]
    folders += [ours / name for name in ("content", "markup", "publish")]
    for path in (root / SITE, root / GLOSSARY, *folders):
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


def _swap(fresh: Path, out: Path, spare: Path | None) -> None:
    """Put *fresh* where *out* is, and that where *spare* is, if anywhere."""
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
    try:
        if out.exists():
            out.rename(old / out.name)
        fresh.rename(out)
    finally:
        if not out.exists() and (old / out.name).exists():
            (old / out.name).rename(out)
        if spare is not None:
            shutil.rmtree(spare, ignore_errors=True)
            with contextlib.suppress(OSError):  # there was none, or it lies on another disk
                (old / out.name).rename(spare)
        shutil.rmtree(old, ignore_errors=True)


def _make(pages: "Pages", problems: list[Problem], on_step: OnStep) -> bool:
    """Write the site of *pages*; return whether most of it is as it was in the site before."""
    from mkdocs.commands import build as mkdocs  # as dear as `Pages`

    config = pages.config
    changed = checking.make_texts(pages, problems, lambda share: on_step(share / 2))
    pages.finish_texts()
    with pages.indexing(changed):
        new = pages.place_finished()
        pages.copy_files()
        for name in config.theme.static_templates:
            mkdocs._build_theme_template(name, pages.env, pages.files, config, pages.nav)
        for name in config.extra_templates:
            mkdocs._build_extra_template(name, pages.files, config, pages.nav)
        if pages.cache is not None:  # nothing that comes after the pages needs them
            config.plugins.on_post_build(config=config)
        pages.make_pages(new, lambda share: on_step((1 + share) / 2))
    if pages.cache is None:
        config.plugins.on_post_build(config=config)
        compressed.compress_site(Path(config.site_dir), pages.readings.cache)
    pages.finished.sweep()
    return len(new) * 2 < len(pages.pages)
