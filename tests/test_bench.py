"""The benchmarks run and say what they promise; how fast anything is, no test says."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench import answers, builds, hello, preview, profile, report, services
from bench.tables import Table, figure
from course.commands import serve

ROOT = Path(__file__).parents[1]
TINY: dict[str, Any] = {
    "answers": answers.Sizes(
        seconds=1,
        rounds=1,
        warm_up=0,
        clients=2,
        lessons=1,
        services=(("SQLite", 1), ("PostgreSQL", 1)),
    ),
    "builds": builds.Sizes({1: 1, 2: 1}),
    "preview": preview.Sizes(lessons=2, saves=1, slow_saves=1, edits=1, others=False),
    "profile": profile.Sizes(requests=10, lessons=1),
}


def measured(name: str, work: Path) -> list[Table]:
    subject = report.SUBJECTS[name]
    told: list[str] = []
    result = subject.measure(TINY[name], work, told.append)
    assert len(told) == subject.steps(TINY[name])
    return subject.tables(json.loads(json.dumps(result)))


def test_answers_are_measured_beside_what_bounds_them() -> None:
    with services.folder() as work:
        speeds, check = measured("answers", work)

    assert speeds.columns[2:] == (
        *("A second", "Lowest - highest", "p50 ms", "p99 ms", "Max ms", "Of hello"),
    )
    assert [row[0] for row in speeds.rows] == [
        "hello (bare Flask)",
        *[f"{path} (SQLite)" for path in answers.PATHS],
        *[f"{path} (PostgreSQL)" for path in answers.PATHS],
        "commits, one connection (SQLite)",
        "commits, one connection (PostgreSQL)",
        "commits, four connections (PostgreSQL)",
    ]
    assert check.columns == ("", "Acknowledged", "Stored", "At most")
    for _, *counted in check.rows:
        acknowledged, stored, at_most = (int(text.replace(",", "")) for text in counted)
        assert 0 < acknowledged <= stored <= at_most
    assert not work.exists()


def test_builds_are_measured_beside_material_alone(tmp_path: Path) -> None:
    speeds, growth = measured("builds", tmp_path)

    assert speeds.columns[1:] == (
        *("Builds", "Seconds", "Lowest - highest", "Ours to it", "Memory MB", "Site MB"),
    )
    builders = ["course build", "Material alone", "Material, pruned"]
    assert [row[0] for row in speeds.rows] == [
        f"{lessons} lessons, {builder}" for lessons in (1, 2) for builder in builders
    ]
    assert growth.columns == ("", "Lessons", *builders)
    assert growth.rows[0][:2] == ("1 to 2 lessons", "2.00")


def test_saves_and_edits_are_measured(tmp_path: Path) -> None:
    saves, after = measured("preview", tmp_path)

    assert [row[:2] for row in saves.rows] == [("course preview", "1")]
    assert [row[:2] for row in after.rows] == [("from nothing", "1"), ("after one edit", "1")]


def test_a_profile_says_where_the_time_goes(tmp_path: Path) -> None:
    parts, steps = measured("profile", tmp_path)

    assert parts.columns == ("In the lines of", "answer", "answer, with HTML")
    assert "sqlalchemy" in [row[0] for row in parts.rows]
    assert "course/record/answers.py: record" in [row[0] for row in steps.rows]


def test_hello_is_served_like_the_course(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[dict[str, Any]] = []

    class Server:
        def __init__(self, _: str, **settings: Any) -> None:
            started.append(settings)

        def serve(self) -> None: ...

    monkeypatch.setattr("granian.server.Server", Server)
    monkeypatch.setattr("bench.hello.Server", Server)

    serve._run("127.0.0.1", 8000, 2)
    hello.main(8000, 2)

    assert started[0] == started[1]


def test_the_document_shows_the_figures_that_are_kept() -> None:
    results = json.loads((ROOT / "bench/results.json").read_text())

    assert report.text(results) in (ROOT / "docs/performance.md").read_text()


@pytest.mark.parametrize(
    ("value", "text"), [(12_345.6, "12,346"), (99.94, "99.9"), (1.234, "1.23"), (0, "0.00")]
)
def test_a_figure_has_three_digits_that_count(value: float, text: str) -> None:
    assert figure(value) == text
