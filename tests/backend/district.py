"""A district in hand: the backend's parts over a real store, moved by a clock that only the test
moves.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import uuid_utils

from tests.backend.cluster import copy_database
from xiuzhou_desktop.backend import feed
from xiuzhou_desktop.backend.accounts import Accounts, NewAccount
from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.commands import Desk, Judged, Sender
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import Store, meta, open_store, records
from xiuzhou_desktop.backend.store.persons import Person
from xiuzhou_desktop.contract.sync import CommandResult, PullPage, PullRequest, Resent
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.command import Command, Expect, FieldChange
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import DISTRICT, CommandId, RecordId, Scope
from xiuzhou_desktop.domain.workflow import Role

MORNING = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)  # 08:30 of a working day
PASSWORD = "right-horse"
TOWN, OTHER_TOWN = Scope("330411103"), Scope("330411104")


class Wall:
    """A wall clock that stands until the test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **units: float) -> None:
        self.at += timedelta(**units)


class District:
    """Store, desk and clock, with the few sentences that tests say often."""

    def __init__(self, store: Store, wall: Wall, settings: Settings) -> None:
        self.store = store
        self.wall = wall
        self.settings = settings
        self.clock = BusinessClock(None, wall)
        self.desk = Desk(store, self.clock)
        self.accounts = Accounts(store, wall)

    def add_officer(self, user: str, role: Role, scope: Scope = DISTRICT) -> None:
        self.accounts.add(
            NewAccount(user=user, name=user, password=PASSWORD, assignments=((role, scope),))
        )

    def command(self, transition: str, record: Record | None = None, **changes: object) -> Command:
        """A command as a workstation would make it; without a record it makes one."""
        base = Command(
            id=CommandId(str(uuid_utils.uuid7())),
            client_seq=1,
            kind=record.kind if record else Kind.FLAG,
            record=record.id if record else RecordId(str(uuid_utils.uuid7())),
            transition=transition,
            expect=Expect(state_version=record.state_version) if record else Expect(absent=True),
            issued_at=self.clock.now(),
            not_after=self.clock.now() + timedelta(hours=8),
        )
        return msgspec.structs.replace(base, **changes)

    def report(self, **args: Json) -> Command:
        """The command that reports a parked car."""
        given: Mapping[str, Json] = {
            "category": "05-05", "address": "中山西路 1 号", "channel": "phone",
        } | args  # fmt: skip
        return self.command("report", args=given)

    def send(self, command: Command, user: str = "duty", resent: Resent | None = None) -> Judged:
        """As the account's workstation."""
        return self.desk.execute(self.sender(user), command, resent)

    def sender(self, user: str) -> Sender:
        with self.store.snapshot() as connection:
            epoch = meta.read_meta(connection).epoch
        return Sender(user=user, client_id="ws", epoch=epoch)

    def reported(self, user: str = "duty", **args: Json) -> Record:
        """A flag that somebody has reported."""
        command = self.report(**args)
        self.send(command, user)
        found = self.record(command.record)
        assert found is not None
        return found

    def record(self, record: str) -> Record | None:
        with self.store.snapshot() as connection:
            return records.find(connection, record)

    def person(self, user: str) -> Person:
        with self.store.reading() as tables:
            return tables.person(user)

    def told(self, judged: Judged, user: str) -> CommandResult:
        with self.store.reading() as tables:
            grants = tables.person(user).grants
            return feed.told(tables, judged.result, grants, is_new=judged.is_new)

    def cursor(self, user: str = "duty") -> str:
        """Where this account's workstation begins: at nothing."""
        from_start = feed.Cursor(
            epoch=self.sender(user).epoch, seq=0,
            grants=feed.grants_hash(self.person(user).grants),
        )  # fmt: skip
        return from_start.text()

    def pull(self, cursor: str, user: str = "duty", limit: int = 2000) -> PullPage:
        with self.store.reading() as tables:
            person = tables.person(user)
            return feed.pull(tables, person, PullRequest(cursor=cursor), limit)


@contextmanager
def open_district(settings: Settings) -> Iterator[District]:
    """A district with one duty officer; its clock stands at MORNING."""
    with _opened(settings) as one:
        one.add_officer("duty", Role.DUTY_OFFICER)
        yield one


class Prototype:
    """A district of `open_district` that was just begun, and closed: a copy costs less than one
    more beginning, with its steps of the schema and its password.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        with open_district(settings):
            pass

    @contextmanager
    def copied(self, folder: Path) -> Iterator[District]:
        """As it was begun, in this folder and a database of its own."""
        shutil.copytree(self._settings.folder, folder, dirs_exist_ok=True)
        kept = self._settings.database
        database = copy_database(kept) if kept is not None else None
        with _opened(Settings(folder=folder, database=database)) as one:
            yield one


@contextmanager
def _opened(settings: Settings) -> Iterator[District]:
    wall = Wall(MORNING)
    store = open_store(settings, wall())
    try:
        yield District(store, wall, settings)
    finally:
        store.close()


def note(base: str | None, new: str | None) -> Mapping[str, FieldChange]:
    """A three-way edit of the note."""
    return {"note": FieldChange(base=base, new=new)}
