"""course lint"""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from course.commands import options
from course.content import source
from course.content.counts import counted
from course.content.problems import CourseError
from course.content.reading import open_course
from course.quality import lint as linting
from course.quality import reading, spelling
from course.quality.links import STATES, external_states
from course.quality.material import Material
from course.quality.rules import Warned

MAX_PROBLEMS = 5
"""Problems shown of an invalid course; `course check` lists them all."""


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@options.root
@click.option("--links", is_flag=True, help="Also ask other sites whether links to them work.")
@click.option("--add-words", is_flag=True, help="First add every unknown word to words.txt.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def lint(paths: tuple[Path, ...], root: Path, links: bool, add_words: bool, as_json: bool) -> None:
    """Find what could be better in a sound course: questions, spelling, links, pictures, length.

    With PATHS, only what is said of these files and folders is printed. Each warning is one line,
    PATH:LINE:COLUMN: MESSAGE [RULE], with a hint on how to fix it and the reason below. Where a rule does
    not fit, write an exception: `lint: {RULE: the reason}` in the question, the quiz or the lesson.

    Exit status: 0 when there is nothing to say, 1 when there are warnings, 2 when the command was called
    wrongly.
    """
    wanted = [_relative_path(root, path) for path in paths]
    try:
        found = open_course(root)
        added: list[str] = []
        warned, read = linting.lint(root, found, external=links)
        if add_words and (added := spelling.add_words(read)):
            warned, read = linting.lint(root, found, external=links)
    except (CourseError, source.Unreadable) as error:
        for problem in error.problems[:MAX_PROBLEMS]:
            click.echo(str(problem), err=True)
        more = len(error.problems) - MAX_PROBLEMS
        left = f", and {more} more that 'course check' lists" if more > 0 else ""
        click.echo(f"Not checked any further: fix this first{left}.", err=True)
        raise SystemExit(1) from None
    except OSError as error:
        raise click.ClickException(
            f"{error.filename} cannot be written: {error.strerror}"
        ) from None
    if wanted:
        warned = [w for w in warned if any(_is_inside(w.problem.path, path) for path in wanted)]
    states = external_states(read) if links else {}
    if as_json:
        _print_json(warned, read, added, states)
    else:
        _print(warned, read, added, states)
    raise SystemExit(1 if warned else 0)


def _relative_path(root: Path, path: Path) -> str:
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        raise click.BadParameter(f"'{path}' lies outside the course's folder.") from None


def _is_inside(name: str, wanted: str) -> bool:
    return wanted == "." or name == wanted or name.startswith(f"{wanted}/")


def _print(
    warned: list[Warned], read: Material, added: list[str], states: Mapping[str, str]
) -> None:
    console = Console(highlight=False, soft_wrap=True)  # colours on a terminal only
    if added:
        console.print(Text(f"{spelling.WORD_LIST}: added {', '.join(added)}"))
    if not spelling.can_spell(read.language):
        console.print(Text(f"Spelling is not checked: no dictionary for '{read.language}'."))
    if silent := linting.silent_rules(read):
        console.print(Text(f"Not checked in the language '{read.language}': {', '.join(silent)}."))
    for warning in warned:
        problem = warning.problem
        place = f"{problem.path}:{problem.line}:{problem.column}:"
        rule = (f" [{warning.rule}]", "dim")
        console.print(Text.assemble((place, "bold"), " ", (problem.message, "yellow"), rule))
        if problem.hint:
            console.print(Text.assemble(("    hint: ", "dim"), problem.hint))
        console.print(Text.assemble(("    why: ", "dim"), warning.why))
    if states:
        counts = Counter(states.values())
        each = (f"{counts[state]} {state}" for state in STATES if counts[state])
        console.print(Text(f"Links to other sites: {', '.join(each)}."))
    if warned:
        console.print(Text(f"{counted(len(warned), 'warning')}."))
    else:
        pages, asked = len(read.pages), sum(len(sheet.items) for sheet in read.sheets)
        console.print(
            Text(f"{counted(pages, 'page')}, {counted(asked, 'question')}: no warnings.", "green")
        )


def _print_json(
    warned: list[Warned], read: Material, added: list[str], states: Mapping[str, str]
) -> None:
    sources = {rule.name: rule.source for rule in linting.ALL}
    report = {
        "words_added": added,
        "language": read.language,
        "rules_skipped": linting.silent_rules(read),
        "links": states,
        "lessons": [
            {
                "path": path,
                "words": taken.words,
                "minutes": taken.minutes,
                "level": None if taken.level is None else round(taken.level, 1),
            }
            for path, taken in reading.figures(read).items()
        ],
        "warnings": [
            {
                "path": warning.problem.path,
                "line": warning.problem.line,
                "column": warning.problem.column,
                "message": warning.problem.message,
                "hint": warning.problem.hint,
                "rule": warning.rule,
                "why": warning.why,
                "source": sources.get(warning.rule, ""),
            }
            for warning in warned
        ],
    }
    click.echo(json.dumps(report, indent=2, ensure_ascii=False))
