"""What the law asks: two officers, an order that has expired, an answer that was read, proof."""

from datetime import date, timedelta

import msgspec
import pytest

from tests.unit.domain.builders import (
    ADMINISTRATOR,
    BLOB,
    DEVICE,
    DUTY,
    FIRST,
    HERE,
    LAPSED,
    MORNING,
    SECOND,
    SUPERVISOR,
    SYSTEM,
    District,
    a_flag,
    an_actor,
    arrived,
    body,
    flag,
    rid,
)
from xiuzhou_desktop.domain.case import CaseBody
from xiuzhou_desktop.domain.case_body import CaseState
from xiuzhou_desktop.domain.command import EffectKind, Outcome
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.evidence import EvidenceBody, Gap
from xiuzhou_desktop.domain.flag_body import FlagBody, FlagState
from xiuzhou_desktop.domain.phases import phases
from xiuzhou_desktop.domain.workflow import Role
from xiuzhou_desktop.domain.writing import with_columns

TWO = "行政处罚法 art. 42, 55"


def test_filing_makes_a_case_with_its_evidence_and_legal_limit() -> None:
    district = arrived()
    record = district.do(DUTY, flag("file"), second_officer=SECOND)
    case = district.of(Kind.CASE)
    assert record.state == FlagState.CASE_FILED
    assert isinstance(case.body, CaseBody)
    assert case.body.officers == (FIRST, SECOND)
    assert case.due_at is not None
    assert (case.due_at - district.now).days == 90
    evidence = district.of(Kind.EVIDENCE)
    assert (evidence.parent_id, case.body.evidence) == (case.id, (evidence.id,))
    assert isinstance(district.last, Outcome)
    assert [one.kind for one in district.last.effects] == [EffectKind.CASE_PACKAGE]


def test_a_local_master_hands_nothing_over() -> None:
    district = arrived()
    district.policy = msgspec.convert({"case_master": "local"}, type(district.policy))
    district.do(DUTY, flag("file"), second_officer=SECOND)
    assert isinstance(district.last, Outcome)
    assert district.last.effects == ()


@pytest.mark.parametrize("transition", ["file", "penalise_simple"])
@pytest.mark.parametrize(
    ("first", "second", "slug"),
    [
        (FIRST, FIRST, "second-officer-same"),
        (FIRST, LAPSED, "second-certificate"),
        (FIRST, rid(999), "second-certificate"),
        (LAPSED, SECOND, "first-certificate"),
        (None, SECOND, "first-certificate"),
    ],
)
def test_two_valid_certificates_are_needed(
    transition: str, first: str, second: str, slug: str
) -> None:
    district = arrived()
    actor = msgspec.structs.replace(an_actor(Role.DUTY_OFFICER), officer=first)
    args = {"second_officer": second}
    if transition == "penalise_simple":
        args["document_no"] = "J-1"
    refusal = district.refuse(actor, flag(transition), **args)
    assert (refusal.slug, refusal.article) == (slug, TWO)


def test_a_certificate_is_judged_by_the_day_of_the_act() -> None:
    district = arrived()
    district.now = MORNING - timedelta(days=1)  # the last day of LAPSED's certificate
    assert district.do(DUTY, flag("file"), second_officer=LAPSED).state == "CASE_FILED"


def test_a_simple_penalty_has_its_limit() -> None:
    args = {"second_officer": SECOND, "document_no": "J-1"}
    refusal = arrived().refuse(DUTY, flag("penalise_simple"), fine_fen=200_01, **args)
    assert (refusal.slug, refusal.article) == ("over-simple-limit", "行政处罚法 art. 51")
    record = arrived().do(
        DUTY, flag("penalise_simple"), fine_fen=3000_00, is_organisation=True, **args
    )
    assert record.state == "SIMPLE_PENALTY"


def test_a_simple_penalty_is_a_case_that_is_served_with_its_evidence() -> None:
    district = arrived()
    record = district.do(
        DUTY, flag("penalise_simple"), second_officer=SECOND, document_no="J-1", fine_fen=100_00,
        party_name="李某", facts="当场查获",
    )  # fmt: skip
    case = district.of(Kind.CASE)
    assert isinstance(record.body, FlagBody)
    assert isinstance(case.body, CaseBody)
    assert (record.body.case, case.parent_id) == (case.id, record.id)
    assert (case.state, case.body.procedure, case.body.master) == ("SERVED", "simple", "local")
    assert (case.body.decision_no, case.body.penalty.fine_fen) == ("J-1", 100_00)
    assert (case.body.party_name, case.body.facts) == ("李某", "当场查获")
    pieces = [one for one in district.records.values() if one.kind is Kind.EVIDENCE]
    assert {one.id for one in pieces} == set(case.body.evidence) != set()
    assert {one.parent_id for one in pieces} == {case.id}
    assert district.last.effects == ()


@pytest.mark.parametrize(
    ("transition", "args"), [("file", {}), ("penalise_simple", {"document_no": "J-1"})]
)
def test_a_flag_whose_case_stands_is_not_judged_once_more(
    transition: str, args: dict[str, str]
) -> None:
    district = arrived()
    district.do(DUTY, flag(transition), second_officer=SECOND, **args)
    refusal = district.refuse(SUPERVISOR, flag("reopen"), reason="复核")
    assert (refusal.slug, refusal.article) == ("case-stands", "行政处罚法 art. 29")
    case = district.of(Kind.CASE)
    district.records[case.id] = with_columns(case, state=CaseState.WITHDRAWN.value)
    record = district.do(SUPERVISOR, flag("reopen"), reason="复核")
    assert isinstance(record.body, FlagBody)
    assert (record.state, record.body.case, record.body.second_officer) == ("DETECTED", None, None)


def test_an_unread_answer_holds_a_penalty() -> None:
    district = arrived()
    district.do(SYSTEM, flag("reply"), text="正在卸货")
    refusal = district.refuse(DUTY, flag("file"), second_officer=SECOND)
    assert refusal.slug == "statement-unread"
    district.do(DUTY, flag("read_reply"))
    district.do(DUTY, flag("file"), second_officer=SECOND)


def test_a_shop_is_fined_only_after_its_order_has_expired() -> None:
    district = arrived()
    shop = msgspec.structs.replace(district.records[rid(1)], category="05-04")
    district.records[shop.id] = shop
    assert district.refuse(DUTY, flag("file"), second_officer=SECOND).slug == "no-order"
    district.do(DUTY, flag("serve_order"), minutes=30)
    refusal = district.refuse(DUTY, flag("file"), second_officer=SECOND)
    assert refusal.slug == "order-running"
    assert refusal.article is not None
    assert "17" in refusal.article
    assert district.refuse(DUTY, flag("serve_order"), minutes=5).slug == "order-served"
    district.later(30)
    district.do(DUTY, flag("file"), second_officer=SECOND)
    assert district.of(Kind.RECTIFICATION_ORDER).state == "NOT_CORRECTED"


def test_camera_evidence_with_a_gap_is_only_a_lead() -> None:
    camera = {
        "short_no": "C-0137", "legal_review_on": "2025-01-01", "tech_review_on": "2025-01-01",
        "calibration_until": "2027-01-01", "sign_ok": True, "published_on": "2025-02-01",
    }  # fmt: skip
    for change, category, role, gaps in (
        ({}, "05-05", "PROOF", ()),
        ({"sign_ok": False}, "05-05", "LEAD", (Gap.SIGN,)),
        ({"calibration_until": "2026-11-22"}, "05-05", "LEAD", (Gap.CALIBRATION,)),
        ({}, "05-04", "LEAD", (Gap.NO_LEGAL_BASIS,)),
    ):
        evidence = _evidence_of(camera | change, category)
        assert (evidence.role, evidence.gaps) == (role, gaps)


def _evidence_of(camera: dict[str, object], category: str) -> EvidenceBody:
    district = District(
        msgspec.structs.replace(
            a_flag(FlagState.ARRIVED, camera=rid(50), still=BLOB), category=category
        )
    )
    district.do(ADMINISTRATOR, (Kind.CAMERA, rid(50), "register"), **camera)
    if category == "05-04":
        district.do(DUTY, flag("serve_order"), minutes=1)
        district.later(1)
    district.do(DUTY, flag("file"), second_officer=SECOND)
    found = district.of(Kind.EVIDENCE).body
    assert isinstance(found, EvidenceBody)
    return found


MARKET = {
    "type": "market", "permit_no": "秀许 2026-014", "title": "早市", "area": "330411002",
    "valid_from": "2026-01-01", "valid_to": "2026-12-31", "from_min": 330, "to_min": 600,
    "zone": [
        [HERE.lon_e7 - 5000, HERE.lat_e7 - 5000], [HERE.lon_e7 + 5000, HERE.lat_e7 - 5000],
        [HERE.lon_e7, HERE.lat_e7 + 5000],
    ],
}  # fmt: skip
STALL = {
    "source": "ai", "external_id": "1", "category": "05-01", "area": "330411002",
    "captured_at": MORNING.isoformat(), "lon_e7": HERE.lon_e7, "lat_e7": HERE.lat_e7,
}  # fmt: skip


def test_inside_an_exemption_a_flag_says_so_and_confirming_needs_a_reason() -> None:
    district = District()
    district.do(SUPERVISOR, (Kind.EXEMPTION, rid(60), "grant"), **MARKET)
    record = district.do(DEVICE, flag("detect"), **STALL)
    assert (body(record).exemption, record.priority) == (rid(60), 4)
    assert body(record).exempt_until == MORNING + timedelta(minutes=90)  # 10:00
    assert "exempt" in phases(record, district.now, district.policy)
    assert district.refuse(DUTY, flag("confirm")).slug == "exempt-needs-reason"
    assert district.do(DUTY, flag("confirm"), reason="超出划定区域").state == "CONFIRMED"


@pytest.mark.parametrize(
    ("permit", "stall"),
    [
        ({"to_min": 510}, {}),  # over at 08:30
        ({"valid_to": "2026-11-22"}, {}),
        ({"categories": ["05-04"]}, {}),
        ({}, {"lon_e7": HERE.lon_e7 + 9000}),
    ],
)
def test_outside_its_hours_days_matter_or_zone_nothing_is_exempt(
    permit: dict[str, object], stall: dict[str, object]
) -> None:
    district = District()
    district.do(SUPERVISOR, (Kind.EXEMPTION, rid(60), "grant"), **(MARKET | permit))
    assert body(district.do(DEVICE, flag("detect"), **(STALL | stall))).exemption is None


def test_a_muted_category_of_a_camera_sorts_last_until_it_is_over() -> None:
    district = District()
    district.do(ADMINISTRATOR, (Kind.CAMERA, rid(50), "register"), short_no="C-0137")
    until = (MORNING + timedelta(hours=1)).isoformat()
    district.do(DUTY, (Kind.CAMERA, rid(50), "mute"), category="05-01", reason="施工", until=until)
    assert district.do(DEVICE, flag("detect"), **STALL, camera=rid(50)).priority == 4
    late = STALL | {"captured_at": until, "external_id": "2"}
    district.later(60)
    other = district.do(DEVICE, (Kind.FLAG, rid(2), "detect"), **late, camera=rid(50))
    assert other.priority == 3


@pytest.mark.parametrize(
    ("metres", "minutes", "slug"),
    [(0, 0, None), (49, 30, None), (52, 0, "duplicate-too-far"), (0, 31, "duplicate-too-late")],
)
def test_a_duplicate_is_near_in_place_and_time(metres: int, minutes: int, slug: str | None) -> None:
    place = msgspec.structs.replace(HERE, lat_e7=HERE.lat_e7 + round(metres * 89.93))
    parent = msgspec.structs.replace(
        a_flag(FlagState.CONFIRMED, captured_at=MORNING - timedelta(minutes=minutes)),
        id=rid(2), place=place, due_at=MORNING + timedelta(hours=2),
    )  # fmt: skip
    district = District(a_flag(), parent)
    if slug:
        assert district.refuse(DUTY, flag("attach"), parent=rid(2)).slug == slug
        return
    record = district.do(DUTY, flag("attach"), parent=rid(2))
    assert (record.state, record.parent_id) == ("DUPLICATE", rid(2))
    assert district.records[rid(2)].due_at == record.due_at  # the nearer deadline is kept
    back = district.do(DUTY, flag("detach"))
    assert (back.state, back.due_at, back.closed_at) == ("DETECTED", record.due_at, None)


def test_a_duplicate_has_the_same_plate_and_is_not_itself() -> None:
    other = msgspec.structs.replace(a_flag(), id=rid(2), subject_key="plate:浙F00001/blue")
    district = District(a_flag(), other)
    assert district.refuse(DUTY, flag("attach"), parent=rid(2)).slug == "other-subject"
    assert district.refuse(DUTY, flag("attach"), parent=rid(1)).slug == "no-parent"
    assert district.refuse(DUTY, flag("attach"), parent=rid(9)).slug == "no-parent"


def test_certificates_are_renewed_by_their_number() -> None:
    district = District()
    renewed = {"number": "11-0001", "valid_from": "2026-11-23", "valid_to": "2028-11-22"}
    record = district.do(ADMINISTRATOR, (Kind.OFFICER, LAPSED, "certify"), **renewed)
    (certificate,) = record.body.certificates  # type: ignore[attr-defined]  # an officer's body
    assert certificate.valid_to == date(2028, 11, 22)
    backwards = renewed | {"valid_to": "2020-01-01"}
    refusal = district.refuse(ADMINISTRATOR, (Kind.OFFICER, LAPSED, "certify"), **backwards)
    assert refusal.slug == "dates-reversed"
