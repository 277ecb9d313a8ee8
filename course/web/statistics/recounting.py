"""Has figures that are old counted anew, by a process of its own: a page never waits for it."""

import os
import subprocess
import sys
import threading
import time
from typing import cast

from flask import Flask, current_app

PAUSE = 30.0
"""Seconds from one process to the next: what they should count is old for a minute at least."""


class Recounting:
    """Starts `course statistics --recount`, one at a time; other workers' are kept out by the record."""

    def __init__(self, database_url: str, published_file: str) -> None:
        self.environment = os.environ | {
            "COURSE_DATABASE_URL": database_url,
            "COURSE_PUBLISHED_FILE": published_file,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self._begun = -PAUSE
        self._lock = threading.Lock()

    def start(self, lesson: str = "") -> None:
        """Let old figures be counted, those of *lesson* first; nothing while that is under way."""
        with self._lock:
            is_running = self.process is not None and self.process.poll() is None
            if is_running or time.monotonic() - self._begun < PAUSE:
                return
            self._begun = time.monotonic()
            command = [sys.executable, "-m", "course.cli", "statistics", "--recount"]
            self.process = subprocess.Popen(
                [*command, *filter(None, [lesson])],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )


def init_app(app: Flask) -> None:
    """Count in the record that *app* serves."""
    app.extensions["course_recounting"] = Recounting(
        app.config["DATABASE_URL"], app.config["PUBLISHED_FILE"]
    )


def start(lesson: str = "") -> None:
    """Let old figures be counted by the running application, those of *lesson* first."""
    cast(Recounting, current_app.extensions["course_recounting"]).start(lesson)
