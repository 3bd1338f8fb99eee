"""What the panels of a window speak about together: a record, and the subjects behind it.

    scheme    key                                   e.g.
    plate     plate:<plate>/<colour or unknown>     plate:浙FD8K31/blue
    camera    camera:<record id>
    uscc      uscc:<code>                           uscc:91330411MA2B0000XX, a company
    shop      shop:<id>                             a shop front without a code
    case      case:<record id>
    place     place:<longitude e7>,<latitude e7>    WGS-84

Plate, uscc and shop are written as records carry them in their envelope's subject_key. What each
panel shows for each of them stands in the panel's table of ways (finding.py).
"""

from enum import StrEnum

from xiuzhou_desktop.domain.envelope import Kind, Place, Record, Struct
from xiuzhou_desktop.domain.ids import RecordId, SubjectKey
from xiuzhou_desktop.geo import Point


class Scheme(StrEnum):
    """What kind of subject a key names: the part before its colon."""

    PLATE = "plate"
    CAMERA = "camera"
    COMPANY = "uscc"
    SHOP = "shop"
    CASE = "case"
    PLACE = "place"


OWN_SCHEMES = {Kind.CAMERA: Scheme.CAMERA, Kind.CASE: Scheme.CASE}
BODY_SCHEMES = {
    "camera": Scheme.CAMERA, "case": Scheme.CASE,
    "uscc": Scheme.COMPANY, "party_uscc": Scheme.COMPANY,
}  # fmt: skip


class Selected(Struct, frozen=True, kw_only=True):
    """What is selected: a record, or a subject without one, and what else it is about.

    `subject_key` is the subject itself; `near` names further ones, most telling first: of a flag
    its camera, its case and its place. A panel looks for the scheme that it knows.
    """

    kind: Kind | None = None
    record: RecordId | None = None
    subject_key: SubjectKey | None = None
    near: tuple[SubjectKey, ...] = ()

    def about(self, scheme: Scheme) -> str | None:
        """The name of the subject of that scheme, without the scheme; None if there is none."""
        start = f"{scheme}:"
        keys = (self.subject_key, *self.near) if self.subject_key else self.near
        return next((key.removeprefix(start) for key in keys if key.startswith(start)), None)

    def itself(self, scheme: Scheme) -> str | None:
        """The name of the subject itself, if it is of that scheme: not of one near it."""
        own, _, name = (self.subject_key or "").partition(":")
        return name if own == scheme else None

    def plate(self) -> str | None:
        """The number plate, without its colour."""
        name = self.about(Scheme.PLATE)
        return None if name is None else name.partition("/")[0]

    def place(self) -> Point | None:
        """Where it is."""
        name = self.about(Scheme.PLACE)
        return point_of(name) if name is not None else None


def subject(scheme: Scheme, name: str) -> SubjectKey:
    """The key of a subject."""
    return SubjectKey(f"{scheme}:{name}")


def place_subject(lon_e7: int, lat_e7: int) -> SubjectKey:
    """The key of a place, WGS-84 in 1e-7 degrees."""
    return subject(Scheme.PLACE, f"{lon_e7},{lat_e7}")


def point_of(name: str) -> Point:
    """The point that a place's name says."""
    lon, _, lat = name.partition(",")
    return Point.from_e7(int(lon), int(lat))


def selected_record(record: Record) -> Selected:
    """A record with every subject that its envelope and body name."""
    own = OWN_SCHEMES.get(record.kind)
    key = record.subject_key or (subject(own, record.id) if own else None)
    named = (
        subject(scheme, value)
        for field, scheme in BODY_SCHEMES.items()
        if (value := getattr(record.body, field, None))
    )
    own_key = (subject(own, record.id),) if own and record.subject_key else ()
    return Selected(
        kind=record.kind,
        record=record.id,
        subject_key=key,
        near=tuple(one for one in (*own_key, *named, *_place_key(record.place)) if one != key),
    )


def _place_key(place: Place | None) -> tuple[SubjectKey, ...]:
    return () if place is None else (place_subject(place.lon_e7, place.lat_e7),)
