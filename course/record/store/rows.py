"""How many rows a database holds, whatever its schema."""

import sqlalchemy as sa

VERSION = "alembic_version"
"""The table that holds the schema's revision; its row is no part of the record."""


def count_rows(connection: sa.Connection) -> dict[str, int]:
    """Return how many rows each table of the record has."""
    names = sorted(set(sa.inspect(connection).get_table_names()) - {VERSION})
    return {
        name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0
        for name in names
    }


def has_rows(connection: sa.Connection) -> bool:
    """Return whether any table of the record has a row."""
    names = set(sa.inspect(connection).get_table_names()) - {VERSION}
    return any(
        connection.scalar(sa.select(sa.exists().select_from(sa.table(name)))) for name in names
    )
