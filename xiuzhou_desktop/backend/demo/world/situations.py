"""The opening moment: eight things the shift of 08:30 starts with, written into the world.

camera      spot  what is there                        what was already done
…           P1    car that leaves before its limit     confirmed, notice delivered: look again
…           P1    car that stays                       confirmed, notice delivered: look again
…           P1    car                                  confirmed, notice failed
…           P1    car with three offences in 30 days   reported
…           P1    car being loaded                     reported (it is a false alarm)
虹桥路      W1–3  market stalls with a permit          reported
C-0042      P1    car; then the picture freezes        reported
C-0137      P1    浙F·D8K31                            reported
…                 an order from above                  received
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from xiuzhou_desktop.backend.demo.world.cameras import FROZEN_NO, SHOWN_NO
from xiuzhou_desktop.backend.demo.world.dice import unit
from xiuzhou_desktop.backend.demo.world.plates import draw_vehicle
from xiuzhou_desktop.backend.demo.world.things import (
    Body,
    Camera,
    CameraState,
    Innocence,
    Matter,
    Permit,
    PlateColour,
    PriorOffence,
    Situation,
    SituationKind,
    Stay,
    SuperiorOrder,
    Vehicle,
    View,
)

SCRIPT_FROM = timedelta(hours=5, minutes=20)
SCRIPT_UNTIL = timedelta(hours=11)
"""The morning in which a scripted spot holds nothing but its script."""

CORRECT_WITHIN = timedelta(minutes=15)
MARKET_AREA = "330411104"
MARKET_STREET = "虹桥路"
MARKET_HOURS = ("05:30", "10:00")
PRIOR_DAYS = (4, 11, 19)

Moment = tuple[int, int, int]


class Scene(NamedTuple):
    """A scripted stay and when the AI reports it (None: it only stands there)."""

    stay: Stay
    reported_at: datetime | None


class Script(NamedTuple):
    """Everything written into the morning."""

    scenes: tuple[Scene, ...]
    situations: tuple[Situation, ...]


class _Day(NamedTuple):
    seed: int
    midnight: datetime

    def at(self, moment: Moment) -> datetime:
        hours, minutes, seconds = moment
        return self.midnight + timedelta(hours=hours, minutes=minutes, seconds=seconds)


class _Cast(NamedTuple):
    left: Camera
    present: Camera
    failed: Camera
    repeat: Camera
    false_alarm: Camera
    order: Camera
    market: Camera
    frozen: Camera
    shown: Camera


_CARS: tuple[tuple[str, SituationKind, tuple[Moment, Moment, Moment]], ...] = (
    ("left", SituationKind.SECOND_LOOK_LEFT, ((7, 57, 20), (8, 3, 10), (8, 15, 20))),
    ("present", SituationKind.SECOND_LOOK_PRESENT, ((7, 58, 5), (8, 4, 50), (10, 5, 0))),
    ("failed", SituationKind.NOTICE_FAILED, ((8, 5, 40), (8, 12, 20), (9, 20, 0))),
    ("repeat", SituationKind.REPEAT_OFFENDER, ((8, 12, 10), (8, 19, 30), (9, 41, 0))),
    ("false_alarm", SituationKind.FALSE_ALARM, ((8, 14, 50), (8, 21, 10), (8, 52, 0))),
    ("frozen", SituationKind.FROZEN_CAMERA, ((7, 58, 30), (8, 5, 40), (8, 44, 0))),
)
"""Cars of the script: arrives, is reported, departs."""


def write_script(seed: int, midnight: datetime, cameras: tuple[Camera, ...]) -> Script:
    """The script of the morning for these cameras."""
    day = _Day(seed, midnight)
    cast = _cast(seed, cameras)
    cars = {
        name: Scene(
            _car(day, getattr(cast, name), (moments[0], moments[2]), kind), day.at(moments[1])
        )
        for name, kind, moments in _CARS
    }
    market = _market(day, cast.market)
    shown = Scene(
        _parked(
            cast.shown,
            (day.at((8, 16, 50)), day.at((9, 32, 0))),
            Vehicle(
                plate="浙FD8K31", plate_colour=PlateColour.BLUE, body=Body.SEDAN, paint="#E9EAEA"
            ),
        ),
        day.at((8, 23, 30)),
    )
    scenes = (*cars.values(), *market, shown)
    return Script(scenes, _situations(day, cast, cars, market))


def scripted_id(stay: Stay) -> str:
    """External id of the report of a scripted stay."""
    return f"AI-{stay.id}"


def _cast(seed: int, cameras: tuple[Camera, ...]) -> _Cast:
    fit = [
        camera
        for camera in cameras
        if camera.state is CameraState.ACCEPTED
        and camera.view in {View.FOOTWAY_LEFT, View.FOOTWAY_RIGHT}
        and camera.offline_since is None
        and camera.frozen_since is None
        and camera.no != f"C-{SHOWN_NO:04d}"
    ]
    fit.sort(key=lambda camera: unit(seed, "cast", camera.no))
    fronted = [camera for camera in cameras if _may_hold_market(camera)]
    market = next((c for c in fronted if c.name.startswith(MARKET_STREET)), fronted[0])
    others = [camera for camera in fit if camera is not market]
    left, present, failed, repeat, false_alarm, order = others[:6]
    return _Cast(
        left=left,
        present=present,
        failed=failed,
        repeat=repeat,
        false_alarm=false_alarm,
        order=order,
        market=market,
        frozen=cameras[FROZEN_NO - 1],
        shown=cameras[SHOWN_NO - 1],
    )


def _may_hold_market(camera: Camera) -> bool:
    return (
        camera.area == MARKET_AREA
        and camera.view is not View.CANAL
        and camera.state is CameraState.ACCEPTED
        and camera.offline_since is None
        and camera.frozen_since is None
    )


def _car(day: _Day, camera: Camera, times: tuple[Moment, Moment], kind: SituationKind) -> Stay:
    vehicle = draw_vehicle(day.seed, day.midnight.isoformat(), "script", kind)
    if vehicle.body is Body.TRUCK:
        vehicle = Vehicle(
            plate=vehicle.plate, plate_colour=PlateColour.BLUE, body=Body.VAN, paint="#D5D7D8"
        )
    innocent = Innocence.LOADING if kind is SituationKind.FALSE_ALARM else None
    return _parked(camera, (day.at(times[0]), day.at(times[1])), vehicle, innocent)


def _parked(
    camera: Camera,
    times: tuple[datetime, datetime],
    vehicle: Vehicle,
    innocent: Innocence | None = None,
) -> Stay:
    return Stay(
        id=f"{camera.no}-P1-{times[0].strftime('%Y%m%d%H%M')}",
        camera=camera.no,
        matter=Matter.VEHICLE,
        spot="P1",
        arrives=times[0],
        departs=times[1],
        vehicle=vehicle,
        innocent=innocent,
    )


def _market(day: _Day, camera: Camera) -> tuple[Scene, ...]:
    scenes = []
    for index in range(3):
        stay = Stay(
            id=f"{camera.no}-W{index + 1}-{day.midnight.strftime('%Y%m%d')}0541",
            camera=camera.no,
            matter=Matter.STALL,
            spot=f"W{index + 1}",
            arrives=day.at((5, 41 + 3 * index, 0)),
            departs=day.at((9, 48 + 2 * index, 0)),
            stays_lawful=True,
        )
        scenes.append(Scene(stay, day.at((8, 7, 40)) if index == 0 else None))
    return tuple(scenes)


def _situations(
    day: _Day, cast: _Cast, cars: dict[str, Scene], market: tuple[Scene, ...]
) -> tuple[Situation, ...]:
    found = {name: scripted_id(scene.stay) for name, scene in cars.items()}
    return (
        _second_look(day, cars["left"], SituationKind.SECOND_LOOK_LEFT, ((8, 6, 0), (8, 6, 30))),
        _second_look(
            day, cars["present"], SituationKind.SECOND_LOOK_PRESENT, ((8, 8, 10), (8, 8, 40))
        ),
        Situation(
            kind=SituationKind.NOTICE_FAILED,
            camera=cast.failed.no,
            detection=found["failed"],
            confirmed_at=day.at((8, 15, 0)),
            failed_at=day.at((8, 15, 40)),
        ),
        Situation(
            kind=SituationKind.REPEAT_OFFENDER,
            camera=cast.repeat.no,
            detection=found["repeat"],
            priors=_priors(day, cast.repeat),
        ),
        Situation(
            kind=SituationKind.MARKET_EXEMPT,
            camera=cast.market.no,
            detection=scripted_id(market[0].stay),
            permit=_permit(day, cast.market),
        ),
        Situation(
            kind=SituationKind.FROZEN_CAMERA, camera=cast.frozen.no, detection=found["frozen"]
        ),
        Situation(
            kind=SituationKind.FALSE_ALARM,
            camera=cast.false_alarm.no,
            detection=found["false_alarm"],
        ),
        Situation(
            kind=SituationKind.SUPERIOR_ORDER, camera=cast.order.no, order=_order(day, cast.order)
        ),
    )


def _second_look(
    day: _Day, scene: Scene, kind: SituationKind, done: tuple[Moment, Moment]
) -> Situation:
    delivered = day.at(done[1])
    return Situation(
        kind=kind,
        camera=scene.stay.camera,
        detection=scripted_id(scene.stay),
        confirmed_at=day.at(done[0]),
        delivered_at=delivered,
        correct_by=delivered + CORRECT_WITHIN,
    )


def _priors(day: _Day, camera: Camera) -> tuple[PriorOffence, ...]:
    return tuple(
        PriorOffence(
            at=day.at((8 + index, 11 * index + 7, 30)) - timedelta(days=days),
            camera=camera.no,
            external_id=f"AI-{camera.no}-prior-{index + 1}",
        )
        for index, days in enumerate(PRIOR_DAYS)
    )


def _permit(day: _Day, camera: Camera) -> Permit:
    today: date = day.midnight.date()
    return Permit(
        number=f"秀许 {today.year}-014",
        name=f"{camera.name.split('-')[0]}早市外摆",
        camera=camera.no,
        zone=camera.zones[1].id,
        category="05-04",
        hours=MARKET_HOURS,
        valid_on=(
            (today - timedelta(days=60)).isoformat(),
            (today + timedelta(days=60)).isoformat(),
        ),
    )


def _order(day: _Day, camera: Camera) -> SuperiorOrder:
    return SuperiorOrder(
        number=f"嘉督〔{day.midnight.year}〕第 117 号",
        ordered_by="嘉兴市综合行政执法局 指挥中心",
        text=f"群众连日反映{camera.place}人行道停车挤占盲道，请今日上午处置并回复。",
        category="05-05",
        camera=camera.no,
        issued_at=day.at((7, 48, 0)),
        due_at=day.at((11, 30, 0)),
    )
