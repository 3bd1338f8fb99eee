"""One seed is one schedule of work, faults, revoked rights and restores over the shipped code on
both sides; at its end all faults stop and the invariants of sync.md §4.7 are asked.

The oracles look at the database's rows and log, at what the provider delivered, at counterfactual
forecasts and at notes of their own; never at the protocol's own bookkeeping.
"""

from bisect import bisect
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from itertools import accumulate
from random import Random

import msgspec

from tests.sync.backing import Backing
from tests.sync.district_server import Forbidden, Resync
from tests.sync.oracles import UNENDED, verdict
from tests.sync.outside import Cut, Provider, ServerCrash
from tests.sync.real_district import ALL_TOWNS, OTHER_TOWN, TOWN, RealDistrict
from tests.sync.station import Station
from tests.sync.workstation import Crash
from tests.unit.domain.builders import BLOB, SECOND
from xiuzhou_desktop.backend.housekeeping import KEEP_TOMBSTONES, forget_old
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.client.views import Draft
from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.domain.command import Command, Expect
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.grants import grants_for
from xiuzhou_desktop.domain.ids import DISTRICT, CommandId, RecordId
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.workflow import Actor, Moves, Role

FAULTS = (
    "drop_request", "drop_answer", "duplicate", "delay", "late_answer", "crash", "cut_batch",
    "cut_body", "half_open", "fuse", "server_fuse", "late_page",
)  # fmt: skip
WEIGHTS = {
    "officer": 26, "push": 22, "pull": 20, "late": 8, "world": 12, "timers": 4, "effects": 8,
    "evict": 2, "fetch": 2, "rights": 4, "house": 1, "restore": 4, "clock": 1, "schema": 0.5,
}  # fmt: skip
ACTS = tuple(WEIGHTS)
DEVICE = Actor(
    user="device:seen", name="seen", roles=frozenset({Role.DEVICE}),
    grants=grants_for([(Role.DEVICE, DISTRICT)]),
)  # fmt: skip
MOVABLE = (Kind.FLAG, Kind.ORDER, Kind.TASK)
TELLING = ("confirm",)  # spawns two records and owes a message: most rules are about it
PLATES = ("浙F11111", "浙F22222")
SCOPES = (frozenset({TOWN}), frozenset({OTHER_TOWN}), ALL_TOWNS)
OFFICER = frozenset({Role.DUTY_OFFICER})
SUPERVISOR = OFFICER | {Role.SUPERVISOR}
PASSES = tuple(timedelta(seconds=seconds) for seconds in (5, 60, 60, 300))
ROUNDS = 40
STEPS, MOST_STEPS = 70, 1_000


class Simulation:
    """Server, workstations and the dice."""

    def __init__(self, seed: int, backing: Backing) -> None:
        self.seed, self.random = seed, Random(seed)
        r = self.random
        self.trace: list[list[object]] = []
        self.server = RealDistrict(backing, Provider(deduplicates=r.random() < 0.5))
        users = ("duty", "duty2", "town")[: r.choice((2, 2, 2, 3))]
        self.stations = [Station(u, self.server, r, n) for n, u in enumerate(users, start=1)]
        rare = {"officer", "push", "pull"}
        self.weights = [
            weight * r.choice((0.3, 1, 1, 3)) * (name in rare or r.random() > 0.15)
            for name, weight in WEIGHTS.items()
        ]
        self.faults = ["ok"] * r.choice((1, 3, 6)) + r.sample(FAULTS, r.randint(2, len(FAULTS)))
        self.heaps = list(accumulate(self.weights))
        self.n, self.has_backup = 0, False
        self.server.between = self._between
        self._begin()

    def _begin(self) -> None:
        """Five reports; what they leave follows from what was drawn, so each is judged once."""
        drawn: tuple[object, ...] = ()
        for _ in range(5):
            one = self._detected()
            drawn = (*drawn, one.args["plate"], one.args["scope"])
            self.server.backing.once(drawn, partial(self.server.act, DEVICE, one))
        self.server.watch()

    def run(self, without: frozenset[int]) -> None:
        """Each step has dice of its own, so that one can be left out and the others stay."""
        for place in range(self.random.randint(STEPS // 2, STEPS * 3 // 2)):
            if place not in without:
                self.random.seed(self.seed * MOST_STEPS + place)
                self._step(place)
        self.random.seed(self.seed)
        self._heal()

    def let_go(self) -> None:
        """Untie what holds each other, so that all of it goes at once: to look for its cycles costs
        a twentieth of a schedule.
        """
        for tied in (*self.stations, self.server, self):
            vars(tied).clear()

    def _step(self, place: int) -> None:
        self.server.wall.at += self.random.choice(PASSES)
        station, act = self.random.choice(self.stations), self._drawn()
        self.trace.append([place, self.server.now, station.user, act])
        try:
            getattr(self, f"_{act}")(station)
        except Crash:
            self._happened("and its process ends")
            station.restart()
        except ServerCrash:
            self._happened("and the server's process ends")
            self.server.open()
        except (Cut, Resync):
            self._happened("in vain")  # the next turn asks again
        finally:
            self._faults_end(station)
        if flicker := station.flickers():
            self.server.complaints.append(flicker)

    def _happened(self, *what: str) -> None:
        self.trace[-1].extend(what)

    def _faults_end(self, station: Station) -> None:
        self.server.provider.crashes_after = False
        self.server.fuse.left = station.fuse.left = None
        self.server.cut_after = station.wire.cut = None

    def _drawn(self) -> str:
        """As `random.choices` draws, without its questions."""
        return ACTS[bisect(self.heaps, self.random.random() * self.heaps[-1], 0, len(ACTS) - 1)]

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
        station.valid = timedelta(minutes=r.choice((30, 480, 4320)))
        draft = self._report() if r.random() < 0.1 else self._verdict(station)
        if draft is not None:
            told = station.decide(draft)
            self._happened(draft.transition, draft.record or told.record)

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
        telling = [row for row in rows if row.name in TELLING]
        if telling and self.random.random() < 0.4:
            return telling[0].name
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
        if self._is_away(station):
            return
        fault = self._fault(station)
        station.push(fault, self.random.randint(1, 4))

    def _pull(self, station: Station) -> None:
        if self._is_away(station):
            return
        fault = self._fault(station)
        if fault == "late_page":
            station.pull_late(self.random.randint(1, 4))
            if self.random.random() < 0.5:  # it is still under way when the next thing happens
                return
        station.pull(fault, self.random.randint(1, 4))

    def _is_away(self, station: Station) -> bool:
        """No way to the server: half open, or the program is too old for it."""
        if station.stalled:
            station.stalled -= 1
        return station.stalled > 0 or station.is_old

    def _fault(self, station: Station) -> str:
        fault = self.random.choice(self.faults)
        self._happened(fault)
        if fault == "fuse":
            station.fuse.draw(self.random, 6)
        if fault == "server_fuse":
            self.server.fuse.draw(self.random, 3)
        if fault == "cut_body":
            station.wire.cut = lambda length: self.random.randrange(length)
        if fault == "cut_batch":
            self.server.cut_after = self.random.randint(0, 2)
        if fault == "half_open":
            station.stalled = self.random.randint(1, 6)
        return "drop_answer" if fault in ("cut_batch", "half_open") else fault

    def _late(self, station: Station) -> None:
        station.deliver_one()

    def _between(self) -> None:
        if self.random.random() < 0.15:
            self._world(self.stations[0])
        if self.random.random() < 0.05:
            self._rights(self.random.choice(self.stations))

    def _world(self, _: Station) -> None:
        draw, found = self.random.random(), self.server.backing.records()
        movable = [one for _, one in sorted(found.items()) if one.kind in MOVABLE]
        if draw < 0.3 or not movable:
            self._detect()
            return
        one = self.random.choice(movable)
        if draw < 0.42:
            scope = self.random.choice((TOWN, OTHER_TOWN))
            self.server.write(msgspec.structs.replace(one, scope=scope))
        elif draw < 0.54:
            self.server.erase(one.id)
        else:
            self._colleague(one, [other.id for other in movable if other.kind is one.kind])

    def _colleague(self, record: Record, others: list[RecordId]) -> None:
        transition = self._row(record.kind, str(record.state), SUPERVISOR)
        if transition is None:
            return
        args = self._args(record.kind, transition, self.random.choice(others))
        self.server.colleague(
            self._command(transition, record.kind, record.id, args, record.state_version)
        )

    def _detect(self) -> None:
        self.server.act(DEVICE, self._detected())

    def _detected(self) -> Command:
        args = {
            "source": "seen", "external_id": f"e{self.n}", "category": "05-05",
            "captured_at": format_instant(self.server.now), "address": "中山西路",
            "plate": self.random.choice(PLATES), "plate_colour": "blue",
            "scope": self.random.choice((TOWN, OTHER_TOWN)),
        }  # fmt: skip
        record = RecordId(f"{self.n:08x}-0000-8000-9000-000000000000")
        return self._command("detect", Kind.FLAG, record, args, None)

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
        provider.crashes_after = self.random.random() < 0.3
        if self.random.random() < 0.3:
            self.server.fuse.draw(self.random, 4)
        self.server.outbox.turn()
        self.server.watch()

    def _evict(self, station: Station) -> None:
        keep = frozenset(station.view.overlay())
        station.feed.evict(self.random.randint(1, 3), keep)

    def _fetch(self, station: Station) -> None:
        grants = frozenset(station.cache.parts())
        stubs = [i for i in station.cache.ids_of(grants) if station.cache.record(i) is None]
        rows = self.server.backing.records()
        wanted = [i for i in stubs if i in rows]
        if not wanted:
            return
        try:
            raw = self.server.single(station.user, rows[self.random.choice(wanted)])
        except ProblemError:
            return
        station.late_fetches.append((self.server.session(station.user).epoch, raw))
        if self.random.random() < 0.3:
            station.deliver_late()

    def _rights(self, station: Station) -> None:
        before = self.server.scopes_then[station.user]
        scopes = self.random.choice((*SCOPES, before, before))
        self.server.allow(station.user, scopes)

    def _house(self, _: Station) -> None:
        later = self.server.now + KEEP_TOMBSTONES - timedelta(minutes=30)
        with self.server.store.writing() as tables:
            forget_old(tables, later)

    def _restore(self, _: Station) -> None:
        if not self.has_backup or self.random.random() < 0.3:
            self.has_backup = True
            self.server.back_up()
        else:
            self.server.restore()

    def _clock(self, station: Station) -> None:
        """Hours pass, a clock is set back, a workstation's is minutes wrong."""
        self.server.wall.advance(seconds=self.random.choice((-120, 3_600, 6 * 3_600)))
        station.skew = timedelta(minutes=self.random.randint(-5, 5))

    def _schema(self, station: Station) -> None:
        """The server asks for a newer program; later the workstation gets it."""
        if station.is_old:
            station.upgrade()
        station.is_old = not station.is_old and self.random.random() < 0.7

    # -- the end ----------------------------------------------------------------------------------

    def _heal(self) -> None:
        """All faults end, nobody types anything more: everything must drain by itself."""
        self.server.provider.fails = False
        self.server.between = lambda: None
        for station in self.stations:
            if station.is_old:
                station.upgrade()
            elif self.random.random() < 0.2:
                station.restart()
            else:
                station.deliver_late()
        self._settle()
        if self.server.is_replaying():
            self.server.wall.advance(hours=2)
            self._settle()
        if any(owed.state in UNENDED for owed in self.server.backing.owed()):
            self.server.wall.advance(hours=14)  # no message goes out at night
            self._settle()
        self._drain()
        for station in self.stations:
            self._begun_anew(station)

    def _begun_anew(self, station: Station) -> None:
        """I8: the view follows from cache and journal alone."""
        before = {i: (o.record, o.commands) for i, o in station.view.overlay().items()}
        station.open()
        if before != {i: (o.record, o.commands) for i, o in station.view.overlay().items()}:
            self.server.complaints.append(f"I8 {station.user}'s view is another after a start")

    def _settle(self) -> None:
        self._drain()
        self._work_off()

    def _drain(self) -> None:
        for _ in range(ROUNDS):
            before = self._standing()
            for station in self.stations:
                self._caught_up(station)
                station.push()
            if self._standing() == before:  # what is held stays so until time passes
                return

    def _standing(self) -> tuple[object, ...]:
        """What a round of pulls and pushes may move: the feed, and what the journals still owe."""
        owed = (one for station in self.stations for one in station.outbox.pending())
        return self.server.horizon(), *((one.id, one.status) for one in owed)

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


def run(simulation: Simulation, without: frozenset[int] = frozenset()) -> str | None:
    """Run a schedule, without some of its steps; the first invariant that it breaks."""
    simulation.run(without)
    return verdict(simulation.server, simulation.stations)
