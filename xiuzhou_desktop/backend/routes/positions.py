"""Positions in from terminals' platforms, tracks out to those who may see the vehicle."""

import asyncio
from datetime import timedelta

from xiuzhou_desktop.backend.ingest import device_of
from xiuzhou_desktop.backend.operation import Call, Operation, Parameter, Reply
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.positions.history import Asked
from xiuzhou_desktop.backend.problems import ProblemError
from xiuzhou_desktop.backend.store import records
from xiuzhou_desktop.backend.wire import encode_body
from xiuzhou_desktop.contract.positions import (
    IngestPositions,
    IngestPositionsAnswer,
    TrackPage,
)
from xiuzhou_desktop.domain.envelope import Kind
from xiuzhou_desktop.domain.ids import RecordId

LONGEST = timedelta(days=7)
"""Of one question: a week of a fix each five seconds is 120,000 of them."""
TEXT = {"type": "string"}
INSTANT = {"type": "string", "format": "date-time"}


def operations(parts: Parts) -> tuple[Operation, ...]:
    """The rows of this feature."""

    async def ingest(call: Call) -> Reply:
        token = call.bearer()
        await parts.store.ask(lambda c: device_of(c, token))
        given = await call.body(IngestPositions)
        checked = await asyncio.to_thread(parts.position_intake.take, given.positions)
        return Reply(body=encode_body(checked.answer()))

    async def track(call: Call) -> Reply:
        asked = await _asked(parts, call)
        page = await parts.track_history.read(asked)
        return Reply(body=encode_body(page))

    return (
        Operation(
            method="POST", path="/v1/ingest/positions", name="ingest_positions",
            takes=IngestPositions, gives=IngestPositionsAnswer, run=ingest,
            about="Fixes from terminals, live or late; again is the same. A bad one costs itself.",
        ),
        Operation(
            method="GET", path="/v1/positions", name="positions", gives=TrackPage, run=track,
            about="The track of a vehicle. Who reads it is noted.", problems=("not-found",),
            query=(
                Parameter(name="vehicle", about="record id", schema=TEXT, required=True),
                Parameter(name="from", about="first instant", schema=INSTANT, required=True),
                Parameter(name="to", about="until before it; at most 7 days on", schema=INSTANT),
            ),
        ),
    )  # fmt: skip


async def _asked(parts: Parts, call: Call) -> Asked:
    """For a vehicle that the person may see. Raises ProblemError."""
    person, vehicle = await call.person(), RecordId(call.query("vehicle"))
    start = call.instant("from")
    end = call.instant("to", start + timedelta(days=1))
    if not start < end <= start + LONGEST:
        raise ProblemError("bad-parameter", "to")
    found = await parts.store.read(lambda c: records.find_with_grant(c, vehicle))
    if found is None or found.kind != Kind.VEHICLE.value or found.grant not in person.grants:
        raise ProblemError("not-found")
    return Asked(vehicle=vehicle, start=start, end=end, user=person.account.user)
