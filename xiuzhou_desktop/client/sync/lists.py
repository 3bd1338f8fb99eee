"""Lists in plain Python: which records a query wants and in which order.

The memory store lists by these two functions alone; the SQL store answers the same for the cache,
and asks them for the few records that pending commands have changed. One test holds the two equal.
"""

from datetime import datetime

import msgspec

from xiuzhou_desktop.client.views import Order, RecordQuery
from xiuzhou_desktop.domain.canonical import to_json
from xiuzhou_desktop.domain.envelope import Record

from .store import SortKey
from .words import asked_words, has_words, words_of, written_texts

NEVER = 2**62  # sorts after every instant


def instant_ms(at: datetime | None) -> int:
    """Milliseconds since 1970; what is not set sorts last."""
    return NEVER if at is None else round(at.timestamp() * 1000)


def sort_key(record: Record, order: Order) -> SortKey:
    """Ascending, with the id to make it total.

    Columns and order are those of the SQL store's indexes.
    """
    closed = 0 if record.is_open else 1
    match order:
        case Order.URGENCY:
            return (closed, record.priority, instant_ms(record.due_at), record.id)
        case Order.DEADLINE:
            return (closed, instant_ms(record.due_at), record.id)
        case Order.NEWEST:
            return (-instant_ms(record.opened_at), record.id)
        case Order.PLACE:
            return (record.area or "", record.title, record.id)


def wants(query: RecordQuery, record: Record, now: datetime) -> bool:
    """Whether the query is after this record.

    `pending` is not the record's to say: the caller's.
    """
    return (
        _among(query, record)
        and _in_time(query, record, now)
        and (query.subject_key is None or record.subject_key == query.subject_key)
        and (query.parent_id is None or record.parent_id == query.parent_id)
        and (query.assignee is None or record.assignee == query.assignee)
        and (query.is_open is None or record.is_open == query.is_open)
        and (query.snoozed is None or is_snoozed(record, now) == query.snoozed)
        and record.id not in query.without
        and (not query.text or has_words(record_words(record), asked_words(query.text)))
    )


def is_snoozed(record: Record, now: datetime) -> bool:
    """Whether somebody put it off until later."""
    until: datetime | None = getattr(record.body, "snoozed_until", None)
    return until is not None and until > now


def record_words(record: Record) -> set[str]:
    """The words under which a record is found."""
    envelope = (record.title, record.number, record.subject_key)
    return words_of(*written_texts(envelope, to_json(record.body)))


def everything(query: RecordQuery) -> RecordQuery:
    """The same without its window."""
    return msgspec.structs.replace(query, limit=NEVER, offset=0)


def _among(query: RecordQuery, record: Record) -> bool:
    return (
        (not query.kinds or record.kind in query.kinds)
        and (not query.ids or record.id in query.ids)
        and (not query.states or record.state in query.states)
        and (not query.categories or record.category in query.categories)
        and (not query.areas or record.area in query.areas)
        and (not query.scopes or record.scope in query.scopes)
        and (not query.priorities or record.priority in query.priorities)
    )


def _in_time(query: RecordQuery, record: Record, now: datetime) -> bool:
    if query.opened_from is not None and record.opened_at < query.opened_from:
        return False
    if query.opened_to is not None and record.opened_at > query.opened_to:
        return False
    if query.due is None:
        return True
    has_passed = record.due_at is not None and record.due_at <= now
    return has_passed if query.due == "passed" else not has_passed
