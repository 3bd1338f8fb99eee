"""A RecordQuery as SQL over one index.

The plus before a column keeps SQLite from choosing another index than that of the order, which
already holds the column.
"""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, or_, select, text, tuple_
from sqlalchemy.sql.elements import ColumnClause

from xiuzhou_desktop.client.sync.lists import instant_ms
from xiuzhou_desktop.client.sync.store import SortKey
from xiuzhou_desktop.client.sync.words import asked_words
from xiuzhou_desktop.client.views import Order, RecordQuery
from xiuzhou_desktop.domain.ids import RecordId

from .tables import record

Clause = ColumnElement[bool]
ORDERS: dict[Order, tuple[str, ...]] = {
    Order.URGENCY: ("is_closed", "priority", "due", "id"),
    Order.DEADLINE: ("is_closed", "due", "id"),
    Order.NEWEST: ("newest", "id"),
    Order.PLACE: ("area_key", "title", "id"),
}
STUB = 2  # of the column is_closed
FOUND = text("SELECT rowid FROM search WHERE search MATCH :words")


def window_of(query: RecordQuery, without: frozenset[RecordId], now: datetime) -> Select[int]:
    """Row numbers of the window, in order."""
    chosen = select(record.c.n).where(*clauses(query, without, now))
    chosen = chosen.order_by(*_order(query))
    return chosen.limit(query.limit).offset(query.offset)


def total_of(query: RecordQuery, without: frozenset[RecordId], now: datetime) -> Select[int]:
    """How many there are."""
    return select(func.count()).select_from(record).where(*clauses(query, without, now))


def rank_of(
    query: RecordQuery, key: SortKey, without: frozenset[RecordId], now: datetime
) -> Select[int]:
    """How many come before this key."""
    columns = [record.c[name] for name in ORDERS[query.order]]
    return total_of(query, without, now).where(tuple_(*columns) < tuple_(*key))


def clauses(query: RecordQuery, without: frozenset[RecordId], now: datetime) -> list[Clause]:
    """Everything that the query filters by."""
    found = [_plus("is_closed") < STUB, *_among(query), *_equal(query), *_in_time(query, now)]
    if query.is_open is not None:
        found.append(_by(query, "is_closed") == (0 if query.is_open else 1))
    if query.text:
        found.append(_found(query.text))
    if without:
        found.append(_plus("id").not_in(_listed(sorted(without))))
    return found


def _among(query: RecordQuery) -> list[Clause]:
    asked: dict[str, tuple[object, ...]] = {
        "kind": tuple(kind.value for kind in query.kinds),
        "state": query.states,
        "category": query.categories,
        "area": query.areas,
        "scope": query.scopes,
        "priority": query.priorities,
    }
    found: list[Clause] = [_plus(name).in_(values) for name, values in asked.items() if values]
    if query.ids:
        found.append(record.c.id.in_(_listed(list(query.ids))))
    return found


def _equal(query: RecordQuery) -> list[Clause]:
    found: list[Clause] = []
    if query.subject_key is not None:
        found.append(record.c.subject_key == query.subject_key)
    if query.parent_id is not None:
        found.append(record.c.parent_id == query.parent_id)
    if query.assignee is not None:
        found.append(_plus("assignee") == query.assignee)
    return found


def _in_time(query: RecordQuery, now: datetime) -> list[Clause]:
    found: list[Clause] = []
    if query.opened_from is not None:
        found.append(_plus("opened") >= instant_ms(query.opened_from))
    if query.opened_to is not None:
        found.append(_plus("opened") <= instant_ms(query.opened_to))
    if query.due is not None:
        passed = _by(query, "due") <= instant_ms(now)  # few: its index is better than the order's
        found.append(passed if query.due == "passed" else _plus("due") > instant_ms(now))
    if query.snoozed is not None:
        later = _by(query, "snoozed") > instant_ms(now)  # few, as above
        none = or_(_plus("snoozed").is_(None), _plus("snoozed") <= instant_ms(now))
        found.append(later if query.snoozed else none)
    return found


def _found(words: str) -> Clause:
    asked = asked_words(words)
    match = " AND ".join(f'"{word}"{"*" if is_prefix else ""}' for word, is_prefix in asked)
    if not match:  # nothing but punctuation: it filters nothing
        return literal_column("1") == 1
    rows = FOUND.bindparams(words=match).columns(rowid=record.c.n.type)
    return _plus("n").in_(rows.scalar_subquery())


def _order(query: RecordQuery) -> list[ColumnElement[Any]]:
    columns = ORDERS[query.order]
    if query.ids or query.subject_key is not None or query.parent_id is not None:
        return [_plus(name) for name in columns]
    return [record.c[name] for name in columns]


def _by(query: RecordQuery, name: str) -> ColumnElement[Any]:
    """A column by whose index few are found, unless ids already say which few."""
    return _plus(name) if query.ids else record.c[name]


def _plus(name: str) -> ColumnClause[Any]:
    return literal_column(f"+record.{name}")


def _listed(ids: list[RecordId]) -> Select[tuple[Any]]:
    """Any number of ids as one bound value."""
    values = func.json_each(json.dumps(ids)).table_valued("value")
    return select(values.c.value)
