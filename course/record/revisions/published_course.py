"""The published course in memory: reloaded when its file changes, unless the new file cannot be read."""

import gc
import logging
import threading
from concurrent.futures import Future
from pathlib import Path

from course.content.course import Course
from course.content.hosts import Hosts
from course.record.publishing import late_answers
from course.record.revisions import registration
from course.record.revisions.registration import CourseSnapshot
from course.record.store.database import Database

log = logging.getLogger(__name__)


class PublicationError(Exception):
    """There is no course to serve; the message says what to do."""


def read_course(path: Path) -> Course:
    """Return the published course in the file at *path*; raises PublicationError."""
    try:
        return Course.load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PublicationError(
            f"There is no published course at {path}. Run 'course build' first."
        ) from None
    except OSError as error:
        raise PublicationError(
            f"The published course {path} cannot be read ({error.strerror}). "
            "Let the user who runs this read it."
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PublicationError(
            f"The published course {path} is damaged ({type(error).__name__}). Run 'course build' again."
        ) from None


class PublishedCourse:
    """Caches the published course, and reloads it when its file changes.

    If the new file cannot be read, the last good course is still served.
    """

    def __init__(self, path: Path, database: Database) -> None:
        self.path = path
        self.database = database
        self._published: CourseSnapshot | None = None
        self._stamp: tuple[int, int] | None = None
        self._damage: PublicationError | None = None
        """Why the file could not be read the last time."""
        self._lock = threading.Lock()
        self._reload: Future[None] | None = None
        """The load that is running now; other threads wait for it and share its outcome."""

    def current(self) -> CourseSnapshot | None:
        """Return the cached course if its file has not changed, else None; never waits."""
        stamp = self._file_stamp()
        return self._published if stamp in (None, self._stamp) else None

    def get(self) -> CourseSnapshot:
        """Return the published course; raises PublicationError when there is none at all."""
        if self.current() is None:
            self._reload_or_wait()
        if self._published is None:
            raise self._damage or PublicationError(
                f"There is no published course at {self.path}. Run 'course build' first."
            )
        return self._published

    @property
    def policy(self) -> str:
        """The Content-Security-Policy of the course loaded last; reads no file."""
        return (self._published.course.hosts if self._published else Hosts()).policy

    def _reload_or_wait(self) -> None:
        with self._lock:
            is_mine = self._reload is None
            under_way = self._reload = self._reload or Future()
        if is_mine:
            try:
                self._load(self._file_stamp())
            except BaseException as error:
                under_way.set_exception(error)
            else:
                under_way.set_result(None)
            finally:
                self._reload = None
        under_way.result()

    def _file_stamp(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_size)

    def _load(self, stamp: tuple[int, int] | None) -> None:
        if stamp is None or (self._published is not None and stamp == self._stamp):
            return
        try:
            course = read_course(self.path)
        except PublicationError as error:
            log.error("%s The course published before stays.", error)
            self._damage = error
            self._stamp = stamp
            return
        with self.database.write() as session:
            self._published = registration.register(session, course)
            late_answers.catch_up(session)
        self._stamp = stamp
        _freeze_garbage()


def _freeze_garbage() -> None:
    """Exclude the loaded course from garbage collection.

    Scanning it takes longer than any request, and would happen in the middle of one.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
