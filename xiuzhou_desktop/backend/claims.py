"""Claims: who holds a record at present, so that two officers do not work on the same one.

    take ──► held 30 s ──take again each 10 s──► held 30 s more       free ──► free
                └──not taken again──► free

One arbiter answers for the whole district: the memory of the one process over SQLite, a table of
its own over PostgreSQL, which any number of processes ask. Neither takes the commit lock, and no
computer's wall clock shortens or lengthens a claim: time is this process's monotonic one, or the
database's.
"""

import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

from xiuzhou_desktop.backend.store import Store, claims
from xiuzhou_desktop.backend.store.claims import Claim
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import RecordId

LEASE_S = 30.0  # a claim outlives three missed renewals of 10 s

Key = tuple[Kind, RecordId]


class Standing(NamedTuple):
    """What one holds, and how many seconds are left of it at this moment."""

    claim: Claim
    left_s: float


class Claims(Protocol):
    """The arbiter."""

    async def take(self, wanted: Claim) -> Claim:
        """Take what is free, or hold on to what is one's own; returns whose it then is."""

    async def renew(self, wanted: Claim) -> Claim | None:
        """Hold on to what is one's own; returns whose it then is, None when nobody's."""

    async def free(self, key: Key, holder: str | None) -> None:
        """Nobody's from now on, if it is this holder's; None: whoever's it is."""

    async def of(self, key: Key) -> Claim | None:
        """Whose it is now."""

    async def standing(self) -> tuple[Standing, ...]:
        """Everything that is held now."""


class OwnClaims:
    """The arbiter of a district with one process: its memory, on the server's event loop."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._held: dict[Key, Claim] = {}

    async def take(self, wanted: Claim) -> Claim:
        held = await self.of(wanted.key)
        if held and held.holder != wanted.holder:
            return held
        return self._hold(wanted)

    async def renew(self, wanted: Claim) -> Claim | None:
        held = await self.of(wanted.key)
        if held is None or held.holder != wanted.holder:
            return held
        return self._hold(wanted)

    async def free(self, key: Key, holder: str | None) -> None:
        held = self._held.get(key)
        if held and holder in {None, held.holder}:
            del self._held[key]

    async def of(self, key: Key) -> Claim | None:
        held = self._held.get(key)
        return held if held and held.ends_s > self._now() else None

    async def standing(self) -> tuple[Standing, ...]:
        now = self._now()
        self._held = {key: one for key, one in self._held.items() if one.ends_s > now}
        return tuple(Standing(one, one.ends_s - now) for one in self._held.values())

    def _hold(self, wanted: Claim) -> Claim:
        held = wanted.ending(self._now() + LEASE_S)
        self._held[wanted.key] = held
        return held


class SharedClaims:
    """The arbiter of several processes: a table of the PostgreSQL that they share."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def take(self, wanted: Claim) -> Claim:
        return await self._store.aside(lambda c: claims.take(c, wanted, LEASE_S))

    async def renew(self, wanted: Claim) -> Claim | None:
        return await self._store.aside(lambda c: claims.renew(c, wanted, LEASE_S))

    async def free(self, key: Key, holder: str | None) -> None:
        await self._store.aside(lambda c: claims.free(c, key, holder))

    async def of(self, key: Key) -> Claim | None:
        return await self._store.aside(lambda c: claims.find(c, *key))

    async def standing(self) -> tuple[Standing, ...]:
        now_s, held = await self._store.aside(claims.standing)
        return tuple(Standing(one, one.ends_s - now_s) for one in held)


def claims_of(store: Store) -> Claims:
    """The arbiter that fits the database."""
    return OwnClaims() if store.database.is_sqlite else SharedClaims(store)
