"""course serve"""

import contextlib
import getpass
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from course import private, settings, startup
from course.commands import backups
from course.commands.ports import check_port
from course.content.problems import CourseError
from course.record.store import timeouts
from course.record.store.database import Database

if TYPE_CHECKING:
    from course.web.edge.front import Front

MAX_HEADER_BYTES = 64 * 1024
"""Maximum size of headers that the server reads; `front` rejects much smaller ones."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Port to listen on.",
)
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1),
    help="Processes that answer requests.",
)
@click.option(
    "--build/--no-build", default=True, help="Build the site first when something changed."
)
def serve(host: str, port: int, workers: int, build: bool) -> None:
    """Serve the course in this folder: the site, the answers and the progress at one address.

    The first start makes the database and a secret key in data/. Everything can be set by COURSE_...
    variables: see `course settings`. Stop it with Ctrl+C; whatever was acknowledged is on disk.
    """
    os.environ.setdefault("COURSE_SITE_URL", f"http://127.0.0.1:{port}/")
    os.environ["COURSE_WORKERS"] = str(workers)
    try:
        config = settings.from_environment()
        settings.check(config, makes_key=True)
        check_port(host, port)
        _build(config, build=build)
        startup.check(config)
        if not config["SECRET_KEY"]:
            os.environ["COURSE_SECRET_KEY"] = load_or_create_secret(backups.SECRET_KEY)
        database = Database(config["DATABASE_URL"], timeouts.for_migrations(config))
        with contextlib.closing(database):
            backups.upgrade(database, config)
            startup.check_record(database)
        _restrict_permissions(config, database)
    except PermissionError as error:
        me = getpass.getuser()
        hint = f"give it to the user '{me}', or run this as its owner"
        raise click.ClickException(
            f"{error.filename} cannot be used: {error.strerror}; {hint}."
        ) from None
    except (*startup.ERRORS, ValueError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"The course is at {os.environ['COURSE_SITE_URL']}  (listening on {host}:{port})")
    click.echo(f"The record lies in {_describe_database(database)}. Ctrl+C stops.")
    _run(host, port, workers)


def _restrict_permissions(config: dict[str, Any], database: Database) -> None:
    """Remove others' permissions from the database, the secret key and mail."""
    paths = [Path("data"), backups.SECRET_KEY, Path(config["OUTBOX"])]
    if database.is_sqlite:
        record = database.file
        paths += [record.path, record.log, Path(f"{record.path}-shm"), record.lock]
    for path in paths:
        if path.exists() and private.restrict(path):
            click.echo(f"Every user of this machine could read {path}; now its owner alone can.")


def load_or_create_secret(path: Path) -> str:
    """Return the key in *path*; creates it on first use, readable only for its owner."""
    if not path.exists():
        private.make_folder(path.parent)
        new = path.with_suffix(".new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        new.rename(path)
    return path.read_text(encoding="utf-8").strip()


def _build(config: dict[str, Any], *, build: bool) -> None:
    """Build if anything changed; report problems of an invalid course and serve the previous build."""
    out, course_file = Path(config["SITE_DIR"]), Path(config["PUBLISHED_FILE"])
    if not build:
        return
    from course.publish import site  # MkDocs takes half a second to import

    if site.is_current(Path(), out, course_file) and startup.is_whole(config):
        return
    click.echo("Building the site ...")
    try:
        site.build(Path(), out, course_file, site_url=os.environ["COURSE_SITE_URL"])
    except CourseError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        if not course_file.exists():
            raise click.ClickException(
                "The course cannot be built; fix the problems above."
            ) from None
        click.echo("The course has problems (above). The one built before is served.", err=True)


def _describe_database(database: Database) -> str:
    if database.is_sqlite:
        return str(Path(str(database.url.database)).resolve())
    return database.url.render_as_string(hide_password=True)


def worker() -> "Front":
    """Return the application for one worker process."""
    from course.commands import stopping
    from course.web import create_front

    stopping.follow_parent()
    return create_front()


def _run(host: str, port: int, workers: int) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    from course.commands import stopping

    settings = server_settings(host, port, workers)
    server = Server("course.commands.serve:worker", interface=Interfaces.ASGINL, **settings)
    stopping.prepare(server)
    server.serve()


def server_settings(host: str, port: int, workers: int) -> dict[str, Any]:
    """Return the settings of the service's server; the benchmarks use them, too."""
    from granian.constants import HTTPModes
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    from course.commands import stopping

    return {
        "factory": True,
        "address": host,
        "port": port,
        "workers": workers,
        "log_level": LogLevels.warning,
        "http": HTTPModes.http1,
        "websockets": False,
        "http1_settings": HTTP1Settings(max_buffer_size=MAX_HEADER_BYTES),
        "workers_kill_timeout": stopping.STOP_SECONDS,
        "respawn_failed_workers": True,
    }
