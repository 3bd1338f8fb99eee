"""The ledger against portals that are late, twofold, silent, forgetful, or say 200 and store
nothing; and the public list.
"""

import os
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backend.district import District
from tests.unit.domain.case_builders import CASE, decided
from xiuzhou_desktop.backend.demo.stand_in_portal import MANNERS, StandInPortal
from xiuzhou_desktop.backend.publication.ledger import Ledger, publication_id
from xiuzhou_desktop.backend.publication.own_feed import OwnFeed
from xiuzhou_desktop.backend.publication.portal import (
    LISTING,
    OUTGOING,
    PortalFolder,
    Shown,
)
from xiuzhou_desktop.backend.routes.open_penalties import PER_MINUTE, Pace
from xiuzhou_desktop.domain.canonical import canonical
from xiuzhou_desktop.domain.case_body import CaseBody, CaseState
from xiuzhou_desktop.domain.case_master import CaseMaster
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.publication_body import (
    FailureCause,
    PublicationBody,
    PublicationState,
    PublicNotice,
    source_digest,
)
from xiuzhou_desktop.domain.workflow import Role
from xiuzhou_desktop.domain.writing import body_of, with_body, with_columns

S = PublicationState


class Portal:
    """A stand-in at the border that shows what the test says."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.shown: list[Shown] = []
        self.is_down = False

    def hand_over(self, key: str, notice: PublicNotice) -> None:
        self._answer()
        self.taken.append(notice.decision_no)

    def take_down(self, decision_no: str, reason: str) -> None:
        self._answer()
        self.shown = [one for one in self.shown if one.decision_no != decision_no]

    def listing(self) -> tuple[Shown, ...]:
        self._answer()
        return tuple(self.shown)

    def _answer(self) -> None:
        if self.is_down:
            raise ConnectionError("down")


class Office:
    """A district with one decided case, its ledger, and the two people who sign."""

    def __init__(self, district: District, master: CaseMaster) -> None:
        self.district = district
        self.portal = Portal()
        self.feed = OwnFeed(district.store)
        district.add_officer("clerk", Role.CLERK)
        district.add_officer("reviewer", Role.REVIEWER)
        self.case = a_decided_case(master)
        district.store.bulk_load([self.case])
        self.ledger = self.open_ledger()

    def open_ledger(self) -> Ledger:
        """As a process that starts."""
        here = self.district
        portals = {CaseMaster.PROVINCIAL: self.portal, CaseMaster.LOCAL: self.feed}
        return Ledger(here.store, here.clock, here.desk, portals)

    @property
    def number(self) -> str:
        return str(body_of(self.case, CaseBody).decision_no)

    @property
    def record(self) -> Record:
        found = self.district.record(publication_id(self.case.id, self.number))
        assert found is not None
        return found

    @property
    def body(self) -> PublicationBody:
        return body_of(self.record, PublicationBody)

    def act(self, user: str, transition: str, **args: object) -> None:
        command = self.district.command(transition, self.record, args=args)
        result = self.district.send(command, user).result
        assert result.problem is None, result.problem

    def sign(self) -> None:
        """Both signatures."""
        compare(self.ledger)
        self.act("clerk", "mask", source=source_digest(body_of(self.case, CaseBody)))
        self.act("reviewer", "confirm")

    def show(self, times: int = 1) -> None:
        """The portal shows it."""
        now = self.district.clock.now()
        self.portal.shown += [
            Shown(decision_no=self.number, receipt=f"ZW-{copy}", at=now) for copy in range(times)
        ]


def compare(ledger: Ledger) -> None:
    """Look, turn, run, as the process does."""
    ledger.run(ledger.turn(ledger.look()))


def a_decided_case(master: CaseMaster) -> Record:
    record = decided().records[CASE]
    return with_columns(with_body(record, master=master), number="XZ-A-20261123-0001", version=1)


@pytest.fixture
def office(district: District) -> Iterator[Office]:
    yield Office(district, CaseMaster.PROVINCIAL)


def test_a_decision_is_owed_once_however_often_it_is_compared(office: Office) -> None:
    compare(office.ledger)
    version = office.record.version
    compare(office.ledger)
    compare(office.open_ledger())
    assert (office.record.state, office.record.version) == (S.DUE, version)


def test_nothing_goes_out_before_the_second_signature(office: Office) -> None:
    compare(office.ledger)
    office.act("clerk", "mask", source=source_digest(body_of(office.case, CaseBody)))
    compare(office.ledger)
    assert office.portal.taken == []
    office.act("reviewer", "confirm")
    compare(office.ledger)
    assert office.portal.taken == [office.number]


def test_accepted_is_not_published(office: Office) -> None:
    """A portal that says 200 and stores nothing."""
    office.sign()
    for _ in range(3):
        compare(office.ledger)
    assert office.portal.taken == [office.number]
    assert office.record.state == S.CONFIRMED


def test_what_the_portal_shows_is_published_with_its_receipt(office: Office) -> None:
    office.sign()
    office.show()
    compare(office.ledger)
    assert (office.record.state, office.body.receipt) == (S.PUBLISHED, "ZW-0")
    assert not office.record.is_open


def test_shown_twice_is_counted_twice_and_published_once(office: Office) -> None:
    office.sign()
    office.show()
    compare(office.ledger)
    office.show()
    compare(office.ledger)
    assert (office.record.state, office.body.listed) == (S.PUBLISHED, 2)


def test_one_that_the_portal_lost_opens_again(office: Office) -> None:
    office.sign()
    compare(office.ledger)
    office.show()
    compare(office.ledger)
    office.portal.shown.clear()
    compare(office.ledger)
    assert (office.record.state, office.record.is_open) == (S.MISSING, True)
    office.act("clerk", "send_again")
    compare(office.ledger)
    assert office.portal.taken == [office.number] * 2


def test_a_portal_that_is_down_loses_nothing_and_proves_nothing(office: Office) -> None:
    office.sign()
    office.show()
    compare(office.ledger)
    office.portal.is_down = True
    compare(office.ledger)
    assert office.record.state == S.PUBLISHED


def test_the_last_answer_of_each_portal_is_told_and_whether_it_is_silent_since(
    office: Office,
) -> None:
    fresh = {one.master: one for one in office.ledger.looked()}[CaseMaster.PROVINCIAL]
    assert (fresh.at, fresh.is_silent) == (None, True)
    compare(office.ledger)
    answered = {one.master: one for one in office.ledger.looked()}[CaseMaster.PROVINCIAL]
    assert answered.at is not None
    assert not answered.is_silent
    office.portal.is_down = True
    compare(office.ledger)
    silent = {one.master: one for one in office.ledger.looked()}[CaseMaster.PROVINCIAL]
    assert silent == answered._replace(is_silent=True)


def test_a_portal_that_stays_silent_is_said_once_for_each_time(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    for is_down in (True, True, False, True, True):
        office.portal.is_down = is_down
        office.ledger.look()
    said = [one for one in caplog.records if one.message == "portal does not answer"]
    assert len(said) == 2


def test_what_is_taken_down_is_gone_when_the_listing_says_so(office: Office) -> None:
    office.sign()
    office.show()
    compare(office.ledger)
    office.act("clerk", "retract", public_reason="复议撤销")
    assert office.record.state == S.RETRACTING
    compare(office.ledger)
    compare(office.ledger)
    assert office.record.state == S.RETRACTED


def test_a_decision_that_fell_is_recalled_by_the_ledger(office: Office) -> None:
    office.sign()
    office.show()
    compare(office.ledger)
    office.district.add_officer("head", Role.SUPERVISOR)
    case = office.district.record(office.case.id)
    revoke = office.district.command("revoke", case, args={"reason": "认定事实有误"})
    assert office.district.send(revoke, "head").result.problem is None
    assert office.district.record(office.case.id).state == CaseState.REVOKED  # type: ignore[union-attr] - it is there
    compare(office.ledger)
    compare(office.ledger)
    assert office.record.state == S.RETRACTED
    assert office.body.public_reason == "行政处罚决定已撤销"


def test_the_districts_own_decisions_are_on_its_list_at_once(district: District) -> None:
    office = Office(district, CaseMaster.LOCAL)
    office.sign()
    compare(office.ledger)
    assert office.record.state == S.PUBLISHED
    page = office.feed.page(district.clock.now(), "", 10)
    (shown,) = page.penalties
    assert (shown.decision_no, shown.fine_yuan) == (office.number, "1000.00")
    office.act("clerk", "retract", public_reason="决定更正")
    compare(office.ledger)
    page = office.feed.page(district.clock.now(), "", 10)
    assert page.penalties == ()
    assert [one.reason for one in page.withdrawn] == ["决定更正"]


def test_the_list_goes_on_where_a_page_ended(district: District) -> None:
    """Shown and taken down lie in one order: neither is told on every page, none is left out."""
    office = Office(district, CaseMaster.LOCAL)
    numbers = [f"秀综执罚决字〔2026〕第{n}号" for n in range(5)]
    for place, number in enumerate(numbers, 1):
        own = with_body(office.case, decision_no=number)
        office.case = with_columns(own, id=RecordId(f"{str(office.case.id)[:-1]}{place}"))
        district.store.bulk_load([office.case])
        office.ledger = office.open_ledger()
        office.sign()
        if place % 2 == 0:
            office.act("clerk", "retract", public_reason="误")
        compare(office.ledger)
    told, after = [], ""
    while True:
        page = office.feed.page(district.clock.now(), after, 2)
        told += [one.decision_no for one in (*page.penalties, *page.withdrawn)]
        if page.next is None:
            break
        after = page.next
    assert sorted(told) == numbers


def test_a_portal_that_fails_in_mid_errand_is_asked_again(office: Office) -> None:
    office.sign()
    shown = office.ledger.look()
    errands = office.ledger.turn(shown)
    office.portal.is_down = True
    office.ledger.run(errands)
    assert office.portal.taken == []
    office.portal.is_down = False
    compare(office.ledger)
    assert office.portal.taken == [office.number]


@pytest.mark.parametrize("manner", range(len(MANNERS)))
def test_every_manner_of_the_stand_in_ends_where_it_should(
    office: Office, tmp_path: Path, manner: int
) -> None:
    office.portal = StandInPortal(tmp_path, office.district.clock)  # type: ignore[assignment] - another portal of the same shape
    number = next(
        text
        for text in (f"秀综执罚决字〔2026〕{n}号" for n in range(1000))
        if zlib.crc32(text.encode()) % len(MANNERS) == manner
    )
    decided_anew = with_body(office.case, decision_no=number)
    office.case = with_columns(decided_anew, id=RecordId(str(office.case.id)[:-1] + "9"))
    office.district.store.bulk_load([office.case])
    office.ledger = office.open_ledger()
    office.sign()
    compare(office.ledger)
    office.district.wall.advance(minutes=11)
    compare(office.ledger)
    told = MANNERS[manner]
    if told.refusal:
        assert (office.record.state, office.body.cause) == (S.FAILED, FailureCause.REFUSED)
        assert office.body.detail == told.refusal
    else:
        assert office.record.state == (S.PUBLISHED if told.times else S.CONFIRMED)
        assert office.body.listed == told.times


def test_a_folder_without_a_listing_is_silence_and_not_emptiness(tmp_path: Path) -> None:
    folder = PortalFolder(tmp_path)
    with pytest.raises(ConnectionError):
        folder.listing()
    (tmp_path / LISTING).write_bytes(b"[{")
    with pytest.raises(ConnectionError):
        folder.listing()


def test_a_folder_keeps_a_notice_once_a_key(tmp_path: Path, office: Office) -> None:
    office.sign()
    notice = office.body.notice
    assert notice is not None
    folder = PortalFolder(tmp_path)
    folder.hand_over("k", notice)
    folder.hand_over("k", notice)
    (file,) = os.listdir(tmp_path / OUTGOING)
    assert file.endswith(".json")
    shown = Shown(decision_no="1", receipt="r", at=office.district.clock.now())
    (tmp_path / LISTING).write_bytes(canonical((shown,)))
    assert folder.listing() == (shown,)


def test_one_address_is_slowed_and_another_is_not() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    assert all(pace.admit("a") for _ in range(PER_MINUTE))
    assert not pace.admit("a")
    assert pace.admit("b")
    now[0] = 61
    assert pace.admit("a")
