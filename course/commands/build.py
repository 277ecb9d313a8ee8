"""course build"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from course.commands import options
from course.content.counts import counted
from course.content.course import Course
from course.content.problems import CourseError, Problem, errors
from course.publish import site


@click.command()
@options.root
@click.option(
    "--site", "out", default="site", type=click.Path(path_type=Path), help="Where the site goes."
)
@click.option(
    "--course-file",
    default="build/course.json",
    type=click.Path(path_type=Path),
    help="Where the questions with their keys go; keep this file off the web.",
)
@click.option("--site-url", envvar="COURSE_SITE_URL", help="The site's public address.")
@click.option(
    "--statistics/--no-statistics",
    default=True,
    help="Whether to name the questions that learners' first answers say to look at.",
)
def build(root: Path, out: Path, course_file: Path, site_url: str | None, statistics: bool) -> None:
    """Build the site, and the file of questions that the service marks with.

    When anything is wrong, every problem is listed and the site built before stays as it is. A running
    service takes up a new build by itself. Where there is a record, questions that do badly in it are
    named; that never stops a build.
    """
    warnings: list[Problem] = []
    try:
        with _progress_bar() as on_step:
            built = site.build(
                root,
                root / out,
                root / course_file,
                site_url=site_url,
                on_step=on_step,
                on_warning=warnings.append,
            )
    except CourseError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        wrong = len(errors(error.problems))
        click.echo(
            f"Not built: {counted(wrong, 'problem')}. The site built before stays.", err=True
        )
        raise SystemExit(1) from None
    for problem in warnings:
        click.echo(str(problem), err=True)
    asked = sum(len(lesson.places) for lesson in built.lessons.values())
    click.echo(
        f"Built {counted(len(built.lessons), 'lesson')} with {counted(asked, 'question')} into {out}/."
    )
    if statistics:
        _print_flagged(built)


@contextmanager
def _progress_bar() -> Iterator[Callable[[float], None]]:
    """Yield a callback for the share done, which draws a bar on a terminal after BAR_DELAY_SECONDS."""
    started = time.monotonic()
    bar: list[Callable[[float], None]] = []
    with ExitStack() as stack:

        def show(share: float) -> None:
            if not bar and sys.stderr.isatty() and time.monotonic() > started + BAR_DELAY_SECONDS:
                bar.append(_start_bar(stack))
            for update in bar:
                update(share)

        yield show


BAR_DELAY_SECONDS = 2.0


def _start_bar(stack: ExitStack) -> Callable[[float], None]:
    from rich.console import Console  # takes a tenth of the time of an incremental build
    from rich.progress import Progress

    # Without a refresh thread: the build forks, which is unsafe beside a thread.
    made = Progress(transient=True, auto_refresh=False, console=Console(stderr=True))
    shown = stack.enter_context(made)
    task = shown.add_task("Building the site", total=1.0)
    return lambda share: shown.update(task, completed=share, refresh=True)


def _print_flagged(built: Course) -> None:
    usual = "COURSE_DATABASE_URL" not in os.environ
    if usual and not Path("data/course.sqlite").is_file():
        return  # the imports below take as long as an incremental build
    from course.commands.statistics import read_figures  # a build needs no database
    from course.record.statistics import flags

    for present, *_ in read_figures(built).values():
        if line := flags.summary_line(present):
            click.echo(f"Warning: {line}", err=True)
