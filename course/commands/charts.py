"""course charts"""

from pathlib import Path

import click

from course.charts import files
from course.commands import options
from course.content import source
from course.content.counts import counted


@click.command()
@options.root
@click.option("--check", is_flag=True, help="Write nothing; say which drawings are out of date.")
def charts(root: Path, check: bool) -> None:
    """Draw the charts whose figures lie in charts/, each beside its lesson.

    charts/MODULE/NAME.yml becomes lessons/MODULE/NAME.svg, which a lesson takes in. The same figures give
    the same drawing, byte for byte, so a drawing changes only when its figures or the engine do.

    Exit status: 0 when all is drawn, 1 when a file has a problem or, with --check, when a drawing is out of
    date, 2 when the command was called wrongly.
    """
    sheets, problems = files.read_all(root)
    for problem in problems:
        click.echo(str(problem), err=True)
    stale = [sheet for sheet in sheets if not sheet.is_drawn]
    for sheet in stale:
        target = source.name_of(root, sheet.target)
        if check:
            click.echo(f"{target} is not what {source.name_of(root, sheet.path)} says")
            continue
        try:
            sheet.target.write_bytes(sheet.drawn.encode())
        except OSError as error:
            raise click.ClickException(f"{target} cannot be written: {error.strerror}") from None
        click.echo(f"{target}: drawn")
    if check and stale:
        click.echo("Redraw them with 'course charts'.")
    elif not problems:
        drawn = f"{counted(len(sheets), 'chart')}, all drawn."
        click.echo(drawn if sheets else f"There are no charts in {files.CHARTS}/.")
    raise SystemExit(1 if problems or (check and stale) else 0)
