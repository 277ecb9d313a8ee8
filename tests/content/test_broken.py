"""Broken courses and the very words that tell of them.

Each `broken/NAME.txt` holds what is said of `broken/NAME.yml` (a quiz), `broken/NAME.md` (a lesson) or
`broken/NAME/` (a whole course); a sound one has an empty NAME.txt. To add a case, add the two files.
"""

import shutil
from pathlib import Path

import pytest

from course.content import reading

BROKEN = Path(__file__).parent / "broken"

LESSON = """\
---
title: A lesson
minutes: 5
objectives:
  aim: Tell this from that
---

/// quiz
///
"""

QUIZ = """\
questions:
  - id: first
    type: poll
    objective: aim
    prompt: Which do you use?
    options: [{text: One}, {text: Two}]
  - id: second
    type: poll
    objective: aim
    prompt: Which do you like?
    options: [{text: One}, {text: Two}]
"""

SITE = """\
site_name: A course
nav:
  - Basics:
      - lesson.md
"""


def lay_out(case: Path, root: Path) -> None:
    """Write the course that *case* is, or is a file of, into *root*."""
    if case.is_dir():
        shutil.copytree(case, root, dirs_exist_ok=True)
        return
    (root / "lessons").mkdir()
    (root / "quizzes").mkdir()
    (root / "mkdocs.yml").write_text(SITE)
    (root / "lessons/lesson.md").write_text(LESSON)
    (root / "quizzes/lesson.yml").write_text(QUIZ)
    changed = "quizzes/lesson.yml" if case.suffix == ".yml" else "lessons/lesson.md"
    shutil.copy(case, root / changed)


def cases() -> list[Path]:
    return sorted(path for path in BROKEN.iterdir() if path.suffix != ".txt")


@pytest.mark.parametrize("case", cases(), ids=lambda path: path.stem)
def test_what_is_wrong_is_said_where_it_stands(case, tmp_path):
    lay_out(case, tmp_path)

    _, problems = reading.read(tmp_path)

    said = "".join(f"{problem}\n" for problem in problems)
    assert said == case.with_suffix(".txt").read_text()


@pytest.mark.parametrize("case", cases(), ids=lambda path: path.stem)
def test_nothing_is_said_twice(case):
    expected = case.with_suffix(".txt").read_text().splitlines()
    said = [line for line in expected if not line.startswith("    hint: ")]

    assert len(said) == len(set(said))


def test_each_expectation_has_its_case():
    names = [path.stem for path in cases()]

    assert len(names) == len(set(names))
    assert sorted(names) == sorted(path.stem for path in BROKEN.glob("*.txt"))
