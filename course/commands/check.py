"""course check, course schema"""

import dataclasses
import json
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from course.commands import options
from course.content import decisions, reading
from course.content import schema as schemas
from course.content.counts import counted
from course.content.course import Course
from course.content.problems import Problem, errors
from course.publish import checking


@click.command()
@options.root
@click.option("--fix", is_flag=True, help="First add an id to each question that has none.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def check(root: Path, fix: bool, as_json: bool) -> None:
    """Find everything that would stop the course from being published.

    Files are read, and every page is rendered as for the site, from the same cache. Each problem is one line,
    PATH:LINE:COLUMN: MESSAGE, with a hint on how to fix it below; a warning stops no build. With --fix,
    each question without an id gets one made from its prompt; nothing else in the file changes.

    Exit status: 0 for a sound course, 1 when there are problems, 2 when the command was called wrongly.
    """
    try:
        written = reading.write_missing_ids(root) if fix else {}
    except OSError as error:
        raise click.ClickException(
            f"{error.filename} cannot be written: {error.strerror}"
        ) from None
    found, problems = checking.check(root)
    if found is not None:
        problems = sorted({*problems, *decisions.problems(root, found)})
    if as_json:
        _print_json(found, problems, written)
    else:
        _print(found, problems, written)
    raise SystemExit(1 if errors(problems) else 0)


def _print(found: Course | None, problems: list[Problem], written: dict[str, list[str]]) -> None:
    console = Console(highlight=False, soft_wrap=True)  # colours on a terminal only
    for path, ids in written.items():
        console.print(Text(f"{path}: wrote {', '.join(f'id: {name}' for name in ids)}"))
    for problem in problems:
        place = f"{problem.path}:{problem.line}:{problem.column}:"
        kind = ("warning: ", "yellow") if problem.is_warning else ""
        colour = "yellow" if problem.is_warning else "red"
        console.print(Text.assemble((place, "bold"), " ", kind, (problem.message, colour)))
        if problem.hint:
            console.print(Text.assemble(("    hint: ", "dim"), problem.hint))
    lessons, asked = (len(found.lessons), len(found.asked)) if found else (0, 0)
    wrong, warnings = len(errors(problems)), len(problems) - len(errors(problems))
    more = f", {counted(warnings, 'warning')}" if warnings else ""
    if wrong:
        console.print(Text(f"{counted(wrong, 'problem')}{more}."))
    else:
        sound = f"{counted(lessons, 'lesson')}, {counted(asked, 'question')}: no problems{more}."
        console.print(Text(sound, "green"))


def _print_json(
    found: Course | None, problems: list[Problem], written: dict[str, list[str]]
) -> None:
    report = {
        "lessons": len(found.lessons) if found else 0,
        "questions": len(found.asked) if found else 0,
        "written": written,
        "problems": [dataclasses.asdict(problem) for problem in problems],
    }
    click.echo(json.dumps(report, indent=2))


@click.command()
@click.argument("kind", type=click.Choice(["quiz", "lesson", "plan", "glossary"]), default="quiz")
def schema(kind: str) -> None:
    """Print the JSON Schema of a quiz file, a lesson's front matter, a plan page, or a glossary.

    Editors that know it complete the keys and mark mistakes while you write. Keep it in a file,
    `course schema quiz > quiz.schema.json`, and name that file in your editor's settings for YAML.
    """
    made = {
        "quiz": schemas.quiz_schema,
        "lesson": schemas.lesson_schema,
        "plan": schemas.plan_schema,
        "glossary": schemas.glossary_schema,
    }[kind]
    click.echo(json.dumps(made(), indent=2, ensure_ascii=False))
