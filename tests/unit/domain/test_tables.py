"""Every transition × state × role: offered where the table says, refused everywhere else."""

from datetime import timedelta
from itertools import product

import msgspec
import pytest

from tests.unit.domain.builders import MORNING, District, a_flag, an_actor, flag, rid
from xiuzhou_desktop.domain.command import Refusal
from xiuzhou_desktop.domain.envelope import Kind, NoArgs, Record
from xiuzhou_desktop.domain.flag_body import Channel, FlagState
from xiuzhou_desktop.domain.ids import CategoryCode
from xiuzhou_desktop.domain.judge import transitions_for
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.order_body import OrderBody, OrderState
from xiuzhou_desktop.domain.workflow import Role, Transition

DUTY = {Role.DUTY_OFFICER, Role.SUPERVISOR}
SYSTEM = {Role.SYSTEM}
BOTH = DUTY | SYSTEM
WORK = "DETECTED CONFIRMED L1_NOTIFIED UNDETERMINED L3_DISPATCHED ACCEPTED ARRIVED"
NOTIFIED = "CONFIRMED L1_NOTIFIED UNDETERMINED L3_DISPATCHED ACCEPTED ARRIVED"
DONE = "SELF_CORRECTED CORRECTED_ON_SITE LEFT SIMPLE_PENALTY CASE_FILED TRANSFERRED"
TOLD = (
    "CONFIRMED L3_DISPATCHED ACCEPTED ARRIVED CORRECTED_ON_SITE LEFT SIMPLE_PENALTY CASE_FILED"
    " TRANSFERRED"
)
LOOK = "L1_NOTIFIED UNDETERMINED"
ALL_FLAG = " ".join(FlagState)
ALL_ORDER = " ".join(OrderState)
OPEN_ORDER = " ".join(one for one in OrderState if one not in ("CLOSED", "REJECTED", "MERGED"))
ONGOING = "ACCEPTED IN_PROGRESS REWORK EXTENDED ESCALATED"

# name: states in which it starts, states in which it ends ("" = where it was), who
FLAG = {
    "detect": ("", "DETECTED", {Role.DEVICE, Role.SYSTEM}),
    "report": ("", "DETECTED", DUTY),
    "confirm": ("DETECTED", "CONFIRMED", DUTY),
    "dismiss": ("DETECTED", "FALSE_ALARM", DUTY),
    "attach": ("DETECTED", "DUPLICATE", DUTY),
    "send_onsite": (
        "DETECTED CONFIRMED L1_NOTIFIED UNDETERMINED L3_DISPATCHED", "L3_DISPATCHED", BOTH,
    ),
    "notice_sent": (TOLD, TOLD, SYSTEM),
    "notice_delivered": (TOLD, "L1_NOTIFIED L3_DISPATCHED", SYSTEM),
    "notice_failed": (f"{TOLD} CLOSED", "L3_DISPATCHED", SYSTEM),
    "reply": (NOTIFIED, NOTIFIED, SYSTEM),
    "read_reply": (NOTIFIED, NOTIFIED, BOTH),
    "second_frame": (LOOK, LOOK, BOTH),
    "find_corrected": (LOOK, "SELF_CORRECTED", DUTY),
    "find_present": (LOOK, "L3_DISPATCHED", DUTY),
    "find_undetermined": (LOOK, "UNDETERMINED L3_DISPATCHED", BOTH),
    "serve_order": ("ARRIVED", "ARRIVED", DUTY),
    "correct_on_site": ("ARRIVED", "CORRECTED_ON_SITE", DUTY),
    "leave": ("ARRIVED", "LEFT", DUTY),
    "penalise_simple": ("ARRIVED", "SIMPLE_PENALTY", DUTY),
    "file": ("ARRIVED", "CASE_FILED", DUTY),
    "accept": ("L3_DISPATCHED", "ACCEPTED", set()),
    "arrive": ("ACCEPTED", "ARRIVED", set()),
    "return_": ("L3_DISPATCHED ACCEPTED ARRIVED", "L3_DISPATCHED", set()),
    "transfer": ("L3_DISPATCHED ACCEPTED ARRIVED", "TRANSFERRED", DUTY),
    "close": (DONE, "CLOSED", BOTH),
    "correct_plate": (WORK, WORK, DUTY),
    "void_notice": (NOTIFIED, "DETECTED", DUTY),
    "detach": ("DUPLICATE", "DETECTED", DUTY),
    "reopen": (f"{DONE} CLOSED FALSE_ALARM", "DETECTED", {Role.SUPERVISOR}),
    "snooze": (WORK, WORK, DUTY),
    "annotate": (ALL_FLAG, ALL_FLAG, BOTH),
    "alarm": (WORK, WORK, SYSTEM),
    "dispose": ("CLOSED FALSE_ALARM DUPLICATE", "CLOSED FALSE_ALARM DUPLICATE", SYSTEM),
}  # fmt: skip
ORDER = {
    "report": ("", "REPORTED", BOTH | {Role.DEVICE, Role.CLERK, Role.ADMINISTRATOR}),
    "verify": ("REPORTED", "VERIFIED", DUTY),
    "reject": ("REPORTED VERIFIED", "REJECTED", DUTY),
    "merge": ("REPORTED VERIFIED FILED", "MERGED", DUTY),
    "file": ("VERIFIED", "FILED", DUTY),
    "dispatch": ("FILED RETURNED", "DISPATCHED", DUTY),
    "accept": ("DISPATCHED", "ACCEPTED", DUTY),
    "return_": ("DISPATCHED ACCEPTED", "RETURNED", DUTY),
    "start": ("ACCEPTED REWORK", "IN_PROGRESS", DUTY),
    "feedback": ("IN_PROGRESS EXTENDED ESCALATED", "FEEDBACK", DUTY),
    "check": ("FEEDBACK", "CHECKING", DUTY),
    "close": ("CHECKING", "CLOSED", DUTY),
    "rework": ("CHECKING", "REWORK", DUTY),
    "suspend": (ONGOING, "SUSPENDED", {Role.SUPERVISOR}),
    "resume": ("SUSPENDED", ONGOING, BOTH),
    "extend": ("IN_PROGRESS ESCALATED", "EXTENDED", {Role.SUPERVISOR}),
    "escalate": ("IN_PROGRESS EXTENDED", "ESCALATED", {Role.SUPERVISOR, Role.SYSTEM}),
    "reopen": ("CLOSED REJECTED MERGED", "VERIFIED", {Role.SUPERVISOR}),
    "reply": (OPEN_ORDER, OPEN_ORDER, DUTY),
    "snooze": (OPEN_ORDER, OPEN_ORDER, DUTY),
    "annotate": (ALL_ORDER, ALL_ORDER, BOTH),
    "alarm": (OPEN_ORDER, OPEN_ORDER, SYSTEM),
    "dispose": ("CLOSED REJECTED MERGED", "CLOSED REJECTED MERGED", SYSTEM),
}
TABLES = {Kind.FLAG: FLAG, Kind.ORDER: ORDER}


def an_order(state: str = "REPORTED", **changes: object) -> Record:
    """An order of the hotline."""
    order = OrderBody(channel=Channel.CITIZEN, address="洪兴西路")
    return Record(
        kind=Kind.ORDER, id=rid(1), state=state, category=CategoryCode("01-02"), priority=3,
        opened_at=MORNING, due_at=MORNING + timedelta(minutes=30), title="洪兴西路",
        body=msgspec.structs.replace(order, **changes),
    )  # fmt: skip


def a_record(kind: Kind, state: str) -> Record:
    return a_flag(FlagState(state)) if kind is Kind.FLAG else an_order(state)


@pytest.mark.parametrize("kind", TABLES)
def test_the_table_is_the_one_of_the_domain_brief(kind: Kind) -> None:
    for row in KINDS[kind].transitions:
        sources, targets, roles = TABLES[kind][row.name]
        assert {state.value for state in row.sources} == set(sources.split()), row.name
        assert {state.value for state in row.targets} == set(targets.split()), row.name
        assert row.roles == roles, row.name
    assert {row.name for row in KINDS[kind].transitions} == set(TABLES[kind])


@pytest.mark.parametrize("kind", TABLES)
def test_a_role_is_refused_what_its_table_does_not_give(kind: Kind) -> None:
    for row, role in product(KINDS[kind].transitions, Role):
        refused = _refusal_of(kind, row, role)
        if role in row.roles:
            assert refused not in ("role", "state"), (row.name, role)
        else:
            assert refused == ("role" if row.roles else "follows"), (row.name, role)


@pytest.mark.parametrize("kind", TABLES)
def test_a_state_that_the_row_does_not_name_is_refused(kind: Kind) -> None:
    role_of = {row.name: min(row.roles, default=Role.SYSTEM) for row in KINDS[kind].transitions}
    for row, state in product(KINDS[kind].transitions, KINDS[kind].states):
        if row.creates or state in row.sources:
            continue
        district = District(a_record(kind, state.value))
        actor = an_actor(role_of[row.name])
        refusal = district.refuse(actor, (kind, rid(1), row.name))
        assert (refusal.slug, refusal.facts["state"]) == ("state", state.value)


def _refusal_of(kind: Kind, row: Transition, role: Role) -> str | None:
    records = () if row.creates else (a_record(kind, min(row.sources).value),)
    result = District(*records).judge(an_actor(role), (kind, rid(1), row.name))
    return result.slug if isinstance(result, Refusal) else None


def test_every_detected_flag_offers_a_verdict_that_asks_nothing() -> None:
    for exempt in (None, rid(77)):
        record = a_flag(exemption=exempt)
        district = District(record)
        rows = transitions_for(record, frozenset({Role.DUTY_OFFICER}))
        names = [row.name for row in rows if _asks_nothing(row)]
        assert "dismiss" in names
        district.do(an_actor(Role.DUTY_OFFICER), flag("dismiss"))


def _asks_nothing(row: Transition) -> bool:
    return row.form is NoArgs or not any(
        field.required for field in msgspec.structs.fields(row.form)
    )


def test_every_kind_can_be_drawn_from_its_states() -> None:
    for spec in KINDS.values():
        assert spec.closed <= set(spec.states)
        for row in spec.transitions:
            assert set(row.sources) | set(row.targets) <= set(spec.states), row.name
            assert set(row.footprint.touches) <= set(row.facts), row.name
