"""`course charts`: figures in YAML become drawings, and what is wrong with a file is told with its place."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from course.charts import KINDS
from course.commands.charts import charts
from tests.docs.fences import ROOT, fences

REFERENCE = ROOT / "docs" / "reference.md"

HEAD = """\
title: Two figures
description: 3 & 4 of them.
source: Invented
invented: true
heading: Two figures
"""
BARS = f"""kind: bars
{HEAD}rows:
  - {{label: One & more, value: 3}}
  - {{label: Two, value: 4}}
"""


def lay_out(root: Path, chart: str = BARS, name: str = "basics/two.yml") -> Path:
    path = root / "charts" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(chart, encoding="utf-8")
    (root / "lessons/basics").mkdir(parents=True, exist_ok=True)
    return root


def run(root: Path, *options: str) -> Result:
    return CliRunner().invoke(charts, ["--root", str(root), *options])


def test_a_chart_is_drawn_beside_its_lesson_and_only_once(tmp_path: Path) -> None:
    first = run(lay_out(tmp_path))
    drawn = (tmp_path / "lessons/basics/two.svg").read_bytes()
    second = run(tmp_path)

    assert (first.output, first.exit_code) == (
        "lessons/basics/two.svg: drawn\n1 chart, all drawn.\n",
        0,
    )
    assert (second.output, second.exit_code) == ("1 chart, all drawn.\n", 0)
    assert (tmp_path / "lessons/basics/two.svg").read_bytes() == drawn
    assert b"One &amp; more" in drawn


def test_a_drawing_names_itself_to_those_who_cannot_see_it(tmp_path: Path) -> None:
    run(lay_out(tmp_path))
    svg = ElementTree.parse(tmp_path / "lessons/basics/two.svg").getroot()
    ids = [element.get("id") for element in svg.iter() if element.get("id")]

    assert svg.get("role") == "img"
    assert (svg.get("aria-labelledby") or "").split() == ids == ["two-title", "two-desc"]


def test_checking_writes_nothing_and_names_what_is_out_of_date(tmp_path: Path) -> None:
    before = run(lay_out(tmp_path), "--check")
    run(tmp_path)
    lay_out(tmp_path, BARS.replace("value: 3", "value: 3.5").replace("3 &", "3.5 &"))
    after = run(tmp_path, "--check")

    said = "lessons/basics/two.svg is not what charts/basics/two.yml says\n"
    assert before.output == after.output == f"{said}Redraw them with 'course charts'.\n"
    assert before.exit_code == after.exit_code == 1


def test_a_drawing_by_hand_is_not_written_over(tmp_path: Path) -> None:
    mine = lay_out(tmp_path) / "lessons/basics/two.svg"
    mine.write_text("<svg/>")
    result = run(tmp_path)

    assert mine.read_text() == "<svg/>"
    assert "charts/basics/two.yml:1:1: lessons/basics/two.svg was drawn by hand" in result.output
    assert result.exit_code == 1


def test_a_course_without_charts_is_no_mistake(tmp_path: Path) -> None:
    result = run(tmp_path)

    assert (result.output, result.exit_code) == ("There are no charts in charts/.\n", 0)


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        ("", "1:1: chart: must be lines of 'key: value'"),
        ("kind: pie\n", "1:1: kind: there is no chart 'pie'"),
        (HEAD, "1:1: kind: missing"),
        (BARS.replace("heading:", "headline:"), "heading: missing"),
        (BARS.replace("value: 3", "value: -3"), "8:25: chart.rows.1.value: must be 0 or more"),
        (BARS.replace("value: 3", "value: much"), "must be a number"),
        (BARS.replace("invented: true\n", ""), "1:1: year: missing"),
        (BARS.replace("invented: true", "invented: true\nyear: 2020"), "invented figures have no year"),
        (BARS.replace("3 &", "Some &"), "3:1: description: does not name 3"),
        (BARS.replace("heading: Two", f"heading: {'Two ' * 20}"), "is too long"),
        (BARS.replace("kind: bars", "kind: cells"), "rows: do not add up to 100"),
        (BARS.replace("value: 3", "value: 0").replace("value: 4", "value: 0"), "rows: are all 0"),
        (BARS.replace("rows:", "out_of: 2\nrows:"), "out_of: is less than the longest bar"),
        (BARS.replace("label: Two", f"label: {'Two ' * 11}"), "leave no room for the bars"),
        ("- 1\n", "chart: must be lines of 'key: value'"),
        ("kind: [bars\n", "charts/basics/two.yml:"),
        (
            f"kind: stacked\n{HEAD}rows:\n  - label: A\n    pieces: [{{value: 3}}, {{value: 4000}}]\n",
            "rows.1.pieces.1: is too narrow for '3'",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, chart: str, said: str) -> None:
    result = run(lay_out(tmp_path, chart))

    assert said in result.output
    assert result.output.startswith("charts/basics/two.yml:")
    assert result.exit_code == 1
    assert not (tmp_path / "lessons/basics/two.svg").exists()


def test_a_chart_lies_in_a_folder_of_lessons(tmp_path: Path) -> None:
    result = run(lay_out(tmp_path, name="elsewhere/two.yml"))

    assert "there is no folder lessons/elsewhere for its drawing" in result.output
    assert result.exit_code == 1


def test_the_example_in_the_guide_is_sound(tmp_path: Path) -> None:
    (example,) = (block for block in fences(REFERENCE) if "chart" in block.marks)
    result = run(lay_out(tmp_path, example.text))

    assert (result.output, result.exit_code) == (
        "lessons/basics/two.svg: drawn\n1 chart, all drawn.\n",
        0,
    )


def test_every_kind_is_in_the_guide() -> None:
    section = REFERENCE.read_text().partition("### Charts\n")[2].partition("\n##")[0]

    assert sorted(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == sorted(KINDS)
