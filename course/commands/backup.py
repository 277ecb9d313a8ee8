"""course backup"""

from pathlib import Path

import click

from course import settings
from course.commands import backups
from course.commands.migrate import open_database
from course.record.backup import archive, saving


@click.command()
@click.argument(
    "path", metavar="[FILE]", type=click.Path(path_type=Path, dir_okay=False), required=False
)
def backup(path: Path | None) -> None:
    """Write the whole record into one file, while the service runs.

    FILE must not exist yet; without it, the backup goes into data/backups/, with the moment in its name.
    It holds the database at one moment, the secret key as far as it is in data/, and the published course.
    Anybody who can read it can read every answer and act as any learner: store it safely.

    `course restore FILE` brings it back, and `course restore --check FILE` only checks it.
    """
    with backups.backup_errors(), open_database() as database:
        files = backups.files(settings.from_environment())
        made = saving.save(database, path or saving.default_path(), files)
    click.echo(f"Wrote {backups.describe(made)}.")
    if archive.KEY not in files:
        click.echo("The secret key is not in it: COURSE_SECRET_KEY sets it. Keep that, too.")
