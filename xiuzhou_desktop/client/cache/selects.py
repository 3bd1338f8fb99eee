"""A RecordQuery as SQL over one index, or over the answer of a search.

The plus before a column keeps SQLite from choosing another index than that of the order, which
already holds the column.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.sql.elements import ColumnClause

from xiuzhou_desktop.client.sync.lists import instant_ms
from xiuzhou_desktop.client.sync.store import SortKey
from xiuzhou_desktop.client.views import Order, RecordQuery
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.ids import RecordId

from .rows import FEW_KINDS
from .tables import hit, record

Clause = ColumnElement[bool]
ORDERS: dict[Order, tuple[str, ...]] = {
    Order.URGENCY: ("is_closed", "priority", "due", "id"),
    Order.DEADLINE: ("is_closed", "due", "id"),
    Order.NEWEST: ("newest", "id"),
    Order.PLACE: ("area_key", "title", "id"),
}
STUB = 2  # of the column is_closed


class Rows(Struct, frozen=True, kw_only=True):
    """Where a query reads from: all records, or those that a search found."""

    table: Table
    is_among_hits: bool = False  # each row has still to be looked up among the hits

    def plus(self, name: str) -> ColumnClause[Any]:
        """A column by which no index is chosen."""
        return literal_column(f"+{self.table.name}.{name}")


ALL = Rows(table=record)


def window_of(
    query: RecordQuery, rows: Rows, without: frozenset[RecordId], now: datetime
) -> Select[int]:
    """Row numbers of the window, in order."""
    chosen = select(rows.table.c.n).where(*clauses(query, rows, without, now))
    chosen = chosen.order_by(*_order(query, rows))
    return chosen.limit(query.limit).offset(query.offset)


def total_of(
    query: RecordQuery, rows: Rows, without: frozenset[RecordId], now: datetime
) -> Select[int]:
    """How many there are."""
    counted = select(func.count()).select_from(rows.table)
    return counted.where(*clauses(query, rows, without, now))


def rank_of(
    query: RecordQuery, rows: Rows, key: SortKey, without: frozenset[RecordId], now: datetime
) -> Select[int]:
    """How many come before this key."""
    columns = [rows.table.c[name] for name in ORDERS[query.order]]
    return total_of(query, rows, without, now).where(tuple_(*columns) < tuple_(*key))


def clauses(
    query: RecordQuery, rows: Rows, without: frozenset[RecordId], now: datetime
) -> list[Clause]:
    """Everything that the query filters by; what costs most is asked last."""
    found = [rows.plus("is_closed") < STUB, *_among(query, rows), *_equal(query, rows)]
    found += _in_time(query, rows, now)
    if query.is_open is not None:
        found.append(_by(query, rows, "is_closed") == (0 if query.is_open else 1))
    if without:
        found.append(rows.plus("id").not_in(_listed(without)))
    if rows.is_among_hits:
        found.append(exists().where(hit.c.n == rows.plus("n")))
    return found


def _among(query: RecordQuery, rows: Rows) -> list[Clause]:
    asked: dict[str, tuple[object, ...]] = {
        "kind": tuple(kind.value for kind in query.kinds),
        "state": query.states,
        "category": query.categories,
        "area": query.areas,
        "scope": query.scopes,
        "priority": query.priorities,
    }
    found: list[Clause] = [rows.plus(name).in_(values) for name, values in asked.items() if values]
    if query.ids:
        found.append(_by(query, rows, "id").in_(_listed(query.ids)))
    elif _is_of_few(query, rows):
        found.append(record.c.few_kind.in_(asked["kind"]))
    return found


def _equal(query: RecordQuery, rows: Rows) -> list[Clause]:
    found: list[Clause] = []
    if query.subject_key is not None:
        found.append(rows.table.c.subject_key == query.subject_key)
    if query.parent_id is not None:
        found.append(rows.table.c.parent_id == query.parent_id)
    if query.assignee is not None:
        found.append(rows.plus("assignee") == query.assignee)
    return found


def _in_time(query: RecordQuery, rows: Rows, now: datetime) -> list[Clause]:
    found: list[Clause] = []
    if query.opened_from is not None:  # few came since: their index is better than the order's
        found.append(_by(query, rows, "newest") <= -instant_ms(query.opened_from))
    if query.opened_to is not None:
        found.append(rows.plus("opened") <= instant_ms(query.opened_to))
    if query.due is not None:  # few have passed: their index is better than the order's
        passed = _by(query, rows, "due") <= instant_ms(now)
        found.append(passed if query.due == "passed" else rows.plus("due") > instant_ms(now))
    if query.snoozed is not None:
        later = _by(query, rows, "snoozed") > instant_ms(now)  # few, as above
        none = or_(rows.plus("snoozed").is_(None), rows.plus("snoozed") <= instant_ms(now))
        found.append(later if query.snoozed else none)
    return found


def _order(query: RecordQuery, rows: Rows) -> list[ColumnElement[Any]]:
    columns = ORDERS[query.order]
    if _names_few(query, rows):
        return [rows.plus(name) for name in columns]
    return [rows.table.c[name] for name in columns]


def _by(query: RecordQuery, rows: Rows, name: str) -> ColumnElement[Any]:
    """A column by whose index rows may be found, unless another's finds fewer."""
    return rows.table.c[name] if _fewest(query, rows) in {None, name} else rows.plus(name)


def _names_few(query: RecordQuery, rows: Rows) -> bool:
    is_named = query.subject_key is not None or query.parent_id is not None
    return is_named or _fewest(query, rows) is not None


def _fewest(query: RecordQuery, rows: Rows) -> str | None:
    """The column whose index finds few rows, so few that their order costs nothing."""
    if query.snoozed:
        return "snoozed"
    if query.ids or _is_of_few(query, rows):
        return "id"
    return "newest" if query.opened_from is not None else None


def _is_of_few(query: RecordQuery, rows: Rows) -> bool:
    """Whether only kinds are asked for of which there are few."""
    return rows == ALL and bool(query.kinds) and FEW_KINDS.issuperset(query.kinds)


def _listed(ids: Collection[RecordId]) -> Select[tuple[Any]]:
    """Any number of ids as one bound value."""
    values = func.json_each(msgspec.json.encode(ids).decode()).table_valued("value")
    return select(values.c.value)
