"""A demonstration that runs: pictures over HTTP, the day that goes on, the bar's acts.

One real backend process for the module; each test leaves the others something to judge.
"""

import io
import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import av
import httpx
import pytest
from PIL import Image

from tests.backend.process import ANSWER_S, Backend
from tests.unit.media.waiting import PAUSE, POLL_S
from xiuzhou_desktop.backend.demo.reports import flag_id
from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.backend.demo.world.things import SituationKind
from xiuzhou_desktop.backend.demo.world.world import SEGMENT_S
from xiuzhou_desktop.domain.ids import derived_id

DAY = "2026-11-23"
WITHIN_S = 400
PACKET = 188
MB = 1_000_000
Json = dict[str, Any]


class Running:
    """The process, its second line, and a signed-in duty officer."""

    def __init__(self, backend: Backend) -> None:
        assert backend.process.stdout is not None
        self.backend = backend
        self.accounts: list[Json] = json.loads(backend.process.stdout.readline())["accounts"]
        self.client = httpx.Client(base_url=backend.url, timeout=ANSWER_S)
        self.client.headers["Authorization"] = f"Bearer {self.access('duty')}"

    def access(self, user: str) -> str:
        password = next(one["password"] for one in self.accounts if one["user"] == user)
        asked = {"user": user, "password": password, "workstation": "test"}
        return str(self.client.post("/v1/session", json=asked).json()["access"])

    def act(self, name: str, record: str | None = None) -> Json:
        answer = self.client.post("/v1/demo", json={"act": name, "record": record})
        assert answer.status_code == 200, answer.text
        told: Json = answer.json()
        return told

    def record(self, kind: str, record: str) -> Json:
        told: Json = self.client.get(f"/v1/records/{kind}/{record}").json()
        return told


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("demo") / "data"
    with Backend(folder, "--demo", "--demo-date", DAY, "--seed", "7") as backend:
        one = Running(backend)
        yield one
        one.client.close()


@pytest.fixture(scope="module")
def world() -> World:
    return World(7, datetime.fromisoformat(DAY).date())


def until(look: Callable[[], Any]) -> Any:
    """What `look` gives, once it gives something; the process beside us takes its time."""
    end = time.monotonic() + WITHIN_S
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        PAUSE.wait(POLL_S)
    raise AssertionError("it did not happen")


def folder_size(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())


def test_nine_accounts_are_printed_and_each_can_sign_in(running: Running) -> None:
    by_user = {one["user"]: one for one in running.accounts}
    assert {"duty", "duty2", "supervisor", "reviewer", "clerk", "admin"} < set(by_user)
    towns = [one for one in running.accounts if one["scope"] != "330411"]
    assert len(towns) == 3 and {one["role"] for one in towns} == {"duty_officer"}
    assert all(running.access(user) for user in by_user)


def test_the_district_stays_below_200_mb(running: Running) -> None:
    assert folder_size(running.backend.folder) < 200_000_000


def test_a_flags_picture_is_a_blob_of_the_district(running: Running, world: World) -> None:
    told = next(one for one in world.situations if one.kind is SituationKind.FALSE_ALARM)
    flag = running.record("flag", flag_id(told.detection or ""))
    answer = running.client.get(f"/v1/blobs/{flag['body']['still']}")
    assert Image.open(io.BytesIO(answer.content)).size == (1280, 720)
    assert len(flag["body"]["frames"]) == 10


def test_a_camera_gives_still_clip_and_live(running: Running, world: World) -> None:
    camera = f"/v1/cameras/{derived_id('camera', 'C-0137')}"
    at = (world.opening - timedelta(seconds=30)).isoformat()
    still = running.client.get(f"{camera}/still", params={"at": at})
    assert Image.open(io.BytesIO(still.content)).format == "JPEG"
    clip = running.client.get(f"{camera}/clip", params={"from": at, "seconds": 2})
    assert clip.content[4:8] == b"ftyp"


def test_the_live_stream_runs_on_without_a_gap(running: Running) -> None:
    camera = f"/v1/cameras/{derived_id('camera', 'C-0137')}"
    ticket = running.client.post("/v1/media-token", json={"path": f"{camera}/live"}).json()
    with running.client.stream("GET", f"{camera}/live", params={"token": ticket["token"]}) as live:
        stream = b"".join(islice(live.iter_bytes(PACKET), MB // PACKET))
    with av.open(io.BytesIO(stream)) as film:
        times = [float(frame.time or 0) for frame in film.decode(video=0)]
    steps = [after - before for before, after in pairwise(times)]
    assert times[-1] - times[0] > 4  # more than two segments
    # who renders too slowly leaves out whole segments; within and between them there is no gap
    assert [step % SEGMENT_S for step in steps] == pytest.approx([1 / 15] * len(steps), abs=0.002)


@pytest.mark.parametrize("camera", ["C-0240", "C-0005"])  # planned, and off since the night
def test_a_camera_without_a_picture_says_so(running: Running, camera: str) -> None:
    answer = running.client.get(f"/v1/cameras/{derived_id('camera', camera)}/still")
    assert answer.json()["slug"] == "no-picture"


def test_a_picture_of_the_future_is_refused(running: Running, world: World) -> None:
    camera = derived_id("camera", "C-0137")
    at = (world.opening + timedelta(hours=5)).isoformat()
    answer = running.client.get(f"/v1/cameras/{camera}/still", params={"at": at})
    assert answer.json()["slug"] == "no-picture"


def test_the_base_map_says_what_is_synthetic(running: Running) -> None:
    features = running.client.get("/v1/basemap").json()["features"]
    by_layer = {one["properties"]["layer"]: one["properties"]["synthetic"] for one in features}
    assert by_layer == {"outline": False, "area": True, "street": True}


def test_the_live_lane_knows_since_when_a_camera_is_frozen(running: Running, world: World) -> None:
    since = world.camera("C-0042").frozen_since
    frozen = derived_id("camera", "C-0042")
    with running.client.stream("GET", "/v1/live") as lane:
        for line in lane.iter_lines():
            if line.startswith("data:") and frozen in line:
                told = json.loads(line.removeprefix("data:"))
                assert told["health"] == "frozen"
                assert datetime.fromisoformat(told["since"]) == since
                return


def test_a_colleague_is_quicker_with_a_command_of_his_own(running: Running, world: World) -> None:
    told = next(one for one in world.situations if one.kind is SituationKind.FALSE_ALARM)
    wanted = flag_id(told.detection or "")
    assert running.act("colleague", wanted)["records"] == [wanted]
    flag = running.record("flag", wanted)
    assert (flag["state"], flag["log"][-1]["actor"]) == ("FALSE_ALARM", "duty2")
    assert running.act("colleague", wanted)["records"] == []


def test_fifty_flags_come_at_once_each_with_its_picture(running: Running) -> None:
    made = running.act("burst")["records"]
    assert len(set(made)) == 50
    flags = [running.record("flag", one) for one in made]
    assert all(one["state"] == "DETECTED" and one["body"]["still"] for one in flags)
    shared = {(one["body"]["still"], one["body"]["camera"]) for one in flags}
    assert len({camera for _, camera in shared}) == len(shared) < 50


def test_the_clock_jumps_to_the_limit_and_a_second_frame_is_taken(
    running: Running, world: World
) -> None:
    grant = "330411:dispatch"
    page = running.client.get(
        "/v1/sync/snapshot", params={"grant": grant, "open": "true", "limit": 1000}
    ).json()
    notified = [
        one
        for one in page["records"]
        if one["kind"] == "flag" and one["state"] == "L1_NOTIFIED"
        and one["body"]["second_frame"] is None
    ]  # fmt: skip
    wanted = min(notified, key=lambda one: str(one["due_at"]))
    server_time = running.act("next_deadline", wanted["id"])["server_time"]
    assert server_time >= wanted["due_at"]
    frame = until(lambda: running.record("flag", wanted["id"])["body"]["second_frame"])
    assert frame["usable"] and frame["at"] >= wanted["body"]["correct_by"]


def test_the_next_limit_is_never_in_the_past(running: Running) -> None:
    before = running.client.get("/v1/health").json()["server_time"]
    assert running.act("next_deadline")["server_time"] > before


def test_detections_of_the_day_come_in_as_time_passes(running: Running, world: World) -> None:
    now = datetime.fromisoformat(running.client.get("/v1/health").json()["server_time"])
    came = world.detections_between(world.opening, now)
    assert came
    for found in came:
        flag = until(lambda found=found: _flag_of(running, found.external_id))
        assert flag["body"]["box_e4"] == list(found.box)


def _flag_of(running: Running, external_id: str) -> Json | None:
    told = running.record("flag", flag_id(external_id))
    return told if told.get("state") else None


def test_a_second_start_shows_the_same_district_at_the_time_that_has_passed(
    running: Running,
) -> None:
    before = running.client.get("/v1/health").json()["server_time"]
    assert running.backend.stop() == 0
    with Backend(running.backend.folder, "--demo") as again:
        later = Running(again)
        assert later.client.get("/v1/health").json()["server_time"] > before
        assert later.accounts == running.accounts
        later.client.close()
