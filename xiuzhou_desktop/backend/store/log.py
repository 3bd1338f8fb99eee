"""The transition log: append-only, one row a record that a command wrote, with the record's image
without its log.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, insert

from xiuzhou_desktop.backend.store.at_rest import laid
from xiuzhou_desktop.backend.store.codec import grant_of, image
from xiuzhou_desktop.backend.store.prepared import Prepared
from xiuzhou_desktop.backend.store.schema import transition_log
from xiuzhou_desktop.domain.canonical import format_instant
from xiuzhou_desktop.domain.envelope import LogEntry, Record


def append(connection: Connection, written: Sequence[tuple[Record, LogEntry]]) -> None:
    """Keep what was done to each record, for ever."""
    for record, entry in written:
        _APPEND.run(connection, row_of(connection, record, entry))


def row_of(connection: Connection, record: Record, entry: LogEntry) -> dict[str, object]:
    """The columns of one entry."""
    return {
        "seq": record.seq,
        "command_id": entry.command,
        "kind": record.kind.value,
        "id": record.id,
        "at": format_instant(entry.at),
        "actor": entry.actor,
        "name": entry.name,
        "from_state": entry.from_state,
        "to_state": entry.to_state,
        "image": laid(connection, grant_of(record), image(record)),
    }


_APPEND = Prepared(insert(transition_log), transition_log.columns.keys())
