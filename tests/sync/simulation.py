"""One seed is one schedule of work, faults, revoked rights and restores over the shipped code on
both sides; at its end all faults stop and the invariants of sync.md §4.7 are asked.

The oracles look at the database's rows and log, at what the provider delivered, at counterfactual
forecasts and at notes of their own; never at the protocol's own bookkeeping.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from random import Random

import msgspec

from tests.sync.district_server import Forbidden, Resync
from tests.sync.real_district import (
    OTHER_TOWN,
    TOWN,
    TOWNS,
    Provider,
    RealDistrict,
    ServerCrash,
)
from tests.sync.station import Station
from tests.sync.workstation import Crash
from tests.unit.domain.builders import BLOB, SECOND
from xiuzhou_desktop.backend import feed
from xiuzhou_desktop.backend.housekeeping import KEEP_TOMBSTONES, keep_house
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import receipts, records
from xiuzhou_desktop.client.sync.entry import BAD, WITHDRAWN, Entry
from xiuzhou_desktop.client.views import Draft, OutboxStatus
from xiuzhou_desktop.domain.canonical import canonical, format_instant
from xiuzhou_desktop.domain.command import Command, Expect
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.grants import grants_for
from xiuzhou_desktop.domain.ids import DISTRICT, CommandId, RecordId, Scope
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.workflow import Actor, Moves, Role

FAULTS = (
    "drop_request", "drop_answer", "duplicate", "delay", "late_answer", "crash", "cut", "fuse",
    "late_page",
)  # fmt: skip
WEIGHTS = {
    "officer": 26, "push": 22, "pull": 20, "late": 6, "world": 10, "timers": 4, "effects": 4,
    "evict": 2, "fetch": 2, "rights": 3, "house": 1, "restore": 3,
}  # fmt: skip
DEVICE = Actor(
    user="device:seen", name="seen", roles=frozenset({Role.DEVICE}),
    grants=grants_for([(Role.DEVICE, DISTRICT)]),
)  # fmt: skip
PLATES = ("浙F11111", "浙F22222")
SCOPES = (
    frozenset({TOWN}), frozenset({OTHER_TOWN}), frozenset({TOWN, OTHER_TOWN}),
    frozenset({DISTRICT}),
)  # fmt: skip
OFFICER = frozenset({Role.DUTY_OFFICER})
SUPERVISOR = OFFICER | {Role.SUPERVISOR}
ROUNDS = 40


class Simulation:
    """Server, workstations and the dice."""

    def __init__(self, seed: int, template: Path, folder: Path) -> None:
        self.random = r = Random(seed)
        self.server = RealDistrict(template, folder, Provider(deduplicates=r.random() < 0.5))
        users = ("duty", "duty2", "town")[: r.choice((2, 3, 3))]
        self.stations = [Station(u, self.server, r, n) for n, u in enumerate(users, start=1)]
        rare = {"officer", "push", "pull"}
        self.weights = [
            weight * r.choice((0.3, 1, 1, 3)) * (name in rare or r.random() > 0.15)
            for name, weight in WEIGHTS.items()
        ]
        self.faults = ["ok"] * r.choice((1, 3, 6)) + r.sample(FAULTS, r.randint(2, len(FAULTS)))
        self.n = 0
        self.server.between = self._between
        for _ in range(5):
            self._detect()

    def close(self) -> None:
        self.server.close()

    def run(self, steps: int) -> None:
        for _ in range(self.random.randint(steps // 2, steps * 3 // 2)):
            self.server.wall.advance(seconds=self.random.choice((5, 60, 60, 300)))
            station, act = self.random.choice(self.stations), self._drawn()
            try:
                getattr(self, f"_{act}")(station)
            except Crash:
                station.restart()
            except ServerCrash:
                self.server.provider.crash_after = False
            finally:
                station.fuse.left = None
                self.server.cut_after = None
        self._heal()

    def _drawn(self) -> str:
        return self.random.choices(list(WEIGHTS), self.weights)[0]

    # -- steps ------------------------------------------------------------------------------------

    def _officer(self, station: Station) -> None:
        r = self.random
        bad = [e for e in station.outbox.unsettled() if station.resolver.needs_a_person(e.id)]
        if bad and r.random() < 0.35:
            station.settle(r.choice(bad), mine=r.random() < 0.6)
            return
        fresh = [e for e in station.outbox.pending() if not e.first_epoch]
        if fresh and r.random() < 0.05:
            station.withdrawn |= set(station.resolver.undo(r.choice(fresh).id))
            return
        for _ in range(r.choice((1, 2, 3))):
            station.valid = timedelta(minutes=r.choice((30, 480, 4320)))
            draft = self._report() if r.random() < 0.1 else self._verdict(station)
            if draft is not None:
                station.decide(draft)

    def _report(self) -> Draft:
        args = {"category": "05-05", "address": "中山西路", "channel": "phone"}
        kind = self.random.choice((Kind.FLAG, Kind.FLAG, Kind.ORDER))
        if kind is Kind.FLAG and self.random.random() < 0.7:
            args |= {"plate": self.random.choice(PLATES), "plate_colour": "blue"}
        return Draft(kind=kind, record=None, transition="report", args=args)

    def _verdict(self, station: Station) -> Draft | None:
        found = station.records()
        kind, record, state = self._pointed_at(station, found)
        if record is None:
            return None
        transition = self._row(kind, state, OFFICER)
        if transition is None:
            return None
        flags = [i for k, i in found if k is kind] or [record]
        args = self._args(kind, transition, self.random.choice(flags))
        return Draft(kind=kind, record=record, transition=transition, args=args)

    def _pointed_at(
        self, station: Station, found: list[tuple[Kind, RecordId]]
    ) -> tuple[Kind, RecordId | None, str | None]:
        """A record that the officer sees, mostly one that is open, and its state if it is known."""
        lively = [one for one in found if one[0] in (Kind.FLAG, Kind.ORDER, Kind.TASK)]
        for kind, record in self.random.sample(lively, len(lively)):
            seen = station.view.find(record)
            if seen is not None and (seen.record.is_open or self.random.random() < 0.1):
                return kind, record, None if seen.is_undecided else str(seen.record.state)
        return Kind.FLAG, None, None

    def _row(self, kind: Kind, state: str | None, roles: frozenset[Role]) -> str | None:
        rows = [
            row
            for row in KINDS[kind].transitions
            if row.sources and row.roles & roles and (state is None or state in row.sources)
        ]
        moving = [row for row in rows if row.moves is Moves.WORKFLOW]
        chosen = moving if moving and self.random.random() < 0.8 else rows
        return self.random.choice(chosen).name if chosen else None

    def _args(self, kind: Kind, transition: str, other: RecordId) -> Mapping[str, object]:
        given: dict[str, Mapping[str, object]] = {
            "attach": {"parent": other}, "merge": {"parent": other},
            "correct_plate": {"plate": self.random.choice(PLATES), "colour": "blue"},
            "serve_order": {"minutes": 1}, "file": {"second_officer": SECOND},
            "penalise_simple": {"second_officer": SECOND, "document_no": "1"},
            "transfer": {"to": "other"}, "void_notice": {"reason": "错"},
            "reopen": {"reason": "错"},
            "second_frame": {"at": format_instant(self.server.now), "blob": BLOB},
            "dispatch": {"unit": "一中队"}, "feedback": {"photos": [BLOB]}, "reply": {"text": "好"},
            "rework": {"reason": "不够"}, "return_": {"reason": "不归"},
        }  # fmt: skip
        if (kind, transition) in ((Kind.TASK, "return_"), (Kind.ORDER, "file")):
            return {}
        return given.get(transition, {})

    def _push(self, station: Station) -> None:
        fault = self._fault(station)
        station.push(fault, self.random.randint(1, 4))

    def _pull(self, station: Station) -> None:
        fault = self._fault(station)
        try:
            if fault == "late_page":
                station.pull_late(self.random.randint(1, 4))
            station.pull(fault, self.random.randint(1, 4))
        except Resync:
            return

    def _fault(self, station: Station) -> str:
        fault = self.random.choice(self.faults)
        if fault == "fuse":
            station.fuse.left = self.random.randint(0, 6)
            station.fuse.is_before = self.random.random() < 0.5
        if fault == "cut":
            self.server.cut_after = self.random.randint(0, 2)
            return "drop_answer"
        return fault

    def _late(self, station: Station) -> None:
        station.deliver_late()

    def _between(self) -> None:
        if self.random.random() < 0.15:
            self._world(self.stations[0])
        if self.random.random() < 0.05:
            self._rights(self.random.choice(self.stations))

    def _world(self, _: Station) -> None:
        draw, found = self.random.random(), self.server.rows()
        movable = [row for row in found if row.kind in ("flag", "order", "task")]
        if draw < 0.3 or not movable:
            self._detect()
            return
        row = self.random.choice(movable)
        if draw < 0.42:
            scope = self.random.choice((DISTRICT, TOWN, OTHER_TOWN))
            record = self._record(row.id)
            self.server.write(msgspec.structs.replace(record, scope=scope))
        elif draw < 0.46:
            self.server.erase(row.id)
        else:
            self._colleague(row.id)

    def _record(self, record: str) -> object:
        with self.server.store.snapshot() as connection:
            return records.find(connection, record)

    def _colleague(self, record_id: str) -> None:
        with self.server.store.snapshot() as connection:
            record = records.find(connection, record_id)
        assert record is not None
        transition = self._row(record.kind, str(record.state), SUPERVISOR)
        if transition is None:
            return
        others = [row.id for row in self.server.rows() if row.kind == record.kind.value]
        args = self._args(record.kind, transition, RecordId(self.random.choice(others)))
        self.server.colleague(
            self._command(transition, record.kind, record.id, args, record.state_version)
        )

    def _detect(self) -> None:
        args = {
            "source": "seen", "external_id": f"e{self.n}", "category": "05-05",
            "captured_at": format_instant(self.server.now), "address": "中山西路",
            "plate": self.random.choice(PLATES), "plate_colour": "blue",
            "scope": self.random.choice((DISTRICT, TOWN, OTHER_TOWN)),
        }  # fmt: skip
        record = RecordId(f"{self.n:08x}-0000-8000-9000-000000000000")
        self.server.act(DEVICE, self._command("detect", Kind.FLAG, record, args, None))

    def _command(
        self, transition: str, kind: Kind, record: RecordId, args: Mapping[str, object],
        version: int | None,
    ) -> Command:  # fmt: skip
        self.n += 1
        expect = Expect(absent=True) if version is None else Expect(state_version=version)
        return Command(
            id=CommandId(f"{self.n:08x}-0000-7000-9000-ffffffffffff"), client_seq=self.n,
            kind=kind, record=record, transition=transition, expect=expect, args=args,  # type: ignore[arg-type]
            issued_at=self.server.now, not_after=self.server.now + timedelta(days=1),
        )  # fmt: skip

    def _timers(self, _: Station) -> None:
        self.server.run_timers(zombie=self.random.random() < 0.5)

    def _effects(self, _: Station) -> None:
        provider = self.server.provider
        provider.fails = self.random.random() < 0.1
        provider.crash_after = self.random.random() < 0.3
        self.server.outbox.turn()
        provider.crash_after = False
        self.server.watch()

    def _evict(self, station: Station) -> None:
        keep = frozenset(station.view.overlay())
        station.feed.evict(self.random.randint(1, 3), keep)

    def _fetch(self, station: Station) -> None:
        grants = frozenset(station.cache.parts())
        stubs = [i for i in station.cache.ids_of(grants) if station.cache.record(i) is None]
        rows = {row.id: row for row in self.server.rows()}
        wanted = [i for i in stubs if i in rows]
        if not wanted:
            return
        row = rows[self.random.choice(wanted)]
        with self.server.store.reading() as tables:
            person = tables.person(station.user)
            try:
                raw = bytes(feed.single(tables, person, row.kind, row.id))
            except ProblemError:
                return
        station.late_fetches.append((self.server.session(station.user).epoch, raw))
        if self.random.random() < 0.3:
            station.deliver_late()

    def _rights(self, station: Station) -> None:
        before = self.server.scopes_then.get(station.user, SCOPES[3])
        scopes = self.random.choice((*SCOPES, before, before))
        self.server.allow(station.user, scopes)

    def _house(self, _: Station) -> None:
        later = self.server.now + KEEP_TOMBSTONES - timedelta(minutes=30)
        keep_house(self.server.store, later, later)

    def _restore(self, _: Station) -> None:
        if self.server.backup is None or self.random.random() < 0.3:
            self.server.back_up()
        else:
            self.server.restore()

    # -- the end ----------------------------------------------------------------------------------

    def _heal(self) -> None:
        """All faults end, nobody types anything more: everything must drain by itself."""
        self.server.provider.fails = False
        self.server.between = lambda: None
        for station in self.stations:
            station.restart() if self.random.random() < 0.2 else station.deliver_late()
        for wait in (timedelta(0), timedelta(hours=2)):
            self.server.wall.at += wait
            self._drain()
            self._work_off()
        for _ in range(3):
            self._drain()

    def _drain(self) -> None:
        for _ in range(ROUNDS):
            before = self.server.ledger()
            for station in self.stations:
                self._caught_up(station)
                station.push()
                self._caught_up(station)
            if self.server.ledger() == before and not any(map(_is_sendable, self.stations)):
                return

    def _caught_up(self, station: Station) -> None:
        for _ in range(ROUNDS):
            try:
                if not station.pull("ok", 100):
                    return
            except (Resync, Forbidden):
                continue
        self.server.complaints.append(f"I7 {station.user} never catches up")

    def _work_off(self) -> None:
        for _ in range(ROUNDS):
            done = self.server.run_timers(zombie=False) + self.server.outbox.turn()
            self.server.watch()
            self.server.wall.advance(seconds=30)
            if not done:
                return


def _is_sendable(station: Station) -> bool:
    return any(one.status is OutboxStatus.QUEUED for one in station.push_core.ready())


def verdict(sim: Simulation) -> str | None:
    """The first invariant that does not hold."""
    server = sim.server
    if server.complaints:
        return server.complaints[0]
    ledger = server.ledger()
    if twice := [one for one, times in ledger.items() if times > 1]:
        return f"I2 applied twice: {twice[0]}"
    found = _of_outside(server, ledger) or _of_guards(server)
    for station in sim.stations:
        found = found or _of_cache(server, station) or _of_journal(server, station, ledger)
    return found


def _of_outside(server: RealDistrict, ledger: Mapping[str, int]) -> str | None:
    """I2, I11: effects."""
    with server.store.snapshot() as connection:
        owed = list(connection.exec_driver_sql("SELECT command_id, place, state, kind FROM effect"))
    for key, times in server.provider.delivered.items():
        if times > 1:
            return f"I11 delivered {times} times: {key}"
        command = key.split("/")[0]
        if times and command not in ledger and command not in server.lost:
            return f"I2 effect of a command that was not applied: {key}"
    for row in owed:
        if row.state in ("queued", "check", "sending"):
            return f"I11 effect never carried out: {row.command_id} {row.state}"
        if row.kind == "sms" and row.state == "sent":
            if not server.provider.delivered[f"{row.command_id}/{row.place}"]:
                return f"I11 said to be sent, not delivered: {row.command_id}"
    return None


def _of_guards(server: RealDistrict) -> str | None:
    """I13: over all records, whatever their scope."""
    under: Counter[tuple[str, str]] = Counter()
    for row in server.rows():
        doc = msgspec.json.decode(row.doc)
        is_live = (
            (row.kind == "task" and doc["closed_at"] is None)
            or (row.kind == "notice" and doc["state"] in ("QUEUED", "SENT"))
            or row.kind == "case"
        )
        if is_live and doc["parent_id"]:
            under[row.kind, doc["parent_id"]] += 1
    return next((f"I13 {n} × {kind} under {i}" for (kind, i), n in under.items() if n > 1), None)


def _of_cache(server: RealDistrict, station: Station) -> str | None:
    """I3, I6: the cache is the server's records filtered by rights, stubs included."""
    want = {r.id: r for r in server.rows() if server.may_read(station.user, r.kind, r.scope)}
    ids = station.cache.ids_of(frozenset(station.cache.parts()))
    have = {i: brief.seq for i, brief in station.cache.briefs(ids).items()}
    if have != {i: row.seq for i, row in want.items()}:
        extra, lacking = have.keys() - want.keys(), want.keys() - have.keys()
        return f"I3 {station.user}: too many {sorted(extra)[:2]}, lacking {sorted(lacking)[:2]}"
    for i, row in want.items():
        record = station.cache.record(RecordId(i))
        if record is not None and canonical(record) != row.doc.encode():
            return f"I3 {station.user}: {i} differs in content"
    if station.outside:
        return f"I6 {station.user} was told of {station.outside[0]}"
    return f"I3 digest alarm at {station.user}" if station.alarms else None


def _of_journal(server: RealDistrict, station: Station, ledger: Mapping[str, int]) -> str | None:
    """I1, I2, I9, I10, I16: every command that was saved, and what became of it."""
    kept = {entry.id: entry for entry in station.journal.entries()}
    if lost := [one for one in station.saved if one not in kept]:
        return f"I1 vanished: {lost[0]}"
    for entry in kept.values():
        if found := _of_entry(station, entry, ledger, kept):
            return f"{found}: {entry.command.transition} {entry.id} of {station.user}"
    for cause, saved in station.truth:
        if saved in ledger and cause not in ledger:
            return f"I10 {saved} was applied, its cause {cause} was not"
    return _of_log(server, station, kept) or _of_receipts(server, station, ledger)


def _of_entry(
    station: Station, entry: Entry, ledger: Mapping[str, int], kept: Mapping[str, Entry]
) -> str | None:
    is_done = entry.id in ledger
    if entry.status in BAD:
        return "I2 refused though applied" if is_done else None
    if entry.status in WITHDRAWN:
        if entry.id not in station.withdrawn:
            return "I1 withdrawn by nobody"
        return "I2 withdrawn though applied" if is_done else None
    if entry.status is OutboxStatus.APPLIED and not station.outbox.is_pending(entry):
        return None if is_done else "I1 applied but not there"
    if is_done:
        return "I1 applied and not told"
    return None if _is_parked(entry, kept) else "I1 stuck"


def _is_parked(entry: Entry, kept: Mapping[str, Entry]) -> bool:
    causes = [kept[one] for one in entry.command.after if one in kept]
    return any(
        cause.status in BAD or cause.status in WITHDRAWN or _is_parked(cause, kept)
        for cause in causes
    )


def _of_log(server: RealDistrict, station: Station, kept: Mapping[str, Entry]) -> str | None:
    for row in server.logged():
        entry = kept.get(row.command_id)
        if entry is None:
            continue
        if row.at > format_instant(entry.command.not_after):
            return f"I9 {row.command_id} was carried out too late"
        seen = station.seen.get(row.command_id)
        is_target = row.id == entry.command.record
        if is_target and seen is not None and row.from_state not in (None, seen):
            return f"I10 {row.command_id} met {row.from_state}, its officer saw {seen}"
    return None


def _of_receipts(server: RealDistrict, station: Station, ledger: Mapping[str, int]) -> str | None:
    with server.store.snapshot() as connection:
        for command, told in station.told.items():
            result = receipts.load(connection, command) if command in ledger else None
            if result and result.receipt and result.receipt.digest != told:
                return f"I16 {command} was told one outcome and holds another"
    return None


def scope_names() -> tuple[Scope, ...]:
    """The towns of the oracle's own table; a test holds them equal to the product's."""
    return tuple(Scope(one) for one in TOWNS)
