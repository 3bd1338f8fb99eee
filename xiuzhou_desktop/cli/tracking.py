"""`tracks`: the track of a vehicle between two instants as a file; offline, of days opened here."""

import argparse
from datetime import date, datetime

import numpy as np

from xiuzhou_desktop.client.engine import EngineCore
from xiuzhou_desktop.client.errors import Rejected, Unavailable
from xiuzhou_desktop.client.tracks import TrackFormat, days_between, exported, fixes_of
from xiuzhou_desktop.client.views import RecordQuery
from xiuzhou_desktop.contract.positions import TrackPage
from xiuzhou_desktop.contract.problems import Problem
from xiuzhou_desktop.domain.canonical import parse_instant
from xiuzhou_desktop.domain.envelope import Kind, Record
from xiuzhou_desktop.domain.ids import RecordId
from xiuzhou_desktop.domain.plate import normalise_plate
from xiuzhou_desktop.geo.tracks import Fixes

from .exporting import replace_file
from .opened import opened
from .say import Out

MOST_VEHICLES = 10_000


async def tracks(asked: argparse.Namespace, out: Out) -> int:
    """Write the file whole, or leave the old one."""
    start, end = _instant(asked.start), _instant(asked.end)
    if start >= end:
        raise Rejected(Problem(slug="bad-period"))
    async with opened(asked) as core:
        vehicle = _find(core, asked.vehicle)
        pages = [await _page(core, vehicle.id, day) for day in days_between(start, end)]
    fixes = _joined([fixes_of(page) for page in pages])
    fixes = fixes.between(round(start.timestamp() * 1000), round(end.timestamp() * 1000))
    replace_file(asked.out, exported(vehicle.title, fixes, TrackFormat(asked.format)))
    out.say(
        {"out": str(asked.out), "vehicle": vehicle.title, "fixes": len(fixes)},
        [out.text("cli.track_exported", plate=vehicle.title, count=len(fixes),
                  path=str(asked.out))],
    )  # fmt: skip
    return 0


async def _page(core: EngineCore, vehicle: RecordId, day: date) -> TrackPage:
    """As the server has it now, else as it was opened here last. Raises Unavailable."""
    try:
        return await core.tracks.read(vehicle, day)
    except Unavailable:
        kept = await core.tracks.kept(vehicle, day)
        if kept is None:
            raise
        return kept


def _find(core: EngineCore, named: str) -> Record:
    """By plate, subject key or record id. Raises Rejected."""
    query = RecordQuery(kinds=(Kind.VEHICLE,), limit=MOST_VEHICLES)
    plate = normalise_plate(named)
    for view in core.reading.query(query).views:
        record = view.record
        if named in (record.id, record.subject_key) or plate == record.title:
            return record
    raise Rejected(Problem(slug="no-such-vehicle", facts={"given": named}))


def _instant(text: str) -> datetime:
    try:
        return parse_instant(text)
    except ValueError as error:
        raise Rejected(Problem(slug="bad-instant", facts={"given": text})) from error


def _joined(parts: list[Fixes]) -> Fixes:
    names = Fixes.__dataclass_fields__
    return Fixes(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
