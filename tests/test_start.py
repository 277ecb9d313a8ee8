"""A start that cannot succeed ends with one sentence and status 1, by whatever command or server."""

import runpy
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from course.cli import main
from course.publish import site
from course.record.store.database import Database
from course.record.store.record_file import RecordFile
from tests import postgres

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course with its site."""
    folder = tmp_path_factory.mktemp("start") / "course"
    shutil.copytree(ROOT / "tests/courses/small", folder)
    site.build(folder, folder / "site", folder / "build/course.json", site_url="http://localhost/")
    return folder


@pytest.fixture
def folder(built: Path, migrated_sqlite: Path, tmp_path: Path) -> Path:
    made = shutil.copytree(built, tmp_path / "course")
    (made / "data").mkdir()
    shutil.copy(migrated_sqlite, made / "data/course.sqlite")
    return made


@pytest.fixture(autouse=True)
def every_database_is_closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a start that failed had opened: a server that tries again would hold it all."""
    opened: list[Database] = []
    closed: list[Database] = []
    init, close = Database.__init__, Database.close

    def noted_init(database: Database, *arguments: Any, **named: Any) -> None:
        init(database, *arguments, **named)
        opened.append(database)

    def noted_close(database: Database) -> None:
        close(database)
        closed.append(database)

    monkeypatch.setattr(Database, "__init__", noted_init)
    monkeypatch.setattr(Database, "close", noted_close)
    yield
    assert [database for database in opened if database not in closed] == []


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs a command in the folder, or `server.py` as another server loads it."""

    def run(*command: str, **settings: str) -> Result:
        monkeypatch.chdir(folder)
        monkeypatch.setenv("COURSE_SITE_URL", "http://localhost/")
        monkeypatch.setenv("COURSE_SECRET_KEY", "k" * 32)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(load_server if command == ("server",) else main, command)

    return run


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("command", nargs=-1)
def load_server(command: tuple[str, ...]) -> None:
    runpy.run_path(str(ROOT / "server.py"))


def garbage(folder: Path) -> dict[str, str]:
    (folder / "data/course.sqlite").write_text("This is no database.\n" * 400)
    return {}


def a_folder(folder: Path) -> dict[str, str]:
    (folder / "data/course.sqlite").unlink()
    (folder / "data/course.sqlite").mkdir()
    return {}


def postgres_away(folder: Path) -> dict[str, str]:
    port = postgres.free_port()
    return {"COURSE_DATABASE_URL": f"postgresql+psycopg://course:secret@127.0.0.1:{port}/course"}


def other_driver(folder: Path) -> dict[str, str]:
    return {"COURSE_DATABASE_URL": "postgresql://course:secret@127.0.0.1/course"}


def broken_course(folder: Path) -> dict[str, str]:
    (folder / "build/course.json").write_text('{"lessons": [')
    return {}


def other_json(folder: Path) -> dict[str, str]:
    (folder / "build/course.json").write_text("[1, 2]")
    return {}


def no_course(folder: Path) -> dict[str, str]:
    (folder / "build/course.json").unlink()
    return {}


def half_site(folder: Path) -> dict[str, str]:
    (folder / "site/404.html").unlink()
    return {}


def no_time(folder: Path) -> dict[str, str]:
    return {"COURSE_DATABASE_LOCK_TIMEOUT": "0"}


def setting(name: str, value: str) -> Callable[[Path], dict[str, str]]:
    return lambda _: {f"COURSE_{name}": value}


SETTINGS = [
    (setting("QUEUE", "0"), "COURSE_QUEUE must be a number from 1 to 1000000"),
    (setting("SESSION_DAYS", "99999999999"), "COURSE_SESSION_DAYS must be a number from 1 to"),
    (
        setting("SITE_URL", "http://"),
        "COURSE_SITE_URL must begin with http:// or https:// and name",
    ),
    (setting("SITE_URL", "https://[::1"), "COURSE_SITE_URL must begin with http:// or https://"),
    (setting("LIMIT_WRITES", "0 per minute"), "COURSE_LIMIT_WRITES must allow at least one"),
    (setting("LIMIT_MAIL", "5 per minute; 9 per hour"), "COURSE_LIMIT_MAIL must be one limit"),
    (setting("LIMIT_STORAGE", "nowhere://x"), "COURSE_LIMIT_STORAGE cannot be used"),
]
DATABASES = [
    (
        garbage,
        "data/course.sqlite cannot be used (file is not a database). Restore a backup with 'course restore",
    ),
    (a_folder, "data/course.sqlite cannot be used (unable to open database file)"),
    (postgres_away, "course:***@127.0.0.1"),
    (other_driver, "COURSE_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://"),
    (no_time, "COURSE_DATABASE_LOCK_TIMEOUT must be a number of seconds from 1 to 3600"),
]
COURSES = [
    (broken_course, "build/course.json is damaged"),
    (other_json, "build/course.json is damaged"),
    (no_course, "There is no published course at build/course.json. Run 'course build' first"),
]
SITES = [(half_site, "The site in site is not whole: 404.html is missing. Run 'course build'")]

COMMANDS = [
    ("migrate",),
    ("progress",),
    ("statistics",),
    ("publications",),
    ("record", "summary"),
    ("impact",),
    ("admin", "create", "ada@example.org"),
]


def check(result: Result, said: str, status: tuple[int, ...]) -> None:
    assert isinstance(result.exception, SystemExit), "an error that nobody expected"
    assert said in result.output
    assert "secret" not in result.output, "a password is not shown"
    assert result.exit_code in status


@pytest.mark.parametrize(("fault", "said"), [*DATABASES, *COURSES, *SITES, *SETTINGS])
def test_the_service_does_not_start(
    folder: Path, run: Callable[..., Result], fault: Callable[[Path], dict[str, str]], said: str
) -> None:
    settings = fault(folder)

    for command in (
        ("serve", "--no-build", "--port", str(postgres.free_port())),
        ("server",),
    ):
        check(run(*command, **settings), said, (1,))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(("fault", "said"), DATABASES)
def test_commands_say_what_is_wrong_with_the_database(
    folder: Path,
    run: Callable[..., Result],
    fault: Callable[[Path], dict[str, str]],
    said: str,
    command: tuple[str, ...],
) -> None:
    check(run(*command, **fault(folder)), said, (1, 2))


@pytest.mark.parametrize("command", ["progress", "statistics"])
@pytest.mark.parametrize(("fault", "said"), COURSES)
def test_commands_say_what_is_wrong_with_the_course(
    folder: Path,
    run: Callable[..., Result],
    fault: Callable[[Path], dict[str, str]],
    said: str,
    command: str,
) -> None:
    check(run(command, **fault(folder)), said, (1,))


def test_a_record_that_may_only_be_read_is_named(
    folder: Path, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may write everything, so SQLite is told to open the file for reading only."""
    monkeypatch.setattr(
        RecordFile, "uri", property(lambda file: f"file:{file.path}?mode=ro"), raising=True
    )

    admin = run("admin", "create", "ada@example.org")
    check(admin, "data/course.sqlite cannot be used (attempt to write a readonly database)", (1,))
    assert "Let the user who runs this read and write it" in admin.output
    check(run("server"), "No answer could be recorded: the record cannot be reached", (1,))
