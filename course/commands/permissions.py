"""course permissions"""

import click
from flask_openapi3.openapi import OpenAPI

from course import web
from course.record.people.access import ROLE_PERMISSIONS, Permission
from course.web.people import access


@click.command()
def permissions() -> None:
    """Print who may do what, as two Markdown tables: by permission, and by address."""
    click.echo(permission_table())
    click.echo()
    click.echo(address_table())


def permission_table() -> str:
    """Return each permission with the roles that have it, as the operators' guide shows it."""
    return _table("May", [(f"{may[0].upper()}{may[1:]}", may) for may in Permission])


def address_table() -> str:
    """Return each address of the service with the roles that may use it."""
    app = OpenAPI("course", doc_ui=False, static_folder=None)
    web.register_views(app)
    needed = access.endpoints(app)
    rows = [
        (f"`{method} {rule.rule}`", needed[rule.endpoint])
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return _table("Address", rows)


def _table(heading: str, rows: list[tuple[str, Permission]]) -> str:
    lines = [
        f"| {heading} | {' | '.join(ROLE_PERMISSIONS)} |",
        f"| --- |{' --- |' * len(ROLE_PERMISSIONS)}",
    ]
    for name, permission in rows:
        marks = ("yes" if permission in has else "" for has in ROLE_PERMISSIONS.values())
        lines.append(f"| {name} | {' | '.join(marks)} |")
    return "\n".join(lines)
