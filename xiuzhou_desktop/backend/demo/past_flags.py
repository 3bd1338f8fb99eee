"""Flags of the weeks and months before: from them each camera has its own precision, and plates
and shops have a history.

They come from the platform before this one: without pictures, and the log begins with the closing.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from xiuzhou_desktop.backend.accounts import SYSTEM
from xiuzhou_desktop.backend.demo.demo_date import reporting_period
from xiuzhou_desktop.backend.demo.people import BY_SCOPE, DUTY, DUTY2, SOURCE
from xiuzhou_desktop.backend.demo.reports import flag_id
from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.dice import dice
from xiuzhou_desktop.backend.demo.world.plates import draw_vehicle
from xiuzhou_desktop.backend.demo.world.things import Camera, CameraState, Shop, View
from xiuzhou_desktop.domain.areas import scope_of
from xiuzhou_desktop.domain.envelope import Kind, LogEntry, Place, Record, Struct
from xiuzhou_desktop.domain.flag_body import (
    DismissCategory,
    FlagBody,
    FlagState,
    OnsiteOutcome,
    OnsiteReason,
)
from xiuzhou_desktop.domain.ids import (
    AreaCode,
    CategoryCode,
    CommandId,
    Scope,
    SubjectKey,
    derived_id,
)
from xiuzhou_desktop.domain.plate import plate_key
from xiuzhou_desktop.domain.policy import Policy
from xiuzhou_desktop.domain.workcalendar import LOCAL
from xiuzhou_desktop.domain.workflow import Actor

S = FlagState
FEWEST, MOST = 6, 24  # flags of one camera
SHOWN_NO, SHOWN_FLAGS = "C-0137", 42
PRECISION = (0.58, 0.97)  # of cameras: a good view or a bad one
CAR_SHARE = 0.72
SELF_CORRECTED_SHARE = 0.74
FALSE_SHARES = {
    DismissCategory.NO_VIOLATION: 44, DismissCategory.WRONG_OBJECT: 18, DismissCategory.GONE: 16,
    DismissCategory.POOR_PICTURE: 9, DismissCategory.EXEMPT: 8, DismissCategory.EQUIPMENT: 5,
}  # fmt: skip
FIRST_HOUR, LAST_HOUR = 7, 21


class _Seen(Struct, frozen=True, kw_only=True):
    """One earlier detection: by which camera, when, of what."""

    camera: Camera
    at: datetime
    number: int
    category: CategoryCode
    shop: Shop | None = None
    plate: str | None = None
    colour: str | None = None

    @property
    def external_id(self) -> str:
        """Unique among all reports."""
        return f"AI-{self.camera.no}-{self.at:%Y%m%d%H%M%S}-{self.number}"

    @property
    def subject(self) -> SubjectKey | None:
        """Plate or shop."""
        if self.plate:
            return plate_key(self.plate, self.colour)
        return SubjectKey(f"shop:{self.shop.id}") if self.shop else None


def past_flags(world: World, policy: Policy) -> list[Record]:
    """All of them in the order in which they came."""
    cameras = [one for one in world.cameras if one.state is not CameraState.PLANNED]
    found = [flag for camera in cameras for flag in _of_camera(world, camera, policy)]
    return sorted(found, key=lambda flag: (flag.opened_at, flag.id))


def _of_camera(world: World, camera: Camera, policy: Policy) -> Iterator[Record]:
    chance = dice(world.seed, "past", world.date.isoformat(), camera.no)
    first, last = _span(world, camera)
    if first >= last:
        return
    precision = chance.uniform(*PRECISION)
    count = SHOWN_FLAGS if camera.no == SHOWN_NO else chance.randint(FEWEST, MOST)
    for number in range(count):
        seen = _seen(world, chance, camera, (number, _moment(chance, first, last)))
        is_true = chance.random() < precision
        yield _confirmed(chance, seen, policy) if is_true else _dismissed(chance, seen)


def _span(world: World, camera: Camera) -> tuple[date, date]:
    """From the period's beginning, or the camera's own, until the day before."""
    start, _ = reporting_period(world.date)
    installed = date.fromisoformat(camera.installed_on) if camera.installed_on else world.date
    return max(start.date(), installed), world.date - timedelta(days=1)


def _moment(chance: Random, first: date, last: date) -> datetime:
    day = first + timedelta(days=chance.randrange((last - first).days + 1))
    start = datetime(day.year, day.month, day.day, FIRST_HOUR, tzinfo=LOCAL)
    return start + timedelta(seconds=chance.randrange(3600 * (LAST_HOUR - FIRST_HOUR)))


def _seen(world: World, chance: Random, camera: Camera, when: tuple[int, datetime]) -> _Seen:
    number, at = when
    shops = world.shops_of(camera.no) if camera.view is not View.CANAL else ()
    if shops and chance.random() > CAR_SHARE:
        category, shop = (
            CategoryCode(chance.choice(("05-04", "05-04", "05-07"))),
            chance.choice(shops),
        )
        return _Seen(camera=camera, at=at, number=number, category=category, shop=shop)
    vehicle = draw_vehicle(world.seed, "past", camera.no, number)
    return _Seen(
        camera=camera, at=at, number=number, category=CategoryCode("05-05"),
        plate=vehicle.plate, colour=vehicle.plate_colour.value,
    )  # fmt: skip


def _confirmed(chance: Random, seen: _Seen, policy: Policy) -> Record:
    confirmed = seen.at + timedelta(seconds=chance.randrange(50, 900))
    delivered = confirmed + timedelta(seconds=chance.randrange(20, 60))
    correct_by = delivered + timedelta(minutes=policy.minutes_to_correct(seen.category))
    looked = correct_by + timedelta(seconds=chance.randrange(60, 420))
    if chance.random() < SELF_CORRECTED_SHARE:
        closed = looked + timedelta(minutes=policy.close_after_min)
        body = _body(chance, seen, confirmed_at=confirmed, correct_by=correct_by, settled_at=looked)
        return _record(seen, body, (S.SELF_CORRECTED, S.CLOSED, closed), SYSTEM)
    settled = looked + timedelta(seconds=chance.randrange(700, 2400))
    outcome = chance.choice(tuple(OnsiteOutcome))
    body = _body(
        chance, seen, confirmed_at=confirmed, correct_by=correct_by, settled_at=settled,
        onsite_reason=OnsiteReason.STILL_PRESENT, onsite_outcome=outcome,
    )  # fmt: skip
    closed = settled + timedelta(seconds=chance.randrange(120, 600))
    return _record(seen, body, (S.CORRECTED_ON_SITE, S.CLOSED, closed), _officer(chance, seen))


def _dismissed(chance: Random, seen: _Seen) -> Record:
    judged = seen.at + timedelta(seconds=chance.randrange(40, 1500))
    category = chance.choices(tuple(FALSE_SHARES), tuple(FALSE_SHARES.values()))[0]
    body = _body(chance, seen, dismiss_category=category, settled_at=judged)
    return _record(seen, body, (S.DETECTED, S.FALSE_ALARM, judged), _officer(chance, seen))


def _officer(chance: Random, seen: _Seen) -> Actor:
    town = BY_SCOPE.get(Scope(seen.camera.area))
    return (town or chance.choice((DUTY, DUTY2))).actor()


def _body(chance: Random, seen: _Seen, **done: object) -> FlagBody:
    sure = chance.randrange(6_800, 9_700)
    told: dict[str, object] = {
        "camera": derived_id("camera", seen.camera.no), "captured_at": seen.at,
        "confidence_e4": sure, "dwell_s": chance.randrange(240, 900),
        "object_text": seen.shop.name if seen.shop else None, "plate": seen.plate,
        "plate_colour": seen.colour,
        "address": seen.shop.address if seen.shop else seen.camera.place,
    }  # fmt: skip
    return FlagBody(**(told | done))  # type: ignore[arg-type]  # fields of FlagBody by name


def _record(
    seen: _Seen, body: FlagBody, end: tuple[FlagState, FlagState, datetime], who: Actor
) -> Record:
    before, state, closed = end
    area, record_id = AreaCode(seen.camera.area), flag_id(seen.external_id)
    name = "dismiss" if state is S.FALSE_ALARM else "close"
    what = seen.plate or (seen.shop.name if seen.shop else "")
    point = seen.shop.point if seen.shop else seen.camera.point
    reason = body.dismiss_category.value if body.dismiss_category else None
    return Record(
        kind=Kind.FLAG, id=record_id, scope=scope_of(area), state=state.value,
        category=seen.category, area=area, subject_key=seen.subject,
        place=Place(lon_e7=round(point.lon * 1e7), lat_e7=round(point.lat * 1e7)), priority=3,
        source=SOURCE, external_id=seen.external_id, opened_at=seen.at, closed_at=closed,
        title=f"{what} {body.address}", body=body, version=5, state_version=5,
        log=(
            LogEntry(
                at=closed, actor=who.user, actor_name=who.name, name=name,
                from_state=before.value, to_state=state.value, reason=reason,
                command=CommandId(derived_id("past", record_id)),
            ),
        ),
    )  # fmt: skip
