"""The day goes on: what the detector sees comes in at its minute, and whoever is due for a second
look gets a picture. Nothing is judged here: that is for people.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, select

from xiuzhou_desktop.backend.blobs import Blobs
from xiuzhou_desktop.backend.clock import BusinessClock
from xiuzhou_desktop.backend.demo.people import SOURCE
from xiuzhou_desktop.backend.demo.pictures import Pictures, Shot
from xiuzhou_desktop.backend.demo.platforms import AT_WORK
from xiuzhou_desktop.backend.demo.reports import report_of
from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.things import Detection, Health
from xiuzhou_desktop.backend.hooks import DemoHands, NoPictureError
from xiuzhou_desktop.backend.store import Store
from xiuzhou_desktop.backend.store.codec import decode
from xiuzhou_desktop.backend.store.schema import record
from xiuzhou_desktop.domain.areas import SCOPES
from xiuzhou_desktop.domain.camera_body import CameraBody
from xiuzhou_desktop.domain.canonical import Json, format_instant
from xiuzhou_desktop.domain.command import Command, Expect
from xiuzhou_desktop.domain.envelope import Kind, KindGroup, Record, grant_for
from xiuzhou_desktop.domain.flag_body import FlagBody, FlagState, LookCause
from xiuzhou_desktop.domain.ids import CommandId, derived_id

log = logging.getLogger(__name__)

EVERY_S = 0.5  # real time: a jump of the clock is followed at once
BACKLOG = timedelta(minutes=60)  # older reports are lost when the district was switched off
VALID_FOR = timedelta(hours=12)
LOOKED_AT = (FlagState.L1_NOTIFIED.value, FlagState.UNDETERMINED.value)
GRANTS = tuple(grant_for(scope, KindGroup.DISPATCH) for scope in SCOPES)


class RunningDay:
    """One district's day, beside the backend's own loops."""

    def __init__(
        self, world: World, pictures: Pictures, store: Store, blobs: Blobs, clock: BusinessClock
    ) -> None:
        self._world = world
        self._pictures = pictures
        self._store = store
        self._blobs = blobs
        self._clock = clock
        self._seen_until: datetime | None = None

    async def run(self, hands: DemoHands) -> None:
        """Until cancelled."""
        self._pictures.warm_up()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._report(hands))
            group.create_task(self._look(hands))

    async def _report(self, hands: DemoHands) -> None:
        while True:
            for town in AT_WORK:
                hands.hear(town)
            now = self._clock.now()
            start = self._seen_until or max(self._world.opening, now - BACKLOG)
            for found in self._world.detections_between(start, now):
                await self._bring_in(hands, found)
            self._seen_until = max(start, now)
            await asyncio.sleep(EVERY_S)

    async def _bring_in(self, hands: DemoHands, found: Detection) -> None:
        if await self._store.read(lambda c: _is_known(c, found.external_id)):
            return
        image = await self._still(found.camera, found.captured_at)
        await hands.ingest(SOURCE, report_of(self._world, found), image)
        log.info("detection brought in", extra={"category": found.category})

    async def _look(self, hands: DemoHands) -> None:
        while True:
            for flag in await self._store.read(partial(_due_looks, now=self._clock.now())):
                await self._take_second_frame(hands, flag)
            await asyncio.sleep(EVERY_S)

    async def _take_second_frame(self, hands: DemoHands, flag: Record) -> None:
        body = flag.body
        if not isinstance(body, FlagBody) or body.camera is None:
            return  # reported by hand: nobody has a camera for it
        camera = await hands.record(body.camera)
        if camera is None or not isinstance(camera.body, CameraBody):
            return
        now = self._clock.now()
        number = camera.body.short_no
        picture = await self._still(number, now)
        if picture is None:
            cause: dict[str, Json] = {"cause": LookCause.OFFLINE.value}
            await hands.execute("system", _command(flag, "find_undetermined", now, cause))
            return
        blob = await asyncio.to_thread(self._blobs.put, picture)
        is_frozen = self._world.health(number, now) is Health.FROZEN
        taken: dict[str, Json] = {
            "at": format_instant(now), "blob": blob, "camera": camera.id, "pts_advanced": True,
            "clock_changed": not is_frozen,
        }  # fmt: skip
        await hands.execute("system", _command(flag, "second_frame", now, taken))

    async def _still(self, camera: str, at: datetime) -> bytes | None:
        try:
            return await self._pictures.still(Shot(camera, at))
        except (NoPictureError, KeyError):
            return None


def _is_known(connection: Connection, external_id: str) -> bool:
    query = select(record.c.id).where(
        record.c.source == SOURCE, record.c.external_id == external_id
    )
    return connection.execute(query).first() is not None


def _due_looks(connection: Connection, now: datetime) -> list[Record]:
    """Flags whose limit to correct has passed and that have no picture since."""
    query = select(record.c.doc).where(
        record.c.grant_key.in_(GRANTS), record.c.is_open == 1, record.c.kind == Kind.FLAG.value,
        record.c.state.in_(LOOKED_AT),
    )  # fmt: skip
    flags = [decode(doc) for doc in connection.execute(query).scalars()]
    return [one for one in flags if _is_due(one, now)]


def _is_due(flag: Record, now: datetime) -> bool:
    body = flag.body
    if not isinstance(body, FlagBody) or body.second_frame is not None:
        return False
    return body.look_from is not None and body.look_from <= now


def _command(flag: Record, name: str, now: datetime, args: dict[str, Json]) -> Command:
    made = derived_id("demonstration", flag.id, name, format_instant(now))
    return Command(
        id=CommandId(made), client_seq=0, kind=flag.kind, record=flag.id, transition=name,
        expect=Expect(state_version=flag.state_version), args=args, issued_at=now,
        not_after=now + VALID_FOR,
    )  # fmt: skip
