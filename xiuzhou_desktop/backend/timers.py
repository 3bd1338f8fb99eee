"""Timers: what must happen at a time is a command of actor `system` (architecture.md rule 4,
sync.md §4.4 *Timers*).

One process works under a lease row. A second one that believes to hold it, too, does no harm: the
command's id follows from (record, timer, due), so the second finds a receipt. Inside the window
after a restore timers pause (R16); one that destroys rests for longer (`Timer.rests`).
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from xiuzhou_desktop.backend.accounts import SYSTEM
from xiuzhou_desktop.backend.clock import BusinessClock, wall_clock
from xiuzhou_desktop.backend.commands import Desk
from xiuzhou_desktop.backend.store import Tables, TableStore, UnavailableError
from xiuzhou_desktop.backend.store.leases import Lease
from xiuzhou_desktop.backend.store.surroundings import due_of, next_timer
from xiuzhou_desktop.contract.sync import Resent
from xiuzhou_desktop.domain.canonical import Json, to_json
from xiuzhou_desktop.domain.command import Command, Expect
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.ids import timer_command_id
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.workflow import Timer

log = logging.getLogger(__name__)

LEASE_NAME = "timers"
LEASE_FOR = timedelta(seconds=10)  # real time: a dead holder is replaced after it
RENEW_WITHIN = timedelta(seconds=5)
TRY_AGAIN_AFTER = timedelta(minutes=10)  # business time, for a record that breaks its timer
AT_ONCE = 50  # records a turn: a backlog does not keep officers' commands waiting
VALID_FOR = timedelta(days=36500)  # a file kept under a lock may be due for decades


class Timers:
    """Turns of one process; each turn is a job for the writer's thread."""

    def __init__(
        self,
        store: TableStore,
        clock: BusinessClock,
        desk: Desk,
        wall: Callable[[], datetime] = wall_clock,
    ) -> None:
        self._store = store
        self._clock = clock
        self._desk = desk
        self._wall = wall
        self._holder = str(uuid4())

    def turn(self) -> int:
        """Carry out what is due; returns the number of records looked at. Nothing without the
        lease.
        """
        if not self.hold_lease():
            return 0
        with self._store.reading() as tables:
            now = self._clock.now()
            if tables.meta().is_replaying(now):
                return 0
            due = tables.due_timers(now, AT_ONCE)
        for one in due:
            try:
                self.carry_out(one.id)
            except UnavailableError:
                raise
            except Exception:  # the top of a loop: one bad record keeps no other waiting
                log.exception("a timer failed", extra={"record": one.id})
                self._put_off(one.id)
        return len(due)

    def hold_lease(self) -> bool:
        """Take or renew the lease; False while another process holds it."""
        at = self._wall()
        with self._store.reading() as tables:
            if tables.holds_lease(self._lease(at + RENEW_WITHIN)):
                return True
        with self._store.writing() as tables:
            return tables.take_lease(self._lease(at + LEASE_FOR), at)

    def let_go(self) -> None:
        """At the end of the process: another one need not wait for the lease to lapse."""
        now = self._wall()
        with self._store.writing() as tables:
            if tables.holds_lease(self._lease(now)):
                tables.take_lease(self._lease(now), now)

    def _lease(self, until: datetime) -> Lease:
        return Lease(name=LEASE_NAME, holder=self._holder, until=until)

    def carry_out(self, record_id: str) -> None:
        """Issue every due timer of one record, then say when to look again."""
        with self._store.writing() as tables:
            one, around = tables.find(record_id), tables.surroundings()
            for timer in KINDS[one.kind].timers if one else ():
                if one and self._issue(tables, one, due_of(timer, one, around), timer):
                    one = tables.find(record_id)
            if one is not None:
                at, now = next_timer(one, around, tables.is_known), self._clock.now()
                rests = at is not None and at <= now  # due, and no command of it
                tables.set_timer(one.id, now + TRY_AGAIN_AFTER if rests else at)

    def _put_off(self, record_id: str) -> None:
        with self._store.writing() as tables:
            tables.set_timer(record_id, self._clock.now() + TRY_AGAIN_AFTER)

    def _issue(self, tables: Tables, one: Record, due: datetime | None, timer: Timer) -> bool:
        """Whether a command was judged: the record may have moved."""
        if due is None or due > self._clock.now():
            return False
        command = _command(one, timer, due)
        if tables.is_known(command.id):
            return False
        seen = tables.meta()
        if seen.replay_until is not None and self._clock.now() < seen.born_at + timer.rests:
            return False
        may_have_run = seen.replay_until is not None and due < seen.born_at
        resent = Resent(first_epoch="") if may_have_run else None
        judged = self._desk.execute_as(tables, SYSTEM, command, resent)
        log.info(
            "timer", extra={"timer": timer.name, "record": one.id, "status": judged.result.status}
        )
        return True


def _command(one: Record, timer: Timer, due: datetime) -> Command:
    args = to_json(timer.args(one)) if timer.args else {}
    named: dict[str, Json] = args if isinstance(args, dict) else {}
    return Command(
        id=timer_command_id(one.id, timer.name, due), client_seq=0, kind=one.kind, record=one.id,
        transition=timer.transition, expect=Expect(state_version=one.state_version), args=named,
        issued_at=due, not_after=due + VALID_FOR,
    )  # fmt: skip
