"""What the district's AI reports of the stays: which, when, with what box and confidence.

The AI sees a stay once it has lasted long enough, and reports only some of what it sees; the rest
is still in the picture and is what a burst reports.
"""

from datetime import datetime, timedelta

from xiuzhou_desktop.backend.demo.world.dice import between, unit
from xiuzhou_desktop.backend.demo.world.sight import Sight, picture_box
from xiuzhou_desktop.backend.demo.world.stays import extent_of
from xiuzhou_desktop.backend.demo.world.things import Camera, Detection, Innocence, Matter, Stay

REPORTED_SHARE = 0.036
"""Share of the stays that the AI reports; about 170 reports a day."""

CATEGORIES: dict[Matter, str] = {
    Matter.VEHICLE: "05-05",
    Matter.STALL: "05-04",
    Matter.HEAP: "05-07",
    Matter.PEDDLER: "05-01",
    Matter.RUBBISH: "01-02",
}
DWELL_S: dict[Matter, tuple[int, int]] = {
    Matter.VEHICLE: (300, 560),
    Matter.STALL: (420, 780),
    Matter.HEAP: (600, 840),
    Matter.PEDDLER: (240, 420),
    Matter.RUBBISH: (600, 840),
}
"""How long something stands before it is reported."""

LEAST_LEFT_S = 60
BURST_DWELL_S = 120


def reported_at(seed: int, stay: Stay) -> datetime | None:
    """When the AI reports this stay of itself, or None."""
    if unit(seed, "reported", stay.id) >= REPORTED_SHARE:
        return None
    low, high = DWELL_S[stay.matter]
    at = stay.arrives + timedelta(seconds=int(between(low, high, seed, "dwell", stay.id)))
    return at if (stay.departs - at).total_seconds() >= LEAST_LEFT_S else None


def is_reportable(stay: Stay, at: datetime) -> bool:
    """Whether the stay can be reported at the instant: there long enough and not about to go."""
    return (at - stay.arrives).total_seconds() >= BURST_DWELL_S and (
        stay.departs - at
    ).total_seconds() >= LEAST_LEFT_S


def describe(
    seed: int, scene: tuple[Camera, Sight], stay: Stay, at: datetime, external_id: str
) -> Detection:
    """The report of a stay at an instant."""
    camera, sight = scene
    extent = extent_of(sight, stay)
    is_true = stay.innocent is None and not stay.stays_lawful
    vehicle = stay.vehicle
    return Detection(
        external_id=external_id,
        camera=camera.no,
        captured_at=at,
        category=CATEGORIES[stay.matter],
        plate=vehicle.plate if vehicle else None,
        plate_colour=vehicle.plate_colour if vehicle else None,
        shop=stay.shop,
        box=picture_box(sight, extent.across, extent.along, extent.height_m),
        zone=camera.zones[0 if stay.matter is Matter.VEHICLE else 1].id,
        confidence_e4=_confidence(seed, stay),
        plate_confidence_e4=(int(between(9_020, 9_930, seed, "ocr", stay.id)) if vehicle else None),
        dwell_s=int((at - stay.arrives).total_seconds()),
        stay=stay.id,
        is_true=is_true,
        innocent=stay.innocent,
        departs=stay.departs,
    )


def _confidence(seed: int, stay: Stay) -> int:
    if stay.innocent is Innocence.INSIDE_THRESHOLD:
        return int(between(5_400, 7_200, seed, "sure", stay.id))
    low, high = (7_600, 9_700) if stay.innocent is None else (6_100, 8_800)
    return int(between(low, high, seed, "sure", stay.id))
