"""Releases: the next one is built aside and switched in, and the previous one stays for undoing.

A release is a site, its file of keys, and a fingerprint of what it was built from. All three are built
beside their destination, so that switching only renames. A kill between two renames leaves a complete site
and a complete file of keys; publishing or undoing again makes them match.
"""

import contextlib
import ctypes
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from course.content.course import Course
from course.publish import site

_HERE = -100
_EXCHANGE = 2
"""AT_FDCWD and RENAME_EXCHANGE of Linux, renameat2(2)."""


@dataclass(frozen=True)
class Release:
    """Where a release lies: the folder of the *site* and the file of the *course* with its keys."""

    site: Path
    course: Path

    @property
    def fingerprint(self) -> Path:
        return self.course.with_suffix(".fingerprint")

    @property
    def parts(self) -> tuple[Path, ...]:
        return (self.course, self.fingerprint, self.site)

    def beside(self, name: str) -> "Release":
        """Return the release called *name* ("next", "previous") that belongs to this one."""
        return Release(
            self.site.with_name(f".{self.site.name}-{name}"),
            self.course.with_name(f".{self.course.stem}-{name}{self.course.suffix}"),
        )

    @property
    def exists(self) -> bool:
        return self.site.is_dir() and self.course.is_file()

    def remove(self) -> None:
        for part in self.parts:
            if part.is_dir():
                shutil.rmtree(part, ignore_errors=True)
            else:
                part.unlink(missing_ok=True)


def prepare(
    root: Path, live: Release, *, site_url: str | None, on_step: Callable[[float], None]
) -> tuple[Course, Release]:
    """Build the course in *root* beside *live*; raises CourseError with everything that is wrong."""
    made = live.beside("next")
    made.remove()
    built = site.build(root, made.site, made.course, site_url=site_url, on_step=on_step)
    return built, made


def switch(made: Release, live: Release) -> None:
    """Exchange *made* and *live*; when a step fails, the earlier ones are undone."""
    done: list[tuple[Path, Path]] = []
    try:
        for here, there in zip(made.parts, live.parts, strict=True):
            _exchange(here, there)
            done.append((here, there))
    except OSError:
        for here, there in reversed(done):
            _exchange(here, there)
        raise


def keep(made: Release, live: Release) -> None:
    """Make the release that `switch` moved out of *live* the previous release."""
    previous = live.beside("previous")
    previous.remove()
    for here, there in zip(made.parts, previous.parts, strict=True):
        if here.exists():
            here.rename(there)
    touch(live)


def touch(live: Release) -> None:
    """Let a running service reload the published questions and decisions."""
    with contextlib.suppress(OSError):
        os.utime(live.course)


def _exchange(one: Path, other: Path) -> None:
    """Exchange two paths atomically, or by three renames where the system cannot."""
    one.parent.mkdir(parents=True, exist_ok=True)
    if not other.exists():
        if one.exists():
            one.rename(other)
        return
    if not one.exists():
        other.rename(one)
        return
    with contextlib.suppress(OSError, AttributeError):
        rename = ctypes.CDLL(None, use_errno=True).renameat2
        if rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
            return
    between = other.with_name(f".{other.name}-between")
    other.rename(between)
    one.rename(other)
    between.rename(one)
