"""The ledger 台账: what was decided against what the portal shows, turn by turn.

    a decision without a publication      owe
    a decision that fell                  retract, with the reason
    confirmed, not shown                  hand over; refused: fail
    shown                                 list · twice: count again
    was shown, no longer                  miss · being taken down: unlist

It compares and never assumes: a turn that a crash cut short, a restored database, a portal that
answers late or lies end in the same place, because the next turn compares again. Every command's id
follows from what it reacts to, so that a second process says the same thing once.

    look (any thread) ─► turn (the writer's) ─► errands ─► run (any thread)

A portal may hang: nothing is asked of one while officers' commands wait.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import NamedTuple, TypeAlias

from xiuzhou_desktop.backend.accounts import SYSTEM
from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.commands import Desk
from xiuzhou_desktop.backend.publication.portal import Looked, Portal, PortalError, Shown
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
Listings: TypeAlias = Mapping[CaseMaster, tuple[Shown, ...]]  # of the portals that answered
LANGUAGE = "zh_CN"  # the reason is published with the withdrawal
VALID_FOR = timedelta(days=3650)
RECALLED = OUT | {S.DUE, S.MASKED}
LISTABLE = next(row for row in SPEC.transitions if row.name == "list").sources


class Errand(NamedTuple):
    """What a portal is to be asked; `key` names what need not be asked twice."""

    publication: Record
    key: str | None
    ask: Callable[[], None]


class Ledger:
    """Turns of one process, under the same lease as the timers; look, turn, run, one after the
    other.
    """

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
        self._asked: set[str] = set()
        self._refused: dict[RecordId, tuple[Record, str]] = {}
        self._looked = {master: Looked(master) for master in portals}
        self._silences: dict[CaseMaster, str] = {}  # why each does not answer, as the log has it

    def looked(self) -> tuple[Looked, ...]:
        """How the portals answered last; each process looks for itself."""
        return tuple(self._looked.values())

    def look(self) -> Listings:
        """What the portals show, as far as they answer."""
        found: dict[CaseMaster, tuple[Shown, ...]] = {}
        for master, portal in self._portals.items():
            try:
                found[master] = shown = portal.listing()
            except ConnectionError as error:
                if self._silences.get(master) != str(error):  # asked every two seconds, for days
                    _log_silence(master, error)
                self._silences[master] = str(error)
                self._looked[master] = self._looked[master]._replace(is_silent=True)
            else:
                now = self._clock.now()
                self._silences.pop(master, None)
                self._looked[master] = Looked(master, now, len(shown), is_silent=False)
        return found

    def turn(self, listings: Listings) -> tuple[Errand, ...]:
        """Compare once; returns what is to be asked of the portals."""
        with self._store.reading() as tables:
            cases = tables.changed_after(Kind.CASE, self._seen_cases)
            self._catch_up(tables)
        for case in cases:
            self._settle_case(case)
            self._seen_cases = max(self._seen_cases, case.seq)
        self._say_refused()
        errands: list[Errand] = []
        for master, listing in listings.items():
            errands += self._compare(master, listing)
        return tuple(errands)

    def run(self, errands: Iterable[Errand]) -> None:
        """Ask the portals; what one refuses is said in the next turn."""
        for errand in errands:
            try:
                errand.ask()
            except PortalError as refusal:
                self._refused[errand.publication.id] = (errand.publication, str(refusal))
            except ConnectionError as error:
                _log_silence(body_of(errand.publication, PublicationBody).master, error)
                continue
            if errand.key is not None:
                self._asked.add(errand.key)

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

    def _say_refused(self) -> None:
        for publication, why in self._refused.values():
            failed = NotListed(cause=FailureCause.REFUSED, detail=why)
            self._command(publication.id, publication, "fail", failed)
        self._refused.clear()

    def _compare(self, master: CaseMaster, listing: tuple[Shown, ...]) -> Iterator[Errand]:
        shown: dict[str, Shown] = {}
        times = Counter(one.decision_no for one in listing)
        for one in listing:
            shown.setdefault(one.decision_no, one)
        for publication in tuple(self._publications.values()):
            body = body_of(publication, PublicationBody)
            if body.master is not master:
                continue
            found = shown.get(body.decision_no)
            if found is None:
                yield from self._settle_absent(publication, body)
            else:
                yield from self._settle_shown(publication, found, times[body.decision_no])

    def _settle_shown(self, one: Record, shown: Shown, times: int) -> Iterator[Errand]:
        body = body_of(one, PublicationBody)
        listed = Listed(at=shown.at, receipt=shown.receipt, count=times)
        if one.state in LISTABLE:
            self._command(one.id, one, "list", listed)
        elif one.state == S.PUBLISHED and body.listed != times:
            self._command(one.id, one, "count_again", listed)
        elif one.state == S.RETRACTING:  # asked again as long as it is shown
            portal, reason = self._portals[body.master], body.public_reason or ""
            yield Errand(one, None, partial(portal.take_down, body.decision_no, reason))

    def _settle_absent(self, one: Record, body: PublicationBody) -> Iterator[Errand]:
        key = f"{one.id}/{one.state_version}"
        if one.state == S.PUBLISHED:
            self._command(one.id, one, "miss", NoArgs())
        elif one.state == S.RETRACTING:
            self._command(one.id, one, "unlist", NoArgs())
        elif one.state == S.CONFIRMED and body.notice is not None and key not in self._asked:
            # once in a process; a portal that has the key already leaves it at that
            portal = self._portals[body.master]
            yield Errand(one, key, partial(portal.hand_over, key, body.notice))

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


def _log_silence(master: CaseMaster, error: ConnectionError) -> None:
    log.warning("portal does not answer", extra={"master": master.value, "why": str(error)})


def publication_id(case: RecordId, decision_no: str) -> RecordId:
    """One publication a decision: a case that is decided anew has another."""
    return derived_id("publication", case, decision_no)
