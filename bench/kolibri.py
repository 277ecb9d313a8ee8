"""Kolibri from its package, recording answers as its own client has it do."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import load, services
from bench.load import Sent
from bench.services import ServiceError
from tests import postgres

VERSION = "0.19.5"
SETUP = Path(__file__).with_name("kolibri_setup.py")
START_SECONDS = 180
"""Its first start makes five databases."""

PAUSE = 2.0
"""Seconds without a new row after which nothing is under way any more."""

INTERACTION = (
    '{"interactions":[{"item":"@","correct":1,"complete":true,"time_spent":7.5,'
    '"answer":{"choices":[2]},"simple_answer":"2"}],"time_spent_delta":7.5}'
)

NOTE = (
    f"Kolibri {VERSION} was installed from its package and started with `kolibri start`: its own server, "
    "SQLite and defaults, but for its reports to its makers and its search for other devices, which are off. "
    "Learners of one facility are signed in and have begun an exercise; each request is theirs to "
    "`/api/logger/trackprogress/` with one interaction, as its web client sends it, which adds one row to "
    "its log of attempts."
)


@dataclass(frozen=True)
class Kolibri:
    url: str
    sent: Sent
    home: Path

    def stored(self) -> int:
        """Return how many attempts its database holds."""
        with closing(sqlite3.connect(self.home / "db.sqlite3")) as connection:
            rows = connection.execute("SELECT count(*) FROM logger_attemptlog").fetchone()
            return int(rows[0])


def install() -> Path:
    """Return a folder with Kolibri in an environment of its own, made on first use and kept."""
    folder = services.ROOT / f".cache/bench/kolibri-{VERSION}"
    done = folder / "installed"
    if not done.exists():
        venv = [sys.executable, "-m", "venv", "--clear", str(folder)]
        subprocess.run(venv, check=True, capture_output=True)
        pip = [str(folder / "bin/pip"), "--disable-pip-version-check", "install", "--quiet"]
        ended = subprocess.run(
            [*pip, f"kolibri=={VERSION}"], check=False, capture_output=True, text=True
        )
        if ended.returncode:
            raise ServiceError(f"Kolibri cannot be installed:\n{ended.stderr[-2_000:]}")
        done.touch()
    return folder


@contextmanager
def running(work: Path, learners: int) -> Iterator[Kolibri]:
    """Run a new Kolibri, its files in *work*, with *learners* signed in."""
    programs = install() / "bin"
    home = work / "kolibri"
    home.mkdir()
    port, other = postgres.free_port(), postgres.free_port()
    command = [str(programs / "kolibri"), "start", "--foreground"]
    command += [f"--port={port}", f"--zip-port={other}"]
    url = f"http://127.0.0.1:{port}"
    with services.running(
        command, f"{url}/api/public/info/", work, {}, START_SECONDS, more=_settings(home)
    ):
        heads = work / "learners-kolibri"
        _set_up(programs, home, port, learners, heads)
        yield Kolibri(url, Sent(heads, load.lines(work / "bodies-kolibri", [INTERACTION])), home)


def _settings(home: Path) -> dict[str, str]:
    return {
        "KOLIBRI_HOME": str(home),
        "KOLIBRI_DISABLE_PING": "1",
        "KOLIBRI_ZEROCONF_ENABLED": "0",
        "PYTHONPATH": "",
    }


def _set_up(programs: Path, home: Path, port: int, learners: int, heads: Path) -> None:
    # -P: what lies beside the script is ours, and not for its Python to import.
    command = [str(programs / "python"), "-P", str(SETUP), str(port), str(learners), str(heads)]
    ended = subprocess.run(
        command,
        env=services.environment() | _settings(home),
        cwd=home,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    if ended.returncode:
        raise ServiceError(f"Kolibri cannot be set up:\n{ended.stderr[-2_000:]}")
