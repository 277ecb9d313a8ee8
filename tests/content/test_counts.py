"""Numbers of things in sentences, in Python, in templates and in the browser alike."""

import json
import re
import subprocess
from pathlib import Path

import jinja2
import pytest

from course.content import counts

PROJECT = Path(__file__).parents[2]

CASES: list[tuple[float, tuple[str, ...], str]] = [
    (0, ("lesson",), "0 lessons"),
    (1, ("lesson",), "1 lesson"),
    (2, ("lesson",), "2 lessons"),
    (12345, ("lesson",), "12,345 lessons"),
    (1.0, ("point",), "1 point"),
    (1.5, ("point",), "1.5 points"),
    (1, ("lesson has", "lessons have"), "1 lesson has"),
    (2, ("lesson has", "lessons have"), "2 lessons have"),
]

PLURAL = re.compile(
    r"""["']'?s( are)?["'] if | else ["']s["']|=== 1 \? [`"']"""
    r"""|["'] if [^"']* [!=]= 1 else f?["'](are|all|\w+s\b|\{)"""
)
"""A plural that is formed in place."""

SCRIPT = """
const { counted } = await import(process.argv[1]);
console.log(JSON.stringify(JSON.parse(process.argv[2]).map(([number, forms]) => counted(number, ...forms))));
"""


@pytest.mark.parametrize(("number", "forms", "words"), CASES)
def test_things_are_counted_in_words(number: float, forms: tuple[str, ...], words: str) -> None:
    assert counts.counted(number, *forms) == words


def test_templates_count_alike() -> None:
    environment = jinja2.Environment()
    environment.filters.update(counts.FILTERS)
    template = environment.from_string(
        "{{ n | counted('lesson') }} {{ n | pluralise('is', 'are') }} new"
    )

    assert [template.render(n=n) for n in (1, 2)] == ["1 lesson is new", "2 lessons are new"]


def test_the_browser_counts_alike() -> None:
    script = PROJECT / "course/publish/assets/numbers.js"
    command = [PROJECT / ".venv/bin/node", "--input-type=module", "--eval", SCRIPT, "--"]
    cases = json.dumps([(number, forms) for number, forms, _ in CASES])
    done = subprocess.run([*command, script.as_uri(), cases], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [words for *_, words in CASES]


def test_no_file_forms_a_plural_of_its_own() -> None:
    """Translation has to replace these two functions, and nothing else."""
    files = [p for p in (PROJECT / "course").rglob("*") if p.suffix in (".py", ".html", ".js")]
    inline = [
        f"{path.relative_to(PROJECT)}: {line.strip()}"
        for path in files
        if path.name not in ("counts.py", "numbers.js")
        for line in path.read_text("utf-8").splitlines()
        if PLURAL.search(line)
    ]

    assert inline == []
