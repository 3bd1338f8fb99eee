"""The feed as it is applied: guarded row by row, page and cursor in one transaction (sync.md §4.4
"Pull", §4.5).

page ──from = stored cursor? (R2)──► rows ──seq newer? (R1)──► one CacheBatch ──► store
answer to a push ──► the same guards, and only what the feed has not brought yet (R1)
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from xiuzhou_desktop.contract.digest import grant_digest, line_digest
from xiuzhou_desktop.contract.sync import Change, GrantDigest, PullPage
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.ids import Grant, RecordId

from .border import believed_changes, whole
from .store import Brief, CacheBatch, CacheMeta, CacheStore, GrantPart, GrantState
from .stored import Stored


class Source(StrEnum):
    """Whence a record comes."""

    FEED = "feed"
    ANSWER = "answer"
    SNAPSHOT = "snapshot"
    COLD = "cold"  # closed records of a cold start: staged


class Gone(Struct, frozen=True, kw_only=True):
    """A tombstone of the feed."""

    id: RecordId
    seq: int


class Moved(Struct, frozen=True, kw_only=True):
    """What a page changed.

    `grants` is set when rights moved: the caller then loads `to_load`, and `settle`s the page's
    cursor.
    """

    is_stale: bool = False
    has_more: bool = False
    kinds: frozenset[Kind] = frozenset()
    records: frozenset[RecordId] = frozenset()
    to_load: frozenset[Grant] = frozenset()
    grants: frozenset[Grant] | None = None
    cursor: str | None = None
    cursor_seq: int = 0
    mismatched: frozenset[Grant] = frozenset()


class Tally:
    """Counts and XORs of grants, kept as rows come and go."""

    def __init__(self, parts: Mapping[Grant, GrantPart]) -> None:
        self._parts = parts
        self._n: dict[Grant, int] = defaultdict(int)
        self._x: dict[Grant, int] = defaultdict(int)

    def enter(self, grant: Grant, record: RecordId, seq: int) -> None:
        """A row has come."""
        self._n[grant] += 1
        self._x[grant] ^= line_digest(record, seq)

    def leave(self, grant: Grant, record: RecordId, seq: int) -> None:
        """A row is gone."""
        self._n[grant] -= 1
        self._x[grant] ^= line_digest(record, seq)

    def changed(self) -> dict[Grant, GrantPart]:
        """The parts that moved."""
        return {grant: self._moved(grant) for grant in self._n}

    def _moved(self, grant: Grant) -> GrantPart:
        part = self._parts.get(grant, GrantPart(state=GrantState.LOADING))
        return msgspec.structs.replace(part, n=part.n + self._n[grant], x=part.x ^ self._x[grant])


class Feed:
    """The receiving half of the protocol core."""

    def __init__(self, cache: CacheStore) -> None:
        self._cache = cache

    def take(
        self,
        rows: Sequence[Stored | Gone],
        source: Source,
        *,
        gen: int = 0,
        meta: CacheMeta | None = None,
    ) -> None:
        """Apply rows, and `meta` with them, in one transaction."""
        now = self._cache.meta()
        ids = [row.id if isinstance(row, Gone) else row.envelope.id for row in rows]
        briefs = dict(self._cache.briefs(ids))
        tally = Tally(self._cache.parts())
        puts: dict[RecordId, tuple[Stored, int]] = {}
        removes: set[RecordId] = set()
        touched: list[RecordId] = []
        top = now.top_seq
        for row in rows:
            record, seq = _named(row)
            old = briefs.get(record)
            if old and old.seq >= seq:
                touched.append(record)
                continue
            if isinstance(row, Stored) and source is Source.ANSWER:
                if not _news(row, now, is_cached=old is not None):
                    continue
            if old:
                tally.leave(old.grant, record, old.seq)
                briefs.pop(record)
            if isinstance(row, Gone):
                puts.pop(record, None)
                removes.add(record)
                continue
            mark = gen or (old.gen if old else 0)
            puts[record] = (row, mark)
            removes.discard(record)
            briefs[record] = Brief(seq=seq, grant=row.grant, gen=mark)
            tally.enter(row.grant, record, seq)
            top = max(top, seq)
        came, is_cold = tuple(puts.values()), source is Source.COLD
        self._cache.write(
            CacheBatch(
                puts=() if is_cold else came,
                staged=came if is_cold else (),
                removes=tuple(removes),
                touched=tuple(touched) if gen else (),
                gen=gen,
                parts=tally.changed(),
                meta=msgspec.structs.replace(meta or now, top_seq=top),
            )
        )

    def answer(self, epoch: str, rows: Sequence[Stored]) -> bool:
        """Records of an answer to a push; those of another epoch are dropped (R9)."""
        if epoch != self._cache.meta().epoch:
            return False
        self.take(rows, Source.ANSWER)
        return True

    def page(self, page: PullPage, now: datetime) -> Moved:
        """One page of changes. Raises WrongServer for one that cannot be (border.py)."""
        meta = self._cache.meta()
        if meta.cursor is None or page.from_cursor != meta.cursor:
            return Moved(is_stale=True)  # a late page would resurrect what is deleted (R2)
        rows = _rows(page, believed_changes(page, meta.cursor_seq))
        if frozenset(page.grants) != meta.cursor_grants:
            return self._rights_moved(page, rows)
        self._drop_unfinished(meta)
        seq = page.horizon if not page.has_more else _last_seq(page.changes, meta.cursor_seq)
        synced_at = meta.synced_at if page.has_more else now
        self.take(
            rows,
            Source.FEED,
            meta=msgspec.structs.replace(
                meta, cursor=page.cursor, cursor_seq=seq, synced_at=synced_at
            ),
        )
        return Moved(
            has_more=page.has_more,
            kinds=frozenset(change.kind for change in page.changes),
            records=frozenset(change.id for change in page.changes),
            mismatched=self._compare(page.digest or {}),
        )

    def settle(self, moved: Moved) -> None:
        """The new grants are here: go on from the page's cursor."""
        if moved.cursor is None or moved.grants is None:
            return
        meta = msgspec.structs.replace(
            self._cache.meta(), cursor=moved.cursor, cursor_seq=moved.cursor_seq,
            cursor_grants=moved.grants,
        )  # fmt: skip
        self._cache.write(CacheBatch(meta=meta))

    def keep_only(self, grants: frozenset[Grant], meta: CacheMeta | None = None) -> None:
        """Purge every record of other grants."""
        lost = frozenset(self._cache.parts()) - grants
        ids = self._cache.ids_of(lost)
        self._cache.write(CacheBatch(removes=ids, gone_parts=tuple(sorted(lost)), meta=meta))

    def evict(self, most: int, keep: frozenset[RecordId] = frozenset()) -> int:
        """Make stubs of the longest closed records; their grant and seq stay (R20).

        `keep`: what commands still build on.
        """
        oldest = self._cache.oldest_closed(most + len(keep))
        ids = tuple(one for one in oldest if one not in keep)[:most]
        if ids:
            self._cache.write(CacheBatch(stubs=ids))
        return len(ids)

    def fetched(self, epoch: str, raw: bytes) -> bool:
        """A record fetched on demand fills only a stub of the same seq (R20)."""
        (stored,) = whole((msgspec.Raw(raw),))
        old = self._cache.briefs([stored.envelope.id]).get(stored.envelope.id)
        is_ours = epoch == self._cache.meta().epoch and old is not None and old.is_stub
        if not is_ours or old is None or old.seq != stored.envelope.seq:
            return False
        self._cache.write(CacheBatch(puts=((stored, old.gen),)))
        return True

    def _rights_moved(self, page: PullPage, rows: Sequence[Stored | Gone]) -> Moved:
        """Rights that came and went back while they were loaded: to the server its cursor stands
        for them all, so the page brings changes and moves on; what is kept takes its part of them.
        """
        new = frozenset(page.grants)
        keep = self._cache.meta().cursor_grants & new
        to_load = new - keep
        # with the purge, or a crash behind it would leave a right whose records are gone: given
        # back meanwhile, the cursor would bring none of them again
        self.keep_only(keep, msgspec.structs.replace(self._cache.meta(), cursor_grants=keep))
        seq = self._take_kept(page, rows, keep)
        moved = self._cache.meta()
        if not to_load:  # else only once they are here: until then the feed says it all again
            moved = msgspec.structs.replace(moved, cursor=page.cursor, cursor_seq=seq)
        loading = {grant: GrantPart(state=GrantState.LOADING) for grant in to_load}
        self._cache.write(CacheBatch(meta=moved, parts=loading))  # before the first record (R5)
        return Moved(has_more=True, to_load=to_load, grants=new, cursor=page.cursor, cursor_seq=seq)

    def _take_kept(
        self, page: PullPage, rows: Sequence[Stored | Gone], keep: frozenset[Grant]
    ) -> int:
        """Changes of the grants that stay; returns how far they reach."""
        kept = [row for row in rows if isinstance(row, Gone) or row.grant in keep]
        self.take(kept, Source.FEED)
        before = self._cache.meta().cursor_seq
        return max(before, _last_seq(page.changes, before) if page.has_more else page.horizon)

    def _drop_unfinished(self, meta: CacheMeta) -> None:
        """A crash while a grant was loading, and the grant is revoked now: nobody else would purge
        it (R5).
        """
        if frozenset(self._cache.parts()) - meta.cursor_grants:
            self.keep_only(meta.cursor_grants)

    def _compare(self, told: Mapping[Grant, GrantDigest]) -> frozenset[Grant]:
        meta = self._cache.meta()
        if meta.top_seq > meta.cursor_seq:  # an answer is ahead of the page (R21)
            return frozenset()
        parts, empty = self._cache.parts(), GrantPart(state=GrantState.READY)
        found = set()
        for grant, digest in told.items():
            part = parts.get(grant, empty)
            if grant in meta.cursor_grants and grant_digest(part.n, part.x) != digest:
                found.add(grant)
        return frozenset(found)


def _named(row: Stored | Gone) -> tuple[RecordId, int]:
    if isinstance(row, Gone):
        return row.id, row.seq
    return row.envelope.id, row.envelope.seq


def _news(row: Stored, meta: CacheMeta, *, is_cached: bool) -> bool:
    """Whether an answer's record may enter: within the grants, and not older than the feed (R1).

    Behind the cursor it may replace what is cached: a tombstone would have come by now, so the
    record lives and its last change is on a page to come. Without it the officer's own change
    would vanish from the screen until then (I4).
    """
    is_newer = is_cached or row.envelope.seq > meta.cursor_seq
    return row.grant in meta.cursor_grants and is_newer


def _rows(page: PullPage, puts: Sequence[Stored | None]) -> list[Stored | Gone]:
    return [
        stored or Gone(id=change.id, seq=change.seq)
        for change, stored in zip(page.changes, puts, strict=True)
    ]


def _last_seq(changes: Sequence[Change], before: int) -> int:
    return changes[-1].seq if changes else before
