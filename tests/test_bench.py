"""The benchmarks run and say what they promise; how fast anything is, no test says."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from granian.constants import Interfaces

from bench import (
    answers,
    builds,
    durability,
    hello,
    kept,
    load,
    overload,
    pages,
    preview,
    profile,
    report,
    services,
    static,
    weight,
)
from bench.__main__ import main
from bench.load import LoadError
from bench.tables import Table, figure
from course.commands import serve
from tests.asgi import beside

ROOT = Path(__file__).parents[1]
TINY: dict[str, Any] = {
    "answers": answers.Sizes(
        seconds=1,
        rounds=1,
        warm_up=0,
        clients=(2,),
        usual=2,
        learners=40,
        lessons=1,
        services=(("SQLite", 1), ("PostgreSQL", 1)),
        rival=False,
    ),
    "durability": durability.Sizes(
        kills=1,
        seconds=0.6,
        clients=4,
        learners=8,
        lessons=1,
        services=(("SQLite", 2), ("PostgreSQL", 1)),
    ),
    "overload": overload.Sizes(
        seconds=1,
        rounds=1,
        usual=2,
        times=2,
        calm=0.1,
        learners=30,
        lessons=1,
        services=(("SQLite", 1),),
    ),
    "pages": pages.Sizes(
        answers=2_000, requests=2, counted=1, lessons=3, questions=3, per_learner=5
    ),
    "static": static.Sizes(seconds=1, rounds=1, workers=(1,), clients=2, warm_up=0),
    "builds": builds.Sizes({1: 1, 2: 1}, {2: 1}, others=False),
    "preview": preview.Sizes(lessons=2, saves=1, slow_saves=1, others=False),
    "profile": profile.Sizes(requests=10, lessons=1),
}


def measured(name: str, work: Path) -> list[Table]:
    subject = report.SUBJECTS[name]
    told: list[str] = []
    result = subject.measure(TINY[name], work, told.append)
    assert len(told) == subject.steps(TINY[name])
    return subject.tables(json.loads(json.dumps(result)))


def numbers(cells: Sequence[str]) -> list[int]:
    return [int(cell.replace(",", "")) for cell in cells]


def test_answers_are_measured_beside_what_bounds_them() -> None:
    with services.folder() as work:
        overview, times, ratios, commits, check = measured("answers", work)

    lines = [
        "bare Flask says hello, 1 worker",
        "Flask takes answers, nothing stored, 1 worker",
        "the service records answers, SQLite, 1 worker",
        "the service records answers and returns HTML, SQLite, 1 worker",
        "the service records answers, PostgreSQL, 1 worker",
        "the service records answers and returns HTML, PostgreSQL, 1 worker",
    ]
    assert overview.columns == ("Clients", "2")
    assert [row[0] for row in overview.rows] == lines
    assert times.columns[1:] == ("A second", "p50", "p99", "p99.9", "Longest", "Longest / p50")
    assert [row[0] for row in times.rows] == [f"{line}, 2 clients" for line in lines]
    assert [row[0] for row in ratios.rows] == [
        f"{name}, 1 worker, 2 clients" for name in ("SQLite", "PostgreSQL")
    ]
    # On a busy machine so short a run may come to 0.00; no test judges a speed.
    assert all(cell and float(cell) >= 0 for row in ratios.rows for cell in row[1:4])
    assert [row[0] for row in commits.rows] == [
        *("SQLite, 1 connection", "PostgreSQL, 1 connection", "PostgreSQL, 2 connections"),
    ]
    for _, *counted in check.rows:
        acknowledged, stored, at_most = numbers(counted)
        assert 0 < acknowledged <= stored <= at_most
    assert not work.exists()


def test_what_was_acknowledged_survives_kills_of_the_service_and_of_the_database() -> None:
    with services.folder() as work:
        (check,) = measured("durability", work)

    assert [row[0] for row in check.rows] == [
        "SQLite, 2 workers; killed: the service",
        "PostgreSQL, 1 worker; killed: the service",
        "PostgreSQL, 1 worker; killed: PostgreSQL",
    ]
    for _, kills, acknowledged, stored, lost, doubled, *_ in check.rows:
        assert (kills, lost, doubled) == ("1", "0", "0")
        assert acknowledged == stored
        assert numbers([stored]) > [0]


def test_an_overload_is_measured(tmp_path: Path) -> None:
    (speeds,) = measured("overload", tmp_path)

    assert [row[0] for row in speeds.rows] == ["SQLite, 1 worker"]
    assert speeds.columns[1:6] == (
        *("Usual a second", "Offered a second", "Acknowledged a second", "Turned away", "Failed"),
    )
    assert speeds.rows[0][5] == "0"


def test_a_page_is_measured_beside_nginx() -> None:
    with services.folder() as work:
        (speeds,) = measured("static", work)

    lines = {row[0] for row in speeds.rows}
    assert "its server alone, plain" in lines
    assert {"nginx, plain", "course serve, plain", "nginx, gzip", "course serve, gzip"} <= lines
    assert all(float(row[-1]) > 0 for row in speeds.rows)


def test_the_weight_of_pages_is_told() -> None:
    """Visits themselves are in tests/browser, where the course is built once for all."""
    file = {"path": "/assets/course.css", "kind": "Stylesheet", "bytes": 1024}
    visits = {name: {"files": [file], "shift": 0.0} for name in weight.PAGES}
    scores = {"lesson": dict.fromkeys(weight.CATEGORIES, 100)}
    result = {"sizes": {}, "visits": visits, "interaction_ms": 40.0, "scores": scores}

    pages, files = weight.tables(result)

    assert pages.rows[1] == ("lesson", "1", "1.0", "0.000", "100", "100", "100", "100")
    assert files.rows == [("course.css", "1,024")]
    assert "lesson 1 KB in 1 requests" in weight.summary(result)[0]


def test_builds_are_measured_beside_material_alone(tmp_path: Path) -> None:
    speeds, growth, after = measured("builds", tmp_path)

    assert speeds.columns[1:] == (
        *("Builds", "Seconds", "Lowest - highest", "Ours to it", "Memory MB", "Site MB"),
    )
    builders = ["course build", "Material, pruned", "Material alone"]
    assert [row[0] for row in speeds.rows] == [
        f"{lessons} lessons, {builder}" for lessons in (1, 2) for builder in builders
    ]
    assert growth.columns == ("", "Lessons", *builders)
    assert growth.rows[0][:2] == ("1 to 2 lessons", "2.00")
    assert [row[:2] for row in after.rows] == [("2 lessons, course build", "1")]


def test_saves_are_measured(tmp_path: Path) -> None:
    (saves,) = measured("preview", tmp_path)

    assert [row[:2] for row in saves.rows] == [("course preview", "1")]


def test_every_page_of_a_large_record_is_measured(tmp_path: Path) -> None:
    [table] = measured("pages", tmp_path)

    assert table.columns[1:5] == [
        *("SQLite: p50 ms", "SQLite: p99 ms", "SQLite: Max ms", "SQLite: Queries"),
    ]
    assert [row[0] for row in table.rows] == [page.name for page in (*pages.PAGES, *pages.TEACHING)]
    assert not list((tmp_path / "pages").glob("record.sqlite*"))


def test_a_profile_says_where_the_time_goes(tmp_path: Path) -> None:
    parts, steps = beside(measured, "profile", tmp_path)

    assert parts.columns == ("In the lines of", "answer", "answer, with HTML")
    assert "sqlalchemy" in [row[0] for row in parts.rows]
    assert "course/record/answering/recording.py: enqueue" in [row[0] for row in steps.rows]


def test_hello_is_served_like_the_course(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[dict[str, Any]] = []

    class Server:
        def __init__(self, _: str, **settings: Any) -> None:
            started.append(settings)

        def on_startup(self, hook: object) -> None: ...

        def on_shutdown(self, hook: object) -> None: ...

        def serve(self) -> None: ...

    monkeypatch.setattr("granian.server.Server", Server)
    monkeypatch.setattr("bench.hello.Server", Server)

    serve._run("127.0.0.1", 8000, 2)
    hello.main("bytes", 8000, 2)
    hello.main("hello", 8000, 2)

    threads = {"interface": Interfaces.WSGI, "blocking_threads": hello.THREADS}
    for settings in started:
        settings["http1_settings"] = vars(settings["http1_settings"])
    assert started == [started[0], started[0], started[0] | threads]


def as_wrk_tells(took: dict[int, int], interval: int) -> dict[int, int]:
    """Add what wrk adds: a request for each *interval* that a client waited."""
    told = dict(took)
    for time in range(2 * interval, max(took) + 1):
        for added in range(time - interval, interval, -interval) if told.get(time) else ():
            told[added] = told.get(added, 0) + told[time]
    return told


@pytest.mark.parametrize("interval", [1, 3, 10, 200])
def test_times_are_those_that_were_measured(interval: int) -> None:
    took = {4: 7, 5: 2, 20: 30, 21: 3, 40: 1, 97: 2, 100: 5}

    told = as_wrk_tells(took, interval)

    assert (told == took) == (interval == 200)
    assert load.as_measured(told, interval) == took


@pytest.mark.parametrize(
    ("percent", "time"), [(0, 1), (50, 1), (51, 2), (99, 2), (99.9, 7), (100, 7)]
)
def test_a_percentile_is_the_time_within_which_so_many_came(percent: float, time: int) -> None:
    assert load.percentile({7: 1, 1: 50, 2: 49}, percent) == time


def test_the_document_shows_the_figures_that_are_kept() -> None:
    assert report.text(kept.read()) in (ROOT / "docs/performance.md").read_text()


def run_on(machine: str) -> dict[str, Any]:
    run = {"day": "2026-11-22", "command": "make bench", "minutes": 2.0, "load": "0.1"}
    return run | {"machine": {"processor": machine}}


def test_a_subject_measured_again_leaves_the_others_figures(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    kept.keep({"builds": {"run": run_on("old")}, "preview": {"run": run_on("old")}}, path)

    kept.keep({"builds": {"run": run_on("new")}}, path)

    machines = {
        name: figures["run"]["machine"]["processor"] for name, figures in kept.read(path).items()
    }
    assert machines == {"builds": "new", "preview": "old"}


def subject(work: Callable[[], dict[str, Any]]) -> SimpleNamespace:
    """Return something to measure, without a table."""
    return SimpleNamespace(
        FULL=None,
        QUICK=None,
        steps=lambda _: 1,
        measure=lambda _sizes, _work, step: (step("measuring"), work())[1],
        summary=lambda _: ["Said."],
        tables=lambda _: [],
    )


def fails() -> dict[str, Any]:
    raise LoadError("no answer came")


def test_a_subject_that_fails_takes_no_other_with_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(report.SUBJECTS, "first", subject(fails))
    monkeypatch.setitem(report.SUBJECTS, "second", subject(lambda: {"figure": 1}))
    path = tmp_path / "results.json"

    ended = CliRunner().invoke(main, ["--only", "first,second", "--json", str(path)])

    assert ended.exit_code == 1
    assert "first: no answer came" in ended.output
    figures = kept.read(path)
    assert figures["second"]["figure"] == 1
    assert figures["second"]["run"]["command"] == 'make bench ARGS="--only first,second"'
    assert "first" not in figures
    assert "| second | 20" in report.text(figures)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", "answer"], "no subject is called 'answer'; there are answers,"),
        (["--quick", "--keep"], "Figures of --quick are no figures to keep"),
    ],
)
def test_a_wrong_option_is_told(arguments: list[str], said: str) -> None:
    ended = CliRunner().invoke(main, arguments)

    assert ended.exit_code == 2
    assert said in ended.output


@pytest.mark.parametrize(
    ("value", "text"), [(12_345.6, "12,346"), (99.94, "99.9"), (1.234, "1.23"), (0, "0.00")]
)
def test_a_figure_has_three_digits_that_count(value: float, text: str) -> None:
    assert figure(value) == text
