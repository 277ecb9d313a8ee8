"""python -m bench"""

import datetime
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench import machine, profile, report, services
from bench.load import LoadError
from bench.report import SUBJECTS
from bench.services import ServiceError
from tests.postgres import PostgresError

RESULTS = Path(__file__).with_name("results.json")
DOCUMENT = services.ROOT / "docs/performance.md"


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
    "--json",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the figures go. Without it a whole run goes to bench/results.json, any other nowhere.",
)
@click.pass_context
def main(context: click.Context, quick: bool, only: list[str], path: Path | None) -> None:
    """Measure the speed of answers and builds on this machine, and print the figures.

    Everything runs on 127.0.0.1 with its own files and databases, which are removed at the end.
    """
    if context.invoked_subcommand:
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    try:
        results = measured(only, quick=quick)
    except (LoadError, ServiceError, PostgresError) as error:
        raise click.ClickException(str(error)) from None
    console = Console()
    if not console.is_terminal:
        console.width = 120
    for table in report.tables(results):
        console.print(table.drawn())
    if path is None and not quick and only == list(SUBJECTS):
        path = RESULTS
    if path is not None:
        path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        console.print(f"The figures are in {path}.")


def measured(names: list[str], *, quick: bool) -> dict[str, Any]:
    """Return the figures of each subject, while a bar shows how far it is."""
    sizes = {name: SUBJECTS[name].QUICK if quick else SUBJECTS[name].FULL for name in names}
    start = time.monotonic()
    load = f"{os.getloadavg()[0]:.1f} processes that others kept busy in the minute before"
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with (
        services.folder() as work,
        Progress(*columns, console=Console(stderr=True), refresh_per_second=2) as progress,
    ):
        task = progress.add_task("", total=sum(SUBJECTS[n].steps(sizes[n]) for n in names))
        told = 0

        def step(what: str) -> None:
            nonlocal told
            progress.update(task, description=what, completed=told)
            told += 1

        found = {name: SUBJECTS[name].measure(sizes[name], work, step) for name in names}
        progress.update(task, description="done", completed=told)
        facts = machine.facts(work)
    options = ["--quick"] if quick else []
    options += [f"--only {','.join(names)}"] if names != list(SUBJECTS) else []
    return {
        "day": datetime.date.today().isoformat(),
        "command": f'make bench ARGS="{" ".join(options)}"' if options else "make bench",
        "minutes": (time.monotonic() - start) / 60,
        "machine": facts | {"load": load},
        **found,
    }


@main.command("report")
def write_report() -> None:
    """Put the figures of bench/results.json into docs/performance.md."""
    report.put(json.loads(RESULTS.read_text(encoding="utf-8")), DOCUMENT)
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
