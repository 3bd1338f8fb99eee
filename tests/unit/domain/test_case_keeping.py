"""The files of an ended case: as long as they must be kept, longer under a lock, no day more."""

from datetime import timedelta

import msgspec

from tests.unit.domain.builders import BLOB, SYSTEM, District
from tests.unit.domain.case_builders import (
    CASE,
    CLERK,
    HEAD,
    PROOF,
    REVIEWER,
    TODAY,
    body,
    case,
    established,
    served,
)
from xiuzhou_desktop.domain.case import SPEC
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.evidence import EvidenceBody, EvidenceState
from xiuzhou_desktop.domain.setting import value_problem
from xiuzhou_desktop.domain.writing import body_of


def ended() -> District:
    district = established()
    district.do(HEAD, case("withdraw"), reason="当事人死亡")
    return district


def past(district: District) -> District:
    district.now += timedelta(days=district.policy.case_files_days)
    return district


def due(district: District) -> object:
    (timer,) = (one for one in SPEC.timers if one.name == "dispose")
    return timer.due(district.records[CASE], district.policy, district.calendar)


def piece(district: District) -> tuple[Record, EvidenceBody]:
    record = district.records[PROOF]
    return record, body_of(record, EvidenceBody)


def test_they_go_on_the_day_and_hash_and_custody_stay() -> None:
    district = ended()
    assert due(district) == district.now + timedelta(days=district.policy.case_files_days)
    past(district).now -= timedelta(seconds=1)
    assert district.refuse(SYSTEM, case("dispose")).slug == "files-kept"
    district.now += timedelta(seconds=1)
    district.do(SYSTEM, case("dispose"))
    record, kept = piece(district)
    assert (record.state, kept.blob) == (EvidenceState.DISPOSED, None)
    assert f"sha256:{kept.disposed}" == BLOB
    assert [one.act for one in kept.custody] == ["record", "review", "dispose"]
    assert body(district).disposed_at == district.now
    assert due(district) is None
    assert district.refuse(SYSTEM, case("dispose")).slug == "files-kept"
    assert district.refuse(REVIEWER, case("lock"), reason="审计").slug == "files-disposed"


def test_an_open_case_keeps_its_files() -> None:
    district = established()
    assert due(district) is None


def test_a_lock_holds_with_its_reason_until_it_is_taken_off() -> None:
    district = ended()
    district.do(REVIEWER, case("lock"), reason="审计")
    found = body(district).lock
    assert found is not None
    assert (found.by, found.reason) == (REVIEWER.name, "审计")
    assert district.refuse(REVIEWER, case("lock"), reason="又一次").slug == "files-locked"
    assert due(past(district)) is None
    assert district.refuse(SYSTEM, case("dispose")).slug == "files-kept"
    district.do(REVIEWER, case("unlock"), reason="审计结束")
    assert district.refuse(REVIEWER, case("unlock"), reason="又一次").slug == "files-not-locked"
    district.do(SYSTEM, case("dispose"))
    assert piece(district)[0].state == EvidenceState.DISPOSED


def test_a_remedy_that_runs_keeps_them() -> None:
    district = served()
    fine = {"amount_fen": 1_000_00, "paid_on": body(district).decided_on.isoformat()}
    district.do(CLERK, case("record_payment"), **fine)
    district.do(CLERK, case("close"))
    assert due(district) is not None
    since = (TODAY + timedelta(days=8)).isoformat()
    district.do(CLERK, case("open_remedy"), kind="litigation", since=since)
    assert due(district) is None
    district.do(CLERK, case("end_remedy"), outcome="upheld", ended_on=since)
    assert due(district) is not None


def test_another_term_holds_for_what_has_ended_already() -> None:
    district = ended()
    district.policy = msgspec.structs.replace(district.policy, case_files_days=30)
    assert due(district) == district.now + timedelta(days=30)
    assert value_problem("case_files_days", 29)
    assert value_problem("case_files_days", "ten years")
    assert value_problem("case_files_days", 3650) is None
