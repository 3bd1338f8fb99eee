"""The sync protocol's bodies, word for word sync.md §4.1 and §4.2.

Pull: PullRequest → PullPage · Push: PushRequest → PushAnswer (one CommandResult a command) ·
session: SyncSession. Records stay `Raw` here, so that a page of 2,000 is decoded only as far as its
reader needs (2.9× faster, sync.md §6).
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from xiuzhou_desktop.domain.command import OFFLINE_HOURS, Command
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.ids import CommandId, Grant, RecordId
from xiuzhou_desktop.domain.workflow import Role

from .problems import Problem
from .sealing import Sealing

SCHEMA = 1  # header Sync-Schema
PAGE_LIMIT = 2_000  # the knee of the measured curve, sync.md §6
BATCH_COMMANDS = 50
BATCH_BYTES = 256 * 1024


class SchemaRange(Struct, frozen=True, kw_only=True):
    """Versions of the wire that this server speaks."""

    min: int
    max: int


class Limits(Struct, frozen=True, kw_only=True):
    """What the server accepts in one request."""

    page: int = PAGE_LIMIT
    batch_commands: int = BATCH_COMMANDS
    batch_bytes: int = BATCH_BYTES
    offline_hours: int = OFFLINE_HOURS  # longest permitted time offline


class Account(Struct, frozen=True, kw_only=True):
    """Who is signed in."""

    user: str
    name: str
    officer: RecordId | None
    roles: tuple[Role, ...]


class SyncSession(Struct, frozen=True, kw_only=True):
    """`GET /v1/sync/session`.

    `clock_rate` is how fast business time runs (1 except in a demonstration); `records` how many
    records the grants hold, for the progress of a first load.
    """

    epoch: str
    version_base: int
    horizon: int
    records: int = 0
    grants: tuple[Grant, ...]
    schema: SchemaRange
    server_time: datetime
    clock_rate: int = 1
    replay_until: datetime | None = None
    limits: Limits = Limits()
    account: Account
    demo: bool = False
    sealing: Sealing | None = None


class Op(StrEnum):
    """What a change does to the cache."""

    PUT = "put"
    GONE = "gone"


class Change(Struct, frozen=True, kw_only=True):
    """One line of the feed.

    PUT carries the record with its log; GONE the grant that loses it and why (moved | deleted).
    """

    seq: int
    kind: Kind
    id: RecordId
    op: Op
    record: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    grant: Grant | None = None
    why: str | None = None


class GrantDigest(Struct, frozen=True, kw_only=True):
    """Count, and XOR of BLAKE2b-64 over (id‖seq), in hex, of one grant's records."""

    n: int
    x: str


class PullRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`POST /v1/sync/pull`."""

    cursor: str
    limit: int = PAGE_LIMIT


class PullPage(Struct, frozen=True, kw_only=True):
    """Applies only if `from` is the stored cursor (R2). `digest` on the last page only."""

    from_cursor: str = msgspec.field(name="from")
    cursor: str
    has_more: bool
    horizon: int
    grants: tuple[Grant, ...]
    changes: tuple[Change, ...]
    digest: Mapping[Grant, GrantDigest] | None = None


class SnapshotPage(Struct, frozen=True, kw_only=True):
    """`GET /v1/sync/snapshot?grant=&open=&after_id=&limit=`.

    Keyset bootstrap of one grant. `cursor` is that of `as_of`.
    """

    grant: Grant
    as_of: int
    cursor: str
    epoch: str
    has_more: bool
    after_id: RecordId | None
    total: int  # records of this grant and part, for the progress line
    records: tuple[msgspec.Raw, ...]


class Status(StrEnum):
    """A command's result. HELD is not recorded: it cannot be judged yet."""

    APPLIED = "applied"
    CONFLICT = "conflict"
    REFUSED = "refused"
    EXPIRED = "expired"
    GONE = "gone"
    HELD = "held"


class Receipt(Struct, frozen=True, kw_only=True):
    """Proof that a command was applied; the MAC's key lies outside the database (R18)."""

    command: CommandId
    fingerprint: str
    user: str
    epoch: str
    seq: int
    applied_at: datetime
    digest: str  # of the outcome
    versions: Mapping[RecordId, int]  # state_version of each record it wrote
    mac: str


class CommandResult(Struct, frozen=True, kw_only=True):
    """What became of one command. `records` are filtered by the reader's present grants (R14)."""

    id: CommandId
    status: Status
    seq: int = 0
    records: tuple[msgspec.Raw, ...] = ()
    replayed: bool = False
    applied_at: datetime | None = None
    receipt: Receipt | None = None
    problem: Problem | None = None
    current: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET  # with a conflict: as it stands


class Resent(Struct, frozen=True, kw_only=True):
    """For a command first sent under another epoch."""

    first_epoch: str
    receipt: Receipt | None = None


class PushRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`POST /v1/commands`: at most BATCH_COMMANDS and BATCH_BYTES."""

    epoch: str
    commands: tuple[Command, ...]
    resent: Mapping[CommandId, Resent] = {}


class PushAnswer(Struct, frozen=True, kw_only=True):
    """200 with one result a command.

    An HTTP error concerns the whole batch and changes no command's status.
    """

    results: tuple[CommandResult, ...]


class Poke(Struct, frozen=True, kw_only=True):
    """`GET /v1/events` (SSE, event `horizon`): only a poke; data comes by pull."""

    horizon: int
    epoch: str
    server_time: datetime
    clock_rate: int = 1
