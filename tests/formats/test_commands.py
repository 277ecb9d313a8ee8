"""course import, course export: what is written, what is said, and what is left alone."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course import cli
from course.content.reading import open_course, read

GIFT = """\
$CATEGORY: top/Tombs/Know who lies where

::Tomb::Who is buried there?{=no one#Right. ~Grant#No. ####It is empty.}

Half?{~no ~%50%half =full}

// a text
Read this first.
"""


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli.main, [arguments[0], "--root", str(root), *arguments[1:]])


@pytest.fixture
def sent(tmp_path: Path) -> str:
    path = tmp_path / "Old tests.gift"
    path.write_text(GIFT, encoding="utf-8")
    return str(path)


def files_in(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_a_file_becomes_a_lesson_that_the_course_takes(course_root: Path, sent: str) -> None:
    before = files_in(course_root)
    result = run(course_root, "import", sent, "--lesson", "more/tombs")

    assert result.exit_code == 0, result.output
    assert read(course_root)[1] == []
    lesson = open_course(course_root).lessons["more/tombs"]
    assert [question.id for question in lesson.questions] == ["tomb", "half"]
    assert lesson.objectives == {"know-who-lies-where": "Know who lies where"}
    assert [module.title for module in open_course(course_root).modules] == ["Basics", "More"]
    after = files_in(course_root)
    assert {name for name in after if after[name] != before.get(name)} == {
        "mkdocs.yml",
        "lessons/more/tombs.md",
        "quizzes/more/tombs.yml",
    }
    for line in (
        "whole    Tomb  line 3",
        "in part  Half?{ no ~%50%half =full}  line 5".replace("{ ", "{~"),
        "'half' was worth 50%; here it is wrong",
        "it is a text that asks nothing",
        "3 questions: 1 whole, 1 in part, 1 refused.",
        "wrote quizzes/more/tombs.yml",
        "listed more/tombs.md in mkdocs.yml",
    ):
        assert line in result.output


def test_a_report_tells_it_item_by_item(course_root: Path, sent: str, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    run(course_root, "import", sent, "--to", "quizzes/more/tombs.yml", "--report", str(path))
    report = json.loads(path.read_text())

    assert report["counts"] == {"whole": 1, "part": 1, "refused": 1}
    assert [item["status"] for item in report["items"]] == ["whole", "part", "refused"]
    assert report["items"][0]["id"] == "tomb"
    assert report["items"][1]["lost"] == ["'half' was worth 50%; here it is wrong"]
    assert report["written"] == ["quizzes/more/tombs.yml", "lessons/more/tombs.md"]
    assert any("without an explanation" in note for note in report["items"][1]["remarks"])


def test_a_dry_run_writes_nothing(course_root: Path, sent: str) -> None:
    before = files_in(course_root)
    result = run(course_root, "import", sent, "--dry-run")

    assert result.exit_code == 0
    assert "would write quizzes/imported/old-tests.yml" in result.output
    assert files_in(course_root) == before


def test_nothing_is_overwritten(course_root: Path, sent: str) -> None:
    run(course_root, "import", sent, "--lesson", "more/tombs")
    before = files_in(course_root)
    result = run(course_root, "import", sent, "--lesson", "more/tombs")

    assert result.exit_code == 1
    assert "quizzes/more/tombs.yml:1:1: exists already" in result.output
    assert files_in(course_root) == before


def test_ids_that_are_taken_are_changed_and_told(course_root: Path, sent: str) -> None:
    run(course_root, "import", sent, "--lesson", "more/one")
    result = run(course_root, "import", sent, "--lesson", "more/two")

    assert "its id is taken by another question" in result.output
    assert read(course_root)[1] == []
    assert "tomb-2" in open_course(course_root).asked


def test_a_lesson_that_exists_gets_a_quiz(course_root: Path, sent: str) -> None:
    page = course_root / "lessons/basics/reading.md"
    before = page.read_bytes()
    result = run(course_root, "import", sent, "--lesson", "basics/reading")

    assert result.exit_code == 0, result.output
    assert page.read_bytes() == before
    assert "add a line '/// quiz' and a line '///' to lessons/basics/reading.md" in result.output
    page.write_bytes(before + b"\n/// quiz\n///\n")
    assert read(course_root)[1] == []


@pytest.mark.parametrize(
    ("nav", "ending"),
    [
        ("nav:\n- index.md\n- More:\n  - more/graded.md\nplugins: [search, course]\n",
         "- More:\n  - more/graded.md\n  - more/tombs.md\nplugins: [search, course]\n"),
        ("nav:\n  - More: # the rest\n      - more/graded.md # marked\n",
         "      - more/graded.md # marked\n      - more/tombs.md\n"),
        ("nav:\n  - A:\n      - B:\n          - more/graded.md\n",
         "          - more/graded.md\n          - more/tombs.md\n"),
        ("nav: [index.md, {More: [more/graded.md]}]\n", "{More: [more/graded.md]}]\n"),
    ],
)  # fmt: skip
def test_the_navigation_is_changed_where_that_is_safe(
    nav: str, ending: str, course_root: Path, sent: str
) -> None:
    site = course_root / "mkdocs.yml"
    site.write_text(f"site_name: Odd\n{nav}", encoding="utf-8")
    result = run(course_root, "import", sent, "--lesson", "more/tombs")

    assert result.exit_code == 0
    assert site.read_text().endswith(ending)
    if "tombs" not in ending:
        assert "list 'more/tombs.md' inside a module of 'nav' in mkdocs.yml" in result.output


@pytest.mark.parametrize(
    ("arguments", "said", "status"),
    [
        (["--lesson", "More/X"], "'More' cannot be part of a lesson's address", 1),
        (["--lesson", "../x"], "'..' cannot be part of a lesson's address", 1),
        (["--lesson", "api/x"], "addresses that begin with 'api/' belong to the service", 1),
        (["--to", "lessons/x.yml"], "is no place for a quiz", 1),
        (["--lesson", "a", "--to", "quizzes/b.yml"], "not with both", 2),
        (["--format", "word"], "is not one of", 2),
        (["--format", "qti"], "is not XML", 1),
        (["--encoding", "klingon"], "there is no encoding 'klingon'", 1),
    ],
)
def test_what_is_called_wrongly_is_told(
    arguments: list[str], said: str, status: int, course_root: Path, sent: str
) -> None:
    before = files_in(course_root)
    result = run(course_root, "import", sent, *arguments)

    assert said in result.output
    assert result.exit_code == status
    assert files_in(course_root) == before


def test_another_encoding_can_be_named(course_root: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes("Größe?{=groß ~klein}".encode("cp1252"))
    refused = run(course_root, "import", str(path))
    taken = run(course_root, "import", str(path), "--encoding", "cp1252")

    assert "--encoding cp1252" in refused.output
    assert taken.exit_code == 0
    assert "prompt: Größe?" in (course_root / "quizzes/imported/old.yml").read_text()


def test_a_failed_write_leaves_nothing_behind(course_root: Path, sent: str) -> None:
    (course_root / "lessons/blocked").write_text("a file where a folder should be")
    before = files_in(course_root)
    result = run(course_root, "import", sent, "--lesson", "blocked/one")

    assert result.exit_code == 1
    assert "cannot be written" in result.output
    assert files_in(course_root) == before


PICTURE = b"\x89PNG\r\n\x1a\nnot much of a picture"


@pytest.mark.parametrize("kind", ["moodle", "qti"])
def test_pictures_travel_with_their_questions(kind: str, course_root: Path, tmp_path: Path) -> None:
    quiz = course_root / "quizzes/more/graded.yml"
    text = quiz.read_text().replace(
        "One plus one?", '"One ![plus](../graded-pictures/sum.png) one?"'
    )
    quiz.write_text(text, encoding="utf-8")
    folder = course_root / "lessons/more/graded-pictures"
    folder.mkdir()
    (folder / "sum.png").write_bytes(PICTURE)
    out = tmp_path / "out"
    exported = run(
        course_root, "export", "--format", kind, "--lesson", "more/graded", "-o", str(out)
    )
    imported = run(course_root, "import", str(out), "--lesson", "more/again")

    assert exported.exit_code == imported.exit_code == 0, imported.output
    (path,) = (course_root / "lessons/more/again-pictures").iterdir()
    assert path.read_bytes() == PICTURE
    prompt = open_course(course_root).lessons["more/again"].questions[0].prompt
    assert prompt == f"One ![plus](again-pictures/{path.name}) one?"


@pytest.mark.parametrize("kind", ["gift", "moodle", "qti", "csv"])
def test_the_small_course_goes_out_and_in(kind: str, course_root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    exported = run(course_root, "export", "--format", kind, "-o", str(out))
    imported = run(course_root, "import", str(out), "--lesson", "more/again")

    assert exported.exit_code == imported.exit_code == 0
    assert "10 questions: " in exported.stderr
    assert read(course_root)[1] == []


def test_an_export_without_a_file_is_printed(course_root: Path) -> None:
    result = run(course_root, "export", "--format", "csv", "--lesson", "more/graded")

    assert result.stdout.startswith("\ufeffid,type,objective,prompt,part,right,wrong")
    assert "graded-one" in result.stdout
    assert "pick" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said", "status"),
    [
        (["--format", "csv", "--lesson", "more/grade"], "did you mean 'more/graded'?", 2),
        (["--format", "word"], "is not one of", 2),
        (["--format", "csv", "-o", "lessons/index.md/x"], "cannot be written", 1),
    ],
)
def test_an_export_that_cannot_be_is_told(
    arguments: list[str], said: str, status: int, course_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course_root)
    result = run(course_root, "export", *arguments)

    assert said in result.output
    assert result.exit_code == status


def test_a_course_with_problems_is_not_exported(course_root: Path) -> None:
    (course_root / "quizzes/more/graded.yml").write_text("questions:\n")
    result = run(course_root, "export", "--format", "csv")

    assert result.exit_code == 1
    assert "fix the course first" in result.output


def test_nothing_exported_is_no_success(course_root: Path) -> None:
    poll = "{id: p, type: poll, objective: pass, prompt: Q, options: [{text: a}, {text: b}]}"
    (course_root / "quizzes/more/graded.yml").write_text(f"questions:\n  - {poll}\n")
    result = run(course_root, "export", "--format", "gift", "--lesson", "more/graded")

    assert result.exit_code == 1
    assert "GIFT has no questions of type 'poll'" in result.output
    assert "Nothing was exported." in result.output


def test_a_question_with_parameters_goes_out_with_its_numbers(course_root: Path) -> None:
    quiz = """questions:
  - id: sum
    type: numeric
    objective: pass
    parameters:
      a: [2, 3]
    prompt: "What is {a} + 1?"
    answer: a + 1
    explanation: "It is {answer}."
"""
    (course_root / "quizzes/more/graded.yml").write_text(quiz)
    result = run(course_root, "export", "--format", "gift", "--lesson", "more/graded")

    assert result.exit_code == 0, result.output
    assert "the parameters: everybody meets the same numbers" in result.stderr
    assert "{a}" not in result.stdout


@pytest.mark.parametrize(
    ("kind", "said"), [("moodle", "diagrams: their source is shown"), ("csv", "")]
)
def test_a_question_with_a_diagram_goes_out_with_its_source(
    kind: str, said: str, course_root: Path, tmp_path: Path
) -> None:
    quiz = course_root / "quizzes/more/graded.yml"
    diagram = "```mermaid\\ngraph LR\\n  A-->B\\n```"
    quiz.write_text(quiz.read_text().replace("One plus one?", f'"Which?\\n\\n{diagram}"'))
    out = tmp_path / "out"

    result = run(course_root, "export", "--format", kind, "--lesson", "more/graded", "-o", str(out))

    assert result.exit_code == 0, result.output
    assert ("diagrams" in result.stderr) == bool(said)
    assert said in result.stderr
    assert "A--" in out.read_text("utf-8-sig")


def test_cells_that_look_like_formulas_are_guarded(course_root: Path, tmp_path: Path) -> None:
    quiz = course_root / "quizzes/more/graded.yml"
    quiz.write_text(quiz.read_text().replace("One plus one?", '"=1+1?"').replace("Three", '"@x"'))
    out = tmp_path / "out.csv"
    run(course_root, "export", "--format", "csv", "--lesson", "more/graded", "-o", str(out))
    run(course_root, "import", str(out), "--lesson", "more/again")

    assert ",'=1+1?," in out.read_text(encoding="utf-8")
    assert ",'@x," in out.read_text(encoding="utf-8")
    assert open_course(course_root).lessons["more/again"].questions[0].prompt == "=1+1?"
