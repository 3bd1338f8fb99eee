"""The way of a case and its hard blocks (domain.md §3), each with its article."""

from datetime import date, timedelta

import msgspec
import pytest

from tests.unit.domain.builders import DUTY, FIRST, LAPSED, SECOND, SYSTEM, an_actor, arrived, flag
from tests.unit.domain.case_builders import (
    CASE,
    CHAIR,
    CLERK,
    DECISION,
    HEAD,
    PARTY,
    PROOF,
    REVIEWER,
    TODAY,
    a_lead,
    body,
    case,
    court,
    decided,
    established,
    filed,
    heard,
    investigated,
    notified,
    officers_of,
    reviewed,
    served,
)
from xiuzhou_desktop.domain.case_body import CaseBody, CaseState, Procedure
from xiuzhou_desktop.domain.case_dates import deadlines, local_day
from xiuzhou_desktop.domain.case_master import CaseMaster
from xiuzhou_desktop.domain.case_rules import CaseFile, checklist
from xiuzhou_desktop.domain.command import EffectKind, Outcome
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.phases import phases
from xiuzhou_desktop.domain.workflow import Role

A_DAY = timedelta(days=1)


def test_the_ordinary_procedure_from_lead_to_file() -> None:
    district = served()
    day = DECISION["dated"]
    district.do(CLERK, case("record_payment"), amount_fen=1_000_00, paid_on=day)
    record = district.do(CLERK, case("close"))
    assert (record.state, record.closed_at) == (CaseState.CLOSED, district.now)
    assert [one.number[:5] for one in body(district).documents] == ["秀综执告字", "秀综执罚决"]


def test_the_ninety_days_run_from_the_filing_in_calendar_days() -> None:
    district = filed()
    (limit,) = deadlines(district.records[CASE], district.policy, district.calendar)
    assert (limit.name, limit.article) == ("decision", "行政处罚法 art. 60")
    assert local_day(limit.at) == TODAY + 90 * A_DAY


def test_the_time_for_a_statement_is_in_working_days() -> None:
    district = notified()
    found = {
        one.name: local_day(one.at)
        for one in deadlines(district.records[CASE], district.policy, district.calendar)
    }
    assert found["statement"] == date(2026, 11, 30)  # a Monday: the weekend does not count
    assert found["decision"] == TODAY + 90 * A_DAY


def test_service_and_payment_have_their_own_limits() -> None:
    district = decided()
    assert district.records[CASE].due_at is not None
    day = local_day(district.now)
    assert local_day(district.records[CASE].due_at) == district.calendar.add_workdays(day, 7)
    district.do(CLERK, case("serve"), method="in_person", served_on=day.isoformat())
    assert body(district).pay_by == day + 15 * A_DAY


@pytest.mark.parametrize(
    ("second", "slug"), [(FIRST, "second-officer-same"), (LAPSED, "second-certificate")]
)
def test_filing_by_one_officer_or_with_a_lapsed_certificate_is_refused(
    second: str, slug: str
) -> None:
    refusal = a_lead().refuse(DUTY, case("file"), second_officer=second)
    assert (refusal.slug, refusal.article) == (slug, "行政处罚法 art. 42, 55")


@pytest.mark.parametrize(
    ("officers", "slug"),
    [((FIRST,), "case-one-officer"), ((FIRST, FIRST), "case-one-officer"),
     ((FIRST, LAPSED), "case-certificate")],
)  # fmt: skip
@pytest.mark.parametrize("step", ["finish_investigation", "send_notice", "decide"])
def test_two_certificates_are_asked_again_at_each_step(
    step: str, officers: tuple[str, ...], slug: str
) -> None:
    starts = {"finish_investigation": established, "send_notice": reviewed, "decide": heard}
    args = {
        "finish_investigation": {}, "send_notice": {"dated": TODAY.isoformat()}, "decide": DECISION,
    }  # fmt: skip
    district = starts[step]()
    officers_of(district, *officers)
    refusal = district.refuse(HEAD, case(step), **args[step])
    assert (refusal.slug, refusal.article) == (slug, "行政处罚法 art. 42, 55")


def test_a_decision_dated_before_its_notice_is_refused() -> None:
    before = DECISION | {"dated": (TODAY - A_DAY).isoformat()}
    refusal = heard().refuse(HEAD, case("decide"), **before)
    assert (refusal.slug, refusal.article) == (
        "decision-before-notice", "行政处罚法 art. 44, 62",
    )  # fmt: skip
    assert refusal.facts == {"date": "2026-11-22", "earlier": "2026-11-23"}


@pytest.mark.parametrize("fine", [0.5, "0.005", -1, 10**12])
def test_an_amount_that_is_no_whole_fen_is_refused(fine: object) -> None:
    refusal = heard().refuse(HEAD, case("decide"), **DECISION | {"fine_fen": fine})
    assert refusal.slug == "bad-argument"
    assert "fine_fen" in str(refusal.facts["detail"])


def test_no_decision_without_a_notice() -> None:
    refusal = investigated().refuse(HEAD, case("decide"), **DECISION)
    assert refusal.slug == "state"


def test_no_decision_while_the_party_may_still_speak() -> None:
    district = notified()
    now = DECISION | {"dated": TODAY.isoformat()}
    refusal = district.refuse(HEAD, case("decide"), **now)
    assert (refusal.slug, refusal.article) == ("statement-running", "行政处罚法 art. 45, 62")
    district.do(CLERK, case("waive_statement"), signed_on=TODAY.isoformat())
    district.do(HEAD, case("decide"), **now)


def test_a_statement_must_be_answered_and_may_not_make_it_heavier() -> None:
    district = notified()
    said = {"text": "当时正在卸货", "made_on": TODAY.isoformat()}
    district.do(CLERK, case("make_statement"), **said)
    now = DECISION | {"dated": TODAY.isoformat()}
    assert district.refuse(HEAD, case("decide"), **now).slug == "statement-unanswered"
    district.do(DUTY, case("answer_statement"), is_accepted=False, answer="无装卸许可")
    refusal = district.refuse(HEAD, case("decide"), **now | {"fine_fen": 1_000_01})
    assert (refusal.slug, refusal.article) == ("heavier-after-statement", "行政处罚法 art. 45")
    district.do(HEAD, case("decide"), **now | {"fine_fen": 800_00})


def test_more_than_was_notified_needs_a_new_notice() -> None:
    refusal = heard().refuse(HEAD, case("decide"), **DECISION | {"fine_fen": 2_000_00})
    assert refusal.slug == "more-than-notified"


@pytest.mark.parametrize(
    ("lacks", "slug"), [("is_sealed", "no-seal"), ("names_remedies", "no-remedies-named")]
)
def test_a_decision_is_sealed_and_names_the_remedies(lacks: str, slug: str) -> None:
    refusal = heard().refuse(HEAD, case("decide"), **DECISION | {lacks: False})
    assert refusal.slug == slug
    assert "59" in str(refusal.article)


def test_a_hearing_grade_penalty_must_tell_the_right_to_a_hearing() -> None:
    district = reviewed(fine_fen=120_000_00)
    refusal = district.refuse(DUTY, case("send_notice"), dated=TODAY.isoformat())
    assert (refusal.slug, refusal.article) == ("hearing-not-told", "行政处罚法 art. 63")


def test_a_hearing_has_its_times_its_chair_and_a_legality_review_after_it() -> None:
    district = notified(fine_fen=120_000_00)
    district.do(CLERK, case("request_hearing"), requested_on=TODAY.isoformat())
    told = {"told_on": TODAY.isoformat()}
    refusal = district.refuse(DUTY, case("set_hearing"), chair=FIRST, **told)
    assert refusal.slug == "chair-investigated"
    district.do(DUTY, case("set_hearing"), chair=CHAIR, **told)
    district.now += 3 * A_DAY
    soon = {"held_on": (TODAY + 3 * A_DAY).isoformat(), "record": "双方到场"}
    assert district.refuse(DUTY, case("hold_hearing"), **soon).slug == "hearing-too-soon"
    district.now += 7 * A_DAY
    held = soon | {"held_on": (TODAY + 9 * A_DAY).isoformat()}
    district.do(DUTY, case("hold_hearing"), **held)
    decide = DECISION | {"fine_fen": 100_000_00}
    refusal = district.refuse(HEAD, case("decide"), **decide)
    assert (refusal.slug, refusal.article) == ("review-missing", "行政处罚法 art. 58")
    district.do(DUTY, case("submit_review"))
    assert district.do(REVIEWER, case("pass_review")).state == CaseState.HEARING
    district.do(HEAD, case("decide"), **decide)


def test_a_major_case_is_discussed_collectively() -> None:
    district = established(is_major=True)
    district.do(DUTY, case("finish_investigation"))
    for step in ("submit_review", "pass_review"):
        district.do(REVIEWER if step == "pass_review" else DUTY, case(step))
    district.do(DUTY, case("send_notice"), dated=TODAY.isoformat())
    district.do(CLERK, case("notice_received"), received_on=TODAY.isoformat())
    district.do(CLERK, case("waive_statement"), signed_on=TODAY.isoformat())
    now = DECISION | {"dated": TODAY.isoformat()}
    district.do(DUTY, case("submit_review"))
    district.do(REVIEWER, case("pass_review"))
    assert district.refuse(HEAD, case("decide"), **now).slug == "collective-missing"
    district.do(HEAD, case("discuss"), discussed_on=TODAY.isoformat(), conclusion="同意")
    assert district.do(HEAD, case("decide"), **now).state == CaseState.DECIDED


def test_a_reviewer_who_investigated_may_not_review() -> None:
    district = investigated()
    district.do(DUTY, case("submit_review"))
    refusal = district.refuse(an_actor(Role.REVIEWER, officer=SECOND), case("pass_review"))
    assert refusal.slug == "reviewer-investigated"


def test_a_return_goes_back_with_its_reason_and_is_seen() -> None:
    district = investigated()
    district.do(DUTY, case("submit_review"))
    record = district.do(REVIEWER, case("return_review"), reason="缺运输许可")
    assert record.state == CaseState.INVESTIGATING
    assert "returned" in phases(record, district.now, district.policy)
    refusal_free = district.do(DUTY, case("finish_investigation"))
    assert "returned" not in phases(refusal_free, district.now, district.policy)
    refusal = district.refuse(DUTY, case("send_notice"), dated=TODAY.isoformat())
    assert refusal.slug == "notice-not-reviewed"


def test_a_pending_recusal_holds_the_decision_but_not_the_investigation() -> None:
    district = established()
    district.do(CLERK, case("ask_recusal"), officer=SECOND, reason="与当事人有亲属关系")
    district.do(DUTY, case("finish_investigation"))
    district.do(DUTY, case("submit_review"))
    assert district.refuse(REVIEWER, case("pass_review")).slug == "recusal-pending"
    district.do(HEAD, case("settle_recusal"), officer=SECOND, is_granted=False)
    district.do(REVIEWER, case("pass_review"))


def test_a_lead_alone_proves_nothing() -> None:
    district = established()
    district.do(DUTY, (Kind.EVIDENCE, PROOF, "exclude"), reason="来源不明")
    refusal = district.refuse(DUTY, case("finish_investigation"))
    assert (refusal.slug, refusal.article) == ("no-proof", "行政处罚法 art. 46")


def test_an_act_beyond_two_years_is_not_punished() -> None:
    district = reviewed()
    record = district.records[CASE]
    old = msgspec.structs.replace(body(district), occurred_on=date(2024, 11, 1))
    district.records[CASE] = msgspec.structs.replace(record, body=old)
    refusal = district.refuse(DUTY, case("send_notice"), dated=TODAY.isoformat())
    assert (refusal.slug, refusal.article) == ("limitation-passed", "行政处罚法 art. 36")


@pytest.mark.parametrize(
    ("number", "is_sound"), [("11010519491231002X", True), ("110105194912310021", False)]
)
def test_an_identity_number_is_checked_and_kept_only_as_its_mask(
    number: str, is_sound: bool
) -> None:
    district = court()
    args = {"type": "citizen", "name": "王某", "resident_id": number}
    if not is_sound:
        refusal = district.refuse(HEAD, (Kind.PARTY, PARTY, "register"), **args)
        assert (refusal.slug, refusal.article) == ("bad-resident-id", "GB 11643")
        return
    record = district.do(HEAD, (Kind.PARTY, PARTY, "register"), **args)
    assert number not in str(msgspec.to_builtins(record))
    assert "110105********002*" in str(msgspec.to_builtins(record))


@pytest.mark.parametrize(("born", "slug"), [("20130101", "party-is-child"), ("20100101", None)])
def test_a_child_is_not_punished(born: str, slug: str | None) -> None:
    district = reviewed()
    age = {"20130101": "child", "20100101": "minor"}[born]
    changed = msgspec.convert(msgspec.to_builtins(body(district)) | {"party_age": age}, CaseBody)
    district.records[CASE] = msgspec.structs.replace(district.records[CASE], body=changed)
    answer = district.judge(DUTY, case("send_notice"), dated=TODAY.isoformat())
    assert getattr(answer, "slug", None) == slug


def test_the_fast_track_opens_only_where_every_condition_holds() -> None:
    district = established()
    file = CaseFile(
        record=district.records[CASE], body=body(district), now=district.now, policy=district.policy
    )
    unmet = [one.slug for one in checklist("fast_track", file) if not one.is_met]
    assert unmet == ["fast-track-admission"]
    assert district.refuse(DUTY, case("fast_track")).slug == "fast-track-admission"
    district.do(DUTY, case("admit"), signed_on=TODAY.isoformat())
    record = district.do(DUTY, case("fast_track"))
    assert body(district).procedure is Procedure.FAST_TRACK
    assert record.due_at is not None
    assert local_day(record.due_at) == date(2026, 12, 2)  # seven working days
    district.do(DUTY, case("withdraw_admission"))
    assert body(district).procedure is Procedure.ORDINARY


def test_a_fast_track_notice_needs_no_review() -> None:
    district = established()
    district.do(DUTY, case("admit"), signed_on=TODAY.isoformat())
    district.do(DUTY, case("fast_track"))
    district.do(DUTY, case("finish_investigation"))
    record = district.do(DUTY, case("send_notice"), dated=TODAY.isoformat())
    assert record.state == CaseState.NOTICE_SENT


def test_a_penalty_on_the_spot_is_a_case_that_is_served_already() -> None:
    district = court()
    args = {
        "title": "违停", "category": "05-05", "facts": "当场查获", "second_officer": SECOND,
        "document_no": "简-1", "party_name": "李某", "fine_fen": 200_01,
    }  # fmt: skip
    refusal = district.refuse(DUTY, case("record_on_the_spot"), **args)
    assert (refusal.slug, refusal.article) == ("over-simple-limit", "行政处罚法 art. 51")
    record = district.do(DUTY, case("record_on_the_spot"), **args | {"fine_fen": 200_00})
    assert record.state == CaseState.SERVED
    assert body(district).decision_no == "简-1"


def test_a_flag_files_a_case_with_its_party() -> None:
    district = arrived()
    district.do(HEAD, (Kind.PARTY, PARTY, "register"), type="citizen", name="王某")
    district.do(DUTY, flag("file"), second_officer=SECOND, party=PARTY)
    found = district.of(Kind.CASE).body
    assert isinstance(found, CaseBody)
    assert (found.party, found.party_name) == (PARTY, "王某")


def test_under_the_province_a_step_waits_for_its_answer() -> None:
    district = reviewed(master=CaseMaster.PROVINCIAL)
    record = district.do(DUTY, case("send_notice"), dated=TODAY.isoformat())
    assert isinstance(district.last, Outcome)
    assert [one.kind for one in district.last.effects] == [EffectKind.CASE_PACKAGE]
    assert record.state == CaseState.INVESTIGATION_DONE
    assert "with_province" in phases(record, district.now, district.policy)
    again = district.refuse(DUTY, case("send_notice"), dated=TODAY.isoformat())
    assert again.slug == "with-the-province"
    told = {"state": "NOTICE_SENT", "at": district.now.isoformat(), "provincial_no": "浙-0608"}
    record = district.do(SYSTEM, case("mirror"), **told)
    assert record.state == CaseState.NOTICE_SENT
    assert (body(district).provincial_no, body(district).submission) == ("浙-0608", None)


def test_a_step_that_the_province_did_not_take_leaves_no_draft() -> None:
    district = reviewed(master=CaseMaster.PROVINCIAL)
    district.do(DUTY, case("send_notice"), dated=TODAY.isoformat())
    told = {"state": "INVESTIGATING", "at": district.now.isoformat(), "provincial_no": "浙-0608"}
    district.do(SYSTEM, case("mirror"), **told)
    assert (body(district).notified, body(district).notice_on) == (None, None)


def test_the_province_does_not_move_our_own_case() -> None:
    told = {"state": "CLOSED", "at": "2026-11-23T01:00:00Z", "provincial_no": "浙-1"}
    assert filed().refuse(SYSTEM, case("mirror"), **told).slug == "case-is-ours"


def test_what_is_owed_keeps_a_case_open_and_more_is_not_taken() -> None:
    district = served()
    day = str(DECISION["dated"])
    assert district.refuse(CLERK, case("close")).slug == "fine-owed"
    pay = {"amount_fen": 1_000_01, "paid_on": day}
    assert district.refuse(CLERK, case("record_payment"), **pay).slug == "payment-not-owed"
    record = district.do(CLERK, case("record_payment"), amount_fen=400_00, paid_on=day)
    assert record.state == CaseState.SERVED
    record = district.do(CLERK, case("record_payment"), amount_fen=600_00, paid_on=day)
    assert record.state == CaseState.PAID


def test_electronic_service_needs_a_signed_consent() -> None:
    district = decided()
    args = {"method": "electronic", "served_on": DECISION["dated"]}
    assert district.refuse(CLERK, case("serve"), **args).slug == "no-consent"
    before = args | {"method": "post", "served_on": TODAY.isoformat()}
    assert district.refuse(CLERK, case("serve"), **before).slug == "served-before-decision"


def test_a_revoked_decision_is_decided_anew_from_a_new_notice() -> None:
    district = served()
    district.do(HEAD, case("revoke"), reason="适用依据错误")
    record = district.do(HEAD, case("decide_anew"))
    assert record.state == CaseState.INVESTIGATION_DONE
    assert (body(district).notified, body(district).decision_no) == (None, None)
