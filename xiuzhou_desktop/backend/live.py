"""The live lane: who holds a claim, how a camera's picture is, where vehicles are. Lossy,
coalesced, never records (architecture.md rule 10).

    claims.py, the arbiter ──look──► what was told before ──the difference──► listeners
    cameras, vehicles ─────────────────────────────────────────────────────► listeners

A lease ends by itself when its holder does not renew it, so a workstation that vanishes blocks
nobody. A listener hears what lies within its grants. A claim on a record that is not here yet is
told to its holder alone.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import timedelta

from xiuzhou_desktop.backend.claims import LEASE_S, Claims, Key, Standing
from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.hooks import SeenCamera
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store.claims import Claim
from xiuzhou_desktop.backend.store.persons import Person
from xiuzhou_desktop.contract.live import CameraHealth, LeaseState, LiveAct, LiveSay
from xiuzhou_desktop.contract.positions import LivePosition, LivePositions
from xiuzhou_desktop.domain.ids import Grant, RecordId
from xiuzhou_desktop.domain.workflow import Role

HEARTBEAT_S = 15.0
# events that a slow listener may lag; older ones are dropped, the next state supersedes them
BEHIND = 512
MAX_LEASES = 50_000

LiveState = LeaseState | CameraHealth | LivePositions


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
            async with asyncio.timeout(HEARTBEAT_S):  # `wait_for` may swallow a cancel on 3.11
                return await self.queue.get()
        except TimeoutError:
            return None


class LiveBoard:
    """What one process has told of the district now; lives on the server's event loop."""

    def __init__(self, clock: BusinessClock, claims: Claims) -> None:
        self._clock = clock
        self._claims = claims
        self._in_order = asyncio.Lock()  # what the arbiter says is told in the order of its saying
        self._moved = asyncio.Event()
        self._told: dict[Key, Claim] = {}
        self._states: dict[Key, LeaseState] = {}
        self._health: dict[RecordId, CameraHealth] = {}
        self._lies_under: Mapping[str, str] = {}
        self._positions: dict[Grant, dict[RecordId, LivePosition]] = {}
        self._is_closing = False
        self._listeners: set[_Listener] = set()

    async def say(self, person: Person, said: LiveSay, grant: str | None) -> LiveState:
        """What a workstation says upwards of a record under `grant`, None where it is not here yet.

        Raises ProblemError `claimed`, `lease-lost`, `forbidden`; UnavailableError.
        """
        match said.act:
            case LiveAct.CLAIM:
                return await self._claim(person, said, grant)
            case LiveAct.RENEW:
                return await self._renew(person, said, grant)
            case LiveAct.RELEASE:
                return await self._release(person, said)
            case LiveAct.BREAK:
                return await self._break(person, said, grant)
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

    def camera_states(self) -> tuple[CameraHealth, ...]:
        """How every camera is that was heard of."""
        return tuple(self._health.values())

    def see_positions(self, grant: Grant, moved: tuple[LivePosition, ...]) -> None:
        """The newest fixes of vehicles whose records lie under that grant, and under no other."""
        came = {one.vehicle: one for one in moved}
        for other in self._positions.values():
            for vehicle in came.keys() & other.keys():
                del other[vehicle]
        self._positions.setdefault(grant, {}).update(came)
        self._tell(LivePositions(grant=grant, positions=moved), grant, None)

    async def look(self) -> None:
        """Tell which claims were taken, held on to or let go, here or in another process, and which
        have ended. Raises UnavailableError.
        """
        async with self._in_order:
            self._moved.clear()
            standing = {one.claim.key: one for one in await self._claims.standing()}
            for key in self._told.keys() - standing.keys():
                self._tell_free(key)
            for key, one in standing.items():
                if self._told.get(key) != one.claim:
                    self._tell_claim(one)

    async def moved_within(self, seconds: float) -> None:
        """Wait until another process may have moved a claim, at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._moved.wait()

    def stir(self) -> None:
        """Another process has moved a claim."""
        self._moved.set()

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
        self._moved.set()
        for listener in self._listeners:
            listener.put(None)

    def _standing(self, listener: _Listener) -> list[LiveState]:
        found: list[LiveState] = [
            state
            for camera, state in self._health.items()
            if listener.may_hear(self._lies_under.get(camera), None)
        ]
        found += [
            self._states[key]
            for key, claim in self._told.items()
            if listener.may_hear(claim.grant, claim.holder)
        ]
        found += [
            LivePositions(grant=grant, positions=tuple(standing.values()))
            for grant, standing in self._positions.items()
            if listener.may_hear(grant, None)
        ]
        return found

    async def _claim(self, person: Person, said: LiveSay, grant: str | None) -> LeaseState:
        wanted = _wanted(person, said, grant)
        if len(self._told) >= MAX_LEASES and wanted.key not in self._told:
            raise ProblemError("too-many-requests")
        async with self._in_order:
            return self._held(person, await self._claims.take(wanted))

    async def _renew(self, person: Person, said: LiveSay, grant: str | None) -> LeaseState:
        """One that comes after the end, or a break, does not take the claim again."""
        async with self._in_order:
            held = await self._claims.renew(_wanted(person, said, grant))
            if held is None:
                raise ProblemError("lease-lost")
            return self._held(person, held)

    def _held(self, person: Person, claim: Claim) -> LeaseState:
        if claim.holder != person.account.user:
            raise _claimed(claim)
        return self._tell_claim(Standing(claim, LEASE_S))

    async def _release(self, person: Person, said: LiveSay) -> LeaseState:
        async with self._in_order:
            held = await self._claims.of((said.kind, said.record))
            if held and held.holder != person.account.user:
                raise _claimed(held)
            return await self._free(said, person.account.user)

    async def _break(self, person: Person, said: LiveSay, grant: str | None) -> LeaseState:
        if Role.SUPERVISOR not in person.actor(Grant(grant) if grant else None).roles:
            raise ProblemError("forbidden", "break")
        async with self._in_order:
            return await self._free(said, None)

    async def _free(self, said: LiveSay, holder: str | None) -> LeaseState:
        """Where it has ended and is another's by now, the next look tells so."""
        await self._claims.free((said.kind, said.record), holder)
        return self._tell_free((said.kind, said.record))

    def _tell_claim(self, standing: Standing) -> LeaseState:
        claim, left_s = standing
        state = LeaseState(
            kind=claim.kind, record=claim.record, holder=claim.holder,
            holder_name=claim.holder_name,
            until=self._clock.now() + timedelta(seconds=left_s) * self._clock.rate,
        )  # fmt: skip
        self._told[claim.key], self._states[claim.key] = claim, state
        self._tell(state, claim.grant, claim.holder)
        return state

    def _tell_free(self, key: Key) -> LeaseState:
        state = LeaseState(kind=key[0], record=key[1], holder=None)
        self._states.pop(key, None)
        held = self._told.pop(key, None)
        if held:
            self._tell(state, held.grant, held.holder)
        return state

    def _tell(self, state: LiveState, grant: str | None, holder: str | None) -> None:
        for listener in self._listeners:
            if listener.may_hear(grant, holder):
                listener.put(state)


def _wanted(person: Person, said: LiveSay, grant: str | None) -> Claim:
    return Claim(
        kind=said.kind, record=said.record, holder=person.account.user,
        holder_name=person.account.name, grant=grant,
    )  # fmt: skip


def _claimed(by: Claim) -> ProblemError:
    return ProblemError("claimed", None, holder=by.holder, name=by.holder_name)
