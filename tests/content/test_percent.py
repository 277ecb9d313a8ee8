"""A share that people read crosses no limit that it does not reach; in Python and in the browser alike."""

import json
import random
import subprocess
from pathlib import Path

import pytest

from course.content import percent
from course.record.progress.completion import EPSILON

PROJECT = Path(__file__).parents[2]

STUBS = """
globalThis.HTMLElement = class {};
globalThis.customElements = { define() {} };
globalThis.document = { querySelector: () => null, addEventListener() {}, querySelectorAll: () => [] };
globalThis.window = globalThis;
globalThis.addEventListener = () => {};
const { percent, percentage } = await import(process.argv[1]);
const shares = JSON.parse(process.argv[2]);
console.log(JSON.stringify(shares.map((share) => percentage(percent(share)))));
"""


def shares() -> list[float]:
    chance = random.Random(11)
    found = [points / total for total in (3, 7, 49, 60, 199) for points in range(total + 1)]
    return [*found, 39 / 49, 0.1 + 0.7, 0.29, 0.57, 0.58, *(chance.random() for _ in range(500))]


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (39 / 49, 79),
        (0.1 + 0.7, 80),  # 0.7999999999999999
        (0.29, 29),  # times 100 is 28.999999999999996
        (199 / 200, 99),
        (0.9999, 99),
        (1.0, 100),
        (0.0, 0),
    ],
)
def test_a_share_is_rounded_down(share: float, shown: int) -> None:
    assert percent.percent(share) == shown


def test_no_share_shows_a_pass_mark_that_it_does_not_reach() -> None:
    for share in shares():
        for pass_mark in (n / 100 for n in range(1, 101)):
            if share < pass_mark - EPSILON:
                assert percent.percent(share) < round(100 * pass_mark)


def test_the_browser_rounds_alike() -> None:
    script = PROJECT / "course/publish/assets/numbers.js"
    command = [PROJECT / ".venv/bin/node", "--input-type=module", "--eval", STUBS, "--"]
    done = subprocess.run(
        [*command, script.as_uri(), json.dumps(shares())], capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    ours = [percent.percentage(percent.percent(share)) for share in shares()]
    assert json.loads(done.stdout) == ours


@pytest.mark.parametrize(
    ("limit", "shown"), [(0.8, "80"), (0.665, "66.5"), (0.29, "29"), (1.0, "100"), (0.0, "0")]
)
def test_a_limit_is_shown_as_it_was_written(limit: float, shown: str) -> None:
    assert percent.exact(limit) == shown


@pytest.mark.parametrize(
    ("count", "total", "shown"),
    [(0, 3, 0), (1, 3, 33), (2, 3, 67), (3, 3, 100), (199, 200, 99), (999, 1000, 99), (1, 1000, 1)],
)
def test_a_part_is_all_or_none_only_where_it_is(count: int, total: int, shown: int) -> None:
    assert percent.part(count, total) == shown


@pytest.mark.parametrize(("number", "shown"), [(80, "80%"), (0, "0%"), ("66.7", "66.7%")])
def test_a_percentage_has_its_sign_without_a_space(number: float | str, shown: str) -> None:
    assert percent.percentage(number) == shown


def test_a_limit_reads_as_it_was_written() -> None:
    assert percent.limit(0.667) == "66.7%"
