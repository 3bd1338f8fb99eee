"""Loading whole grants: cold start, resync, a new grant, the repair of one (sync.md §4.4 "Cold
start", "Digest").

    open parts of all grants ──► the officer can work ──► closed parts ──► sweep by gen

A state machine without I/O: ask `next_request`, fetch it, `accept` the page, until there is none.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from xiuzhou_desktop.contract.sync import SnapshotPage
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.ids import Grant, RecordId

from .pull import Feed, Source, Tally
from .store import CacheBatch, CacheMeta, CacheStore, GrantPart, GrantState
from .stored import Stored, read_envelope

BULK = 20_000  # closed records a transaction: with all indexes 2.7 times the speed of 2,000


class Purpose(StrEnum):
    """Why grants are loaded."""

    RESYNC = "resync"  # all of them; the cursor is taken from the first page
    ADD = "add"  # new rights; the feed's cursor stays
    REPAIR = "repair"  # a digest did not match


class SnapshotRequest(Struct, frozen=True, kw_only=True):
    """GET /v1/sync/snapshot."""

    grant: Grant
    is_open: bool
    after_id: RecordId | None = None


class EpochMovedError(Exception):
    """The server was restored while we were loading: begin again."""


class Bootstrap:
    """One run over some grants."""

    def __init__(
        self, cache: CacheStore, feed: Feed, grants: Sequence[Grant], purpose: Purpose,
        version_base: int = 0,
    ) -> None:  # fmt: skip
        self._cache = cache
        self._feed = feed
        self._grants = tuple(sorted(grants))
        self._purpose = purpose
        self._base = version_base
        self._gen = cache.meta().gen + 1
        self._steps = [(grant, True) for grant in self._grants]
        self._steps += [(grant, False) for grant in self._grants]
        self._after: RecordId | None = None
        self._first: SnapshotPage | None = None
        self._as_of: dict[Grant, int] = {}
        self._held: list[Stored] = []
        self._totals: dict[tuple[Grant, bool], int] = {}
        self.done = 0

    @property
    def total(self) -> int:
        """Records that the server has said it will send, so far."""
        return sum(self._totals.values())

    def next_request(self) -> SnapshotRequest | None:
        """What to ask for next; None when all is here."""
        if not self._steps:
            return None
        grant, is_open = self._steps[0]
        return SnapshotRequest(grant=grant, is_open=is_open, after_id=self._after)

    def accept(self, page: SnapshotPage) -> frozenset[Kind]:
        """One page. Raises EpochMovedError."""
        self._check_epoch(page)
        self._first = self._first or page
        grant, is_open = self._steps[0]
        self._as_of.setdefault(grant, page.as_of)
        self._totals[grant, is_open] = page.total
        rows: list[Stored] = [read_envelope(raw) for raw in page.records]
        self._held += rows
        if is_open or not page.has_more or len(self._held) >= BULK:
            self._feed.take(self._held, Source.SNAPSHOT, gen=self._gen)
            self._held = []
        self.done += len(rows)
        self._after = page.after_id
        if not page.has_more:
            self._steps.pop(0)
            self._after = None
            self._part_done(grant, is_open)
        if not self._steps:
            self._finish()
        return frozenset(row.envelope.kind for row in rows)

    def _check_epoch(self, page: SnapshotPage) -> None:
        meta = self._cache.meta()
        is_first = self._first is None
        if is_first and self._purpose is Purpose.RESYNC and meta.epoch != page.epoch:
            self._cache.reset(CacheMeta(epoch=page.epoch, version_base=self._base, gen=self._gen))
        elif page.epoch != (meta.epoch if is_first else self._cache.meta().epoch):
            raise EpochMovedError(page.epoch)
        if is_first:
            self._mark_loading()

    def _mark_loading(self) -> None:
        """Before the first record (R5), where nothing of the grant is here yet."""
        known = self._cache.parts()
        new = {g: GrantPart(state=GrantState.LOADING) for g in self._grants if g not in known}
        meta = msgspec.structs.replace(self._cache.meta(), gen=self._gen)
        self._cache.write(CacheBatch(parts=new, meta=meta))

    def _part_done(self, grant: Grant, is_open: bool) -> None:  # noqa: FBT001 (rule 8: a value)
        part = self._cache.parts()[grant]
        state = GrantState.READY
        if is_open:
            state = part.state if part.state is GrantState.READY else GrantState.OPEN
        self._cache.write(CacheBatch(parts={grant: msgspec.structs.replace(part, state=state)}))

    def _finish(self) -> None:
        first = self._first
        if first is None:
            return
        for grant in self._grants:
            as_of = first.as_of if self._purpose is Purpose.RESYNC else self._as_of[grant]
            self._sweep(grant, as_of)
        if self._purpose is Purpose.RESYNC:
            meta = msgspec.structs.replace(
                self._cache.meta(),
                cursor=first.cursor,
                cursor_seq=first.as_of,
                cursor_grants=frozenset(self._grants),
                version_base=self._base,
            )
            self._feed.keep_only(frozenset(self._grants), meta)

    def _sweep(self, grant: Grant, as_of: int) -> None:
        ids = self._cache.unswept(frozenset({grant}), self._gen, as_of)
        tally = Tally(self._cache.parts())
        for record, brief in self._cache.briefs(ids).items():
            tally.leave(brief.grant, record, brief.seq)
        if ids:
            self._cache.write(CacheBatch(removes=ids, parts=tally.changed()))
