"""The Store port: where cache and journal lie, for a protocol core that does no I/O of its own
(architecture.md rule 9).

    CacheStore      disposable: records, grants, cursor; one file an epoch
    JournalStore    precious: the commands, each write one durable transaction

`memory_store.py` serves tests and the simulator, `client/cache` and `client/journal` are the
SQLCipher files; a test holds them equal.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.domain.envelope import Kind, Record, Struct
from xiuzhou_desktop.domain.ids import Grant, RecordId
from xiuzhou_desktop.domain.workflow import Fact

from .entry import Entry
from .keys import Key
from .stored import Stored


class GrantState(StrEnum):
    """How much of a grant's records is here (R5: marked before its first record)."""

    LOADING = "loading"
    OPEN = "open"  # all open records; closed ones still come
    READY = "ready"


class GrantPart(Struct, frozen=True, kw_only=True):
    """A grant's records in this cache: count and XOR as in contract.digest."""

    state: GrantState
    n: int = 0
    x: int = 0


class Loading(Struct, frozen=True, kw_only=True):
    """How far a cold start is: a killed one goes on from here."""

    grants: tuple[Grant, ...]
    cursor: str  # of the first page: what moved since comes by the feed
    as_of: int
    done: tuple[tuple[Grant, bool], ...] = ()  # parts (open ones: True) that are whole
    after_id: RecordId | None = None  # of the part under way
    rows: int = 0


class CacheMeta(Struct, frozen=True, kw_only=True):
    """One row: where the cache stands in the feed."""

    epoch: str | None = None  # stored with the first record (R4)
    version_base: int = 0
    cursor: str | None = None
    cursor_seq: int = 0
    cursor_grants: frozenset[Grant] = frozenset()
    top_seq: int = 0  # highest seq ever written; an answer may be ahead of the feed (R21)
    gen: int = 0
    synced_at: datetime | None = None  # business time at which the cache was at the horizon
    loading: Loading | None = None


class Brief(Struct, frozen=True, kw_only=True):
    """What the guards need to know of a cached record."""

    seq: int
    grant: Grant
    gen: int = 0
    is_stub: bool = False


class CacheBatch(Struct, frozen=True, kw_only=True):
    """One atomic write: records, their grants' counts, and where the cache now stands."""

    puts: tuple[tuple[Stored, int], ...] = ()  # with their gen
    staged: tuple[tuple[Stored, int], ...] = ()  # kept, but unseen until `admit`
    removes: tuple[RecordId, ...] = ()
    touched: tuple[RecordId, ...] = ()  # seen again in a resync: only their gen moves
    stubs: tuple[RecordId, ...] = ()  # evicted: kind, id, grant and seq stay (R20)
    gen: int = 0
    parts: Mapping[Grant, GrantPart] = {}
    gone_parts: tuple[Grant, ...] = ()
    meta: CacheMeta | None = None


SortKey = tuple[int | str, ...]


class Ranked(Struct, frozen=True, kw_only=True):
    """A record with its place in an order."""

    key: SortKey
    record: Record


class CacheStore(Protocol):  # noqa: PLR0904 - one port: the whole of what the core asks of a cache
    """Reads see the last committed batch."""

    def meta(self) -> CacheMeta: ...

    def parts(self) -> Mapping[Grant, GrantPart]: ...

    def stamp(self) -> int:
        """Moves with every committed write, whoever made it."""

    def moved_since(self, stamp: int) -> frozenset[Key] | None:
        """Keys under which records lay or lie that were written since; None: anything may have."""

    def briefs(self, ids: Sequence[RecordId]) -> Mapping[RecordId, Brief]: ...

    def ids_of(self, grants: frozenset[Grant]) -> tuple[RecordId, ...]:
        """Every cached id of these grants, stubs included."""

    def unswept(self, grants: frozenset[Grant], gen: int, as_of: int) -> tuple[RecordId, ...]:
        """Ids of these grants with another gen and seq ≤ as_of."""

    def record(self, record: RecordId) -> Record | None: ...

    def all_of(self, kind: Kind) -> tuple[Record, ...]:
        """Every record of a kind of which there are few, newest first."""

    def rows(self, fact: Fact, value: str) -> tuple[Record, ...]: ...

    def stub_kinds(self) -> frozenset[Kind]: ...

    def stubs(self) -> int:
        """How many records are stubs: their grants' counts still hold them."""

    def oldest_closed(self, limit: int) -> tuple[RecordId, ...]:
        """Candidates for eviction, longest closed first."""

    def write(self, batch: CacheBatch) -> None: ...

    def admit(self) -> None:
        """What was staged is seen from now on."""

    def reset(self, meta: CacheMeta) -> None:
        """Another epoch: an empty cache that knows its epoch."""

    def window(
        self, query: RecordQuery, without: frozenset[RecordId], now: datetime
    ) -> tuple[Ranked, ...]:
        """`query.limit` records from `query.offset`, leaving out the ids named."""

    def total(self, query: RecordQuery, without: frozenset[RecordId], now: datetime) -> int: ...

    def rank(
        self, query: RecordQuery, key: SortKey, without: frozenset[RecordId], now: datetime
    ) -> int:
        """How many matching records come before this key."""


class JournalStore(Protocol):
    """Each call is one transaction that is on the disk when it returns."""

    def entries(self) -> tuple[Entry, ...]:
        """All, oldest first."""

    def write(self, entries: Sequence[Entry]) -> None:
        """Add or replace, all or none."""

    def forget(self, before: datetime) -> None:
        """Drop settled commands saved before this wall time, but for causes that others wait for:
        without its cause a parked command would go.
        """
