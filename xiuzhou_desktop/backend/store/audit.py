"""The audit: what of weight was done, refused or looked at, one row after the other.

    row n  ── prev ──► hash of row n-1          hash = SHA-256(canonical(id, at, who, …, prev))

Rows are only ever added (triggers refuse the rest on both databases), under the commit lock, with
ids that leave no gap. Whoever changes one behind the triggers breaks its hash, or the next row's
`prev`. Rows cut off at the end show only against a head that was kept elsewhere: `audit verify`
prints it, `--head` asks whether it is still in the chain.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection, insert, select

from xiuzhou_desktop.backend.store.port import Note
from xiuzhou_desktop.backend.store.schema import audit
from xiuzhou_desktop.domain.canonical import Json, canonical, format_instant
from xiuzhou_desktop.domain.envelope import Struct

GENESIS = "0" * 64  # what the first row names as the one before it
COLUMNS = ("id", "at", "who", "act", "subject", "detail", "prev")
LONGEST = {"who": 64, "act": 48, "subject": 120}


class Line(Struct, frozen=True, kw_only=True):
    """A row as it is stored and exported."""

    id: int
    at: str
    who: str
    act: str
    subject: str
    detail: str
    prev: str
    hash: str


class Chain(Struct, frozen=True, kw_only=True):
    """What came of walking it: `faults` are (row, what is wrong)."""

    rows: int
    head: str
    faults: tuple[tuple[int, str], ...]
    has_expected: bool


def append(connection: Connection, note: Note) -> None:
    """Add a row. Only inside `transaction()`: the commit lock keeps the chain in one line."""
    last = connection.execute(_LAST).first()
    columns: dict[str, Json] = {
        "id": last.id + 1 if last else 1, "at": format_instant(note.at), "who": note.who,
        "act": note.act, "subject": note.subject, "detail": note.detail,
        "prev": last.hash if last else GENESIS,
    }  # fmt: skip
    columns |= {name: str(columns[name])[:most] for name, most in LONGEST.items()}
    connection.execute(_APPEND, columns | {"hash": row_hash(columns)})


def row_hash(columns: Mapping[str, Json]) -> str:
    """The hash of a row, which the next one carries."""
    return hashlib.sha256(canonical({name: columns[name] for name in COLUMNS})).hexdigest()


def lines(connection: Connection) -> Iterator[Line]:
    """Every row, oldest first."""
    every = select(audit).order_by(audit.c.id)
    for row in connection.execute(every, execution_options={"stream_results": True}):
        yield Line(**{name: getattr(row, name) for name in (*COLUMNS, "hash")})


def walk(rows: Iterable[Line], expected: str | None = None) -> Chain:
    """Whether each row fits its hash and the one before, and whether `expected` is among them."""
    faults: list[tuple[int, str]] = []
    head, count, last, has_expected = GENESIS, 0, 0, expected in (None, GENESIS)
    for row in rows:
        if row.id != last + 1:
            faults.append((last + 1, f"missing: after row {last} comes row {row.id}"))
        elif row.prev != head:
            faults.append((row.id, f"does not follow row {last}"))
        if row.hash != row_hash({name: getattr(row, name) for name in COLUMNS}):
            faults.append((row.id, "changed: its content does not fit its hash"))
        head, last, count = row.hash, row.id, count + 1
        has_expected = has_expected or head == expected
    return Chain(rows=count, head=head, faults=tuple(faults), has_expected=has_expected)


_LAST = select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)
_APPEND = insert(audit)
