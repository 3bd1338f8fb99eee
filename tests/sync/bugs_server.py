"""Deliberate bugs of the backend (bugs.py)."""

import itertools

import msgspec

from tests.sync import real_district
from xiuzhou_desktop.backend import commands, feed, timers, written
from xiuzhou_desktop.backend.accounts import SYSTEM
from xiuzhou_desktop.backend.commands import Desk, EndingError
from xiuzhou_desktop.backend.effects import Outbox
from xiuzhou_desktop.backend.store.effects import EffectState
from xiuzhou_desktop.backend.store.feed import Lines
from xiuzhou_desktop.backend.store.memory import MemoryStore, MemoryTables
from xiuzhou_desktop.backend.store.records import MOVED
from xiuzhou_desktop.backend.timers import Timers
from xiuzhou_desktop.contract.sync import Status
from xiuzhou_desktop.domain import flag_rules
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.flag_body import FlagBody

Patches = tuple[tuple[object, str, object], ...]
EVERYTHING = 2**62


def receipt_apart() -> Patches:
    kept: list[object] = []
    execute, save = Desk.execute, MemoryTables.save_result

    def apart(self, sender, command, resent=None):
        kept.clear()
        judged = execute(self, sender, command, resent)
        with self._store.writing() as tables:
            for result in kept:
                save(tables, result)
        return judged

    return (
        (Desk, "execute", apart), (MemoryTables, "save_result", lambda _, one: kept.append(one)),
    )  # fmt: skip


def seq_at_begin() -> Patches:
    """Two writers: the second to begin commits first."""
    take, begun = MemoryTables.take_seq, []

    def early(self):
        if begun and begun[-1] == self._r.meta.horizon - 1:
            return begun.pop()
        begun[:] = [take(self)]
        return take(self)

    return ((MemoryTables, "take_seq", early),)


def moveout_suppressed() -> Patches:
    after = MemoryTables.changes_after

    def suppressed(self, seq, grants, limit):
        found = after(self, seq, grants, EVERYTHING).lines
        lines = [one for one in found if one.why != MOVED]
        last = lines[min(limit, len(lines)) - 1].seq if lines else 0
        whole = tuple(one for one in lines if one.seq <= last)
        return Lines(lines=whole, has_more=len(whole) < len(lines))

    return ((MemoryTables, "changes_after", suppressed),)


def after_ignored() -> Patches:
    return ((MemoryTables, "is_applied", lambda *_: True),)


def replay_sends_again() -> Patches:
    owe = MemoryTables.owe

    def blindly(self, origin, wanted, state):
        del state
        owe(self, origin, wanted, EffectState.QUEUED)

    return ((MemoryTables, "owe", blindly),)


def two_timers() -> Patches:
    """Two processes read the same record as due, and each makes a command of its own."""
    count, seen = itertools.count(), {}

    def stale(self, tables, one, due, timer):
        now = self._clock.now()
        one, due = seen.setdefault((self._store, one.id, timer.name, now), (one, due))
        if due is None or due > now:
            return False
        command = timers._command(one, timer, due)
        own = f"{next(count):08x}-0000-8000-a000-000000000000"
        self._desk.execute_as(tables, SYSTEM, msgspec.structs.replace(command, id=own))
        return True

    return ((Timers, "_issue", stale),)


def no_fence() -> Patches:
    execute = Desk.execute

    def unfenced(self, sender, command, resent=None):
        with self._store.reading() as tables:
            epoch = tables.meta().epoch
        return execute(self, msgspec.structs.replace(sender, epoch=epoch), command, resent)

    return ((Desk, "execute", unfenced),)


def split_seq() -> Patches:
    after = MemoryTables.changes_after

    def split(self, seq, grants, limit):
        lines = after(self, seq, grants, EVERYTHING).lines
        return Lines(lines=lines[:limit], has_more=len(lines) > limit)

    return ((MemoryTables, "changes_after", split),)


def receipt_unfiltered() -> Patches:
    told = feed.told

    def whole(tables, stored, grants, *, is_new):
        return told(tables, stored, grants | {one.grant for one in stored.images}, is_new=is_new)

    return ((real_district.feed, "told", whole),)


def no_base() -> Patches:
    begin = MemoryTables.begin_epoch

    def unbased(self, now, replay_until):
        begin(self, now, replay_until)
        self._r.meta = msgspec.structs.replace(self._r.meta, version_base=0)

    return ((MemoryTables, "begin_epoch", unbased),)


def replay_any() -> Patches:
    class Equal:
        def __ne__(self, other):
            return False

    return ((commands, "outcome_digest", lambda _: Equal()),)


def mark_after_send() -> Patches:
    mark = Outbox._mark

    def late(self, owed, state):
        return True if state is EffectState.SENDING else mark(self, owed, state)

    def end(self, owed, state):
        row = self._r.effects[owed.command, owed.place]
        moved = msgspec.structs.replace(row.owed, state=state)
        self._keep(msgspec.structs.replace(row, owed=moved))
        return True

    return ((Outbox, "_mark", late), (MemoryTables, "end_effect", end))


def outbox_open() -> Patches:
    return ((MemoryTables, "doubt_effects", lambda _: None),)


def not_after_ignored() -> Patches:
    def ready(case, proof):
        del proof
        for cause in case.command.after:
            if not case.tables.is_applied(cause):
                raise EndingError(Status.HELD, "held", by=cause)

    return ((commands, "_refuse_unready", ready),)


def lock_late() -> Patches:
    """Facts as they stood before the commit that came in between."""
    stale: list[object] = [None]
    write, answer = MemoryTables.append_log, MemoryTables.answer_fact

    def remember(self, written):
        write(self, written)
        stale[:] = [self._r.copy(), *stale[:1]]

    def before(self, fact, value):
        is_late = self._r.meta.horizon % 2 and stale[-1] is not None
        return answer(MemoryTables(stale[-1]) if is_late else self, fact, value)

    begin = MemoryStore.__init__

    def fresh(self, mac_key, now):
        stale[:] = [None]
        begin(self, mac_key, now)

    return (
        (MemoryTables, "append_log", remember), (MemoryTables, "answer_fact", before),
        (MemoryStore, "__init__", fresh),
    )  # fmt: skip


def alarm_bumps() -> Patches:
    return ((written, "_moves", lambda *_: True),)


def seq_falls() -> Patches:
    write = MemoryTables.write

    def lower(self, old, new, timer_at):
        falls = old is not None and new.version == 3
        return write(
            self, old, msgspec.structs.replace(new, seq=old.seq - 1) if falls else new, timer_at
        )

    return ((MemoryTables, "write", lower),)


def spawn_lost() -> Patches:
    write = MemoryTables.write

    def lost(self, old, new, timer_at):
        doc = write(self, old, new, timer_at)
        if old is None and new.kind is Kind.NOTICE:
            del self._r.records[new.id]
        return doc

    return ((MemoryTables, "write", lost),)


def second_patrol() -> Patches:
    body_of = flag_rules.body_of

    def idle(record, form):
        body = body_of(record, form)
        return msgspec.structs.replace(body, task=None) if form is FlagBody else body

    return ((flag_rules, "body_of", idle),)


def current_unfiltered() -> Patches:
    told = feed.told

    def whole(tables, stored, grants, *, is_new):
        answer = told(tables, stored, grants, is_new=is_new)
        found = tables.find_with_grant(stored.record)
        if stored.status is not Status.CONFLICT or found is None:
            return answer
        return msgspec.structs.replace(answer, current=msgspec.Raw(found.doc.encode()))

    return ((real_district.feed, "told", whole),)


def no_receipts() -> Patches:
    def overwrite(self, result):
        self._r.results[result.id] = result

    return (
        (MemoryTables, "result_of", lambda *_: None), (MemoryTables, "save_result", overwrite),
    )  # fmt: skip
