"""`course new`: a course, a lesson, a question."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from course.cli import main
from course.content import questions
from course.content.reading import open_course, read
from course.content.schema import quiz_schema
from course.starting import courses
from tests import service
from tests.docs.fences import ROOT, fences


def run(*words: str) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "meetings-that-end"
    assert run("new", str(folder)).exit_code == 0
    return folder


@pytest.fixture
def begun(made: Path, tmp_path: Path) -> Path:
    """A new course, to change at will."""
    return Path(shutil.copytree(made, tmp_path / "begun"))


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def play(commands: str) -> None:
    """Run the lines of a shell block, each of them a `course` command, in this folder."""
    for line in commands.splitlines():
        words, _, target = line.partition(" > ")
        program, *rest = shlex.split(words)
        assert program == "course"
        result = run(*rest)
        assert result.exit_code == 0, line + result.output
        if target:
            Path(target).write_text(result.output, encoding="utf-8")


# A course


def test_a_new_course_passes_everything_and_its_readme_is_true(
    begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(begun)
    play("course check\ncourse lint")
    blocks = [block.text for block in fences(begun / "README.md") if block.language == "sh"]
    assert blocks[0] == "course serve\n"
    play("".join(blocks[1:]))
    with service.running(begun, "--no-build"):
        pass

    page = (begun / "site/meetings/minutes/index.html").read_text()
    assert 'data-question="minutes-numeric"' in page
    assert "Take minutes" in page


def test_a_new_course_asks_one_question_of_each_type(begun: Path) -> None:
    asked = open_course(begun).asked.values()

    assert sorted(question.type for _, question in asked) == sorted(questions.TYPES)


def test_a_new_course_brings_what_editors_and_build_servers_need(begun: Path) -> None:
    assert json.loads((begun / "schemas/quiz.schema.json").read_text()) == quiz_schema()
    settings = json.loads((begun / ".vscode/settings.json").read_text())
    assert settings["yaml.schemas"] == {"schemas/quiz.schema.json": "quizzes/**/*.yml"}
    first = (begun / "quizzes/meetings/planning.yml").read_text().splitlines()[0]
    named = first.partition("$schema=")[2]
    assert (begun / "quizzes/meetings" / named).is_file()
    # A build server stops until the trainer has said where the engine comes from.
    steps = ["grep -q '^[^#]' requirements.txt", "pip install -r requirements.txt"]
    steps += ["course check", "course lint", "course build"]
    summary = "record-summary.json"
    steps += [f"if [ -f {summary} ]; then course impact --summary {summary}; fi"]
    github = yaml.safe_load((begun / ".github/workflows/course.yml").read_text())
    assert [s["run"] for s in github["jobs"]["course"]["steps"] if "run" in s] == steps
    gitlab = yaml.safe_load((begun / ".gitlab-ci.yml").read_text())
    assert gitlab["course"]["script"] == steps
    assert re.search("^[^#]", (begun / "requirements.txt").read_text(), re.MULTILINE) is None


def test_what_to_do_next_is_said_in_three_lines(tmp_path: Path) -> None:
    result = run("new", str(tmp_path / "made"), "--title", 'A "good" title: yes')

    assert len([line for line in result.output.splitlines() if line.startswith("  ")]) == 3
    assert open_course(tmp_path / "made").title == "A ”good” title: yes"


def test_a_repository_that_is_otherwise_empty_is_empty_enough(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()

    assert run("new", str(tmp_path)).exit_code == 0


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (["notes.txt"], "is not empty: it holds notes.txt. Name a folder"),
        (list("abcdefg"), "it holds a, b, c, d, e and 2 more."),
        ([".env"], "it holds .env."),
    ],
)
def test_a_folder_with_something_in_it_is_refused(
    tmp_path: Path, held: list[str], said: str
) -> None:
    for name in held:
        (tmp_path / name).write_text("mine")
    before = files(tmp_path)
    result = run("new", str(tmp_path))

    assert said in result.output
    assert result.exit_code == 1
    assert files(tmp_path) == before


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "course").write_text("mine")

    assert "is a file" in run("new", str(tmp_path / "course")).output
    assert "cannot be written" in run("new", str(tmp_path / "course" / "below")).output


def test_the_wheel_carries_the_files_of_a_new_course(tmp_path: Path) -> None:
    build = "from flit_core.wheel import *; make_wheel_in(Path('pyproject.toml'), Path(r'{}'))"
    subprocess.run([sys.executable, "-c", build.format(tmp_path)], cwd=ROOT, check=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        carried = {name.partition("starting/files/")[2] for name in wheel.namelist()}

    folder = Path(str(courses.FILES))
    assert {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} <= carried


# A lesson

UNUSUAL = """\
# The site
site_name: Mine   # kept as it is
nav:
- Start: index.md

# our modules
- Meetings:
  - Planning:   meetings/planning.md   # the first
  - "meetings/second.md"
- Links: https://example.org/
theme:
  name: material
  font: false
plugins: [search, course]
markdown_extensions: [course.publish.blocks]
"""


def test_a_lesson_is_listed_and_nothing_else_changes(begun: Path) -> None:
    (begun / "mkdocs.yml").write_text(UNUSUAL)
    old = (begun / "lessons/meetings/planning.md").read_text()
    (begun / "lessons/meetings/second.md").write_text(
        old.replace("/// quiz", "<!-- x").replace("///", "-->")
    )
    result = run("new", "lesson", "meetings/minutes", "--root", str(begun))

    assert result.output.splitlines()[-1] == "Listed it in mkdocs.yml"
    line = '  - "meetings/second.md"\n'
    listed = UNUSUAL.replace(line, f"{line}  - meetings/minutes.md\n")
    assert (begun / "mkdocs.yml").read_text() == listed

    assert run("new", "lesson", "talks/opening", "--root", str(begun)).exit_code == 0
    line = "- Links: https://example.org/\n"
    listed = listed.replace(line, f"{line}- Talks:\n    - talks/opening.md\n")
    assert (begun / "mkdocs.yml").read_text() == listed
    assert read(begun)[1] == []


@pytest.mark.parametrize("close", ["\n", "\r\n"])
def test_line_ends_stay_what_they_were(begun: Path, close: str) -> None:
    for name in ("mkdocs.yml", "quizzes/meetings/planning.yml"):
        text = (begun / name).read_text().rstrip("\n").replace("\n", close)
        (begun / name).write_bytes(b"\xef\xbb\xbf" + text.encode())
    run("new", "lesson", "meetings/minutes", "--root", str(begun))
    run("new", "question", "meetings/planning", "--root", str(begun))

    for name in ("mkdocs.yml", "quizzes/meetings/planning.yml"):
        now = (begun / name).read_bytes()
        assert now.startswith(b"\xef\xbb\xbf")
        assert now.count(b"\n") == now.count(close.encode())
    assert read(begun)[1] == []


@pytest.mark.parametrize(
    "nav",
    [
        "nav: [index.md, {Meetings: [meetings/planning.md]}]",
        "nav:\n  - Meetings: [meetings/planning.md]",
    ],
)
def test_where_the_place_is_unclear_the_line_is_named(begun: Path, nav: str) -> None:
    site = re.sub(r"nav:\n(  .*\n)+", f"{nav}\n", (begun / "mkdocs.yml").read_text())
    (begun / "mkdocs.yml").write_text(site)
    result = run("new", "lesson", "meetings/minutes", "--root", str(begun))

    assert "Still to do: list it under 'nav' in mkdocs.yml" in result.output
    assert "      - meetings/minutes.md\n" in result.output
    assert (begun / "mkdocs.yml").read_text() == site
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("meetings/planning", "lessons/meetings/planning.md is there already"),
        ("lessons/meetings/planning.md", "lessons/meetings/planning.md is there already"),
        ("meetings/only-a-quiz", "quizzes/meetings/only-a-quiz.yml is there already"),
        ("Meetings/My Lesson", "How about 'meetings/my-lesson'?"),
        ("meetings/../../outside", "How about 'meetings/outside'?"),
        ("/etc/passwd", "How about 'etc/passwd'?"),
        ("meetings//minutes", "How about 'meetings/minutes'?"),
        ("minutes", "How about 'meetings/minutes'?"),
        ("account/minutes", "belong to the service"),
        ("meetings/index", "How about 'meetings/introduction'?"),
        ("meetings/" + "x" * 120, "too long"),
        ("", "How about 'module/lesson'?"),
    ],
)
def test_a_bad_name_is_refused_with_a_better_one(begun: Path, path: str, said: str) -> None:
    (begun / "quizzes/meetings/only-a-quiz.yml").write_text("mine")
    before = files(begun)
    result = run("new", "lesson", path, "--root", str(begun))

    assert said in result.output
    assert result.exit_code == 1
    assert files(begun) == before


def test_outside_a_course_nothing_begins(tmp_path: Path) -> None:
    for what in (["lesson", "a/b"], ["question", "a/b"]):
        result = run("new", *what, "--root", str(tmp_path))
        assert "There is no mkdocs.yml here" in result.output
        assert result.exit_code == 1
    assert files(tmp_path) == {}


# A question


@pytest.mark.parametrize("kind", sorted(questions.TYPES))
def test_a_question_of_each_type_is_appended(begun: Path, kind: str) -> None:
    quiz = begun / "quizzes/meetings/planning.yml"
    before = quiz.read_text()
    words = ["meetings/planning.md", "--type", kind, "--id", "mine", "--root", str(begun)]
    result = run("new", "question", *words)

    line = before.count("\n") + 2
    assert result.output == f"Wrote the question 'mine' at quizzes/meetings/planning.yml:{line}\n"
    assert quiz.read_text().startswith(before)
    assert open_course(begun).asked["mine"][1].type == kind


ODD = """\
questions:
# the first
- id: one
  type: poll
  objective: first
  prompt: Which?
  options: [{text: One}, {text: Two}]   # a comment

# about the rules
pass_mark: 70%
"""


def test_a_question_finds_its_place_in_a_quiz_written_otherwise(begun: Path) -> None:
    run("new", "lesson", "meetings/minutes", "--root", str(begun))
    quiz = begun / "quizzes/meetings/minutes.yml"
    quiz.write_text(ODD)
    run("new", "question", "meetings/minutes", "--root", str(begun), "--type", "text")

    head, tail = ODD.split("\n\n")
    assert quiz.read_text().startswith(f"{head}\n\n- id: minutes-text\n  type: text\n")
    assert quiz.read_text().endswith(f"\n\n{tail}")
    assert read(begun)[1] == []


@pytest.mark.parametrize(
    "text",
    [
        "questions: [{id: one, type: poll, objective: first, prompt: W, options: [{text: a}, {text: b}]}]",
        "questions: []\n",
        "- a list\n",
        "",
        "questions: [",
    ],
)
def test_a_quiz_that_cannot_be_added_to_stays_and_the_text_is_shown(begun: Path, text: str) -> None:
    run("new", "lesson", "meetings/minutes", "--root", str(begun))
    quiz = begun / "quizzes/meetings/minutes.yml"
    quiz.write_text(text)
    result = run("new", "question", "meetings/minutes", "--root", str(begun))

    assert result.exit_code == 1
    assert "minutes.yml cannot be read" in result.output or "- id: minutes-single" in result.output
    assert quiz.read_text() == text


def test_a_question_that_no_block_places_is_told_how(begun: Path) -> None:
    lesson = begun / "lessons/meetings/planning.md"
    lesson.write_text(lesson.read_text().replace("/// quiz\n", "/// quiz | agenda\n"))
    result = run("new", "question", "meetings/planning", "--id", "mine", "--root", str(begun))
    assert "Still to do" not in result.output  # its objective is placed already

    lesson.write_text(lesson.read_text().replace("/// quiz | purpose", "/// quiz | whom-to-invite"))
    result = run("new", "question", "meetings/planning", "--id", "other", "--root", str(begun))
    assert "/// quiz | other\n///\n" in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["meetings/plannig"], "did you mean 'meetings/planning'?"),
        (["meetings/planning", "--id", "My Id"], "How about 'my-id'?"),
        (["meetings/planning", "--id", "minutes-left"], "How about 'minutes-left-2'?"),
        (["index"], "There is no lesson"),
    ],
)
def test_a_question_that_cannot_be_is_refused(begun: Path, words: list[str], said: str) -> None:
    before = files(begun)
    result = run("new", "question", *words, "--root", str(begun))

    assert said in result.output or "cannot be read" in result.output
    assert result.exit_code == 1
    assert files(begun) == before
