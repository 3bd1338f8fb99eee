"""What every command begins with, asked in one question behind the commit lock: the feed's state,
its sender, whether it is known, the record that it is about, and what surrounds it.
"""

from sqlalchemy import Connection, bindparam, select

from xiuzhou_desktop.backend.store import persons, receipts, records
from xiuzhou_desktop.backend.store.meta import META, Meta, meta_of
from xiuzhou_desktop.backend.store.persons import Person
from xiuzhou_desktop.backend.store.prepared import Prepared
from xiuzhou_desktop.backend.store.receipts import StoredResult
from xiuzhou_desktop.backend.store.schema import account, account_role, receipt, record, sync_meta
from xiuzhou_desktop.backend.store.surroundings import NEWEST, Surroundings, SurroundingsReader
from xiuzhou_desktop.domain.envelope import Record, Struct


class Wanted(Struct, frozen=True, kw_only=True):
    """A command, its record, and its sender's account; None: the backend itself."""

    command: str
    record: str
    user: str | None


class Opening(Struct, frozen=True, kw_only=True):
    """What was found; None: there is no such one."""

    meta: Meta
    person: Person | None
    known: StoredResult | None
    target: Record | None
    around: Surroundings


def read_opening(connection: Connection, wanted: Wanted, around: SurroundingsReader) -> Opening:
    """As this transaction sees it."""
    values = {"command": wanted.command, "record": wanted.record, "user": wanted.user}
    rows = _OPENING.rows(connection, values)
    known, doc, as_of = rows[0][:_FOUND]
    return Opening(
        meta=meta_of(rows[0][_FOUND:_PERSON]),
        person=persons.person_of(row[_PERSON:] for row in rows),
        known=receipts.result_in(connection, known) if known else None,
        target=records.read(connection, doc) if doc else None,
        around=around.at(connection, int(as_of or 0)),
    )  # fmt: skip


_FOUND = 3
_PERSON = _FOUND + len(META)
_OPENING = Prepared(
    select(
        select(receipt.c.result).where(receipt.c.command_id == bindparam("command"))
        .scalar_subquery(),
        select(record.c.doc).where(record.c.id == bindparam("record")).scalar_subquery(),
        NEWEST.scalar_subquery(),
        *META,
        *persons.PERSON,
    )
    .select_from(sync_meta)
    .outerjoin(account, account.c.user == bindparam("user"))
    .outerjoin(account_role, account_role.c.user == account.c.user)
    .where(sync_meta.c.id == 1)
)  # fmt: skip
