"""A case is closed over HTTP only when every file that was announced for it is on the server."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import httpx
import uuid_utils

from tests.backend.process import Backend, push, report, with_officer
from tests.sync.test_uploads import PAPER, blob_of, uploaded
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import open_store
from xiuzhou_desktop.domain.case_body import CaseBody, CaseState
from xiuzhou_desktop.domain.case_master import CaseMaster
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.evidence import Custody, EvidenceBody, EvidenceState, EvidenceType
from xiuzhou_desktop.domain.ids import RecordId

CASE, PHOTO = (RecordId(str(uuid_utils.uuid7())) for _ in range(2))
DIGEST = hashlib.sha256(PAPER).hexdigest()


def with_a_paid_case(folder: Path) -> Path:
    """A case that lacks nothing but a paper, which lies on desk-2."""
    now = datetime.now(UTC)
    announced = EvidenceBody(
        case=CASE, type=EvidenceType.DOCUMENT, captured_at=now, awaited=DIGEST,
        workstation="desk-2", custody=(Custody(at=now, actor="王敏", act="announce"),),
    )  # fmt: skip
    store = open_store(Settings(folder=folder), now)
    store.bulk_load(
        [
            Record(
                kind=Kind.CASE, id=CASE, state=CaseState.PAID.value, opened_at=now,
                body=CaseBody(master=CaseMaster.LOCAL),
            ),
            Record(
                kind=Kind.EVIDENCE, id=PHOTO, state=EvidenceState.EXPECTED.value, opened_at=now,
                parent_id=CASE, assignee="duty", body=announced,
            ),
        ]
    )  # fmt: skip
    store.close()
    return folder


def asked(client: httpx.Client, kind: str, record: str, transition: str, **args: str) -> object:
    """The status of that command, and the problem's facts where it has one."""
    version = client.get(f"/v1/records/{kind}/{record}").json()["state_version"]
    command = report(
        kind=kind, record=record, transition=transition, args=args,
        expect={"state_version": version},
    )  # fmt: skip
    (result,) = push(client, command).json()["results"]
    problem = result.get("problem") or {}
    return result["status"], problem.get("slug"), problem.get("facts")


def test_it_says_how_many_files_lie_where_and_closes_once_they_are_here(tmp_path: Path) -> None:
    folder = with_a_paid_case(with_officer(tmp_path / "data"))
    with Backend(folder) as backend, backend.client() as client:
        assert asked(client, "case", CASE, "close") == (
            "refused", "files-awaited", {"count": 1, "where": "王敏 (desk-2)"},
        )  # fmt: skip
        early = asked(client, "evidence", PHOTO, "arrive", blob=blob_of(PAPER))
        assert early == ("held", "held", {"blob": blob_of(PAPER)})  # said, but not so
        assert uploaded(client, PAPER).status_code == 201
        arrived = asked(client, "evidence", PHOTO, "arrive", blob=blob_of(PAPER))
        assert arrived == ("applied", None, None)
        assert client.get(f"/v1/blobs/{blob_of(PAPER)}").content == PAPER
        assert asked(client, "case", CASE, "close") == ("applied", None, None)
