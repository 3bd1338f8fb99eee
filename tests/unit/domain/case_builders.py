"""A case walked through its acts, for tests: each step is judged and applied."""

from datetime import date, timedelta

import msgspec

from tests.unit.domain.builders import (
    BLOB,
    DUTY,
    MORNING,
    SECOND,
    District,
    an_actor,
    an_officer,
    rid,
)
from xiuzhou_desktop.domain.case_body import CaseBody
from xiuzhou_desktop.domain.case_master import CaseMaster
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.workflow import Role

CASE, PARTY, PROOF = rid(50), rid(51), rid(52)
REVIEWING, CHAIR = rid(904), rid(905)
HEAD = an_actor(Role.SUPERVISOR)
REVIEWER = an_actor(Role.REVIEWER, officer=REVIEWING)
CLERK = an_actor(Role.CLERK, officer=None)
TODAY = date(2026, 11, 23)  # MORNING's local day
LONG = date(2030, 12, 31)


def case(transition: str) -> tuple[Kind, RecordId, str]:
    """A transition of the one case."""
    return Kind.CASE, CASE, transition


def body(district: District) -> CaseBody:
    """The case's body."""
    found = district.records[CASE].body
    assert isinstance(found, CaseBody)
    return found


def court(master: CaseMaster = CaseMaster.LOCAL) -> District:
    """A district that is master of its cases, with a reviewer and a chair."""
    district = District(an_officer(REVIEWING, LONG), an_officer(CHAIR, LONG))
    district.policy = msgspec.structs.replace(district.policy, case_master=master)
    return district


def a_lead(master: CaseMaster = CaseMaster.LOCAL, category: str = "05-05") -> District:
    """A lead by hand."""
    district = court(master)
    district.do(
        DUTY,
        case("register_lead"),
        title="违停 洪兴西路",
        category=category,
        facts="车辆停在盲道上",
    )
    return district


def filed(master: CaseMaster = CaseMaster.LOCAL, category: str = "05-05") -> District:
    """立案, under investigation."""
    district = a_lead(master, category)
    district.do(DUTY, case("file"), second_officer=SECOND)
    district.do(DUTY, case("investigate"))
    return district


def established(
    fine_fen: int = 1_000_00, master: CaseMaster = CaseMaster.LOCAL, **more: object
) -> District:
    """Party, facts, penalty and one proof."""
    district = filed(master)
    district.do(
        HEAD, (Kind.PARTY, PARTY, "register"), type="organisation", name="嘉兴恒通土方工程有限公司",
        uscc="91330411MA00TEXT0P",
    )  # fmt: skip
    district.do(HEAD, case("name_party"), party=PARTY)
    district.do(
        DUTY, case("establish"), facts="经查属实", basis="浙江省城市市容和环境卫生管理条例 17",
        kind="fine", fine_fen=fine_fen, **more,
    )  # fmt: skip
    district.do(
        DUTY, (Kind.EVIDENCE, PROOF, "record"), type="survey", blob=BLOB, title="现场勘验笔录",
        captured_at=MORNING.isoformat(), case=CASE,
    )  # fmt: skip
    district.do(DUTY, (Kind.EVIDENCE, PROOF, "review"))
    return district


def investigated(fine_fen: int = 1_000_00, master: CaseMaster = CaseMaster.LOCAL) -> District:
    """调查终结."""
    district = established(fine_fen, master)
    district.do(DUTY, case("finish_investigation"))
    return district


def reviewed(fine_fen: int = 1_000_00, master: CaseMaster = CaseMaster.LOCAL) -> District:
    """The notice has passed its review."""
    district = investigated(fine_fen, master)
    district.do(DUTY, case("submit_review"))
    district.do(REVIEWER, case("pass_review"))
    return district


def notified(fine_fen: int = 1_000_00) -> District:
    """The party has the notice, since this morning."""
    district = reviewed(fine_fen)
    told = fine_fen >= district.policy.hearing_organisation_fen
    district.do(DUTY, case("send_notice"), dated=TODAY.isoformat(), hearing_told=told)
    district.do(CLERK, case("notice_received"), received_on=TODAY.isoformat())
    return district


def heard(fine_fen: int = 1_000_00) -> District:
    """The time for a statement has passed in silence."""
    district = notified(fine_fen)
    district.now += timedelta(days=8)
    return district


DECISION: dict[str, object] = {
    "dated": (TODAY + timedelta(days=8)).isoformat(), "kind": "fine", "fine_fen": 1_000_00,
    "is_sealed": True, "names_remedies": True,
}  # fmt: skip


def decided(fine_fen: int = 1_000_00) -> District:
    """行政处罚决定."""
    district = heard(fine_fen)
    district.do(HEAD, case("decide"), **DECISION | {"fine_fen": fine_fen})
    return district


def served() -> District:
    """送达, the same day."""
    district = decided()
    district.do(CLERK, case("serve"), method="in_person", served_on=DECISION["dated"])
    return district


def officers_of(district: District, *officers: RecordId) -> Record:
    """The case with other officers, without an act."""
    record = district.records[CASE]
    changed = msgspec.structs.replace(
        record, body=msgspec.structs.replace(body(district), officers=officers)
    )
    district.records[CASE] = changed
    return changed
