"""Statements of the command path, compiled once and given to the driver as they are.

    Prepared(select(...)) ── text and order of values, once a dialect ──► cursor ──► plain rows

A command runs some twenty of them; SQLAlchemy's own way costs ten times what SQLite needs for the
row. Only for statements whose values the driver takes as they are, without expanding lists.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import ClauseElement

Values: TypeAlias = Mapping[str, object]
PlainRow: TypeAlias = tuple[Any, ...]


class _Compiled(NamedTuple):
    """One statement in one dialect: its constants, and the order of its values; None: by name."""

    text: str
    constants: Values
    order: Sequence[str] | None

    def ordered(self, values: Values) -> Sequence[object] | Values:
        """The values as the driver wants them."""
        whole = {**self.constants, **values} if self.constants else values
        return whole if self.order is None else [whole[name] for name in self.order]


class Prepared:
    """One statement; its columns, for an insert, are those named."""

    def __init__(self, statement: ClauseElement, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = list(columns) if columns else None
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, values: Values) -> list[PlainRow]:
        """Every row that it gives. Raises DBAPIError as the connection itself does."""
        return self._run(connection, values, is_read=True)

    def first(self, connection: Connection, values: Values) -> PlainRow | None:
        """Its first row."""
        return next(iter(self.rows(connection, values)), None)

    def scalar(self, connection: Connection, values: Values) -> Any:  # noqa: ANN401 - a column
        """The first column of its first row; None where there is no row."""
        found = self.first(connection, values)
        return found[0] if found else None

    def run(self, connection: Connection, values: Values) -> None:
        """Carry out what gives no rows."""
        self._run(connection, values, is_read=False)

    def _run(self, connection: Connection, values: Values, *, is_read: bool) -> list[PlainRow]:
        compiled = self._compiled.get(connection.dialect.name)
        if compiled is None:
            compiled = self._compile(connection.dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(compiled.text, compiled.ordered(values))
            return list(cursor.fetchall()) if is_read else []
        except connection.dialect.loaded_dbapi.Error as error:
            raise wrapped(connection, compiled.text, error) from error
        finally:
            cursor.close()

    def _compile(self, dialect: Dialect) -> _Compiled:
        made = self._statement.compile(dialect=dialect, column_keys=self._columns)
        binds = getattr(made, "binds", {})
        constants = {name: one.value for name, one in binds.items() if not one.required}
        order = getattr(made, "positiontup", None)
        compiled = _Compiled(text=str(made), constants=constants, order=order)
        self._compiled[dialect.name] = compiled
        return compiled


def wrapped(connection: Connection, text: str, error: Exception) -> BaseException:
    """The driver's error as SQLAlchemy tells it."""
    dbapi_error = connection.dialect.loaded_dbapi.Error
    return DBAPIError.instance(text, {}, error, dbapi_error, dialect=connection.dialect)
