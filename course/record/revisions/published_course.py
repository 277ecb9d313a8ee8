"""The published course at hand: taken up when its file changes, kept when the file is no good."""

import gc
import logging
import threading
from concurrent.futures import Future
from pathlib import Path

from course.content.course import Course
from course.content.hosts import Hosts
from course.record.publishing import late_answers
from course.record.revisions import registration
from course.record.revisions.registration import Published
from course.record.store.database import Database

log = logging.getLogger(__name__)


class PublicationError(Exception):
    """There is no course to serve; says what to do."""


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


class Shelf:
    """Keeps the published course at hand, and takes up a new one when its file changes.

    A file that cannot be read changes nothing: learners keep the last good course.
    """

    def __init__(self, path: Path, database: Database) -> None:
        self.path = path
        self.database = database
        self._published: Published | None = None
        self._stamp: tuple[int, int] | None = None
        self._damage: PublicationError | None = None
        """What was wrong with the file when it was read last."""
        self._lock = threading.Lock()
        self._under_way: Future[None] | None = None
        """What takes up a new course now; others wait for it and share its outcome."""

    def at_hand(self) -> Published | None:
        """Return the published course, if its file has not changed; waits for nothing."""
        stamp = self._file_stamp()
        return self._published if stamp in (None, self._stamp) else None

    def get(self) -> Published:
        """Return the published course; raises PublicationError when there is none at all."""
        if self.at_hand() is None:
            self._renew()
        if self._published is None:
            raise self._damage or PublicationError(
                f"There is no published course at {self.path}. Run 'course build' first."
            )
        return self._published

    @property
    def policy(self) -> str:
        """The Content-Security-Policy of the course taken up last; looks at no file."""
        return (self._published.course.hosts if self._published else Hosts()).policy

    def _renew(self) -> None:
        with self._lock:
            is_mine = self._under_way is None
            under_way = self._under_way = self._under_way or Future()
        if is_mine:
            try:
                self._take_up(self._file_stamp())
            except BaseException as error:
                under_way.set_exception(error)
            else:
                under_way.set_result(None)
            finally:
                self._under_way = None
        under_way.result()

    def _file_stamp(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_size)

    def _take_up(self, stamp: tuple[int, int] | None) -> None:
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
        _set_aside()


def _set_aside() -> None:
    """Spare the collector of garbage what stays for as long as the course is published.

    Looking through it all takes longer than any request, and it would do so in the middle of one.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
