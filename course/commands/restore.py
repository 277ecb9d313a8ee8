"""course restore"""

from pathlib import Path

import click

from course import settings
from course.commands import backups
from course.commands.migrate import open_database
from course.record.backup import archive, restoring, saving
from course.record.backup.archive import Manifest
from course.record.backup.restoring import Restored
from course.record.store import schema, timeouts


@click.command()
@click.argument(
    "path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False, exists=True)
)
@click.option("--check", is_flag=True, help="Only check the backup; change nothing.")
@click.option("--replace", is_flag=True, help="Replace the present record, after a backup of it.")
def restore(path: Path, check: bool, replace: bool) -> None:
    """Make a backup the record again, after checking all of it. Stop the service first.

    The record goes into the database that COURSE_DATABASE_URL names, which must be of the same kind as the
    one that was backed up, and is brought up to date. A database that holds anything is only replaced with
    --replace. The secret key goes into data/, and the published course to its place where there is none.

    If this is interrupted at any moment, the record is the old one or the new one, whole.
    """
    if check and replace:
        raise click.UsageError("Give --check or --replace, not both.")
    with backups.backup_errors():
        if check:
            manifest = restoring.check(path)
            click.echo(f"{path} is undamaged: {_describe(manifest)}.")
            return
        with open_database(timeouts.for_migrations) as database:
            files = backups.files(settings.from_environment())

            def save() -> saving.Backup:
                return saving.save(database, saving.default_path("before-restore"), files)

            restored = restoring.restore(database, path, files, save, replace=replace)
            place = database.place
    _report(restored, place, has_key_file=archive.KEY in files)


def _describe(manifest: Manifest) -> str:
    moment = f"{manifest.moment:%Y-%m-%d %H:%M:%S} UTC"
    return f"the record of {moment}, with {backups.holdings(manifest)}"


def _report(restored: Restored, place: str, *, has_key_file: bool) -> None:
    manifest = restored.manifest
    click.echo(f"Restored into {place}: {_describe(manifest)}.")
    if manifest.schema != schema.head():
        click.echo(f"It was brought from schema {manifest.schema} up to {schema.head()}.")
    if restored.saved:
        click.echo(f"The record that was there before is in {restored.saved}.")
    if restored.aside:
        click.echo(f"What was left of the record that was there before is in {restored.aside}.")
    for path, aside in restored.files.items():
        click.echo(f"{path} was restored{f'; the one before is {aside}' if aside else ''}.")
    for path, reason in restored.left.items():
        click.echo(f"{path} was not restored: {reason}.")
    if archive.KEY not in manifest.parts:
        click.echo(
            "No secret key is in the backup: set COURSE_SECRET_KEY to the one it was used with."
        )
    elif not has_key_file:
        click.echo(
            "COURSE_SECRET_KEY is set, so the secret key in the backup was not restored. If the two differ, "
            "everyone is signed out."
        )
    click.echo("Start the service now.")
