"""Cameras by the names that others use: record id, number for people (C-0137), 20-digit id."""

from sqlalchemy import Connection

from xiuzhou_desktop.backend.store import records
from xiuzhou_desktop.domain.camera_body import CameraBody
from xiuzhou_desktop.domain.envelope import Kind, Record


class CameraNames:
    """The last reading of all cameras; read again when one has changed. A district has some
    hundreds.
    """

    def __init__(self) -> None:
        self._as_of = -1
        self._by_name: dict[str, Record] = {}

    def find(self, connection: Connection, name: str) -> Record | None:
        """The camera of that name."""
        as_of = int(connection.execute(_NEWEST).scalar_one_or_none() or 0)
        if as_of != self._as_of:
            self._by_name = _named(records.of_kind(connection, Kind.CAMERA))
            self._as_of = as_of
        return self._by_name.get(name)


def _named(cameras: tuple[Record, ...]) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for camera in cameras:
        if not isinstance(camera.body, CameraBody):
            continue
        names = (camera.number, camera.body.short_no, camera.body.gb_id, camera.id)
        found |= {name: camera for name in names if name}
    return found


_NEWEST = records.newest_of((Kind.CAMERA,))
