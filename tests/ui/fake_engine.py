"""The engine as the shell sees it, over records in memory and with the real judge: the border that
UI tests replace.

    engine = FakeEngine(a_flag(), …)
    engine.unplug() · engine.plug() · engine.overtake(record, "dismiss") · engine.arrive(record)

What is submitted is judged, applied to the picture of this workstation, and kept in an outbox;
`deliver` sends it to `truth`, which judges again.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec

from tests.ui.fake_office import FakeOffice
from tests.unit.domain.builders import DUTY, SUPERVISOR, District, rid
from xiuzhou_desktop.client.errors import Rejected, Unavailable
from xiuzhou_desktop.client.sync.save import besides
from xiuzhou_desktop.client.views import (
    Changed,
    Draft,
    Forecast,
    Lease,
    Link,
    LinkState,
    Offer,
    Order,
    OutboxEntry,
    OutboxStatus,
    OutboxSummary,
    Page,
    PendingMark,
    RecordQuery,
    RecordView,
    Remedy,
    Signed,
    Submitted,
)
from xiuzhou_desktop.client.watch import Concern
from xiuzhou_desktop.contract.administration import (
    AccountLine,
    AccountList,
    AccountSay,
    Foreseen,
)
from xiuzhou_desktop.contract.figures import Figures
from xiuzhou_desktop.contract.positions import LivePosition, TrackPage
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.contract.sync import Account
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.command import Command, FieldChange, Outcome, Refusal
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.foresight import Scene, foresee
from xiuzhou_desktop.domain.ids import CommandId, RecordId
from xiuzhou_desktop.domain.judge import judge, transitions_for
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.setting_sound import Rules
from xiuzhou_desktop.domain.workcalendar import WorkCalendar
from xiuzhou_desktop.domain.workflow import Actor, Role

COLLEAGUE = msgspec.structs.replace(DUTY, user="duty2", name="李强")
OPEN = frozenset({OutboxStatus.QUEUED, OutboxStatus.PARKED})


class Watching:
    """What `observe` returns."""

    def __init__(self, engine: "FakeEngine", tell: Callable[[Changed], None]) -> None:
        self._engine, self._tell = engine, tell

    def close(self) -> None:
        self._engine.observers.discard(self._tell)


class FakeEngine(FakeOffice):  # noqa: PLR0904 - the whole door that context.Engine declares
    """One workstation's engine."""

    def __init__(self, *records: Record, roles: tuple[Role, ...] = (Role.DUTY_OFFICER,)) -> None:
        self.district = District(*records)  # what this workstation believes
        self.truth = District(*records)  # what the server holds
        self.actor: Actor = SUPERVISOR if roles == (Role.SUPERVISOR,) else DUTY
        self.observers: set[Callable[[Changed], None]] = set()
        self.entries: dict[CommandId, OutboxEntry] = {}
        self.stood: dict[datetime, tuple[Record, ...]] = {}  # what the server held, by instant
        self.delivered = 0
        self.queries = 0
        self.files: dict[str, bytes] = {}  # what was attached, by its blob's name
        self.said: list[str] = []
        self.account_lines: tuple[AccountLine, ...] = ()
        self.concerns: tuple[Concern, ...] = ()
        self.leases: dict[RecordId, Lease] = {}
        self.fixes: Mapping[RecordId, LivePosition] = {}
        self.days: dict[tuple[RecordId, date], TrackPage] = {}  # what the server has
        self.kept_days: dict[tuple[RecordId, date], TrackPage] = {}
        self._sequence = 0
        self._link = LinkState(
            link=Link.ONLINE, since=self.now, data_as_of=self.now, clock_offset_ms=300
        )
        account = Account(user="duty", name="张敏", officer=self.actor.officer, roles=roles)
        self.signed = Signed(
            server="http://here", account=account, workstation="ZB-02",
            grants=tuple(self.actor.grants),
        )  # fmt: skip

    # the world moves

    @property
    def now(self) -> datetime:
        return self.district.now

    def business_now(self) -> datetime:
        return self.now

    def arrive(self, *records: Record) -> None:
        """Records come down from the server."""
        for record in records:
            self.district.records[record.id] = record
            self.truth.records[record.id] = record
        self.tell(kinds={record.kind for record in records})

    def unplug(self) -> None:
        self._link = msgspec.structs.replace(
            self._link, link=Link.OFFLINE, since=self.now, retry_at=self.now + timedelta(seconds=8)
        )
        self.tell()

    def plug(self) -> None:
        self._link = LinkState(link=Link.ONLINE, since=self.now, data_as_of=self.now)
        self.tell()

    def set_link(self, link: LinkState) -> None:
        self._link = link
        self.tell()

    def overtake(self, record: RecordId, transition: str, **args: Json) -> None:
        """A colleague is first, on the server only."""
        kind = self.truth.records[record].kind
        self.truth.do(COLLEAGUE, (kind, record, transition), **args)

    def deliver(self) -> None:
        """Send what is queued, in order; the server judges."""
        for entry in [e for e in self.entries.values() if e.status is OutboxStatus.QUEUED]:
            self._send(entry)
        self.tell(kinds={Kind.FLAG, Kind.ORDER})

    def hold(self, lease: Lease) -> None:
        """The live lane tells of a claim."""
        self.leases[lease.record] = lease
        for observer in [*self.observers]:
            observer(Changed(leases=(lease,)))

    def tell(self, kinds: set[Kind] | None = None) -> None:
        changed = Changed(kinds=frozenset(kinds or ()), link=self.link, outbox=self.outbox_summary)
        for observer in [*self.observers]:
            observer(changed)

    # plugin_api.context.Engine

    async def query(self, query: RecordQuery) -> Page:
        self.queries += 1
        found = self._found(query)
        shown = found[query.offset : query.offset + query.limit]
        views = tuple(self._view(record) for record in shown)
        return Page(views=views, total=len(found), offset=query.offset)

    async def counts(self, queries: tuple[RecordQuery, ...]) -> tuple[int, ...]:
        return tuple(len(self._found(query)) for query in queries)

    async def position(self, query: RecordQuery, record: RecordId) -> int | None:
        ids = [one.id for one in self._found(query)]
        return ids.index(record) if record in ids else None

    async def find(
        self, words: str, kinds: tuple[Kind, ...], limit: int
    ) -> Mapping[Kind, tuple[RecordView, ...]]:
        self.queries += 1
        asked = {
            kind: RecordQuery(kinds=(kind,), text=words, order=Order.NEWEST, limit=limit)
            for kind in kinds
        }
        return {
            kind: tuple(self._view(one) for one in self._found(query)[:limit])
            for kind, query in asked.items()
        }

    async def get(self, kind: Kind, record: RecordId) -> RecordView | None:
        found = self.district.records.get(record)
        return self._view(found) if found is not None and found.kind is kind else None

    async def offers(self, kind: Kind, record: RecordId) -> tuple[Offer, ...]:
        found = self.district.records[record]
        return tuple(
            Offer(
                transition=row.name, required=_required(row.form),
                refusal=self._refusal(found, row.name, _required(row.form)),
            )
            for row in transitions_for(found, frozenset(self.actor.roles))
        )  # fmt: skip

    async def submit(self, draft: Draft) -> Submitted:
        command = self._command(draft)
        target = self.district.records.get(command.record)
        judged = judge(command, target, self.district.context(self.actor))
        lease = self.leases.get(command.record)
        if lease and lease.holder and not lease.is_mine:
            judged = Refusal(slug="claimed", facts={"name": lease.holder_name})
        seen = draft.seen
        is_refused = isinstance(judged, Refusal)
        if seen and not is_refused and seen.has_moved(self.district.records.get(seen.record)):
            facts = {"kind": command.kind.value, "state": target.state if target else ""}
            judged = Refusal(slug="moved-on", facts=facts)
        if isinstance(judged, Refusal):
            return Submitted(
                command=None, record=command.record, forecast=Forecast.REFUSED, refusal=judged
            )
        if isinstance(judged, Outcome):
            for record in judged.written:
                self.district.records[record.id] = record
        self.entries[command.id] = OutboxEntry(
            command=command, status=OutboxStatus.QUEUED, attempts=0, saved_at=self.now, age_s=0,
            title=target.title if target else "", besides=besides(command, judged),
            undo_until=self.now + timedelta(seconds=draft.hold_s) if draft.hold_s else None,
        )  # fmt: skip
        self.tell(kinds={command.kind})
        return Submitted(
            command=command.id, record=command.record, forecast=Forecast.OUTCOME,
            record_after=self.district.records.get(command.record),
        )  # fmt: skip

    async def undo(self, command: CommandId) -> tuple[CommandId, ...]:
        entry = self.entries.pop(command, None)
        if entry is None:
            return ()
        record = entry.command.record
        self.district.records.pop(record)
        if record in self.truth.records:
            self.district.records[record] = self.truth.records[record]
        self.tell(kinds={entry.command.kind})
        return (command,)

    async def outbox(self) -> tuple[OutboxEntry, ...]:
        return tuple(self.entries.values())

    async def resolve(
        self, command: CommandId, remedy: Remedy, args: Mapping[str, Json] | None = None
    ) -> tuple[Submitted, ...]:
        entry = self.entries.pop(command)
        record = entry.command.record
        self.district.records[record] = self.truth.records[record]
        if remedy is Remedy.THEIRS:
            self.tell(kinds={entry.command.kind})
            return ()
        draft = self._again(entry, remedy, args)
        submitted = await self.submit(draft)
        if submitted.command is None:
            self.entries[command] = entry
            self.tell(kinds={entry.command.kind})
        return (submitted,)

    async def attach(self, source: bytes | Path, name: str) -> str:
        content = source if isinstance(source, bytes) else source.read_bytes()
        blob = f"sha256:{hashlib.sha256(content).hexdigest()}"
        self.files[blob] = content
        return blob

    async def fetch(self, path: str) -> bytes:
        raise Unavailable(path=path)

    async def figures(self, names: tuple[str, ...], **about: str) -> Figures:
        return Figures(at=self.now, figures=())

    async def accounts(self, said: AccountSay | None = None) -> AccountList:
        if self._link.link is not Link.ONLINE:
            raise Unavailable("offline")
        if said is not None:
            self.said.append(f"{said.act.value} {said.user}")
        return AccountList(accounts=self.account_lines, password="told-once" if said else None)

    async def foresee(self, draft: Draft) -> Foreseen:
        if self._link.link is not Link.ONLINE:
            raise Unavailable("offline")
        command = self._command(draft)
        before = self.truth.records.get(command.record)
        judged = judge(command, before, self.truth.context(self.actor))
        if isinstance(judged, Refusal):
            return Foreseen(looked_at=0, refusal=judged)
        assert isinstance(judged, Outcome)
        rules = Rules(policy=self.truth.policy, calendar=self.truth.calendar)
        found = tuple(one for one in self.truth.records.values() if one.is_open)
        counts = foresee(judged, before, Scene(records=found, rules=rules, now=self.now))
        return Foreseen(looked_at=len(found), counts=counts)

    async def live_say(self, act: str, kind: Kind, record: RecordId) -> Lease | None:
        self.said.append(f"{act} {record}")
        held = self.leases.get(record)
        if act == "claim" and held and held.holder and not held.is_mine:
            raise Rejected(Problem(slug="claimed", facts={"name": held.holder_name}))
        is_mine = act == "claim"
        return Lease(
            record=record, holder="duty" if is_mine else None, holder_name="张敏",
            until=self.now + timedelta(seconds=30), is_mine=is_mine,
        )  # fmt: skip

    def health(self, camera: RecordId) -> None:
        """Nobody has said how a camera is."""

    async def retry_now(self) -> None:
        self.said.append("retry")

    async def watch(self) -> tuple[Concern, ...]:
        return self.concerns

    async def seen(self) -> None:
        self.said.append("seen")

    async def demo(self, act: str, record: RecordId | None = None) -> None:
        self.said.append(act if record is None else f"{act} {record}")

    async def media_url(self, path: str) -> str:
        raise Unavailable(path=path)

    def observe(self, on_changed: Callable[[Changed], None]) -> Watching:
        self.observers.add(on_changed)
        return Watching(self, on_changed)

    @property
    def link(self) -> LinkState:
        return self._link

    @property
    def outbox_summary(self) -> OutboxSummary:
        statuses = [entry.status for entry in self.entries.values()]
        ages = [entry.age_s for entry in self.entries.values() if entry.status in OPEN]
        return OutboxSummary(
            pending=statuses.count(OutboxStatus.QUEUED),
            refused=sum(s in (OutboxStatus.CONFLICT, OutboxStatus.REFUSED) for s in statuses),
            expired=statuses.count(OutboxStatus.EXPIRED),
            parked=statuses.count(OutboxStatus.PARKED),
            oldest_age_s=max(ages, default=None),
            delivered_today=self.delivered,
        )

    @property
    def policy(self) -> Policy:
        return self.district.policy

    @property
    def calendar(self) -> WorkCalendar:
        return self.district.calendar

    # parts

    def _again(self, entry: OutboxEntry, remedy: Remedy, args: Mapping[str, Json] | None) -> Draft:
        command, body = entry.command, self.truth.records[entry.command.record].body
        if remedy is Remedy.MERGE and args and not args.keys() <= KINDS[command.kind].merge_fields:
            args = {**command.args, **args}
        elif remedy is Remedy.MERGE:
            fields = {
                name: FieldChange(base=getattr(body, name), new=str(text))
                for name, text in (args or {}).items()
            }
            return Draft(
                kind=command.kind, record=command.record, transition="annotate", fields=fields,
                resolves=command.id,
            )  # fmt: skip
        return Draft(
            kind=command.kind, record=command.record, transition=command.transition,
            args=command.args if args is None else args, resolves=command.id,
        )  # fmt: skip

    def _command(self, draft: Draft) -> Command:
        self._sequence += 1
        return Command(
            id=CommandId(f"00000000-0000-7000-a000-{self._sequence:012d}"),
            client_seq=self._sequence, kind=draft.kind,
            record=draft.record or rid(5000 + self._sequence), transition=draft.transition,
            args=draft.args, fields=draft.fields, issued_at=self.now,
            not_after=self.now + timedelta(hours=1),
        )  # fmt: skip

    def _refusal(
        self, record: Record, transition: str, required: tuple[str, ...]
    ) -> Refusal | None:
        """Why not now; where arguments are missing nobody can say."""
        if required:
            return None
        draft = Draft(kind=record.kind, record=record.id, transition=transition)
        judged = judge(self._command(draft), record, self.district.context(self.actor))
        return judged if isinstance(judged, Refusal) else None

    def _send(self, entry: OutboxEntry) -> None:
        command = entry.command
        target = self.truth.records.get(command.record)
        judged = judge(command, target, self.truth.context(self.actor))
        if isinstance(judged, Outcome):
            for record in judged.written:
                self.truth.records[record.id] = record
            del self.entries[command.id]
            self.delivered += 1
            return
        problem = (
            Problem(slug=judged.slug, facts=judged.facts) if isinstance(judged, Refusal) else None
        )
        self.entries[command.id] = msgspec.structs.replace(
            entry, status=OutboxStatus.CONFLICT, attempts=entry.attempts + 1, problem=problem,
            undo_until=None, theirs=target, mine=self.district.records.get(command.record),
        )  # fmt: skip

    # vehicles

    def positions(self) -> Mapping[RecordId, LivePosition]:
        return self.fixes

    async def track(self, vehicle: RecordId, day: date) -> TrackPage:
        if self._link.link is not Link.ONLINE:
            raise Unavailable("offline")
        page = self.days[vehicle, day]
        self.kept_days[vehicle, day] = page
        return page

    async def kept_track(self, vehicle: RecordId, day: date) -> TrackPage | None:
        return self.kept_days.get((vehicle, day))

    def _view(self, record: Record) -> RecordView:
        marks = tuple(
            PendingMark(
                command=entry.command.id, transition=entry.command.transition,
                status=entry.status, saved_at=entry.saved_at, undo_until=entry.undo_until,
            )
            for entry in self.entries.values()
            if entry.command.record == record.id
        )  # fmt: skip
        return RecordView(record=record, pending=marks)

    def _found(self, query: RecordQuery) -> list[Record]:
        if query.at is not None and self._link.link is not Link.ONLINE:
            raise Unavailable("past-needs-server")
        records = self.district.records.values() if query.at is None else self.stood[query.at]
        found = [record for record in records if self._fits(record, query)]
        return sorted(found, key=lambda record: _order(record, query.order))

    def _is_due(self, record: Record) -> bool:
        return record.due_at is not None and record.due_at <= self.now

    def _is_snoozed(self, record: Record) -> bool:
        until = getattr(record.body, "snoozed_until", None)
        return until is not None and until > self.now

    def _fits(self, record: Record, query: RecordQuery) -> bool:
        is_pending = any(e.command.record == record.id for e in self.entries.values())
        asked = (
            record.kind in query.kinds,
            not query.ids or record.id in query.ids,
            record.id not in query.without,
            not query.states or record.state in query.states,
            query.snoozed is None or query.snoozed == self._is_snoozed(record),
            query.due is None or self._is_due(record) == (query.due == "passed"),
            query.is_open is None or record.is_open == query.is_open,
            query.pending is None or query.pending == is_pending,
            not query.priorities or record.priority in query.priorities,
            not query.categories or record.category in query.categories,
            query.opened_from is None or record.opened_at > query.opened_from,
            query.opened_to is None or record.opened_at <= query.opened_to,
            query.subject_key is None or record.subject_key == query.subject_key,
            query.parent_id is None or record.parent_id == query.parent_id,
            not query.areas or record.area in query.areas,
            query.text is None or query.text in f"{record.title} {record.number}",
        )
        return all(asked)


def _order(record: Record, order: Order) -> tuple[object, ...]:
    far = record.due_at.timestamp() if record.due_at else float("inf")
    if order is Order.NEWEST:
        return (-record.opened_at.timestamp(), record.id)
    if order is Order.DEADLINE:
        return (not record.is_open, far, record.id)
    return (not record.is_open, record.priority, far, record.id)


def _required(form: type) -> tuple[str, ...]:
    return tuple(field.name for field in msgspec.structs.fields(form) if field.required)
