"""What surrounds a judgement on the backend: policy and calendar, read from the `setting` records
inside the transaction.

Settings change seldom and are judged against often, so the last reading is kept until a setting has
a newer seq.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, func, select

from xiuzhou_desktop.backend.store import records
from xiuzhou_desktop.backend.store.prepared import Prepared
from xiuzhou_desktop.backend.store.schema import record
from xiuzhou_desktop.domain.envelope import Kind, Record, Struct
from xiuzhou_desktop.domain.ids import CommandId, timer_command_id
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.policy import Policy, policy_from
from xiuzhou_desktop.domain.workcalendar import WorkCalendar, calendar_from
from xiuzhou_desktop.domain.workflow import Timer


class Surroundings(Struct, frozen=True, kw_only=True):
    """Policy and calendar as of one seq of the settings."""

    policy: Policy
    calendar: WorkCalendar
    as_of: int


class SurroundingsReader:
    """Keeps the last reading; safe from several threads, since a reading is immutable and replaced
    whole.
    """

    def __init__(self) -> None:
        self._last: Surroundings | None = None

    def read(self, connection: Connection) -> Surroundings:
        """Policy and calendar as this transaction sees them."""
        as_of = int(_NEWEST_SETTING.scalar(connection, {}) or 0)
        last = self._last
        if last is None or last.as_of != as_of:
            last = surroundings_of(records.of_kind(connection, Kind.SETTING), as_of)
            self._last = last
        return last


def surroundings_of(settings: tuple[Record, ...], as_of: int) -> Surroundings:
    """Policy and calendar of these settings."""
    return Surroundings(policy=policy_from(settings), calendar=calendar_from(settings), as_of=as_of)


def due_of(timer: Timer, one: Record, around: Surroundings) -> datetime | None:
    """When this timer of a record is due; None: never, as it stands."""
    return timer.due(one, around.policy, around.calendar)


def next_timer(
    one: Record, around: Surroundings, is_known: Callable[[CommandId], bool]
) -> datetime | None:
    """When timers must look at a record again: the earliest of which no command is known."""
    waiting = []
    for timer in KINDS[one.kind].timers:
        due = due_of(timer, one, around)
        if due is None:
            continue
        command = timer_command_id(one.id, timer.name, due)
        if not is_known(command):
            waiting.append(due)
    return min(waiting, default=None)


_NEWEST_SETTING = Prepared(
    select(func.max(record.c.seq)).where(record.c.kind == Kind.SETTING.value)
)
