"""Styles written into a page become classes and attributes, as far as there are such."""

import re
from pathlib import Path

import pytest

import course.publish
from course.markup import styles


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ('<td style="text-align: right;">1</td>', '<td class="course-align-right">1</td>'),
        ("<p style='TEXT-ALIGN:Center' id=a>", '<p class="course-align-center" id=a>'),
        ('<p class="own" style="float: left">', '<p class="own course-float-left">'),
        ('<img src="a.png" style="width: 300px">', '<img width="300" src="a.png">'),
        ('<div style="width: 50%">', '<div class="course-width-50">'),
        ('<p style="color: red">', '<p style="color: red">'),
        ('<p style="color: red; float: left">', '<p class="course-float-left" style="color: red">'),
        ('<div style="width: 51%">', '<div style="width: 51%">'),
        ("<p>style=&quot;float: left&quot;</p>", "<p>style=&quot;float: left&quot;</p>"),
    ],
)
def test_a_style_is_said_otherwise(written: str, made: str) -> None:
    assert styles.as_classes(written) == made


def test_the_style_sheet_has_every_class_that_formulas_and_styles_use() -> None:
    from course.markup import formulas

    sheet = (Path(course.publish.__path__[0]) / "assets/course.css").read_text("utf-8")
    used = styles.CLASSES | set(filter(None, formulas._CLASSES.values())) | {"math-box"}

    assert used <= set(re.findall(r"\.([a-z0-9-]+)", sheet))
