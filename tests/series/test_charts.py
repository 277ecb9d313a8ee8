"""The charts of the series are what their data say, and the lesson shows the same data."""

import re
from fractions import Fraction
from math import sqrt
from pathlib import Path
from xml.etree import ElementTree

import pytest

from course.charts import files
from course.charts.balance import Balance
from course.charts.bars import Bars
from course.charts.cells import Cells
from course.charts.files import Sheet
from course.charts.ranges import Ranges
from course.charts.squares import Squares
from tests.series.reading import ROOT

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def sheets() -> dict[str, Sheet]:
    found, problems = files.read_all(ROOT)
    assert problems == []
    return {sheet.path.stem: sheet for sheet in found}


def lesson_of(sheet: Sheet) -> str:
    """Return the text of the lesson that takes the drawing in."""
    taken = f'--8<-- "{sheet.target.relative_to(ROOT).as_posix()}"'
    texts = [path.read_text() for path in sheet.target.parent.glob("*.md")]
    return next(text for text in texts if taken in text)


def test_each_drawing_is_what_its_data_say_byte_for_byte(sheets: dict[str, Sheet]) -> None:
    assert [name for name, sheet in sheets.items() if not sheet.is_drawn] == []
    assert len(sheets) >= 10


def test_the_lesson_shows_each_figure_in_a_table_with_its_source(sheets: dict[str, Sheet]) -> None:
    missing = []
    for name, sheet in sheets.items():
        text = lesson_of(sheet)
        if name == "dependence-index":  # its sums stand in the text itself
            shown = text
        else:
            shown = text.partition(f"{name}.svg")[2].partition('??? note "The data behind')[2]
            shown = re.split(r"\n\n(?=\S)", shown)[0]
            assert re.search(r"Source: |Invented figures|Our arithmetic", shown), name
        missing += [
            f"{name}: {said}"
            for said in sheet.chart.printed()
            if said.strip("±%") not in shown.replace("%", "") and said not in shown
        ]

    assert missing == []


def test_a_chart_of_real_figures_names_a_source_and_its_year(sheets: dict[str, Sheet]) -> None:
    real = {name for name, sheet in sheets.items() if not sheet.chart.invented}

    assert real == {"talk-share", "us-platform-use", "base-rate"}
    for name in real:
        description = ElementTree.fromstring(sheets[name].drawn).findtext(f"{SVG}desc")
        assert str(sheets[name].chart.year) in (description or "").partition("Source:")[2]


def test_figures_that_were_reckoned_are_right(sheets: dict[str, Sheet]) -> None:
    cost = sheets["cost-per-visit"].chart
    assert isinstance(cost, Bars)
    months = [int(re.findall(r"\d+", row.label)[0]) for row in cost.rows]
    assert [row.value for row in cost.rows] == [round(900 / (100 * m) + 1e-9, 2) for m in months]

    ranges = sheets["sampling-margin"].chart
    assert isinstance(ranges, Ranges)
    assert [row.margin for row in ranges.rows] == [
        round(196 * sqrt(0.2 * 0.8 / int(row.label)), 1) for row in ranges.rows
    ]

    rounds = sheets["referral-rounds"].chart
    assert isinstance(rounds, Bars)
    assert [row.value for row in rounds.rows[:5]] == [80 / 2**n for n in range(5)]
    assert sum(row.value for row in rounds.rows) == 80 / (1 - 0.5)

    balance = sheets["rating-balance"].chart
    assert isinstance(balance, Balance)
    assert Fraction(balance.mean).limit_denominator(1000) == Fraction(20 * 38 + 5 * 50, 250)

    squares = sheets["dependence-index"].chart
    assert isinstance(squares, Squares)
    assert [round(row.index, 4) for row in squares.rows] == [0.54, 0.3]

    talk = sheets["talk-share"].chart
    assert isinstance(talk, Cells)
    assert [row.value for row in talk.rows] == [round(13 / 3, 1), round(26 / 3, 1), 87]
    assert talk.counts() == [4, 9, 87]


def test_a_drawing_takes_its_colours_from_the_page(sheets: dict[str, Sheet]) -> None:
    """No style and no colour of its own: it follows the palette, and the strict policy for content."""
    for name, sheet in sheets.items():
        for element in ElementTree.fromstring(sheet.drawn).iter():
            assert set(element.keys()) & {"style", "fill", "stroke", "onclick"} == set(), name
            assert element.tag not in (f"{SVG}style", f"{SVG}script"), name


def test_nothing_is_set_too_small_or_outside_the_drawing(sheets: dict[str, Sheet]) -> None:
    for name, sheet in sheets.items():
        drawing = ElementTree.fromstring(sheet.drawn)
        width, height = (float(part) for part in drawing.get("viewBox", "").split()[2:])
        for text in drawing.iter(f"{SVG}text"):
            assert float(text.get("font-size", 0)) >= 16, (name, text.text)
            assert 0 <= float(text.get("x", -1)) <= width, (name, text.text)
            assert 0 <= float(text.get("y", -1)) <= height, (name, text.text)


def test_every_drawing_that_shows_data_is_made_from_data() -> None:
    """A lesson with a table of data behind a drawing has its figures in charts/."""
    for path in sorted((ROOT / "lessons").rglob("*.md")):
        for stem in re.findall(
            r'--8<-- "lessons/([\w/-]+)\.svg"(?:(?!--8<--).)*?\?\?\? note "The data behind',
            path.read_text(),
            re.DOTALL,
        ):
            assert Path(ROOT, "charts", f"{stem}.yml").is_file(), stem
