"""What the shift of 08:30 finds."""

from collections import Counter

import pytest

from xiuzhou_desktop.backend.demo.people import DUTY
from xiuzhou_desktop.backend.demo.reports import flag_id
from xiuzhou_desktop.backend.demo.seed import Opened
from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.things import SituationKind
from xiuzhou_desktop.backend.store.effects import EffectState
from xiuzhou_desktop.domain.case_master import CaseMaster
from xiuzhou_desktop.domain.command import Command, Outcome
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.flag_body import FlagBody, FlagState
from xiuzhou_desktop.domain.ids import CommandId, derived_id
from xiuzhou_desktop.domain.judge import judge
from xiuzhou_desktop.domain.order_body import OrderState
from xiuzhou_desktop.domain.phases import phases
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.publication_body import PublicationBody, PublicationState
from xiuzhou_desktop.domain.workcalendar import WorkCalendar
from xiuzhou_desktop.domain.workflow import Context, Fact

POLICY = Policy()


def flags(opened: Opened) -> list[Record]:
    return [one for one in opened.records if one.kind is Kind.FLAG]


def body(flag: Record) -> FlagBody:
    assert isinstance(flag.body, FlagBody)
    return flag.body


def of_situation(world: World, opened: Opened, kind: SituationKind) -> Record:
    told = next(one for one in world.situations if one.kind is kind)
    wanted = flag_id(told.detection or "")
    return next(one for one in opened.records if one.id == wanted)


@pytest.mark.parametrize(
    "state",
    sorted(set(FlagState) - {FlagState.LEFT}),  # who is gone when the patrol comes is chance
)
def test_a_flag_stands_at_every_step(opened: Opened, state: FlagState) -> None:
    assert any(one.state == state for one in flags(opened))


@pytest.mark.parametrize(
    "state",
    [
        OrderState.REPORTED, OrderState.VERIFIED, OrderState.FILED, OrderState.DISPATCHED,
        OrderState.RETURNED, OrderState.IN_PROGRESS, OrderState.FEEDBACK, OrderState.CHECKING,
        OrderState.REWORK, OrderState.SUSPENDED, OrderState.ESCALATED,
    ],
)  # fmt: skip
def test_an_order_stands_at_every_stage(opened: Opened, state: OrderState) -> None:
    assert any(one.kind is Kind.ORDER and one.state == state for one in opened.records)


def test_the_queue_holds_every_priority_and_most_of_it_has_time(
    world: World, opened: Opened
) -> None:
    waiting = [one for one in flags(opened) if one.state == FlagState.DETECTED]
    late = [one for one in waiting if one.due_at and one.due_at <= world.opening]
    assert 25 <= len(waiting) <= 40
    assert set(Counter(one.priority for one in waiting)) == {1, 2, 3, 4}
    assert len(late) <= 2


def test_every_flag_that_waits_can_be_judged_without_a_field(world: World, opened: Opened) -> None:
    actor = DUTY.actor()

    def rows(fact: Fact, value: str) -> tuple[Record, ...]:
        found = (one for one in opened.records if one.kind is fact.kind)
        return tuple(one for one in found if getattr(one, fact.by.value) == value)

    context = Context(
        now=world.opening, actor=actor, calendar=WorkCalendar(), policy=POLICY, rows=rows
    )
    for flag in flags(opened):
        if flag.state != FlagState.DETECTED:
            continue
        told = [
            judge(
                Command(
                    id=CommandId(derived_id("test", flag.id, name)), client_seq=1, kind=flag.kind,
                    record=flag.id, transition=name, issued_at=world.opening,
                    not_after=world.opening,
                ),
                flag, context,
            )
            for name in ("confirm", "dismiss")
        ]  # fmt: skip
        assert any(isinstance(one, Outcome) for one in told), flag.title


def test_two_second_looks_are_due_one_gone_one_still_there(world: World, opened: Opened) -> None:
    due = [one for one in flags(opened) if "second_look_due" in phases(one, world.opening, POLICY)]
    left = of_situation(world, opened, SituationKind.SECOND_LOOK_LEFT)
    present = of_situation(world, opened, SituationKind.SECOND_LOOK_PRESENT)
    assert {one.id for one in due} == {left.id, present.id}
    for flag, is_there in ((left, False), (present, True)):
        frame, limit = body(flag).second_frame, body(flag).correct_by
        assert frame is not None and frame.usable
        assert limit is not None and limit <= frame.at <= world.opening
        stay = world.detection(flag.external_id or "").stay
        assert world.is_present(stay, frame.at) is is_there


def test_the_failed_message_went_to_level_three(world: World, opened: Opened) -> None:
    flag = of_situation(world, opened, SituationKind.NOTICE_FAILED)
    notice = next(one for one in opened.records if one.id == body(flag).notice)
    assert (flag.state, notice.state) == ("L3_DISPATCHED", "FAILED")


def test_the_repeat_offender_has_its_three_closed_offences(world: World, opened: Opened) -> None:
    flag = of_situation(world, opened, SituationKind.REPEAT_OFFENDER)
    before = [
        one
        for one in flags(opened)
        if one.subject_key == flag.subject_key and one.state == FlagState.CLOSED
    ]
    assert body(flag).repeat_count_30d == len(before) == 3
    assert "repeat_offender" in phases(flag, world.opening, POLICY)


def test_the_market_is_exempt_until_ten(world: World, opened: Opened) -> None:
    flag = of_situation(world, opened, SituationKind.MARKET_EXEMPT)
    until = body(flag).exempt_until
    assert until is not None
    assert (until.astimezone(world.opening.tzinfo).hour, flag.priority) == (10, 4)


@pytest.mark.parametrize("kind", [SituationKind.FROZEN_CAMERA, SituationKind.FALSE_ALARM])
def test_what_an_officer_should_find_out_is_not_judged(
    world: World, opened: Opened, kind: SituationKind
) -> None:
    assert of_situation(world, opened, kind).state == FlagState.DETECTED


def test_a_superior_follows_an_order_up_and_waits_for_a_reply(world: World, opened: Opened) -> None:
    order = next(one for one in opened.records if one.state == OrderState.ESCALATED)
    assert order.priority == 1
    assert order.due_at is not None and order.due_at > world.opening
    assert "reply_needed" in phases(order, world.opening, POLICY)


def test_each_of_three_towns_has_flags_of_its_own(opened: Opened) -> None:
    waiting = Counter(one.scope for one in flags(opened) if one.state == FlagState.DETECTED)
    assert all(waiting[town] >= 1 for town in ("330411101", "330411104", "330411105"))


def test_boxes_are_the_ones_of_the_world(world: World, opened: Opened) -> None:
    known = {one.external_id: one for one in world.detections()}
    seen = [one for one in flags(opened) if one.external_id in known]
    assert len(seen) > 40
    for flag in seen:
        found = known[flag.external_id or ""]
        assert (body(flag).box_e4, body(flag).plate) == (found.box, found.plate)
        assert body(flag).still is not None


def test_every_thread_is_whole_and_lies_in_the_past(world: World, opened: Opened) -> None:
    for one in opened.records:
        assert one.log[0].from_state is None
        assert one.log[-1].to_state == one.state
        assert all(
            later.from_state == earlier.to_state and earlier.at <= later.at
            for earlier, later in zip(one.log, one.log[1:], strict=False)
        )
        assert one.log[-1].at <= world.opening
        assert len(one.log) == one.version


def test_one_message_waits_and_one_has_no_receipt_yet(opened: Opened) -> None:
    messages = Counter(one.state for one in opened.effects if one.owed.effects[0].kind == "sms")
    assert messages == {EffectState.QUEUED: 1, EffectState.SENT: 1}


def test_the_portal_shows_every_published_decision_of_the_provinces(
    opened: Opened,
) -> None:
    """One receipt a line: two that shared one would be one, and the other "lost" at once."""
    receipts = [one.receipt for one in opened.shown]
    assert len(set(receipts)) == len(receipts)
    published = {
        one.body.decision_no
        for one in opened.records
        if isinstance(one.body, PublicationBody)
        and one.state == PublicationState.PUBLISHED
        and one.body.master is CaseMaster.PROVINCIAL
    }
    assert published == {one.decision_no for one in opened.shown}
