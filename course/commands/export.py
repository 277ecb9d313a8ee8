"""course export"""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console

from course.commands import options
from course.commands.import_ import print_outcomes
from course.content import addresses, reading
from course.content.course import Course
from course.content.problems import CourseError, did_you_mean
from course.content.reading import LESSONS
from course.formats import files
from course.formats.items import ExportedQuestion


@click.command()
@click.option(
    "--format", "kind", required=True, type=click.Choice(files.FORMATS), help="The format to write."
)
@click.option(
    "--lesson",
    "lessons",
    metavar="NAME",
    multiple=True,
    help="Only this lesson; may be given several times.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write; without it, the file is printed.",
)
@options.root
def export(kind: str, lessons: tuple[str, ...], output: Path | None, root: Path) -> None:
    """Write the course's questions for other programs: GIFT, Moodle XML, a QTI 2.1 package, or CSV.

    What the format cannot carry is told question by question, beside the file. The answers are in the file:
    keep it off the web.

    Exit status: 0 when at least one question was carried, 1 when none was or the course has problems, 2
    when the command was called wrongly.
    """
    if kind == "qti" and output is None and sys.stdout.isatty():
        raise click.UsageError("A QTI package is no text: name its file with -o questions.zip.")
    try:
        found = reading.open_course(root)
    except CourseError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        click.echo("Nothing was exported: fix the course first.", err=True)
        raise SystemExit(1) from None
    written = files.write(kind, [*_asked(found, lessons, root)], root / LESSONS)
    print_outcomes(written.outcomes, Console(highlight=False, soft_wrap=True, stderr=True))
    if written.content is None:
        click.echo("Nothing was exported.", err=True)
        raise SystemExit(1)
    if output is None:
        sys.stdout.buffer.write(written.content)
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(written.content)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}") from None


def _asked(found: Course, names: tuple[str, ...], root: Path) -> Iterator[ExportedQuestion]:
    for name in names:
        if name not in found.lessons:
            hint = did_you_mean(name, found.lessons)
            raise click.UsageError(f"There is no lesson '{name}'. {hint}".strip())
    for name, lesson in found.lessons.items():
        if not names or name in names:
            for question in lesson.questions:
                yield ExportedQuestion(
                    question, name, lesson.title, root / LESSONS / addresses.of_page(lesson.path)
                )
