"""course new"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from course.commands import options
from course.content import questions
from course.content.reading import SITE
from course.starting import courses, lessons
from course.starting.courses import Refused

T = TypeVar("T")

A_COURSE = "a course"
"""The name of the hidden command that `course new DIR` calls."""


class _New(click.Group):
    """Treats a first argument that is no subcommand as the folder of a new course."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        first = args[0] if args else "--help"
        if first not in (*self.commands, "-h", "--help"):
            args = [A_COURSE, *args]
        return super().parse_args(ctx, args)


@click.group(cls=_New, options_metavar="", subcommand_metavar="DIR | lesson PATH | question LESSON")
def new() -> None:
    """Start a course in the empty folder DIR, a lesson in a course, or a question in a lesson.

    A new course holds one lesson with a question of each type, and what a build server and an editor
    need. Nothing that is there already is ever overwritten.
    """


@new.command(A_COURSE, hidden=True)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--title", help="What the course is called.")
def new_course(folder: Path, title: str | None) -> None:
    """Start a course in the empty folder DIR."""
    named = title or folder.resolve().name.replace("-", " ").replace("_", " ").capitalize()
    written = _create(lambda: courses.new_course(folder, named))
    click.echo(f"Wrote {len(written)} files into {folder}. What to do next:")
    click.echo(f"  cd {folder} && course serve   to see the course in a browser")
    click.echo(
        "  open lessons/meetings/planning.md and quizzes/meetings/planning.yml, and change them"
    )
    click.echo("  course check && course lint   to see what is wrong, and what could be better")


@new.command("lesson")
@click.argument("path")
@click.option("--title", help="The lesson's title; made from PATH if not given.")
@options.root
def new_lesson(path: str, title: str | None, root: Path) -> None:
    """Write a lesson with a quiz, and list it in mkdocs.yml.

    PATH is its module's folder and its own name, such as meetings/minutes.
    """
    _is_course(root)
    created = _create(lambda: lessons.new_lesson(root, path, title))
    for written in created.paths:
        click.echo(f"{'Listed it in' if written == SITE else 'Wrote'} {written}")
    if created.to_do:
        click.echo(f"Still to do: {created.to_do}")


@new.command("question")
@click.argument("lesson")
@click.option(
    "--type", "kind", type=click.Choice(list(questions.TYPES)), default="single", show_default=True
)
@click.option("--id", "name", help="The question's name for ever; made from LESSON if not given.")
@options.root
def new_question(lesson: str, kind: str, name: str | None, root: Path) -> None:
    """Append an example question to the quiz of LESSON, such as meetings/minutes, and say where."""
    _is_course(root)
    created = _create(lambda: lessons.new_question(root, lesson, kind, name))
    click.echo(f"Wrote the question '{created.name}' at {created.paths[0]}:{created.line}")
    if created.to_do:
        click.echo(f"Still to do: {created.to_do}")


def _is_course(root: Path) -> None:
    if not (root / SITE).is_file():
        raise click.ClickException(
            f"There is no {SITE} here. Go to a course's folder, name it with --root, or start a course "
            "with 'course new DIR'."
        )


def _create(create: Callable[[], T]) -> T:
    try:
        return create()
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    except OSError as error:
        raise click.ClickException(
            f"{error.filename} cannot be written: {error.strerror}"
        ) from None
