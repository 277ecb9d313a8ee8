"""The examples of the trainers' reference, tried in a course as `course new` begins it."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from course.cli import main
from course.publish import checking, site
from course.starting import courses
from tests.docs.fences import ROOT, Fence, fences

REFERENCE = ROOT / "docs" / "reference.md"
LESSONS = [block for block in fences(REFERENCE) if block.language == "markdown" and not block.title]


@pytest.fixture(scope="module")
def new_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "course"
    courses.new_course(folder, "Examples")
    return folder


@pytest.fixture
def begun(new_course: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(new_course, tmp_path / "begun"))


def problems(root: Path) -> list[str]:
    return [str(problem) for problem in checking.check(root)[1]]


@pytest.mark.parametrize("block", LESSONS, ids=lambda block: block.where)
def test_an_example_of_a_lesson_works_in_a_new_course(block: Fence, begun: Path) -> None:
    names = re.findall(r"^  (\w+): ", block.text, re.MULTILINE)
    asked = "".join(
        f"  - {{id: ask-{name}, type: poll, objective: {name}, prompt: Which?, "
        "options: [{text: One}, {text: Two}]}\n"
        for name in names
        if name not in ("text", "year")
    )
    (begun / "lessons/meetings/planning.md").write_text(block.text, "utf-8")
    (begun / "quizzes/meetings/planning.yml").write_text(f"questions:\n{asked}", "utf-8")

    assert problems(begun) == []


def test_the_example_of_a_chart_is_drawn_in_a_new_course(begun: Path) -> None:
    chart = next(block for block in fences(REFERENCE) if "chart" in block.marks)
    shown = next(block for block in fences(REFERENCE) if block.language == "html")
    (begun / "charts/understand").mkdir(parents=True)
    (begun / "charts/understand/base-rate.yml").write_text(chart.text, "utf-8")
    (begun / "lessons/understand").mkdir()
    drawn = CliRunner().invoke(main, ["charts", "--root", str(begun)])
    assert drawn.exit_code == 0, drawn.output
    lesson = begun / "lessons/meetings/planning.md"
    more = shown.text.replace(";--8<--", "--8<--") + '\n=== "Tab"\n\n    In it\n\n- [ ] a task\n'
    lesson.write_text(f"{lesson.read_text('utf-8')}\n{more}", "utf-8")

    site.build(begun, begun / "site", begun / "build/course.json")

    page = (begun / "site/meetings/planning/index.html").read_text("utf-8")
    assert "Replies within an hour, by place</title>" in page
    assert 'class="tabbed-labels"' in page
    assert 'class="task-list-item"' in page
    assert "--8<--" not in page
