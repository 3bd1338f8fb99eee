"""The answer of one full-text search, kept until the words or the cache change: all groups of a
list, their totals and pages are read from it.

    words ──FTS──► hit (row numbers) ──few────► found: what lists filter and order by
                                      ├─more──► found, once somebody counts by other columns
                                      └─many──► each row of an order's index is looked up in hit
    words and the group's own words ──FTS──► its total, without a row

A word of most records leaves so many rows that to copy them costs more than to look them up; and
the first page is at hand at once. Kind, state, category, open and closed are words of their own
(rows.py): a total by them costs a walk through the index of words, a tenth of one through the rows.
Tables of the reader's connection, in memory.
"""

from collections.abc import Iterable, Iterator

import msgspec
from sqlalchemy import Connection

from xiuzhou_desktop.client.sync.words import asked_words
from xiuzhou_desktop.client.views import Order, RecordQuery

from .rows import group_word
from .selects import Rows
from .tables import found, record, temporary

FEW = 500  # rows: below it is cheaper to look them up than to walk an index
MANY = 20_000  # rows: above it copying costs more than nine totals over the index
NAMES = ", ".join(column.name for column in found.columns)
COLUMNS = ", ".join(
    "-record.opened" if column.name == "newest" else f"record.{column.name}"
    for column in found.columns
)  # an order's index holds them all
HIT = "INSERT INTO hit SELECT rowid FROM search WHERE search MATCH ?"
LOOK_UP = f"INSERT INTO found ({NAMES}) SELECT {COLUMNS} FROM hit CROSS JOIN record USING (n)"  # noqa: S608 - names of our own columns
WALK = (
    f"INSERT INTO found ({NAMES}) SELECT {COLUMNS} FROM record INDEXED BY by_urgency "  # noqa: S608
    "WHERE +record.n IN (SELECT n FROM hit)"
)
COUNT = "SELECT count(*) FROM search WHERE search MATCH ?"
NO_WORDS = RecordQuery(kinds=(), limit=0)
SAID_IN_WORDS = {  # of a query; order and window are nothing to a total, `pending` is the caller's
    name: getattr(NO_WORDS, name)
    for name in (
        "kinds", "states", "categories", "is_open", "text", "pending", "order", "limit", "offset",
    )
}  # fmt: skip
BESIDE = ("subject_key", "parent_id", "assignee")  # filters that `found` does not hold


class Found:
    """The last search and its rows."""

    def __init__(self, reader: Connection) -> None:
        self._reader = reader
        self._known: tuple[str, int] | None = None
        self._count = 0
        self._is_copied = False
        temporary.create_all(reader)

    def counted(self, query: RecordQuery) -> int | None:
        """How many there are; None where something is asked that is no word."""
        words = _words(query)
        if not words or msgspec.structs.replace(query, **SAID_IN_WORDS) != NO_WORDS:
            return None
        match = " AND ".join((*words, *_groups(query)))
        return int(self._reader.exec_driver_sql(COUNT, (match,)).scalar_one())

    def rows_to_count(self, query: RecordQuery, stamp: int) -> Rows:
        """Where a total reads from: it needs every row. `stamp`: of the cache as it is now."""
        rows = self.rows_to_show(query, stamp)
        if rows.table is found or self._is_copied or self._count > MANY or not query.text:
            return rows
        self._reader.exec_driver_sql(WALK)
        self._is_copied = True
        return self.rows_to_show(query, stamp)

    def rows_to_show(self, query: RecordQuery, stamp: int) -> Rows:
        """Where a window reads from: it may end long before the last row."""
        match = _match(query)
        if not match:  # nothing but punctuation filters nothing
            return Rows(table=record)
        if self._known != (match, stamp):
            self._search(match)
            self._known = (match, stamp)
        is_beside = any(getattr(query, name) is not None for name in BESIDE)
        if not self._is_copied or is_beside or query.order is Order.PLACE:
            return Rows(table=record, is_among_hits=True)
        return Rows(table=found)

    def _search(self, match: str) -> None:
        run = self._reader.exec_driver_sql
        self._known = None
        run("DELETE FROM hit")
        run("DELETE FROM found")
        run(HIT, (match,))
        self._count = run("SELECT count(*) FROM hit").scalar_one()
        self._is_copied = self._count <= FEW
        if self._is_copied:
            run(LOOK_UP)


def _match(query: RecordQuery) -> str:
    words = _words(query)
    if words and len(query.kinds) == 1:
        words.append(_any_of("kind", query.kinds))
    return " AND ".join(words)


def _words(query: RecordQuery) -> list[str]:
    asked = asked_words(query.text or "")
    return [f'"{word}"{"*" if is_prefix else ""}' for word, is_prefix in asked]


def _groups(query: RecordQuery) -> Iterator[str]:
    asked: dict[str, tuple[str, ...]] = {
        "kind": query.kinds,
        "state": query.states,
        "category": query.categories,
        "is_closed": () if query.is_open is None else ("0" if query.is_open else "1",),
    }
    return (_any_of(column, values) for column, values in asked.items() if values)


def _any_of(column: str, values: Iterable[str]) -> str:
    return f"({' OR '.join(chr(34) + group_word(column, value) + chr(34) for value in values)})"
