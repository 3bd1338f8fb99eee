"""What comes from outside through the ingest API: flags of detectors with their pictures, and the
places of trucks. What no process answers is sent again, with the same ids.
"""

import asyncio
import itertools
import random
import time
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import httpx
import msgspec
from PIL import Image

from tests.load.doors import Doors
from tests.load.plan import AREA_CODES, TICKS_PER_S, Plan
from tests.load.tally import Tally
from xiuzhou_desktop.client.errors import ClientError, Unavailable
from xiuzhou_desktop.contract.ingest import IngestAnswer
from xiuzhou_desktop.contract.positions import (
    IngestPosition,
    IngestPositions,
    IngestPositionsAnswer,
)
from xiuzhou_desktop.domain.canonical import canonical, format_instant, whole_ms
from xiuzhou_desktop.domain.plate import PlateColour

AGAIN_S = 0.5
PICTURE_PX = (640, 360)
MIDDLE_E7 = (1_207_500_000, 307_700_000)


class Outside:
    """Detectors and terminals, by their two tokens' door."""

    def __init__(self, doors: Doors[httpx.AsyncClient], plan: Plan, tally: Tally) -> None:
        self._doors, self._plan, self._tally = doors, plan, tally
        self._picture = _picture()
        self._numbers = itertools.count()
        self._sending: set[asyncio.Task[None]] = set()

    async def detect(self, began: float) -> None:
        """Flags by the plan's rhythm; one that has to wait holds up no other."""
        while True:
            rate = self._plan.flags_per_s(time.perf_counter() - began)
            await asyncio.sleep(random.expovariate(rate))
            task = asyncio.create_task(self._flag(next(self._numbers)))
            self._sending.add(task)
            task.add_done_callback(self._sent)

    async def drive(self) -> None:
        """All trucks' places, at each tick."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            await self._places(whole_ms(datetime.now(UTC)))
            due = max(due + 1 / TICKS_PER_S, loop.time())
            await asyncio.sleep(due - loop.time())

    async def rest(self) -> None:
        """Until what is under way is answered. Raises what broke a flag."""
        await asyncio.gather(*self._sending)

    # -- parts ------------------------------------------------------------------------------------

    def _sent(self, task: asyncio.Task[None]) -> None:
        """One that broke stays, for `rest` to raise."""
        if not task.cancelled() and task.exception() is None:
            self._sending.discard(task)

    async def _flag(self, number: int) -> None:
        outer = f"load-{number}"
        said = {
            "external_id": outer, "category": "05-05", "area": AREA_CODES[number % len(AREA_CODES)],
            "captured_at": format_instant(datetime.now(UTC)), "lon_e7": MIDDLE_E7[0] + number * 97,
            "lat_e7": MIDDLE_E7[1] + number * 89, "address": f"中山西路 {number} 号",
            "plate": f"浙F{number % 90_000 + 10_000}", "plate_colour": PlateColour.BLUE.value,
            "confidence_e4": 9_100, "box_e4": (3_000, 4_000, 4_500, 6_000), "dwell_s": 400,
        }  # fmt: skip
        began = time.perf_counter()
        files = {"flag": (None, canonical(said)), "image": ("still.jpg", self._picture)}
        await self._posted("/v1/ingest/flags", IngestAnswer, files=files)
        self._tally.ingest_ms.append((time.perf_counter() - began) * 1_000)
        self._tally.flags.add(outer)

    async def _places(self, at: datetime) -> None:
        fixes = tuple(
            IngestPosition(
                vehicle=f"T{number:05d}", at=at, lon_e7=MIDDLE_E7[0] + number * 1_000,
                lat_e7=MIDDLE_E7[1] + at.second * 1_000, speed_dkmh=360, heading_deg=90,
            )
            for number in range(self._plan.vehicles)
        )  # fmt: skip
        body = msgspec.json.encode(IngestPositions(positions=fixes))
        told = await self._posted("/v1/ingest/positions", IngestPositionsAnswer, content=body)
        self._tally.fixes[round(at.timestamp() * 1_000)] = told.new + told.known
        if told.faults:
            self._tally.errors[f"positions {told.faults[0].reason}"] += 1

    async def _posted(self, path: str, form: type[Any], **body: Any) -> Any:
        while True:
            try:
                return await self._doors.ask(lambda http: _post(http, path, form, body))
            except ClientError as error:
                self._tally.failed(path, error)
                await asyncio.sleep(AGAIN_S)


async def _post(http: httpx.AsyncClient, path: str, form: type[Any], body: dict[str, Any]) -> Any:
    try:
        answer = await http.post(path, **body)
    except httpx.TimeoutException as error:
        raise Unavailable("timeout") from error
    except httpx.TransportError as error:
        raise Unavailable("unreachable") from error
    if answer.status_code != httpx.codes.OK:
        raise ClientError(f"{answer.status_code}")
    return msgspec.json.decode(answer.content, type=form)


def _picture() -> bytes:
    out = BytesIO()
    Image.radial_gradient("L").resize(PICTURE_PX).save(out, "JPEG", quality=80)
    return out.getvalue()
