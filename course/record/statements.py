"""Statements of SQLAlchemy, compiled once and run on the driver's own cursor.

What is run for every answer leaves out what SQLAlchemy does on each call: looking for the compiled statement,
events, results. The SQL and the types are still its own, so there is one text for every database.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc

Process = Callable[[Any], Any] | None


class Statement:
    """A statement for one database; parameters and results are of the types that SQLAlchemy gives."""

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
        """Run it once and return what it finds; raises sqlalchemy.exc.DBAPIError."""
        try:
            cursor.execute(self.text, self._given(values))
            found: list[tuple[Any, ...]] = cursor.fetchall()
        except self._errors as error:
            raise self._wrapped(error) from error
        results = self._results
        if not results:
            return found
        return [
            tuple(results[at](value) if at in results else value for at, value in enumerate(row))
            for row in found
        ]

    def many(self, cursor: Any, rows: Iterable[Mapping[str, Any]]) -> int:
        """Run it for each of *rows*; return how many rows of the table that has made or changed."""
        try:
            cursor.executemany(self.text, [self._given(row) for row in rows])
        except self._errors as error:
            raise self._wrapped(error) from error
        made: int = cursor.rowcount
        return made

    def _given(self, values: Mapping[str, Any]) -> Any:
        filled = {**self._fixed, **values}
        for name, process in self._processes.items():
            filled[name] = process(filled[name])
        return filled if self._places is None else [filled[name] for name in self._places]

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

    @property
    def _errors(self) -> Any:
        return self._dialect.loaded_dbapi.Error

    def _wrapped(self, error: Exception) -> BaseException:
        return exc.DBAPIError.instance(self.text, None, error, self._errors, dialect=self._dialect)
