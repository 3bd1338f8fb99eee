"""Records as they travel and lie in the cache: envelope decoded, body left raw until somebody looks
(sync.md §6).

    wire bytes ──read_envelope──► Stored (envelope, grant, raw) ──decode_record──► Record
"""

from datetime import datetime
from functools import lru_cache

import msgspec

from xiuzhou_desktop.domain.envelope import Kind, LogEntry, Place, Record, Struct, grant_for
from xiuzhou_desktop.domain.ids import (
    DISTRICT,
    AreaCode,
    CategoryCode,
    Grant,
    RecordId,
    Scope,
    SubjectKey,
)
from xiuzhou_desktop.domain.kinds import KINDS


class Envelope(Struct, frozen=True, kw_only=True):
    """A record's own columns; see domain.envelope.Record for what each means."""

    kind: Kind
    id: RecordId
    number: str | None = None
    scope: Scope = DISTRICT
    version: int = 0
    state_version: int = 0
    state: str
    parent_id: RecordId | None = None
    category: CategoryCode | None = None
    area: AreaCode | None = None
    subject_key: SubjectKey | None = None
    place: Place | None = None
    assignee: str | None = None
    priority: int = 4
    source: str | None = None
    external_id: str | None = None
    opened_at: datetime
    due_at: datetime | None = None
    closed_at: datetime | None = None
    title: str = ""
    body_v: int = 1
    body: msgspec.Raw = msgspec.Raw(b"{}")
    seq: int = 0


class WithLog(Envelope, frozen=True, kw_only=True):
    """The envelope and the thread, for a record that somebody looks at."""

    log: tuple[LogEntry, ...] = ()


class Stored(Struct, frozen=True, kw_only=True):
    """A cached record, as received."""

    envelope: Envelope
    grant: Grant
    raw: bytes


_read = msgspec.json.Decoder(Envelope)
_read_all = msgspec.json.Decoder(WithLog)


def read_envelope(raw: bytes | msgspec.Raw) -> Stored:
    """Decode as far as the cache needs. Raises msgspec.MsgspecError."""
    owned = bytes(raw)  # a Raw keeps its whole page alive
    envelope = _read.decode(owned)
    grant = grant_for(envelope.scope, KINDS[envelope.kind].group)
    return Stored(envelope=envelope, grant=grant, raw=owned)


@lru_cache(maxsize=256)  # read at the border, then by whoever looks: a screenful, decoded once
def decode_record(raw: bytes) -> Record:
    """The whole record; a body of an older version is raised by its kind's upcasters.

    Raises msgspec.MsgspecError.
    """
    found = _read_all.decode(raw)
    spec = KINDS[found.kind]
    if found.body_v == spec.body_v:
        body = msgspec.json.decode(found.body, type=spec.body)
    else:
        body = spec.lifted(msgspec.json.decode(found.body), found.body_v)
    return Record(**(msgspec.structs.asdict(found) | {"body": body, "body_v": spec.body_v}))
