"""From the decision to the portal (domain.md §3.4): two persons, unchanged words, the listing."""

from datetime import timedelta

import pytest

from tests.unit.domain.builders import DUTY, SYSTEM, District, an_actor, rid
from tests.unit.domain.case_builders import CASE, DECISION, HEAD, body, case, decided, heard
from xiuzhou_desktop.domain.case_dates import local_day
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.party import AgeClass
from xiuzhou_desktop.domain.phases import phases
from xiuzhou_desktop.domain.publication_body import (
    ExemptGround,
    PublicationBody,
    PublicationState,
    source_digest,
)
from xiuzhou_desktop.domain.workflow import Actor, Role
from xiuzhou_desktop.domain.writing import with_body

NOTICE = rid(60)
CLERK = an_actor(Role.CLERK, officer=None)
SIGNER = Actor(user="reviewer", name="周审", roles=frozenset({Role.REVIEWER}), grants=CLERK.grants)


def act(transition: str) -> tuple[Kind, RecordId, str]:
    """A transition of the one publication."""
    return Kind.PUBLICATION, NOTICE, transition


def owed(district: District | None = None) -> District:
    """In the ledger."""
    district = district or decided()
    district.do(SYSTEM, act("owe"), case=CASE)
    return district


def masked(district: District | None = None) -> District:
    """The first signature."""
    district = owed(district)
    district.do(CLERK, act("mask"), source=source_digest(body(district)))
    return district


def confirmed() -> District:
    """The second."""
    district = masked()
    district.do(SIGNER, act("confirm"))
    return district


def published() -> District:
    """On the portal."""
    district = confirmed()
    district.do(SYSTEM, act("list"), at=district.now.isoformat(), receipt="ZW-1")
    return district


def record(district: District) -> Record:
    return district.records[NOTICE]


def own(district: District) -> PublicationBody:
    found = record(district).body
    assert isinstance(found, PublicationBody)
    return found


def test_a_decision_is_owed_for_seven_working_days() -> None:
    district = owed()
    assert record(district).state == PublicationState.DUE
    last = district.calendar.add_workdays(own(district).decided_on, 7)
    assert local_day(own(district).publish_by) == last


def test_a_case_without_a_decision_owes_nothing() -> None:
    district = heard()
    assert district.refuse(SYSTEM, act("owe"), case=CASE).slug == "not-decided"


def test_nobody_confirms_what_he_masked() -> None:
    district = masked()
    refusal = district.refuse(CLERK, act("confirm"))
    assert (refusal.slug, refusal.article) == ("second-person", "国办发〔2018〕118号")
    assert district.do(SIGNER, act("confirm")).state == PublicationState.CONFIRMED


def test_words_that_changed_under_the_first_signature_are_not_confirmed() -> None:
    district = masked()
    district.do(HEAD, case("correct"), reason="当事人名称有误")
    changed = district.records[CASE]
    district.records[CASE] = _with_facts(changed, "另一事实")
    assert district.refuse(SIGNER, act("confirm")).slug == "source-changed"


def test_words_that_changed_under_the_screen_are_not_masked() -> None:
    district = owed()
    seen = source_digest(body(district))
    district.records[CASE] = _with_facts(district.records[CASE], "另一事实")
    assert district.refuse(CLERK, act("mask"), source=seen).slug == "source-changed"


def test_personal_data_that_no_rule_hides_blocks_until_hidden_by_hand() -> None:
    district = owed()
    district.records[CASE] = _with_facts(district.records[CASE], "联系1 3 8/5734.0021转交")
    source = source_digest(body(district))
    refusal = district.refuse(CLERK, act("mask"), source=source)
    assert (refusal.slug, refusal.facts) == ("personal-data-left", {"rules": ["mobile"]})
    district.do(CLERK, act("mask"), source=source, by_hand=["1 3 8/5734.0021"])
    notice = own(district).notice
    assert notice is not None
    assert notice.facts == "联系不公示转交"


def test_a_portal_that_says_yes_and_shows_nothing_has_failed_in_sight() -> None:
    district = confirmed()
    district.later(district.policy.publish_receipt_min)
    district.do(SYSTEM, act("fail"), cause="no_receipt")
    assert record(district).state == PublicationState.FAILED
    district.do(CLERK, act("send_again"))
    assert record(district).state == PublicationState.CONFIRMED


def test_a_late_listing_is_a_listing() -> None:
    district = confirmed()
    district.do(SYSTEM, act("fail"), cause="no_receipt")
    district.do(SYSTEM, act("list"), at=district.now.isoformat(), receipt="ZW-2")
    assert record(district).state == PublicationState.PUBLISHED
    assert own(district).cause is None


def test_one_listed_twice_is_one_and_says_so() -> None:
    district = published()
    district.do(SYSTEM, act("count_again"), at=district.now.isoformat(), receipt="ZW-1", count=2)
    assert record(district).state == PublicationState.PUBLISHED
    assert "listed_twice" in phases(record(district), district.now, district.policy)


def test_one_that_the_portal_lost_is_due_again_at_once() -> None:
    district = published()
    district.do(SYSTEM, act("miss"))
    assert record(district).is_open
    district.later(1)
    assert "overdue" in phases(record(district), district.now, district.policy)


def test_one_that_the_portal_took_by_itself_lacks_its_signatures() -> None:
    district = owed()
    district.do(SYSTEM, act("list"), at=district.now.isoformat(), receipt="ZW-3")
    assert "unsigned" in phases(record(district), district.now, district.policy)


def test_one_person_takes_down_and_the_reason_is_public() -> None:
    district = published()
    district.do(CLERK, act("retract"), public_reason="复议撤销")
    assert record(district).state == PublicationState.RETRACTING
    last = district.calendar.add_workdays(local_day(district.now), 3)
    due = record(district).due_at
    assert due is not None
    assert local_day(due) == last
    assert district.do(SYSTEM, act("unlist")).state == PublicationState.RETRACTED
    assert own(district).public_reason == "复议撤销"


def test_what_was_never_out_is_taken_back_at_once() -> None:
    district = masked()
    record_ = district.do(HEAD, act("retract"), public_reason="决定撤销")
    assert record_.state == PublicationState.RETRACTED


@pytest.mark.parametrize("transition", ["mask", "confirm", "retract", "send_again"])
def test_an_officer_on_duty_does_not_publish(transition: str) -> None:
    district = masked() if transition == "confirm" else owed()
    args = {"mask": {"source": "0" * 64}, "retract": {"public_reason": "误"}}.get(transition, {})
    assert district.refuse(DUTY, act(transition), **args).slug in {"role", "state"}


def test_a_minor_is_not_published() -> None:
    district = decided()
    district.records[CASE] = with_body(district.records[CASE], party_age=AgeClass.MINOR)
    owed(district)
    assert record(district).state == PublicationState.EXEMPT
    assert own(district).ground is ExemptGround.MINOR
    assert not record(district).is_open


def test_a_return_takes_the_notice_back() -> None:
    district = masked()
    district.do(SIGNER, act("return_"), reason="地址未遮盖")
    assert own(district).notice is None
    assert "returned" in phases(record(district), district.now, district.policy)


def test_time_alone_makes_it_overdue() -> None:
    district = owed()
    due = record(district).due_at
    assert due is not None
    assert "overdue" not in phases(record(district), due - timedelta(hours=1), district.policy)
    assert "overdue" in phases(record(district), due, district.policy)
    assert DECISION["dated"] == own(district).decided_on.isoformat()


def _with_facts(one: Record, facts: str) -> Record:
    return with_body(one, facts=facts)
