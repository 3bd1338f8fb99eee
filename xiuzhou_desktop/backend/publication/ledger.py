"""The ledger 台账: what was decided against what the portal shows, turn by turn.

    a decision without a publication      owe
    a decision that fell                  retract, with the reason
    confirmed, not shown                  hand over; refused: fail
    shown                                 list · twice: count again
    was shown, no longer                  miss · being taken down: unlist

It compares and never assumes: a turn that a crash cut short, a restored database, a portal that
answers late or lies end in the same place, because the next turn compares again. Every command's id
follows from what it reacts to, so that a second process says the same thing once.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from xiuzhou_desktop.backend.accounts import SYSTEM
from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.commands import Desk
from xiuzhou_desktop.backend.publication.portal import Portal, PortalError, Shown
from xiuzhou_desktop.backend.store import Tables, TableStore
from xiuzhou_desktop.domain.canonical import to_json
from xiuzhou_desktop.domain.case_body import CaseBody
from xiuzhou_desktop.domain.case_master import CaseMaster
from xiuzhou_desktop.domain.command import Command, Expect
from xiuzhou_desktop.domain.envelope import Args, Kind, NoArgs, Record
from xiuzhou_desktop.domain.ids import CommandId, RecordId, derived_id
from xiuzhou_desktop.domain.publication import OUT, SPEC
from xiuzhou_desktop.domain.publication_body import (
    FailureCause,
    PublicationBody,
    PublicationState,
)
from xiuzhou_desktop.domain.publication_forms import Listed, NotListed, Owe, Retract
from xiuzhou_desktop.domain.publication_steps import is_owed
from xiuzhou_desktop.domain.writing import body_of
from xiuzhou_desktop.text.catalogue import Catalogue

log = logging.getLogger(__name__)

S = PublicationState
LANGUAGE = "zh_CN"  # the reason is published with the withdrawal
VALID_FOR = timedelta(days=3650)
RECALLED = OUT | {S.DUE, S.MASKED}
LISTABLE = next(row for row in SPEC.transitions if row.name == "list").sources


class Ledger:
    """Turns of one process, on the writer's thread, under the same lease as the timers."""

    def __init__(
        self,
        store: TableStore,
        clock: BusinessClock,
        desk: Desk,
        portals: Mapping[CaseMaster, Portal],
    ) -> None:
        self._store = store
        self._clock = clock
        self._desk = desk
        self._portals = portals
        self._seen_cases = 0
        self._seen_publications = 0
        self._publications: dict[RecordId, Record] = {}
        self._of_case: dict[RecordId, set[RecordId]] = {}
        self._handed: set[str] = set()

    def turn(self) -> None:
        """Compare once."""
        with self._store.reading() as tables:
            cases = tables.changed_after(Kind.CASE, self._seen_cases)
            self._catch_up(tables)
        for case in cases:
            self._settle_case(case)
            self._seen_cases = max(self._seen_cases, case.seq)
        for master, portal in self._portals.items():
            self._compare(master, portal)

    def _catch_up(self, tables: Tables) -> None:
        for one in tables.changed_after(Kind.PUBLICATION, self._seen_publications):
            self._seen_publications = max(self._seen_publications, one.seq)
            self._publications[one.id] = one
            case = body_of(one, PublicationBody).case
            self._of_case.setdefault(case, set()).add(one.id)

    def _settle_case(self, case: Record) -> None:
        number = body_of(case, CaseBody).decision_no
        current = publication_id(case.id, number) if is_owed(case) and number else None
        if current is not None and current not in self._publications:
            self._command(current, None, "owe", Owe(case=case.id))
        for one in tuple(self._of_case.get(case.id, ())):
            publication = self._publications[one]
            if one != current and publication.state in RECALLED:
                reason = Catalogue(LANGUAGE)("ledger.recalled")
                self._command(one, publication, "retract", Retract(public_reason=reason))

    def _compare(self, master: CaseMaster, portal: Portal) -> None:
        try:
            shown: dict[str, Shown] = {}
            listing = portal.listing()
            times = Counter(one.decision_no for one in listing)
            for one in listing:
                shown.setdefault(one.decision_no, one)
            for publication in tuple(self._publications.values()):
                body = body_of(publication, PublicationBody)
                if body.master is master:
                    number = body.decision_no
                    self._settle(portal, publication, shown.get(number), times[number])
        except ConnectionError as error:
            log.warning("portal does not answer", extra={"master": master.value, "why": str(error)})

    def _settle(self, portal: Portal, one: Record, shown: Shown | None, times: int) -> None:
        body = body_of(one, PublicationBody)
        if shown is None:
            self._settle_absent(portal, one, body)
            return
        listed = Listed(at=shown.at, receipt=shown.receipt, count=times)
        if one.state in LISTABLE:
            self._command(one.id, one, "list", listed)
        elif one.state == S.PUBLISHED and body.listed != times:
            self._command(one.id, one, "count_again", listed)
        elif one.state == S.RETRACTING:
            portal.take_down(body.decision_no, body.public_reason or "")

    def _settle_absent(self, portal: Portal, one: Record, body: PublicationBody) -> None:
        if one.state == S.PUBLISHED:
            self._command(one.id, one, "miss", NoArgs())
        elif one.state == S.RETRACTING:
            self._command(one.id, one, "unlist", NoArgs())
        elif one.state == S.CONFIRMED:
            self._hand_over(portal, one, body)

    def _hand_over(self, portal: Portal, one: Record, body: PublicationBody) -> None:
        """Once in a process; a portal that has the key already leaves it at that."""
        key = f"{one.id}/{one.state_version}"
        if key in self._handed or body.notice is None:
            return
        try:
            portal.hand_over(key, body.notice)
        except PortalError as refusal:
            failed = NotListed(cause=FailureCause.REFUSED, detail=str(refusal))
            self._command(one.id, one, "fail", failed)
        self._handed.add(key)

    def _command(self, record: RecordId, seen: Record | None, transition: str, args: Args) -> None:
        """What the comparison found becomes a command of actor `system`; a publication that moved
        meanwhile refuses it, which is right.
        """
        now = self._clock.now()
        version = seen.version if seen else 0
        expect = Expect(state_version=seen.state_version) if seen else Expect(absent=True)
        plain = to_json(args)
        command = Command(
            id=CommandId(derived_id("ledger", record, transition, str(version))), client_seq=0,
            kind=Kind.PUBLICATION, record=record, transition=transition, expect=expect,
            args=plain if isinstance(plain, dict) else {}, issued_at=now,
            not_after=now + VALID_FOR,
        )  # fmt: skip
        with self._store.writing() as tables:
            judged = self._desk.execute_as(tables, SYSTEM, command)
            self._catch_up(tables)
        log.info("ledger", extra={"transition": transition, "status": judged.result.status.value})


def publication_id(case: RecordId, decision_no: str) -> RecordId:
    """One publication a decision: a case that is decided anew has another."""
    return derived_id("publication", case, decision_no)
