"""course admin"""

import contextlib
from pathlib import Path

import click

from course import settings
from course.commands.migrate import open_database
from course.record.people import access, accounts, mail_links
from course.record.people.accounts import InvalidInput, Passwords
from course.record.revisions.published_course import PublicationError, read_course
from course.record.store import schema


@click.group()
def admin() -> None:
    """Manage the accounts of administrators, managers and trainers."""


@admin.command()
@click.argument("mail")
@click.option(
    "--password",
    "asks",
    is_flag=True,
    help="Set a password, typed twice, instead of printing a link to sign in.",
)
@click.option(
    "--role",
    type=click.Choice(access.ACCOUNT_ROLES),
    default=access.ADMINISTRATOR,
    show_default=True,
    help="What the account may be. A trainer sees the question statistics.",
)
def create(mail: str, asks: bool, role: str) -> None:
    """Make MAIL an administrator, with an account where there is none yet; or what --role says."""
    try:
        address = accounts.normalise_address(mail)
        password_hash = _ask_password(address) if asks else None
        with open_database() as database:
            schema.check(database)
            with database.write() as session:
                accounts.set_role(session, address, role, password_hash)
                token = None if asks else mail_links.issue(session, "sign-in", address)
    except InvalidInput as error:
        raise click.ClickException(str(error)) from None
    article = "an" if role == access.ADMINISTRATOR else "a"
    click.echo(f"{address} is {article} {role}.")
    if token:
        lifetime = int(mail_links.LIFETIMES["sign-in"].total_seconds()) // 60
        click.echo(f"To sign in, open this within {lifetime} minutes; it can be used once:")
        click.echo(f"{_site_url()}account/sign-in/{token}")


def _ask_password(address: str) -> str:
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt="Once more")
    accounts.check_password(password, address)
    return Passwords().hash(password)


def _site_url() -> str:
    """Return the public address of the site, as the service takes it."""
    config = settings.from_environment()
    site_url = config["SITE_URL"]
    course_file = Path(config["PUBLISHED_FILE"])
    if not site_url and course_file.is_file():
        with contextlib.suppress(PublicationError):  # a link is of use all the same
            site_url = read_course(course_file).site_url
    return f"{(site_url or 'http://127.0.0.1:8000').rstrip('/')}/"
