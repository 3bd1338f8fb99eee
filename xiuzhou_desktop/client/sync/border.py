"""The border: what a server says is believed only after this (style.md rule 13).

    page, snapshot, answer ──► every record whole and of its kind, numbers that a table can hold,
                               seqs that go forward, nothing of another's grants ──► Feed, Push
                       else ──► WrongServer("not-ours"): nothing of the answer is applied

A server that is broken, or is none of ours, is thus weather with a name: the link says why, and the
cache stays as it was.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from xiuzhou_desktop.client.errors import WrongServer
from xiuzhou_desktop.contract.sync import Change, Op, PullPage, SnapshotPage
from xiuzhou_desktop.domain.ids import Grant

from .stored import Stored, decode_record, read_envelope

LARGEST = 2**53  # what every JSON reader and every table holds exactly
NOT_A_RECORD = (msgspec.MsgspecError, RecursionError)


def believed_changes(page: PullPage, after_seq: int) -> list[Stored | None]:
    """The record of each change, None where one is gone. Raises WrongServer unless the page goes
    forward from `after_seq` within its own grants.
    """
    last = after_seq
    for change in page.changes:
        if not last <= change.seq <= LARGEST or change.seq == after_seq:
            raise _not_ours("seq", seq=change.seq, after=last)
        last = change.seq
    if not page.has_more and not last <= page.horizon <= LARGEST:
        raise _not_ours("horizon", seq=page.horizon, after=last)
    granted = frozenset(page.grants)
    return [_believed(change, granted) for change in page.changes]


def believed_snapshot(page: SnapshotPage, grant: Grant, *, is_open: bool) -> list[Stored]:
    """The page's records. Raises WrongServer. Bodies of closed ones are read when somebody looks,
    and one that cannot be is a damaged cache: 200,000 of them would cost a cold start a tenth of
    its time.
    """
    if not 0 <= page.as_of <= LARGEST:
        raise _not_ours("as_of", seq=page.as_of)
    rows = [_whole(bytes(raw)) if is_open else envelope(raw) for raw in page.records]
    if any(row.grant != grant for row in rows):
        raise _not_ours("grant", grant=grant)
    return rows


def envelope(raw: msgspec.Raw | bytes) -> Stored:
    """A record as far as the cache needs it. Raises WrongServer."""
    try:
        stored = read_envelope(raw)
    except NOT_A_RECORD as error:
        raise _not_ours("record", why=str(error)) from error
    one = stored.envelope
    numbers = (one.seq, one.version, one.state_version, one.priority, one.body_v)
    if min(numbers) < 0 or max(numbers) > LARGEST:
        raise _not_ours("number", record=one.id)
    if one.place and max(abs(one.place.lon_e7), abs(one.place.lat_e7)) > LARGEST:
        raise _not_ours("place", record=one.id)
    return stored


def whole(raws: Iterable[msgspec.Raw]) -> tuple[Stored, ...]:
    """Records, bodies and all. Raises WrongServer."""
    return tuple(_whole(bytes(raw)) for raw in raws)


def forget_read() -> None:
    """Nothing that was read stays decoded: access to it has ended."""
    _whole.cache_clear()
    decode_record.cache_clear()


def _believed(change: Change, granted: frozenset[Grant]) -> Stored | None:
    if change.op is not Op.PUT:
        return None
    if not isinstance(change.record, msgspec.Raw):
        raise _not_ours("record", record=change.id)
    stored = _whole(bytes(change.record))
    said = (stored.envelope.id, stored.envelope.kind, stored.envelope.seq)
    if said != (change.id, change.kind, change.seq):
        raise _not_ours("change", record=change.id)
    if stored.grant not in granted:
        raise _not_ours("grant", grant=stored.grant)
    return stored


@lru_cache(maxsize=128)  # an answer is read for the cache, then for the journal
def _whole(raw: bytes) -> Stored:
    stored = envelope(raw)
    try:
        decode_record(stored.raw)
    except NOT_A_RECORD as error:
        raise _not_ours("body", record=stored.envelope.id, why=str(error)) from error
    return stored


def _not_ours(what: str, **facts: str | int) -> WrongServer:
    told: Mapping[str, str | int] = facts
    return WrongServer("not-ours", what=what, **told)
