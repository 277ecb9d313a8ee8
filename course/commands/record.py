"""course record"""

from pathlib import Path

import click

from course import private
from course.commands.assessment import from_database
from course.record.publishing import summary as summaries


@click.group()
def record() -> None:
    """Read the record of what learners did."""


@record.command()
@click.option(
    "-o",
    "--output",
    default="-",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="The file to write; the screen where it is left out.",
)
def summary(output: Path) -> None:
    """Write counts of answers, by revision and pattern, so that `course impact` can run elsewhere.

    Nobody is in it: no names, addresses, times or typed texts, and no typed words that fewer than three
    learners gave. The keys of the questions are in it, so keep it where the quizzes are kept.
    """
    text = summaries.dump(from_database())
    if str(output) == "-":
        click.echo(text, nl=False)
        return
    try:
        private.write(output, text, 0o640)  # with the keys
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}") from None
    click.echo(f"Wrote {output}.")
