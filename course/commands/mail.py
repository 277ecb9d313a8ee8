"""course mail"""

import click

from course.commands.migrate import open_database
from course.record.mail import mail_queue
from course.record.store import schema
from course.record.store.base import now


@click.group(invoke_without_command=True)
@click.pass_context
def mail(context: click.Context) -> None:
    """Count the mail that waits, was sent, or failed. Exit status: 1 when mail has failed."""
    if context.invoked_subcommand is not None:
        return
    with open_database() as database:
        schema.check(database)
        with database.read() as session:
            found = mail_queue.overview(session)
    click.echo(f"Waiting: {found.waiting}" + _since(found))
    click.echo(f"Sent within a day: {found.sent}")
    click.echo(f"Failed within a week: {found.failed}")
    for reason, many in found.reasons.items():
        click.echo(f"  {many}: {reason}")
    if found.failed:
        click.echo("To send again what is not too old: course mail retry")
        context.exit(1)


def _since(found: mail_queue.QueueOverview) -> str:
    if found.oldest is None:
        return ""
    minutes = int((now() - found.oldest).total_seconds()) // 60
    return f" (the oldest for {minutes} min; {found.trying_again} tried before)"


@mail.command()
def retry() -> None:
    """Send mail that failed or waits for another attempt, at once, where its links are not too old."""
    with open_database() as database:
        schema.check(database)
        with database.write() as session:
            again, too_old = mail_queue.retry(session)
    click.echo(f"{again} will be sent by the running service within seconds.")
    if too_old:
        click.echo(f"{too_old} are too old: the people who asked for them have to ask again.")
