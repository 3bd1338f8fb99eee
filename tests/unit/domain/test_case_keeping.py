"""The files of an ended case: as long as they must be kept, longer under a lock, no day more."""

from datetime import timedelta

import msgspec
import pytest

from tests.unit.domain.builders import BLOB, DUTY, MORNING, SYSTEM, District, a_flag, rid
from tests.unit.domain.case_builders import (
    CASE,
    CLERK,
    DECISION,
    HEAD,
    PROOF,
    REVIEWER,
    body,
    case,
    established,
    served,
)
from xiuzhou_desktop.domain.case import SPEC
from xiuzhou_desktop.domain.case_body import CaseState
from xiuzhou_desktop.domain.case_dates import end_of, local_day
from xiuzhou_desktop.domain.case_master import CaseMaster
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.evidence import EvidenceBody, EvidenceState
from xiuzhou_desktop.domain.flag_body import FlagBody, FlagState
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.setting import value_problem
from xiuzhou_desktop.domain.writing import body_of, with_body, with_columns

FLAG, SECOND_CASE, LATER_PROOF, OF_FLAG = rid(1), rid(60), rid(61), rid(62)
PAPER = {
    "type": "survey", "blob": BLOB, "title": "询问笔录", "captured_at": MORNING.isoformat(),
    "case": CASE,
}  # fmt: skip


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


def closed() -> District:
    district = served()
    fine = {"amount_fen": 1_000_00, "paid_on": DECISION["dated"]}
    district.do(CLERK, case("record_payment"), **fine)
    district.do(CLERK, case("close"))
    return district


def in_remedy(district: District) -> District:
    """At law, long after its end."""
    district.now += timedelta(days=district.policy.case_files_days - 1)
    since = local_day(district.now).isoformat()
    district.do(CLERK, case("open_remedy"), kind="litigation", since=since)
    assert due(past(district)) is None
    assert district.refuse(SYSTEM, case("dispose")).slug == "files-kept"
    return district


def end(district: District, outcome: str) -> None:
    ended_on = local_day(district.now).isoformat()
    district.do(CLERK, case("end_remedy"), outcome=outcome, ended_on=ended_on)


@pytest.mark.parametrize("outcome", ["upheld", "withdrawn"])
def test_a_remedy_keeps_them_and_begins_the_time_anew_when_nobody_may_sue_any_more(
    outcome: str,
) -> None:
    district = in_remedy(closed())
    end(district, outcome)
    to_sue = end_of(local_day(district.now) + timedelta(days=15))
    assert due(district) == to_sue + timedelta(days=district.policy.case_files_days)
    assert district.refuse(SYSTEM, case("dispose")).slug == "files-kept"


@pytest.mark.parametrize("outcome", ["annulled", "changed"])
def test_a_decision_that_fell_keeps_them_until_the_case_has_ended_again(outcome: str) -> None:
    district = in_remedy(closed())
    end(district, outcome)
    assert due(past(past(district))) is None
    assert district.refuse(SYSTEM, case("dispose")).slug == "files-kept"
    district.do(HEAD, case("revoke"), reason="法院判决")
    assert due(district) is None
    district.do(HEAD, case("decide_anew"))
    district.do(HEAD, case("withdraw"), reason="不再处罚")
    assert due(district) == district.now + timedelta(days=district.policy.case_files_days)


def test_a_decision_after_the_one_that_fell_has_its_own_time() -> None:
    district = in_remedy(closed())
    end(district, "annulled")
    record, later = district.records[CASE], local_day(district.now) + timedelta(days=1)
    district.records[CASE] = with_body(record, decided_on=later)
    assert due(district) is not None


def test_what_comes_after_the_files_went_has_its_own_end() -> None:
    district = past(closed())
    district.do(SYSTEM, case("dispose"))
    late = (Kind.EVIDENCE, LATER_PROOF, "record")
    assert district.refuse(DUTY, late, **PAPER).slug == "files-disposed"
    district.do(HEAD, case("revoke"), reason="法院判决")
    assert body(district).disposed_at is None
    district.do(HEAD, case("decide_anew"))
    district.do(DUTY, late, **PAPER)
    district.do(HEAD, case("withdraw"), reason="不再处罚")
    district.do(REVIEWER, case("lock"), reason="审计")
    district.do(REVIEWER, case("unlock"), reason="审计结束")
    assert district.refuse(SYSTEM, case("dispose")).slug == "files-kept"
    past(district).do(SYSTEM, case("dispose"))
    assert district.records[LATER_PROOF].state == EvidenceState.DISPOSED


def test_a_case_that_the_province_takes_up_again_is_not_told_as_destroyed() -> None:
    district = past(ended())
    district.do(SYSTEM, case("dispose"))
    record = district.records[CASE]
    district.records[CASE] = with_body(record, master=CaseMaster.PROVINCIAL)
    told = {"at": district.now.isoformat(), "provincial_no": "P-1"}
    district.do(SYSTEM, case("mirror"), state="TERMINATED", **told)
    assert body(district).disposed_at is not None
    district.do(SYSTEM, case("mirror"), state="INVESTIGATING", **told)
    assert (body(district).disposed_at, district.records[CASE].closed_at) == (None, None)


class OneFlag:
    """A flag whose first case came to nothing and which led to a second; its picture, a piece of
    its own.
    """

    def __init__(self) -> None:
        self.district = ended()
        first = with_columns(self._of_flag(CASE), parent_id=FLAG)
        second = with_columns(first, id=SECOND_CASE, state=CaseState.FILED.value, closed_at=None)
        flag = a_flag(FlagState.CASE_FILED, still=BLOB, case=SECOND_CASE)
        of_flag = with_columns(piece(self.district)[0], id=OF_FLAG, parent_id=FLAG)
        self.put(first, second, flag, of_flag)
        past(self.district)

    def _of_flag(self, record: RecordId) -> Record:
        return with_body(self.district.records[record], flag=FLAG)

    def put(self, *records: Record) -> None:
        self.district.records |= {one.id: one for one in records}

    def flag(self, **body: object) -> None:
        """Otherwise than it is."""
        self.put(with_body(self.district.records[FLAG], **body))

    def ends_second(self) -> None:
        second = self.district.records[SECOND_CASE]
        now = self.district.now
        self.put(with_columns(second, state=CaseState.WITHDRAWN.value, closed_at=now))

    def dispose(self, record: RecordId) -> None:
        self.district.do(SYSTEM, (Kind.CASE, record, "dispose"))

    @property
    def is_kept(self) -> tuple[bool, bool]:
        """Its own picture, the piece under it."""
        still = body_of(self.district.records[FLAG], FlagBody).still
        return still is not None, self.district.records[OF_FLAG].state == EvidenceState.HELD


def test_a_dead_case_leaves_what_another_case_of_the_flag_needs() -> None:
    one = OneFlag()
    one.dispose(CASE)
    assert piece(one.district)[0].state == EvidenceState.DISPOSED
    assert one.is_kept == (True, True)
    one.ends_second()
    past(one.district)
    one.dispose(SECOND_CASE)
    assert one.is_kept == (False, False)


def test_the_last_case_takes_it_whichever_it_is() -> None:
    one = OneFlag()
    one.ends_second()
    past(one.district)
    one.dispose(SECOND_CASE)
    assert one.is_kept == (True, True)
    one.dispose(CASE)
    assert one.is_kept == (False, False)


def test_a_flag_that_still_stands_as_filed_loses_its_pictures_with_its_case() -> None:
    one = OneFlag()
    del one.district.records[SECOND_CASE]
    one.flag(case=CASE)
    one.dispose(CASE)
    assert one.is_kept == (False, False)
    assert one.district.records[FLAG].state == FlagState.CASE_FILED


def test_a_flag_that_is_judged_once_more_keeps_its_pictures() -> None:
    one = OneFlag()
    del one.district.records[SECOND_CASE]
    one.put(with_columns(one.district.records[FLAG], state=FlagState.DETECTED.value))
    one.flag(case=None)
    one.dispose(CASE)
    assert one.is_kept == (True, True)


def test_a_flag_that_names_a_case_which_is_not_known_keeps_its_pictures() -> None:
    one = OneFlag()
    del one.district.records[SECOND_CASE]
    one.dispose(CASE)
    assert one.is_kept == (True, True)


def test_another_term_holds_for_what_has_ended_already() -> None:
    district = ended()
    district.policy = msgspec.structs.replace(district.policy, case_files_days=30)
    assert due(district) == district.now + timedelta(days=30)
    assert value_problem("case_files_days", 29)
    assert value_problem("case_files_days", "ten years")
    assert value_problem("case_files_days", 3650) is None
