"""What the demonstration world holds, as immutable values.

    Area ─ Street ─ Camera ─ Zone        where things are and who watches them
               └─── Shop                 the fronts along a street
    Stay = Vehicle | stall | heap at one spot of one picture, from `arrives` to `departs`
    Detection = what the district's AI says about a stay; `truth` is known to the demonstration only

Instants are aware; a picture's coordinates are integers of 1e-4 of the frame's width and height,
boxes as (left, top, right, bottom). Positions are WGS-84.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from xiuzhou_desktop.geo import Point

PictureBox = tuple[int, int, int, int]
PicturePoint = tuple[int, int]


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the world: compared and hashed by value."""


class Batch(StrEnum):
    """What phase 2 does with a camera: 保留 / 淘汰 / 提升 / 新增."""

    KEEP = "keep"
    RETIRE = "retire"
    UPGRADE = "upgrade"
    NEW = "new"


class CameraState(StrEnum):
    """State of the camera's record; live health is another matter."""

    PLANNED = "PLANNED"
    INSTALLED = "INSTALLED"
    ACCEPTED = "ACCEPTED"


class Health(StrEnum):
    """What the platform sees of a camera at an instant."""

    ONLINE = "online"
    FROZEN = "frozen"
    OFFLINE = "offline"


class View(StrEnum):
    """How the street lies in the picture."""

    FOOTWAY_LEFT = "footway_left"
    FOOTWAY_RIGHT = "footway_right"
    CROSSING = "crossing"
    CANAL = "canal"


class Area(Thing, frozen=True):
    """A town (镇) or sub-district (街道); the border is synthetic."""

    code: str
    name: str
    centre: Point
    border: tuple[Point, ...]


class Junction(Thing, frozen=True):
    """A node of the street graph."""

    id: str
    area: str
    point: Point


class Street(Thing, frozen=True):
    """A named line of the street graph, from junction to junction."""

    id: str
    name: str
    area: str
    junctions: tuple[str, ...]
    line: tuple[Point, ...]


class Zone(Thing, frozen=True):
    """A polygon in a camera's picture with what is forbidden there."""

    id: str
    name: str
    category: str
    polygon: tuple[PicturePoint, ...]


class Camera(Thing, frozen=True):
    """A video point; `bearing_deg` is where it looks."""

    gb_id: str
    no: str
    name: str
    place: str
    point: Point
    bearing_deg: int
    street: str
    area: str
    batch: Batch
    state: CameraState
    installed_on: str | None
    accepted_on: str | None
    view: View
    zones: tuple[Zone, ...]
    frozen_since: datetime | None = None
    offline_since: datetime | None = None


class Shop(Thing, frozen=True):
    """A shop on the front of a street; the person answerable for it is a party elsewhere."""

    id: str
    name: str
    sign: str
    sign_colour: str
    address: str
    street: str
    area: str
    uscc: str
    point: Point


class PlateColour(StrEnum):
    """Colour is part of a plate's key."""

    BLUE = "blue"
    GREEN = "green"
    YELLOW = "yellow"


class Body(StrEnum):
    """Shape of a vehicle."""

    SEDAN = "sedan"
    SUV = "suv"
    VAN = "van"
    TRUCK = "truck"


class Vehicle(Thing, frozen=True):
    """A vehicle as the camera sees it."""

    plate: str
    plate_colour: PlateColour
    body: Body
    paint: str


class Matter(StrEnum):
    """What stands there."""

    VEHICLE = "vehicle"
    STALL = "stall"
    PEDDLER = "peddler"
    HEAP = "heap"
    RUBBISH = "rubbish"


class Innocence(StrEnum):
    """Why a detection is none: what an officer should find in the picture."""

    LOADING = "loading"
    DRIVER_PRESENT = "driver_present"
    INSIDE_THRESHOLD = "inside_threshold"
    COLLECTION_POINT = "collection_point"


class Stay(Thing, frozen=True):
    """Something at one spot of one camera's picture for a while."""

    id: str
    camera: str
    matter: Matter
    spot: str
    arrives: datetime
    departs: datetime
    vehicle: Vehicle | None = None
    shop: str | None = None
    innocent: Innocence | None = None
    stays_lawful: bool = False


class Detection(Thing, frozen=True):
    """One report of the AI, as it would be posted to `/v1/ingest/flags`."""

    external_id: str
    camera: str
    captured_at: datetime
    category: str
    plate: str | None
    plate_colour: PlateColour | None
    shop: str | None
    box: PictureBox
    zone: str
    confidence_e4: int
    plate_confidence_e4: int | None
    dwell_s: int
    stay: str
    is_true: bool
    innocent: Innocence | None
    departs: datetime


class SituationKind(StrEnum):
    """The situations that the opening moment must hold, one each (two second looks)."""

    SECOND_LOOK_LEFT = "second_look_left"
    SECOND_LOOK_PRESENT = "second_look_present"
    NOTICE_FAILED = "notice_failed"
    REPEAT_OFFENDER = "repeat_offender"
    MARKET_EXEMPT = "market_exempt"
    FROZEN_CAMERA = "frozen_camera"
    FALSE_ALARM = "false_alarm"
    SUPERIOR_ORDER = "superior_order"


class PriorOffence(Thing, frozen=True):
    """An earlier confirmed offence of the same plate, within thirty days."""

    at: datetime
    camera: str
    external_id: str


class Permit(Thing, frozen=True):
    """An exemption for a zone of a camera: hours of the day as local HH:MM, dates inclusive."""

    number: str
    name: str
    camera: str
    zone: str
    category: str
    hours: tuple[str, str]
    valid_on: tuple[str, str]


class SuperiorOrder(Thing, frozen=True):
    """An order handed down: who ordered, what, where."""

    number: str
    ordered_by: str
    text: str
    category: str
    camera: str
    issued_at: datetime
    due_at: datetime


class Situation(Thing, frozen=True):
    """One thing the shift starts with; times tell the seeder what has already been done."""

    kind: SituationKind
    camera: str
    detection: str | None = None
    confirmed_at: datetime | None = None
    delivered_at: datetime | None = None
    failed_at: datetime | None = None
    correct_by: datetime | None = None
    priors: tuple[PriorOffence, ...] = ()
    permit: Permit | None = None
    order: SuperiorOrder | None = None
