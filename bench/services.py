"""Programs that a run needs, started for it and ended with it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHON = [sys.executable, "-m"]
COURSE = [*PYTHON, "course.cli"]

START_SECONDS = 30
STOP_SECONDS = 15


class ServiceError(Exception):
    """A program did not start; the message holds what it said."""


@contextmanager
def folder() -> Iterator[Path]:
    """Yield a new folder on a disk, removed after."""
    # /tmp lies in memory on many systems, and there a durable commit costs nothing.
    where = os.environ.get("TMPDIR", "/var/tmp")
    made = Path(tempfile.mkdtemp(prefix="course-bench-", dir=where))
    kept, tempfile.tempdir = tempfile.tempdir, where  # for the files of PostgreSQL
    try:
        yield made
    finally:
        tempfile.tempdir = kept
        shutil.rmtree(made, ignore_errors=True)


def tied(command: Sequence[str]) -> list[str]:
    """Return *command* so that it ends with us, even when we are killed."""
    return ["setpriv", "--pdeathsig=TERM", "--", *command]


def environment(**settings: str) -> dict[str, str]:
    """Return our environment with these settings of the course and no others.

    Python keeps its compiled modules, as it does wherever nobody forbids it.
    """
    kept = {key: value for key, value in os.environ.items() if not key.startswith("COURSE_")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    paths = [str(ROOT), *filter(None, [kept.get("PYTHONPATH")])]
    kept |= {"PYTHONPATH": os.pathsep.join(paths), "NO_MKDOCS_2_WARNING": "1"}
    return kept | {f"COURSE_{name}": value for name, value in settings.items()}


@contextmanager
def running(
    command: Sequence[str],
    url: str,
    cwd: Path,
    settings: Mapping[str, str],
    seconds: float = START_SECONDS,
    *,
    more: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run *command* in *cwd* from when *url* answers, in *seconds* at most, until the block ends.

    *settings* are those of the course, *more* any other variables. The process leads a group of its own,
    which holds all that it starts.
    """
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            tied(command),
            cwd=cwd,
            env=environment(**settings) | dict(more or {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that Ctrl-C reaches us alone, and we end it in order
        )
        try:
            if not _answers(process, url, seconds):
                log.seek(0)
                raise ServiceError(f"{url} does not answer:\n{log.read().decode()[-2_000:]}")
            yield process
        finally:
            stop(process)


def _answers(process: subprocess.Popen[bytes], url: str, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """End *process* and those it started."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
