"""Claims in the PostgreSQL that several processes share; of one row a record, by the database's own
clock.

Each statement decides by itself, so no lock is taken: two that come at once are put in order by the
row. A change is told to every process by `Channel.LIVE` when it is committed.
"""

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    cast,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from xiuzhou_desktop.backend.store.listening import Channel
from xiuzhou_desktop.backend.store.schema import claim
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.ids import RecordId


class Claim(Struct, frozen=True, kw_only=True):
    """One record in one person's hand; `grant` None: the record is not here yet.

    `ends_s` is by the arbiter's clock; a claim that is wanted has none yet.
    """

    kind: Kind
    record: RecordId
    holder: str
    holder_name: str
    grant: str | None
    ends_s: float = 0.0

    @property
    def key(self) -> tuple[Kind, RecordId]:
        """What is claimed."""
        return self.kind, self.record

    def ending(self, at_s: float) -> "Claim":
        """The same until then."""
        return msgspec.structs.replace(self, ends_s=at_s)


def take(connection: Connection, wanted: Claim, for_s: float) -> Claim:
    """Take what is free or one's own; returns whose it then is."""
    values = _values(wanted, for_s)
    adding = insert(claim).values(kind=wanted.kind.value, record=wanted.record, **values)
    free_or_own = or_(claim.c.holder == wanted.holder, claim.c.ends_ms <= _NOW_MS)
    taking = adding.on_conflict_do_update(
        index_elements=[claim.c.kind, claim.c.record], set_=values, where=free_or_own
    )
    while True:
        row = connection.execute(taking.returning(*_CLAIM, _TELL)).first()
        held = _claim(row) if row else find(connection, wanted.kind, wanted.record)
        if held is not None:  # else it was let go between the two statements
            return held


def renew(connection: Connection, wanted: Claim, for_s: float) -> Claim | None:
    """Hold one's own longer; returns whose it then is."""
    renewing = (
        update(claim)
        .where(*_is(wanted.kind, wanted.record), claim.c.holder == wanted.holder)
        .where(claim.c.ends_ms > _NOW_MS)
        .values(**_values(wanted, for_s))
    )
    row = connection.execute(renewing.returning(*_CLAIM, _TELL)).first()
    return _claim(row) if row else find(connection, wanted.kind, wanted.record)


def find(connection: Connection, kind: Kind, record: RecordId) -> Claim | None:
    """Whose it is now."""
    wanted = select(*_CLAIM).where(*_is(kind, record), claim.c.ends_ms > _NOW_MS)
    row = connection.execute(wanted).first()
    return _claim(row) if row else None


def free(connection: Connection, key: tuple[Kind, RecordId], holder: str | None) -> None:
    """Nobody's from now on, if it is this holder's; None: whoever's it is."""
    freeing = delete(claim).where(*_is(*key))
    if holder is not None:
        freeing = freeing.where(claim.c.holder == holder)
    connection.execute(freeing.returning(_TELL))


def standing(connection: Connection) -> tuple[float, tuple[Claim, ...]]:
    """The database's time, and everything that is held then; what has ended is dropped."""
    connection.execute(delete(claim).where(claim.c.ends_ms <= _NOW_MS))
    now_ms = connection.execute(select(_NOW_MS)).scalar_one()
    rows = connection.execute(select(*_CLAIM).where(claim.c.ends_ms > now_ms))
    return now_ms / 1000, tuple(_claim(row) for row in rows)


def _values(wanted: Claim, for_s: float) -> dict[str, object]:
    return {
        "holder": wanted.holder, "holder_name": wanted.holder_name, "grant_key": wanted.grant,
        "ends_ms": _NOW_MS + round(for_s * 1000),
    }  # fmt: skip


def _is(kind: Kind, record: RecordId) -> tuple[ColumnElement[bool], ...]:
    return claim.c.kind == kind.value, claim.c.record == record


def _claim(row: Row[tuple[object, ...]]) -> Claim:
    return Claim(
        kind=Kind(row.kind), record=row.record, holder=row.holder, holder_name=row.holder_name,
        grant=row.grant_key, ends_s=row.ends_ms / 1000,
    )  # fmt: skip


_NOW_MS = cast(func.extract("epoch", func.clock_timestamp()) * 1000, BigInteger)
_TELL = func.pg_notify(Channel.LIVE.value, "")
_CLAIM = tuple(claim.c)
