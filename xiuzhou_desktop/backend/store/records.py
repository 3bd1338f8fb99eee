"""Records: found by id or by a fact's key, written with their place in the feed.

`write` keeps together what must never part: the row, the tombstone of a grant that it left, the
digests of its grants, the blobs that it names. Everything here runs inside the caller's
transaction.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from xiuzhou_desktop.backend.store.at_rest import laid, opened, vault_of
from xiuzhou_desktop.backend.store.codec import decode, grant_of, row_of
from xiuzhou_desktop.backend.store.engine import XOR_HEX
from xiuzhou_desktop.backend.store.prepared import Prepared
from xiuzhou_desktop.backend.store.schema import blob_ref, grant_digest, record, tombstone
from xiuzhou_desktop.backend.store.uploads import release
from xiuzhou_desktop.backend.store.vault import forget
from xiuzhou_desktop.contract.digest import line_digest
from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.domain.envelope import Kind, Record, Struct
from xiuzhou_desktop.domain.keeping import TERMS
from xiuzhou_desktop.domain.kinds import KINDS
from xiuzhou_desktop.domain.workflow import Fact, FactKey

BLOB = re.compile(r"sha256:[0-9a-f]{64}")
_Begun = sqlite.Insert | postgresql.Insert
MOVED, DELETED = "moved", "deleted"


def find(connection: Connection, record_id: str) -> Record | None:
    """The record of that id, whatever its kind."""
    doc = find_doc(connection, record_id)
    return decode(doc) if doc else None


def find_doc(connection: Connection, record_id: str) -> str | None:
    """The record's text."""
    found: str | None = _FIND.scalar(connection, {"wanted": record_id})
    return opened(connection, found) if found else None


class Found(Struct, frozen=True, kw_only=True):
    """A record's text, with what decides who may read it."""

    kind: str
    grant: str
    doc: str


class Counted(Struct, frozen=True, kw_only=True):
    """A grant's records: how many, how many of them open, and the XOR of contract.digest."""

    n: int = 0
    n_open: int = 0
    x: int = 0


def find_with_grant(connection: Connection, record_id: str) -> Found | None:
    """The record's text and grant."""
    row = _FIND_GRANTED.first(connection, {"wanted": record_id})
    if row is None:
        return None
    return Found(kind=row[0], grant=row[1], doc=opened(connection, row[2]))


def find_external(connection: Connection, source: str, external_id: str) -> Record | None:
    """The record that a source knows under its own id."""
    doc = _FIND_EXTERNAL.scalar(connection, {"s": source, "e": external_id})
    return read(connection, doc) if doc else None


def of_kind(connection: Connection, kind: Kind) -> tuple[Record, ...]:
    """All records of a small kind (settings, officers), by id."""
    rows = connection.execute(_OF_KIND, {"k": kind.value}).scalars()
    return tuple(read(connection, doc) for doc in rows)


def changed_after(connection: Connection, kind: Kind, seq: int) -> tuple[Record, ...]:
    """Records of one kind that changed behind that place in the feed, in its order."""
    rows = connection.execute(_CHANGED, {"k": kind.value, "seq": seq}).scalars()
    return tuple(read(connection, doc) for doc in rows)


def newest_of(kinds: Iterable[Kind]) -> Select[int]:
    """The statement for the highest seq among records of these kinds.

    It goes by the kind's index: without `+ 0` PostgreSQL walks the seqs backwards, through every
    flag that came since, once for each command.
    """
    newest = func.max(record.c.seq + literal_column("0"))
    return select(newest).where(or_(*(record.c.kind == one.value for one in kinds)))


def grants_of_kind(connection: Connection, kind: Kind) -> Mapping[str, str]:
    """Under which grant each record of a small kind lies."""
    rows = connection.execute(_GRANTS_OF_KIND, {"k": kind.value})
    return {row.id: row.grant_key for row in rows}


def open_records(connection: Connection) -> Iterator[Record]:
    """Every record with which something is still to be done."""
    docs = connection.execute(_OPEN).scalars().all()
    return (read(connection, doc) for doc in docs)


def ended_records(connection: Connection, kind: Kind) -> Iterator[Record]:
    """Every ended record of a kind, some in memory at a time: they are very many."""
    rows = connection.execute(_ENDED, {"k": kind.value})
    return (read(connection, doc) for doc in rows.scalars())


def timed(connection: Connection, between: tuple[int, int], some: int) -> tuple[list[str], int]:
    """About so many records that may have a timer, behind one seq and up to another, and the seq up
    to which they reach: what is open, and what has ended of kinds whose files have their time.
    """
    after, until = between
    asked = {"after": after, "until": until}
    end = connection.execute(_TIMED_END, {**asked, "n": some - 1}).scalar_one_or_none() or until
    return list(connection.execute(_TIMED, {**asked, "until": end}).scalars()), end


def answer_fact(connection: Connection, fact: Fact, value: str) -> tuple[Record, ...]:
    """Every matching record of all scopes, by id: facts look behind grants, their answers do not
    travel.
    """
    query = (_FACTS_OF_ALL if fact.closed else _FACTS_OF_OPEN)[fact.by]
    rows = query.rows(connection, {"k": fact.kind.value, "key": value})
    return tuple(read(connection, doc) for (doc,) in rows)


def write(
    connection: Connection, old: Record | None, new: Record, timer_at: datetime | None
) -> str:
    """Put a stamped record in place of `old`; returns its text. The caller counts the change
    (`count_changes`).
    """
    row = row_of(new, timer_at)
    doc = str(row["doc"])
    row["doc"] = laid(connection, grant_of(new), doc)
    if old is None:
        _INSERT.run(connection, row)
    else:
        _UPDATE.run(connection, {**row, "wanted": new.id})
    if old is not None and grant_of(old) != grant_of(new):
        _bury(connection, old, new.seq, MOVED, new.log[-1].at if new.log else new.opened_at)
    if old is not None and is_disposed(new) and not is_disposed(old):
        release(connection, new.id)
    _refer(connection, new.id, doc)
    index(connection, new)
    return doc


def is_disposed(record: Record) -> bool:
    """Whether its files were destroyed in due time: until then it names all that it ever named, for
    its past can be looked at.
    """
    return getattr(record.body, "disposed_at", None) is not None


def index(connection: Connection, new: Record) -> None:
    """A record that lies sealed is found by those texts of it which its kind names."""
    sought = KINDS[new.kind].sought
    if not sought:
        return
    texts = {
        field: as_sought(text)
        for field, as_sought in sought.items()
        if isinstance(text := getattr(new.body, field), str)
    }
    vault_of(connection).index(connection, new.id, texts)


def erase(connection: Connection, old: Record, seq: int, at: datetime) -> None:
    """Take a record out of the world; its grant is told by a tombstone."""
    connection.execute(delete(record).where(record.c.id == old.id))
    connection.execute(delete(blob_ref).where(blob_ref.c.record_id == old.id))
    forget(connection, old.id)
    _bury(connection, old, seq, DELETED, at)
    count_changes(connection, [(old, None)])


def was_erased(connection: Connection, record_id: str) -> bool:
    """Whether a record of that id was here and is known to be gone."""
    return _ERASED.first(connection, {"wanted": record_id}) is not None


def set_timer(connection: Connection, record_id: str, timer_at: datetime | None) -> None:
    """When timers must look at a record again; no version moves, nobody is told."""
    at = format_instant(timer_at) if timer_at else None
    _SET_TIMER.run(connection, {"wanted": record_id, "at": at})


def due_timers(connection: Connection, now: datetime, limit: int) -> tuple[Record, ...]:
    """Records whose timers are due, the oldest first; what has ended, and loses no more than its
    files, after all that is open: of a new term there may be a hundred thousand at once.
    """
    rows = _DUE.rows(connection, {"now": format_instant(now), "n": limit})
    return tuple(read(connection, doc) for (doc,) in rows)


def next_timer(connection: Connection, after: datetime) -> str | None:
    """The next instant at which a timer is due."""
    return connection.execute(_NEXT_TIMER, {"now": format_instant(after)}).scalar_one_or_none()


def blob_grants(connection: Connection, blob: str) -> tuple[str, ...]:
    """The grants of the records that name a blob: it is readable by whoever reads one of them."""
    return tuple(grant for (grant,) in _BLOB_GRANTS.rows(connection, {"wanted": blob}))


def count_changes(
    connection: Connection, changes: Iterable[tuple[Record | None, Record | None]]
) -> None:
    """Bring n, n_open and x of the grants up to date with (old, new) pairs."""
    sums: dict[str, tuple[int, int, int]] = {}
    for old, new in changes:
        for one, sign in ((old, -1), (new, 1)):
            if one is None:
                continue
            n, n_open, x = sums.get(grant_of(one), (0, 0, 0))
            sums[grant_of(one)] = (
                n + sign, n_open + sign * one.is_open, x ^ line_digest(one.id, one.seq),
            )  # fmt: skip
    count = _COUNT_SQLITE if connection.dialect.name == "sqlite" else _COUNT_POSTGRESQL
    for grant, (n, n_open, x) in sums.items():
        count.run(connection, {"grant_key": grant, "n": n, "n_open": n_open, "x": f"{x:016x}"})


def digests(connection: Connection, grants: Iterable[str]) -> dict[str, Counted]:
    """The digest rows of these grants; a grant without records has none."""
    rows = connection.execute(_DIGESTS, {"wanted": sorted(grants)})
    return {row.grant_key: Counted(n=row.n, n_open=row.n_open, x=int(row.x, 16)) for row in rows}


def all_digests(connection: Connection) -> dict[str, Counted]:
    """The same of every grant: there are no more of them than scopes times groups."""
    rows = _ALL_DIGESTS.rows(connection, {})
    return {grant: Counted(n=n, n_open=n_open, x=int(x, 16)) for grant, n, n_open, x in rows}


def read(connection: Connection, doc: str) -> Record:
    """The record in a row's text."""
    return decode(opened(connection, doc))


def _bury(connection: Connection, old: Record, seq: int, why: str, at: datetime) -> None:
    _BURY.run(
        connection,
        {
            "seq": seq, "id": old.id, "kind": old.kind.value, "grant_key": grant_of(old),
            "why": why, "at": format_instant(at),
        },
    )  # fmt: skip


def _refer(connection: Connection, record_id: str, doc: str) -> None:
    refer = _REFER_SQLITE if connection.dialect.name == "sqlite" else _REFER_POSTGRESQL
    for blob in sorted(set(BLOB.findall(doc))):
        refer.run(connection, {"blob": blob, "record_id": record_id})


_DIGESTS = select(grant_digest).where(
    grant_digest.c.grant_key.in_(bindparam("wanted", expanding=True))
)
_ALL_DIGESTS = Prepared(
    select(grant_digest.c.grant_key, grant_digest.c.n, grant_digest.c.n_open, grant_digest.c.x)
)
_XOR_POSTGRESQL: ColumnElement[str] = literal_column(
    "lpad(to_hex((('x' || grant_digest.x)::bit(64) # ('x' || excluded.x)::bit(64))::bigint),"
    " 16, '0')"
)


def _counted(begun: _Begun, x: ColumnElement[str]) -> Prepared:
    """A grant's row begun, or moved on by these differences."""
    moved = {name: grant_digest.c[name] + begun.excluded[name] for name in ("n", "n_open")}
    found = begun.on_conflict_do_update(index_elements=["grant_key"], set_={**moved, "x": x})
    return Prepared(found, grant_digest.columns.keys())


_COUNT_SQLITE = _counted(
    sqlite.insert(grant_digest), literal_column(f"{XOR_HEX}(grant_digest.x, excluded.x)")
)
_COUNT_POSTGRESQL = _counted(postgresql.insert(grant_digest), _XOR_POSTGRESQL)
_FACT_COLUMNS = {
    FactKey.ID: record.c.id,
    FactKey.SUBJECT: record.c.subject_key,
    FactKey.PARENT: record.c.parent_id,
    FactKey.AREA: record.c.area,
}
_FACTS = {
    by: select(record.c.doc)
    .where(record.c.kind == bindparam("k"), column == bindparam("key"))
    .order_by(record.c.id)
    for by, column in _FACT_COLUMNS.items()
}
_FACTS_OF_ALL = {by: Prepared(query) for by, query in _FACTS.items()}
_FACTS_OF_OPEN = {by: Prepared(query.where(record.c.is_open == 1)) for by, query in _FACTS.items()}
_INSERT = Prepared(insert(record), record.columns.keys())
_BURY = Prepared(insert(tombstone), tombstone.columns.keys())
_REFER_SQLITE = Prepared(sqlite.insert(blob_ref).on_conflict_do_nothing(), blob_ref.columns.keys())
_REFER_POSTGRESQL = Prepared(
    postgresql.insert(blob_ref).on_conflict_do_nothing(), blob_ref.columns.keys()
)
_UPDATE = Prepared(
    update(record).where(record.c.id == bindparam("wanted")), [*record.columns.keys(), "wanted"]
)
_FIND = Prepared(select(record.c.doc).where(record.c.id == bindparam("wanted")))
_FIND_GRANTED = Prepared(
    select(record.c.kind, record.c.grant_key, record.c.doc).where(
        record.c.id == bindparam("wanted")
    )
)
_FIND_EXTERNAL = Prepared(
    select(record.c.doc).where(
        record.c.source == bindparam("s"), record.c.external_id == bindparam("e")
    )
)
_CHANGED = (
    select(record.c.doc)
    .where(record.c.kind == bindparam("k"), record.c.seq > bindparam("seq"))
    .order_by(record.c.seq)
)
_OF_KIND = select(record.c.doc).where(record.c.kind == bindparam("k")).order_by(record.c.id)
_GRANTS_OF_KIND = select(record.c.id, record.c.grant_key).where(record.c.kind == bindparam("k"))
_OPEN = select(record.c.doc).where(record.c.is_open == 1).order_by(record.c.id)
_ENDED = (
    select(record.c.doc)
    .where(record.c.kind == bindparam("k"), record.c.is_open == 0)
    .execution_options(yield_per=500)
)
_MAY_HAVE_TIMER = (
    record.c.seq > bindparam("after"),
    record.c.seq <= bindparam("until"),
    or_(record.c.is_open == 1, record.c.kind.in_([kind.value for kind in TERMS])),
)
_TIMED = select(record.c.id).where(*_MAY_HAVE_TIMER).order_by(record.c.seq)
_TIMED_END = (  # several records may share it: a command writes under one
    select(record.c.seq)
    .where(*_MAY_HAVE_TIMER)
    .order_by(record.c.seq)
    .offset(bindparam("n"))
    .limit(1)
)
_ERASED = Prepared(
    select(tombstone.c.id).where(tombstone.c.id == bindparam("wanted"), tombstone.c.why == DELETED)
)
_DUE = Prepared(
    select(record.c.doc)
    .where(record.c.timer_at <= bindparam("now"))
    .order_by(record.c.is_open.desc(), record.c.timer_at, record.c.id)
    .limit(bindparam("n"))
)
_SET_TIMER = Prepared(
    update(record).where(record.c.id == bindparam("wanted")).values(timer_at=bindparam("at"))
)
_NEXT_TIMER = (
    select(record.c.timer_at)
    .where(record.c.timer_at > bindparam("now"))
    .order_by(record.c.timer_at)
    .limit(1)
)
_BLOB_GRANTS = Prepared(
    select(record.c.grant_key)
    .distinct()
    .select_from(blob_ref.join(record, blob_ref.c.record_id == record.c.id))
    .where(blob_ref.c.blob == bindparam("wanted"))
)
