"""The engine in a thread of its own, behind the façade that panels see (plugin_api.context.Engine).

UI loop ──coroutine──► run_coroutine_threadsafe ──► engine loop     immutable values both ways
UI loop ◄──call_soon_threadsafe── News batches ◄── engine loop       the one crossing (rule 17)
twins, second window ──local socket──► engine loop                   only if `answer` is given

The thread holds the profile from `start` until it has let go of the profile's files, however late
that is: no second program may open a journal that is open here.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import ParamSpec, TypeVar

import httpx

from xiuzhou_desktop.client.clock import Clocks
from xiuzhou_desktop.client.door import Call, Door, Say
from xiuzhou_desktop.client.errors import Defect
from xiuzhou_desktop.client.profile import Profile
from xiuzhou_desktop.client.uploads import Uploads, UploadSay
from xiuzhou_desktop.client.views import (
    Changed,
    Draft,
    Lease,
    LinkState,
    Offer,
    OutboxEntry,
    OutboxSummary,
    Page,
    RecordQuery,
    RecordView,
    Remedy,
    Signed,
    Submitted,
)
from xiuzhou_desktop.client.watch import Concern
from xiuzhou_desktop.contract.administration import AccountList, AccountSay, Foreseen
from xiuzhou_desktop.contract.figures import Figures
from xiuzhou_desktop.contract.live import CameraHealth
from xiuzhou_desktop.contract.parties import PartyFind, PartyFound, PartyLook, PartyNumbers
from xiuzhou_desktop.contract.platforms import Platforms
from xiuzhou_desktop.contract.positions import LivePosition, TrackPage
from xiuzhou_desktop.contract.sessions import Enrolments, EnrolmentSay, Sessions
from xiuzhou_desktop.domain.canonical import Json
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import CommandId, RecordId
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.workcalendar import WorkCalendar

from .core import EngineCore
from .news import Subscription

log = logging.getLogger(__name__)
START_S = 15.0  # opening a large cache on a slow disk
STOP_S = 5.0
AnswerT = TypeVar("AnswerT")
P = ParamSpec("P")
AnswerTwin = Callable[[EngineCore, Call, Say], Awaitable[int]]


class Observing:
    """A subscription from another thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._subscription: Subscription | None = None
        self.is_closed = False

    def attach(self, subscription: Subscription) -> None:
        """On the engine's loop."""
        self._subscription = subscription
        if self.is_closed:
            subscription.close()

    def close(self) -> None:
        """No more news, from this very moment."""
        self.is_closed = True
        if self._subscription and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._subscription.close)


class EngineThread:  # noqa: PLR0904 - the façade that context.Engine declares, one door for all
    """Start it, ask it from any loop, stop it."""

    def __init__(
        self,
        profile: Profile,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        clocks: Clocks | None = None,
        answer: AnswerTwin | None = None,
    ) -> None:
        self._profile = profile
        self._transport = transport
        self._clocks = clocks
        self._answer = answer
        self._raise: Callable[[], None] | None = None
        self._opened = threading.Event()
        self._error: BaseException | None = None
        self._loop = asyncio.new_event_loop()
        self._work: asyncio.Task[None] | None = None
        self._is_unwanted = False
        self._core: EngineCore | None = None
        self._thread = threading.Thread(target=self._main, name="engine", daemon=True)

    # -- life -----------------------------------------------------------------------------------

    def start(self) -> "EngineThread":
        """Return once cache and journal are open. Raises what opening them raised, after which the
        profile is free.
        """
        self._thread.start()
        if not self._opened.wait(START_S):
            self._end_it()
            raise Defect("engine-start")
        if self._error:
            self._thread.join()
            raise self._error
        return self

    def stop(self, patience_s: float = STOP_S) -> None:
        """End the loops, close the files, let go of the profile. What takes longer than the
        patience goes on in its thread, which then still holds the profile.
        """
        if self._thread.is_alive():
            self._end_it()
            self._thread.join(patience_s)
        if self._thread.is_alive():
            log.error("engine not stopped in time, it holds its profile until it has")

    # -- context.Engine -------------------------------------------------------------------------

    async def query(self, query: RecordQuery) -> Page:
        return await self._ask(self._engine.lists.query(query))

    async def counts(self, queries: tuple[RecordQuery, ...]) -> tuple[int, ...]:
        return await self._ask(self._engine.lists.counts(queries))

    async def position(self, query: RecordQuery, record: RecordId) -> int | None:
        return await self._ask(self._engine.lists.position(query, record))

    async def find(
        self, words: str, kinds: tuple[Kind, ...], limit: int
    ) -> Mapping[Kind, tuple[RecordView, ...]]:
        core = self._engine
        return await self._ask(core.guarded(lambda: core.reading.search(words, kinds, limit)))

    async def get(self, kind: Kind, record: RecordId) -> RecordView | None:
        return await self._ask(self._engine.get(kind, record))

    async def offers(self, kind: Kind, record: RecordId) -> tuple[Offer, ...]:
        core = self._engine
        return await self._ask(core.guarded(lambda: core.reading.offers(record)))

    async def submit(self, draft: Draft) -> Submitted:
        core = self._engine
        return await self._ask(core.guarded(lambda: core.desk.submit(draft)))

    async def undo(self, command: CommandId) -> tuple[CommandId, ...]:
        core = self._engine
        return await self._ask(core.guarded(lambda: core.desk.undo(command)))

    async def outbox(self) -> tuple[OutboxEntry, ...]:
        core = self._engine
        return await self._ask(core.guarded(core.desk.entries))

    async def resolve(
        self, command: CommandId, remedy: Remedy, args: Mapping[str, Json] | None = None
    ) -> tuple[Submitted, ...]:
        core = self._engine
        return await self._ask(core.guarded(lambda: core.desk.resolve(command, remedy, args)))

    async def fetch(self, path: str) -> bytes:
        return await self._ask(self._engine.fetch(path))

    async def attach(self, source: bytes | Path, name: str) -> str:
        return await self._ask(self._engine.uploader.attach(source, name))

    async def uploads(self, said: UploadSay | None = None) -> Uploads:
        return await self._ask(self._engine.uploader.uploads(said))

    async def figures(self, names: tuple[str, ...], **about: str) -> Figures:
        return await self._ask(self._engine.figures(names, about))

    async def accounts(self, said: AccountSay | None = None) -> AccountList:
        return await self._ask(self._engine.office.accounts(said))

    async def sessions(self, ended: str | None = None) -> Sessions:
        return await self._ask(self._engine.office.sessions(ended))

    async def enrolments(self, said: EnrolmentSay | None = None) -> Enrolments:
        return await self._ask(self._engine.office.enrolments(said))

    async def platforms(self) -> Platforms:
        return await self._ask(self._engine.office.platforms())

    async def party_look(self, said: PartyLook) -> PartyNumbers:
        return await self._ask(self._engine.office.party_look(said))

    async def party_find(self, said: PartyFind) -> PartyFound:
        return await self._ask(self._engine.office.party_find(said))

    async def foresee(self, draft: Draft) -> Foreseen:
        return await self._ask(self._engine.office.foresee(draft))

    async def live_say(self, act: str, kind: Kind, record: RecordId) -> Lease | None:
        return await self._ask(self._engine.claims.say(act, kind, record))

    async def retry_now(self) -> None:
        await self._ask(self._engine.retry_now())

    async def demo(self, act: str, record: RecordId | None = None) -> None:
        await self._ask(self._engine.demo(act, record))

    async def watch(self) -> tuple[Concern, ...]:
        return await self._ask(_called(self._engine.watchdog.concerns))

    async def seen(self) -> None:
        await self._ask(_called(self._engine.watchdog.see))

    async def media_url(self, path: str) -> str:
        return await self._ask(self._engine.media_url(path))

    async def track(self, vehicle: RecordId, day: date) -> TrackPage:
        return await self._ask(self._engine.tracks.read(vehicle, day))

    async def kept_track(self, vehicle: RecordId, day: date) -> TrackPage | None:
        return await self._ask(self._engine.tracks.kept(vehicle, day))

    def positions(self) -> Mapping[RecordId, LivePosition]:
        return self._engine.live.positions

    def observe(self, on_changed: Callable[[Changed], None]) -> Observing:
        """News on the loop that runs, or is about to run, in the calling thread."""
        loop, core = _loop_here(), self._engine
        observing = Observing(self._loop)

        def deliver(changed: Changed) -> None:
            if not observing.is_closed:
                on_changed(changed)

        def cross(changed: Changed) -> None:
            _cross(loop, deliver, changed)

        self._loop.call_soon_threadsafe(lambda: observing.attach(core.news.observe(cross)))
        return observing

    def on_raise(self, come_forward: Callable[[], None]) -> None:
        """What a second window on this profile asks of this one, on the calling thread's loop."""
        loop = _loop_here()
        self._raise = lambda: _cross(loop, come_forward)

    @property
    def link(self) -> LinkState:
        return self._engine.link.state

    @property
    def outbox_summary(self) -> OutboxSummary:
        return self._engine.news.last_summary

    @property
    def signed(self) -> Signed:
        return self._engine.signed

    @property
    def policy(self) -> Policy:
        return self._engine.spine.last_rules.policy

    @property
    def calendar(self) -> WorkCalendar:
        return self._engine.spine.last_rules.calendar

    # -- beyond it ------------------------------------------------------------------------------

    def business_now(self) -> datetime:
        """Business time, from any thread."""
        return self._engine.spine.clock.now()

    def health(self, camera: RecordId) -> CameraHealth | None:
        """What a tile here sees of a camera, else what the live lane last said."""
        return self._engine.live.health(camera)

    def saw(self, camera: RecordId, seen: CameraHealth | None) -> None:
        """What a tile here sees of a camera; from any thread."""
        self._loop.call_soon_threadsafe(self._engine.live.saw, camera, seen)

    def lease(self, record: RecordId) -> Lease | None:
        """Who holds a claim, as far as the live lane knows."""
        return self._engine.claims.leases.get(record)

    # -- parts ----------------------------------------------------------------------------------

    @property
    def _engine(self) -> EngineCore:
        if self._core is None:
            raise Defect("engine-not-started")
        return self._core

    async def _ask(self, asked: Coroutine[object, object, AnswerT]) -> AnswerT:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asked, self._loop))

    def _main(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._live())
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()
            self._profile.close()
            log.info("engine stopped, profile free")

    async def _live(self) -> None:
        async with contextlib.AsyncExitStack() as opened:
            try:
                core = await self._open(opened)
            except BaseException as error:  # noqa: BLE001 - told to the thread waiting in start()
                self._error = error
                self._opened.set()
                return
            self._core = core
            self._work = asyncio.create_task(core.run())
            self._opened.set()
            if self._is_unwanted:
                self._work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._work

    async def _open(self, opened: contextlib.AsyncExitStack) -> EngineCore:
        """What is opened is closed in turn, where a later step fails, too."""
        core = EngineCore(self._profile, transport=self._transport, clocks=self._clocks)
        opened.push_async_callback(core.close)
        await core.guarded(core.spine.rules)
        answer = self._answer
        if answer is not None:
            door = Door(
                self._profile.announce, lambda call, say: answer(core, call, say), self._shown
            )
            await door.open()
            opened.push_async_callback(door.close)
        return core

    def _shown(self) -> bool:
        if self._raise is not None:
            self._raise()
        return self._raise is not None

    def _end_it(self) -> None:
        """From any thread; an engine that is still opening its files ends once they are open."""
        self._is_unwanted = True
        with contextlib.suppress(RuntimeError):  # the loop is closed: it has ended by itself
            self._loop.call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        if self._work:
            self._work.cancel()


def _loop_here() -> asyncio.AbstractEventLoop:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.get_event_loop_policy().get_event_loop()


async def _called(act: Callable[[], AnswerT]) -> AnswerT:
    """On the loop that it is put to."""
    return act()


def _cross(
    loop: asyncio.AbstractEventLoop, tell: Callable[P, None], *args: P.args, **kwargs: P.kwargs
) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(lambda: tell(*args, **kwargs))
