"""What surrounds a judgement on the backend: policy, calendar and the towns in custody, read from
the records of RULING kinds inside the transaction.

They change seldom and are judged against often, so the last reading is kept until one of them has
a newer seq.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Connection

from xiuzhou_desktop.backend.store import records
from xiuzhou_desktop.backend.store.prepared import Prepared
from xiuzhou_desktop.domain.envelope import Kind, Record, Struct
from xiuzhou_desktop.domain.ids import CommandId, timer_command_id
from xiuzhou_desktop.domain.kinds import KINDS, RULING
from xiuzhou_desktop.domain.policy import Policy, policy_from
from xiuzhou_desktop.domain.workcalendar import WorkCalendar, calendar_from
from xiuzhou_desktop.domain.workflow import Timer


class Surroundings(Struct, frozen=True, kw_only=True):
    """Policy, calendar and custodies as of one seq of the records they were read from."""

    policy: Policy
    calendar: WorkCalendar
    custodies: tuple[Record, ...]
    as_of: int


class SurroundingsReader:
    """Keeps the last reading; safe from several threads, since a reading is immutable and replaced
    whole.
    """

    def __init__(self) -> None:
        self._last: Surroundings | None = None

    def read(self, connection: Connection) -> Surroundings:
        """As this transaction sees them."""
        return self.at(connection, int(_READ_NEWEST.scalar(connection, {}) or 0))

    def at(self, connection: Connection, as_of: int) -> Surroundings:
        """The same, where that is the newest seq of them."""
        last = self._last
        if last is None or last.as_of != as_of:
            found = (one for kind in RULING for one in records.of_kind(connection, kind))
            last = surroundings_of(found, as_of)
            self._last = last
        return last

    def forget(self) -> None:
        """A transaction was undone: what it would have written under some seq another may."""
        self._last = None


def surroundings_of(ruling: Iterable[Record], as_of: int) -> Surroundings:
    """What these records amount to."""
    by_kind: dict[Kind, list[Record]] = {kind: [] for kind in RULING}
    for one in ruling:
        by_kind[one.kind].append(one)
    settings = by_kind[Kind.SETTING]
    return Surroundings(
        policy=policy_from(settings), calendar=calendar_from(settings), as_of=as_of,
        custodies=tuple(one for one in by_kind[Kind.CUSTODY] if one.is_open),
    )  # fmt: skip


def due_of(timer: Timer, one: Record, around: Surroundings) -> datetime | None:
    """When this timer of a record is due; None: never, as it stands."""
    return timer.due(one, around.policy, around.calendar)


def next_timer(
    one: Record, around: Surroundings, is_known: Callable[[CommandId], bool]
) -> datetime | None:
    """When timers must look at a record again: the earliest of which no command is known."""
    found = ((due_of(timer, one, around), timer.name) for timer in KINDS[one.kind].timers)
    for due, timer in sorted((due, name) for due, name in found if due is not None):
        if not is_known(timer_command_id(one.id, timer, due)):
            return due
    return None


NEWEST = records.newest_of(RULING)
_READ_NEWEST = Prepared(NEWEST)
