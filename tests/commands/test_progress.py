"""`course progress`, `course migrate` and `course settings`."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from course.cli import COMMANDS, main
from course.content.course import Course
from course.record.people import accounts
from course.record.store.database import Database
from course.settings import SETTINGS
from tests.forms import RIGHT, submission


@pytest.fixture
def run(database_url: str, course_file: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("COURSE_DATABASE_URL", database_url)
    monkeypatch.setenv("COURSE_PUBLISHED_FILE", str(course_file))
    monkeypatch.setenv("COLUMNS", "100")
    return CliRunner()


def test_everyone_is_counted(run: CliRunner, learner: FlaskClient, course: Course) -> None:
    for question, given in RIGHT.items():
        learner.post("/api/v1/answers", json=submission(course, question, given))

    result = run.invoke(main, ["progress"])

    assert result.exit_code == 0
    line = next(line for line in result.stdout.splitlines() if "All types" in line)
    assert line.replace("│", " ").split() == ["All", "types", "1", "1"]
    assert "1 learner, guests included." in result.stdout


def test_one_account_is_shown_by_its_mail(
    run: CliRunner, database: Database, published: object
) -> None:
    with database.write() as session:
        accounts.create_account(session, "ada@example.org", None)

    result = run.invoke(main, ["progress", " ADA@Example.org"])

    assert result.exit_code == 0
    assert "0 of 8" in result.stdout


@pytest.mark.parametrize(
    ("mail", "said"),
    [("nobody@example.org", "No account has the address"), ("nobody", "Enter an email address")],
)
def test_an_unknown_account_is_told(run: CliRunner, mail: str, said: str) -> None:
    result = run.invoke(main, ["progress", mail])

    assert result.exit_code in (1, 2)
    assert said in result.output


def test_a_database_that_is_not_migrated_is_told(
    tmp_path: Path, course_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_DATABASE_URL", f"sqlite:///{tmp_path}/new.sqlite")
    monkeypatch.setenv("COURSE_PUBLISHED_FILE", str(course_file))

    before = CliRunner().invoke(main, ["progress"])
    migrated = CliRunner().invoke(main, ["migrate"])
    again = CliRunner().invoke(main, ["migrate"])
    after = CliRunner().invoke(main, ["progress"])

    assert (before.exit_code, migrated.exit_code, again.exit_code, after.exit_code) == (1, 0, 0, 0)
    assert "Run 'course migrate' first" in before.output
    assert "was brought up to date" in migrated.output
    assert "is up to date" in again.output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(main, [command, "--help"])

    assert result.exit_code == 0
    assert result.output.startswith("Usage:")
    assert len(result.output.split("\n\n")[1]) > 20, "a sentence for people"


def test_the_settings_are_a_table_of_all_variables() -> None:
    result = CliRunner().invoke(main, ["settings"])

    for setting in SETTINGS:
        assert f"| `COURSE_{setting.name}` |" in result.output
