"""What the tiles see of their cameras, told to tree and map: one state for all of them.

A tile that shows a camera no longer says nothing of it: then the server's word counts again.
"""

from collections.abc import Iterable
from datetime import datetime

from xiuzhou_desktop.contract.live import CameraHealth, Health
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.media import SessionState
from xiuzhou_desktop.plugin_api.context import Engine

SEEN = {
    SessionState.PLAYING: Health.ONLINE,
    SessionState.FROZEN: Health.FROZEN,
    SessionState.RECONNECTING: Health.OFFLINE,
    SessionState.OFFLINE: Health.OFFLINE,
}
"""States that say nothing of the camera are left out."""


class Seen:
    """Tells the engine what moved since it was told last."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._told: dict[RecordId, Health] = {}

    def look(self, tiles: Iterable[tuple[RecordId, SessionState | None]], now: datetime) -> None:
        """The cameras of all tiles that show the present, with their states."""
        seen: dict[RecordId, Health] = {}
        for camera, state in tiles:
            health = SEEN.get(state) if state is not None else None
            if health is not None:
                seen[camera] = health
        for camera in self._told.keys() - seen.keys():
            self._engine.saw(camera, None)
        for camera, health in seen.items():
            if self._told.get(camera) is not health:
                told = CameraHealth(camera=camera, health=health, since=now)
                self._engine.saw(camera, told)
        self._told = seen
