"""Cameras as the wall lists them: by platform (一主五副), then by street, with how each one stands.

record (planned … retired) ┐
live lane (server's word)  ├─► Standing ─► tree, filter counts
our own tiles (engine.saw) ┘              in the past: recorded pictures alone
"""

from collections import Counter
from collections.abc import Callable, Iterable
from enum import StrEnum

import msgspec

from xiuzhou_desktop.contract.live import Health
from xiuzhou_desktop.domain.areas import scope_of
from xiuzhou_desktop.domain.camera_body import CameraBatch, CameraBody, CameraState
from xiuzhou_desktop.domain.envelope import Record
from xiuzhou_desktop.domain.ids import RecordId, Scope
from xiuzhou_desktop.geo import Point

STREET_ENDS = "-"
"""A camera's name is its street, a dash, and the place on it."""


class Standing(StrEnum):
    """How a camera stands; the text key is `wall.standing.<value>`."""

    ONLINE = "online"
    OFFLINE = "offline"
    FROZEN = "frozen"
    FAULT = "fault"
    NEW = "new"
    """Hung in the second phase, not yet accepted."""
    PLANNED = "planned"
    RETIRED = "retired"
    UNKNOWN = "unknown"
    """Nobody has said; no light is lit for it."""


_BY_STATE = {
    CameraState.PLANNED: Standing.PLANNED,
    CameraState.INSTALLED: Standing.NEW,
    CameraState.RETIRED: Standing.RETIRED,
}
_BY_HEALTH = {
    Health.ONLINE: Standing.ONLINE,
    Health.OFFLINE: Standing.OFFLINE,
    Health.FROZEN: Standing.FROZEN,
    Health.FAULT: Standing.FAULT,
}
WITHOUT_PICTURE = frozenset({Standing.PLANNED, Standing.RETIRED})


class Camera(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the tree. `stream_url` is its own address; None: through the district's server."""

    id: RecordId
    code: str
    name: str
    street: str
    platform: Scope
    standing: Standing
    is_second_phase: bool
    stream_url: str | None = None
    place: Point | None = None

    def matches(self, words: str) -> bool:
        """Whether every word is in its number, street or name."""
        text = f"{self.code} {self.street} {self.name}".casefold()
        return all(word in text for word in words.casefold().split())


class Street(msgspec.Struct, frozen=True, kw_only=True):
    """Cameras of one street, by number."""

    name: str
    cameras: tuple[Camera, ...]


class Platform(msgspec.Struct, frozen=True, kw_only=True):
    """The district's platform or a town's, with its streets."""

    scope: Scope
    streets: tuple[Street, ...]

    @property
    def cameras(self) -> tuple[Camera, ...]:
        return tuple(camera for street in self.streets for camera in street.cameras)


class Phase(msgspec.Struct, frozen=True, kw_only=True):
    """Progress of the second phase 二期: hung, accepted, with a picture now; None: nobody knows."""

    installed: int
    accepted: int
    online: int | None


def camera_of(record: Record, health: Health | None) -> Camera | None:
    """A record as a row; None for what is no camera."""
    body = record.body
    if not isinstance(body, CameraBody):
        return None
    street, _, place = body.name.partition(STREET_ENDS)
    return Camera(
        id=record.id, code=body.short_no, name=place or body.name or body.address,
        street=street if place else body.address, platform=scope_of(record.area),
        standing=_standing(CameraState(record.state), health),
        is_second_phase=body.batch is CameraBatch.NEW, stream_url=body.stream_url,
        place=Point.from_e7(record.place.lon_e7, record.place.lat_e7) if record.place else None,
    )  # fmt: skip


def _standing(state: CameraState, health: Health | None) -> Standing:
    fixed = _BY_STATE.get(state)
    if fixed is not None:
        return fixed
    return Standing.UNKNOWN if health is None else _BY_HEALTH[health]


def arranged(cameras: Iterable[Camera]) -> tuple[Platform, ...]:
    """The tree: the district first, towns by code; streets by name, cameras by number."""
    by_platform = _grouped(sorted(cameras, key=lambda one: one.code), lambda one: one.platform)
    return tuple(
        Platform(
            scope=Scope(scope),
            streets=tuple(
                Street(name=name, cameras=tuple(found))
                for name, found in sorted(_grouped(ours, lambda one: one.street).items())
            ),
        )
        for scope, ours in sorted(by_platform.items())
    )


def counted(cameras: Iterable[Camera]) -> Counter[Standing]:
    """How many stand how."""
    return Counter(one.standing for one in cameras)


def second_phase(cameras: Iterable[Camera]) -> Phase:
    """How far the second phase is."""
    ours = counted(one for one in cameras if one.is_second_phase)
    installed = sum(ours.values()) - ours[Standing.PLANNED] - ours[Standing.RETIRED]
    accepted = installed - ours[Standing.NEW]
    is_known = ours[Standing.UNKNOWN] < accepted or not accepted
    online = ours[Standing.ONLINE] if is_known else None
    return Phase(installed=installed, accepted=accepted, online=online)


def _grouped(cameras: Iterable[Camera], key: Callable[[Camera], str]) -> dict[str, list[Camera]]:
    found: dict[str, list[Camera]] = {}
    for one in cameras:
        found.setdefault(key(one), []).append(one)
    return found
