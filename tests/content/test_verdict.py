"""One place says which share of the points is right, partly right or wrong."""

import re
from pathlib import Path

import pytest

from course.content import verdict

COURSE = Path(__file__).parents[2] / "course"


@pytest.mark.parametrize(
    ("share", "expected", "is_right"),
    [
        (None, "saved", False),
        (0.0, "wrong", False),
        (0.01, "partly", False),
        (0.99, "partly", False),
        (1.0, "right", True),
    ],
)
def test_a_share_has_a_verdict(share: float | None, expected: str, is_right: bool) -> None:
    assert (verdict.verdict(share), verdict.is_right(share)) == (expected, is_right)


def test_nothing_else_compares_a_share_with_all_the_points() -> None:
    compared = re.compile(r"(share|best)\w*(\[\d\])? (>=|==|<) 1(\.0)?\b(?! - )")
    found = [
        f"{path.relative_to(COURSE)}: {line.strip()}"
        for ending in ("py", "html", "js")
        for path in COURSE.rglob(f"*.{ending}")
        if path.name != "verdict.py"
        for line in path.read_text("utf-8").splitlines()
        if compared.search(line)
    ]

    assert found == []
