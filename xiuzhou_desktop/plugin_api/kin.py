"""What the selection leads to where a panel has nothing of itself: subjects that the records behind
it name.

    a plate ─► its vehicle's company, and where it is at the shown instant; else its newest flag
    a camera ─► its place            a company ─► its newest record, else one of its vehicles
    a case ─► its flag's camera, plate and place         a record alone ─► whatever it names
"""

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import msgspec

from xiuzhou_desktop.client.views import Order, RecordQuery
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import RecordId, SubjectKey
from xiuzhou_desktop.domain.workcalendar import LOCAL
from xiuzhou_desktop.plugin_api.context import Engine
from xiuzhou_desktop.plugin_api.finding import by_id, naming, of_subject
from xiuzhou_desktop.plugin_api.subjects import (
    Scheme,
    Selected,
    place_subject,
    selected_record,
    subject,
)

Keys = tuple[SubjectKey, ...]
Kin = Callable[[Engine, str, datetime | None], Awaitable[Keys]]
_vehicle_of = of_subject(Scheme.PLATE, Kind.VEHICLE)
_vehicle_of_company = naming("uscc", Kind.VEHICLE)


async def kin(engine: Engine, selected: Selected, at: datetime | None) -> Selected:
    """The same, and near it what its subjects lead to. `at`: the instant that is shown, None
    live."""
    own = await _own(engine, selected)
    found = dict.fromkeys((*_keys(selected), *_keys(own)))
    for key in tuple(found):
        scheme, _, name = key.partition(":")
        lead = LEADS.get(scheme)
        if lead is not None:
            found.update(dict.fromkeys(await lead(engine, name, at)))
    itself = selected.subject_key or own.subject_key
    near = tuple(key for key in found if key != itself)
    return msgspec.structs.replace(selected, subject_key=itself, near=near)


async def _own(engine: Engine, selected: Selected) -> Selected:
    """The record with the subjects that it names, whatever the selection said of it."""
    if selected.kind is None or selected.record is None:
        return selected
    record = await by_id(selected.kind)(engine, selected.record)
    return selected_record(record) if record is not None else selected


async def _of_plate(engine: Engine, name: str, at: datetime | None) -> Keys:
    vehicle = await _vehicle_of(engine, name)
    where = await _where(engine, vehicle.id, at) if vehicle is not None else None
    known = _keys(selected_record(vehicle)) if vehicle is not None else ()
    if where is not None:
        return (*known, where)
    return (*known, *await _newest(engine, subject(Scheme.PLATE, name), Kind.FLAG))


async def _of_camera(engine: Engine, name: str, _at: datetime | None) -> Keys:
    return _named(await by_id(Kind.CAMERA)(engine, name))


async def _of_company(engine: Engine, name: str, _at: datetime | None) -> Keys:
    key = subject(Scheme.COMPANY, name)
    named = await _newest(engine, key, Kind.FLAG, Kind.CASE)
    return named or _named(await _vehicle_of_company(engine, name))


async def _of_shop(engine: Engine, name: str, _at: datetime | None) -> Keys:
    return await _newest(engine, subject(Scheme.SHOP, name), Kind.FLAG)


async def _of_case(engine: Engine, name: str, _at: datetime | None) -> Keys:
    case = await by_id(Kind.CASE)(engine, name)
    flag = case.parent_id if case is not None else None
    behind = await by_id(Kind.FLAG)(engine, flag) if flag is not None else None
    return (*_named(behind), *_named(case))


LEADS: Mapping[str, Kin] = {
    Scheme.PLATE: _of_plate,
    Scheme.CAMERA: _of_camera,
    Scheme.COMPANY: _of_company,
    Scheme.SHOP: _of_shop,
    Scheme.CASE: _of_case,
}


async def _newest(engine: Engine, key: SubjectKey, *kinds: Kind) -> Keys:
    query = RecordQuery(kinds=kinds, subject_key=key, order=Order.NEWEST, limit=1)
    views = (await engine.query(query)).views
    return _named(views[0].record if views else None)


async def _where(engine: Engine, vehicle: RecordId, at: datetime | None) -> SubjectKey | None:
    """Where it is; in the past, where it was by the day that this computer has of it."""
    if at is None:
        fix = engine.positions().get(vehicle)
        return place_subject(fix.lon_e7, fix.lat_e7) if fix is not None else None
    page = await engine.kept_track(vehicle, at.astimezone(LOCAL).date())
    if page is None:
        return None
    before = bisect_right(page.at_ms, round(at.timestamp() * 1000))
    return place_subject(page.lon_e7[before - 1], page.lat_e7[before - 1]) if before else None


def _named(record: Record | None) -> Keys:
    return _keys(selected_record(record)) if record is not None else ()


def _keys(selected: Selected) -> Keys:
    return (*((selected.subject_key,) if selected.subject_key else ()), *selected.near)
