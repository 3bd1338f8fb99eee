"""What every part of the engine works on: stores, protocol core, clocks, who we are.

    loop thread     view, outbox, reading, every decision
    writer thread   batches of records into the cache (SQLCipher frees the interpreter meanwhile)

One batch is written at a time (`writing`); the file is exchanged on the loop thread, when nobody
reads.
"""

import asyncio
import logging
import shutil
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import ParamSpec, TypeVar

import msgspec
import uuid_utils

from xiuzhou_desktop.client.attachments import FOLDER, Attachments, SealedFiles
from xiuzhou_desktop.client.blob_files import BlobFiles
from xiuzhou_desktop.client.blobs import BlobCache
from xiuzhou_desktop.client.cache import SqlCache
from xiuzhou_desktop.client.clock import BusinessClock, Clocks
from xiuzhou_desktop.client.journal import SqlJournal
from xiuzhou_desktop.client.profile import Profile
from xiuzhou_desktop.client.sealed_db import DamagedCacheError
from xiuzhou_desktop.client.session import SessionFile
from xiuzhou_desktop.client.sync.border import forget_read
from xiuzhou_desktop.client.sync.entry import WITHDRAWN, Entry
from xiuzhou_desktop.client.sync.keys import forget_keys
from xiuzhou_desktop.client.sync.outbox import Outbox
from xiuzhou_desktop.client.sync.pull import Feed
from xiuzhou_desktop.client.sync.push import Push
from xiuzhou_desktop.client.sync.resolve import Resolver
from xiuzhou_desktop.client.sync.save import Moment, Saver
from xiuzhou_desktop.client.sync.view import Rules, View
from xiuzhou_desktop.client.sync.words import forget_words
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.contract.sync import Account
from xiuzhou_desktop.domain.areas import SCOPES
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.evidence import EvidenceBody
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.policy import Policy, policy_from
from xiuzhou_desktop.domain.workcalendar import WorkCalendar, calendar_from
from xiuzhou_desktop.domain.workflow import Actor

log = logging.getLogger(__name__)
P = ParamSpec("P")
ResultT = TypeVar("ResultT")
KEEP_APPLIED = timedelta(days=30)  # sync.md §4.3
MOST_AWAITED = 100_000  # all of them: none may be forgotten
MOST_ASKED = 1_000  # evicted records that somebody looks at


class Spine:
    """The opened profile. `pace` scales every wait of its loops: 1 in service, less in drills."""

    def __init__(self, profile: Profile, clocks: Clocks, pace: float = 1.0) -> None:
        self.profile = profile
        self.pace = pace
        self.clocks = clocks
        self.session = SessionFile(profile)
        self.clock = BusinessClock(clocks, self.session.saved.anchor)
        self.cache = SqlCache(profile.folder, profile.key)
        self.journal = SqlJournal(profile.journal_path, profile.key)
        # Earlier builds kept every file there by its path: nothing reads or ages those copies now.
        shutil.rmtree(profile.folder / "blobs", ignore_errors=True)
        self.stills = BlobCache(profile.folder / "stills", profile.key)
        self.files = BlobFiles(profile.folder / "files", profile.key)
        self.track_files = BlobCache(profile.folder / "tracks", profile.key)
        self.journal.forget(clocks.wall() - KEEP_APPLIED)
        files = SealedFiles(profile.folder / FOLDER, profile.key)
        self.attachments = Attachments(self.journal, files)
        self.outbox = Outbox(self.journal, self.cache)
        self.feed = Feed(self.cache)
        self.view = View(self.cache, self.outbox, self.rules)
        self.saver = Saver(
            self.cache, self.outbox, self.view, new_id, blobs_in=self.attachments.named_in
        )
        self.push = Push(self.cache, self.outbox)
        self.resolver = Resolver(self.outbox, self.view, self.saver)
        self._forget_files()
        self.defects: list[str] = []
        self.ended: str | None = None  # why nothing more may be saved: the profile is about to go
        self.asked_for: deque[RecordId] = deque(maxlen=MOST_ASKED)  # fetched on demand, kept
        self._rules: Rules | None = None
        self._are_rules_old = True
        self._writing = asyncio.Lock()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="cache-writer")

    @property
    def account(self) -> Account:
        """Who is signed in."""
        account = self.session.saved.account
        return account or Account(
            user=self.profile.user, name=self.profile.user, officer=None, roles=()
        )

    def rules(self) -> Rules:
        """What surrounds a judgement; read again after `rules_moved`."""
        if self._rules is None or self._are_rules_old:
            account, policy, calendar = self.account, *self._read_settings()
            actor = Actor(
                user=account.user, name=account.name, officer=account.officer,
                roles=frozenset(account.roles), grants=frozenset(self.session.saved.grants),
            )  # fmt: skip
            self._rules = Rules(
                actor=actor, policy=policy, calendar=calendar, scopes=frozenset(SCOPES),
                custodies=tuple(one for one in self.cache.all_of(Kind.CUSTODY) if one.is_open),
            )  # fmt: skip
            self._are_rules_old = False
        return self._rules

    @property
    def awaited(self) -> RecordQuery:
        """Evidence whose file this person announced and the server lacks, excluded meanwhile or
        not: only his own file is asked for, whatever else lies here under that hash.
        """
        user = self.account.user
        return RecordQuery(kinds=(Kind.EVIDENCE,), assignee=user, limit=MOST_AWAITED)

    @property
    def last_rules(self) -> Rules:
        """As they were read last: for other threads, which must not touch the cache."""
        return self.rules() if self._rules is None else self._rules

    def rules_moved(self) -> None:
        """A setting, a custody or our rights changed: forecasts are to be made anew."""
        self._are_rules_old = True
        self.view.forget()
        self.rules()

    def forget_read(self) -> None:
        """What was kept decoded of records that we may read no longer."""
        for forget in (forget_read, forget_words, forget_keys):
            forget()

    def moment(self) -> Moment:
        """All clocks at once, for a command that is saved now."""
        return Moment(
            business=self.clock.now(),
            wall=self.clocks.wall(),
            valid=timedelta(hours=self.session.saved.limits.offline_hours),
            rate=self.clock.anchor.rate,
        )

    async def write(self, act: Callable[P, ResultT], *args: P.args, **kwargs: P.kwargs) -> ResultT:
        """Run one batch on the writer thread."""
        loop = asyncio.get_running_loop()
        async with self._writing:
            return await loop.run_in_executor(self._writer, lambda: act(*args, **kwargs))

    async def exchange(
        self, act: Callable[P, ResultT], *args: P.args, **kwargs: P.kwargs
    ) -> ResultT:
        """Run what may replace the cache's file: on the loop thread, with no batch under way."""
        async with self._writing:
            return act(*args, **kwargs)

    def close(self) -> None:
        """Let go of every file."""
        self._writer.shutdown(wait=True)
        self.cache.close()
        self.journal.close()
        self.forget_read()
        if self.session.saved.is_ended:
            self.profile.destroy()
        else:
            self.profile.close()

    def _forget_files(self) -> None:
        """None before the records are here: they say which files are still awaited."""
        if self.cache.meta().synced_at is None:
            return
        try:
            found = self.cache.window(self.awaited, frozenset(), self.clock.now())
        except DamagedCacheError:
            self.cache.rebuild()
            return
        bodies = [one.record.body for one in found]
        needed = {f"sha256:{one.awaited}" for one in bodies if isinstance(one, EvidenceBody)}
        for entry in self.outbox:
            needed |= _files_of(entry)
        if Kind.EVIDENCE in self.cache.stub_kinds():  # one of them may await whatever was not sent
            needed |= self.attachments.unsent()
        self.attachments.forget(self.clocks.wall() - KEEP_APPLIED, needed)

    def _read_settings(self) -> tuple[Policy, WorkCalendar]:
        settings = self.cache.all_of(Kind.SETTING)
        try:
            return policy_from(settings), calendar_from(settings)
        except msgspec.ValidationError:
            log.exception("settings that this version cannot read; the defaults hold")
            self.defects.append("bad-settings")
            return Policy(), WorkCalendar()


def new_id() -> str:
    """A UUIDv7: sorts by time, and two workstations never draw the same."""
    return str(uuid_utils.uuid7())


def _files_of(entry: Entry) -> set[str]:
    """What a command names that may have to be sent yet, or again after a restore."""
    if entry.status in WITHDRAWN:
        return set()
    awaited = entry.command.args.get("awaited")
    return {*entry.command.blobs, *([f"sha256:{awaited}"] if awaited else [])}
