"""The shipped backend in one thread, for schedules: real store on a SQLite file, real desk, feed,
timers and outbox, on a clock that only the schedule moves.

It speaks to a Workstation as DistrictServer does. What the oracles need (who holds which scopes,
what every version was called, what the provider delivered) is noted here beside the code under
test, never asked of it.
"""

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import delete, event, text

from tests.backend.district import MORNING, PASSWORD, Wall
from tests.sync.district_server import Forbidden, Resync
from tests.unit.domain.builders import FIRST, SECOND, an_officer
from xiuzhou_desktop.backend import feed
from xiuzhou_desktop.backend.accounts import (
    Accounts,
    NewAccount,
)
from xiuzhou_desktop.backend.case_packages import CasePackages
from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.commands import Desk, Judged, Sender
from xiuzhou_desktop.backend.effects import Outbox, Providers
from xiuzhou_desktop.backend.feed import Now, SnapshotAsked
from xiuzhou_desktop.backend.hooks import Delivery, Failure
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.restore import begin_after_restore
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.backend.store import Store, meta, open_store, records
from xiuzhou_desktop.backend.store.engine import Database, open_sqlite
from xiuzhou_desktop.backend.store.persons import grant_role, read_person
from xiuzhou_desktop.backend.store.schema import account_role
from xiuzhou_desktop.backend.timers import Timers
from xiuzhou_desktop.contract.sync import (
    PullPage,
    PullRequest,
    PushAnswer,
    PushRequest,
    SnapshotPage,
    SyncSession,
)
from xiuzhou_desktop.domain.command import Command
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.ids import DISTRICT, Grant, Scope
from xiuzhou_desktop.domain.workflow import Actor, Role

TOWN, OTHER_TOWN = Scope("330411103"), Scope("330411104")
TOWNS = ("330411101", "330411103", "330411104", "330411105", "330411106")
SHARED = "330411000"
GROUP_OF = {
    "flag": "dispatch", "order": "dispatch", "notice": "dispatch", "task": "dispatch",
    "rectification_order": "dispatch", "case": "case", "evidence": "case", "party": "party",
    "camera": "base", "exemption": "base", "officer": "base", "setting": "base",
}  # fmt: skip
SECRET = b"outside the database, 32 bytes.."
WINDOW = timedelta(minutes=60)
OFFICERS = {"duty": DISTRICT, "duty2": DISTRICT, "town": TOWN}
SUPERVISOR = "super"
RESYNC = ("epoch-mismatch", "epoch-changed", "cursor-expired")
STANDS = text("SELECT id, seq, state, state_version FROM record WHERE seq > :seq")
DONE_AT = text("SELECT id, name FROM transition_log WHERE seq > :seq ORDER BY seq")


class ServerCrash(BaseException):
    """The backend's process ends here; nothing within it may catch that."""


class Provider:
    """A gateway outside: what it delivered, by key; one kind deduplicates, another does not."""

    def __init__(self, *, deduplicates: bool) -> None:
        self.deduplicates = deduplicates
        self.delivered: Counter[str] = Counter()
        self.fails = False
        self.crash_after = False

    def send(self, key: str, number: str, words: str) -> Failure | None:
        assert number and words
        if self.fails:
            return Failure(cause="sms_failed")
        if not (self.deduplicates and self.delivered[key]):
            self.delivered[key] += 1
        if self.crash_after:
            raise ServerCrash
        return None

    def knows(self, key: str) -> bool:
        return self.delivered[key] > 0

    def receipt(self, key: str, now: object) -> Delivery | None:
        del now
        return None if not self.delivered[key] else Delivery(key=key, at=MORNING)


class Contacts:
    """Every plate has a telephone."""

    def number_of(self, subject_key: str, purpose: str) -> str | None:
        assert purpose
        return f"1390000{len(subject_key):04d}"


def make_template(folder: Path) -> Path:
    """The file of a district that has accounts and officers, and nothing else."""
    settings = Settings(folder=folder)
    store = open_store(settings, MORNING)
    accounts = Accounts(store, Wall(MORNING))
    for user, scope in OFFICERS.items():
        officer = FIRST if scope == DISTRICT else None
        accounts.add(
            NewAccount(
                user=user, name=user, password=PASSWORD, officer=officer,
                assignments=((Role.DUTY_OFFICER, scope),),
            )
        )  # fmt: skip
    supervising = ((Role.SUPERVISOR, DISTRICT), (Role.DUTY_OFFICER, DISTRICT))
    accounts.add(
        NewAccount(user=SUPERVISOR, name="super", password=PASSWORD, assignments=supervising)
    )
    store.bulk_load([an_officer(one, date(2027, 12, 31)) for one in (FIRST, SECOND)])
    store.close()
    return settings.sqlite_file


class RealDistrict:  # noqa: PLR0904 - one backend, asked and watched
    """One backend with its oracles' notes."""

    def __init__(self, template: Path, folder: Path, provider: Provider) -> None:
        self.folder, self.file = folder, folder / "district.db"
        self.backup: Path | None = None
        self.provider = provider
        self.wall = Wall(MORNING)
        self.clock = BusinessClock(None, self.wall)
        self.scopes: dict[str, frozenset[Scope]] = {u: frozenset({s}) for u, s in OFFICERS.items()}
        self.scopes_then = dict(self.scopes)
        self.between: Callable[[], object] = lambda: None
        self.cut_after: int | None = None
        self.complaints: list[str] = []
        self.named: dict[tuple[str, int], str] = {}
        self.lost: set[str] = set()
        self._stood: dict[str, tuple[int, int]] = {}
        self._seen_to = 0
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(template, self.file)
        self._open()

    # -- life -----------------------------------------------------------------------------------

    def _open(self) -> None:
        self.store = Store(_without_fsync(open_sqlite(self.file)), SECRET)
        self.desk = Desk(self.store, self.clock)
        self.timers = Timers(self.store, self.clock, self.desk, self.wall)
        packages = CasePackages(self.folder / "packages")
        providers = Providers(sms=self.provider, contacts=Contacts(), packages=packages)
        self.outbox = Outbox(self.store, self.clock, self.desk, providers)

    def close(self) -> None:
        self.store.close()

    def back_up(self) -> None:
        self.close()
        self.backup = shutil.copy(self.file, self.folder / "backup.db")
        self.scopes_then = dict(self.scopes)
        self._open()

    def restore(self) -> None:
        if self.backup is None:
            return
        had = set(self.ledger())
        self.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.file}{suffix}").unlink(missing_ok=True)
        shutil.copy(self.backup, self.file)
        self._open()
        begin_after_restore(self.store, self.now, WINDOW)
        self.scopes = dict(self.scopes_then)
        self.lost |= had - set(self.ledger())
        self._stood, self._seen_to = {}, 0
        self.watch()

    # -- the wire, as a Workstation asks ----------------------------------------------------------

    @property
    def now(self) -> Any:
        return self.clock.now()

    @property
    def actors(self) -> dict[str, Actor]:
        with self.store.snapshot() as connection:
            persons = {user: read_person(connection, user) for user in OFFICERS}
        return {user: person.actor(None) for user, person in persons.items()}

    @property
    def grants_of(self) -> dict[str, frozenset[Grant]]:
        with self.store.snapshot() as connection:
            return {user: read_person(connection, user).grants for user in OFFICERS}

    def session(self, user: str) -> SyncSession:
        with self.store.reading() as tables:
            now = Now(at=self.now, rate=1, is_demo=False)
            return feed.session(tables, tables.person(user), now)

    def pull(self, user: str, asked: PullRequest) -> PullPage:
        with _Translated(), self.store.reading() as tables:
            return feed.pull(tables, tables.person(user), asked, asked.limit)

    def snapshot(
        self, user: str, grant: Grant, part: str, after: str | None, limit: int
    ) -> SnapshotPage:
        self.between()
        asked = SnapshotAsked(
            grant=grant, part=int(part == "open"), after_id=after or "", limit=limit
        )
        with _Translated(), self.store.reading() as tables:
            return feed.snapshot(tables, tables.person(user), asked)

    def push(self, user: str, request: PushRequest) -> PushAnswer:
        sender = Sender(user=user, client_id="ws", epoch=request.epoch)
        judged: list[Judged] = []
        with _Translated():
            for command in request.commands[: self.cut_after]:
                judged.append(self.desk.execute(sender, command, request.resent.get(command.id)))
                self.watch()
        with self.store.reading() as tables:
            grants = tables.person(user).grants
            told = [feed.told(tables, one.result, grants, is_new=one.is_new) for one in judged]
        return PushAnswer(results=tuple(told))

    # -- what the world does --------------------------------------------------------------------

    def allow(self, user: str, scopes: frozenset[Scope]) -> None:
        """Change an officer's rights."""
        with self.store.transaction() as connection:
            connection.execute(delete(account_role).where(account_role.c.user == user))
            for scope in scopes:
                grant_role(connection, user, Role.DUTY_OFFICER, scope)
        self.scopes[user] = scopes

    def act(self, actor: Actor, command: Command) -> Judged:
        """A command of a device, or of the backend itself."""
        with self.store.writing() as tables:
            judged = self.desk.execute_as(tables, actor, command)
        self.watch()
        return judged

    def colleague(self, command: Command) -> Judged:
        """A supervisor at a workstation of her own, online."""
        judged = self.desk.execute(
            Sender(user=SUPERVISOR, client_id="online", epoch=self.session("duty").epoch), command
        )
        self.watch()
        return judged

    def write(self, new: Record) -> None:
        """An import: data, not workflow."""
        with self.store.transaction() as connection:
            old = records.find(connection, new.id)
            assert old is not None
            stamped = msgspec.structs.replace(
                new, seq=meta.take_seq(connection), version=old.version + 1
            )
            records.write(connection, old, stamped, None)
            records.count_changes(connection, [(old, stamped)])
        self.watch()

    def erase(self, record: str) -> None:
        with self.store.transaction() as connection:
            old = records.find(connection, record)
            if old is not None:
                records.erase(connection, old, meta.take_seq(connection), self.now)
        self._stood.pop(record, None)

    def run_timers(self, *, zombie: bool) -> int:
        """The holder's turn; a zombie does the same work without the lease."""
        with self.store.snapshot() as connection:
            is_replaying = meta.read_meta(connection).is_replaying(self.now)
            due = records.due_timers(connection, self.now, 20)
        if zombie and not is_replaying:
            for one in due:
                self.timers.carry_out(one.id)
        done = self.timers.turn()
        self.watch()
        return done

    # -- notes of the oracles ---------------------------------------------------------------------

    def may_read(self, user: str, kind: str, scope: str) -> bool:
        """By a table of the test's own: a duty officer's groups, a district's towns."""
        held = self.scopes[user]
        reach = set(held) | {SHARED} | (set(TOWNS) if DISTRICT in held else set())
        groups = {"base", "dispatch", "case"} if scope != SHARED else {"base"}
        return scope in reach and GROUP_OF[kind] in groups

    def rows(self) -> list[Any]:
        with self.store.snapshot() as connection:
            return list(connection.execute(text("SELECT id, kind, scope, seq, doc FROM record")))

    def ledger(self) -> dict[str, int]:
        """How often each command was carried out, by the log."""
        query = text(
            "SELECT command_id, COUNT(DISTINCT seq) AS n FROM transition_log GROUP BY command_id"
        )
        with self.store.snapshot() as connection:
            return {row.command_id: row.n for row in connection.execute(query)}

    def logged(self) -> list[Any]:
        query = text("SELECT command_id, id, at, actor, name, from_state FROM transition_log")
        with self.store.snapshot() as connection:
            return list(connection.execute(query))

    def watch(self) -> None:
        """I5, I14, I15: after every commit, what moved and what it is called now."""
        with self.store.snapshot() as connection:
            moved = list(connection.execute(STANDS, {"seq": self._seen_to}))
            acts = {row.id: row.name for row in connection.execute(DONE_AT, {"seq": self._seen_to})}
        for row in moved:
            seq, version = self._stood.get(row.id, (0, row.state_version))
            if row.seq < seq:
                self.complaints.append(f"I5 seq of {row.id} fell")
            if acts.get(row.id) in ("alarm", "annotate", "snooze") and row.state_version != version:
                self.complaints.append(f"I14 {acts[row.id]} moved state_version")
            known = self.named.setdefault((row.id, row.state_version), row.state)
            if known != row.state:
                self.complaints.append(f"I15 {row.id} v{row.state_version}: {known}, {row.state}")
            self._stood[row.id] = (row.seq, row.state_version)
            self._seen_to = max(self._seen_to, row.seq)


class _Translated:
    """The problems of the feed in the words that a Workstation knows."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ProblemError) and error.slug in RESYNC:
            raise Resync from error
        if isinstance(error, ProblemError) and error.slug == "grant-revoked":
            raise Forbidden from error


def _without_fsync(database: Database) -> Database:
    """Power loss is not drawn here; the journal's durability has tests of its own."""
    event.listen(database.writing, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    return database
