"""The demonstration district of one seed and one date.

A `World` only answers questions; asking changes nothing, so any order of questions, any process
and any machine gives the same district.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cached_property

import msgspec

from xiuzhou_desktop.backend.demo.world.cameras import health_of, place_cameras
from xiuzhou_desktop.backend.demo.world.detections import describe, is_reportable, reported_at
from xiuzhou_desktop.backend.demo.world.dice import unit
from xiuzhou_desktop.backend.demo.world.districts import divide_outline, load_outline
from xiuzhou_desktop.backend.demo.world.shops import SHOPS_A_CAMERA, open_shops
from xiuzhou_desktop.backend.demo.world.sight import Sight, look
from xiuzhou_desktop.backend.demo.world.situations import (
    SCRIPT_FROM,
    SCRIPT_UNTIL,
    Scene,
    Script,
    scripted_id,
    write_script,
)
from xiuzhou_desktop.backend.demo.world.stays import spots_of, stay_in_window, window_of
from xiuzhou_desktop.backend.demo.world.streets import lay_streets
from xiuzhou_desktop.backend.demo.world.things import (
    Area,
    Camera,
    CameraState,
    Detection,
    Health,
    Junction,
    Matter,
    Permit,
    Shop,
    Situation,
    Stay,
    Street,
    View,
)
from xiuzhou_desktop.domain.workcalendar import LOCAL
from xiuzhou_desktop.geo import MultiPolygon

OPENING = time(8, 30)
SEGMENT_S = 2  # short: a viewer waits for the rendering of the first one
WALL_SHOP_MATTERS = frozenset({Matter.STALL, Matter.HEAP})


class World:
    """Everything that stands, moves and is reported in the district."""

    def __init__(self, seed: int, day: date) -> None:
        self.seed = seed
        self.date = day
        self.midnight = datetime.combine(day, time(), LOCAL)
        self.opening = datetime.combine(day, OPENING, LOCAL)
        self.outline: MultiPolygon = load_outline()
        self.areas: tuple[Area, ...] = divide_outline()
        network = lay_streets(seed)
        self.streets: tuple[Street, ...] = network.streets
        self.junctions: tuple[Junction, ...] = network.junctions
        self.cameras: tuple[Camera, ...] = place_cameras(seed, self.midnight)
        self.shops: tuple[Shop, ...] = open_shops(
            seed, self.cameras, {street.id: street for street in self.streets}
        )
        self._script: Script = write_script(seed, self.midnight, self.cameras)
        self.situations: tuple[Situation, ...] = self._script.situations
        self.permits: tuple[Permit, ...] = tuple(
            s.permit for s in self.situations if s.permit is not None
        )

    def camera(self, no: str) -> Camera:
        """The camera with this short number; KeyError if there is none."""
        return self._camera_by_no[no]

    def shop(self, shop_id: str) -> Shop:
        """The shop with this id; KeyError if there is none."""
        return self._shop_by_id[shop_id]

    def sight(self, no: str) -> Sight:
        """How a camera sees its street."""
        return self._sights[no]

    def health(self, no: str, at: datetime) -> Health:
        """What the platform sees of the camera at the instant."""
        return health_of(self.camera(no), at)

    def shops_of(self, no: str) -> tuple[Shop, ...]:
        """The shops on the watched front of a camera, nearest first."""
        return self._shops_by_camera.get(no, ())

    def stays_at(self, no: str, at: datetime) -> tuple[Stay, ...]:
        """What stands before a camera at the instant."""
        camera = self.camera(no)
        found = []
        for spot in spots_of(self.sight(no)):
            for stay in self._candidates(camera, spot.name, at):
                if stay.arrives <= at < stay.departs:
                    found.append(stay)
        return tuple(found)

    def stay(self, stay_id: str) -> Stay:
        """The stay with this id; KeyError if there is none."""
        scripted = self._scripted_by_id.get(stay_id)
        if scripted is not None:
            return scripted.stay
        no, spot, window = stay_id.rsplit("-", 2)
        found = stay_in_window(self.seed, self.camera(no), spot, int(window))
        if found is None:
            raise KeyError(stay_id)
        return self._with_shop(found)

    def is_present(self, stay_id: str, at: datetime) -> bool:
        """Whether the stay is still there: the truth of a second look."""
        stay = self.stay(stay_id)
        return stay.arrives <= at < stay.departs

    def detections(self) -> tuple[Detection, ...]:
        """All reports of the day in order of capture."""
        return self._detections

    def detections_between(self, start: datetime, end: datetime) -> tuple[Detection, ...]:
        """Reports captured from `start` until before `end`, within the day."""
        return tuple(d for d in self._detections if start <= d.captured_at < end)

    def detection(self, external_id: str) -> Detection:
        """The day's report with this id; KeyError if there is none."""
        return self._detection_by_id[external_id]

    def burst(self, count: int, at: datetime, salt: str) -> tuple[Detection, ...]:
        """Up to `count` further reports of what is really in the pictures at the instant."""
        found = [
            stay
            for camera in self._watching(at)
            for stay in self.stays_at(camera.no, at)
            if is_reportable(stay, at) and stay.id not in self._reported_stays
        ]
        found.sort(key=lambda stay: unit(self.seed, "burst", salt, stay.id))
        return tuple(self._describe(stay, at, f"AI-{stay.id}-{salt}") for stay in found[:count])

    def segment_index(self, at: datetime) -> int:
        """The number of the segment that holds the instant, from local midnight."""
        return int((at - self.midnight).total_seconds() // SEGMENT_S)

    def segment_start(self, index: int) -> datetime:
        """When a segment begins."""
        return self.midnight + timedelta(seconds=index * SEGMENT_S)

    def _watching(self, at: datetime) -> Iterator[Camera]:
        return (c for c in self._reporting_cameras if health_of(c, at) is Health.ONLINE)

    def _candidates(self, camera: Camera, spot: str, at: datetime) -> Iterator[Stay]:
        scripted = self._scripted_by_spot.get((camera.no, spot), ())
        yield from (scene.stay for scene in scripted)
        window = window_of(self.seed, camera.no, spot, at)
        natural = stay_in_window(self.seed, camera, spot, window)
        if natural is not None and not (scripted and self._is_in_script(natural)):
            yield self._with_shop(natural)

    def _is_in_script(self, stay: Stay) -> bool:
        return (
            stay.departs > self.midnight + SCRIPT_FROM
            and stay.arrives < self.midnight + SCRIPT_UNTIL
        )

    def _with_shop(self, stay: Stay) -> Stay:
        if stay.matter not in WALL_SHOP_MATTERS or self.camera(stay.camera).view is View.CANAL:
            return stay
        shop = self.shops_of(stay.camera)[int(stay.spot[1:]) - 1]
        return msgspec.structs.replace(stay, shop=shop.id)

    def _describe(self, stay: Stay, at: datetime, external_id: str) -> Detection:
        scene = (self.camera(stay.camera), self.sight(stay.camera))
        return describe(self.seed, scene, stay, at, external_id)

    def _natural_of_day(self) -> Iterator[Stay]:
        for camera in self._reporting_cameras:
            for spot in spots_of(self.sight(camera.no)):
                yield from self._natural_of_spot(camera, spot.name)

    def _natural_of_spot(self, camera: Camera, spot: str) -> Iterator[Stay]:
        first = window_of(self.seed, camera.no, spot, self.midnight)
        last = window_of(self.seed, camera.no, spot, self.midnight + timedelta(days=1))
        is_scripted = (camera.no, spot) in self._scripted_by_spot
        for window in range(first, last + 1):
            stay = stay_in_window(self.seed, camera, spot, window)
            if stay is not None and not (is_scripted and self._is_in_script(stay)):
                yield stay

    @cached_property
    def _detections(self) -> tuple[Detection, ...]:
        end = self.midnight + timedelta(days=1)
        found = [
            self._describe(scene.stay, scene.reported_at, scripted_id(scene.stay))
            for scene in self._scripted_by_id.values()
            if scene.reported_at is not None
        ]
        for stay in self._natural_of_day():
            at = reported_at(self.seed, stay)
            if at is None or not self.midnight <= at < end:
                continue
            if self.health(stay.camera, at) is Health.ONLINE:
                found.append(self._describe(self._with_shop(stay), at, f"AI-{stay.id}"))
        return tuple(sorted(found, key=lambda d: (d.captured_at, d.external_id)))

    @cached_property
    def _reporting_cameras(self) -> tuple[Camera, ...]:
        """A camera that is not yet accepted gives a picture and no reports."""
        return tuple(c for c in self.cameras if c.state is CameraState.ACCEPTED)

    @cached_property
    def _camera_by_no(self) -> dict[str, Camera]:
        return {camera.no: camera for camera in self.cameras}

    @cached_property
    def _sights(self) -> dict[str, Sight]:
        return {c.no: look(c.view, self.seed, c.no) for c in self.cameras}

    @cached_property
    def _shop_by_id(self) -> dict[str, Shop]:
        return {shop.id: shop for shop in self.shops}

    @cached_property
    def _shops_by_camera(self) -> dict[str, tuple[Shop, ...]]:
        fronted = [c.no for c in self.cameras if c.view is not View.CANAL]
        return {
            no: self.shops[index * SHOPS_A_CAMERA : (index + 1) * SHOPS_A_CAMERA]
            for index, no in enumerate(fronted)
        }

    @cached_property
    def _scripted_by_id(self) -> dict[str, Scene]:
        scenes = (Scene(self._with_shop(s.stay), s.reported_at) for s in self._script.scenes)
        return {scene.stay.id: scene for scene in scenes}

    @cached_property
    def _scripted_by_spot(self) -> dict[tuple[str, str], tuple[Scene, ...]]:
        spots: dict[tuple[str, str], tuple[Scene, ...]] = {}
        for scene in self._scripted_by_id.values():
            key = (scene.stay.camera, scene.stay.spot)
            spots[key] = (*spots.get(key, ()), scene)
        return spots

    @cached_property
    def _detection_by_id(self) -> dict[str, Detection]:
        return {detection.external_id: detection for detection in self._detections}

    @cached_property
    def _reported_stays(self) -> frozenset[str]:
        return frozenset(detection.stay for detection in self._detections)
