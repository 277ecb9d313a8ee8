"""What the documents say is so: commands run, examples check, tables and links are true."""

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import click
import markdown
import pytest
import yaml
from click.testing import CliRunner

from course import cli, settings
from course.commands import permissions
from course.commands.settings import table
from course.content import glossary, plan, questions
from course.content.reading import read
from course.record.statistics import export
from tests import postgres
from tests.conftest import SMALL
from tests.docs.fences import DOCUMENTS, ROOT, Copy, Fence, fences

TUTORIAL = ROOT / "docs" / "tutorial.md"
REFERENCE = ROOT / "docs" / "reference.md"
CHANGES = ROOT / "docs" / "changes.md"
OPERATORS = ROOT / "docs" / "operators.md"
MAINTAINERS = ROOT / "docs" / "maintainers.md"

MAY_NOT_RUN = {
    "adduser", "apt-get", "certbot", "cd", "cp", "curl", "docker", "git", "install", "ln", "nginx",
    "runuser", "scripts/venv", "sh", "systemctl", "make test", "make check",
    "COURSE_SITE_URL=https://learn.example.org/",
}  # fmt: skip
"""What a block marked no-test may hold: machines, networks, and the tests themselves."""

SERVER = re.compile(r"postgresql(\+psycopg)?://course:secret@127\.0\.0\.1/course")


def shell(document: Path, *, runs: bool) -> list[Fence]:
    return [
        block
        for block in fences(document)
        if block.language == "sh" and ("no-test" not in block.marks) == runs
    ]


def one(document: Path, mark: str) -> Fence:
    return next(block for block in fences(document) if mark in block.marks)


# Commands


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """The repository with the small course in it."""
    return Copy(tmp_path / "course", SMALL)


def test_the_commands_of_the_readme_serve_the_course(tmp_path: Path) -> None:
    copy = Copy(tmp_path / "course")
    blocks = shell(ROOT / "README.md", runs=True)

    assert "The course is at" in "".join(copy.play(block) for block in blocks)


def test_the_first_command_of_a_contributor_runs(copy: Copy) -> None:
    said = "".join(copy.play(block) for block in shell(ROOT / "CONTRIBUTING.md", runs=True))

    assert "make check" in said


@pytest.mark.parametrize("name", ["index", "decisions", "performance"])
def test_other_documents_hold_no_commands_that_should_run(name: str) -> None:
    assert shell(ROOT / "docs" / f"{name}.md", runs=True) == []


def test_the_tutorial_leads_from_an_empty_folder_to_a_corrected_question(copy: Copy) -> None:
    (copy.folder.parent / ".gitconfig").write_text(GIT_USER)
    said = ""
    for block in fences(TUTORIAL):
        if block.title or block.language == "sh":
            said += copy.play(block)
        if "course serve --no-build" in block.text:
            copy.run(f"python3 -c '{ANSWER}'")  # the reader answers in the browser

    assert one(TUTORIAL, "mistake").text in said
    assert "There is something to decide." in said
    assert "1 learner answered" in said
    assert "1 mark regraded" in said
    assert "is taken back: 1 mark is what it was" in said
    page = (copy.current / "site/workshop/first-replies/index.html").read_text()
    assert 'data-question="reply-open-case"' in page


def test_the_commands_of_the_reference_run(copy: Copy) -> None:
    copy.run("course build && course migrate")
    said = "".join(copy.play(block) for block in shell(REFERENCE, runs=True))

    assert "Wrote the question" in said
    assert (copy.folder / "build/quiz.schema.json").is_file()


def test_a_living_course_is_changed_as_the_guide_says(copy: Copy) -> None:
    lesson = next(block for block in fences(TUTORIAL) if block.title.startswith("lessons/"))
    for block in (lesson, one(TUTORIAL, "right")):
        copy.play(block)
    add_to_nav(copy.folder / "mkdocs.yml", "  - Workshop:\n      - workshop/first-replies.md")
    (copy.folder.parent / ".gitconfig").write_text(GIT_USER)
    copy.run("git init -q")

    said = ""
    for number, block in enumerate(b for b in fences(CHANGES) if b.title or b.language == "sh"):
        said += copy.play(block)
        if number == 0:
            copy.run(f"python3 -c '{ANSWER}'")  # people take the course

    assert "Something is left to decide." in said
    assert "quizzes/workshop/first-replies.yml:" in said
    assert "1 mark regraded" in said
    assert "is taken back: 1 mark is what it was" in said
    assert "**Nothing is left to decide.**" in said


GIT_USER = "[user]\nname = Ada\nemail = ada@example.org\n"

ANSWER = """
import json, uuid
from course.content.course import Course
from course.record.answering import recording
from course.record.answering.tables import Submission
from course.record.people import learners
from course.record.revisions import registration
from course.record.store.database import Database
database = Database("sqlite:///data/course.sqlite")
course = Course.load(open("build/course.json").read())
question = course.asked["reply-open-case"][1]
wrong = question.options[1].key
with database.write() as session:
    known = registration.register(session, course)
    who = learners.identify(session, learners.start_guest(session, "a browser")).learner_id
    given = {"choice": [wrong]}
    sent = Submission(
        id=uuid.uuid4(), question=question.id, revision=question.revision, given=given
    )
    recording.record(session, known, who, sent)
"""


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_nothing_stands_twice_in_a_document(document: Path) -> None:
    paragraphs = [text for text in document.read_text().split("\n\n") if len(text) > 150]

    assert [text for text in set(paragraphs) if paragraphs.count(text) > 1] == []


@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_a_ready_workflow_runs_commands_that_are(name: str) -> None:
    text = (ROOT / f"docs/ci/{name}.yml").read_text()
    commands = re.findall(
        r"\bcourse (\w+)((?: --?\w[\w-]*(?: [\w.-]+)?)*)",
        yaml.safe_dump(yaml.safe_load(text), width=1000),
    )

    assert [command for command, _ in commands] == ["check", "lint", "build", "impact"]
    for command, options in commands:
        known = {o for p in cli.main.get_command(None, command).params for o in p.opts}  # type: ignore[arg-type, union-attr]
        assert set(re.findall(r"(?<= )--?\w[\w-]*", options)) <= known


def add_to_nav(path: Path, lines: str) -> None:
    """Put *lines* behind the last entry of the navigation."""
    text = path.read_text()
    nav = re.search(r"^nav:\n((?: .*)?\n)+?(?=\S|\Z)", text, re.MULTILINE)
    assert nav is not None
    path.write_text(f"{text[: nav.end()].rstrip()}\n{lines}\n{text[nav.end() :]}")


def test_an_operator_starts_backs_up_and_restores(copy: Copy) -> None:
    for block in shell(OPERATORS, runs=True):
        if "postgresql" not in block.marks:
            copy.play(block)

    made = {path.name for path in (copy.folder / "data/backups").iterdir()}
    assert "first.tar.gz" in made
    assert any(name.endswith("-before-restore.tar.gz") for name in made)
    kept = copy.run("sqlite3 data/course.sqlite 'SELECT mail, role FROM account'")
    assert kept == "you@example.org|administrator\n"


def test_a_record_in_postgresql_is_backed_up_and_restored(copy: Copy, postgres_url: str) -> None:
    plain = postgres_url.replace("+psycopg", "")
    said = copy.run(f"COURSE_DATABASE_URL={postgres_url} course migrate")
    for block in shell(OPERATORS, runs=True):
        if "postgresql" in block.marks:
            commands = SERVER.sub(lambda match: postgres_url if match[1] else plain, block.text)
            said += copy.run(f"PATH={postgres.programs()}:$PATH\n{commands}", block.where)

    assert "The database was brought up to date." in said
    assert "The database is up to date." in said


@pytest.mark.parametrize(
    "block",
    [block for document in DOCUMENTS for block in shell(document, runs=False)],
    ids=lambda block: block.where,
)
def test_what_does_not_run_cannot(block: Fence) -> None:
    lines = [line for line in block.text.splitlines() if line]
    reasons = [
        next((known for known in MAY_NOT_RUN if line.startswith((known + " ", known))), None)
        for line in lines
    ]

    assert None not in reasons, block.text
    # Blocks of harmless commands only have no excuse.
    assert set(reasons) - {"cd", "cp"}


# Examples


def new_course(root: Path, quiz: str, stem: str = "basics/example") -> Path:
    """Make a course whose one lesson asks *quiz*."""
    objectives = set(re.findall(r"^ +objective: (\S+)", quiz, re.MULTILINE)) or {"any"}
    listed = "".join(f"  {name}: Do it\n" for name in sorted(objectives))
    front = f"---\ntitle: Example\nminutes: 1\nobjectives:\n{listed}---\n\n"
    write(root / f"lessons/{stem}.md", f"{front}/// quiz\n///\n")
    write(root / f"quizzes/{stem}.yml", quiz)
    built = "docs_dir: lessons\ntheme:\n  name: material\n  font: false\nplugins:\n  - course\n"
    nav = f"nav:\n  - Basics:\n      - {stem}.md\n"
    write(root / "mkdocs.yml", f"site_name: Example\n{built}{nav}")
    return root


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def problems(root: Path) -> list[str]:
    return [str(problem) for problem in read(root)[1]]


QUIZZES = [
    block
    for document in (TUTORIAL, REFERENCE)
    for block in fences(document)
    if block.language == "yaml" and "questions:" in block.text
    if block.marks.isdisjoint({"broken", "mistaken"})
]


@pytest.mark.parametrize("block", QUIZZES, ids=lambda block: block.where)
def test_an_example_of_a_quiz_is_sound(block: Fence, tmp_path: Path) -> None:
    assert problems(new_course(tmp_path, block.text)) == []


def test_the_example_of_a_plan_page_is_sound(tmp_path: Path) -> None:
    page = tmp_path / "plan.yml"
    page.write_text(one(REFERENCE, "plan").text)

    found, problems = plan.read(tmp_path, page)

    assert (problems, found is not None) == ([], True)


def test_the_example_of_a_glossary_is_sound(tmp_path: Path) -> None:
    write(tmp_path / "glossary.yml", one(REFERENCE, "glossary").text)

    terms, _, problems = glossary.read(tmp_path)

    assert (problems, len(terms or ())) == ([], 2)


def test_every_question_type_has_a_section_with_an_example() -> None:
    text = REFERENCE.read_text()
    examples = "".join(block.text for block in QUIZZES)

    for name in questions.TYPES:
        assert f"### {name}\n" in text
        assert f"type: {name}\n" in examples


def test_an_example_of_a_lesson_is_sound(tmp_path: Path) -> None:
    lessons = [
        block
        for document in (TUTORIAL, REFERENCE)
        for block in fences(document)
        if block.language == "markdown"
    ]
    for number, block in enumerate(lessons):
        names = re.findall(r"^  (\w+): ", block.text, re.MULTILINE)
        root = tmp_path / str(number)
        new_course(root, "")
        write(root / "lessons/basics/example.md", block.text)
        asked = "".join(
            f"  - {{id: ask-{name}, type: poll, objective: {name}, prompt: Which?, "
            "options: [{text: One}, {text: Two}]}\n"
            for name in names
            if name not in ("text", "year")
        )
        write(root / "quizzes/basics/example.yml", f"questions:\n{asked}")
        assert problems(root) == [], block.where

    assert len(lessons) >= 2


def test_problems_read_as_the_reference_says(tmp_path: Path) -> None:
    quiz = one(REFERENCE, "broken").text
    said = problems(new_course(tmp_path, quiz, "workshop/first-replies"))
    mended = problems(
        new_course(tmp_path, quiz.replace("singel", "single"), "workshop/first-replies")
    )

    assert said == [one(REFERENCE, "problems").text.rstrip()]
    assert "'correct'" in "".join(mended)
    assert "corect" in "".join(mended)


HOLDERS = {
    "text": "  - id: q\n    type: poll\n    objective: o\n    prompt: P\n    options:\n"
    "      - text: One\n      - {}\n",
    "unit": "  - id: q\n    type: numeric\n    objective: o\n    prompt: P\n    answer: 1\n"
    "    explanation: E\n    {}\n",
    "-": "  - id: q\n    type: text\n    objective: o\n    prompt: P\n    explanation: E\n"
    "    checklist:\n      {}\n",
}
"""Where the first word of a line in the table of YAML traps may stand."""


def traps() -> list[tuple[str, str]]:
    section = REFERENCE.read_text().partition("## YAML traps")[2].partition("\n## ")[0]
    return re.findall(r"^\| `(.+?)` \|.*\| `(.+?)` \|$", section, re.MULTILINE)


@pytest.mark.parametrize(("wrong", "right"), traps())
def test_a_trap_is_told_and_its_mend_is_sound(wrong: str, right: str, tmp_path: Path) -> None:
    holder = HOLDERS[wrong.split()[0].rstrip(":")]

    assert problems(new_course(tmp_path / "wrong", "questions:\n" + holder.format(wrong)))
    assert problems(new_course(tmp_path / "right", "questions:\n" + holder.format(right))) == []


def test_a_question_type_is_added_as_the_guide_says(copy: Copy) -> None:
    for block in fences(MAINTAINERS):
        if block.title or block in shell(MAINTAINERS, runs=True):
            copy.play(block)
    new_course(copy.folder / "example", one(MAINTAINERS, "claim").text)

    assert copy.run("course check --root example")
    assert "claim" in copy.run("course schema quiz")


# Tables, commands, names


def test_the_table_of_settings_is_the_one_of_the_code() -> None:
    shown = re.search(
        r"<!-- settings -->\n(.*)\n<!-- /settings -->", OPERATORS.read_text(), re.DOTALL
    )

    assert shown is not None
    assert shown[1].strip() == table(), "put the output of `course settings` between the markers"


def test_the_columns_of_exported_statistics_are_those_of_the_code() -> None:
    text = (ROOT / "docs/statistics.md").read_text()
    section = text.partition("## The exported table\n")[2].partition("\n## ")[0]

    rows = re.findall(r"^\| `(.+?)` \| (.+) \|$", section, re.MULTILINE)
    assert rows == [(column.name, column.meaning) for column in export.COLUMNS]


def test_the_tables_of_permissions_are_those_of_the_code() -> None:
    shown = re.search(
        r"<!-- permissions -->\n(.*)\n<!-- /permissions -->",
        (ROOT / "docs/access.md").read_text(),
        re.DOTALL,
    )
    printed = f"{permissions.permission_table()}\n\n{permissions.address_table()}"

    assert shown is not None
    assert shown[1].strip() == printed, "put the output of `course permissions` between the markers"


def test_the_examples_of_settings_can_be_used() -> None:
    blocks = [block for block in fences(OPERATORS) if block.language == "ini" and not block.marks]
    lines = [line.partition("=") for block in blocks for line in block.text.splitlines()]
    values = {name: value for name, _, value in lines} | {"COURSE_SECRET_KEY": "x" * 32}

    assert len(blocks) >= 2
    settings.check(settings.from_environment(values))


WRITING, PUBLISHING, _ = cli.GROUPS.values()


@pytest.mark.parametrize("name", [*WRITING, *PUBLISHING])
def test_every_option_of_a_trainers_command_is_in_the_reference(name: str) -> None:
    section = REFERENCE.read_text().partition(f"### course {name}\n")[2].partition("\n### ")[0]
    command = cli.main.get_command(click.Context(cli.main), name)
    assert command is not None
    commands = command.commands.values() if isinstance(command, click.Group) else [command]
    options = {o for c in commands for p in c.params for o in (*p.opts, *p.secondary_opts)}

    missing = {o for o in options - {"--root"} if o.startswith("--") and f"`{o}" not in section}
    assert section
    assert missing == set()


@pytest.mark.parametrize(
    ("kind", "first", "after"),
    [
        ("lesson", "### Front matter", "### Quiz blocks"),
        ("plan", "### Plan pages", "### Charts"),
        ("glossary", "### Glossary", "### A page of all sources"),
        ("quiz", "## Quizzes", "## What counts as the same"),
    ],
)
def test_every_key_of_a_file_is_in_the_reference(kind: str, first: str, after: str) -> None:
    section = REFERENCE.read_text().partition(f"{first}\n")[2].partition(f"{after}\n")[0]
    schema = json.loads(CliRunner().invoke(cli.main, ["schema", kind]).output)
    parts = [schema, *(part for name, part in schema["$defs"].items() if name != "Change")]

    missing = {
        key
        for part in parts
        for key in part.get("properties", {})
        if not re.search(rf"`{key}`|\b{key}: ", section)
    }
    assert section
    assert missing == set()


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_is_documented_and_explains_itself(name: str) -> None:
    text = "".join(document.read_text() for document in DOCUMENTS)
    said = CliRunner().invoke(cli.main, [name, "--help"])

    assert f"course {name}" in text
    assert said.exit_code == 0, said.output
    assert "Usage:" in said.output


def test_the_list_of_commands_cuts_no_sentence_off() -> None:
    said = CliRunner().invoke(cli.main, ["--help"]).output

    assert all(f"\n  {name}  " in said for name in cli.COMMANDS)
    assert "..." not in said.partition("Trainers")[2]


def test_the_list_of_commands_is_grouped_by_who_uses_them() -> None:
    said = CliRunner().invoke(cli.main, ["--help"]).output

    assert re.findall(r"^([A-Z][^:\n]+):$", said, re.MULTILINE) == [
        "Options",
        "Trainers, writing the course",
        "Trainers, publishing and changing it",
        "Operators, running the service",
    ]


def test_every_command_in_the_documents_exists() -> None:
    text = "".join(document.read_text() for document in DOCUMENTS)
    text = text.replace("docker exec course ", "")
    named = set(re.findall(r"(?:`|^|/bin/|exec )course (?!-)([a-z]+)", text, re.MULTILINE))

    assert named <= cli.COMMANDS.keys()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", text, re.MULTILINE)) <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_is_named_exists(document: Path) -> None:
    made = {"data", "build", "site", "lessons/workshop", "quizzes/workshop", "workshop"}
    text = re.sub(r"^(`{3,}).*?^\1$", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"`([\w.-]+(?:/[\w.-]+)*/?)`", text))
    files = {
        name for name in named if "/" in name or name.endswith((".md", ".py", ".yml", ".toml"))
    }
    known = {*files} - {name for name in files if name.startswith(tuple(made))}
    known -= {
        ".yml",
        "bench/results.json",
        "index.md",
        "feed.xml",
        "0003_notes.py",
        ".github/workflows/course.yml",
        ".gitlab-ci.yml",
        ".vscode/settings.json",
    }

    missing = {name for name in known if not (ROOT / name).exists()}
    assert missing == set()


# Links


class Anchors(HTMLParser):
    """Gathers a page's ids and links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        extensions = ["toc", "tables", "attr_list", "pymdownx.superfences"]
        body = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
        self.feed(markdown.markdown(body, extensions=extensions))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids.add(found.get("id") or "")
        self.links += [found[name] or "" for name in ("href", "src") if name in found]


@cache
def anchors(document: Path) -> Anchors:
    return Anchors(document.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "document", [*DOCUMENTS, ROOT / "CHANGELOG.md"], ids=lambda path: path.name
)
def test_links_inside_the_documents_are_alive(document: Path) -> None:
    dead = []
    for link in anchors(document).links:
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = document.parent / name if name else document
        if not target.exists() or (anchor and anchor not in anchors(target).ids):
            dead.append(link)

    assert dead == []


def test_the_index_of_the_decisions_lists_each_in_its_order() -> None:
    text = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    headings = re.findall(r"^#{2,3} (.+)$", text, re.MULTILINE)

    assert re.findall(r"^ *- \[(.+)\]\(#", text, re.MULTILINE) == headings


def test_the_documents_build_as_a_site_that_asks_nobody_else(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", "mkdocs.docs.yml"]
    subprocess.run(
        [*command, "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        check=True,
        capture_output=True,
        env={"NO_MKDOCS_2_WARNING": "1", "PATH": ""},
    )
    pages = "".join(path.read_text() for path in (tmp_path / "site").rglob("*.html"))
    loaded = re.findall(r"<(?:script|img|iframe)[^>]* src=\"([^\"]+)\"", pages)
    loaded += re.findall(r"<link[^>]* rel=\"(?:stylesheet|preconnect)\"[^>]*>", pages)

    assert [address for address in loaded if "//" in address] == []
    assert "```" not in re.sub(r"<code>.*?</code>", "", pages, flags=re.DOTALL)


def test_the_picture_is_small() -> None:
    picture = ROOT / "docs" / "images" / "lesson.png"

    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < 250_000


def test_the_small_course_is_no_example_of_mistakes(tmp_path: Path) -> None:
    assert problems(Path(shutil.copytree(SMALL, tmp_path / "small"))) == []
