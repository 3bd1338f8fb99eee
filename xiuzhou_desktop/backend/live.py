"""The live lane: who holds a claim, how a camera's picture is, where vehicles are. Lossy,
coalesced, in this process's memory only, never records (architecture.md rule 10).

A lease ends by itself when its holder does not renew it, so a workstation that vanishes blocks
nobody. Leases run on monotonic time: no computer's clock shortens or lengthens one.

    claim ──► held 30 s ──renew each 10 s──► held 30 s more        release · break ──► free
                  └──not renewed──► free

A listener hears what lies within its grants. A claim on a record that is not here yet is told to
its holder alone.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta

from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.hooks import SeenCamera
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store.persons import Person
from xiuzhou_desktop.contract.live import CameraHealth, LeaseState, LiveAct, LiveSay
from xiuzhou_desktop.contract.positions import LivePosition, LivePositions
from xiuzhou_desktop.domain.envelope import Kind, Struct
from xiuzhou_desktop.domain.ids import Grant, RecordId
from xiuzhou_desktop.domain.workflow import Role

LEASE_S = 30.0  # a claim outlives three missed renewals of 10 s
HEARTBEAT_S = 15.0
# events that a slow listener may lag; older ones are dropped, the next state supersedes them
BEHIND = 512
MAX_LEASES = 50_000

LiveState = LeaseState | CameraHealth | LivePositions


class _Lease(Struct, frozen=True, kw_only=True):
    holder: str
    holder_name: str
    ends: float
    grant: str | None  # None: the record is not here yet


class _Listener:
    """One open stream: whose it is, and what waits for it."""

    def __init__(self, person: Person) -> None:
        self.user, self.grants = person.account.user, person.grants
        self.queue: asyncio.Queue[LiveState | None] = asyncio.Queue(BEHIND)

    def may_hear(self, grant: str | None, holder: str | None) -> bool:
        """Whether a state under this grant is this person's business."""
        return grant in self.grants or (holder is not None and holder == self.user)

    def put(self, state: LiveState | None) -> None:
        """The oldest gives way: a later state supersedes it."""
        if self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(state)

    async def next(self) -> LiveState | None:
        """The next state, or a sign of life."""
        try:
            return await asyncio.wait_for(self.queue.get(), HEARTBEAT_S)
        except TimeoutError:
            return None


class LiveBoard:
    """Claims and camera health of the district now; lives on the server's event loop."""

    def __init__(self, clock: BusinessClock, now: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._now = now
        self._leases: dict[tuple[Kind, RecordId], _Lease] = {}
        self._health: dict[RecordId, CameraHealth] = {}
        self._lies_under: Mapping[str, str] = {}
        self._positions: dict[Grant, dict[RecordId, LivePosition]] = {}
        self._is_closing = False
        self._listeners: set[_Listener] = set()

    def say(self, person: Person, said: LiveSay, grant: str | None) -> LiveState:
        """What a workstation says upwards of a record under `grant`, None where it is not here yet.

        Raises ProblemError `claimed`, `lease-lost`, `forbidden`.
        """
        match said.act:
            case LiveAct.CLAIM:
                return self._claim(person, said, grant)
            case LiveAct.RENEW:
                self._refuse_lost(said)
                return self._claim(person, said, grant)
            case LiveAct.RELEASE:
                return self._release(person, said)
            case LiveAct.BREAK:
                return self._break(person, said)
            case LiveAct.HEALTH:
                if said.health is None:
                    raise ProblemError("bad-parameter", "health")
                return self.see_camera(said.record, SeenCamera(health=said.health))

    def cameras_lie(self, under: Mapping[str, str]) -> None:
        """Under which grant each camera's record lies now."""
        self._lies_under = under

    def see_camera(self, camera: RecordId, seen: SeenCamera) -> CameraHealth:
        """How a camera is now; `since` stays while it stays so."""
        known = self._health.get(camera)
        if known and known.health is seen.health and seen.since in {None, known.since}:
            return known
        since = seen.since or self._clock.now()
        state = CameraHealth(camera=camera, health=seen.health, since=since)
        self._health[camera] = state
        self._tell(state, self._lies_under.get(camera), None)
        return state

    def see_positions(self, grant: Grant, moved: tuple[LivePosition, ...]) -> None:
        """The newest fixes of vehicles whose records lie under that grant, and under no other."""
        came = {one.vehicle: one for one in moved}
        for other in self._positions.values():
            for vehicle in came.keys() & other.keys():
                del other[vehicle]
        self._positions.setdefault(grant, {}).update(came)
        self._tell(LivePositions(grant=grant, positions=moved), grant, None)

    def expire(self) -> None:
        """Free what was not renewed."""
        now = self._now()
        for (kind, record), lease in list(self._leases.items()):
            if lease.ends <= now:
                self._free(kind, record)

    async def stream(self, person: Person) -> AsyncIterator[LiveState | None]:
        """All that stands, then each change, within the person's grants; None is a sign of life."""
        listener = _Listener(person)
        self._listeners.add(listener)
        try:
            for state in self._standing(listener):
                yield state
            while not self._is_closing or not listener.queue.empty():
                yield await listener.next()
        finally:
            self._listeners.discard(listener)

    def close(self) -> None:
        """End every stream."""
        self._is_closing = True
        for listener in self._listeners:
            listener.put(None)

    def _standing(self, listener: _Listener) -> list[LiveState]:
        found: list[LiveState] = [
            state
            for camera, state in self._health.items()
            if listener.may_hear(self._lies_under.get(camera), None)
        ]
        found += [
            self._state(key, lease)
            for key, lease in self._leases.items()
            if listener.may_hear(lease.grant, lease.holder)
        ]
        found += [
            LivePositions(grant=grant, positions=tuple(standing.values()))
            for grant, standing in self._positions.items()
            if listener.may_hear(grant, None)
        ]
        return found

    def _refuse_lost(self, said: LiveSay) -> None:
        """A renewal that comes after the end, or a break, does not take the claim again."""
        self.expire()
        held = self._leases.get((said.kind, said.record))
        if held is None:
            raise ProblemError("lease-lost")

    def _claim(self, person: Person, said: LiveSay, grant: str | None) -> LeaseState:
        self.expire()
        key, user = (said.kind, said.record), person.account.user
        held = self._leases.get(key)
        if held and held.holder != user:
            raise ProblemError("claimed", None, holder=held.holder, name=held.holder_name)
        if len(self._leases) >= MAX_LEASES and not held:
            raise ProblemError("too-many-requests")
        lease = _Lease(
            holder=user, holder_name=person.account.name, ends=self._now() + LEASE_S, grant=grant
        )
        self._leases[key] = lease
        state = self._state(key, lease)
        self._tell(state, grant, user)
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
        held = self._leases.pop((kind, record), None)
        if held:
            self._tell(state, held.grant, held.holder)
        return state

    def _state(self, key: tuple[Kind, RecordId], lease: _Lease) -> LeaseState:
        left = timedelta(seconds=lease.ends - self._now()) * self._clock.rate
        return LeaseState(
            kind=key[0], record=key[1], holder=lease.holder, holder_name=lease.holder_name,
            until=self._clock.now() + left,
        )  # fmt: skip

    def _tell(self, state: LiveState, grant: str | None, holder: str | None) -> None:
        for listener in self._listeners:
            if listener.may_hear(grant, holder):
                listener.put(state)
