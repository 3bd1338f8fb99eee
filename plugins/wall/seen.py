"""What the tiles see of their cameras, told to tree and map: one state for all of them.

A tile that shows a camera no longer says nothing of it: then the server's word counts again.
"""

import time
from collections.abc import Iterable
from datetime import datetime

from xiuzhou_desktop.contract.live import CameraHealth, Health
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.media import SessionState, SessionStatus
from xiuzhou_desktop.plugin_api.context import Engine

SEEN = {
    SessionState.PLAYING: Health.ONLINE,
    SessionState.FROZEN: Health.FROZEN,
    SessionState.RECONNECTING: Health.OFFLINE,
    SessionState.OFFLINE: Health.OFFLINE,
}
"""States that say nothing of the camera are left out."""
SURE_AFTER_S = 5.0
"""Longer than a session needs to find that nothing moves."""


class Seen:
    """Tells the engine what moved since it was told last."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._told: dict[RecordId, Health] = {}
        self._plays_since: dict[RecordId, float] = {}
        self._known: dict[RecordId, datetime] = {}

    def look(self, tiles: Iterable[tuple[RecordId, SessionStatus | None]]) -> None:
        """The cameras of all tiles that show the present, with what is seen of them."""
        seen: dict[RecordId, Health] = {}
        since: dict[RecordId, datetime] = {}
        shown: set[RecordId] = set()
        for camera, status in tiles:
            health = SEEN.get(status.state) if status is not None else None
            shown.add(camera)
            if status is not None and health is not None and self._is_sure(camera, health):
                seen[camera], since[camera] = health, status.since
        for camera in self._plays_since.keys() - shown:
            del self._plays_since[camera]
        for camera in self._told.keys() - seen.keys():
            self._known.pop(camera, None)
            self._engine.saw(camera, None)
        for camera, health in seen.items():
            if self._told.get(camera) is not health:
                began = self._began(camera, health, since[camera])
                self._engine.saw(camera, CameraHealth(camera=camera, health=health, since=began))
        self._told = seen

    def known_since(self, camera: RecordId) -> datetime | None:
        """Since when the server had known what is seen of it; None: it said something else."""
        return self._known.get(camera)

    def _began(self, camera: RecordId, health: Health, seen: datetime) -> datetime:
        """Since when: as the picture shows it, a frozen one by its last movement; or longer, where
        the server has known before.
        """
        known = self._engine.health(camera)
        if known is None or known.health is not health:
            self._known.pop(camera, None)
            return seen
        self._known[camera] = known.since
        return min(known.since, seen)

    def _is_sure(self, camera: RecordId, health: Health) -> bool:
        """A picture that has just come may yet turn out to stand still: till then the server's word
        counts."""
        if health is not Health.ONLINE:
            self._plays_since.pop(camera, None)
            return True
        now_s = time.monotonic()
        return now_s - self._plays_since.setdefault(camera, now_s) >= SURE_AFTER_S
