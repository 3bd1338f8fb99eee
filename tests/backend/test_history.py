"""The past is what the log says: at any instant the queue equals what a watcher saw then."""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.backend.district import OTHER_TOWN, TOWN, District, open_district
from xiuzhou_desktop.backend import history
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import records
from xiuzhou_desktop.backend.store.history import Asked
from xiuzhou_desktop.domain.canonical import to_json
from xiuzhou_desktop.domain.envelope import Kind, LogEntry, Record
from xiuzhou_desktop.domain.flag_body import FlagBody
from xiuzhou_desktop.domain.ids import CommandId, RecordId
from xiuzhou_desktop.domain.judge import transitions_for
from xiuzhou_desktop.domain.workflow import Role

KINDS = (Kind.FLAG, Kind.TASK, Kind.NOTICE)
ACTS = ("confirm", "dismiss", "send_onsite", "annotate", "reopen", "snooze")
Seen = dict[str, object]


def open_now(district: District, user: str) -> Seen:
    """What a watcher sees of the open records, without their threads."""
    grants = district.person(user).grants
    with district.store.snapshot() as connection:
        found = [one for kind in KINDS for one in records.of_kind(connection, kind)]
    return {
        one.id: to_json(msgspec.structs.replace(one, log=()))
        for one in found
        if one.is_open and history.grant_of(one) in grants
    }


def asked_of_the_past(district: District, user: str, at: datetime, limit: int) -> Seen:
    """The same by history, page by page."""
    person, after, found = district.person(user), "", {}
    with district.store.snapshot() as connection:
        while True:
            asked = Asked(
                at=at, kinds=tuple(k.value for k in KINDS), only_open=True, after_id=after,
                limit=limit,
            )  # fmt: skip
            page = history.page(connection, person, asked)
            for raw in page.records:
                record = msgspec.json.decode(raw)
                found[record["id"]] = {name: v for name, v in record.items() if name != "log"}
            if not page.has_more or page.after_id is None:
                return found
            after = page.after_id


def plain(seen: Seen) -> Seen:
    return {i: {n: v for n, v in one.items() if n != "log"} for i, one in seen.items()}  # type: ignore[attr-defined]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    acts=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(1, 40)), max_size=14),
    limit=st.integers(1, 4),
)
def test_the_queue_at_any_instant_is_what_was_seen_then(
    tmp_path_factory: object, acts: list[tuple[int, int, int]], limit: int
) -> None:
    folder = tmp_path_factory.mktemp("past")  # type: ignore[attr-defined]
    with open_district(Settings(folder=folder)) as district:
        district.add_officer("chief", Role.SUPERVISOR)
        flags: list[RecordId] = []
        seen: list[tuple[datetime, Seen]] = []
        for which, act, minutes in acts:
            district.wall.advance(minutes=minutes)
            _act(district, flags, which, ACTS[act])
            seen.append((district.clock.now(), open_now(district, "chief")))
        for at, then in seen:
            for instant in (at, at + timedelta(seconds=30)):
                found = asked_of_the_past(district, "chief", instant, limit)
                assert found == plain(then)


def _act(district: District, flags: list[RecordId], which: int, act: str) -> None:
    """One officer's act, or a new flag where the record does not offer it."""
    found = district.record(flags[which]) if which < len(flags) else None
    if found is None:
        flags.append(district.reported("chief").id)
        return
    offered = {row.name for row in transitions_for(found, frozenset({Role.SUPERVISOR}))}
    if act in offered:
        args = {"snooze": {"minutes": 5}, "reopen": {"reason": "again"}}.get(act, {})
        district.send(district.command(act, found, args=args), "chief")


def test_the_past_lies_within_the_grants_that_the_records_had_then(tmp_path: Path) -> None:
    with open_district(Settings(folder=tmp_path)) as district:
        for user, scope in (("town", TOWN), ("other", OTHER_TOWN)):
            district.add_officer(user, Role.DUTY_OFFICER, scope)
        district.reported("town", area=TOWN)
        at = district.clock.now()
        assert len(asked_of_the_past(district, "town", at, 10)) == 1
        assert not asked_of_the_past(district, "other", at, 10)
        assert not asked_of_the_past(district, "town", at - timedelta(seconds=1), 10)


def test_a_record_that_was_loaded_whole_stands_as_its_thread_says(tmp_path: Path) -> None:
    with open_district(Settings(folder=tmp_path)) as district:
        district.add_officer("chief", Role.SUPERVISOR)
        noon = district.clock.now() - timedelta(hours=4)
        thread = tuple(
            LogEntry(
                at=noon + timedelta(hours=hours), actor="duty", actor_name="张敏", name=name,
                from_state=before, to_state=after, command=CommandId("seed"), reason=None,
            )
            for hours, name, before, after in (
                (0, "report", None, "DETECTED"), (1, "dismiss", "DETECTED", "FALSE_ALARM"),
            )
        )  # fmt: skip
        loaded = Record(
            kind=Kind.FLAG, id=RecordId("00000000-0000-7000-8000-000000000001"),
            state="FALSE_ALARM", opened_at=noon, closed_at=noon + timedelta(hours=1), log=thread,
            body=FlagBody(captured_at=noon),
        )  # fmt: skip
        district.store.bulk_load([loaded])
        (then,) = asked_of_the_past(district, "chief", noon + timedelta(minutes=30), 5).values()
        assert (then["state"], then.get("closed_at")) == ("DETECTED", None)  # type: ignore[index,attr-defined]
        assert not asked_of_the_past(district, "chief", noon + timedelta(hours=2), 5)
