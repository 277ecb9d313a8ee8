"""What the figures were measured on."""

import os
import platform
import re
import sqlite3
import subprocess
from importlib import metadata
from pathlib import Path

from tests import postgres

LIBRARIES = ("flask", "granian", "SQLAlchemy", "psycopg", "mkdocs", "mkdocs-material")


def facts(work: Path) -> dict[str, str]:
    """Return what machine this is, and which programs run on it; *work* is where the files lie."""
    model = _first(Path("/proc/cpuinfo"), r"model name\s*:\s*(.+)")
    return {
        "processor": f"{len(os.sched_getaffinity(0))} x {model}",
        "memory": _gigabytes(_first(Path("/proc/meminfo"), r"MemTotal:\s*(\d+)")),
        "file system": _said("stat", "-f", "-c", "%T", str(work)),
        "system": platform.freedesktop_os_release()["PRETTY_NAME"],
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "PostgreSQL": _postgres(),
        "wrk": _version(_said("wrk", "-v")),
    } | {name: metadata.version(name) for name in LIBRARIES}


def _first(path: Path, pattern: str) -> str:
    match = re.search(pattern, path.read_text(encoding="utf-8"))
    return match[1] if match else "unknown"


def _gigabytes(kilobytes: str) -> str:
    return f"{int(kilobytes) / 2**20:.0f} GB" if kilobytes.isdecimal() else kilobytes


def _said(*command: str) -> str:
    try:
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "not installed"
    return (ended.stdout or ended.stderr).strip()


def _postgres() -> str:
    try:
        return _version(_said(str(postgres.programs() / "postgres"), "--version"))
    except postgres.PostgresError:
        return "not installed"


def _version(text: str) -> str:
    match = re.search(r"\d+(\.\d+)+", text)
    return match[0] if match else text
