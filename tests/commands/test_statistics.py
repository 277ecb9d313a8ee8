"""`course statistics`, and what `course build` says of questions."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from course.cli import main
from course.commands.statistics import notes, read_figures
from course.content.course import Course
from course.content.reading import open_course
from course.record.revisions import registration
from course.record.revisions.registration import CourseSnapshot
from course.record.store.database import Database
from tests.forms import RIGHT, WRONG
from tests.record import simulated

LESSON = "basics/all-types"


@pytest.fixture
def run(database_url: str, course_file: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("COURSE_DATABASE_URL", database_url)
    monkeypatch.setenv("COURSE_PUBLISHED_FILE", str(course_file))
    monkeypatch.setenv("COLUMNS", "100")
    return CliRunner()


@pytest.fixture
def answered(database: Database, published: CourseSnapshot) -> None:
    """A hundred learners are right wherever something is right."""
    with database.write() as session:
        who = simulated.learners(session, 100)
        for name, right in RIGHT.items():
            lesson, question = published.course.asked[name]
            given = (
                [right] * 96 + [WRONG.get(name, right)] * 4 if name == "share" else [right] * 100
            )
            row = published.revision_ids[name]
            simulated.give(session, who, question, row, given, lesson=lesson.id)


ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what does not differ between databases."""

FLAG = "pick: option 1 chosen by 0 of 100; facility 1.00, too easy to tell much"


def test_a_lesson_and_a_question_are_shown(run: CliRunner, answered: None) -> None:
    course, lesson, question = (
        run.invoke(main, ["statistics", *name]) for name in ([], [LESSON], ["pick"])
    )

    assert [result.exit_code for result in (course, lesson, question)] == [0, 0, 0]
    assert "graded-one" in course.stdout
    assert "graded-one" not in lesson.stdout
    assert "share" not in question.stdout
    for result in (course, lesson, question):
        assert FLAG in result.stdout
    assert "1.00 (0.96..1.00)" in question.stdout
    assert "Right" in question.stdout


@ON_SQLITE
def test_figures_are_written_for_spreadsheets_and_programs(
    run: CliRunner, answered: None, tmp_path: Path
) -> None:
    kept = tmp_path / "figures.csv"
    to_file = run.invoke(main, ["statistics", "--format", "csv", "-o", str(kept)])
    printed = run.invoke(main, ["statistics", "share", "--format", "json"])

    assert (to_file.exit_code, to_file.stdout) == (0, "")
    rows = list(csv.DictReader(io.StringIO(kept.read_text(encoding="utf-8-sig"))))
    assert len({row["question"] for row in rows}) == 10
    [share] = json.loads(printed.stdout)
    assert share["facility"]["value"] == 0.96
    assert share["typed"] == [{"gap": "", "text": "5.2", "count": 4}]


@ON_SQLITE
@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["pikc"], 2, "no lesson and no question 'pikc'; did you mean 'pick'?"),
        (["-o", "/nowhere/figures.csv"], 1, "/nowhere/figures.csv cannot be written"),
        (["--format", "ods"], 2, "'ods' is not one of"),
    ],
)
def test_what_cannot_be_done_is_told(
    run: CliRunner, arguments: list[str], status: int, said: str
) -> None:
    result = run.invoke(main, ["statistics", *arguments])

    assert result.exit_code == status
    assert said in result.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "Run 'course build' first"),
        ("{}", "is damaged (KeyError). Run 'course build' again."),
        ("[", "is damaged (JSONDecodeError). Run 'course build' again."),
    ],
)
def test_without_a_course_or_a_record_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, said: str, course_file: Path
) -> None:
    monkeypatch.setenv("COURSE_DATABASE_URL", f"sqlite:///{tmp_path}/new.sqlite")
    monkeypatch.setenv("COURSE_PUBLISHED_FILE", str(course_file))
    unmigrated = CliRunner().invoke(main, ["statistics"])
    if text is None:
        course_file.unlink()
    else:
        course_file.write_text(text)

    result = CliRunner().invoke(main, ["statistics"])

    assert (unmigrated.exit_code, result.exit_code) == (1, 1)
    assert "Run 'course migrate' first" in unmigrated.output
    assert said in result.output


NO_RECORD = {
    "no file": "sqlite:///{folder}/none.sqlite",
    "not migrated": "sqlite:///{folder}/empty.sqlite",
    "no database": "sqlite:///{folder}/text.sqlite",
    "no server": "postgresql+psycopg://course@127.0.0.1:9/course",
    "no driver": "oracle://course@127.0.0.1/course",
    "nonsense": "course.sqlite",
}


@pytest.mark.parametrize("url", NO_RECORD.values(), ids=NO_RECORD)
def test_a_record_that_is_not_there_is_passed_over(
    url: str, tmp_path: Path, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty.sqlite").touch()
    (tmp_path / "text.sqlite").write_text(
        "This is no database, and longer than its first page. " * 99
    )
    monkeypatch.setenv("COURSE_DATABASE_URL", url.format(folder=tmp_path))

    assert read_figures(course) == {}
    assert not (tmp_path / "none.sqlite").exists()


@ON_SQLITE
def test_the_preview_shows_the_latest_figures_of_a_question(
    run: CliRunner, answered: None, course_root: Path, course: Course
) -> None:
    """A question that is being changed has no answers yet, so those to the revision before are shown."""
    quiz = course_root / "quizzes" / "basics" / "all-types.yml"
    quiz.write_text(quiz.read_text().replace("Which is *right*?", "Which way?"))

    shown = notes(open_course(course_root))

    assert shown.keys() == RIGHT.keys()
    assert f"<code>{course.asked['pick'][1].revision}</code>, before" in shown["pick"]
    assert "before the question changed" not in shown["tick"]


@ON_SQLITE
def test_a_build_names_the_questions_to_look_at(
    run: CliRunner, course_root: Path, database: Database
) -> None:
    command = ["build", "--root", str(course_root)]
    before = run.invoke(main, command)
    built = Course.load((course_root / "build" / "course.json").read_text())
    with database.write() as session:
        row = registration.register(session, built).revision_ids["pick"]
        who = simulated.learners(session, 100)
        question = built.asked["pick"][1]
        simulated.give(session, who, question, row, [RIGHT["pick"]] * 100, lesson=LESSON)

    after = run.invoke(main, command)
    silent = run.invoke(main, [*command, "--no-statistics"])

    assert [result.exit_code for result in (before, after, silent)] == [0, 0, 0]
    assert f"Warning: {FLAG}" in after.stderr
    assert "Warning" not in before.output + silent.output
