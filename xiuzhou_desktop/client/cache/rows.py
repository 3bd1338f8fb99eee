"""A stored record as one row of the cache, and the words under which it is found."""

from typing import Any

import msgspec

from xiuzhou_desktop.client.sync.lists import NEVER, instant_ms
from xiuzhou_desktop.client.sync.stored import Envelope, Stored
from xiuzhou_desktop.client.sync.words import words_of, written_texts
from xiuzhou_desktop.domain.envelope import Struct


class _PutOff(Struct, frozen=True, kw_only=True):
    """The one field of a body that lists filter by."""

    snoozed_until: msgspec.Raw = msgspec.Raw(b"null")


_put_off = msgspec.json.Decoder(_PutOff)
_instant = msgspec.json.Decoder(Envelope.__annotations__["opened_at"])
_body = msgspec.json.Decoder(dict[str, Any])

INSERT = (
    'INSERT OR REPLACE INTO record (n, id, kind, "grant", seq, gen, state, scope, '
    "parent_id, category, area, subject_key, assignee, priority, is_closed, opened, newest, due, "
    "closed, snoozed, area_key, title, raw) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
Row = tuple[int | str | bytes | None, ...]


def row_of(n: int, stored: Stored, gen: int) -> Row:
    """The values of INSERT."""
    e = stored.envelope
    opened = instant_ms(e.opened_at)
    return (
        n, e.id, e.kind.value, stored.grant, e.seq, gen, e.state, e.scope, e.parent_id, e.category,
        e.area, e.subject_key, e.assignee, e.priority, 0 if e.closed_at is None else 1, opened,
        -opened, instant_ms(e.due_at), None if e.closed_at is None else instant_ms(e.closed_at),
        _snoozed(e), e.area or "", e.title, stored.raw,
    )  # fmt: skip


def words_in(stored: Stored) -> str:
    """The words of a record, as the full-text index takes them."""
    e = stored.envelope
    texts = written_texts((e.title, e.number, e.subject_key), _body.decode(e.body))
    return " ".join(words_of(*texts))


def _snoozed(envelope: Envelope) -> int | None:
    raw = _put_off.decode(envelope.body).snoozed_until
    if bytes(raw) == b"null":
        return None
    at = instant_ms(_instant.decode(raw))
    return None if at == NEVER else at
