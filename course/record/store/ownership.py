"""How each table merges, exports and erases what belongs to a learner, declared beside its columns.

A table that refers to a learner, or holds an address, has an `ownership`. It says how the rows of a guest
are merged into an account, in which section of a learner's data they are exported, and how they are erased.
A rule is called with the session, the table and these arguments:

- merging: *guest*, *account*, and the course, which may be None
- export: the learner's id, and the published course
- erasing: the learner's id, and the address of their account, None for a guest
"""

import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

Rule = Callable[..., Any]
Row = Any
"""An object of a mapped class."""


@dataclass(frozen=True)
class Section:
    """A section of a learner's data, filled by a rule."""

    name: str
    rule: Rule


@dataclass(frozen=True)
class Skipped:
    """The table takes no part, for the reason *why*."""

    why: str

    def __call__(self, *_: Any) -> None:
        """Leave the rows alone."""


@dataclass(frozen=True)
class Ownership:
    """How the rows of a learner are merged, exported and erased."""

    merge: Rule
    export: Section | Skipped
    erase: Rule


CASCADE = Skipped("the database deletes it with the learner (ON DELETE CASCADE)")


@dataclass(frozen=True)
class Call:
    """The rule is a function, named "module:function": tables cannot import what imports them."""

    function: str

    def __call__(self, session: orm.Session, _table: type[Any], *known: Any) -> Any:
        return self.resolve()(session, *known)

    def resolve(self) -> Rule:
        """Return the function; raises ImportError or AttributeError where there is none."""
        function: Rule = pkgutil.resolve_name(self.function)
        return function


@dataclass(frozen=True)
class Columns:
    """Export a list with an object for each row, of the columns *names*."""

    names: tuple[str, ...]

    def __call__(
        self, session: orm.Session, table: type[Any], learner_id: int, _published: Any
    ) -> list[dict[str, Any]]:
        rows = session.scalars(sa.select(table).where(table.learner_id == learner_id))
        return [columns(row, self.names) for row in rows]


def columns(row: Row, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the named columns of a row."""
    return {name: getattr(row, name) for name in names}


@dataclass(frozen=True)
class Joined:
    """Merge by moving each row; where the account has a row with the same key, *join* combines the two.

    *join* takes the guest's row and the account's, and returns new values for the latter.
    """

    join: Callable[[Row, Row], dict[str, Any]]

    def __call__(
        self, session: orm.Session, table: type[Any], guest: int, account: int, _course: Any
    ) -> None:
        mapper = sa.inspect(table)
        names = tuple(attribute.key for attribute in mapper.column_attrs)
        for row in session.scalars(sa.select(table).where(table.learner_id == guest)).all():
            values = {**columns(row, names), "learner_id": account}
            existing = session.get(table, [values[column.name] for column in mapper.primary_key])
            if existing is None:
                session.add(table(**values))
            else:
                for name, value in self.join(row, existing).items():
                    setattr(existing, name, value)
            session.delete(row)
        session.flush()


def declared(base: type[orm.DeclarativeBase]) -> Iterator[tuple[type[Any], Ownership]]:
    """Yield each table with an ownership, referenced tables before those that refer to them."""
    tables = {mapper.local_table: mapper.class_ for mapper in base.registry.mappers}
    for table in base.metadata.sorted_tables:
        if ownership := tables[table].__dict__.get("ownership"):
            yield tables[table], ownership


ADDRESS_LENGTH = 254
"""The length of columns that hold an address."""


def undeclared(base: type[orm.DeclarativeBase]) -> set[str]:
    """Return the tables that hold something of a learner and have no ownership.

    Such a table refers to a learner, directly or through another such table, names one in a column, or has
    a column as long as an address.
    """
    personal = {"learner"}
    for table in base.metadata.sorted_tables:  # those first that others refer to
        refers = any(key.column.table.name in personal for key in table.foreign_keys)
        names = any("learner_id" in column.name for column in table.columns)
        lengths = [getattr(column.type, "length", None) for column in table.columns]
        if refers or names or ADDRESS_LENGTH in lengths:
            personal.add(table.name)
    return personal - {table.__tablename__ for table, _ in declared(base)}
