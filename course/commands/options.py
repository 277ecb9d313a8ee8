"""Options shared by several commands."""

from pathlib import Path

import click

root = click.option(
    "--root",
    default=".",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The course's folder.",
)
