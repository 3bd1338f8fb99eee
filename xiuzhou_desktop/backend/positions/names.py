"""Vehicles by the names that terminals use: plate, subject key, terminal number, record id."""

from sqlalchemy import Connection

from xiuzhou_desktop.backend.store import records
from xiuzhou_desktop.backend.store.codec import grant_of
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import Grant, RecordId
from xiuzhou_desktop.domain.plate import normalise_plate
from xiuzhou_desktop.domain.vehicle import VehicleBody


class VehicleNames:
    """The last reading of all vehicles; read again when one has changed."""

    def __init__(self) -> None:
        self._as_of = -1
        self._by_name: dict[str, RecordId] = {}
        self._grants: dict[RecordId, Grant] = {}

    def refresh(self, connection: Connection) -> None:
        """Know what is known now. One indexed question where nothing has changed."""
        as_of = int(connection.execute(_NEWEST).scalar_one_or_none() or 0)
        if as_of == self._as_of:
            return
        vehicles = records.of_kind(connection, Kind.VEHICLE)
        self._by_name = _named(vehicles)
        self._grants = {one.id: grant_of(one) for one in vehicles}
        self._as_of = as_of

    def find(self, name: str) -> RecordId | None:
        """The vehicle of that name. A plate that two colours carry names neither."""
        return self._by_name.get(name) or self._by_name.get(normalise_plate(name))

    def grant(self, vehicle: str) -> Grant | None:
        """Under which grant its record lies."""
        return self._grants.get(RecordId(vehicle))


def _named(vehicles: tuple[Record, ...]) -> dict[str, RecordId]:
    found: dict[str, RecordId] = {}
    ambiguous: set[str] = set()
    for one in vehicles:
        if not isinstance(one.body, VehicleBody):
            continue
        if one.body.plate in found:
            ambiguous.add(one.body.plate)
        names = (one.body.plate, one.subject_key, one.body.terminal, one.id)
        found |= {name: one.id for name in names if name}
    return {name: vehicle for name, vehicle in found.items() if name not in ambiguous}


_NEWEST = records.newest_of((Kind.VEHICLE,))
