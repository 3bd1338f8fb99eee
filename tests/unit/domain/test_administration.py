"""What an administrator changes: settings as rows with forms, settings that contradict each other,
and what a change will affect.
"""

from datetime import date, timedelta

import msgspec
import pytest

from tests.unit.domain.builders import (
    ADMINISTRATOR,
    FIRST,
    HERE,
    MORNING,
    District,
    a_flag,
    an_officer,
    rid,
)
from xiuzhou_desktop.domain.canonical import Json, to_json
from xiuzhou_desktop.domain.command import Outcome, Refusal
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.flag_body import FlagState
from xiuzhou_desktop.domain.foresight import Effect, Scene, foresee
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.officer import OfficerBody
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.setting import NAMES, value_problem
from xiuzhou_desktop.domain.setting_parts import asked, form_of, parts, with_part, without_part
from xiuzhou_desktop.domain.setting_sound import Rules
from xiuzhou_desktop.domain.workcalendar import WorkCalendar
from xiuzhou_desktop.domain.writing import body_of

DEFINE = (Kind.SETTING, rid(80), "define")
RULES = Rules(policy=Policy(), calendar=WorkCalendar())
ZONE = [[HERE.lon_e7 - 900, HERE.lat_e7 - 900], [HERE.lon_e7 + 900, HERE.lat_e7 - 900],
        [HERE.lon_e7, HERE.lat_e7 + 900]]  # fmt: skip
PERMIT: dict[str, Json] = {
    "type": "market", "permit_no": "秀许 2026-014", "title": "周末市集", "area": "330411002",
    "valid_from": "2026-11-01", "valid_to": "2026-12-31", "zone": ZONE,
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_what_a_form_shows_of_a_row_is_that_row(name: str) -> None:
    holding = to_json(RULES.value(name))
    for part in parts(name, holding):
        given = asked(part)
        msgspec.convert(given, form_of(name), strict=True)
        again = with_part(name, holding, part.key, given)
        assert value_problem(name, again) is None
        assert parts(name, again) == parts(name, holding)


def test_a_row_is_added_changed_and_taken_away() -> None:
    limits: Json = {"05-05": 15}
    assert with_part("correct_by_min", limits, None, {"code": "05-04", "value": 20}) == {
        "05-05": 15, "05-04": 20,
    }  # fmt: skip
    assert with_part("correct_by_min", limits, "05-05", {"code": "05-05", "value": 9}) == {
        "05-05": 9
    }
    assert without_part("correct_by_min", limits, "05-05") == {}
    days: Json = ["2027-01-01"]
    assert with_part("holidays", days, None, {"value": "2026-12-31", "note": "会议"}) == [
        "2026-12-31", "2027-01-01",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "name", "value", "slug"),
    [
        (("holidays", ["2027-02-06"]), "workdays", ["2027-02-06"], "day-of-two-kinds"),
        (None, "jurisdictions", {"77-77": "某局"}, "category-unknown"),
        (None, "sms_templates", {"notice": "{party_name}，请改正"}, "template-unsayable"),
        (None, "sms_templates", {"notice": "{subject.x}"}, "template-unsayable"),
        (None, "sms_templates", {"notice": "{subject"}, "template-unsayable"),
        (None, "duty_hours", [[600, 500]], "bad-setting"),
    ],
)
def test_a_setting_that_contradicts_is_refused(
    before: tuple[str, Json] | None, name: str, value: Json, slug: str
) -> None:
    district = District()
    if before is not None:
        district.calendar = RULES.having(*before).calendar
    refusal = district.judge(ADMINISTRATOR, DEFINE, name=name, value=value)
    assert isinstance(refusal, Refusal)
    assert refusal.slug == slug


def waiting_flag(number: int) -> Record:
    """A flag whose second look is due at 09:00."""
    flag = a_flag(FlagState.L1_NOTIFIED, look_from=MORNING + timedelta(minutes=30))
    return msgspec.structs.replace(flag, id=rid(number))


def foreseen(what: tuple[Kind, RecordId, str], *records: Record, **args: Json) -> dict[Effect, int]:
    """What a change by an administrator would affect among these records."""
    district = District(*records)
    outcome = district.judge(ADMINISTRATOR, what, **args)
    assert isinstance(outcome, Outcome), outcome
    scene = Scene(records=records, rules=RULES, now=MORNING)
    counts = foresee(outcome, district.records.get(what[1]), scene)
    return {one.effect: one.count for one in counts}


def test_a_shorter_limit_moves_the_timers_of_open_flags() -> None:
    flags = (waiting_flag(1), waiting_flag(2), msgspec.structs.replace(a_flag(), id=rid(3)))
    found = foreseen(DEFINE, *flags, name="capture_within_min", value=2)
    assert found == {Effect.EARLIER: 2}
    assert foreseen(DEFINE, *flags, name="capture_within_min", value=9) == {Effect.LATER: 2}
    assert foreseen(DEFINE, *flags, name="snooze_min", value=[5]) == {}


def test_a_limit_that_is_over_with_the_change_acts_at_once() -> None:
    flag = a_flag(FlagState.L1_NOTIFIED, look_from=MORNING - timedelta(minutes=4))
    late = msgspec.structs.replace(flag, opened_at=MORNING - timedelta(hours=1))
    found = foreseen(DEFINE, late, name="capture_within_min", value=1)
    assert found[Effect.AT_ONCE] == 1


def test_a_changed_row_names_the_records_of_its_category() -> None:
    value = {"05-05": "交警", "05-04": "综合执法"}
    assert foreseen(DEFINE, a_flag(), name="jurisdictions", value=value) == {Effect.NAMED: 1}


def test_a_zone_counts_the_flags_inside_and_a_camera_its_own() -> None:
    grant = (Kind.EXEMPTION, rid(60), "grant")
    assert foreseen(grant, a_flag(), **PERMIT) == {Effect.INSIDE: 1}
    night = {**PERMIT, "from_min": 1200, "to_min": 1260}
    assert foreseen(grant, a_flag(), **night) == {}


def test_an_exemption_is_amended_revoked_and_restored_with_its_number() -> None:
    district = District()
    made = district.do(ADMINISTRATOR, (Kind.EXEMPTION, rid(60), "grant"), **PERMIT)
    told = {**PERMIT, "to_min": 1200}
    amended = district.do(ADMINISTRATOR, (Kind.EXEMPTION, rid(60), "amend"), **told)
    assert (made.external_id, amended.external_id) == ("秀许 2026-014", "秀许 2026-014")
    other = district.judge(
        ADMINISTRATOR, (Kind.EXEMPTION, rid(60), "amend"), **{**told, "permit_no": "别的"}
    )
    assert isinstance(other, Refusal)
    assert other.slug == "permit-number-stays"
    district.do(ADMINISTRATOR, (Kind.EXEMPTION, rid(60), "revoke"), reason="占道施工")
    assert district.do(ADMINISTRATOR, (Kind.EXEMPTION, rid(60), "restore")).is_open


def test_an_officers_certificates_are_corrected_as_a_whole() -> None:
    district = District(an_officer(FIRST, date(2027, 1, 1)))
    correct = (Kind.OFFICER, FIRST, "correct")
    told: list[Json] = [{"number": "9", "valid_from": "2026-01-01", "valid_to": "2027-12-31"}]
    done = district.do(ADMINISTRATOR, correct, name="李强", unit="新城中队", certificates=told)
    assert [one.number for one in body_of(done, OfficerBody).certificates] == ["9"]
    told[0] = {"number": "9", "valid_from": "2027-12-31", "valid_to": "2026-01-01"}
    refusal = district.judge(ADMINISTRATOR, correct, name="李强", certificates=told)
    assert isinstance(refusal, Refusal)
    assert refusal.slug == "dates-reversed"
