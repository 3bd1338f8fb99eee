"""The shipped backend in one thread, for schedules: real desk, feed, timers and outbox over either
store, on a clock that only the schedule moves.

It speaks to a Workstation as DistrictServer does. What the oracles need (who holds which scopes,
what every version was called, what the provider delivered) is noted here beside the code under
test, never asked of it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from tests.backend.district import MORNING, Wall
from tests.sync.backing import Backing
from tests.sync.district_server import Forbidden, Resync
from tests.sync.outside import Contacts, Fuse, FusedStore, Packages, Provider, ServerCrash
from tests.unit.domain.builders import FIRST
from xiuzhou_desktop.backend import feed
from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.commands import Desk, Judged, Sender
from xiuzhou_desktop.backend.effects import Outbox, Providers
from xiuzhou_desktop.backend.feed import Now, SnapshotAsked
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.restore import begin_after_restore
from xiuzhou_desktop.backend.timers import Timers
from xiuzhou_desktop.contract.sync import (
    PullPage,
    PullRequest,
    PushAnswer,
    PushRequest,
    SnapshotPage,
    Status,
    SyncSession,
)
from xiuzhou_desktop.domain.command import Command
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.ids import DISTRICT, Grant, Scope
from xiuzhou_desktop.domain.workflow import Actor, Role

TOWN, OTHER_TOWN = Scope("330411103"), Scope("330411104")
SHARED = "330411000"
GROUP_OF = {
    "flag": "dispatch", "order": "dispatch", "notice": "dispatch", "task": "dispatch",
    "rectification_order": "dispatch", "case": "case", "evidence": "case", "party": "party",
    "camera": "base", "exemption": "base", "officer": "base", "setting": "base",
}  # fmt: skip
WINDOW = timedelta(minutes=60)
ALL_TOWNS = frozenset({TOWN, OTHER_TOWN})
OFFICERS = ("duty", "duty2", "town")
SUPERVISOR = "super"
RESYNC = ("epoch-mismatch", "epoch-changed", "cursor-expired")
STILL = frozenset({"alarm", "annotate", "snooze"})  # whoever does these moves no workflow (R16)


class RealDistrict:  # noqa: PLR0904 - one backend, asked and watched
    """One backend with its oracles' notes."""

    def __init__(self, backing: Backing, provider: Provider) -> None:
        self.backing, self.provider = backing, provider
        self.fuse = Fuse(ServerCrash)
        self.packages = Packages()
        self.wall = Wall(MORNING)
        self.clock = BusinessClock(None, self.wall)
        self.scopes: dict[str, frozenset[Scope]] = {}
        self.between: Callable[[], object] = lambda: None
        self.cut_after: int | None = None
        self.complaints: list[str] = []
        self.named: dict[tuple[str, int], str] = {}
        self.lost: set[str] = set()
        self.stood: dict[str, tuple[int, int]] = {}  # seq and state_version, when last looked at
        self.erased: set[str] = set()
        self._seen_to = 0
        for user in OFFICERS:
            self.allow(user, ALL_TOWNS)
        roles = ((Role.SUPERVISOR, DISTRICT), (Role.DUTY_OFFICER, DISTRICT))
        backing.allow(SUPERVISOR, roles, None)
        self.scopes_then = dict(self.scopes)
        self.open()

    # -- life -----------------------------------------------------------------------------------

    def open(self) -> None:
        """The backend's process begins."""
        self.store = FusedStore(self.backing.store, self.fuse)
        self.desk = Desk(self.store, self.clock)
        self.timers = Timers(self.store, self.clock, self.desk, self.wall)
        self.zombie = Timers(self.store, self.clock, self.desk, self.wall)
        providers = Providers(sms=self.provider, contacts=Contacts(), packages=self.packages)
        self.outbox = Outbox(self.store, self.clock, self.desk, providers)

    def back_up(self) -> None:
        self.backing.back_up()
        self.scopes_then = dict(self.scopes)

    def restore(self) -> None:
        had = set(self.ledger())
        if not self.backing.restore():
            return
        self.open()
        begin_after_restore(self.store, self.now, WINDOW)
        self.scopes = dict(self.scopes_then)
        self.lost |= had - set(self.ledger())
        self.stood, self._seen_to = {}, 0
        self.watch()

    # -- the wire, as a Workstation asks ----------------------------------------------------------

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def actor(self, user: str) -> Actor:
        with self.store.reading() as tables:
            return tables.person(user).actor(None)

    def grants(self, user: str) -> frozenset[Grant]:
        with self.store.reading() as tables:
            return tables.person(user).grants

    @property
    def grants_of(self) -> "_Grants":
        return _Grants(self)

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
                try:
                    one = self.desk.execute(sender, command, request.resent.get(command.id))
                finally:
                    self.watch()
                judged.append(one)
                self._note_right(user, one)
        with self.store.reading() as tables:
            grants = tables.person(user).grants
            told = [feed.told(tables, one.result, grants, is_new=one.is_new) for one in judged]
        return PushAnswer(results=tuple(told))

    def single(self, user: str, record: Record) -> bytes:
        """GET /v1/records/{kind}/{id}. Raises ProblemError."""
        with self.store.reading() as tables:
            return bytes(feed.single(tables, tables.person(user), record.kind, record.id))

    # -- what the world does --------------------------------------------------------------------

    def allow(self, user: str, scopes: frozenset[Scope]) -> None:
        """Change an officer's rights."""
        officer = FIRST if user == "duty" else None
        roles = tuple((Role.DUTY_OFFICER, scope) for scope in sorted(scopes))
        self.backing.allow(user, roles, officer)
        self.scopes[user] = scopes

    def act(self, actor: Actor, command: Command) -> Judged:
        """A command of a device, or of the backend itself."""
        with self.backing.store.writing() as tables:
            judged = self.desk.execute_as(tables, actor, command)
        self.watch()
        return judged

    def colleague(self, command: Command) -> Judged:
        """A supervisor at a workstation of her own, online."""
        sender = Sender(user=SUPERVISOR, client_id="online", epoch=self.session(SUPERVISOR).epoch)
        judged = self.desk.execute(sender, command)
        self.watch()
        return judged

    def write(self, new: Record) -> None:
        """An import: data, not workflow."""
        with self.backing.store.writing() as tables:
            old = tables.find(new.id)
            assert old is not None
            stamped = msgspec.structs.replace(new, seq=tables.take_seq(), version=old.version + 1)
            tables.write(old, stamped, None)
            tables.count_changes([(old, stamped)])
        self.watch()

    def erase(self, record: str) -> None:
        with self.backing.store.writing() as tables:
            old = tables.find(record)
            if old is not None:
                tables.erase(old, tables.take_seq(), self.now)
        self.stood.pop(record, None)
        self.erased.add(record)

    def run_timers(self, *, zombie: bool) -> int:
        """The holder's turn; a zombie that held the lease has looked before, and goes on."""
        is_awake = zombie and not self.is_replaying()
        with self.store.reading() as tables:
            due = tables.due_timers(self.now, 20)
        done = self.timers.turn()
        for one in due if is_awake else ():
            self.zombie.carry_out(one.id)
        self.watch()
        return done

    # -- notes of the oracles ---------------------------------------------------------------------

    def may_read(self, user: str, kind: str, scope: str) -> bool:
        """By a table of the test's own: a duty officer's groups, everybody's shared base."""
        if scope == SHARED:
            return GROUP_OF[kind] == "base"
        return scope in self.scopes[user] and GROUP_OF[kind] in {"base", "dispatch", "case"}

    def ledger(self) -> dict[str, int]:
        """How often each command was carried out, by the log."""
        seqs: dict[str, set[int]] = {}
        for act in self.backing.acts():
            seqs.setdefault(act.command, set()).add(act.seq)
        return {command: len(found) for command, found in seqs.items()}

    def is_replaying(self) -> bool:
        with self.store.reading() as tables:
            return tables.meta().is_replaying(self.now)

    def horizon(self) -> int:
        with self.store.reading() as tables:
            return tables.meta().horizon

    def watch(self) -> None:
        """I14, I15: after every commit, what moved and what it is called now."""
        moved = self.backing.moved_after(self._seen_to)
        if not moved:
            return
        acts: dict[str, set[str]] = {}
        for act in self.backing.acts(self._seen_to):
            acts.setdefault(act.record, set()).add(act.name)
        for one in moved:
            self._note(one, acts.get(one.id, set()))
            self._seen_to = max(self._seen_to, one.seq)

    def _note_right(self, user: str, judged: Judged) -> None:
        """I6: nobody acts where they have no rights now."""
        if not judged.is_new or judged.result.status is not Status.APPLIED:
            return
        with self.store.reading() as tables:
            found = tables.find(judged.result.record)
        if found is not None and not self.may_read(user, found.kind.value, found.scope):
            self.complaints.append(f"I6 {user} acted outside the grants: {judged.result.id}")

    def _note(self, one: Record, acts: set[str]) -> None:
        _, version = self.stood.get(one.id, (0, one.state_version))
        if acts and acts <= STILL and one.state_version != version:
            self.complaints.append(f"I14 {sorted(acts)} moved state_version of {one.id}")
        known = self.named.setdefault((one.id, one.state_version), str(one.state))
        if known != one.state:
            self.complaints.append(f"I15 {one.id} v{one.state_version}: {known}, {one.state}")
        self.stood[one.id] = (one.seq, one.state_version)


class _Grants:
    """What each officer may read now."""

    def __init__(self, district: RealDistrict) -> None:
        self.district = district

    def __getitem__(self, user: str) -> frozenset[Grant]:
        return self.district.grants(user)


class _Translated:
    """The problems of the feed in the words that a Workstation knows."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if not isinstance(error, ProblemError):
            return
        if error.slug in RESYNC:
            raise Resync from error
        if error.slug == "grant-revoked":
            raise Forbidden from error
