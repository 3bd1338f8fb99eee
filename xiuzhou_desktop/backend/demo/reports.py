"""What the district's detector sends about a detection, as the seed and the running day send it."""

from collections.abc import Mapping
from datetime import timedelta

from xiuzhou_desktop.backend.demo.people import SOURCE
from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.dice import unit
from xiuzhou_desktop.backend.demo.world.things import Detection
from xiuzhou_desktop.contract.ingest import IngestFlag
from xiuzhou_desktop.domain.areas import scope_of
from xiuzhou_desktop.domain.canonical import Json, to_json
from xiuzhou_desktop.domain.categories import ILLEGAL_PARKING
from xiuzhou_desktop.domain.flag_forms import Detect
from xiuzhou_desktop.domain.ids import AreaCode, CategoryCode, RecordId, derived_id
from xiuzhou_desktop.geo import Point, destination

WATCHED_M = 18.0  # from a camera to the middle of its zones
CLIP_BEFORE = timedelta(seconds=8)  # a clip shows what led to the picture
SHARES = ((0.07, 1), (0.33, 2), (0.80, None), (1.0, 4))  # None: as the category says
SHOWN_PLATE = "浙FD8K31"
OBJECTS = {
    "05-07": "堆物",
    "05-01": "流动摊贩",
    "01-02": "暴露垃圾",
    "05-04": "外摆摊位",
}


def flag_id(external_id: str) -> RecordId:
    """The record that such a report makes (as the backend's intake names it)."""
    return derived_id("flag", SOURCE, external_id)


def report_of(world: World, found: Detection) -> IngestFlag:
    """The report, with place and zone."""
    camera = world.camera(found.camera)
    shop = world.shop(found.shop) if found.shop else None
    zone = next((one for one in camera.zones if one.id == found.zone), None)
    point = shop.point if shop else destination(camera.point, camera.bearing_deg, WATCHED_M)
    return IngestFlag(
        external_id=found.external_id, source=SOURCE, category=CategoryCode(found.category),
        captured_at=found.captured_at, camera=found.camera, area=AreaCode(camera.area),
        lon_e7=round(point.lon * 1e7), lat_e7=round(point.lat * 1e7),
        address=shop.address if shop else camera.place, confidence_e4=found.confidence_e4,
        box_e4=found.box, zone_e4=zone.polygon if zone else (),
        zone_name=zone.name if zone else None, dwell_s=found.dwell_s,
        object_text=shop.name if shop else OBJECTS.get(found.category), shop=found.shop,
        plate=found.plate, plate_colour=found.plate_colour.value if found.plate_colour else None,
        plate_ocr_e4=found.plate_confidence_e4, clip_at=found.captured_at - CLIP_BEFORE,
        priority=priority_of(world.seed, found),
    )  # fmt: skip


def priority_of(seed: int, found: Detection) -> int | None:
    """How urgent the detector holds it to be: where on the footway it stands, what it blocks."""
    if found.plate == SHOWN_PLATE:
        return 2
    share = unit(seed, "priority", found.stay)
    return next(priority for below, priority in SHARES if share < below)


def arguments_of(flag: IngestFlag, pictures: Mapping[str, Json]) -> dict[str, Json]:
    """Arguments of `detect` for the same report: `pictures` are its `still` and `frames`."""
    plain = to_json(flag)
    told = dict(plain) if isinstance(plain, dict) else {}
    told |= {
        "camera": derived_id("camera", flag.camera or ""),
        "scope": scope_of(flag.area),
        **pictures,
    }
    return {name: value for name, value in told.items() if name in Detect.__struct_fields__}


def is_parking(found: Detection) -> bool:
    """Whether it is a vehicle: the one kind that can be gone by itself soon."""
    return found.category == ILLEGAL_PARKING


def ring_around(point: Point, radius_m: float, corners: int = 12) -> list[list[int]]:
    """A zone on the ground, as a ring of (lon_e7, lat_e7)."""
    found = (destination(point, 360.0 * n / corners, radius_m) for n in range(corners))
    return [list(one.e7) for one in found]
