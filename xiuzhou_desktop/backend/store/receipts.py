"""Receipts: what became of a command, kept whole, so that a second send is answered and never
executed (sync.md §4.2).

The images in a receipt are filtered by the reader's present grants each time it is given (R14); so
a grant stands beside each.
"""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select

from xiuzhou_desktop.backend.store.at_rest import is_sealed, opened, seal
from xiuzhou_desktop.backend.store.prepared import Prepared
from xiuzhou_desktop.backend.store.schema import receipt
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.contract.sync import Receipt, Status
from xiuzhou_desktop.domain.canonical import canonical, format_instant
from xiuzhou_desktop.domain.envelope import Struct


class Image(Struct, frozen=True, kw_only=True):
    """A record as a command left it, and the grant by which it may be read."""

    grant: str
    doc: str


class StoredResult(Struct, frozen=True, kw_only=True):
    """The whole answer, before it is filtered for a reader."""

    id: str
    user: str
    client_id: str | None = None
    record: str
    fingerprint: str
    status: Status
    at: datetime
    seq: int = 0
    images: tuple[Image, ...] = ()
    receipt: Receipt | None = None
    problem: Problem | None = None


def save(connection: Connection, result: StoredResult) -> None:
    """Record a final result. Raises IntegrityError for a second one, which is a defect."""
    _SAVE.run(
        connection,
        {
            "command_id": result.id, "user": result.user, "client_id": result.client_id,
            "fingerprint": result.fingerprint, "status": result.status.value,
            "result": _text(connection, result), "seq": result.seq,
            "at": format_instant(result.at),
            "mac": result.receipt.mac if result.receipt else None,
        },
    )  # fmt: skip


def load(connection: Connection, command_id: str) -> StoredResult | None:
    """The result of a command that was judged here."""
    found = _LOAD.scalar(connection, {"wanted": command_id})
    return result_in(connection, found) if found else None


def result_in(connection: Connection, text: str) -> StoredResult:
    """The result in a row's text."""
    return msgspec.json.decode(opened(connection, text), type=StoredResult)


def is_known(connection: Connection, command_id: str) -> bool:
    """Whether a command was judged here, whatever came of it."""
    return _STATUS.first(connection, {"wanted": command_id}) is not None


def is_applied(connection: Connection, command_id: str) -> bool:
    """Whether a command was applied here."""
    status = _STATUS.scalar(connection, {"wanted": command_id})
    return bool(status == Status.APPLIED.value)


def forget_before(connection: Connection, at: datetime) -> int:
    """Drop receipts older than the retention; returns how many."""
    gone = connection.execute(delete(receipt).where(receipt.c.at < format_instant(at)))
    return int(gone.rowcount)


def _text(connection: Connection, result: StoredResult) -> str:
    """Sealed where one of its images is."""
    text = canonical(result).decode()
    is_secret = any(is_sealed(one.grant) for one in result.images)
    return seal(connection, text) if is_secret else text


_SAVE = Prepared(insert(receipt), receipt.columns.keys())
_LOAD = Prepared(select(receipt.c.result).where(receipt.c.command_id == bindparam("wanted")))
_STATUS = Prepared(select(receipt.c.status).where(receipt.c.command_id == bindparam("wanted")))
