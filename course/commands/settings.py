"""course settings"""

import click

from course.settings import SETTINGS


@click.command()
def settings() -> None:
    """Print every setting as a Markdown table: its environment variable, its default, what it is for."""
    click.echo(table())


def table() -> str:
    """Return the table that the operators' guide shows."""
    rows = ["| Variable | Default | What it is for |", "| --- | --- | --- |"]
    for setting in SETTINGS:
        value = (
            str(setting.default).lower() if isinstance(setting.default, bool) else setting.default
        )
        rows.append(
            f"| `{setting.variable}` | {f'`{value}`' if value != '' else ''} | {setting.help} |"
        )
    return "\n".join(rows)
