"""The invariants of sync.md §4.7, asked when all faults have ended and everything has drained.

An oracle looks at rows, at the log, at what the provider delivered, at forecasts that might have
been and at notes of its own; never at the protocol's own bookkeeping of waits.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from tests.sync.backing import Act
from tests.sync.real_district import RealDistrict
from tests.sync.station import Station
from xiuzhou_desktop.client.sync.entry import BAD, WITHDRAWN, Entry
from xiuzhou_desktop.client.views import OutboxStatus
from xiuzhou_desktop.domain.envelope import Record

UNENDED = ("queued", "check", "sending")


@dataclass
class Evidence:
    """What was found at the end, read once."""

    server: RealDistrict
    stations: list[Station]

    @cached_property
    def acts(self) -> list[Act]:
        return list(self.server.backing.acts())

    @cached_property
    def seqs(self) -> Mapping[str, set[int]]:
        """Of each command that was carried out: under which seqs."""
        found: dict[str, set[int]] = {}
        for act in self.acts:
            found.setdefault(act.command, set()).add(act.seq)
        return found

    @cached_property
    def left(self) -> Mapping[tuple[str, str], str]:
        """In which state each command that was carried out left each record."""
        return {(act.command, act.record): act.to_state for act in self.acts}

    @cached_property
    def records(self) -> Mapping[str, Record]:
        return self.server.backing.records()


def verdict(server: RealDistrict, stations: list[Station]) -> str | None:
    """The first invariant that does not hold."""
    return next(_broken(Evidence(server, stations)), None)


def _broken(found: Evidence) -> Iterator[str]:
    yield from found.server.complaints
    yield from _fallen(found)
    yield from _twice(found)
    yield from _outside(found)
    yield from _guards(found)
    yield from _timers(found)
    for station in found.stations:
        yield from _cache(found, station)
        yield from _journal(found, station)


def _fallen(found: Evidence) -> Iterator[str]:
    """I5: no record lies lower in the feed than it was seen to lie."""
    for i, (seq, _) in found.server.stood.items():
        if i in found.records and found.records[i].seq < seq:
            yield f"I5 seq of {i} fell"


def _twice(found: Evidence) -> Iterator[str]:
    """I2: effects per command at most one."""
    for command, seqs in found.seqs.items():
        if len(seqs) > 1:
            yield f"I2 applied twice: {command}"


def _outside(found: Evidence) -> Iterator[str]:
    """I2, I11: what left the house."""
    delivered = found.server.provider.delivered
    for key, times in delivered.items():
        command = key.split("/")[0]
        if times > 1:
            yield f"I11 delivered {times} times: {key}"
        if times and command not in found.seqs and command not in found.server.lost:
            yield f"I2 effect of a command that was not applied: {key}"
    for owed in found.server.backing.owed():
        if owed.state in UNENDED:
            yield f"I11 effect never carried out: {owed.command} {owed.state}"
        if owed.kind == "sms" and owed.state == "sent":
            if not delivered[f"{owed.command}/{owed.place}"]:
                yield f"I11 said to be sent, not delivered: {owed.command}"


def _guards(found: Evidence) -> Iterator[str]:
    """I12, I13: over all records, whatever their scope."""
    under: Counter[tuple[str, str]] = Counter()
    made = {act.record: act.seq for act in found.acts if act.from_state is None}
    anew = {act.record: act.seq for act in found.acts if act.name == "reopen"}
    for one in found.records.values():
        is_live = (
            (one.kind == "task" and one.is_open)
            or (
                one.kind == "notice"
                and one.state in ("QUEUED", "SENT")
                and made.get(one.id, 0) > anew.get(one.parent_id, 0)  # reopened: told once more
            )
            or one.kind == "case"
        )
        if is_live and one.parent_id:
            under[one.kind, one.parent_id] += 1
        makers = [entry.command for entry in one.log if entry.from_state is None]
        if makers and makers[0] not in found.seqs:
            yield f"I12 {one.id} was made by {makers[0]}, which was not applied"
    for i in made.keys() - found.records.keys() - found.server.erased:
        yield f"I12 {i} is not there, its maker was applied"
    for (kind, parent), n in under.items():
        if n > 1:
            yield f"I13 {n} × {kind} under {parent}"


def _timers(found: Evidence) -> Iterator[str]:
    """I14: one deadline sounds once: between two alarms of a record something else happened."""
    last: dict[str, Act] = {}
    for act in found.acts:
        before = last.get(act.record)
        if act.actor == "system" and act.name == "alarm" and before and before.name == "alarm":
            if before.at == act.at and before.actor == "system":
                yield f"I14 {act.record} was alarmed twice for one deadline"
        last[act.record] = act


def _cache(found: Evidence, station: Station) -> Iterator[str]:
    """I3, I6: the cache is the server's records filtered by rights, stubs included."""
    user, may_read = station.user, found.server.may_read
    want = {i: r for i, r in found.records.items() if may_read(user, r.kind.value, r.scope)}
    ids = station.cache.ids_of(frozenset(station.cache.parts()))
    have = {i: brief.seq for i, brief in station.cache.briefs(ids).items()}
    if have != {i: record.seq for i, record in want.items()}:
        extra, lacking = have.keys() - want.keys(), want.keys() - have.keys()
        yield f"I3 {user}: too many {sorted(extra)[:2]}, lacking {sorted(lacking)[:2]}"
    for i, record in want.items():
        cached = station.cache.record(record.id)
        if cached is not None and cached != record:
            yield f"I3 {user}: {i} differs in content"
    if station.outside:
        yield f"I6 {user} was told of {station.outside[0]}"
    if station.alarms:
        yield f"I3 digest alarm at {user}"


def _journal(found: Evidence, station: Station) -> Iterator[str]:
    """I1, I2, I9, I10, I16: every command that was saved, and what became of it."""
    kept = {entry.id: entry for entry in station.journal.entries()}
    for one in station.saved:
        if one not in kept:
            yield f"I1 vanished: {one}"
    for entry in kept.values():
        if broken := _of_entry(found, station, entry):
            yield f"{broken}: {entry.command.transition} {entry.id} of {station.user}"
    for cause, saved in station.truth:
        if saved in found.seqs and cause not in found.seqs:
            yield f"I10 {saved} was applied, its cause {cause} was not"
    yield from _log(found, station, kept)
    yield from _told(found, station)


def _of_entry(found: Evidence, station: Station, entry: Entry) -> str | None:
    is_done = entry.id in found.seqs
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
    return None if _has_cause(found, station, entry) else "I1 stuck"


def _has_cause(found: Evidence, station: Station, entry: Entry) -> bool:
    """Whether it rightly waits: an earlier command about the same matter is not in the server's
    log. What the journal says of waits is not asked; why the earlier one is not in the log is
    asked of that one.
    """
    earlier = station.saved[: station.saved.index(entry.id)]
    about = station.matter[entry.id]
    return any(
        one not in found.seqs and not about.isdisjoint(station.matter[one]) for one in earlier
    )


def _log(found: Evidence, station: Station, kept: Mapping[str, Entry]) -> Iterator[str]:
    """I9, I10: when each was carried out, and what it met."""
    for act in found.acts:
        entry = kept.get(act.command)
        if entry is None:
            continue
        if act.at > entry.command.not_after:
            yield f"I9 {act.command} was carried out too late"
        seen = station.seen.get(act.command)
        is_target = act.record == entry.command.record
        if is_target and seen is not None and act.from_state not in (None, seen):
            yield f"I10 {act.command} met {act.from_state}, its officer saw {seen}"


def _told(found: Evidence, station: Station) -> Iterator[str]:
    """I16: a replay ends as told: by the log's states, and by all that the receipt stands for."""
    for (command, record), state in station.told_states.items():
        if found.left.get((command, record), state) != state:
            yield f"I16 {command} was told to leave {record} {state} and left it otherwise"
    with found.server.backing.store.reading() as tables:
        for command, told in station.told.items():
            result = tables.result_of(command) if command in found.seqs else None
            if result and result.receipt and result.receipt.digest != told:
                yield f"I16 {command} was told one outcome and holds another"
