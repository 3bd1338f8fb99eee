"""Where a simulated district keeps its rows, and what an oracle may read of them.

    MemoryBacking   backend/store/memory.py; a backup is a copy of its dictionaries
    SqlBacking      the shipped store on a SQLite file; a file a process, put back page by page

Oracles read rows here, past every method of the code under test.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import ClassVar, Protocol

import msgspec
import sqlcipher3.dbapi2
from sqlalchemy import Connection, delete, event, insert, text

from tests.unit.domain.builders import BLOB, FIRST, MORNING, SECOND, an_officer
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import Store, TableStore, open_store
from xiuzhou_desktop.backend.store.at_rest import opened
from xiuzhou_desktop.backend.store.codec import decode
from xiuzhou_desktop.backend.store.district_keys import DistrictKeys, district_keys
from xiuzhou_desktop.backend.store.engine import Database
from xiuzhou_desktop.backend.store.memory import MemoryStore, Rows
from xiuzhou_desktop.backend.store.persons import Assignments, Person
from xiuzhou_desktop.backend.store.prepared import Prepared
from xiuzhou_desktop.backend.store.schema import account, account_role
from xiuzhou_desktop.backend.store.uploads import note_sender
from xiuzhou_desktop.contract.sync import Account
from xiuzhou_desktop.domain.areas import SHARED
from xiuzhou_desktop.domain.canonical import format_instant, parse_instant
from xiuzhou_desktop.domain.envelope import Record, Struct
from xiuzhou_desktop.domain.ids import RecordId

PHOTOGRAPHERS = ("duty", "duty2", "town", "super")  # whose picture every command names
SECRET = b"outside the database, 32 bytes.."
OFFICERS = tuple(
    msgspec.structs.replace(an_officer(one, date(2027, 12, 31)), scope=SHARED, seq=0)
    for one in (FIRST, SECOND)
)


class Act(Struct, frozen=True, kw_only=True):
    """One row of the transition log."""

    seq: int
    command: str
    record: str
    at: object
    actor: str
    name: str
    from_state: str | None
    to_state: str


class Owed(Struct, frozen=True, kw_only=True):
    """One row of the outbox."""

    command: str
    place: int
    kind: str
    state: str


class Backing(Protocol):
    """Rows of one district."""

    store: TableStore

    def allow(self, user: str, roles: Assignments, officer: RecordId | None) -> None: ...

    def once(self, drawn: tuple[object, ...], act: Callable[[], object]) -> None:
        """Do it, or take what it left when it was done after the same draws before."""

    def back_up(self) -> None: ...

    def restore(self) -> bool:
        """Put the last backup back; False where there is none."""

    def records(self) -> Mapping[str, Record]: ...

    def moved_after(self, seq: int) -> Iterable[Record]: ...

    def acts(self, after: int = 0) -> Iterator[Act]: ...

    def owed(self) -> Iterable[Owed]: ...

    def close(self) -> None: ...


class MemoryBacking:
    """A district in memory."""

    _begun: Rows | None = None
    _left: ClassVar[dict[tuple[object, ...], Rows]] = {}

    @classmethod
    def forget(cls) -> None:
        """The code under test is another from here on."""
        cls._left.clear()

    def __init__(self) -> None:
        self.store = MemoryStore(SECRET, MORNING)
        if MemoryBacking._begun is None:
            _begin(self.store)
            self.store.rows.senders = {(BLOB, user) for user in PHOTOGRAPHERS}
            MemoryBacking._begun = self.store.rows.copy()
        self.store.rows = MemoryBacking._begun.copy()
        self._backup: Rows | None = None

    def allow(self, user: str, roles: Assignments, officer: RecordId | None) -> None:
        held = tuple(sorted({role for role, _ in roles}))
        one = Account(user=user, name=user, officer=officer, roles=held)
        self.store.rows.persons[user] = Person(account=one, assignments=roles)

    def once(self, drawn: tuple[object, ...], act: Callable[[], object]) -> None:
        left = self._left.get(drawn)
        if left is None:
            act()
            self._left[drawn] = self.store.rows.copy()
        else:
            self.store.rows = left.copy()

    def back_up(self) -> None:
        self._backup = self.store.rows.copy()

    def restore(self) -> bool:
        if self._backup is None:
            return False
        self.store.rows = self._backup.copy()
        return True

    def records(self) -> Mapping[str, Record]:
        return {i: row.record for i, row in self.store.rows.records.items()}

    def moved_after(self, seq: int) -> Iterable[Record]:
        rows = reversed(self.store.rows.records.values())  # they lie in the order of seq
        return [row.record for row in takewhile(lambda row: row.record.seq > seq, rows)]

    def acts(self, after: int = 0) -> Iterator[Act]:
        log = self.store.rows.log
        begin = bisect_right(log, after, key=lambda line: line[0].seq)
        for one, entry in log[begin:]:
            yield Act(
                seq=one.seq, command=entry.command, record=one.id, at=entry.at,
                actor=entry.actor, name=entry.name, from_state=entry.from_state,
                to_state=entry.to_state,
            )  # fmt: skip

    def owed(self) -> Iterable[Owed]:
        for row in self.store.rows.effects.values():
            one = row.owed
            yield Owed(command=one.command, place=one.place, kind=one.kind, state=one.state)

    def close(self) -> None:
        return None


class SqlBacking:
    """A district on a SQLite file of this process; power loss is not drawn here, so no fsync."""

    _kept: Store | None = None
    _keys: DistrictKeys
    _begun: sqlcipher3.dbapi2.Connection | None = None
    _watching: Connection  # the oracles' own, without a transaction: each look sees what is

    def __init__(self, folder: Path) -> None:
        if SqlBacking._kept is None:
            settings = Settings(folder=folder)
            SqlBacking._kept = open_store(settings, MORNING)
            with SqlBacking._kept.transaction() as connection:
                SqlBacking._keys = district_keys(connection, settings)
            _forget_power_loss(SqlBacking._kept.database)
            _begin(SqlBacking._kept)
            with SqlBacking._kept.transaction() as connection:
                for user in PHOTOGRAPHERS:
                    note_sender(connection, BLOB, user)
            SqlBacking._begun = _pages(SqlBacking._kept)
            SqlBacking._watching = SqlBacking._kept.database.reading.connect()
        # what a process has read of one database it does not know of another
        self.store = Store(SqlBacking._kept.database, SqlBacking._keys, SqlBacking._kept.vault)
        self._eyes = SqlBacking._watching
        self._put_back(SqlBacking._begun)
        self._backup: sqlcipher3.dbapi2.Connection | None = None

    def allow(self, user: str, roles: Assignments, officer: RecordId | None) -> None:
        with self.store.transaction() as connection:
            connection.execute(delete(account_role).where(account_role.c.user == user))
            connection.execute(delete(account).where(account.c.user == user))
            connection.execute(
                insert(account).values(
                    user=user, name=user, officer=officer, password_hash="", disabled=False,
                    made_at=format_instant(MORNING),
                )
            )  # fmt: skip
            held = [{"user": user, "role": role, "scope": scope} for role, scope in roles]
            if held:
                connection.execute(insert(account_role), held)

    def once(self, drawn: tuple[object, ...], act: Callable[[], object]) -> None:
        del drawn
        act()

    def back_up(self) -> None:
        self._backup = _pages(self.store)

    def restore(self) -> bool:
        if self._backup is None:
            return False
        self._put_back(self._backup)
        return True

    def records(self) -> Mapping[str, Record]:
        return {one.id: one for one in self.moved_after(-1)}

    def moved_after(self, seq: int) -> Iterable[Record]:
        rows = _MOVED.rows(self._eyes, {"seq": seq})
        return [decode(opened(self._eyes, doc)) for (doc,) in rows]

    def acts(self, after: int = 0) -> Iterator[Act]:
        rows = _ACTS.rows(self._eyes, {"seq": after})
        for seq, command, record, at, actor, name, from_state, to_state in rows:
            yield Act(
                seq=seq, command=command, record=record, at=parse_instant(at), actor=actor,
                name=name, from_state=from_state, to_state=to_state,
            )  # fmt: skip

    def owed(self) -> Iterable[Owed]:
        rows = _OWED.rows(self._eyes, {})
        return [Owed(command=c, place=place, kind=kind, state=s) for c, place, kind, s in rows]

    def close(self) -> None:
        return None

    def _put_back(self, pages: sqlcipher3.dbapi2.Connection) -> None:
        with self.store.database.writing.connect() as connection:
            pages.backup(connection.connection.dbapi_connection)


def _pages(store: Store) -> sqlcipher3.dbapi2.Connection:
    """The whole database in memory, as a backup takes it."""
    copy = sqlcipher3.dbapi2.connect(":memory:", check_same_thread=False)
    with store.database.reading.connect() as connection:
        connection.connection.dbapi_connection.backup(copy)
    return copy


def _begin(store: TableStore) -> None:
    """Two officers whose certificates the law asks for."""
    with store.writing() as tables:
        for one in OFFICERS:
            stamped = msgspec.structs.replace(
                one, seq=tables.take_seq(), version=1, state_version=1
            )
            tables.write(None, stamped, None)
            tables.count_changes([(None, stamped)])


def _forget_power_loss(database: Database) -> None:
    for engine in (database.writing, database.reading):
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
        engine.dispose()


_MOVED = Prepared(text("SELECT doc FROM record WHERE seq > :seq ORDER BY seq"))
_ACTS = Prepared(
    text(
        "SELECT seq, command_id, id, at, actor, name, from_state, to_state FROM transition_log"
        " WHERE seq > :seq ORDER BY seq"
    )
)
_OWED = Prepared(text("SELECT command_id, place, kind, state FROM effect"))
