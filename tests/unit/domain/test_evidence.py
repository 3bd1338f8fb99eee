"""Evidence as an officer takes it: what it belongs to, and what it lacks to be proof."""

from datetime import timedelta

import msgspec

from tests.unit.domain.builders import (
    BLOB,
    DUTY,
    MORNING,
    SECOND,
    District,
    a_flag,
    arrived,
    flag,
    rid,
)
from tests.unit.domain.case_builders import CASE, CLERK, HEAD, PARTY, case, served
from xiuzhou_desktop.domain.canonical import Json, format_instant
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.evidence import EvidenceBody, EvidenceRole, Gap
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.writing import body_of

FLAG = a_flag()
SNAPSHOT: dict[str, Json] = {
    "type": "still", "blob": BLOB, "title": "C-0137", "flag": FLAG.id,
    "captured_at": format_instant(MORNING),
}  # fmt: skip


RECORD = (Kind.EVIDENCE, rid(2), "record")


def refused(**changed: Json) -> str:
    """The slug by which these arguments are refused."""
    return District(FLAG).refuse(DUTY, RECORD, **(SNAPSHOT | changed)).slug


def test_it_lies_under_its_flag_with_place_and_subject() -> None:
    found = District(FLAG).do(DUTY, RECORD, **SNAPSHOT)
    assert (found.parent_id, found.place, found.subject_key, found.scope) == (
        FLAG.id, FLAG.place, FLAG.subject_key, FLAG.scope,
    )  # fmt: skip
    assert body_of(found, EvidenceBody).custody[0].actor == DUTY.name


def test_nobody_has_reviewed_it_yet_so_it_is_a_lead() -> None:
    body = body_of(District(FLAG).do(DUTY, RECORD, **SNAPSHOT), EvidenceBody)
    assert Gap.HUMAN_REVIEW in body.gaps
    assert body.role is EvidenceRole.LEAD


def test_it_belongs_to_something_that_exists() -> None:
    assert refused(flag=None) == "evidence-of-nothing"
    assert refused(flag=rid(77)) == "gone"


def test_nothing_is_taken_ahead_of_its_time() -> None:
    assert refused(captured_at=format_instant(MORNING + timedelta(hours=1))) == "from-future"


def test_a_name_that_is_no_hash_is_refused() -> None:
    assert refused(blob="sha256:xyz") == "bad-argument"


ANNOUNCED: dict[str, Json] = {
    "type": "photo", "awaited": BLOB.removeprefix("sha256:"), "workstation": "desk-2",
    "title": "现场照片", "captured_at": format_instant(MORNING), "case": CASE,
}  # fmt: skip


def paid_but_for_files() -> District:
    """A case that could be closed if two photographs were on the server."""
    district = served()
    district.do(
        CLERK, case("record_payment"), amount_fen=1_000_00,
        paid_on=format_instant(district.now)[:10],
    )  # fmt: skip
    for number in (3, 4):
        district.do(DUTY, (Kind.EVIDENCE, rid(number), "announce"), **ANNOUNCED)
    return district


def test_a_case_does_not_close_before_its_files_are_here() -> None:
    district = paid_but_for_files()
    refusal = district.refuse(CLERK, case("close"))
    assert (refusal.slug, refusal.facts) == (
        "files-awaited", {"count": 2, "where": f"{DUTY.name} (desk-2)"},
    )  # fmt: skip
    district.do(DUTY, (Kind.EVIDENCE, rid(3), "arrive"), blob=BLOB)
    assert district.refuse(CLERK, case("close")).facts["count"] == 1
    district.do(DUTY, (Kind.EVIDENCE, rid(4), "arrive"), blob=BLOB)
    assert district.do(CLERK, case("close")).state == "CLOSED"


def test_a_file_that_is_lost_is_excluded_with_its_reason_and_the_case_closes() -> None:
    district = paid_but_for_files()
    for number in (3, 4):
        district.do(DUTY, (Kind.EVIDENCE, rid(number), "exclude"), reason="硬盘损坏")
    restored = district.do(DUTY, (Kind.EVIDENCE, rid(4), "restore"))
    assert restored.state == "EXPECTED"
    district.do(DUTY, (Kind.EVIDENCE, rid(4), "exclude"), reason="硬盘损坏")
    assert district.do(CLERK, case("close")).state == "CLOSED"


def test_only_the_file_that_was_announced_arrives() -> None:
    district = paid_but_for_files()
    other = f"sha256:{'b' * 64}"
    assert district.refuse(DUTY, (Kind.EVIDENCE, rid(3), "arrive"), blob=other).slug == "other-file"
    found = district.records[rid(3)]
    assert body_of(found, EvidenceBody).blob is None
    here = body_of(district.do(DUTY, (Kind.EVIDENCE, rid(3), "arrive"), blob=BLOB), EvidenceBody)
    assert (here.blob, here.awaited) == (BLOB, None)
    assert [one.act for one in here.custody] == ["announce", "arrive"]


def test_nobody_but_its_announcer_says_that_a_file_arrived() -> None:
    district = paid_but_for_files()
    arrive = (Kind.EVIDENCE, rid(3), "arrive")
    colleague = msgspec.structs.replace(DUTY, user="desk-two", name="李强")
    refusal = district.refuse(colleague, arrive, blob=BLOB)
    assert (refusal.slug, refusal.facts) == ("not-announcer", {"who": DUTY.name})
    district.do(colleague, (Kind.EVIDENCE, rid(3), "exclude"), reason="模糊")
    restored = district.do(colleague, (Kind.EVIDENCE, rid(3), "restore"))
    assert restored.assignee == DUTY.user  # whoever restores it has not the file
    assert district.do(DUTY, arrive, blob=BLOB).assignee is None


def of_the_flag(**changed: Json) -> dict[str, Json]:
    """A picture of the wall, on its way for the flag."""
    rest = {name: value for name, value in ANNOUNCED.items() if name != "case"}
    return rest | {"flag": FLAG.id} | changed


def test_a_file_is_announced_for_what_it_then_holds_up() -> None:
    announce = (Kind.EVIDENCE, rid(3), "announce")
    refusal = District(FLAG).refuse(DUTY, announce, **of_the_flag(flag=None))
    assert refusal.slug == "files-await-nothing"
    assert District(FLAG).refuse(DUTY, announce, **of_the_flag(flag=rid(77))).slug == "gone"


def fined_on_the_spot(*before: str) -> tuple[District, tuple[Kind, RecordId, str]]:
    """A case of the flag that lacks nothing to be closed, and its closing; files that were
    announced of the flag before.
    """
    district = arrived()
    for name in before:
        district.do(DUTY, (Kind.EVIDENCE, RecordId(name), "announce"), **of_the_flag())
    district.do(
        DUTY, flag("penalise_simple"), second_officer=SECOND, document_no="J-1", fine_fen=100_00,
        party_name="李某", facts="违停",
    )  # fmt: skip
    made = district.of(Kind.CASE).id
    today = format_instant(district.now)[:10]
    district.do(CLERK, (Kind.CASE, made, "record_payment"), amount_fen=100_00, paid_on=today)
    return district, (Kind.CASE, made, "close")


def test_a_case_knows_of_the_files_that_are_on_their_way_to_its_flag() -> None:
    district, close = fined_on_the_spot(rid(3))
    district.do(DUTY, (Kind.EVIDENCE, rid(4), "announce"), **of_the_flag())  # after it was filed
    refusal = district.refuse(CLERK, close)
    assert (refusal.slug, refusal.facts["count"]) == ("files-awaited", 2)
    for number in (3, 4):
        district.do(DUTY, (Kind.EVIDENCE, rid(number), "arrive"), blob=BLOB)
    assert district.do(CLERK, close).state == "CLOSED"


def test_what_proves_the_flag_proves_its_case() -> None:
    district = arrived()
    snapshot = SNAPSHOT | {"type": "survey"}
    district.do(DUTY, (Kind.EVIDENCE, rid(3), "record"), **snapshot)
    district.do(DUTY, flag("file"), second_officer=SECOND)
    made = district.of(Kind.CASE).id
    district.do(DUTY, (Kind.CASE, made, "investigate"))
    district.do(HEAD, (Kind.PARTY, PARTY, "register"), type="citizen", name="张三")
    district.do(HEAD, (Kind.CASE, made, "name_party"), party=PARTY)
    district.do(
        DUTY, (Kind.CASE, made, "establish"), facts="经查属实", basis="条例 17", kind="fine",
        fine_fen=100_00,
    )  # fmt: skip
    finish = (Kind.CASE, made, "finish_investigation")
    assert district.refuse(DUTY, finish).slug == "no-proof"
    district.do(DUTY, (Kind.EVIDENCE, rid(3), "review"))
    assert district.do(DUTY, finish).state == "INVESTIGATION_DONE"
