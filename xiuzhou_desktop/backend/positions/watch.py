"""New positions onto the live lane, once a second, whoever brought them: HTTP, an import beside the
running server, another process on the same PostgreSQL.
"""

import asyncio
from collections import defaultdict

from xiuzhou_desktop.backend.live import LiveBoard
from xiuzhou_desktop.backend.positions.names import VehicleNames
from xiuzhou_desktop.backend.positions.store import Fix, PositionStore
from xiuzhou_desktop.backend.store import Store
from xiuzhou_desktop.contract.positions import LivePosition
from xiuzhou_desktop.domain.ids import Grant, RecordId

LATE_MS = 10_000
"""A batch is stamped before it is checked and committed: another may overtake it by so much."""


class PositionWatch:
    """Remembers what it has told."""

    def __init__(self, store: Store, positions: PositionStore, live: LiveBoard) -> None:
        self._store = store
        self._positions = positions
        self._live = live
        self._names = VehicleNames()
        self._mark_ms = -1
        self._told: dict[str, int] = {}

    async def turn(self) -> None:
        """Tell what came since the turn before. Raises UnavailableError."""
        since_ms = self._mark_ms - LATE_MS
        fixes, mark_ms = await asyncio.to_thread(self._positions.newer_than, since_ms)
        fresh = [fix for fix in fixes if self._told.get(fix.vehicle) != fix.at_ms]
        if not fresh:
            return
        await self._store.read(self._names.refresh)
        by_grant: dict[Grant, list[LivePosition]] = defaultdict(list)
        for fix in fresh:
            grant = self._names.grant(fix.vehicle)
            if grant is not None:
                by_grant[grant].append(_position(fix))
                self._told[fix.vehicle] = fix.at_ms
        for grant, moved in by_grant.items():
            self._live.see_positions(grant, tuple(moved))
        self._mark_ms = max(self._mark_ms, mark_ms)


def _position(fix: Fix) -> LivePosition:
    return LivePosition(
        RecordId(fix.vehicle), fix.at_ms, fix.lon_e7, fix.lat_e7, fix.speed_dkmh,
        fix.heading_deg, fix.alarm,
    )  # fmt: skip
