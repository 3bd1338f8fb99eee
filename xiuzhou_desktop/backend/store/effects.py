"""The outbox of effects: what the backend owes the world outside (sync.md §4.4 *Effects*).

    queued ─► sending (committed before the call) ─► sent        told: the workflow has heard how it
        ended
    check  ─► looked up at the provider by key ─► sent | sending         after a restore, or in
        doubt
    dropped    called off before it went out
    ask        a person is asked "was it sent?" ─► sent | queued       failed   the provider said no

The key (command id, place) goes to the provider and holds neither epoch nor attempt (R19).
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from xiuzhou_desktop.backend.store.prepared import Prepared, Values
from xiuzhou_desktop.backend.store.schema import effect
from xiuzhou_desktop.domain.canonical import Json, canonical, format_instant, parse_instant
from xiuzhou_desktop.domain.command import Effect, EffectKind
from xiuzhou_desktop.domain.envelope import Struct
from xiuzhou_desktop.domain.ids import CommandId, RecordId

MOST_IN_DOUBT = 1000


class EffectState(StrEnum):
    """How far an effect is."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    CHECK = "check"
    ASK = "ask"
    FAILED = "failed"
    DROPPED = "dropped"


class Owed(Struct, frozen=True, kw_only=True):
    """One effect with its place in the outbox; `attempts`: how often it was put off."""

    command: CommandId
    place: int
    kind: EffectKind
    record: RecordId
    args: dict[str, Json]
    state: EffectState
    attempts: int
    at: datetime

    @property
    def key(self) -> str:
        """What the provider deduplicates by."""
        return f"{self.command}/{self.place}"


class Origin(Struct, frozen=True, kw_only=True):
    """The command that owes effects, and the record it was about."""

    command: CommandId
    record: RecordId
    at: datetime


def count_by_state(connection: Connection) -> dict[str, int]:
    """How many there are in each state."""
    counted = select(effect.c.state, func.count()).group_by(effect.c.state)
    return {state: int(n) for state, n in connection.execute(counted)}


def unsettled_since(connection: Connection, at: datetime) -> tuple[tuple[str, str, str], ...]:
    """(command, kind, state) of what waits longer, and of what a person is asked about."""
    is_stuck = or_(
        effect.c.state == EffectState.ASK.value,
        and_(
            effect.c.state.in_(("queued", "sending", "check")),
            effect.c.not_before < format_instant(at),
        ),
    )
    rows = connection.execute(select(effect).where(is_stuck).order_by(effect.c.at).limit(20))
    return tuple((row.command_id, row.kind, row.state) for row in rows)


def add(
    connection: Connection, origin: Origin, wanted: Sequence[Effect], state: EffectState
) -> None:
    """Owe these effects of a command."""
    rows = [
        {
            "command_id": origin.command,
            "place": place,
            "kind": one.kind.value,
            "record_id": origin.record,
            "args": canonical(one.args).decode(),
            "state": state.value,
            "told": False,
            "attempts": 0,
            "not_before": format_instant(not_before(one, origin.at)),
            "at": format_instant(origin.at),
        }
        for place, one in enumerate(wanted)
    ]
    for row in rows:
        _ADD.run(connection, row)


def not_before(wanted: Effect, at: datetime) -> datetime:
    """When it may go out: `not_before` of its arguments (a notice held at night), or at once."""
    held = wanted.args.get("not_before")
    return parse_instant(held) if isinstance(held, str) else at


def waiting(connection: Connection, now: datetime, limit: int) -> tuple[Owed, ...]:
    """What is to be sent or looked up now, the oldest first."""
    return _read(connection, _WAITING, {"now": format_instant(now), "n": limit})


def untold(connection: Connection, limit: int, after: Owed | None) -> tuple[Owed, ...]:
    """What was sent or failed, where the workflow has yet to hear how it ended: the oldest, or the
    oldest after that one.
    """
    at, command, place = ("", "", -1) if after is None else _age(after)
    return _read(connection, _UNTOLD, {"n": limit, "at": at, "c": command, "p": place})


def in_doubt(connection: Connection) -> tuple[Owed, ...]:
    """What a person is asked about, the oldest first."""
    return _read(connection, _IN_DOUBT, {"n": MOST_IN_DOUBT})


def _age(owed: Owed) -> tuple[str, str, int]:
    return format_instant(owed.at), owed.command, owed.place


def mark(connection: Connection, owed: Owed, state: EffectState) -> bool:
    """Move an effect on; False when another process was quicker."""
    values = {"c": owed.command, "p": owed.place, "was": owed.state.value, "to": state.value}
    return connection.execute(_MARK, values).rowcount == 1


def end(connection: Connection, owed: Owed, state: EffectState) -> bool:
    """Say how the call that we made ended; False when another process has said it."""
    return mark(connection, msgspec.structs.replace(owed, state=EffectState.SENDING), state)


def postpone(connection: Connection, owed: Owed, until: datetime) -> None:
    """Look again later: the provider did not answer, or telling broke. What has ended stays so."""
    unended = [EffectState.QUEUED, EffectState.SENDING, EffectState.CHECK]
    connection.execute(
        update(effect)
        .where(
            effect.c.command_id == owed.command,
            effect.c.place == owed.place,
            effect.c.state.in_(unended),
        )
        .values(
            state=EffectState.CHECK.value,
            not_before=format_instant(until),
            attempts=effect.c.attempts + 1,
        )
    )


def mark_told(connection: Connection, owed: Owed) -> None:
    """The workflow knows."""
    connection.execute(
        update(effect)
        .where(effect.c.command_id == owed.command, effect.c.place == owed.place)
        .values(told=True)
    )


def doubt_all(connection: Connection) -> None:
    """After a restore nothing is sent blindly: everything not sent is looked up first."""
    connection.execute(
        update(effect)
        .where(effect.c.state.in_([EffectState.QUEUED, EffectState.SENDING]))
        .values(state=EffectState.CHECK.value)
    )


def _read(connection: Connection, query: Prepared, values: Values) -> tuple[Owed, ...]:
    return tuple(
        Owed(
            command=command, place=place, kind=EffectKind(kind), record=record,
            args=msgspec.json.decode(args), state=EffectState(state), attempts=attempts,
            at=parse_instant(at),
        )
        for command, place, kind, record, args, state, attempts, at in query.rows(
            connection, values
        )
    )  # fmt: skip


def _owed(*where: ColumnElement[bool]) -> Prepared:
    """The oldest of those, at most `n`."""
    wanted = select(
        effect.c.command_id, effect.c.place, effect.c.kind, effect.c.record_id, effect.c.args,
        effect.c.state, effect.c.attempts, effect.c.at,
    )  # fmt: skip
    oldest = wanted.where(*where).order_by(effect.c.at, effect.c.command_id, effect.c.place)
    return Prepared(oldest.limit(bindparam("n")))


def _is(*states: EffectState) -> ColumnElement[bool]:
    return or_(*(effect.c.state == state.value for state in states))


_ADD = Prepared(insert(effect), effect.columns.keys())
_WAITING = _owed(
    _is(EffectState.QUEUED, EffectState.CHECK, EffectState.SENDING),
    effect.c.not_before <= bindparam("now"),
)
_UNTOLD = _owed(
    effect.c.told.is_(False),
    _is(EffectState.SENT, EffectState.FAILED),
    tuple_(effect.c.at, effect.c.command_id, effect.c.place)
    > tuple_(bindparam("at"), bindparam("c"), bindparam("p")),
)
_IN_DOUBT = _owed(_is(EffectState.ASK))
_MARK = (
    update(effect)
    .where(
        effect.c.command_id == bindparam("c"),
        effect.c.place == bindparam("p"),
        effect.c.state == bindparam("was"),
    )
    .values(state=bindparam("to"))
)
