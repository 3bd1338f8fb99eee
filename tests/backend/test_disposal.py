"""Files of an ended case over both stores: destroyed in due time, unless somebody keeps them."""

import hashlib
from datetime import datetime, timedelta

import msgspec
import pytest

from tests.backend.district import MORNING, District
from xiuzhou_desktop.backend import timers_anew
from xiuzhou_desktop.backend.blobs import Blobs
from xiuzhou_desktop.backend.restore import begin_after_restore
from xiuzhou_desktop.backend.timers import Timers
from xiuzhou_desktop.backend.unfinished import Unfinished
from xiuzhou_desktop.backend.unnamed_uploads import UnnamedUploads
from xiuzhou_desktop.contract.sync import Status
from xiuzhou_desktop.domain.case_body import CaseBody, CaseState
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.evidence import EvidenceBody, EvidenceState, EvidenceType
from xiuzhou_desktop.domain.flag_body import FlagBody, FlagState
from xiuzhou_desktop.domain.ids import RecordId, derived_id
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.workflow import Role
from xiuzhou_desktop.domain.writing import body_of

CASE, LATER, SECOND, FLAG, PHOTO, PAPER, COPY = (derived_id("kept", str(one)) for one in range(7))
TERM = timedelta(days=Policy().case_files_days)
OWN = f"sha256:{hashlib.sha256(b'of a flag alone').hexdigest()}"


class Archive:
    """A case that a supervisor withdraws at once; its flag, a photograph, and a paper that a later
    case has, too.
    """

    def __init__(self, district: District) -> None:
        self.district = district
        district.add_officer("head", Role.SUPERVISOR)
        district.add_officer("reviewer", Role.REVIEWER)
        self.timers = Timers(district.store, district.clock, district.desk, district.wall)
        self.blobs = Blobs(district.settings.blob_folder)
        unfinished = Unfinished(district.settings.upload_folder, self.blobs)
        self.unnamed = UnnamedUploads(district.store, self.blobs, unfinished)
        self.still, self.photo, self.paper = map(self.blobs.put, (b"still", b"photo", b"paper"))
        district.store.bulk_load(
            [self.case(CASE, FLAG), self.case(LATER, None), self._flag(), *self._evidence()]
        )
        self.do("withdraw", "head", CASE)

    def case(self, record: RecordId, flag: RecordId | None) -> Record:
        """One that was filed, of that flag."""
        return Record(
            kind=Kind.CASE, id=record, state=CaseState.FILED.value, opened_at=MORNING,
            parent_id=flag, body=CaseBody(flag=flag),
        )  # fmt: skip

    def _flag(self) -> Record:
        body = FlagBody(captured_at=MORNING, still=self.still, case=CASE)
        return Record(
            kind=Kind.FLAG, id=FLAG, state=FlagState.CLOSED.value, opened_at=MORNING,
            closed_at=MORNING, body=body,
        )  # fmt: skip

    def _evidence(self) -> list[Record]:
        return [
            Record(
                kind=Kind.EVIDENCE, id=record, state=EvidenceState.HELD.value, opened_at=MORNING,
                parent_id=parent,
                body=EvidenceBody(type=EvidenceType.PHOTO, blob=blob, captured_at=MORNING),
            )
            for record, parent, blob in (
                (PHOTO, CASE, self.photo), (PAPER, FLAG, self.paper), (COPY, LATER, self.paper),
            )
        ]  # fmt: skip

    def do(self, transition: str, user: str, case: RecordId = CASE) -> None:
        """An act on a case, with its reason."""
        command = self.district.command(transition, self.at(case), args={"reason": "审计"})
        result = self.district.send(command, user).result
        assert result.status is Status.APPLIED, result

    def at(self, record: RecordId) -> Record:
        found = self.district.record(record)
        assert found is not None
        return found

    def turn(self) -> None:
        """What is due; then a sweep."""
        self.timers.turn()
        limit, unnamed = self.forgotten()
        self.unnamed.throw_away(unnamed, limit)

    def forgotten(self) -> tuple[datetime, tuple[str, ...]]:
        """The first half of a sweep: what may be thrown away, if it came before when."""
        district = self.district
        with district.store.snapshot() as connection:
            limit = self.unnamed.limit(connection, district.wall())
            old = self.unnamed.old(connection, limit, district.clock.now())
        return limit, self.unnamed.forget(old)

    @property
    def kept(self) -> tuple[bool, bool, bool]:
        """Whether still, photograph and paper are there."""
        return self.blobs.has(self.still), self.blobs.has(self.photo), self.blobs.has(self.paper)


@pytest.fixture
def archive(district: District) -> Archive:
    return Archive(district)


def test_they_are_destroyed_in_due_time_and_a_shared_one_with_the_last(archive: Archive) -> None:
    archive.district.wall.at += TERM - timedelta(minutes=1)
    archive.turn()
    assert archive.kept == (True, True, True)
    archive.district.wall.at += timedelta(minutes=2)
    archive.turn()
    assert archive.kept == (False, False, True)
    for record, blob in ((PHOTO, archive.photo), (PAPER, archive.paper)):
        body = body_of(archive.at(record), EvidenceBody)
        assert archive.at(record).state == EvidenceState.DISPOSED
        assert (body.blob, f"sha256:{body.disposed}", body.custody[-1].act) == (
            None, blob, "dispose",
        )  # fmt: skip
    flag = body_of(archive.at(FLAG), FlagBody)
    assert (flag.still, flag.disposed_at) == (None, archive.district.clock.now())
    archive.do("withdraw", "head", LATER)
    archive.district.wall.at += TERM
    archive.turn()
    assert archive.kept == (False, False, False)


def test_a_kill_before_they_are_gone_is_made_good(archive: Archive) -> None:
    archive.district.wall.at += TERM
    archive.timers.turn()
    assert set(archive.forgotten()[1]) == {archive.still, archive.photo}
    assert archive.kept == (True, True, True)
    archive.turn()
    assert archive.kept == (False, False, True)
    assert archive.forgotten()[1]
    assert archive.forgotten()[1] == ()


def test_a_lock_keeps_them_beyond_their_time(archive: Archive) -> None:
    archive.do("lock", "reviewer")
    archive.district.wall.at += TERM * 2
    archive.turn()
    assert archive.kept == (True, True, True)
    archive.do("unlock", "reviewer")
    archive.turn()
    assert archive.kept == (False, False, True)


def test_nothing_is_destroyed_while_a_restore_waits_for_commands(archive: Archive) -> None:
    archive.district.wall.at += TERM * 2
    begin_after_restore(archive.district.store, archive.district.clock.now())
    archive.turn()
    assert archive.kept == (True, True, True)
    archive.district.wall.at += timedelta(days=6)  # the window is over, a workstation still away
    archive.turn()
    assert archive.timers.turn() == 0  # nor is it looked at again and again
    assert archive.kept == (True, True, True)
    archive.do("lock", "reviewer")
    archive.district.wall.at += timedelta(days=2)
    archive.turn()
    assert archive.kept == (True, True, True)
    archive.do("unlock", "reviewer")
    archive.turn()
    assert archive.kept == (False, False, True)


def test_another_case_of_the_flag_keeps_what_lies_under_it(archive: Archive) -> None:
    archive.district.store.bulk_load([archive.case(SECOND, FLAG)])
    archive.district.wall.at += TERM
    archive.turn()
    assert archive.kept == (True, False, True)
    assert archive.at(PAPER).state == EvidenceState.HELD
    archive.do("withdraw", "head", SECOND)
    archive.district.wall.at += TERM
    archive.turn()
    assert archive.kept[0] is False
    assert archive.at(PAPER).state == EvidenceState.DISPOSED


def test_a_case_that_ended_without_a_timer_gets_one(archive: Archive) -> None:
    archive.district.wall.at += TERM
    with archive.district.store.writing() as tables:
        tables.set_timer(CASE, None)
    archive.turn()
    assert archive.kept == (True, True, True)
    timers_anew.ask(archive.district.store)
    assert not timers_anew.turn(archive.district.store)
    archive.turn()
    assert archive.kept == (False, False, True)


def test_a_flag_without_a_case_has_its_own_time(archive: Archive) -> None:
    alone = RecordId(derived_id("kept", "alone"))
    one = archive.at(FLAG)
    archive.district.store.bulk_load(
        [msgspec.structs.replace(one, id=alone, body=FlagBody(captured_at=MORNING, still=OWN))]
    )
    assert archive.blobs.put(b"of a flag alone") == OWN
    archive.district.wall.at += timedelta(days=Policy().flag_files_days, minutes=-1)
    archive.turn()
    assert archive.blobs.has(OWN)
    archive.district.wall.at += timedelta(minutes=2)
    archive.turn()
    assert (archive.blobs.has(OWN), *archive.kept) == (False, True, True, True)
    assert body_of(archive.at(alone), FlagBody).disposed_at is not None


def test_what_is_open_does_not_wait_behind_a_heap_that_is_to_be_destroyed(
    district: District,
) -> None:
    waits = district.reported()
    heap = [
        Record(
            kind=Kind.FLAG, id=derived_id("heap", str(one)), state=FlagState.CLOSED.value,
            opened_at=MORNING, closed_at=MORNING, body=FlagBody(captured_at=MORNING),
        )
        for one in range(5)
    ]  # fmt: skip
    district.store.bulk_load(heap)
    with district.store.writing() as tables:
        tables.set_timer(waits.id, MORNING)
        for one in heap:
            tables.set_timer(one.id, MORNING - TERM)
        assert tables.due_timers(MORNING, 2)[0].id == waits.id
