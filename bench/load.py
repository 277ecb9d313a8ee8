"""Many clients at once: wrk, and what it counts."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_suffix(".lua")

PATIENCE = 30
"""Seconds after which wrk counts an answer as missing."""


class LoadError(Exception):
    """A run that says nothing about speed: something failed in it."""


@dataclass(frozen=True)
class Counted:
    """One run of wrk; times in milliseconds."""

    answered: int
    per_second: float
    p50: float
    p99: float
    max: float


def run(
    url: str,
    seconds: int,
    clients: int,
    *,
    cookies: Path | None = None,
    bodies: Path | None = None,
    seed: int = 0,
) -> Counted:
    """Ask *url* without pause from *clients* at once; raises LoadError unless all goes well.

    With *bodies* it posts, else it gets.
    """
    if shutil.which("wrk") is None:
        raise LoadError("wrk is not installed: run scripts/debian-tools wrk")
    files = [str(cookies), str(seed)] if cookies else []
    files += [str(bodies)] if bodies else []
    ended = subprocess.run(
        [
            *("wrk", f"--threads={clients}", f"--connections={clients}"),
            *(f"--duration={seconds}s", f"--timeout={PATIENCE}s"),
            *(f"--script={SCRIPT}", url, "--", *files),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds + 2 * PATIENCE,
        check=False,
    )
    if ended.returncode != 0 or not ended.stderr.startswith("{"):
        raise LoadError(f"wrk failed:\n{ended.stdout}{ended.stderr}")
    found = json.loads(ended.stderr)
    if found["refused"] or found["broken"]:
        raise LoadError(
            f"{url}: {found['answered']} answers, {found['refused']} of them errors, "
            f"{found['broken']} broken connections"
        )
    rate = found["answered"] / found["seconds"]
    return Counted(found["answered"], rate, found["p50"], found["p99"], found["max"])
