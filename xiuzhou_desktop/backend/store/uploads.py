"""Who uploaded which blob: naming its hash in a command takes having had the bytes, or reading a
record that names it.
"""

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from xiuzhou_desktop.backend.store.schema import blob_sender


def note_sender(connection: Connection, blob: str, user: str) -> None:
    """These bytes came from this user; again changes nothing."""
    note = _NOTE_SQLITE if connection.dialect.name == "sqlite" else _NOTE_POSTGRESQL
    connection.execute(note, {"blob": blob, "user": user})


def was_sent_by(connection: Connection, blob: str, user: str) -> bool:
    """Whether this user has uploaded these bytes."""
    return connection.execute(_SENT, {"b": blob, "u": user}).first() is not None


_NOTE_SQLITE = sqlite.insert(blob_sender).on_conflict_do_nothing()
_NOTE_POSTGRESQL = postgresql.insert(blob_sender).on_conflict_do_nothing()
_SENT = select(blob_sender.c.blob).where(
    blob_sender.c.blob == bindparam("b"), blob_sender.c.user == bindparam("u")
)
