"""What the province answers becomes a command of actor `system` on the case that it is about.

    in-tray ─► answer ─► `mirror` ─► applied: done · refused (another case's answer): bad, with why

    look (any thread) ─► turn (the writer's) ─► put_away (any thread)

The tray lies on somebody else's disk, which may hang: no officer's command waits for it.
An answer that comes twice makes the same command id, so it is applied once. After a restore answers
wait in the tray until the window is over: the case that they are about may come back only then.
"""

import logging
from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from xiuzhou_desktop.backend.accounts import SYSTEM
from xiuzhou_desktop.backend.case_packages import Answer, Arrived, CasePackages
from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.commands import Desk
from xiuzhou_desktop.backend.store import Store
from xiuzhou_desktop.backend.telling import VALID_FOR
from xiuzhou_desktop.contract.sync import Status
from xiuzhou_desktop.domain.canonical import Json, format_instant
from xiuzhou_desktop.domain.command import Command, Expect
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import CommandId, derived_id

log = logging.getLogger(__name__)

MOST_AT_ONCE = 50


class Judged(NamedTuple):
    """An answer that need not be looked at again; `fault` empty: it was taken."""

    answer: Arrived
    fault: str


class Province:
    """Turns of one process, under the same lease as the timers; look, turn, put away, one after the
    other.
    """

    def __init__(
        self, store: Store, clock: BusinessClock, desk: Desk, packages: CasePackages
    ) -> None:
        self._store = store
        self._clock = clock
        self._desk = desk
        self._packages = packages

    def look(self) -> tuple[Arrived, ...]:
        """What has come, at most so much that a turn stays short."""
        return tuple(islice(self._packages.arrived(), MOST_AT_ONCE))

    def turn(self, arrived: Iterable[Arrived]) -> tuple[Judged, ...]:
        """Take what has come; none of it while a restore waits for what workstations bring back."""
        with self._store.reading() as tables:
            if tables.meta().is_replaying(self._clock.now()):
                return ()
        return tuple(
            Judged(one, one.fault if one.answer is None else self._applied(one.answer))
            for one in arrived
        )

    def put_away(self, judged: Iterable[Judged]) -> None:
        """Out of the tray with them, what was not taken beside its reason."""
        for (file, _, _), fault in judged:
            try:
                if fault:
                    log.warning("answer of the province not taken", extra={"fault": fault})
                    self._packages.reject(file, fault)
                else:
                    self._packages.settle(file)
            except OSError as error:  # another process was quicker, or the disk is away: once more
                log.warning("answer of the province stays", extra={"why": str(error)})

    def _applied(self, answer: Answer) -> str:
        """Empty, or why it could not be."""
        with self._store.writing() as tables:
            case = tables.find(answer.case)
            if case is None or case.kind is not Kind.CASE:
                return "no such case"
            command = self._command(answer, case)
            if tables.is_applied(command.id):
                return ""
            judged = self._desk.execute_as(tables, SYSTEM, command)
        if judged.result.status is Status.APPLIED:
            return ""
        problem = judged.result.problem
        return problem.slug if problem else judged.result.status.value

    def _command(self, answer: Answer, case: Record) -> Command:
        args: dict[str, Json] = {
            "state": answer.state.value, "at": format_instant(answer.at),
            "provincial_no": answer.provincial_no, "document_no": answer.document_no,
            "dated": answer.dated.isoformat() if answer.dated else None,
        }  # fmt: skip
        now = self._clock.now()
        made = derived_id("province", answer.key, answer.state.value, format_instant(answer.at))
        return Command(
            id=CommandId(made), client_seq=0, kind=Kind.CASE, record=case.id, transition="mirror",
            expect=Expect(state_version=case.state_version), args=args, issued_at=answer.at,
            not_after=now + VALID_FOR,
        )  # fmt: skip
