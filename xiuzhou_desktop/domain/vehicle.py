"""A vehicle that the district follows 车辆: muck, sanitation, enforcement (domain.md §6).

    IN_SERVICE ─retire─► RETIRED ─return_to_service─► IN_SERVICE

Its plate is its subject key, so every panel finds it; where it is and was is no record but a
position (contract/positions.py). Area and scope are the contractor's own town or the district.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from .areas import scope_of
from .command import Refusal
from .envelope import Args, Body, Kind, KindGroup, Record
from .fields import Line, Reason
from .ids import AreaCode
from .plate import PlateColour, is_plate, normalise_plate, plate_key
from .roles import ADMINISTRATORS
from .workflow import Changes, KindSpec, Situation, Transition
from .writing import args_of, target_of, with_body, with_columns

Kmh = Annotated[int, Meta(ge=5, le=120)]


class VehicleState(StrEnum):
    """Whether it still works for the district."""

    IN_SERVICE = "IN_SERVICE"
    RETIRED = "RETIRED"


class VehicleType(StrEnum):
    """渣土 · 洒水 · 压缩 · 洗扫 · 雾炮 · 执法."""

    MUCK = "muck"
    SPRINKLER = "sprinkler"
    COMPACTOR = "compactor"
    SWEEPER = "sweeper"
    MIST_CANNON = "mist_cannon"
    ENFORCEMENT = "enforcement"


class VehicleBody(Body, frozen=True, kw_only=True):
    """`terminal` is the number of the positioning device; None: it has none, so it is never live.
    `speed_limit_kmh` draws the chart's line; None: no own limit.
    """

    plate: str
    plate_colour: PlateColour
    type: VehicleType
    company: str = ""
    uscc: str | None = None  # of the company
    terminal: str | None = None
    speed_limit_kmh: int | None = None
    retire_reason: str | None = None


class RegisterVehicle(Args, frozen=True, kw_only=True):
    """What is known of it when it comes."""

    plate: Line
    plate_colour: PlateColour
    type: VehicleType
    area: AreaCode | None = None
    company: str = ""
    uscc: str | None = None
    terminal: str | None = None
    speed_limit_kmh: Kmh | None = None


class UpdateVehicle(Args, frozen=True, kw_only=True):
    """The plate stays: another plate is another vehicle."""

    type: VehicleType
    company: str = ""
    uscc: str | None = None
    terminal: str | None = None
    speed_limit_kmh: Kmh | None = None


class RetireVehicle(Args, frozen=True, kw_only=True):
    """Why it no longer works for the district."""

    reason: Reason


S = VehicleState


def _has_plate(s: Situation[Args]) -> Refusal | None:
    plate = args_of(s, RegisterVehicle).plate
    return None if is_plate(plate) else Refusal(slug="bad-plate", facts={"plate": plate})


def _register(s: Situation[Args]) -> Changes:
    args = args_of(s, RegisterVehicle)
    plate = normalise_plate(args.plate)
    body = VehicleBody(
        plate=plate, plate_colour=args.plate_colour, type=args.type, company=args.company,
        uscc=args.uscc, terminal=args.terminal, speed_limit_kmh=args.speed_limit_kmh,
    )  # fmt: skip
    record = Record(
        kind=Kind.VEHICLE, id=s.command.record, scope=scope_of(args.area), area=args.area,
        state=S.IN_SERVICE.value, subject_key=plate_key(plate, args.plate_colour),
        opened_at=s.now, title=plate, source="vehicle",
        external_id=plate_key(plate, args.plate_colour), body=body,
    )  # fmt: skip
    return Changes(target=record)


def _update(s: Situation[Args]) -> Changes:
    args = args_of(s, UpdateVehicle)
    record = with_body(
        target_of(s), type=args.type, company=args.company, uscc=args.uscc,
        terminal=args.terminal, speed_limit_kmh=args.speed_limit_kmh,
    )  # fmt: skip
    return Changes(target=record)


def _retire(s: Situation[Args]) -> Changes:
    reason = args_of(s, RetireVehicle).reason
    record = with_columns(target_of(s), state=S.RETIRED.value, closed_at=s.now)
    return Changes(target=with_body(record, retire_reason=reason), reason=reason)


def _return(s: Situation[Args]) -> Changes:
    record = with_columns(target_of(s), state=S.IN_SERVICE.value, closed_at=None)
    return Changes(target=with_body(record, retire_reason=None))


SPEC = KindSpec(
    kind=Kind.VEHICLE,
    group=KindGroup.BASE,
    body=VehicleBody,
    states=VehicleState,
    closed=frozenset({S.RETIRED}),
    number_prefix="XZ-V",
    transitions=(
        Transition(
            name="register", sources=frozenset(), targets=(S.IN_SERVICE,), roles=ADMINISTRATORS,
            form=RegisterVehicle, guard=_has_plate, writes=_register,
        ),
        Transition(
            name="update", sources=frozenset({S.IN_SERVICE}), targets=(S.IN_SERVICE,),
            roles=ADMINISTRATORS, form=UpdateVehicle, writes=_update,
        ),
        Transition(
            name="retire", sources=frozenset({S.IN_SERVICE}), targets=(S.RETIRED,),
            roles=ADMINISTRATORS, form=RetireVehicle, writes=_retire,
        ),
        Transition(
            name="return_to_service", sources=frozenset({S.RETIRED}), targets=(S.IN_SERVICE,),
            roles=ADMINISTRATORS, writes=_return,
        ),
    ),
)  # fmt: skip
