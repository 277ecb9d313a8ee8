"""What docs/formats.md says is so: its commands run, its table for spreadsheets is imported."""

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from course import cli
from course.content.reading import read
from tests.docs.fences import ROOT, fences
from tests.formats.exchange import imported, question_of

FORMATS = ROOT / "docs" / "formats.md"


def test_the_commands_run_one_after_the_other(
    course_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course_root)
    Path("build").mkdir()
    blocks = [block for block in fences(FORMATS) if block.language == "sh"]
    lines = [line for block in blocks for line in block.text.splitlines()]
    for line in lines:
        command, _, target = line.partition(" > ")
        done = CliRunner().invoke(cli.main, shlex.split(command)[1:])
        assert done.exit_code == 0, f"{line}\n{done.output}"
        if target:
            Path(target).write_bytes(done.stdout_bytes)

    assert len(lines) >= 6
    assert read(course_root)[1] == []
    assert {path.suffix for path in Path("build").iterdir()} >= {".xml", ".json", ".zip", ".csv"}


def test_the_example_of_a_table_is_carried_whole() -> None:
    (example,) = (block for block in fences(FORMATS) if "csv" in block.marks)
    items = imported(example.text.encode())

    assert [(item.status, question_of(item).type) for item in items] == [
        ("whole", "single"),
        ("whole", "numeric"),
        ("whole", "blank"),
        ("whole", "order"),
        ("whole", "match"),
    ]
