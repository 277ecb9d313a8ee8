"""The `course` command imports what a subcommand needs, and only when it runs."""

import subprocess
import sys
from collections.abc import Sequence

import pytest

from course import cli

SERVER = ("flask", "granian", "course.web")
RECORD = ("sqlalchemy", "alembic", "course.record")
SITE = ("mkdocs", "jinja2", "course.markup", "course.publish.pages")
CONTENT = ("pydantic", "yaml", "course.content")
EVERYTHING = (*SERVER, *RECORD, *SITE, *CONTENT, "rich", "limits")

WRITING, CHANGING, OPERATING = cli.GROUPS.values()
RECORDING = [name for name in (*CHANGING, *OPERATING) if name != "permissions"]
"""All that work on the record; `course permissions` lists the service's addresses, and so loads it."""

PROGRAM = """
import sys
from course.cli import main

for name in sys.argv[1:]:
    main([*name.split(), "--help"], standalone_mode=False)
print(*sys.modules, file=sys.stderr)
"""


def modules_after_help(names: Sequence[str]) -> set[str]:
    """Return the modules of a new process that has shown the help of the commands *names*."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *names], capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


@pytest.mark.parametrize(
    ("names", "unwanted"),
    [
        pytest.param([""], EVERYTHING, id="the list of commands"),
        pytest.param(["settings"], EVERYTHING, id="settings"),
        pytest.param(WRITING, (*SERVER, *RECORD, *SITE), id="writing"),
        pytest.param(RECORDING, SERVER, id="the record"),
    ],
)
def test_help_imports_nothing_that_it_does_not_need(
    names: Sequence[str], unwanted: Sequence[str]
) -> None:
    loaded = modules_after_help([*names])

    assert "course.cli" in loaded
    assert sorted(loaded.intersection(unwanted)) == []


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_the_list_of_commands_says_what_each_command_says_of_itself(name: str) -> None:
    command = cli.main.get_command(cli.main.make_context("course", ["settings"]), name)

    assert command is not None
    assert cli.first_sentence(cli.COMMANDS[name]) == command.get_short_help_str(200)


def test_a_command_ends_without_a_last_search_for_garbage() -> None:
    program = """
import atexit, gc
from course.cli import main

atexit.register(lambda: print("left out:", gc.get_freeze_count() > 1_000 > len(gc.get_objects())))
main(["settings"], standalone_mode=False)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.endswith("left out: True\n")
