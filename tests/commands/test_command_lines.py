"""Command lines that people and build servers use keep working.

A name that has to change stays as an alias, or its error names the new one: then its row moves to a table of
renamed ones.
"""

import click
import pytest

from course import cli

COMMAND_LINES = {
    "": "--version",
    "new": "",
    "new a course": "FOLDER --title",
    "new lesson": "PATH --title --root",
    "new question": "LESSON --type=blank,match,multiple,numeric,order,poll,single,text --id --root",
    "build": "--root --site --course-file --site-url --statistics --no-statistics",
    "preview": "--root --host --port --open",
    "serve": "--host --port --workers --build --no-build",
    "check": "--root --fix --json",
    "lint": "PATHS --root --links --add-words --json",
    "inventory": "--root --due --within --json",
    "charts": "--root --check",
    "schema": "KIND=glossary,lesson,plan,quiz",
    "import": "FILE --lesson --to --format=csv,gift,moodle,qti --encoding --dry-run --report --root",
    "export": "--format=csv,gift,moodle,qti --lesson -o --output --root",
    "backup": "PATH",
    "restore": "PATH --check --replace",
    "migrate": "--backup --no-backup",
    "impact": "BASE --commit --summary --format=json,markdown,text --root",
    "decide": "QUESTION DECISION=keep,new,re-ask,regrade,void --reason --from --summary --root",
    "publish": "--dry-run --site-url --by --root",
    "undo": "--by --root",
    "publications": "",
    "record": "",
    "record summary": "-o --output",
    "progress": "MAIL",
    "statistics": "NAME --format=csv,json,table --earlier -o --output --recount",
    "admin": "",
    "admin create": "MAIL --password --role=administrator,learner,manager,trainer",
    "mail": "",
    "mail retry": "",
    "settings": "",
    "permissions": "",
}
"""By command its arguments, in capitals, and options, with the choices of those that have some."""


def found(name: str) -> click.Command:
    """Return the command called *name*, with the names of its groups before it."""
    command: click.Command = cli.main
    first, _, second = name.partition(" ")
    for part in filter(None, (first, second)):
        assert isinstance(command, click.Group)
        inner = command.get_command(click.Context(command), part)
        assert inner is not None, name
        command = inner
    return command


def names(parameter: click.Parameter) -> list[str]:
    """Return what a parameter is called on the command line."""
    if isinstance(parameter, click.Argument):
        return [(parameter.name or "").upper()]
    return [*parameter.opts, *parameter.secondary_opts]


@pytest.mark.parametrize(("name", "line"), COMMAND_LINES.items())
def test_a_command_line_that_worked_works(name: str, line: str) -> None:
    known = {n: parameter for parameter in found(name).params for n in names(parameter)}

    for part in line.split():
        parameter, _, choices = part.partition("=")
        assert parameter in known
        kind = known[parameter].type
        if choices:
            assert isinstance(kind, click.Choice)
            assert set(choices.split(",")) <= set(kind.choices)


def test_every_command_has_its_row() -> None:
    assert set(cli.COMMANDS) <= {name.split(" ")[0] for name in COMMAND_LINES}
