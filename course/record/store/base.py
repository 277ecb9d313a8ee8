"""The base class of every table, and column types that work alike in both databases."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

from course.content import addresses
from course.record.store.ownership import ADDRESS_LENGTH


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


class Moment(sa.TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets time zones, so they are put back; naive moments are refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC) if value is not None else None

    def result_processor(
        self, dialect: sa.Dialect, coltype: object
    ) -> Callable[[Any], datetime | None] | None:
        # For every answer that is read: one step instead of two.
        return _from_sqlite if dialect.name == "sqlite" else _from_server


def _from_sqlite(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


def _from_server(value: datetime | None) -> datetime | None:
    return value if value is None or value.tzinfo is UTC else value.astimezone(UTC)


BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""An autoincrementing key; SQLite supports that for INTEGER only."""

Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
JsonOrNone = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)
Name = sa.String(addresses.MAX_LENGTH)

Address = sa.String(ADDRESS_LENGTH).with_variant(
    sa.String(ADDRESS_LENGTH, collation="C"), "postgresql"
)
"""Collated by bytes, so that the index serves searches by prefix."""


class Base(orm.DeclarativeBase):
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy as it is
        datetime: Moment,
        uuid.UUID: sa.Uuid,
        dict[str, Any]: Json,
        dict[str, Any] | None: JsonOrNone,
        list[str]: Json,
        float: sa.Double,
    }
