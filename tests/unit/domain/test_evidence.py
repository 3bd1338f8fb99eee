"""Evidence as an officer takes it: what it belongs to, and what it lacks to be proof."""

from datetime import timedelta

from tests.unit.domain.builders import BLOB, DUTY, MORNING, District, a_flag, rid
from xiuzhou_desktop.domain.canonical import Json, format_instant
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.evidence import EvidenceBody, EvidenceRole, Gap
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
