"""The answer of one full-text search, kept until the words or the cache change: all groups of a
list, their totals and pages are read from it.

    words ──FTS──► hit (row numbers) ──few────► found: what lists filter and order by
                                      ├─more──► found, once somebody counts them
                                      └─many──► each row of an order's index is looked up in hit

A word of most records leaves so many rows that to copy them costs more than to look them up; and
the first page is at hand at once. Where one kind alone is asked for, its own word is searched with
the others, so that the few cameras of a street need no walk past its flags. Tables of the reader's
connection, in memory.
"""

from sqlalchemy import Connection

from xiuzhou_desktop.client.sync.words import asked_words
from xiuzhou_desktop.client.views import Order, RecordQuery

from .rows import kind_word
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
BESIDE = ("subject_key", "parent_id", "assignee")  # filters that `found` does not hold


class Found:
    """The last search and its rows."""

    def __init__(self, reader: Connection) -> None:
        self._reader = reader
        self._known: tuple[str, int] | None = None
        self._count = 0
        self._is_copied = False
        temporary.create_all(reader)

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
    asked = asked_words(query.text or "")
    words = [f'"{word}"{"*" if is_prefix else ""}' for word, is_prefix in asked]
    if words and len(query.kinds) == 1:
        words.append(f'"{kind_word(query.kinds[0])}"')
    return " AND ".join(words)
