"""Settings: typed when they are set, so that reading them never fails; grants by role and scope."""

import itertools
from datetime import date

import msgspec
import pytest

from tests.unit.domain.builders import ADMINISTRATOR, DUTY, MORNING, District, a_flag, flag, rid
from xiuzhou_desktop.domain.areas import SHARED, TOWNS, scope_of
from xiuzhou_desktop.domain.canonical import to_json
from xiuzhou_desktop.domain.categories import LimitUnit
from xiuzhou_desktop.domain.envelope import Kind, KindGroup, Record
from xiuzhou_desktop.domain.grants import grants_for, home_scope
from xiuzhou_desktop.domain.ids import DISTRICT, AreaCode
from xiuzhou_desktop.domain.policy import Policy, policy_from
from xiuzhou_desktop.domain.setting import NAMES
from xiuzhou_desktop.domain.workcalendar import WorkCalendar, calendar_from
from xiuzhou_desktop.domain.workflow import Role

DEFINE = (Kind.SETTING, rid(80), "define")
SET = (Kind.SETTING, rid(80), "set")


def settings_of(district: District) -> list[Record]:
    return [one for one in district.records.values() if one.kind is Kind.SETTING]


def test_a_setting_changes_the_policy_and_unsetting_restores_the_default() -> None:
    district = District()
    district.do(ADMINISTRATOR, DEFINE, name="correct_by_default_min", value=45)
    assert policy_from(settings_of(district)).correct_by_default_min == 45
    district.do(ADMINISTRATOR, SET, value=20, note="会议纪要")
    assert policy_from(settings_of(district)).correct_by_default_min == 20
    district.do(ADMINISTRATOR, (Kind.SETTING, rid(80), "unset"))
    assert policy_from(settings_of(district)) == Policy()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("correct_by_default_min", "45"),
        ("correct_by_default_min", 0),
        ("night_from_min", 1440),
        ("no_such_setting", 1),
        ("version", 3),
        ("duty_hours", []),
        ("holidays", ["2029-13-01"]),
        ("case_master", "city"),
        ("categories", {"05-05": {"name": "x", "limit": {"amount": 0, "unit": "work_hour"}}}),
    ],
)
def test_a_value_of_another_type_is_refused(name: str, value: object) -> None:
    assert District().refuse(ADMINISTRATOR, DEFINE, name=name, value=value).slug == "bad-setting"


def test_of_several_errors_both_sides_name_the_same_one() -> None:
    """The wire brings the names of an object in another order than the hand gave them."""
    wrong: dict[str, object] = {"z": True, "b": "x", "a": True}
    said = {
        District().refuse(ADMINISTRATOR, DEFINE, name="areas", value=dict(order)).facts["detail"]
        for order in itertools.permutations(wrong.items())
    }
    assert len(said) == 1


def test_every_setting_can_be_written_back_as_it_is_read() -> None:
    defaults = to_json(Policy()) | to_json(WorkCalendar())  # type: ignore[operator]  # two objects
    for name in NAMES:
        district = District()
        district.do(ADMINISTRATOR, DEFINE, name=name, value=defaults[name])
        assert policy_from(settings_of(district)) == Policy()
        assert calendar_from(settings_of(district)) == WorkCalendar()


def test_limits_and_holidays_are_data() -> None:
    district = District()
    limits = {"05-05": {"name": "违停", "limit": {"amount": 1, "unit": "work_day"}}}
    district.do(ADMINISTRATOR, DEFINE, name="categories", value=limits)
    policy = policy_from(settings_of(district))
    assert policy.category("05-05").limit.unit is LimitUnit.WORK_DAY
    assert policy.category("01-02").name == "其他"
    other = District()
    other.do(ADMINISTRATOR, DEFINE, name="holidays", value=["2029-10-01"])
    assert not calendar_from(settings_of(other)).is_workday(date(2029, 10, 1))


def test_only_an_administrator_sets() -> None:
    assert District().refuse(DUTY, DEFINE, name="case_days", value=60).slug == "role"


def test_a_town_reaches_its_own_records_and_the_shared_settings_only() -> None:
    town = grants_for([(Role.DUTY_OFFICER, TOWNS[1])])
    assert town == {
        f"{SHARED}:base", f"{TOWNS[1]}:base", f"{TOWNS[1]}:dispatch", f"{TOWNS[1]}:case",
    }  # fmt: skip
    district = grants_for([(Role.DUTY_OFFICER, DISTRICT)])
    assert {f"{scope}:dispatch" for scope in (DISTRICT, *TOWNS)} <= district
    assert not any(grant.endswith(":party") for grant in district)
    assert home_scope(town, KindGroup.DISPATCH) == TOWNS[1]


def test_streets_are_the_districts_and_towns_are_their_own() -> None:
    assert scope_of(AreaCode("330411002")) == DISTRICT
    assert scope_of(AreaCode("330411106")) == "330411106"
    assert scope_of(None) == DISTRICT


def test_a_town_officer_changes_no_record_of_another_town() -> None:
    record = msgspec.structs.replace(a_flag(), scope=TOWNS[0], opened_at=MORNING)
    actor = msgspec.structs.replace(DUTY, grants=grants_for([(Role.DUTY_OFFICER, TOWNS[1])]))
    assert District(record).refuse(actor, flag("dismiss")).slug == "grant-revoked"
