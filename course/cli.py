"""The `course` command. Each subcommand is a module in `commands`, imported only to run it."""

import ast
import importlib
from pathlib import Path
from typing import Any

import click

from course import __version__, garbage

GROUPS = {
    "Trainers, writing the course": {
        "new": "course.commands.new:new",
        "preview": "course.commands.preview:preview",
        "check": "course.commands.check:check",
        "lint": "course.commands.lint:lint",
        "inventory": "course.commands.inventory:inventory",
        "charts": "course.commands.charts:charts",
        "schema": "course.commands.check:schema",
        "import": "course.commands.import_:import_",
        "export": "course.commands.export:export",
        "build": "course.commands.build:build",
    },
    "Trainers, publishing and changing it": {
        "impact": "course.commands.impact:impact",
        "decide": "course.commands.impact:decide",
        "publish": "course.commands.publish:publish",
        "undo": "course.commands.publish:undo",
        "publications": "course.commands.publish:list_publications",
        "statistics": "course.commands.statistics:statistics",
        "progress": "course.commands.progress:progress",
    },
    "Operators, running the service": {
        "serve": "course.commands.serve:serve",
        "backup": "course.commands.backup:backup",
        "restore": "course.commands.restore:restore",
        "migrate": "course.commands.migrate:migrate",
        "admin": "course.commands.admin:admin",
        "mail": "course.commands.mail:mail",
        "record": "course.commands.record:record",
        "settings": "course.commands.settings:settings",
        "permissions": "course.commands.permissions:permissions",
    },
}
"""The commands by who uses them, each with its module and name."""

COMMANDS = {name: place for group in GROUPS.values() for name, place in group.items()}


class Commands(click.Group):
    """Imports a subcommand's module only to run it: building a site needs no web server."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        with garbage.paused():
            command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List each command under who uses it, with its whole first sentence, which Click would cut off."""
        for group, places in GROUPS.items():
            with formatter.section(group):
                formatter.write_dl(
                    [(name, first_sentence(place)) for name, place in places.items()]
                )


def first_sentence(place: str) -> str:
    """Return how the help of the command at *place* begins.

    Read from its source: importing every command to list them would take most of a second.
    """
    module, function = place.split(":")
    source = Path(__file__).parent / "commands" / f"{module.rpartition('.')[2]}.py"
    for node in ast.parse(source.read_bytes()).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return click.Command(function, help=ast.get_docstring(node)).get_short_help_str(200)
    raise LookupError(f"{source} defines no command {function}")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="course %(version)s")
def main(**_: Any) -> None:
    """Build, check and serve a course whose lessons and quizzes lie in this folder.

    Start with `course serve`, which builds the site and serves it with its own database. Exit status: 0
    when all went well, 1 when there is something to fix, 2 when the command was called wrongly.
    """
    garbage.skip_last_search()


if __name__ == "__main__":
    main()
