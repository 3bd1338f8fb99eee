"""Loading whole grants: cold start, resync, a new grant, the repair of one (sync.md §4.4 "Cold
start", "Digest").

    open parts of all grants ──► the officer can work ──► closed parts ──► sweep by gen

A cold start, into an empty cache, stages its closed records and admits them at the end; where it
was killed it goes on.

A state machine without I/O: ask `next_request`, fetch it, `accept` the page, until there is none.
`request_after` says what comes next before the page is written: it is fetched meanwhile.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from xiuzhou_desktop.contract.sync import SnapshotPage
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.ids import Grant, RecordId

from .border import believed_snapshot
from .pull import Feed, Source, Tally
from .store import CacheBatch, CacheMeta, CacheStore, GrantPart, GrantState, Loading
from .stored import Stored

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
        self._after: RecordId | None = None
        self._loading: Loading | None = None  # since the first page
        self._as_of: dict[Grant, int] = {}
        self._held: list[Stored] = []
        self._totals: dict[tuple[Grant, bool], int] = {}
        self._all_steps = [(g, is_open) for is_open in (True, False) for g in self._grants]
        self._steps = list(self._all_steps)
        self._is_cold = purpose is Purpose.RESYNC and cache.meta().cursor is None
        self._gen = cache.meta().gen + 1
        self.done = 0
        self.done_bytes = 0
        self._go_on(cache.meta().loading)

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

    def request_after(self, page: SnapshotPage) -> SnapshotRequest | None:
        """What `next_request` will say once this page, the answer to it, is accepted."""
        rest = self._steps if page.has_more else self._steps[1:]
        if not rest:
            return None
        after = (page.after_id or self._after) if page.has_more else None
        return SnapshotRequest(grant=rest[0][0], is_open=rest[0][1], after_id=after)

    def accept(self, page: SnapshotPage) -> frozenset[Kind]:
        """One page; the kinds of what can be seen of it. Raises EpochMovedError."""
        if self._loading is None:
            self._begin(page)
        elif page.epoch != self._cache.meta().epoch:
            meta = msgspec.structs.replace(self._cache.meta(), loading=None)
            self._cache.write(CacheBatch(meta=meta))
            raise EpochMovedError(page.epoch)
        grant, is_open = self._steps[0]
        self._as_of.setdefault(grant, page.as_of)
        self._totals[grant, is_open] = page.total
        rows = believed_snapshot(page, grant, is_open=is_open)
        self.done += len(rows)
        self.done_bytes += sum(len(row.raw) for row in rows)
        self._after = page.after_id or self._after
        self._take(rows, page, is_open)
        if not page.has_more:
            self._part_done(grant, is_open)
        if not self._steps:
            self._finish()
        seen = () if self._is_cold and not is_open else rows
        return frozenset(row.envelope.kind for row in seen)

    # -- beginning ------------------------------------------------------------------------------

    def _go_on(self, left: Loading | None) -> None:
        """Where a cold start of the same grants was killed."""
        if not self._is_cold or left is None or left.grants != self._grants:
            return
        self._loading, self._gen = left, self._cache.meta().gen
        self._steps = [step for step in self._steps if step not in left.done]
        self._after, self.done = left.after_id, left.rows

    def _begin(self, page: SnapshotPage) -> None:
        """The first page of all."""
        meta = self._cache.meta()
        if self._purpose is Purpose.RESYNC and (self._is_cold or meta.epoch != page.epoch):
            self._is_cold = True
            self._cache.reset(CacheMeta(epoch=page.epoch, version_base=self._base, gen=self._gen))
        elif page.epoch != meta.epoch:
            raise EpochMovedError(page.epoch)
        self._loading = Loading(grants=self._grants, cursor=page.cursor, as_of=page.as_of)
        self._mark_loading()

    def _mark_loading(self) -> None:
        """Before the first record (R5), where nothing of the grant is here yet."""
        known = self._cache.parts()
        new = {g: GrantPart(state=GrantState.LOADING) for g in self._grants if g not in known}
        meta = msgspec.structs.replace(self._cache.meta(), gen=self._gen)
        self._cache.write(CacheBatch(parts=new, meta=meta))

    # -- going on -------------------------------------------------------------------------------

    def _take(
        self,
        rows: list[Stored],
        page: SnapshotPage,
        is_open: bool,  # noqa: FBT001 (rule 8: a value)
    ) -> None:
        """A page of a cold start is written with how far it is; others in bulk."""
        self._held += rows
        if not self._held:  # of an empty part only its end is noted
            return
        if not (is_open or self._is_cold or not page.has_more or len(self._held) >= BULK):
            return
        source = Source.COLD if self._is_cold and not is_open else Source.SNAPSHOT
        self._feed.take(self._held, source, gen=self._gen, meta=self._progress())
        self._held = []

    def _progress(self) -> CacheMeta:
        meta = self._cache.meta()
        if not self._is_cold or self._loading is None:
            return meta
        done = tuple(self._all_steps[: len(self._all_steps) - len(self._steps)])
        self._loading = msgspec.structs.replace(
            self._loading, done=done, after_id=self._after, rows=self.done
        )
        return msgspec.structs.replace(meta, loading=self._loading)

    def _part_done(self, grant: Grant, is_open: bool) -> None:  # noqa: FBT001 (rule 8: a value)
        """Of a cold start's last part nothing is noted: one that is killed now asks for the end of
        it again.
        """
        self._steps.pop(0)
        self._after = None
        part = self._cache.parts()[grant]
        if not is_open and self._is_cold:  # known when it is admitted
            state = part.state
        elif is_open and part.state is not GrantState.READY:
            state = GrantState.OPEN
        else:
            state = GrantState.READY
        parts = {grant: msgspec.structs.replace(part, state=state)}
        meta = self._progress() if self._steps else None
        self._cache.write(CacheBatch(parts=parts, meta=meta))

    def _admit(self) -> None:
        """All that was staged is seen, and then known to be whole."""
        self._cache.admit()
        known = self._cache.parts()
        ready = {g: msgspec.structs.replace(known[g], state=GrantState.READY) for g in self._grants}
        self._cache.write(CacheBatch(parts=ready))

    def _finish(self) -> None:
        first = self._loading
        if first is None:
            return
        if self._is_cold:
            self._admit()
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
                loading=None,
            )
            self._feed.keep_only(frozenset(self._grants), meta)

    def _sweep(self, grant: Grant, as_of: int) -> None:
        ids = self._cache.unswept(frozenset({grant}), self._gen, as_of)
        tally = Tally(self._cache.parts())
        for record, brief in self._cache.briefs(ids).items():
            tally.leave(brief.grant, record, brief.seq)
        if ids:
            self._cache.write(CacheBatch(removes=ids, parts=tally.changed()))
