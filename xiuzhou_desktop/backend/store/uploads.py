"""Who uploaded which blob: naming its hash in a command takes having had the bytes, or reading a
record that names it. A row goes when it is no longer needed: the file was named long ago, or never.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, select, union
from sqlalchemy.dialects import postgresql, sqlite

from xiuzhou_desktop.backend.store.prepared import Prepared
from xiuzhou_desktop.backend.store.schema import blob_ref, blob_sender


def note_sender(connection: Connection, blob: str, user: str) -> None:
    """These bytes came from this user; again changes nothing."""
    note = _NOTE_SQLITE if connection.dialect.name == "sqlite" else _NOTE_POSTGRESQL
    connection.execute(note, {"blob": blob, "user": user})


def was_sent_by(connection: Connection, blob: str, user: str) -> bool:
    """Whether this user has uploaded these bytes."""
    return _SENT.first(connection, {"b": blob, "u": user}) is not None


def waiting(connection: Connection) -> tuple[str, ...]:
    """Every file that somebody has uploaded, as long as it is remembered by whom."""
    return tuple(connection.execute(_WAITING).scalars())


def unnamed_of(connection: Connection, user: str) -> tuple[str, ...]:
    """This user's files that no record names."""
    return tuple(connection.execute(_UNNAMED_OF, {"u": user}).scalars())


def forget(connection: Connection, blobs: Sequence[str]) -> tuple[str, ...]:
    """No longer remember who uploaded these; returns those that no record names."""
    asked = {"wanted": list(blobs)}
    unnamed = tuple(connection.execute(_UNNAMED, asked).scalars())
    connection.execute(_FORGET, asked)
    return unnamed


def strays(connection: Connection, blobs: Sequence[str]) -> tuple[str, ...]:
    """Those of these files that no record names, and of which nobody knows who uploaded them."""
    known = set(connection.execute(_KNOWN, {"wanted": list(blobs)}).scalars())
    return tuple(one for one in blobs if one not in known)


_NOTE_SQLITE = sqlite.insert(blob_sender).on_conflict_do_nothing()
_NOTE_POSTGRESQL = postgresql.insert(blob_sender).on_conflict_do_nothing()
_SENT = Prepared(
    select(blob_sender.c.blob).where(
        blob_sender.c.blob == bindparam("b"), blob_sender.c.user == bindparam("u")
    )
)
_IS_NAMED = select(blob_ref.c.blob).where(blob_ref.c.blob == blob_sender.c.blob).exists()
_WAITING = select(blob_sender.c.blob).distinct()
_UNNAMED_OF = select(blob_sender.c.blob).where(blob_sender.c.user == bindparam("u"), ~_IS_NAMED)
_AMONG = blob_sender.c.blob.in_(bindparam("wanted", expanding=True))
_UNNAMED = select(blob_sender.c.blob).distinct().where(_AMONG, ~_IS_NAMED)
_KNOWN = union(
    select(blob_ref.c.blob).where(blob_ref.c.blob.in_(bindparam("wanted", expanding=True))),
    select(blob_sender.c.blob).where(_AMONG),
)
_FORGET = delete(blob_sender).where(_AMONG)
