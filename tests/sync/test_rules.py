"""The rules of sync.md §4.4–4.6, one by one, on the shipped core with memory stores and a district
in memory.
"""

from datetime import timedelta
from random import Random

import msgspec
import pytest

from tests.sync.district_server import DistrictServer, grant_of
from tests.sync.workstation import Crash, Workstation
from tests.unit.domain.builders import DUTY, MORNING, a_flag, rid
from xiuzhou_desktop.client.sync.entry import BAD, Entry
from xiuzhou_desktop.client.sync.pull import Source
from xiuzhou_desktop.client.sync.store import GrantState
from xiuzhou_desktop.client.sync.stored import read_envelope
from xiuzhou_desktop.client.views import Forecast, OutboxStatus
from xiuzhou_desktop.contract.sync import PullRequest
from xiuzhou_desktop.domain.canonical import canonical
from xiuzhou_desktop.domain.envelope import Kind, KindGroup, Record, grant_for
from xiuzhou_desktop.domain.ids import DISTRICT, Grant, RecordId, Scope, spawned_id

ALL = DUTY.grants
TOWN = Scope("330411103")


def a_flag_at(number: int, **columns: object) -> Record:
    return msgspec.structs.replace(a_flag(), id=rid(number), **columns)


@pytest.fixture
def server() -> DistrictServer:
    server = DistrictServer(MORNING, ALL, DUTY)
    server.put(a_flag_at(1), a_flag_at(2, subject_key="plate:浙F22222/blue"))
    return server


@pytest.fixture
def desk(server: DistrictServer) -> Workstation:
    desk = Workstation("duty", server)
    desk.sync()
    return desk


def test_a_saved_command_shows_at_once_and_stays_so_until_the_feed_brings_it(
    server: DistrictServer, desk: Workstation
) -> None:
    desk.save(Kind.FLAG, rid(1), "dismiss")
    assert desk.state(rid(1)) == "FALSE_ALARM"
    desk.push()
    assert desk.state(rid(1)) == "FALSE_ALARM"
    desk.pull_all()
    assert desk.state(rid(1)) == "FALSE_ALARM"
    assert server.records[rid(1)].state == "FALSE_ALARM"


def test_a_refused_forecast_saves_nothing(desk: Workstation) -> None:
    desk.save(Kind.FLAG, rid(1), "dismiss")
    told = desk.save(Kind.FLAG, rid(1), "confirm")
    assert told.command is None and told.forecast is Forecast.REFUSED
    assert len(desk.outbox.pending()) == 1


def test_work_goes_on_with_records_that_exist_only_in_the_outbox(
    server: DistrictServer, desk: Workstation
) -> None:
    told = desk.save(
        Kind.FLAG, None, "report", category="05-05", address="中山西路 12 号", channel="phone"
    )
    desk.save(Kind.FLAG, told.record, "send_onsite")
    assert told.command is not None
    assert desk.state(told.record) == "L3_DISPATCHED"
    desk.sync()
    assert server.records[told.record].state == "L3_DISPATCHED"
    assert not desk.outbox.unsettled()


def test_a_command_waits_for_own_commands_that_write_its_record(desk: Workstation) -> None:
    first = desk.save(Kind.FLAG, rid(1), "confirm")
    second = desk.save(Kind.FLAG, rid(1), "send_onsite")
    assert first.command and second.command
    entry = desk.outbox.get(second.command)
    assert entry is not None
    assert entry.command.after == (first.command,)
    assert entry.writer == first.command
    assert entry.command.expect is None
    assert [one.id for one in desk.push_core.ready()] == [first.command]


def test_a_refusal_parks_exactly_its_dependants(server: DistrictServer, desk: Workstation) -> None:
    refused = desk.save(Kind.FLAG, rid(1), "confirm")
    parked = desk.save(Kind.FLAG, rid(1), "send_onsite")
    free = desk.save(Kind.FLAG, rid(2), "dismiss")
    server.colleague(Kind.FLAG, rid(1), "dismiss")
    desk.sync()
    assert refused.command and parked.command and free.command
    assert desk.outbox.causes() == {parked.command: refused.command}
    assert desk.outbox.get(refused.command).status is OutboxStatus.CONFLICT  # type: ignore[union-attr]
    assert server.records[rid(2)].state == "FALSE_ALARM"
    assert desk.state(rid(1)) == "FALSE_ALARM"


def test_theirs_drops_one_and_leaves_each_dependant_to_its_own_decision(
    server: DistrictServer, desk: Workstation
) -> None:
    refused = desk.save(Kind.FLAG, rid(1), "confirm").command
    parked = desk.save(Kind.FLAG, rid(1), "send_onsite").command
    server.colleague(Kind.FLAG, rid(1), "dismiss")
    desk.sync()
    assert refused and parked
    entry = desk.resolver.needs_a_person(refused)
    assert entry is not None
    desk.resolver.theirs(entry)
    assert desk.outbox.causes() == {parked: refused}
    still = desk.resolver.needs_a_person(parked)
    assert still is not None
    desk.resolver.theirs(still)
    assert not desk.outbox.unsettled()


def test_an_expired_command_still_knows_what_would_have_come_of_it(
    server: DistrictServer, desk: Workstation
) -> None:
    server.put(a_flag())
    desk.sync()
    told = desk.save(Kind.FLAG, a_flag().id, "confirm")
    assert told.command
    server.now += timedelta(hours=73)
    desk.sync()
    entry = desk.resolver.needs_a_person(told.command)
    assert entry is not None and entry.status is OutboxStatus.EXPIRED and entry.besides
    assert entry.besides.makes == (Kind.NOTICE, Kind.RECTIFICATION_ORDER)
    assert [one.name for one in entry.besides.effects] == ["notice"]


def test_mine_again_is_a_new_command_and_its_dependants_follow_with_mapped_ids(
    server: DistrictServer, desk: Workstation
) -> None:
    told = desk.save(
        Kind.FLAG, None, "report", category="05-05", address="中山西路", channel="phone"
    )
    sent = desk.save(Kind.FLAG, told.record, "send_onsite")
    assert told.command and sent.command
    task = spawned_id(sent.command, 0)
    desk.save(Kind.TASK, task, "accept")
    desk.valid = timedelta(hours=72)
    server.now += timedelta(hours=73)
    desk.sync()
    entry = desk.resolver.needs_a_person(told.command)
    assert entry is not None and entry.status is OutboxStatus.EXPIRED
    again = desk.resolver.mine(entry, desk.moment())
    assert [one.forecast for one in again] == [Forecast.OUTCOME] * 3
    assert again[1].record == again[0].record != told.record
    assert again[1].command is not None
    assert again[2].record == spawned_id(again[1].command, 0)
    desk.sync()
    assert not desk.outbox.unsettled()
    assert server.records[again[0].record].state == "ACCEPTED"
    assert told.record not in server.records


def test_a_refused_mine_again_changes_nothing(server: DistrictServer, desk: Workstation) -> None:
    refused = desk.save(Kind.FLAG, rid(1), "confirm").command
    server.colleague(Kind.FLAG, rid(1), "dismiss")
    desk.sync()
    assert refused
    entry = desk.resolver.needs_a_person(refused)
    assert entry is not None
    (again,) = desk.resolver.mine(entry, desk.moment())
    assert again.forecast is Forecast.REFUSED
    assert desk.outbox.get(refused) == entry


def test_undo_drops_a_command_and_its_dependants_before_the_first_send(desk: Workstation) -> None:
    first = desk.save(Kind.FLAG, rid(1), "confirm").command
    second = desk.save(Kind.FLAG, rid(1), "send_onsite").command
    assert first and second
    assert desk.resolver.undo(first) == (first, second)
    assert desk.state(rid(1)) == "DETECTED"
    third = desk.save(Kind.FLAG, rid(1), "confirm").command
    assert third
    desk.push("drop_answer")
    assert desk.resolver.undo(third) == ()


def test_a_cause_that_left_another_state_than_the_officer_saw_is_a_conflict_unsent(
    server: DistrictServer, desk: Workstation
) -> None:
    first = desk.save(Kind.FLAG, rid(1), "confirm").command
    second = desk.save(Kind.FLAG, rid(1), "send_onsite").command
    assert first and second
    desk.push()
    entry = desk.outbox.get(first)
    assert entry is not None
    left = {rid(1): msgspec.structs.replace(entry.left[rid(1)], state="DUPLICATE")}
    desk.outbox.write(msgspec.structs.replace(entry, left=left))
    assert not desk.push()
    parked = desk.outbox.get(second)
    assert parked is not None and parked.status is OutboxStatus.CONFLICT
    assert server.records[rid(1)].state == "CONFIRMED"


def test_a_repeated_receipt_does_not_resurrect_a_deleted_record(
    server: DistrictServer, desk: Workstation
) -> None:  # R1
    desk.save(Kind.FLAG, rid(1), "annotate")
    desk.push("late_answer")
    desk.push("ok")
    desk.pull_all()
    server.delete(rid(1))
    desk.pull_all()
    desk.deliver_late()
    assert desk.cache.record(rid(1)) is None


def test_a_late_page_does_not_apply(server: DistrictServer, desk: Workstation) -> None:  # R2
    cursor = desk.cache.meta().cursor or ""
    server.put(a_flag_at(3))
    late = server.pull("duty", PullRequest(cursor=cursor, limit=100))
    desk.pull_all()
    server.delete(rid(3))
    desk.pull_all()
    assert desk.feed.page(late, server.now).is_stale
    assert desk.cache.record(rid(3)) is None


def test_an_answer_of_a_dead_epoch_is_dropped(
    server: DistrictServer, desk: Workstation
) -> None:  # R9
    server.back_up()
    desk.save(Kind.FLAG, rid(1), "dismiss")
    desk.push("late_answer")
    server.restore()
    desk.pull_all()
    desk.deliver_late()
    assert [entry.status for entry in desk.outbox] == [OutboxStatus.QUEUED]
    desk.sync()
    assert server.records[rid(1)].state == "FALSE_ALARM"


def test_applied_commands_are_replayed_after_a_restore_with_their_receipts(
    server: DistrictServer, desk: Workstation
) -> None:
    server.back_up()
    desk.save(Kind.FLAG, rid(1), "confirm")
    desk.sync()
    desk.save(Kind.FLAG, rid(1), "send_onsite")
    desk.sync()
    told = server.records[rid(1)]
    server.restore()
    desk.sync()
    assert server.records[rid(1)].state == told.state
    assert server.records[rid(1)].state_version == told.state_version
    assert all(count == 1 for count in server.effects.values())
    assert not desk.outbox.unsettled()


def test_a_grant_is_marked_before_its_first_record_and_purged_when_revoked_meanwhile(
    server: DistrictServer, desk: Workstation
) -> None:  # R5
    server.put(*(a_flag_at(n, scope=TOWN) for n in range(10, 20)))
    dispatch = grant_for(TOWN, KindGroup.DISPATCH)
    server.grants_of["duty"] = ALL - {dispatch}
    desk.pull_all()
    assert desk.cache.record(rid(10)) is None
    server.grants_of["duty"] = ALL
    with pytest.raises(Crash):
        desk.pull("crash", 100)
    assert desk.cache.parts()[dispatch].state is GrantState.LOADING
    assert desk.cache.ids_of(frozenset({dispatch}))
    server.grants_of["duty"] = ALL - {dispatch}
    desk.open()
    desk.pull_all()
    assert not desk.cache.ids_of(frozenset({dispatch}))


def test_a_record_that_moves_between_two_own_grants_stays(
    server: DistrictServer, desk: Workstation
) -> None:  # R6
    moved = msgspec.structs.replace(server.records[rid(1)], scope=TOWN)
    server.put(moved)
    desk.pull_all()
    found = desk.cache.record(rid(1))
    assert found is not None and found.scope == TOWN
    assert not desk.alarms


def test_an_evicted_record_leaves_a_stub_which_only_the_same_seq_fills(
    server: DistrictServer, desk: Workstation
) -> None:  # R20
    desk.save(Kind.FLAG, rid(1), "dismiss")
    desk.sync()
    epoch = server.epoch
    old = canonical(server.records[rid(1)])
    assert desk.feed.evict(10) == 1
    assert desk.cache.record(rid(1)) is None
    desk.pull_all()
    assert not desk.alarms
    newer = canonical(msgspec.structs.replace(server.records[rid(1)], seq=server.seq + 5))
    assert not desk.feed.fetched(epoch, newer)
    assert not desk.feed.fetched("another", old)
    assert desk.feed.fetched(epoch, old)
    assert desk.cache.record(rid(1)) is not None


def test_the_digest_is_not_compared_while_an_answer_is_ahead_of_the_feed(
    server: DistrictServer, desk: Workstation
) -> None:  # R21
    cursor = desk.cache.meta().cursor or ""
    before = server.pull("duty", PullRequest(cursor=cursor, limit=100))
    desk.save(Kind.FLAG, rid(1), "dismiss")
    desk.push()
    assert not desk.feed.page(before, server.now).mismatched


def test_a_wrong_cache_is_found_by_the_digest_and_repaired(
    server: DistrictServer, desk: Workstation
) -> None:
    ghost = read_envelope(canonical(a_flag_at(99, seq=1)))
    desk.feed.take([ghost], Source.SNAPSHOT)
    desk.pull_all()
    assert desk.alarms == 1
    assert desk.cache.record(rid(99)) is None
    desk.pull_all()
    assert desk.alarms == 1


def test_a_fact_in_a_grant_that_is_not_held_makes_the_forecast_undecided() -> None:
    grants = frozenset(g for g in ALL if g.startswith(f"{DISTRICT}:"))
    server = DistrictServer(MORNING, grants, DUTY)
    server.put(a_flag_at(1), a_flag_at(2))
    desk = Workstation("duty", server)
    desk.sync()
    told = desk.save(Kind.FLAG, rid(2), "attach", parent=rid(77))
    assert told.forecast is Forecast.UNDECIDED
    assert desk.state(rid(2)) is None
    follows = desk.save(Kind.FLAG, rid(2), "dismiss")
    assert follows.forecast is Forecast.UNDECIDED


def test_a_crash_between_the_two_steps_of_an_answer_is_harmless(
    server: DistrictServer, desk: Workstation
) -> None:
    desk.save(Kind.FLAG, rid(1), "dismiss")
    with pytest.raises(Crash):
        desk.push("crash")
    desk.open()
    assert desk.state(rid(1)) == "FALSE_ALARM"
    desk.sync()
    assert all(count == 1 for count in server.applied.values())
    assert not desk.outbox.unsettled()


def test_the_view_is_rebuilt_from_the_journal_alone(desk: Workstation) -> None:
    desk.save(Kind.FLAG, rid(1), "confirm")
    desk.save(Kind.FLAG, rid(1), "send_onsite")
    before = {i: (o.record, o.commands) for i, o in desk.view.overlay().items()}
    desk.open()
    assert {i: (o.record, o.commands) for i, o in desk.view.overlay().items()} == before


# -- schedules ------------------------------------------------------------------------------------

FAULTS = ("drop_request", "drop_answer", "duplicate", "delay", "late_answer", "crash")
ACTS = ("confirm", "dismiss", "send_onsite", "annotate", "void_notice", "reopen")


class Schedule:
    """Work, faults and restores drawn from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        town_or_all = ALL if self.random.random() < 0.7 else _half(ALL)
        self.server = DistrictServer(MORNING, town_or_all, DUTY)
        self.grants: list[frozenset[Grant]] = [town_or_all, _half(ALL), ALL]
        self.n = 0
        for _ in range(6):
            self.ingest()
        self.desk = Workstation("duty", self.server, self.random)
        self.faults = ["ok"] * self.random.choice((1, 3)) + list(
            self.random.sample(FAULTS, self.random.randint(1, len(FAULTS)))
        )
        self.may_restore = self.random.random() < 0.5

    def ingest(self) -> None:
        self.n += 1
        plate = self.random.choice(("浙F11111", "浙F22222"))
        scope = self.random.choice((DISTRICT, TOWN))
        self.server.put(a_flag_at(self.n, subject_key=f"plate:{plate}/blue", scope=scope))

    def run(self, steps: int) -> None:
        acts = (self.officer, self.push, self.pull, self.world, self.late)
        for _ in range(steps):
            self.server.now += timedelta(minutes=1)
            try:
                self.random.choices(acts, (30, 25, 20, 20, 5))[0]()
            except Crash:
                self.desk.open()
        self.heal()

    def officer(self) -> None:
        bad = [e for e in self.desk.outbox.unsettled() if self.desk.resolver.needs_a_person(e.id)]
        if bad and self.random.random() < 0.4:
            entry = self.random.choice(bad)
            if self.random.random() < 0.5:
                self.desk.resolver.theirs(entry)
            else:
                self.desk.resolver.mine(entry, self.desk.moment())
            return
        record = rid(self.random.randint(1, self.n))
        act = self.random.choice(ACTS)
        args: dict[str, object] = {"reason": "查错"} if act in ("void_notice", "reopen") else {}
        self.desk.save(Kind.FLAG, record, act, **args)

    def push(self) -> None:
        self.desk.push(self.random.choice(self.faults), self.random.randint(1, 4))

    def pull(self) -> None:
        self.desk.pull(self.random.choice(self.faults), self.random.randint(1, 4))

    def late(self) -> None:
        self.desk.deliver_late()

    def world(self) -> None:
        draw = self.random.random()
        records: list[RecordId] = sorted(self.server.records)
        if draw < 0.3:
            self.ingest()
        elif draw < 0.55:
            found = self.server.records[self.random.choice(records)]
            if found.kind is Kind.FLAG:
                self.server.colleague(Kind.FLAG, found.id, self.random.choice(ACTS[:3]))
        elif draw < 0.65:
            self.server.delete(self.random.choice(records))
        elif draw < 0.75:
            self.server.grants_of["duty"] = self.random.choice(self.grants)
        elif draw < 0.8:
            self.server.compact()
        elif draw < 0.9:
            self.server.back_up()
        elif self.may_restore:
            self.server.restore()

    def heal(self) -> None:
        """All faults end, nobody types anything more: everything must drain by itself."""
        self.desk.deliver_late()
        for _ in range(3):
            self.desk.sync()
            self.server.window_until = None
        self.desk.sync()

    def verdict(self) -> str | None:
        """The first invariant of sync.md §4.7 that does not hold."""
        return self._of_records() or next(filter(None, map(self._of_entry, self.desk.outbox)), None)

    def _of_records(self) -> str | None:
        server, desk = self.server, self.desk
        mine = server.grants_of["duty"]
        want = {i: r.seq for i, r in server.records.items() if grant_of(r) in mine}
        have = {i: desk.cache.briefs([i])[i].seq for i in desk.cache.ids_of(ALL)}
        broken = {
            "I3 cache differs": have != want,
            "I3 digest alarm": desk.alarms > 0,
            "I2 applied twice": max(server.applied.values(), default=0) > 1,
            "I11 effect twice": max(server.effects.values(), default=0) > 1,
            "I15 one version, two states": bool(server.complaints),
        }
        return next((name for name, is_broken in broken.items() if is_broken), None)

    def _of_entry(self, entry: Entry) -> str | None:
        server, outbox = self.server, self.desk.outbox
        applied = server.applied
        is_done = entry.status is OutboxStatus.APPLIED and not outbox.is_pending(entry)
        broken = {
            "I1 stuck": outbox.is_pending(entry) and entry.id not in outbox.causes(),
            "I1 applied but not there": is_done and not applied[entry.id],
            "I2 refused though applied": entry.status in BAD
            and applied[entry.id] > 0
            and not self.may_restore,
            "I10 dependant applied, cause not": applied[entry.id] > 0
            and not all(applied[cause] for cause in entry.command.after),
        }
        return next((name for name, is_broken in broken.items() if is_broken), None)


def _half(grants: frozenset[Grant]) -> frozenset[Grant]:
    return frozenset(g for g in grants if g.startswith(f"{DISTRICT}:"))


@pytest.mark.parametrize("block", range(8))
def test_no_schedule_of_faults_and_restores_breaks_an_invariant(block: int) -> None:
    for seed in range(block * 25, block * 25 + 25):
        schedule = Schedule(seed)
        schedule.run(60)
        assert schedule.verdict() is None, f"seed {seed}"
