"""The database of a PostgreSQL record: dumped, checked and restored by PostgreSQL's own programs."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, cast

import sqlalchemy as sa

from course.content.counts import counted
from course.record import tables
from course.record.backup.contents import Contents, look_through
from course.record.backup.errors import BackupError
from course.record.store import rows, schema
from course.record.store.base import now
from course.record.store.database import Database

VERSIONS = Path("/usr/lib/postgresql")
"""Where Debian has the programs of each version of PostgreSQL."""

PROGRAMS = ("pg_dump", "pg_restore", "psql")

_OTHERS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
AND backend_type = 'client backend'
"""
"""How many other connections the database has."""

_LOOKS, _PAUSE = 20, 0.1
"""How often to look for other connections, and seconds between: a closed one is listed a little longer."""


def dump(database: Database, target: Path) -> Contents:
    """Write *database*, as it is at one moment, into the file *target*; no writer waits for it."""
    moment = now()
    with database.read() as session:
        connection = session.connection()
        programs = find_programs(_server_version(connection))
        snapshot = connection.scalar(sa.text("SELECT pg_export_snapshot()"))
        contents = look_through(connection, moment)
        _run(
            [
                programs / "pg_dump",
                *("--format=custom", "--no-owner", "--no-privileges", "--no-password"),
                f"--lock-wait-timeout={database.timeouts.lock}s",
                f"--snapshot={snapshot}",
                f"--file={target}",
                f"--dbname={_address(database)}",
            ],
            _environment(database),
        )
    return contents


def check(part: Path, backup: Path) -> None:
    """Raise BackupError unless pg_restore can read the dump *part* of *backup*."""
    try:
        _run([_newest_programs() / "pg_restore", "--list", part], os.environ)
    except ProgramFailed as error:
        raise BackupError(f"The record in {backup} cannot be read ({error}).") from None


def check_unused(database: Database) -> None:
    """Raise BackupError where another client stays connected to *database*."""
    with database.engine.connect() as connection:
        for _ in range(_LOOKS):
            others = connection.scalar(sa.text(_OTHERS))
            connection.rollback()  # a transaction sees those of its first look
            if not others:
                return
            time.sleep(_PAUSE)
    raise BackupError(
        f"The database has {counted(others or 0, 'other connection')}. Stop the service, and whatever else "
        "uses the database, then restore. Nothing was changed."
    )


def restore(database: Database, part: Path, expected: Contents) -> None:
    """Replace all tables of the record by those of the dump *part*, in one transaction.

    It commits only if the tables then hold what is expected. Raises BackupError when anything fails.
    """
    with database.engine.connect() as connection:
        programs = find_programs(_server_version(connection))
        before = _statements_before(connection, database.timeouts.lock)
    database.engine.dispose()
    psql = programs / "psql"
    options = [
        "--no-psqlrc",
        "--quiet",
        "--no-password",
        "--set=ON_ERROR_STOP=1",
        "--output=/dev/null",
    ]
    with tempfile.TemporaryFile() as errors:
        client = subprocess.Popen(
            [psql, *options, f"--dbname={_address(database)}"],
            stdin=subprocess.PIPE,
            stderr=errors,
            env=_environment(database),
        )
        sink = cast(IO[bytes], client.stdin)
        # Only the last statement commits: whatever ends early, psql or this process, changes nothing.
        try:
            _send(sink, before)
            _send_dump(sink, programs / "pg_restore", part)
            _send(sink, _statements_after(expected))
        finally:
            client.communicate()
        _check_ended(client.returncode, errors)


def _send(sink: IO[bytes], statements: str) -> None:
    with contextlib.suppress(BrokenPipeError):  # psql has ended; its exit status says so
        sink.write(statements.encode())
        sink.flush()


def _send_dump(sink: IO[bytes], program: Path, part: Path) -> None:
    """Send the dump *part* as statements; raises BackupError if it cannot be read."""
    with tempfile.TemporaryFile() as errors:
        done = subprocess.run(
            [program, "--no-owner", "--no-privileges", "--file=-", part],
            stdout=sink,
            stderr=errors,
            check=False,
        )
        if done.returncode != -signal.SIGPIPE:  # psql has ended; its exit status says so
            _check_ended(done.returncode, errors)


def _check_ended(status: int, errors: IO[bytes]) -> None:
    if status != 0:
        errors.seek(0)
        reason = _reason(errors.read())
        raise BackupError(f"The backup cannot be restored ({reason}). Nothing was changed.")


def _statements_before(connection: sa.Connection, seconds: int) -> str:
    """Return what drops the record of *connection* once nobody uses it; raises BackupError."""
    found = sa.inspect(connection).get_table_names()
    ours = {rows.VERSION, *tables.Base.metadata.tables}
    revision = schema.revision(connection)
    others = sorted(set(found) - ours)
    if others and revision in schema.known():  # a newer engine may have more tables
        raise BackupError(
            f"The database has tables of another program, such as '{others[0]}'. Restore into a database "
            "of its own. Nothing was changed."
        )
    where = _quoted(connection.scalar(sa.text("SELECT current_schema()")) or "public")
    names = ", ".join(f"{where}.{_quoted(name)}" for name in found)
    return f"""
        BEGIN;
        SET LOCAL lock_timeout = '{seconds}s';
        {f"DROP TABLE {names};" if names else ""}
        DO $course$ BEGIN
            FOR look IN 1..{_LOOKS} LOOP
                PERFORM pg_stat_clear_snapshot();
                IF ({_OTHERS}) = 0 THEN
                    RETURN;
                END IF;
                PERFORM pg_sleep({_PAUSE});
            END LOOP;
            RAISE EXCEPTION 'somebody else is connected to the database: stop the service first';
        END $course$;
        """


def _statements_after(expected: Contents) -> str:
    """Return what commits if the restored tables hold as much as the manifest says."""
    counted = [
        f"(SELECT count(*) FROM {_quoted(name)}) <> {number}"  # noqa: S608 - it is quoted
        for name, number in expected.rows.items()
    ]
    return f"""
        RESET search_path;
        DO $course$ BEGIN
            IF {" OR ".join(counted)} THEN
                RAISE EXCEPTION 'the tables do not hold what the manifest says';
            END IF;
        END $course$;
        COMMIT;
        """


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


# PostgreSQL's programs


class ProgramFailed(BackupError):
    """A program of PostgreSQL failed; the message is what it printed."""


def find_programs(server: int) -> Path:
    """Return the folder of programs that suit a *server* of this major version: the same, or newer."""
    found = _installed()
    suitable = [version for version in found if version >= server]
    if suitable:
        return found[min(suitable)]  # newer ones write settings that this server may not know
    what = (
        f"are of version {max(found)}, older than the server's version {server}"
        if found
        else f"are missing, and the server is of version {server}"
    )
    raise BackupError(
        f"PostgreSQL's programs {', '.join(PROGRAMS)} {what}. Install them, on Debian with: "
        f"apt-get install postgresql-client-{server}"
    )


def _newest_programs() -> Path:
    found = _installed()
    if not found:
        raise BackupError(
            f"PostgreSQL's programs {', '.join(PROGRAMS)} are missing. Install them, on Debian with: "
            "apt-get install postgresql-client"
        )
    return found[max(found)]


def _installed() -> dict[int, Path]:
    """Return each major version of the programs that is installed, with its folder."""
    on_path = shutil.which(PROGRAMS[0])
    folders = [*VERSIONS.glob("*/bin"), *([Path(on_path).parent] if on_path else [])]
    found = {}
    for folder in folders:
        if all(shutil.which(name, path=str(folder)) for name in PROGRAMS):
            printed = _run([folder / PROGRAMS[0], "--version"], os.environ)
            if match := re.search(r"\) (\d+)", printed):
                found[int(match[1])] = folder
    return found


def _run(command: Sequence[str | Path], environment: Mapping[str, str]) -> str:
    """Return what *command* printed; raises ProgramFailed."""
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode != 0:
        raise ProgramFailed(f"{Path(command[0]).name}: {_reason(done.stderr)}")
    return done.stdout.decode(errors="replace")


def _reason(printed: bytes) -> str:
    """Return the error among what a program printed, without the values that PostgreSQL quotes after it."""
    lines = printed.decode(errors="replace").splitlines()
    errors = [
        found[1] for one in lines if (found := re.search(r"error: +(.+)", one, re.IGNORECASE))
    ]
    return (errors or lines or ["it ended without a word"])[0].strip().rstrip(".")


def _server_version(connection: sa.Connection) -> int:
    return int(connection.scalar(sa.text("SHOW server_version_num")) or 0) // 10_000


def _address(database: Database) -> str:
    """Return how PostgreSQL's programs find *database*, without the password, which `ps` would show."""
    from psycopg import conninfo  # SQLite is to work without its driver

    url = database.url
    _, named = url.get_dialect()().create_connect_args(url)
    named.pop("password", None)
    return conninfo.make_conninfo("", **named)


def _environment(database: Database) -> dict[str, str]:
    password = database.url.password
    return {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
