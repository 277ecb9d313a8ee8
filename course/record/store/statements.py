"""Statements of SQLAlchemy, compiled once and run on the driver's own cursor.

Statements that run for every answer avoid the work of SQLAlchemy on each call: looking up the compiled
statement, events, results. SQL and types still come from SQLAlchemy, so each statement is written once
for both databases.
"""

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import exc, orm
from sqlalchemy.dialects import postgresql, sqlite

from course.record.store.driver_errors import strip_values

Process = Callable[[Any], Any] | None


class Statement:
    """A statement compiled for one dialect; parameters and results have SQLAlchemy's types."""

    def __init__(self, statement: sa.ClauseElement, dialect: sa.Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._dialect = dialect
        self._places: list[str] | None = compiled.positiontup
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._processes = {
            name: process
            for bind, name in compiled.bind_names.items()
            if (process := bind.type.dialect_impl(dialect).bind_processor(dialect))
        }
        self._columns = list(getattr(statement, "selected_columns", ()))

    def rows(self, cursor: Any, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it and return its rows; raises sqlalchemy.exc.DBAPIError."""
        with wrapped_errors(self._dialect):
            cursor.execute(self.text, self.parameters(values))
            return self.converted(cursor.fetchall())

    def execute(self, cursor: Any, values: Mapping[str, Any]) -> None:
        """Run it; `fetch` returns its rows."""
        with wrapped_errors(self._dialect):
            cursor.execute(self.text, self.parameters(values))

    def fetch(self, cursor: Any) -> list[tuple[Any, ...]]:
        """Return the rows of the statement that `execute` ran."""
        with wrapped_errors(self._dialect):
            return self.converted(cursor.fetchall())

    def converted(self, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Return the driver's rows with values of the columns' types."""
        processes = list(self._results.items())
        if not processes:
            return rows
        made = []
        for found in rows:
            row = list(found)
            for at, process in processes:
                if row[at] is not None:  # which is None in every type
                    row[at] = process(row[at])
            made.append(tuple(row))
        return made

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """Return parameters as the driver takes them."""
        filled = {**self._fixed, **values}
        for name, process in self._processes.items():
            filled[name] = process(filled[name])
        return filled if self._places is None else tuple(filled[name] for name in self._places)

    @cached_property
    def _results(self) -> dict[int, Callable[[Any], Any]]:
        found = {}
        for at, column in enumerate(self._columns):
            if isinstance(column.type, sa.Float):  # the drivers give floats as floats
                continue
            process = column.type.dialect_impl(self._dialect).result_processor(self._dialect, None)
            if process is not None:
                found[at] = process
        return found


class Insert:
    """An INSERT of any number of complete rows, which skips those whose *keys* exist already.

    All rows go into one statement: running a statement takes longer than inserting a row.
    """

    def __init__(self, table: sa.Table, keys: Sequence[str], dialect: sa.Dialect) -> None:
        names = table.columns.keys()
        self._dialect = dialect
        self._is_sqlite = dialect.name == "sqlite"
        insert: Any
        if self._is_sqlite:
            insert = sqlite.insert(table).values({name: sa.bindparam(name) for name in names})
        else:
            columns = [sa.column(column.name, column.type) for column in table.columns]
            rows = sa.func.json_to_recordset(sa.cast(sa.bindparam("rows", type_=sa.Text), sa.JSON))
            found = rows.table_valued(*columns).render_derived(with_types=True)
            insert = postgresql.insert(table).from_select(names, sa.select(*found.c))
        self._statement = Statement(insert.on_conflict_do_nothing(index_elements=keys), dialect)
        self._each = f"({', '.join('?' * len(names))})"

    def run(self, cursor: Any, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert *rows*; the cursor's rowcount is then the number of new ones. Raises sa.exc.DBAPIError."""
        text = self._statement.text
        given: Any
        if self._is_sqlite:
            text = text.replace(self._each, ", ".join([self._each] * len(rows)))
            given = [value for row in rows for value in self._statement.parameters(row)]
        else:
            given = {"rows": json.dumps(rows, default=str)}  # moments and ids
        with wrapped_errors(self._dialect):
            cursor.execute(text, given)


@contextlib.contextmanager
def wrapped_errors(dialect: sa.Dialect) -> Iterator[None]:
    """Raise sqlalchemy.exc.DBAPIError for errors of the driver in the block."""
    errors: Any = dialect.loaded_dbapi.Error
    try:
        yield
    except errors as error:
        strip_values(error)
        raise exc.DBAPIError.instance(None, None, error, errors, dialect=dialect) from error


@contextlib.contextmanager
def pipelined(dialect: sa.Dialect, cursor: Any) -> Iterator[None]:
    """Send the statements of the block without waiting for each result, if the database is a server."""
    if dialect.name == "sqlite":
        yield
        return
    with wrapped_errors(dialect), cursor.connection.pipeline():
        yield


def names_column(dialect: str) -> sa.ColumnElement[str]:
    """Return the column of *names*, a JSON list, as a table; the statement is the same for any number."""
    names = sa.bindparam("names", type_=sa.Text)
    if dialect == "sqlite":
        return sa.func.json_each(names).table_valued("value").c.value
    return sa.func.jsonb_array_elements_text(sa.cast(names, postgresql.JSONB)).column_valued()


class QueryRunner(Protocol):
    """A database, which can run a Query outside a session."""

    def query(self, query: "Query", values: Mapping[str, Any]) -> list[tuple[Any, ...]]: ...


Source = orm.Session | QueryRunner
"""Where a Query is run: within the transaction of a session, or by itself, which costs less."""


class Query:
    """A SELECT that is run often, compiled once for each kind of database."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        """The statement, or a function that returns it for the name of a dialect."""
        self._compiled: dict[str, Statement] = {}

    def rows(self, source: Source, **values: Any) -> list[tuple[Any, ...]]:
        """Return its rows; *values* are its bind parameters."""
        if not isinstance(source, orm.Session):
            return source.query(self, values)
        connection = source.connection()
        compiled = self.on(connection.dialect)
        with contextlib.closing(
            connection.exec_driver_sql(compiled.text, compiled.parameters(values))
        ) as found:
            return compiled.fetch(found.cursor)  # the driver's own: it gives all rows at once

    def on(self, dialect: sa.Dialect) -> Statement:
        """Return the statement compiled for a dialect."""
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            found = self._statement
            statement = found if isinstance(found, sa.Select) else found(dialect.name)
            compiled = self._compiled[dialect.name] = Statement(statement, dialect)
        return compiled
