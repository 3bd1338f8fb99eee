"""Detectors that send more than the server can take wait for each other, and nobody for them."""

import asyncio
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import httpx
import msgspec

from tests.backend.district import PASSWORD
from tests.backend.test_bad_input import flag, jpeg
from xiuzhou_desktop.backend.accounts import NewAccount
from xiuzhou_desktop.backend.app import create_app
from xiuzhou_desktop.backend.build import build
from xiuzhou_desktop.backend.ingest import Intake, add_device
from xiuzhou_desktop.backend.parts import Parts
from xiuzhou_desktop.backend.settings import Settings
from xiuzhou_desktop.contract.ingest import IngestAnswer, IngestFlag
from xiuzhou_desktop.domain.ids import DISTRICT
from xiuzhou_desktop.domain.workflow import Role

SENT = 50  # more than an event loop has threads: 32 at most
NET_S = 180


class Held(Intake):
    """An intake that takes nothing until it is let, and knows how many it was taking at once."""

    def __init__(self, real: Intake) -> None:
        self._real = real
        self.go, self.begun = threading.Event(), threading.Event()
        self.inside = self.most = 0

    def take(self, sender: str, flag: IngestFlag, image: bytes | None) -> IngestAnswer:
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.begun.set()
        self.go.wait()
        try:
            return self._real.take(sender, flag, image)
        finally:
            self.inside -= 1


def test_an_officer_signs_in_while_flags_stand_in_line(tmp_path: Path) -> None:
    answer, codes, most = asyncio.run(_signed_in_meanwhile(tmp_path))
    assert answer.status_code == 200
    assert (codes, most) == ([200] * SENT, 1)


async def _signed_in_meanwhile(folder: Path) -> tuple[httpx.Response, list[int], int]:
    parts = build(Settings(folder=folder))
    duty = ((Role.DUTY_OFFICER, DISTRICT),)
    parts.accounts.add(NewAccount(user="duty", name="王敏", password=PASSWORD, assignments=duty))
    headers = {"Authorization": f"Bearer {add_device(parts.store, 'camera')}"}
    held = Held(parts.intake)
    with closing(parts.store), closing(parts.positions):
        async with _client(replace(parts, intake=held)) as client:
            sent = [asyncio.create_task(_sent(client, headers, n)) for n in range(SENT)]
            assert await asyncio.to_thread(held.begun.wait, NET_S)
            try:
                answer = await _signed_in(client)
            finally:
                held.go.set()
            return answer, await asyncio.gather(*sent), held.most


def _client(parts: Parts) -> httpx.AsyncClient:
    way = httpx.ASGITransport(app=create_app(parts))
    return httpx.AsyncClient(transport=way, base_url="http://district")


async def _signed_in(client: httpx.AsyncClient) -> httpx.Response:
    said = {"user": "duty", "password": PASSWORD, "workstation": "一号台"}
    async with asyncio.timeout(NET_S):
        return await client.post("/v1/session", json=said)


async def _sent(client: httpx.AsyncClient, headers: dict[str, str], number: int) -> int:
    told = msgspec.json.encode(flag(external_id=f"e{number}"))
    files = {"flag": (None, told), "image": ("a.jpg", jpeg(), "image/jpeg")}
    return (await client.post("/v1/ingest/flags", headers=headers, files=files)).status_code
