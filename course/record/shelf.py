"""The published course at hand: taken up when its file changes, kept when the file is no good."""

import gc
import logging
import threading
from pathlib import Path

from course.content.course import Course
from course.content.hosts import Hosts
from course.record import late, publications
from course.record.database import Database
from course.record.publications import Published

log = logging.getLogger(__name__)


class PublicationError(Exception):
    """There is no course to serve; says what to do."""


class Shelf:
    """Keeps the published course at hand, and takes up a new one when its file changes.

    A file that cannot be read changes nothing: learners keep the last good course.
    """

    def __init__(self, path: Path, database: Database) -> None:
        self.path = path
        self.database = database
        self._published: Published | None = None
        self._stamp: tuple[int, int] | None = None
        self._lock = threading.Lock()

    def get(self) -> Published:
        """Return the published course; raises PublicationError when there is none at all."""
        stamp = self._file_stamp()
        if self._published is None or stamp != self._stamp:
            with self._lock:
                if self._published is None or stamp != self._stamp:
                    self._take_up(stamp)
        if self._published is None:
            raise PublicationError(
                f"There is no published course at {self.path}. Run 'course build' first."
            )
        return self._published

    @property
    def policy(self) -> str:
        """The Content-Security-Policy of the course taken up last; looks at no file."""
        return (self._published.course.hosts if self._published else Hosts()).policy

    def _file_stamp(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_size)

    def _take_up(self, stamp: tuple[int, int] | None) -> None:
        if stamp is None:
            return
        try:
            course = Course.load(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.error("%s cannot be read (%s); the course published before stays", self.path, error)
            self._stamp = stamp
            return
        with self.database.write() as session:
            self._published = publications.register(session, course)
            late.catch_up(session)
        self._stamp = stamp
        _set_aside()


def _set_aside() -> None:
    """Spare the collector of garbage what stays for as long as the course is published.

    Looking through it all takes longer than any request, and it would do so in the middle of one.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
