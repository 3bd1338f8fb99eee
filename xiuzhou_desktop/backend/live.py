"""The live lane: who holds a claim, how a camera's picture is. Lossy and coalesced, in this
process's memory only, never records (architecture.md rule 10).

A lease ends by itself when its holder does not renew it, so a workstation that vanishes blocks
nobody. Leases run on monotonic time.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.hooks import SeenCamera
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store.persons import Person
from xiuzhou_desktop.contract.live import CameraHealth, LeaseState, LiveAct, LiveSay
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.workflow import Role

LEASE_S = 30.0  # a claim outlives three missed renewals of 10 s
HEARTBEAT_S = 15.0
# events that a slow listener may lag; older ones are dropped, the next state supersedes them
BEHIND = 512
MAX_LEASES = 50_000

LiveState = LeaseState | CameraHealth


class _Lease(Struct, frozen=True, kw_only=True):
    holder: str
    holder_name: str
    ends: float


class LiveBoard:
    """Claims and camera health of the district now; lives on the server's event loop."""

    def __init__(self, clock: BusinessClock, now: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._now = now
        self._leases: dict[tuple[Kind, RecordId], _Lease] = {}
        self._health: dict[RecordId, CameraHealth] = {}
        self._is_closing = False
        self._listeners: set[asyncio.Queue[LiveState | None]] = set()

    def say(self, person: Person, said: LiveSay) -> LiveState:
        """What a workstation says upwards. Raises ProblemError `claimed`, `forbidden`."""
        match said.act:
            case LiveAct.CLAIM | LiveAct.RENEW:
                return self._claim(person, said)
            case LiveAct.RELEASE:
                return self._release(person, said)
            case LiveAct.BREAK:
                return self._break(person, said)
            case LiveAct.HEALTH:
                if said.health is None:
                    raise ProblemError("bad-parameter", "health")
                return self.see_camera(said.record, SeenCamera(health=said.health))

    def see_camera(self, camera: RecordId, seen: SeenCamera) -> CameraHealth:
        """How a camera is now; `since` stays while it stays so."""
        known = self._health.get(camera)
        if known and known.health is seen.health and seen.since in {None, known.since}:
            return known
        since = seen.since or self._clock.now()
        state = CameraHealth(camera=camera, health=seen.health, since=since)
        self._health[camera] = state
        self._tell(state)
        return state

    def expire(self) -> None:
        """Free what was not renewed."""
        now = self._now()
        for (kind, record), lease in list(self._leases.items()):
            if lease.ends <= now:
                self._free(kind, record)

    async def stream(self) -> AsyncIterator[LiveState | None]:
        """All that stands, then each change; None is a sign of life."""
        queue: asyncio.Queue[LiveState | None] = asyncio.Queue(BEHIND)
        for state in self._health.values():
            yield state
        for key, lease in list(self._leases.items()):
            yield self._state(key, lease)
        self._listeners.add(queue)
        try:
            while not self._is_closing:
                yield await _next(queue)
        finally:
            self._listeners.discard(queue)

    def close(self) -> None:
        """End every stream."""
        self._is_closing = True
        for queue in self._listeners:
            _put(queue, None)

    def _claim(self, person: Person, said: LiveSay) -> LeaseState:
        self.expire()
        key, user = (said.kind, said.record), person.account.user
        held = self._leases.get(key)
        if held and held.holder != user:
            raise ProblemError("claimed", None, holder=held.holder, name=held.holder_name)
        if len(self._leases) >= MAX_LEASES and not held:
            raise ProblemError("too-many-requests")
        lease = _Lease(holder=user, holder_name=person.account.name, ends=self._now() + LEASE_S)
        self._leases[key] = lease
        state = self._state(key, lease)
        if held is None:
            self._tell(state)
        return state

    def _release(self, person: Person, said: LiveSay) -> LeaseState:
        held = self._leases.get((said.kind, said.record))
        if held and held.holder != person.account.user:
            raise ProblemError("claimed", None, holder=held.holder, name=held.holder_name)
        return self._free(said.kind, said.record)

    def _break(self, person: Person, said: LiveSay) -> LeaseState:
        if Role.SUPERVISOR not in person.account.roles:
            raise ProblemError("forbidden", "break")
        return self._free(said.kind, said.record)

    def _free(self, kind: Kind, record: RecordId) -> LeaseState:
        state = LeaseState(kind=kind, record=record, holder=None)
        if self._leases.pop((kind, record), None):
            self._tell(state)
        return state

    def _state(self, key: tuple[Kind, RecordId], lease: _Lease) -> LeaseState:
        left = timedelta(seconds=lease.ends - self._now()) * self._clock.rate
        return LeaseState(
            kind=key[0], record=key[1], holder=lease.holder, holder_name=lease.holder_name,
            until=self._clock.now() + left,
        )  # fmt: skip

    def _tell(self, state: LiveState) -> None:
        for queue in self._listeners:
            _put(queue, state)


async def _next(queue: asyncio.Queue[LiveState | None]) -> LiveState | None:
    try:
        return await asyncio.wait_for(queue.get(), HEARTBEAT_S)
    except TimeoutError:
        return None


def _put(queue: asyncio.Queue[LiveState | None], state: LiveState | None) -> None:
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(state)
