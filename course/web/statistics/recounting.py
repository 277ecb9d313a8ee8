"""Recounts outdated statistics in a separate process, so that no page waits for them."""

import os
import subprocess
import sys
import threading
import time
from typing import cast

from flask import Flask, current_app

PAUSE = 30.0
"""Minimum seconds between two such processes."""


class Recounting:
    """Starts `course statistics --recount`, one at a time; a lock in the database excludes other workers'."""

    def __init__(self, database_url: str, published_file: str) -> None:
        self.environment = os.environ | {
            "COURSE_DATABASE_URL": database_url,
            "COURSE_PUBLISHED_FILE": published_file,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self._started_at = -PAUSE
        self._lock = threading.Lock()

    def start(self, lesson: str = "") -> None:
        """Start a recount of outdated figures, *lesson* first, unless one is running or started just now."""
        with self._lock:
            is_running = self.process is not None and self.process.poll() is None
            if is_running or time.monotonic() - self._started_at < PAUSE:
                return
            self._started_at = time.monotonic()
            command = [sys.executable, "-m", "course.cli", "statistics", "--recount"]
            self.process = subprocess.Popen(
                [*command, *filter(None, [lesson])],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )


def init_app(app: Flask) -> None:
    """Set up recounting for the database of *app*."""
    app.extensions["course_recounting"] = Recounting(
        app.config["DATABASE_URL"], app.config["PUBLISHED_FILE"]
    )


def start(lesson: str = "") -> None:
    """Start a recount of outdated figures, *lesson* first."""
    cast(Recounting, current_app.extensions["course_recounting"]).start(lesson)
