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


class PositionWatch:
    """Remembers up to where it has told."""

    def __init__(self, store: Store, positions: PositionStore, live: LiveBoard) -> None:
        self._store = store
        self._positions = positions
        self._live = live
        self._names = VehicleNames()
        self._told_ms = -1

    async def turn(self) -> None:
        """Tell what came since the turn before. Raises UnavailableError."""
        fixes, mark = await asyncio.to_thread(self._positions.newer_than, self._told_ms)
        if not fixes:
            return
        await self._store.read(self._names.refresh)
        by_grant: dict[Grant, list[LivePosition]] = defaultdict(list)
        for fix in fixes:
            grant = self._names.grant(fix.vehicle)
            if grant is not None:
                by_grant[grant].append(_told(fix))
        for grant, moved in by_grant.items():
            self._live.see_positions(grant, tuple(moved))
        self._told_ms = mark


def _told(fix: Fix) -> LivePosition:
    return LivePosition(
        RecordId(fix.vehicle), fix.at_ms, fix.lon_e7, fix.lat_e7, fix.speed_dkmh,
        fix.heading_deg, fix.alarm,
    )  # fmt: skip
