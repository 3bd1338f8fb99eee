"""The vehicle-days that are opened: from this computer at once, then from the server.

    open ─► kept (≤ 100 ms) ─► changed ─► server ─► changed, or `as of` stands: still readable

Opened days of today are read again each half minute while the panel is live.
"""

import asyncio
from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from plugins.tracks.opened import OpenedDay, read_day
from ui.start import start
from xiuzhou_desktop.client.errors import ClientError
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.contract.positions import TrackPage
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.permit import PermitBody
from xiuzhou_desktop.domain.vehicle import VehicleBody, VehicleType
from xiuzhou_desktop.plugin_api.context import Engine, Scheme
from xiuzhou_desktop.plugin_api.subjects import subject

MOST_RECORDS = 10_000


class DayKeeper(QObject):
    """`changed` when a day came or went; `failed` with vehicle and the error's slug."""

    changed = Signal()
    failed = Signal(str, str)

    def __init__(self, panel: QWidget, engine: Engine) -> None:
        super().__init__(panel)
        self._panel, self._engine = panel, engine
        self.vehicles: dict[RecordId, Record] = {}
        self._permits: dict[RecordId, PermitBody] = {}
        self._opened: dict[RecordId, OpenedDay | None] = {}
        self._day: dict[RecordId, date] = {}

    @property
    def order(self) -> tuple[RecordId, ...]:
        """Opened vehicles in the order in which they were opened."""
        return tuple(self._opened)

    @property
    def days(self) -> tuple[OpenedDay, ...]:
        """Those that are there already."""
        return tuple(day for day in self._opened.values() if day is not None)

    def day_of(self, vehicle: RecordId | None) -> OpenedDay | None:
        """The opened day of a vehicle."""
        return self._opened.get(vehicle) if vehicle else None

    def open(self, vehicle: RecordId, day: date) -> None:
        """Open, or open another day of it."""
        if vehicle not in self.vehicles or self._day.get(vehicle) == day:
            return
        self._opened.setdefault(vehicle, None)
        self._day[vehicle] = day
        start(self._read(vehicle, day), owner=self._panel)

    def close(self, vehicle: RecordId) -> None:
        """Put it away."""
        self._opened.pop(vehicle, None)
        self._day.pop(vehicle, None)
        self.changed.emit()

    def refresh(self) -> None:
        """Ask the server again for what is opened."""
        for vehicle, day in self._day.items():
            start(self._ask(vehicle, day), owner=self._panel)

    async def load_records(self) -> None:
        """Vehicles and permits as the cache has them."""
        found: dict[Kind, list[Record]] = {Kind.VEHICLE: [], Kind.PERMIT: []}
        for kind, records in found.items():
            query = RecordQuery(kinds=(kind,), is_open=True, limit=MOST_RECORDS)
            records += [view.record for view in (await self._engine.query(query)).views]
        ordered = sorted(found[Kind.VEHICLE], key=_by_type)
        self.vehicles = {record.id: record for record in ordered}
        self._permits = {
            one.id: one.body for one in found[Kind.PERMIT] if isinstance(one.body, PermitBody)
        }

    def _permit(self, vehicle: Record, day: date) -> PermitBody | None:
        return next(
            (
                one
                for one in self._permits.values()
                if vehicle.subject_key in one.trucks and one.valid_from <= day <= one.valid_to
            ),
            None,
        )

    async def of_vehicle(self, _engine: Engine, vehicle: str) -> Record | None:
        """Ways of the panel (plugin_api/finding.py): the vehicle itself."""
        return self.vehicles.get(RecordId(vehicle))

    async def of_permit(self, _engine: Engine, permit: str) -> Record | None:
        """The first truck of a permit."""
        body = self._permits.get(RecordId(permit))
        return self._first(lambda one: body is not None and one.subject_key in body.trucks)

    async def of_plate(self, _engine: Engine, name: str) -> Record | None:
        """The vehicle of that plate; of its characters alone where the colour was misread."""
        key, plate = subject(Scheme.PLATE, name), name.partition("/")[0]
        exact = self._first(lambda one: one.subject_key == key)
        return exact or self._first(lambda one: getattr(one.body, "plate", None) == plate)

    async def of_company(self, _engine: Engine, uscc: str) -> Record | None:
        """The first vehicle of a company."""
        return self._first(lambda one: getattr(one.body, "uscc", None) == uscc)

    def _first(self, is_it: Callable[[Record], bool]) -> Record | None:
        return next((one for one in self.vehicles.values() if is_it(one)), None)

    async def _read(self, vehicle: RecordId, day: date) -> None:
        kept = await self._engine.kept_track(vehicle, day)
        if kept is not None:
            await self._show(vehicle, day, kept)
        await self._ask(vehicle, day)

    async def _ask(self, vehicle: RecordId, day: date) -> None:
        try:
            page = await self._engine.track(vehicle, day)
        except ClientError as error:
            if self._opened.get(vehicle) is None and self._day.get(vehicle) == day:
                self.close(vehicle)
                self.failed.emit(vehicle, error.slug)
            return
        await self._show(vehicle, day, page)

    async def _show(self, vehicle: RecordId, day: date, page: TrackPage) -> None:
        record = self.vehicles.get(vehicle)
        shown = self._opened.get(vehicle)
        is_same = shown is not None and shown.day == day and _is_same(shown, page)
        if record is None or is_same:
            return
        opened = await asyncio.to_thread(read_day, record, page, day, self._permit(record, day))
        if self._day.get(vehicle) == day:
            self._opened[vehicle] = opened
            self.changed.emit()


def _by_type(record: Record) -> tuple[int, str]:
    """Muck trucks first, as the types are named; then by plate."""
    body = record.body
    place = list(VehicleType).index(body.type) if isinstance(body, VehicleBody) else 0
    return place, record.title


def _is_same(shown: OpenedDay, page: TrackPage) -> bool:
    return len(shown.track.all) == len(page.at_ms) and shown.doubt_e4 == page.doubt_e4
