"""A PostgreSQL server for the tests: its own, on this machine, gone when they end."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import psycopg

# Debian keeps each version's server here. What `pg_ctl` means on PATH may be another version.
VERSIONS = Path("/usr/lib/postgresql")

# PostgreSQL refuses to run as root; Debian makes this user and its group for it.
USER = "postgres"

# Small, but as careful with data as a real one: fsync and synchronous_commit keep their defaults.
SETTINGS = {"shared_buffers": "32MB", "max_connections": "200", "listen_addresses": "127.0.0.1"}

# For who neither measures nor kills the server: it outlives everything but a failure of the machine.
HASTY = {"fsync": "off", "full_page_writes": "off"}

# A lost race for a port costs one try; several in a row mean that something else is wrong.
TRIES = 3


class PostgresError(Exception):
    """A server for the tests cannot be had; the message says why."""


@contextmanager
def running_server(more: Mapping[str, str] = MappingProxyType({})) -> Iterator[str]:
    """Yield the address of an empty server with *more* settings; stop it and remove its files after."""
    folder = Path(tempfile.mkdtemp(prefix="course-postgres-"))
    password = secrets.token_hex(16)
    try:
        initialise(folder, password)
        process, port = start(folder, password, more)
        try:
            yield f"postgresql+psycopg://postgres:{password}@127.0.0.1:{port}/postgres"
        finally:
            stop(process)
    finally:
        shutil.rmtree(folder)


def initialise(folder: Path, password: str) -> None:
    """Make a cluster in *folder* whose user postgres has *password*."""
    secret = folder / "password"
    secret.write_text(password)
    if os.geteuid() == 0:
        for path in (folder, secret):
            shutil.chown(path, USER, USER)
    made = subprocess.run(
        command(
            *("initdb", f"--pgdata={folder / 'data'}", "--username=postgres"),
            *(f"--pwfile={secret}", "--auth=scram-sha-256"),
            *("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
        ),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise PostgresError(f"initdb failed:\n{made.stdout}{made.stderr}")


def start(
    folder: Path,
    password: str,
    more: Mapping[str, str] = MappingProxyType({}),
    at: int | None = None,
) -> tuple[subprocess.Popen[bytes], int]:
    """Start the server of *folder*, with *more* settings, and return it and its port once it answers.

    The port is *at*, or any that is free.
    """
    log = folder / "log"
    for _ in range(TRIES):
        port = at or free_port()
        own = {"port": str(port), "unix_socket_directories": str(folder)}
        settings = SETTINGS | own | dict(more)
        options = [f"--{name}={value}" for name, value in settings.items()]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command("postgres", "-D", str(folder / "data"), *options),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that Ctrl-C lets the tests end before the server does
            )
        try:
            if answers(process, port, password):
                return process, port
        except BaseException:
            stop(process)
            raise
        stop(process)
    raise PostgresError(f"PostgreSQL does not start:\n{log.read_text()}")


def answers(process: subprocess.Popen[bytes], port: int, password: str) -> bool:
    """Wait until the server takes connections; false if it ends first, or takes too long."""
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(
                host="127.0.0.1", port=port, user="postgres", password=password, dbname="postgres"
            ).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """Close every connection and end the server, by force if it does not listen."""
    process.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)  # its "immediate" one, which also ends its children
        process.wait(timeout=20)


def command(program: str, *arguments: str) -> Sequence[str]:
    """Return how to run one of PostgreSQL's programs: never as root, never outliving the tests."""
    as_whom: list[str] = []
    if os.geteuid() == 0:
        as_whom = [f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
    return ["setpriv", *as_whom, "--pdeathsig=INT", "--", str(programs() / program), *arguments]


def programs() -> Path:
    """Return the folder with the programs of the newest installed version."""
    found = [path.parent for path in VERSIONS.glob("*/bin/initdb")]
    if not found:
        raise PostgresError("PostgreSQL is not installed: run scripts/debian-tools postgresql")
    return max(found, key=lambda folder: float(folder.parent.name))


def free_port() -> int:
    """Return a port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
