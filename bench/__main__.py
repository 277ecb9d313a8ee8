"""python -m bench"""

import datetime
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import psycopg
import sqlalchemy
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench import kept, machine, profile, report, services
from bench.kept import RESULTS, Results
from bench.learners import LearnersError
from bench.load import LoadError
from bench.report import SUBJECTS
from bench.services import ServiceError
from tests.postgres import PostgresError

DOCUMENT = services.ROOT / "docs/performance.md"
FAILURES = (
    *(LoadError, ServiceError, LearnersError, PostgresError),
    *(OSError, subprocess.SubprocessError, psycopg.Error, sqlalchemy.exc.SQLAlchemyError),
)
"""What ends a subject, and leaves the others."""


def _subjects(_: click.Context, __: click.Parameter, value: str) -> list[str]:
    names = value.split(",")
    if unknown := [name for name in names if name not in SUBJECTS]:
        raise click.BadParameter(
            f"no subject is called '{unknown[0]}'; there are {', '.join(SUBJECTS)}"
        )
    return names


@click.group(invoke_without_command=True)
@click.option("--quick", is_flag=True, help="A first look: short runs, small courses.")
@click.option(
    "--only",
    default=",".join(SUBJECTS),
    callback=_subjects,
    help="Subjects, with commas between them.",
)
@click.option(
    "--keep",
    is_flag=True,
    help="Put the figures of these subjects into bench/results.json. A whole run does so anyway.",
)
@click.option(
    "--json",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Put them into this file instead, with those of other subjects that it may hold.",
)
@click.pass_context
def main(
    context: click.Context, quick: bool, only: list[str], keep: bool, path: Path | None
) -> None:
    """Measure the speed of answers, pages and builds on this machine, and print the figures.

    Everything runs on 127.0.0.1 with its own files and databases, which are removed at the end.
    """
    if context.invoked_subcommand:
        return
    if quick and keep:
        raise click.UsageError(
            "Figures of --quick are no figures to keep; leave out one of the two."
        )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    if path is None and (keep or (not quick and only == list(SUBJECTS))):
        path = RESULTS
    results, failed = measured(only, path, quick=quick)
    console = Console()
    if not console.is_terminal:
        console.width = 120
    for table in report.tables(results):
        console.print(table.drawn())
    if path is not None and results:
        console.print(f"The figures are in {path}.")
    if failed:
        raise click.ClickException("Some subjects failed.\n\n" + "\n\n".join(failed))


def measured(names: list[str], path: Path | None, *, quick: bool) -> tuple[Results, list[str]]:
    """Return the figures of each subject, and what went wrong; a bar shows how far it is.

    Each subject is written to *path* as soon as it is through, so that half a run is not lost.
    """
    sizes = {name: SUBJECTS[name].QUICK if quick else SUBJECTS[name].FULL for name in names}
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    results: Results = {}
    failed: list[str] = []
    with Progress(*columns, console=Console(stderr=True), refresh_per_second=2) as progress:
        task = progress.add_task("", total=sum(SUBJECTS[n].steps(sizes[n]) for n in names))
        told = 0

        def step(what: str) -> None:
            nonlocal told
            progress.update(task, description=f"{name}: {what}", completed=told)
            told += 1

        for position, name in enumerate(names, 1):
            try:
                results[name] = _measured(name, sizes[name], _command(names, quick=quick), step)
            except FAILURES as error:
                failed.append(f"{name}: {error}")
            else:
                if path is not None:
                    kept.keep({name: results[name]}, path)
            told = sum(SUBJECTS[n].steps(sizes[n]) for n in names[:position])
        progress.update(task, description="done", completed=told)
    return results, failed


def _measured(name: str, sizes: Any, command: str, step: Callable[[str], None]) -> dict[str, Any]:
    start = time.monotonic()
    load = os.getloadavg()[0]
    with services.folder() as work:
        figures: dict[str, Any] = SUBJECTS[name].measure(sizes, work, step)
        facts = machine.facts(work)
    run = {
        "day": datetime.date.today().isoformat(),
        "command": command,
        "minutes": (time.monotonic() - start) / 60,
        "load": f"{load:.1f}",
        "machine": facts,
    }
    return {"run": run} | figures


def _command(names: list[str], *, quick: bool) -> str:
    options = ["--quick"] if quick else []
    options += [f"--only {','.join(names)}"] if names != list(SUBJECTS) else []
    return f'make bench ARGS="{" ".join(options)}"' if options else "make bench"


@main.command("report")
def write_report() -> None:
    """Put the figures of bench/results.json into docs/performance.md."""
    report.put(kept.read(), DOCUMENT)
    click.echo(f"Written: {DOCUMENT}")


@main.command("profile")
@click.argument("subject", type=click.Choice(["answers"]))
@click.option("--requests", default=1_000, show_default=True, help="How many answers.")
@click.option("--html", is_flag=True, help="As a page sends them: with HTML in return.")
@click.option("--lines", default=30, show_default=True, help="How many functions to show.")
def write_profile(subject: str, requests: int, html: bool, lines: int) -> None:
    """Show which functions take the time of an answer: by what they call, then by themselves."""
    with services.folder() as work:
        sizes = profile.Sizes(requests // 2)
        app, environs = profile.prepared(sizes, work, "html" if html else "")
        profile.ask(app, environs[:50])
        stats = profile.profiled(app, environs[50:])
        app.extensions["course_database"].close()
    stats.sort_stats("cumulative").print_stats(lines)
    stats.sort_stats("tottime").print_stats(lines)


if __name__ == "__main__":
    main(prog_name="python -m bench")
