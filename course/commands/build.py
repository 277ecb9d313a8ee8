"""course build"""

from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from course.content.problems import CourseError
from course.publish import site


@click.command()
@click.option(
    "--root", default=".", type=click.Path(path_type=Path, exists=True), help="The course's folder."
)
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
def build(root: Path, out: Path, course_file: Path, site_url: str | None) -> None:
    """Build the site, and the file of questions that the service marks with.

    When anything is wrong, every problem is listed and the site built before stays as it is. A running
    service takes up a new build by itself.
    """
    try:
        with Progress(transient=True, console=Console(stderr=True)) as shown:
            task = shown.add_task("Building the site", total=1.0)
            built = site.build(
                root,
                root / out,
                root / course_file,
                site_url=site_url,
                on_step=lambda share: shown.update(task, completed=share),
            )
    except CourseError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        many = "1 problem" if len(error.problems) == 1 else f"{len(error.problems)} problems"
        click.echo(f"Not built: {many}. The site built before stays.", err=True)
        raise SystemExit(1) from None
    click.echo(f"Built {len(built.lessons)} lessons with {len(built.asked)} questions into {out}/.")
