"""course publish, course undo, course publications"""

import contextlib
import fcntl
import getpass
import socket
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from course import settings
from course.commands import impact_report, options
from course.commands.assessment import Assessment, assess
from course.commands.migrate import open_database
from course.content import history
from course.content.counts import counted, pluralise
from course.content.course import Course
from course.content.dates import sortable
from course.content.problems import CourseError
from course.publish import release
from course.publish.release import Release
from course.record.publishing import late_answers, publications
from course.record.publishing.publications import NotPublished
from course.record.store import schema

by_option = click.option("--by", help="Who publishes; taken from git where it is left out.")


@click.command()
@click.option("--dry-run", is_flag=True, help="Build, check and show everything; change nothing.")
@click.option("--site-url", envvar="COURSE_SITE_URL", help="The site's public address.")
@by_option
@options.root
def publish(dry_run: bool, site_url: str | None, by: str | None, root: Path) -> None:
    """Publish the commit that is checked out: the site, and the decisions about earlier answers.

    The site is built aside and checked; then, in one step, it takes the place of the old one, and marks
    are regraded as the quizzes' `changes:` say. If anything fails, the old site and the old record stay.
    `course undo` takes it back.
    """
    live = _live_release(root)
    with _publishing_lock(live):
        commit = _clean_commit(root)
        who = by or history.author(root) or _user_and_host()
        assessment = assess(root)
        impact_report.show(assessment.impact)
        if assessment.impact.open:
            raise click.ClickException(
                "Nothing was published: decide first, with 'course decide' or under 'changes:' in the quiz."
            )
        course, made = _build(root, live, site_url)
        if dry_run:
            made.remove()
            click.echo(f"This was a trial: commit {commit[:10]} by {who} was not published.")
            return
        _publish(assessment, course, made, live, commit, who)


def _publish(
    assessment: Assessment, course: Course, made: Release, live: Release, commit: str, who: str
) -> None:
    is_first = not live.exists
    try:
        with open_database() as database:
            done = publications.publish(
                database,
                course,
                assessment.impact,
                after=assessment.summary.publication,
                by=who,
                commit=commit,
                switch=lambda: release.switch(made, live),
            )
            release.keep(made, live)
            with database.write() as session:
                late_answers.catch_up(session)
    except (NotPublished, OSError) as error:
        made.remove()
        raise click.ClickException(f"Nothing was published. {error}") from None
    more = "" if is_first else " 'course undo' takes it back."
    click.echo(
        f"Published {commit[:10]} as number {done.number}: {counted(len(course.lessons), 'lesson')}, "
        f"{counted(len(course.asked), 'question')}, {counted(done.marks, 'mark')} regraded.{more}"
    )


@click.command()
@by_option
@options.root
def undo(by: str | None, root: Path) -> None:
    """Undo the last publication: the marks it regraded, and the site.

    Answers that were given since stay, with the marks they got. The course in git is as it was: publishing
    it again does the same once more.
    """
    live = _live_release(root)
    previous = live.beside("previous")
    with _publishing_lock(live), open_database() as database:
        schema.check(database)
        with database.read() as session:
            publication = publications.last_publication(session)
        if publication is None:
            raise click.ClickException("There is no publication to take back.")
        who = by or history.author(root) or _user_and_host()
        has_site = previous.exists
        try:
            marks = publications.undo(
                database,
                publication.number,
                by=who,
                switch=(lambda: release.switch(previous, live)) if has_site else (lambda: None),
            )
        except (NotPublished, OSError) as error:
            raise click.ClickException(f"Nothing was taken back. {error}") from None
        previous.remove()  # what was just taken back
        release.touch(live)
    restored = counted(marks, "mark is what it was", "marks are what they were")
    click.echo(f"Publication {publication.number} is taken back: {restored}.")
    if not has_site:
        click.echo(
            "The site from before is not kept here, so the present one stays. Check out the commit from "
            "before and run 'course build'.",
            err=True,
        )


@click.command("publications")
def list_publications() -> None:
    """List what was published: when, by whom, which commit, and how many marks it regraded."""
    with open_database() as database:
        schema.check(database)
        with database.read() as session:
            table = Table("Number", "When", "By", "Commit", "Marks", "Taken back")
            for row in publications.list_publications(session):
                changed = sum(row.report.get(name, 0) for name in ("up", "down", "void"))
                undone = f"{sortable(row.undone_at)} by {row.undone_by}" if row.undone_at else ""
                when = sortable(row.published_at)
                table.add_row(
                    str(row.number), when, row.published_by, row.commit[:10], str(changed), undone
                )
            Console().print(table)


def _live_release(root: Path) -> Release:
    try:
        values = settings.from_environment()
    except settings.SettingError as error:
        raise click.UsageError(str(error)) from None
    root = root.resolve()
    return Release(root / values["SITE_DIR"], root / values["PUBLISHED_FILE"])


def _user_and_host() -> str:
    with contextlib.suppress(OSError, KeyError):
        return f"{getpass.getuser()}@{socket.gethostname()}"
    return "unknown"


def _clean_commit(root: Path) -> str:
    """Return the commit that is checked out; raises ClickException if files differ from it."""
    try:
        commit = history.head(root)
        changed = history.uncommitted(root)
    except history.NoHistory as error:
        raise click.ClickException(f"Nothing was published. {error}") from None
    if changed:
        shown = ", ".join(changed[:5]) + (
            f" and {len(changed) - 5} more" if len(changed) > 5 else ""
        )
        differs = pluralise(len(changed), "differs", "differ")
        raise click.ClickException(
            f"Nothing was published: {shown} {differs} from the commit, and a publication names the commit "
            "it was made of. Commit them, put them aside with 'git stash', or list them in .gitignore."
        )
    return commit


@contextlib.contextmanager
def _publishing_lock(live: Release) -> Iterator[None]:
    """Lock the folder against concurrent publications."""
    live.course.parent.mkdir(parents=True, exist_ok=True)
    with live.course.with_name(".publishing").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise click.ClickException(
                f"Somebody is publishing here right now ({file.read().strip() or 'unknown'}). Wait until it "
                "is done, then look at 'course impact' again."
            ) from None
        file.truncate(0)
        file.write(_user_and_host())
        file.flush()
        yield
        file.truncate(0)


def _build(root: Path, live: Release, site_url: str | None) -> tuple[Course, Release]:
    try:
        with Progress(transient=True, console=Console(stderr=True)) as shown:
            task = shown.add_task("Building the site", total=1.0)
            return release.prepare(
                root,
                live,
                site_url=site_url,
                on_step=lambda share: shown.update(task, completed=share),
            )
    except CourseError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        raise click.ClickException("Nothing was published: the site cannot be built.") from None
