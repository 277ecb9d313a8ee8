"""`course impact`, `decide`, `publish`, `undo` and `record summary` at the prompt, and what they refuse."""

import fcntl
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from course.cli import main
from course.content import history
from course.record.publishing.tables import Mark
from course.record.revisions.published_course import PublishedCourse
from course.record.store.database import Database
from tests import living

KEY = "quizzes/one/first.yml"


@pytest.fixture(scope="module")
def answered(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The living course, committed and published by a plain build of its keys, and a few answers.

    One kind of database: the commands treat both alike.
    """
    folder = tmp_path_factory.mktemp("answered")
    root = living.under_git(folder / "living")
    (root / "build").mkdir()
    (root / "build/course.json").write_text(living.opened(root).dump(), "utf-8")
    shutil.copy(migrated_sqlite, folder / "course.sqlite")
    database = Database(f"sqlite:///{folder / 'course.sqlite'}")
    living.take(database, PublishedCourse(root / "build/course.json", database).get(), many=12)
    database.close()
    return folder


@pytest.fixture
def database_url(answered: Path, tmp_path: Path) -> str:
    shutil.copy(answered / "course.sqlite", tmp_path)
    return f"sqlite:///{tmp_path / 'course.sqlite'}"


@pytest.fixture
def root(
    answered: Path, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A copy of the course and its answers, to change."""
    root = Path(shutil.copytree(answered / "living", tmp_path / "living", symlinks=True))
    living.use(root, monkeypatch, database_url)
    return root


def run(root: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(main, [*arguments, "--root", str(root)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def correct_key(root: Path) -> None:
    living.edit(root, KEY, "{text: Sydney, correct: true,", "{text: Sydney,")
    living.edit(root, KEY, "{text: Canberra,", "{text: Canberra, correct: true,")


def test_a_person_reads_what_a_change_does(root: Path) -> None:
    correct_key(root)

    result = run(root, "impact")

    assert result.exit_code == 1
    assert "? capital: key changed" in result.output
    assert "key changed: Sydney → Canberra" in result.output
    assert "course decide capital keep|regrade|void|re-ask" in result.output
    assert result.output.endswith("1 decision is open.\n")


def test_a_pull_request_gets_a_table(root: Path) -> None:
    correct_key(root)
    assert run(root, "decide", "capital", "regrade", "--reason", "Canberra | it is").exit_code == 0

    result = run(root, "impact", "--format", "markdown")

    assert result.exit_code == 0
    assert "**Nothing is left to decide.**" in result.output
    [row] = [line for line in result.output.splitlines() if line.startswith("| ✔ | `capital`")]
    assert row.count(" | ") == 6
    assert "Canberra \\| it is" in result.output


def test_commits_are_compared(root: Path) -> None:
    first = living.git(root, "rev-parse", "HEAD")
    correct_key(root)
    living.commit(root, "The right key")

    assert run(root, "impact", "HEAD").output == "Nothing changes for anybody's record.\n"
    assert run(root, "impact", "--commit", first).exit_code == 0
    assert "capital" in run(root, "impact", first).output


def test_nothing_to_do_is_said(root: Path) -> None:
    assert run(root, "impact").output == "Nothing changes for anybody's record.\n"
    assert (
        "No decision about 'capital' is open"
        in run(root, "decide", "capital", "void", "--reason", "x").output
    )


def test_a_decision_is_written_beside_the_question(root: Path) -> None:
    before = (
        (root / KEY)
        .read_text("utf-8")
        .replace("Sydney, correct: true", "Sydney")
        .replace("{text: Canberra,", "{text: Canberra, correct: true,")
    )
    correct_key(root)

    result = run(root, "decide", "capital", "regrade", "--reason", 'The "key": wrong')

    assert result.output.startswith(f"{KEY}:")
    text = (root / KEY).read_text("utf-8")
    added = [line for line in text.splitlines() if line not in before.splitlines()]
    assert [line.split(":")[0].strip() for line in added] == [
        "changes", "- from", "to", "decision", "reason", "date",
    ]  # fmt: skip
    assert run(root, "check").exit_code == 0
    assert run(root, "impact").exit_code == 0


def test_two_revisions_that_are_open_get_an_entry_each(root: Path, database_url: str) -> None:
    melbourne = "      - {text: Melbourne, feedback: It was until 1927.}\n"
    living.edit(root, KEY, melbourne, "")
    living.edit(
        root,
        KEY,
        "    options:\n      - {text: Sydney",
        f"    options:\n{melbourne}      - {{text: Sydney",
    )
    living.commit(root, "Another order")
    (root / "build/course.json").write_text(living.opened(root).dump(), "utf-8")
    database = Database(database_url)
    living.take(
        database, PublishedCourse(root / "build/course.json", database).get(), many=5, seed=8
    )
    database.close()
    correct_key(root)

    result = run(root, "decide", "capital", "regrade", "--reason", "Canberra it is.")

    assert result.exit_code == 0, result.output
    assert len(result.output.splitlines()) == 2
    [question] = [q for _, q in living.opened(root).asked.values() if q.id == "capital"]
    assert [entry.decision for entry in question.changes] == ["regrade", "regrade"]
    assert len({entry.from_ for entry in question.changes}) == 2
    impact = run(root, "impact")
    assert impact.exit_code == 0, impact.output


def test_a_decision_that_was_made_can_be_named(root: Path) -> None:
    correct_key(root)
    run(root, "decide", "capital", "keep", "--reason", "They could not know.")
    assert (
        "No decision about 'capital' is open"
        in run(root, "decide", "capital", "regrade", "--reason", "Why?").output
    )
    [question] = [q for _, q in living.opened(root).asked.values() if q.id == "capital"]
    [entry] = question.changes

    again = ("decide", "capital", "regrade", "--from", str(entry.from_), "--reason", "They could.")
    assert run(root, *again).exit_code == 0

    impact = json.loads(run(root, "impact", "--format", "json").output)
    assert [one["decision"] for one in impact["decisions"]] == ["regrade"], "the last entry counts"


def test_a_revision_that_never_was_is_refused(root: Path) -> None:
    correct_key(root)
    run(root, "decide", "capital", "regrade", "--reason", "It was wrong.")
    text = (root / KEY).read_text("utf-8")
    at = text.index('- from: "') + len('- from: "')
    (root / KEY).write_text(text[:at] + "abcdef0" + text[at + 7 :], "utf-8")

    result = run(root, "check")

    assert result.exit_code == 1
    assert (
        f"{KEY}:13:9: questions.capital.changes.1.from: neither its file nor git has a revision "
        "abcdef0 of it" in result.output
    )
    assert "course decide capital" in result.output
    assert "nor git has a revision" in run(root, "impact").output


def test_a_revision_of_an_earlier_commit_is_known(root: Path) -> None:
    correct_key(root)
    run(root, "decide", "capital", "regrade", "--reason", "It was wrong.")
    living.commit(root, "The right key")
    living.edit(root, KEY, "What is the capital", "Which city is the capital")
    shutil.rmtree(root / "build")

    assert run(root, "check").exit_code == 0


def test_a_revision_that_was_published_is_known_without_its_commit(root: Path) -> None:
    correct_key(root)
    run(root, "decide", "capital", "regrade", "--reason", "It was wrong.")
    shutil.rmtree(root / ".git")
    living.git(root, "init", "-q", "-b", "main")
    living.commit(root, "The course in a new repository")

    assert "nor git has a revision" in run(root, "check").output
    impact = run(root, "impact")
    assert impact.exit_code == 0, impact.output
    assert "Nothing is left to decide" in impact.output


def decided(root: Path) -> str:
    """Correct the key and decide about it in commits of their own; return the place of the entry."""
    before = living.git(root, "rev-parse", "HEAD")
    correct_key(root)
    living.commit(root, "The right key")
    run(root, "decide", "capital", "regrade", "--reason", "It was wrong.")
    living.commit(root, "The decision")
    living.edit(root, "lessons/one/first.md", "title: ", "title: The ")
    living.commit(root, "A title")
    assert run(root, "impact", before).exit_code == 0
    return f"{KEY}:13:9: warning: questions.capital.changes.1.from: the history is cut off"


def test_in_a_shallow_clone_nothing_is_said_never_to_have_been(root: Path, tmp_path: Path) -> None:
    warning = decided(root)
    shallow = tmp_path / "shallow"
    living.git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root}", str(shallow))
    for name in ("site", "build"):
        shutil.copytree(root / name, shallow / name) if (root / name).exists() else None

    checked = run(shallow, "check")
    assert checked.exit_code == 0, checked.output
    assert warning in checked.output
    assert "fetch the rest with 'git fetch --unshallow'" in checked.output

    for arguments in (["impact"], ["publish", "--dry-run"]):  # the record knows the revision
        result = run(shallow, *arguments)

        assert result.exit_code == 0, result.output
        assert "cut off" not in result.output
        assert "nor git has" not in result.output

    living.git(shallow, "fetch", "-q", "--unshallow")
    assert "cut off" not in run(shallow, "check").output


def test_a_commit_that_a_shallow_clone_lacks_is_fetched_by_the_command_it_names(
    root: Path, tmp_path: Path
) -> None:
    decided(root)
    first = living.git(root, "rev-parse", "HEAD~2")
    shallow = tmp_path / "shallow"
    living.git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root}", str(shallow))

    result = run(shallow, "impact", first)

    assert result.exit_code == 1
    assert "The history is cut off: this is a shallow clone; fetch the rest with" in result.output


def test_without_git_nothing_is_said_never_to_have_been(root: Path) -> None:
    warning = decided(root)
    shutil.rmtree(root / ".git")

    result = run(root, "check")

    assert result.exit_code == 0
    assert warning in result.output
    assert "is not in a git repository" in result.output


def test_a_commit_is_read_whole_and_the_index_stays(root: Path) -> None:
    (root / ".gitattributes").write_text("quizzes/** export-ignore\n")
    (root / "lessons/one/link.txt").symlink_to("first.md")
    commit = living.commit(root, "Left out of archives")
    living.edit(root, "lessons/one/first.md", "title: ", "title: The ")
    before = (root / ".git/index").read_bytes()

    with history.checked_out(root, commit) as folder:
        assert living.opened(folder).asked.keys() == living.opened(root).asked.keys()
        assert (folder / "lessons/one/link.txt").is_symlink()
    with history.checked_out(root / "quizzes", commit) as folder:
        assert sorted(path.name for path in folder.iterdir()) == ["one", "two"]

    assert (root / ".git/index").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["impact", "no-such-commit"], "There is no commit 'no-such-commit' here"),
        (["impact", "--commit", "--output=/etc/passwd"], "There is no commit"),
        (["impact", "--summary", "{root}/mkdocs.yml"], "This is no summary"),
        (["decide", "capitol", "keep", "--reason", "x"], "There is no question 'capitol'"),
        (["undo"], "There is no publication to take back"),
    ],
)
def test_what_is_not_there_is_told(root: Path, arguments: list[str], said: str) -> None:
    result = run(root, *(argument.format(root=root) for argument in arguments))

    assert result.exit_code != 0
    assert said in result.output


def test_a_summary_of_another_course_is_refused(root: Path, tmp_path: Path) -> None:
    written = CliRunner().invoke(main, ["record", "summary", "-o", str(tmp_path / "summary.json")])
    assert written.exit_code == 0, written.output
    other = Path(
        shutil.copytree(Path(__file__).parents[1] / "courses" / "small", tmp_path / "other")
    )

    result = run(other, "impact", "--summary", str(tmp_path / "summary.json"))

    assert result.exit_code == 1
    assert "is of another course, 'A living course'" in result.output


def test_files_that_are_not_committed_are_not_published(root: Path) -> None:
    (root / "lessons/one/notes.txt").write_text("x")

    result = run(root, "publish")

    assert result.exit_code == 1
    assert "lessons/one/notes.txt differs from the commit" in result.output


def test_a_course_outside_git_is_not_published(root: Path) -> None:
    shutil.rmtree(root / ".git")

    result = run(root, "publish")

    assert result.exit_code == 1
    assert "is not in a git repository" in result.output


def test_open_decisions_stop_a_publication(root: Path) -> None:
    correct_key(root)
    living.commit(root, "The right key")

    result = run(root, "publish")

    assert result.exit_code == 1
    assert "Nothing was published: decide first" in result.output
    assert not (root / "site").exists()


def test_a_broken_course_is_not_published(root: Path) -> None:
    living.edit(root, KEY, "id: capital", "id: Capital City")
    living.commit(root, "Broken")

    result = run(root, "publish")

    assert result.exit_code == 1
    assert f"{KEY}:3:" in result.output
    assert not (root / "site").exists()


def test_two_trainers_do_not_publish_at_once(root: Path) -> None:
    with (root / "build/.publishing").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write("grace@elsewhere")
        file.flush()

        result = run(root, "publish")

    assert result.exit_code == 1
    assert "Somebody is publishing here right now (grace@elsewhere)" in result.output


def test_a_database_of_a_newer_version_is_left_alone(root: Path, database_url: str) -> None:
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()

    for command in ("impact", "publish", "undo"):
        result = run(root, command)
        assert result.exit_code == 1
        assert "is at schema '9999'" in result.output


def test_a_publication_killed_half_way_leaves_the_record_and_can_be_made_again(
    root: Path, database_url: str
) -> None:
    correct_key(root)
    run(root, "decide", "capital", "regrade", "--reason", "It was wrong.")
    living.commit(root, "The right key")
    script = (
        "import os, sys\n"
        "from course.publish import release\n"
        "from course.cli import main\n"
        "switch = release.switch\n"
        "release.switch = lambda *parts: (switch(*parts), os._exit(9))\n"
        "main(['publish', '--root', sys.argv[1]])\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", script, str(root)], capture_output=True, text=True
    )
    assert killed.returncode == 9, killed.stderr
    database = Database(database_url)
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Mark)) == 0

    result = run(root, "publish")

    assert result.exit_code == 0, result.output
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Mark)) > 0
    database.close()
    listed = CliRunner().invoke(main, ["publications"])
    assert "Ada" in listed.output
    assert json.loads((root / "build/course.json").read_text())["title"] == "A living course"
