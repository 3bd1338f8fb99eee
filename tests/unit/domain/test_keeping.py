"""How long pictures are kept that belong to no case: each kind has its term, none a day more."""

from datetime import datetime, timedelta

import msgspec
import pytest

from tests.unit.domain.builders import (
    BLOB,
    DUTY,
    MORNING,
    SUPERVISOR,
    SYSTEM,
    District,
    a_flag,
    arrived,
    flag,
    rid,
)
from tests.unit.domain.test_order import order, worked_to
from xiuzhou_desktop.domain.camera_body import CameraBody
from xiuzhou_desktop.domain.case_body import CaseBody, CaseState
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.evidence import EvidenceBody, EvidenceState
from xiuzhou_desktop.domain.flag_body import FlagBody
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.keeping import TERMS
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.order_body import OrderBody
from xiuzhou_desktop.domain.setting import value_problem
from xiuzhou_desktop.domain.task import TaskBody
from xiuzhou_desktop.domain.writing import body_of, with_body

FLAG, PICTURE = rid(1), rid(3)
CAMERA = CameraBody(short_no="C-0137", name="中山西路")
TAKEN = {
    "type": "still", "blob": BLOB, "title": "C-0137", "captured_at": MORNING.isoformat(),
}  # fmt: skip


def due(district: District, record: RecordId) -> datetime | None:
    one = district.records[record]
    (timer,) = (timer for timer in KINDS[one.kind].timers if timer.name == "dispose")
    return timer.due(one, district.policy, district.calendar)


def term(district: District, kind: Kind) -> timedelta:
    return timedelta(days=getattr(district.policy, TERMS[kind]))


def past(district: District, kind: Kind) -> District:
    district.now += term(district, kind)
    return district


def dismissed() -> District:
    district = District(a_flag(still=BLOB))
    district.do(DUTY, (Kind.EVIDENCE, PICTURE, "record"), **TAKEN, flag=FLAG)
    district.do(DUTY, flag("dismiss"), category="no_violation")
    return district


def still_of(district: District) -> str | None:
    return body_of(district.records[FLAG], FlagBody).still


def test_a_flag_without_a_case_loses_its_pictures_on_the_day() -> None:
    district = dismissed()
    assert due(district, FLAG) == district.now + term(district, Kind.FLAG)
    past(district, Kind.FLAG).now -= timedelta(seconds=1)
    assert district.refuse(SYSTEM, flag("dispose")).slug == "files-kept"
    district.now += timedelta(seconds=1)
    district.do(SYSTEM, flag("dispose"))
    piece = district.records[PICTURE]
    assert (piece.state, body_of(piece, EvidenceBody).blob) == (EvidenceState.DISPOSED, None)
    assert (still_of(district), due(district, FLAG)) == (None, None)


def test_nothing_comes_under_a_flag_whose_files_went() -> None:
    district = past(dismissed(), Kind.FLAG)
    late = (Kind.EVIDENCE, rid(4), "record")
    district.do(SYSTEM, flag("dispose"))
    assert district.refuse(DUTY, late, **TAKEN, flag=FLAG).slug == "files-disposed"
    announced = {name: value for name, value in TAKEN.items() if name != "blob"}
    announced |= {"awaited": "a" * 64, "workstation": "W-1", "flag": FLAG}
    announce = (Kind.EVIDENCE, rid(4), "announce")
    assert district.refuse(DUTY, announce, **announced).slug == "files-disposed"
    district.do(SUPERVISOR, flag("reopen"), reason="复核")
    district.do(DUTY, late, **TAKEN, flag=FLAG)


def test_the_photos_of_the_patrol_go_along() -> None:
    district = arrived()
    district.do(DUTY, flag("leave"), photos=[BLOB])
    district.do(DUTY, flag("close"))
    past(district, Kind.FLAG).do(SYSTEM, flag("dispose"))
    task = body_of(district.of(Kind.TASK), TaskBody)
    assert (task.photos, task.disposed_at) == ((), district.now)


def test_an_open_flag_keeps_them_and_one_judged_once_more_begins_anew() -> None:
    assert due(District(a_flag(still=BLOB)), FLAG) is None
    district = past(dismissed(), Kind.FLAG)
    district.do(SYSTEM, flag("dispose"))
    district.do(SUPERVISOR, flag("reopen"), reason="复核")
    assert body_of(district.records[FLAG], FlagBody).disposed_at is None
    district.do(DUTY, flag("dismiss"), category="no_violation")
    assert due(district, FLAG) == district.now + term(district, Kind.FLAG)


def of_a_case(**body: object) -> Record:
    return Record(
        kind=Kind.CASE, id=rid(60), state=CaseState.WITHDRAWN.value, opened_at=MORNING,
        parent_id=FLAG, closed_at=MORNING, body=CaseBody(flag=FLAG, **body),  # type: ignore[arg-type]
    )  # fmt: skip


def test_what_a_case_still_needs_stays_beyond_the_flags_time() -> None:
    district = past(dismissed(), Kind.FLAG)
    district.records[rid(60)] = of_a_case()
    assert district.refuse(SYSTEM, flag("dispose")).slug == "files-kept"
    district.records[rid(60)] = of_a_case(disposed_at=district.now)
    district.do(SYSTEM, flag("dispose"))
    assert still_of(district) is None


def test_a_flag_that_names_a_case_is_the_cases_business() -> None:
    district = dismissed()
    district.records[FLAG] = with_body(district.records[FLAG], case=rid(60))
    assert due(district, FLAG) is None


def test_the_last_case_leaves_a_flag_its_own_time() -> None:
    district = dismissed()
    district.records[rid(60)] = of_a_case()
    district.policy = msgspec.structs.replace(district.policy, case_files_days=30)
    past(district, Kind.CASE).do(SYSTEM, (Kind.CASE, rid(60), "dispose"))
    assert still_of(district) == BLOB
    past(district, Kind.FLAG).do(SYSTEM, flag("dispose"))
    assert still_of(district) is None


def test_an_ended_order_loses_its_pictures_on_the_day() -> None:
    district = worked_to("close")
    assert due(district, rid(1)) == district.now + term(district, Kind.ORDER)
    assert district.refuse(SYSTEM, order("dispose")).slug == "files-kept"
    past(district, Kind.ORDER).do(SYSTEM, order("dispose"))
    body = body_of(district.records[rid(1)], OrderBody)
    assert (body.photos, body.disposed_at, due(district, rid(1))) == ((), district.now, None)
    district.do(SUPERVISOR, order("reopen"), reason="复核")
    assert body_of(district.records[rid(1)], OrderBody).disposed_at is None


def test_an_order_without_a_picture_needs_no_timer() -> None:
    district = District()
    district.do(
        DUTY, order("report"), category="01-02", address="洪兴西路 12 号", channel="citizen"
    )
    district.do(DUTY, order("reject"), reason="not_found")
    assert due(district, rid(1)) is None


def test_a_picture_of_a_camera_alone_has_its_time_from_its_taking() -> None:
    camera = Record(kind=Kind.CAMERA, id=rid(8), state="ACCEPTED", opened_at=MORNING, body=CAMERA)
    district = District(camera)
    district.do(DUTY, (Kind.EVIDENCE, PICTURE, "record"), **TAKEN, camera=rid(8))
    assert due(district, PICTURE) == district.now + term(district, Kind.EVIDENCE)
    dispose = (Kind.EVIDENCE, PICTURE, "dispose")
    assert district.refuse(SYSTEM, dispose).slug == "files-kept"
    assert past(district, Kind.EVIDENCE).do(SYSTEM, dispose).state == EvidenceState.DISPOSED


def test_what_belongs_to_a_flag_has_no_time_of_its_own() -> None:
    assert due(dismissed(), PICTURE) is None


@pytest.mark.parametrize("name", sorted(TERMS.values()))
def test_none_is_shorter_than_a_recording_must_be_kept(name: str) -> None:
    assert value_problem(name, 29)
    assert value_problem(name, 30) is None
