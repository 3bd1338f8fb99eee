"""No sequence of random commands leaves the tables; the judge never raises; the forecast agrees.

The forecast is made by the same judge on the bytes that a workstation would have: every record
and the command go through their canonical encoding first.
"""

import string
from collections.abc import Callable, Mapping
from datetime import timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.unit.domain.builders import (
    BLOB,
    DUTY,
    HERE,
    LAPSED,
    MORNING,
    SECOND,
    District,
    a_flag,
    an_actor,
    arrived,
    notified,
    rid,
    with_second_frame,
)
from tests.unit.domain.case_builders import (
    CASE,
    PARTY,
    decided,
    established,
    filed,
    heard,
    reviewed,
)
from tests.unit.domain.test_order import worked_to
from xiuzhou_desktop.domain.canonical import Json, canonical
from xiuzhou_desktop.domain.command import Command, FieldChange, Outcome, Refusal, Undecided
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.flag_body import FlagState
from xiuzhou_desktop.domain.ids import DISTRICT, CommandId, spawned_id
from xiuzhou_desktop.domain.judge import judge
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.workflow import Actor, Moves, Role, Transition


def _two_flags() -> District:
    return District(a_flag(still=BLOB), msgspec.structs.replace(a_flag(), id=rid(2)))


def _order_at_work() -> District:
    return worked_to("start", source_level="city")


STARTS = (_two_flags, notified, with_second_frame, arrived, _order_at_work)
WORK = (Kind.FLAG, Kind.FLAG, Kind.FLAG, Kind.TASK, Kind.TASK, Kind.ORDER)
CASE_STARTS = (filed, established, reviewed, heard, decided)
CASES = (Kind.CASE, Kind.CASE, Kind.CASE, Kind.EVIDENCE, Kind.PARTY)
BASE = (Kind.CAMERA, Kind.EXEMPTION, Kind.OFFICER, Kind.SETTING, Kind.PARTY, Kind.CUSTODY)
NAMES = {spec.kind: tuple(row.name for row in spec.transitions) for spec in KINDS.values()}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
WORDS = st.text(string.ascii_letters + "秀洲🚗 ", max_size=12)
INSTANTS = st.sampled_from(
    [
        MORNING.isoformat(),
        "2026-11-23T12:00:00Z",
        "2026-11-25T12:00:00Z",
        "2027-11-23T08:30:00Z",
        "2026-11-23T08:30:00",
        "9999-12-31T00:00:00Z",
    ]
)
DATES = st.sampled_from(["2026-01-01", "2026-11-23", "2027-01-01", "9999-12-31", "0001-01-01"])
PLAUSIBLE: Mapping[str, st.SearchStrategy[object]] = {
    "second_officer": st.sampled_from([SECOND, rid(902), rid(999)]),
    "document_no": st.just("J-1"),
    "parent": st.sampled_from([rid(1), rid(2)]),
    "category": st.sampled_from(["05-05", "05-04", "01-02", "other", "99-99"]),
    "reason": st.sampled_from(["officer", "busy", "other"]),
    "cause": st.sampled_from(["no_contact", "no_receipt"]),
    "channel": st.just("phone"),
    "minutes": st.sampled_from([5, 10, 15, 7]),
    "photos": st.just([BLOB]),
    "blob": st.just(BLOB),
    "still": st.just(BLOB),
    "at": INSTANTS,
    "until": INSTANTS,
    "captured_at": INSTANTS,
    "plate": st.sampled_from(["浙FD8K37", "🚗"]),
    "lon_e7": st.just(HERE.lon_e7),
    "lat_e7": st.just(HERE.lat_e7),
    "to": st.sampled_from(["traffic_police", "town"]),
    "pts_advanced": st.booleans(),
    "name": st.sampled_from(["case_days", "duty_hours", "holidays", "areas", "王"]),
    "value": st.sampled_from([30, [[510, 720]], ["2029-10-01"], {}, []]),
    "case": st.just(CASE),
    "party": st.sampled_from([PARTY, rid(999)]),
    "officer": st.just(SECOND),
    "chair": st.just(LAPSED),
    "fine_fen": st.sampled_from([0, 50_00, 1_000_00, 60_000_00]),
    "amount_fen": st.sampled_from([0, 400_00, 1_000_00]),
    "kind": st.sampled_from(["fine", "warning", "suspension"]),
    "method": st.sampled_from(["post", "electronic"]),
    "outcome": st.sampled_from(["upheld", "annulled"]),
    "resident_id": st.sampled_from(["11010519491231002X", "110105194912310021"]),
    "dated": DATES,
    "received_on": DATES,
    "served_on": DATES,
    "valid_from": DATES,
    "valid_to": DATES,
    "installed_on": DATES,
    "scope": st.sampled_from([DISTRICT, "330411103", "somewhere"]),
    "area": st.sampled_from(["330411002", "330411103"]),
    "town": st.sampled_from(["330411103", "330411002"]),
    "zone": st.just([[HERE.lon_e7, HERE.lat_e7]] * 3),
    "state": st.sampled_from(["ACCEPTED", "PLANNED", "RETIRED", "DECIDED", "CLOSED"]),
    "type": st.sampled_from(["market", "citizen", "survey"]),
    "masked_id": st.sampled_from(["3304**********001*", "330411198001010010"]),
}


@st.composite
def commands(draw: st.DrawFn, district: District, kinds: tuple[Kind, ...]) -> tuple[Actor, Command]:
    """Somebody asks for something of some record: nine times in ten what its state offers."""
    is_sensible = draw(st.integers(0, 9)) > 0
    kind = draw(st.sampled_from(kinds if is_sensible else list(Kind)))
    known = [one.id for one in district.records.values() if one.kind is kind]
    record = draw(st.sampled_from(known or [rid(3)]))
    offered = _offered(district.records.get(record), kind)
    name = draw(st.sampled_from(offered if is_sensible and offered else [*NAMES[kind], "dance"]))
    row = KINDS[kind].transition(name)
    roles = row.roles if row and row.roles and is_sensible else frozenset(Role)
    args = draw(arguments(row)) if row else {}
    fields = {"note": FieldChange(base=None, new="记")} if draw(st.integers(0, 19)) == 0 else {}
    district.count += 1
    command = Command(
        id=CommandId(f"00000000-0000-7000-9000-{district.count:012d}"), client_seq=district.count,
        kind=kind, record=record, transition=name, args=args, fields=fields,
        issued_at=district.now, not_after=district.now + timedelta(days=1),
    )  # fmt: skip
    return an_actor(draw(st.sampled_from(sorted(roles)))), command


@st.composite
def arguments(draw: st.DrawFn, row: Transition) -> dict[str, Json]:
    """Mostly what the form asks; now and then anything at all."""
    args: dict[str, Json] = {}
    for field in msgspec.structs.fields(row.form):
        if field.required or draw(st.integers(0, 3)) == 0 or field.name == "photos":
            likely = PLAUSIBLE.get(field.name, WORDS)
            args[field.name] = draw(JSON if draw(st.integers(0, 15)) == 0 else likely)
    if draw(st.integers(0, 29)) == 0:
        args[draw(WORDS)] = draw(JSON)
    return args


def _offered(record: Record | None, kind: Kind) -> list[str]:
    rows = KINDS[kind].transitions
    state = record.state if record else None
    return [row.name for row in rows if (state in row.sources if state else row.creates)]


def _as_received(record: Record | None) -> Record | None:
    """The record as a workstation has it: through the wire and back."""
    if record is None:
        return None
    raw = msgspec.json.decode(canonical(record))
    own = msgspec.convert(raw.pop("body"), KINDS[record.kind].body, strict=False)
    envelope = msgspec.convert(raw | {"body": {}}, Record, strict=False)
    return msgspec.structs.replace(envelope, body=own)


WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)  # it takes minutes here


@pytest.mark.parametrize(
    ("kinds", "starts", "examples"),
    [(WORK, STARTS, 150), (CASES, CASE_STARTS, 100), (BASE, (District,), 60)],
)
def test_random_commands_stay_inside_the_tables(
    kinds: tuple[Kind, ...], starts: tuple[Callable[[], District], ...], examples: int
) -> None:
    @settings(
        max_examples=examples, phases=WITHOUT_SHRINKING, suppress_health_check=list(HealthCheck)
    )
    @given(st.data())
    def play(data: st.DataObject) -> None:
        district = data.draw(st.sampled_from(starts))()
        for _ in range(data.draw(st.integers(10, 40))):
            district.later(data.draw(st.sampled_from([0, 1, 5, 15, 600])))
            _step(district, *data.draw(commands(district, kinds)))

    play()


def _step(district: District, actor: Actor, command: Command) -> None:
    target = district.records.get(command.record)
    context = district.context(actor)
    answer = judge(command, target, context)
    assert isinstance(answer, Outcome | Refusal)
    received = msgspec.json.decode(canonical(command), type=Command)
    forecast = judge(received, _as_received(target), context)
    assert canonical(forecast) == canonical(answer)
    if isinstance(answer, Outcome):
        _inside_the_tables(district, command, answer)
        district.apply(answer)


def _inside_the_tables(district: District, command: Command, outcome: Outcome) -> None:
    row = KINDS[command.kind].transition(command.transition)
    assert row is not None
    declared = {(kind, state) for kind, _, state in row.footprint.spawns}
    touchable = {row.facts[name].kind for name in row.footprint.touches}
    assert outcome.written[0].id == command.record
    for record in outcome.written:
        spec = KINDS[record.kind]
        assert record.state in set(spec.states)
        assert (record.closed_at is not None) == (record.state in spec.closed), record.state
        before = district.records.get(record.id)
        if record is outcome.written[0]:
            continue
        if before is None:
            assert (record.kind, record.state) in declared
            assert record.id == _spawned(command, row.footprint.spawns, record)
        else:
            assert record.kind in touchable
            assert _is_a_row(before, record), (before.state, record.state)
    if row.moves is Moves.CONTENT and set(row.sources) == set(row.targets):
        before = district.records[command.record]
        assert outcome.written[0].state == before.state


def _spawned(command: Command, spawns: tuple[tuple[Kind, int, str], ...], record: Record) -> str:
    ids = [spawned_id(command.id, index) for kind, index, _ in spawns if kind is record.kind]
    assert record.id in ids
    return record.id


def _is_a_row(before: Record, after: Record) -> bool:
    """Whether a touched record moved along a row of its own table, or stayed."""
    rows = KINDS[after.kind].transitions
    return before.state == after.state or any(
        before.state in row.sources and after.state in row.targets for row in rows
    )


ARGS = {
    "parent": rid(2), "second_officer": SECOND, "reason": "x", "document_no": "J-1",
}  # fmt: skip


@pytest.mark.parametrize("name", ["file", "attach", "penalise_simple", "void_notice"])
def test_what_this_computer_cannot_know_is_undecided_never_guessed(name: str) -> None:
    row = KINDS[Kind.FLAG].transition(name)
    assert row is not None
    district = District(a_flag(FlagState(min(row.sources)), notice=rid(70)))
    context = msgspec.structs.replace(district.context(DUTY), rows=lambda _fact, _value: None)
    known = {field.name for field in msgspec.structs.fields(row.form)}
    command = Command(
        id=CommandId("c"), client_seq=1, kind=Kind.FLAG, record=rid(1), transition=name,
        args={key: value for key, value in ARGS.items() if key in known},
        issued_at=MORNING, not_after=MORNING,
    )  # fmt: skip
    answer = judge(command, district.records[rid(1)], context)
    assert isinstance(answer, Undecided)
    assert set(answer.missing) <= set(row.facts)
