"""A town in the hub's hands: who is kept from what, from when, until when (decision 0016)."""

from datetime import timedelta

import msgspec
import pytest

from tests.unit.domain.builders import MORNING, District, a_flag, an_actor, flag, rid
from xiuzhou_desktop.domain.command import OFFLINE_HOURS, Command, Outcome, Refusal
from xiuzhou_desktop.domain.custody import CustodyState, custody_of
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.grants import grants_for
from xiuzhou_desktop.domain.ids import CommandId, Scope
from xiuzhou_desktop.domain.judge import judge
from xiuzhou_desktop.domain.workflow import Actor, Role

TOWN, OTHER_TOWN = Scope("330411103"), Scope("330411104")
TAKE, BACK = (Kind.CUSTODY, rid(70), "take_over"), (Kind.CUSTODY, rid(70), "hand_back")
HUB = an_actor(Role.DUTY_OFFICER)
UNTIL = MORNING + timedelta(hours=9)
GIVEN = {"town": TOWN, "until": UNTIL.isoformat(), "reason": "光缆中断"}


def of_town(scope: Scope = TOWN, role: Role = Role.DUTY_OFFICER) -> Actor:
    grants = grants_for(((role, scope),))
    return msgspec.structs.replace(an_actor(role), grants=grants)


def a_district() -> District:
    return District(msgspec.structs.replace(a_flag(), scope=TOWN, area=TOWN))


def kept() -> District:
    district = a_district()
    district.do(HUB, TAKE, **GIVEN)
    return district


def dismissed(district: District, actor: Actor, issued: timedelta) -> Outcome | Refusal:
    """The verdict of somebody, given so long after the morning."""
    command = Command(
        id=CommandId(rid(500)), client_seq=1, kind=Kind.FLAG, record=rid(1), transition="dismiss",
        issued_at=MORNING + issued, not_after=MORNING + timedelta(days=1),
    )  # fmt: skip
    told = judge(command, district.records[rid(1)], district.context(actor))
    assert isinstance(told, Outcome | Refusal)
    return told


def test_the_town_is_told_by_whom_until_when_and_why() -> None:
    refusal = kept().refuse(of_town(), flag("dismiss"))
    assert refusal.slug == "custody"
    assert refusal.facts == {
        "scope": TOWN, "until": "2026-11-23T09:30:00.000Z", "name": HUB.name, "why": "光缆中断",
    }  # fmt: skip


def test_the_hub_acts_in_its_stead_and_other_towns_go_on() -> None:
    assert kept().do(HUB, flag("dismiss")).state == "FALSE_ALARM"
    district = District(msgspec.structs.replace(a_flag(), scope=OTHER_TOWN, area=OTHER_TOWN))
    district.do(HUB, TAKE, **GIVEN)
    assert district.do(of_town(OTHER_TOWN), flag("dismiss")).state == "FALSE_ALARM"


def test_the_town_makes_nothing_there_either() -> None:
    report = {"category": "05-05", "address": "镇东路", "channel": "phone", "area": TOWN}
    made = (Kind.FLAG, rid(80), "report")
    assert a_district().do(of_town(), made, **report).scope == TOWN
    assert kept().refuse(of_town(), made, **report).slug == "custody"


@pytest.mark.parametrize(("issued", "is_kept"), [(-1, False), (0, True), (1, True)])
def test_what_was_asked_before_it_began_is_judged_as_ever(issued: int, is_kept: bool) -> None:
    district = kept()
    district.later(5)
    told = dismissed(district, of_town(), timedelta(seconds=issued))
    assert isinstance(told, Refusal) is is_kept


@pytest.mark.parametrize(("seconds_more", "is_kept"), [(0, False), (1, True)])
def test_a_date_before_any_lawful_time_offline_is_not_believed(
    seconds_more: int, is_kept: bool
) -> None:
    issued = timedelta(hours=-OFFLINE_HOURS, seconds=-seconds_more)
    assert isinstance(dismissed(kept(), of_town(), issued), Refusal) is is_kept


def test_it_ends_with_its_time_though_the_timer_is_late_and_when_it_is_handed_back() -> None:
    district = kept()
    district.now = UNTIL - timedelta(milliseconds=1)
    assert isinstance(dismissed(district, of_town(), timedelta(hours=1)), Refusal)
    district.now = UNTIL
    assert isinstance(dismissed(district, of_town(), timedelta(hours=1)), Outcome)
    again = kept()
    record = again.do(HUB, BACK, note="已恢复")
    assert (record.state, record.is_open) == (CustodyState.RETURNED, False)
    assert again.do(of_town(), flag("dismiss")).state == "FALSE_ALARM"


def test_a_town_is_kept_once_for_a_day_at_most() -> None:
    second = (Kind.CUSTODY, rid(71), "take_over")
    assert kept().refuse(HUB, second, **GIVEN).slug == "custody-stands"
    late = MORNING + timedelta(hours=24, seconds=1)
    for given, slug in (
        ({"until": late.isoformat()}, "custody-time"),
        ({"until": MORNING.isoformat()}, "custody-time"),
        ({"town": "330411002"}, "custody-of-a-town"),
        ({"reason": " "}, "bad-argument"),
    ):
        assert a_district().refuse(HUB, TAKE, **GIVEN | given).slug == slug
    district = kept()
    district.now = UNTIL
    assert district.do(HUB, second, **GIVEN | {"until": late.isoformat()}).state == "HELD"
    held = custody_of(TOWN, district.context(HUB).custodies, UNTIL)
    assert held is not None
    assert held.id == rid(71)


def test_a_town_does_not_take_itself_over_nor_back() -> None:
    assert a_district().refuse(of_town(), TAKE, **GIVEN).slug == "custody-of-hub"
    assert kept().refuse(of_town(), BACK).slug == "custody-of-hub"


def test_the_timer_ends_it() -> None:
    district = kept()
    district.now = UNTIL
    lapsed = district.do(an_actor(Role.SYSTEM), (Kind.CUSTODY, rid(70), "lapse"))
    assert (lapsed.state, lapsed.closed_at) == (CustodyState.LAPSED, UNTIL)
