"""Saving a command: forecast, footprints, what it waits for, one durable transaction (sync.md §4.4
"Save").

    Draft ──still as seen? (R12)──► moved-on     said at once, nothing saved
      └──forecast on the view──► Refusal         said at once, nothing saved
                            └──► Outcome | Undecided ──► Entry (after, writer, seen, expect)
                                                             └──► journal
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import msgspec

from xiuzhou_desktop.client.views import Besides, Draft, Forecast, OutboxStatus, Seen, Submitted
from xiuzhou_desktop.domain.canonical import Json, canonical
from xiuzhou_desktop.domain.command import Command, Expect, Judgement, Outcome, Refusal, Undecided
from xiuzhou_desktop.domain.envelope import Record, Struct
from xiuzhou_desktop.domain.ids import CommandId, RecordId, spawned_ids
from xiuzhou_desktop.domain.kinds import KINDS

from .entry import Entry, Left, Prints
from .keys import Key, is_record_key, keys_of, record_key
from .outbox import Outbox
from .store import CacheStore
from .view import Forecasted, Overlaid, View

KNOWN = frozenset({OutboxStatus.QUEUED, OutboxStatus.APPLIED})


class Moment(Struct, frozen=True, kw_only=True):
    """The clocks at saving: business time, this computer's wall clock, and how long a command stays
    valid.
    """

    business: datetime
    wall: datetime
    valid: timedelta
    rate: int = 1


class Sight(Struct, frozen=True, kw_only=True):
    """One state of one record, by which a command is forecast and stamped."""

    cached: Record | None
    found: Overlaid | None
    forecasted: Forecasted


class Saver:
    """Turns drafts into journal entries. `blobs_in`: files of this computer that arguments name."""

    def __init__(
        self,
        cache: CacheStore,
        outbox: Outbox,
        view: View,
        new_id: Callable[[], str],
        *,
        blobs_in: Callable[[Mapping[str, Json]], tuple[str, ...]] = lambda _args: (),
    ) -> None:
        self._cache = cache
        self._blobs_in = blobs_in
        self._outbox = outbox
        self._view = view
        self._new_id = new_id

    def save(self, draft: Draft, moment: Moment, replaces: Entry | None = None) -> Submitted:
        """Forecast, then save; `replaces` is settled in the same transaction."""
        command = self._command(draft, moment)
        sight = self._look(command, moment.business)
        forecasted, judgement = sight.forecasted, sight.forecasted.judgement
        if not isinstance(judgement, Refusal):
            judgement = self._moved_on(draft.seen) or judgement
        elif judgement.slug == "gone" and self._is_stub(command.record):
            judgement = Refusal(slug="not-here")
        if isinstance(judgement, Refusal):
            return Submitted(
                command=None, record=command.record, forecast=Forecast.REFUSED, refusal=judgement
            )
        entry = self._entry(command, draft, sight, moment)
        if replaces:
            settled = msgspec.structs.replace(
                replaces, status=OutboxStatus.REPLACED, resolved_by=entry.id
            )
            self._outbox.write(entry, settled)
            self._view.forget()
        else:
            self._outbox.write(entry)
            self._view.extend(entry.command, forecasted)
        return _submitted(command, judgement)

    def _look(self, command: Command, now: datetime) -> Sight:
        """Another thread may bring a page meanwhile: what is expected must be what was judged."""
        while True:
            cached = self._cache.record(command.record)
            forecasted = self._view.forecast(command, now)
            found = self._view.find(command.record)
            before = cached.state_version if cached else None
            after = found.record.state_version if found else None
            if before == after or (found and found.commands):
                return Sight(cached=cached, found=found, forecasted=forecasted)

    def _is_stub(self, record: RecordId) -> bool:
        brief = self._cache.briefs([record]).get(record)
        return brief is not None and brief.is_stub

    def _moved_on(self, seen: Seen | None) -> Refusal | None:
        """Why a person should look again: the record is no longer what the screen showed."""
        found = self._view.find(seen.record) if seen else None
        if seen is None or found is None:
            return None
        if not seen.has_moved(None if found.is_undecided else found.record):
            return None
        facts = {"kind": found.record.kind.value, "state": str(found.record.state)}
        return Refusal(slug="moved-on", facts=facts)

    def _command(self, draft: Draft, moment: Moment) -> Command:
        return Command(
            id=CommandId(self._new_id()),
            client_seq=self._outbox.next_seq(),
            kind=draft.kind,
            record=draft.record or RecordId(self._new_id()),
            transition=draft.transition,
            args=draft.args,
            fields=draft.fields,
            issued_at=moment.business,
            not_after=moment.business + moment.valid,
            blobs=self._blobs_in(draft.args),
        )

    def _entry(self, command: Command, draft: Draft, sight: Sight, moment: Moment) -> Entry:
        found, cached, forecasted = sight.found, sight.cached, sight.forecasted
        after, writer = self._waits(command, forecasted, found)
        fallback = Left(state=cached.state, state_version=cached.state_version) if cached else None
        command = msgspec.structs.replace(
            command, after=after, expect=_expect(command, writer, fallback)
        )
        hold = timedelta(seconds=draft.hold_s) if draft.hold_s else None
        return Entry(
            command=command,
            seen=found.record.state if found and not found.is_undecided else None,
            writer=writer,
            fallback=fallback,
            prints=Prints(writes=forecasted.writes, loose=forecasted.loose),
            made=_made(forecasted.judgement),
            besides=besides(command, forecasted.judgement),
            resolves=draft.resolves,
            next_at=moment.wall + hold if hold else None,
            hold_until=moment.business + hold * moment.rate if hold else None,
            saved_at=moment.wall,
        )

    def _waits(
        self, command: Command, forecasted: Forecasted, found: Overlaid | None
    ) -> tuple[tuple[CommandId, ...], CommandId | None]:
        """`after`, and the record's last pending writer; footprints as they are now join the saved
        ones (R7).
        """
        target = record_key(command.record)
        touched = {target} | {key for key in forecasted.writes if is_record_key(key)}
        read = forecasted.reads | touched
        ours = self._keys_of_touched(touched)
        hits = self._outbox.writers_of(read) | self._outbox.loose_over(ours)
        if isinstance(forecasted.judgement, Undecided):
            hits |= self._outbox.writers_of(forecasted.loose)
        for id_, now in self._view.prints.items():
            if read & now.writes or ours & now.loose or forecasted.loose & now.writes:
                hits.add(id_)
        causes = self._outbox.causes()
        hits = {one for one in hits if self._counts(one) and one not in causes}
        lies_at = keys_of(found.record) if found else frozenset()
        writers = [one for one in hits if self._is_writer(one, target, lies_at)]
        return self._outbox.reduced(hits), max(writers, key=self._seq, default=None)

    def _keys_of_touched(self, touched: set[Key]) -> set[Key]:
        ours = set(touched)
        for key in touched:
            found = self._view.find(RecordId(key.removeprefix("r:")))
            ours |= keys_of(found.record) if found else set()
        return ours

    def _counts(self, command: CommandId) -> bool:
        entry = self._outbox.get(command)
        return entry is not None and entry.status in KNOWN

    def _is_writer(self, command: CommandId, target: Key, lies_at: frozenset[Key]) -> bool:
        entry = self._outbox.get(command)
        if entry is None or not self._outbox.is_pending(entry):
            return False
        now = self._view.prints.get(command)
        writes = entry.prints.writes | (now.writes if now else frozenset())
        loose = entry.prints.loose | (now.loose if now else frozenset())
        return target in writes or bool(lies_at & loose)

    def _seq(self, command: CommandId) -> int:
        entry = self._outbox.get(command)
        return entry.command.client_seq if entry else 0


def _made(judgement: Judgement) -> str | None:
    """Kept for the day on which the server says no: by then the record has moved, and nobody could
    say any more what was wanted of it.
    """
    if not isinstance(judgement, Outcome):
        return None
    return canonical(msgspec.structs.replace(judgement.written[0], log=())).decode()


def besides(command: Command, judgement: Judgement) -> Besides | None:
    """Kept as `made` is: what would have come of it, should it expire."""
    if not isinstance(judgement, Outcome):
        return None
    spawned = set(spawned_ids(command.id))
    makes = dict.fromkeys(one.kind for one in judgement.written if one.id in spawned)
    return Besides(makes=tuple(makes), effects=judgement.effects)


def _expect(command: Command, writer: CommandId | None, fallback: Left | None) -> Expect | None:
    row = KINDS[command.kind].transition(command.transition)
    if row is not None and row.creates:
        return Expect(absent=True)
    if writer or fallback is None:
        return None  # stamped before the first send, from what the writer really left
    return Expect(state_version=fallback.state_version)


def _submitted(command: Command, judgement: Outcome | Undecided) -> Submitted:
    if isinstance(judgement, Undecided):
        return Submitted(
            command=command.id,
            record=command.record,
            forecast=Forecast.UNDECIDED,
            missing=judgement.missing,
        )
    target: Record = judgement.written[0]
    return Submitted(
        command=command.id,
        record=command.record,
        forecast=Forecast.OUTCOME,
        record_after=target,
    )
