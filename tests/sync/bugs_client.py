"""Deliberate bugs of the client (bugs.py)."""

from collections import Counter

import msgspec

from xiuzhou_desktop.client.sync import pull
from xiuzhou_desktop.client.sync.bootstrap import Bootstrap
from xiuzhou_desktop.client.sync.entry import BAD
from xiuzhou_desktop.client.sync.memory_store import MemoryCache, MemoryJournal
from xiuzhou_desktop.client.sync.outbox import Outbox
from xiuzhou_desktop.client.sync.pull import Feed, Moved, Source
from xiuzhou_desktop.client.sync.push import Push, Wave
from xiuzhou_desktop.client.sync.resolve import Resolver
from xiuzhou_desktop.client.sync.save import Saver
from xiuzhou_desktop.client.sync.store import CacheBatch
from xiuzhou_desktop.client.sync.stored import read_envelope
from xiuzhou_desktop.contract.sync import Op

Patches = tuple[tuple[object, str, object], ...]


def new_key_on_retry() -> Patches:
    sent: Counter[str] = Counter()
    request = Wave.request

    def renamed(self):
        asked = request(self)
        commands = []
        for one in asked.commands:
            sent[one.id] += 1
            times = sent[one.id]
            new = one.id if times == 1 else f"{one.id[:24]}{times:04x}{one.id[28:]}"
            commands.append(msgspec.structs.replace(one, id=new))
        return msgspec.structs.replace(asked, commands=tuple(commands))

    return ((Wave, "request", renamed),)


def cursor_before_rows() -> Patches:
    take = Feed.take

    def apart(self, rows, source, *, gen=0, meta=None):
        if meta is not None and source is Source.FEED:
            self._cache.write(CacheBatch(meta=meta))
        take(self, rows, source, gen=gen, meta=meta)

    return ((Feed, "take", apart),)


def waits_for_all() -> Patches:
    waits = Saver._waits

    def too_many(self, *about):
        _, writer = waits(self, *about)
        return self._outbox.reduced({one.id for one in self._outbox.pending()}), writer

    return ((Saver, "_waits", too_many),)


def no_sweep() -> Patches:
    return ((Bootstrap, "_sweep", lambda *_: None),)


def refusal_dropped() -> Patches:
    write = Outbox.write

    def dropping(self, *entries):
        write(self, *entries)
        for entry in entries:
            if entry.status in BAD:
                del self._entries[entry.id]
                del self._journal._entries[entry.id]
        self._derived = None

    return ((Outbox, "write", dropping),)


def late_page() -> Patches:
    page = Feed.page

    def late(self, one, now):
        meta = self._cache.meta()
        is_late = meta.cursor is not None and one.from_cursor != meta.cursor
        if is_late and frozenset(one.grants) == meta.cursor_grants:
            puts = [read_envelope(c.record) if c.op is Op.PUT else None for c in one.changes]
            self.take(pull._rows(one, puts), Source.FEED)
            return Moved(is_stale=True)
        return page(self, one, now)

    return ((Feed, "page", late),)


def zombie_ack() -> Patches:
    def any_news(row, meta, *, is_cached):
        del is_cached
        return row.grant in meta.cursor_grants

    return ((pull, "_news", any_news),)


def keep_revoked() -> Patches:
    def kept(self, grants, meta=None):
        del grants
        self._cache.write(CacheBatch(meta=meta))

    return ((Feed, "keep_only", kept),)


def no_loading_mark() -> Patches:
    rights_moved = Feed._rights_moved

    def unmarked(self, page, rows):
        moved = rights_moved(self, page, rows)
        gone = tuple(moved.to_load - self._cache.meta().cursor_grants)
        self._cache.write(CacheBatch(gone_parts=gone))
        return moved

    return ((Feed, "_rights_moved", unmarked), (Feed, "_drop_unfinished", lambda *_: None))


def no_seen() -> Patches:
    stamp = Push._stamp

    def blind(self, entry, epoch):
        unseen = msgspec.structs.replace(entry, seen=None)
        stamped = stamp(self, unseen, epoch)
        return entry if stamped is unseen else msgspec.structs.replace(stamped, seen=entry.seen)

    return ((Push, "_stamp", blind),)


def nothing_waits() -> Patches:
    return ((Push, "ready", lambda self: self._outbox.pending()),)


def evict_no_stub() -> Patches:
    return ((MemoryCache, "_evict", MemoryCache._drop),)


def fetch_blind() -> Patches:
    def blind(self, epoch, raw):
        del epoch
        self._cache.write(CacheBatch(puts=((read_envelope(raw), 0),)))
        return True

    return ((Feed, "fetched", blind),)


def rights_unsettled() -> Patches:
    return ((Feed, "settle", lambda *_: None),)


def undo_unwritten() -> Patches:
    undo = Resolver.undo

    def in_memory(self, command):
        journal, self._outbox._journal = self._outbox._journal, MemoryJournal()
        try:
            return undo(self, command)
        finally:
            self._outbox._journal = journal

    return ((Resolver, "undo", in_memory),)


def late_answer() -> Patches:
    settle = Push.settle

    def answer(self, epoch, rows):
        del epoch
        self.take(rows, Source.ANSWER)
        return True

    def settled(self, epoch, answer, wall):
        del epoch
        return settle(self, self._cache.meta().epoch, answer, wall)

    return ((Feed, "answer", answer), (Push, "settle", settled))
