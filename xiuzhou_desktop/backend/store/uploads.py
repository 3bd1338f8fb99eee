"""Who uploaded which blob: naming its hash in a command takes having had the bytes, or reading a
record that names it. A row goes when it is no longer needed: the file was named long ago, or never.
What a record has let go of is noted for nobody (RELEASED): only a noted file is ever thrown away.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from xiuzhou_desktop.backend.store.prepared import Prepared
from xiuzhou_desktop.backend.store.schema import blob_ref, blob_sender

RELEASED = ""  # in the place of a user: no user has that name


def note_sender(connection: Connection, blob: str, user: str) -> None:
    """These bytes came from this user; again changes nothing."""
    note = _NOTE_SQLITE if connection.dialect.name == "sqlite" else _NOTE_POSTGRESQL
    connection.execute(note, {"blob": blob, "user": user})


def release(connection: Connection, record_id: str) -> None:
    """That record names no file any more: those that it named wait to be thrown away."""
    note = _RELEASE_SQLITE if connection.dialect.name == "sqlite" else _RELEASE_POSTGRESQL
    connection.execute(note, {"wanted": record_id})
    connection.execute(_NAMES_NONE, {"wanted": record_id})


def was_sent_by(connection: Connection, blob: str, user: str) -> bool:
    """Whether this user has uploaded these bytes."""
    return _SENT.first(connection, {"b": blob, "u": user}) is not None


def waiting(connection: Connection) -> tuple[str, ...]:
    """Every file that somebody has uploaded, as long as it is remembered by whom, and what records
    have let go of.
    """
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


_NOTE_SQLITE = sqlite.insert(blob_sender).on_conflict_do_nothing()
_NOTE_POSTGRESQL = postgresql.insert(blob_sender).on_conflict_do_nothing()
_RELEASED = select(blob_ref.c.blob, literal(RELEASED)).where(
    blob_ref.c.record_id == bindparam("wanted")
)
_RELEASE_SQLITE = _NOTE_SQLITE.from_select(["blob", "user"], _RELEASED)
_RELEASE_POSTGRESQL = _NOTE_POSTGRESQL.from_select(["blob", "user"], _RELEASED)
_NAMES_NONE = delete(blob_ref).where(blob_ref.c.record_id == bindparam("wanted"))
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
_FORGET = delete(blob_sender).where(_AMONG)
