"""From an event to a flag in one key: the nearest camera, its picture of then, and the draft.

event ──nearest camera ≤ 400 m──► still of that instant ──Ctrl+Enter──► attach ─► report
"""

from datetime import datetime

import msgspec

from plugins.tracks.opened import EventKind, OpenedDay, TrackEvent
from plugins.tracks.words import Words
from ui.records import UNDO_S
from xiuzhou_desktop.client.errors import ClientError
from xiuzhou_desktop.client.views import Draft, RecordQuery, Submitted
from xiuzhou_desktop.domain.camera_body import CameraBody
from xiuzhou_desktop.domain.canonical import Json, format_instant
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.flag_body import Channel
from xiuzhou_desktop.geo import Point, metres_between
from xiuzhou_desktop.plugin_api.context import Engine

WITHIN_M = 400.0
MOST_CAMERAS = 2_000
OFF_ROUTE = "90-02"
CATEGORIES = {EventKind.OFF_ROUTE: OFF_ROUTE, EventKind.OUTSIDE_HOURS: OFF_ROUTE,
              EventKind.SPEEDING: OFF_ROUTE, EventKind.ALARM: "03-04"}  # fmt: skip


class NearestCamera(msgspec.Struct, frozen=True):
    """A camera and how far it is from the event."""

    record: Record
    body: CameraBody
    metres: int

    def picture_path(self, at: datetime) -> str:
        """Its picture of that instant, below the server."""
        return f"/v1/cameras/{self.record.id}/still?at={format_instant(at)}"


class CameraFinder:
    """Knows the district's cameras once they were asked for."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._cameras: tuple[Record, ...] = ()

    async def load(self) -> None:
        """Read them from the cache."""
        query = RecordQuery(kinds=(Kind.CAMERA,), states=("ACCEPTED",), limit=MOST_CAMERAS)
        page = await self._engine.query(query)
        self._cameras = tuple(view.record for view in page.views)

    def nearest(self, place: Point) -> NearestCamera | None:
        """The nearest one within sight; None: no camera is near enough to have seen it."""
        found = min(
            ((metres_between(place, _point(one)), one) for one in self._cameras if one.place),
            key=lambda pair: pair[0], default=None,
        )  # fmt: skip
        if found is None or found[0] > WITHIN_M or not isinstance(found[1].body, CameraBody):
            return None
        return NearestCamera(found[1], found[1].body, round(found[0]))


def can_become_flag(event: TrackEvent | None) -> bool:
    """A stop or a gap is no violation by itself."""
    return event is not None and event.kind in CATEGORIES


async def draft_flag(
    engine: Engine, day: OpenedDay, event: TrackEvent, camera: NearestCamera | None, words: Words
) -> Submitted:
    """Report it with what is known; the picture goes along where the camera has one. Raises what
    `submit` raises."""
    lon_e7, lat_e7 = event.place.e7
    still = await _picture(engine, event, camera) if camera else None
    args: dict[str, Json] = {
        "category": CATEGORIES[event.kind], "channel": Channel.TRACKS.value,
        "address": camera.body.address if camera else _place_words(event, words),
        "area": camera.record.area if camera else None,
        "lon_e7": lon_e7, "lat_e7": lat_e7,
        "plate": day.body.plate, "plate_colour": day.body.plate_colour.value,
        "description": f"{words.event(event)}: {words.event_note(event)}", "still": still,
        "camera": camera.record.id if camera else None, "captured_at": format_instant(event.at),
    }  # fmt: skip
    return await engine.submit(
        Draft(kind=Kind.FLAG, record=None, transition="report", args=args, hold_s=UNDO_S)
    )


async def _picture(engine: Engine, event: TrackEvent, camera: NearestCamera) -> str | None:
    """Kept on this computer's disk before the flag names it; None: the camera has none."""
    try:
        content = await engine.fetch(camera.picture_path(event.at))
    except ClientError:
        return None
    return await engine.attach(content, f"{camera.body.short_no}.jpg")


def _point(camera: Record) -> Point:
    place = camera.place
    return Point.from_e7(place.lon_e7, place.lat_e7) if place else Point(0, 0)


def _place_words(event: TrackEvent, words: Words) -> str:
    return words.text("tracks.at_place", lon=f"{event.place.lon:.5f}", lat=f"{event.place.lat:.5f}")
