"""Commands in and out of the outbox: submit, undo, settle, list (sync.md §4.4)."""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from xiuzhou_desktop.client.errors import ClientError, Rejected, SignedOut
from xiuzhou_desktop.client.sync.entry import Entry
from xiuzhou_desktop.client.sync.stored import decode_record
from xiuzhou_desktop.client.views import (
    NEEDS_A_PERSON,
    Draft,
    Forecast,
    OutboxEntry,
    OutboxStatus,
    OutboxSummary,
    Remedy,
    Submitted,
)
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.command import Outcome, Refusal
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.ids import CommandId, RecordId, is_id
from xiuzhou_desktop.domain.workcalendar import LOCAL

from .news import News
from .reading import shown_status, undo_until
from .spine import Spine

LONGEST_HOLD_S = (
    60.0  # an undo window read from the disk never holds longer, whatever the clock says
)


class OutboxDesk:
    """What a person does with commands."""

    def __init__(
        self,
        spine: Spine,
        news: News,
        wake_senders: Callable[[], None],
        held_by: Callable[[RecordId | None], Refusal | None],
    ) -> None:
        self._spine = spine
        self._news = news
        self._held_by = held_by
        self._wake_senders = wake_senders
        self._held_until_s: dict[CommandId, float] = {}
        self._read_holds()

    def may_go(self, entry: Entry) -> bool:
        """Whether its undo window or back-off is over, and the server has the files it names."""
        epoch, files = self._spine.cache.meta().epoch, self._spine.attachments
        has_files = all(files.is_there(blob, epoch) for blob in entry.command.blobs)
        held_until_s = self._held_until_s.get(entry.id, 0.0)
        return has_files and held_until_s <= self._spine.clocks.monotonic_s()

    def lacking(self, blob: str) -> None:
        """The server has no such file any more: it is sent again."""
        self._spine.attachments.missed(blob)
        self._wake_senders()

    def hold(self, command: CommandId, seconds: float) -> None:
        """Not before so many seconds from now."""
        self._held_until_s[command] = self._spine.clocks.monotonic_s() + seconds

    def next_release_s(self) -> float | None:
        """Seconds until the next held command may go; None if none is held."""
        now_s = self._spine.clocks.monotonic_s()
        self._held_until_s = {c: at_s for c, at_s in self._held_until_s.items() if at_s > now_s}
        return min(self._held_until_s.values(), default=now_s) - now_s or None

    def submit(self, draft: Draft) -> Submitted:
        """Forecast, save, tell; sent when its undo window is over. Not while a colleague is at the
        record. Raises SignedOut once access has ended.
        """
        self._refuse_ended()
        held = self._held_by(draft.record)
        if held is not None and draft.record is not None:
            return Submitted(
                command=None, record=draft.record, forecast=Forecast.REFUSED, refusal=held
            )
        told = self._spine.saver.save(draft, self._spine.moment())
        self._saved(told, draft.hold_s)
        return told

    def undo(self, command: CommandId) -> tuple[CommandId, ...]:
        """Withdraw what was not yet sent."""
        dropped = self._spine.resolver.undo(command)
        for one in dropped:
            self._held_until_s.pop(one, None)
        self._tell(dropped)
        return dropped

    def resolve(
        self, command: CommandId, remedy: Remedy, args: Mapping[str, Json] | None
    ) -> tuple[Submitted, ...]:
        """Settle what needs a person. Raises Rejected for what does not, SignedOut as `submit`."""
        self._refuse_ended()
        entry = self._spine.resolver.needs_a_person(command)
        if entry is None:
            raise Rejected(Problem(slug="nothing-to-settle", facts={"command": command}))
        if remedy is Remedy.THEIRS:
            self._spine.resolver.theirs(entry)
            self._tell((command,))
            return ()
        moment = self._spine.moment()
        if remedy is Remedy.MERGE:
            told = self._spine.resolver.merge(entry, moment, args or {})
        else:
            edited = args if remedy is Remedy.EDIT else None
            told = self._spine.resolver.mine(entry, moment, edited)
        for one in told:
            self._saved(one, 0)
        self._tell((command,))
        return told

    def surface(self, entry: Entry, error: ClientError) -> None:
        """A command that alone keeps failing: a person has to look."""
        self._spine.push.surface(entry, error.problem())
        self._tell((entry.id,))

    def entries(self) -> tuple[OutboxEntry, ...]:
        """Everything pending, parked or to be settled, oldest first."""
        causes = self._spine.outbox.causes()
        return tuple(self._shown(entry, causes) for entry in self._spine.outbox.unsettled())

    def entry(self, command: CommandId) -> OutboxEntry | None:
        """One command, settled or not."""
        entry = self._spine.outbox.get(command)
        if entry is None:
            return None
        shown = self._shown(entry, self._spine.outbox.causes())
        is_done = entry.status is OutboxStatus.APPLIED and self._spine.outbox.is_done(command)
        return msgspec.structs.replace(shown, status=entry.status) if is_done else shown

    def summary(self) -> OutboxSummary:
        """The status bar's counts."""
        causes, unsettled = self._spine.outbox.causes(), self._spine.outbox.unsettled()
        shown = [shown_status(entry, causes) for entry in unsettled]
        wall = self._spine.clocks.wall()
        waiting = [
            entry.saved_at
            for entry, status in zip(unsettled, shown, strict=True)
            if status is OutboxStatus.QUEUED
        ]
        return OutboxSummary(
            pending=len(waiting),
            refused=sum(s in NEEDS_A_PERSON and s is not OutboxStatus.EXPIRED for s in shown),
            expired=shown.count(OutboxStatus.EXPIRED),
            parked=shown.count(OutboxStatus.PARKED),
            oldest_age_s=_age_s(min(waiting), wall) if waiting else None,
            delivered_today=self._delivered_today(wall),
        )

    # -- parts ----------------------------------------------------------------------------------

    def _refuse_ended(self) -> None:
        """What is saved now would be destroyed with the profile, unsealed."""
        if self._spine.ended is not None:
            raise SignedOut(self._spine.ended)

    def _saved(self, told: Submitted, hold_s: int) -> None:
        if told.command is None:
            return
        if hold_s:
            self.hold(told.command, hold_s)
        self._tell((told.command,))
        self._wake_senders()

    def _tell(self, commands: tuple[CommandId, ...]) -> None:
        records: set[RecordId] = set()
        for command in commands:
            entry = self._spine.outbox.get(command)
            prints = self._spine.view.prints.get(command)
            if entry:
                records.add(entry.command.record)
            if prints and isinstance(prints.judgement, Outcome):
                records |= {record.id for record in prints.judgement.written}
        kinds = {e.command.kind for e in map(self._spine.outbox.get, commands) if e}
        self._news.moved(kinds, records)

    def _shown(self, entry: Entry, causes: Mapping[CommandId, CommandId]) -> OutboxEntry:
        found = self._spine.view.find(entry.command.record)
        record = found.record if found else None
        status = shown_status(entry, dict(causes))
        theirs = decode_record(entry.current.encode()) if entry.current else None
        mine = self._mine(entry) if status in NEEDS_A_PERSON else record
        return OutboxEntry(
            command=entry.command,
            status=status,
            attempts=entry.attempts,
            saved_at=entry.command.issued_at,
            age_s=_age_s(entry.saved_at, self._spine.clocks.wall()),
            next_at=entry.next_at,
            undo_until=undo_until(entry),
            problem=entry.problem,
            parked_by=causes.get(entry.id),
            title=record.title if record else "",
            subject_key=record.subject_key if record else None,
            theirs=theirs,
            mine=mine,
            besides=entry.besides,
            named=self._named(theirs, mine) if status in NEEDS_A_PERSON else {},
        )

    def _named(self, *records: Record | None) -> dict[str, str]:
        """What the fields of these records name by its id."""
        bodies = [msgspec.structs.asdict(one.body) for one in records if one is not None]
        ids = {value for body in bodies for value in body.values() if is_id(value)}
        found = (self._spine.view.find(RecordId(str(value))) for value in ids)
        return {one.record.id: one.record.title for one in found if one is not None}

    def _mine(self, entry: Entry) -> Record | None:
        """What our command was to make of the record; of an undecided one, what it would make now.

        None where that cannot be said.
        """
        if entry.made:
            return decode_record(entry.made.encode())
        judgement = self._spine.view.forecast(entry.command, entry.command.issued_at).judgement
        return judgement.written[0] if isinstance(judgement, Outcome) else None

    def _delivered_today(self, wall: datetime) -> int:
        local = wall.astimezone(LOCAL)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return sum(
            entry.applied_at is not None and entry.applied_at >= midnight
            for entry in self._spine.outbox
        )

    def _read_holds(self) -> None:
        """Undo windows outlive a crash: it does not undo (sync.md §4.4)."""
        wall = self._spine.clocks.wall()
        for entry in self._spine.outbox.pending():
            if entry.next_at:
                left_s = (entry.next_at - wall).total_seconds()
                self.hold(entry.id, min(max(left_s, 0.0), LONGEST_HOLD_S))


def _age_s(since: datetime, now: datetime) -> int:
    return max(0, int((now - since).total_seconds()))
